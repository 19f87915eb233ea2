"""Sound in and out: files of any kind libsndfile reads, channels, sampling rates, and the integers inside a file.

Nothing is changed quietly: a file keeps its rate and its channels until `resample` and `to_mono` are asked for.
"""

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from audiocourse.arrays import FloatArray
from audiocourse.atomic import replacing
from audiocourse.errors import AudioCourseError
from audiocourse.require import require_audio, require_positive
from audiocourse.signal._headers import mp3_samples, ogg_links, unreadable_format, with_counted_size

_FORMATS = {".wav": "WAV", ".flac": "FLAC", ".ogg": "OGG", ".mp3": "MP3"}
_HOLD_MORE_THAN_ONE = {"FLOAT", "DOUBLE", "VORBIS", "OPUS", "MPEG_LAYER_III"}  # the other subtypes store integers
_BITS = {"PCM_S8": 8, "PCM_U8": 8, "PCM_16": 16, "PCM_24": 24}
_BLOCK = 65_536  # samples handed over at a time: libsndfile crashes on a minute of Vorbis in one piece
_COUNTED_BY_HAND = {"MP3", "OGG"}  # containers of which libsndfile reads what the beginning announces
_MP3_PADDING = 8_192  # samples of silence that encoders add and decoders take away, at most
_UNKNOWN_LENGTH = 2**62  # samples that libsndfile states where the header of a stream states none
_LONGEST_SHOWN = 120  # characters of a file name in a sentence
_DECODER_ERRORS = (soundfile.SoundFileError, TypeError, ValueError, AssertionError, MemoryError, OverflowError)
_PCM_ZERO_AND_SCALE = {"uint8": (128, 128), "int16": (0, 32_768), "int32": (0, 2_147_483_648)}


class _Limit(NamedTuple):
    """What a format can hold: any rate up to the highest, or only certain ones, and how many channels."""

    channels: int
    highest: int = 0  # Hz
    rates: tuple[int, ...] = ()  # Hz


_LIMITS = {
    "WAV": _Limit(channels=1024, highest=2**31 - 1),
    "FLAC": _Limit(channels=8, highest=655_350),
    "VORBIS": _Limit(channels=255, highest=200_000),
    "OPUS": _Limit(channels=255, rates=(8000, 12_000, 16_000, 24_000, 48_000)),
    "MP3": _Limit(channels=2, rates=(8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)),
}


@dataclass(frozen=True, eq=False)
class Recording:
    """The sound in a file, and how the file stores it.

    y[n] or y[c, n] at n / sr seconds.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        The sound, float32; a single channel has no channel axis. Files of integers lie in [-1, 1].
    sr : int
        Sampling rate of the file in Hz.
    channels : int
        Number of channels.
    subtype : str
        How a sample is stored, in libsndfile's words: PCM_16, PCM_U8, FLOAT, VORBIS, …
    format : str
        The container: WAV, FLAC, OGG, MP3, …

    Examples
    --------
    >>> Recording(np.zeros(4000, np.float32), sr=8000, channels=1, subtype="PCM_16", format="WAV").seconds
    0.5

    Notebook: 01a_digital_audio
    """

    y: FloatArray
    sr: int
    channels: int
    subtype: str
    format: str

    @property
    def seconds(self) -> float:
        """The duration in seconds."""
        return duration_seconds(self.y, self.sr)


def read(path: str | Path) -> Recording:
    """Read a sound file as it is: its own rate, all its channels.

    y = integer / 2^(bits − 1) for files of integers; stored or decoded floats unchanged.

    Parameters
    ----------
    path : str or Path
        A WAV, FLAC, OGG (Vorbis or Opus), MP3, AIFF, CAF or AU file. The content decides, not the suffix. Samples are
        counted, because the length stated in a header may be wrong.

    Returns
    -------
    Recording
        y float32 [shape=(samples,)] for one channel, else [shape=(channels, samples)], with sr in Hz, channels, subtype
        and format as the file states them.

    Raises
    ------
    AudioCourseError
        If there is no such file, it is empty, not audio, of a format that libsndfile cannot read, damaged, without
        samples, only its beginning could be read, or it holds NaN or infinity.

    Examples
    --------
    >>> read("no such file.wav")
    Traceback (most recent call last):
    ...
    audiocourse.errors.AudioCourseError: There is no file no such file.wav: check its name and the folder you are in.

    Source: libsndfile, through the library soundfile.

    Notebook: 01a_digital_audio
    """
    path = _require_file(path)
    sound = _decoded(path)
    if len(sound.data) == 0:
        raise AudioCourseError(f"{path} has a header but holds no samples: record or export it again.")
    if not np.isfinite(sound.data).all():
        bad = np.count_nonzero(~np.isfinite(sound.data))
        raise AudioCourseError(f"{path} holds {bad} NaN or infinite samples: export it again from a healthy source.")
    channels = sound.data.shape[1]
    y = sound.data[:, 0] if channels == 1 else np.ascontiguousarray(sound.data.T)
    return Recording(y, sr=sound.sr, channels=channels, subtype=sound.subtype, format=sound.container)


def write(path: str | Path, y: FloatArray, sr: int, *, subtype: str | None = None) -> Path:
    """Write a sound file, whole or not at all.

    integer = round(2^(bits − 1) · y), at most 2^(bits − 1) − 1, for subtypes that store integers.

    Parameters
    ----------
    path : str or Path
        Where to; the suffix .wav, .flac, .ogg or .mp3 chooses the format.
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        Signal in [-1, 1]. Only subtypes that store floats (FLOAT, DOUBLE, and the lossy codecs) take more.
    sr : int
        Sampling rate in Hz.
    subtype : str, optional
        How a sample is stored; if not given PCM_16 for WAV and FLAC, VORBIS for OGG, MPEG_LAYER_III for MP3.

    Returns
    -------
    Path
        The file. It appears under its name only when it is complete.

    Raises
    ------
    AudioCourseError
        If y is not audio or would clip, or format, subtype, rate, channels or folder do not allow it.

    Examples
    --------
    >>> write("loud.wav", np.array([0.0, 1.2]), 8000)
    Traceback (most recent call last):
    ...
    audiocourse.errors.AudioCourseError: The signal reaches 1.2, and PCM_16 stores at most 1: make it softer or choose \
subtype="FLOAT".

    Source: libsndfile, through the library soundfile.

    Notebook: 01a_digital_audio
    """
    path = Path(path)
    require_audio(y)
    require_positive(sr=sr)
    container, subtype = _format_and_subtype(path, subtype)
    peak = float(np.max(np.abs(y)))
    if peak > 1 and subtype not in _HOLD_MORE_THAN_ONE:
        remedy = ' or choose subtype="FLOAT"' if container == "WAV" else ""
        raise AudioCourseError(
            f"The signal reaches {peak:.6g}, and {subtype} stores at most 1: make it softer{remedy}."
        )
    if not path.parent.is_dir():
        raise AudioCourseError(f"There is no folder {path.parent}: create it first.")
    _require_storable(container, subtype, sr=sr, channels=1 if y.ndim == 1 else len(y))
    _write_then_rename(path, y, sr, container=container, subtype=subtype)
    return path


def duration_seconds(y: FloatArray, sr: int) -> float:
    """Return how long a sound lasts: samples / sr.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        Signal.
    sr : int
        Sampling rate in Hz.

    Returns
    -------
    float
        In seconds.

    Raises
    ------
    AudioCourseError
        If sr is not a positive whole number.

    Examples
    --------
    >>> duration_seconds(np.zeros((2, 4000)), 8000)
    0.5

    Notebook: 00_start_here
    """
    require_positive(sr=sr)
    return float(y.shape[-1] / sr)


def to_mono(y: FloatArray) -> FloatArray:
    """Mix all channels into one.

    x[n] = (1 / C) · Σ_c y[c, n] over the C channels. Sounds in opposite phase in two channels cancel.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        Signal in [-1, 1].

    Returns
    -------
    np.ndarray [shape=(samples,)]
        x, dtype as y; a mono y is returned as it is.

    Raises
    ------
    AudioCourseError
        If `require_audio` refuses y.

    Examples
    --------
    >>> to_mono(np.array([[1.0, 0.5], [0.0, 0.5]]))
    array([0.5, 0.5])

    Notebook: 01a_digital_audio
    """
    require_audio(y)
    return y if y.ndim == 1 else np.mean(y, axis=0, dtype=y.dtype)


def resample(y: FloatArray, sr_from: int, sr_to: int) -> FloatArray:
    """Change the sampling rate, without aliasing.

    x[n] ≈ y(n / sr_to), after everything above min(sr_from, sr_to) / 2 has been filtered out. Dropping samples instead
    would fold a tone of f Hz, sr_to / 2 < f < sr_to, down to sr_to − f Hz.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        Signal in [-1, 1].
    sr_from, sr_to : int
        The rate y has and the rate it is to have, in Hz.

    Returns
    -------
    np.ndarray [shape=(new_samples,) or (channels, new_samples)]
        x, dtype as y; new_samples = round(samples · sr_to / sr_from). Peaks between the old samples become visible, so
        x can reach a little beyond ±1.

    Raises
    ------
    AudioCourseError
        If `require_audio` refuses y, a rate is not a positive whole number, or not even one sample would be left.

    Examples
    --------
    >>> resample(np.zeros((2, 44100), dtype=np.float32), 44100, 16000).shape
    (2, 16000)

    Source: the SoX resampler, recipe VHQ (very high quality), through the library soxr.

    Notebook: 01a_digital_audio
    """
    require_audio(y)
    require_positive(sr_from=sr_from, sr_to=sr_to)
    new_samples = round(y.shape[-1] * sr_to / sr_from)
    if new_samples == 0:
        raise AudioCourseError(
            f"Nothing of {y.shape[-1]} sample(s) at {sr_from} Hz is left at {sr_to} Hz: pass a longer signal."
        )
    # soxr has time on the first axis, hence the .T; it rounds half a sample up, round() to even, hence the cut
    resampled: FloatArray = soxr.resample(np.ascontiguousarray(y.T), sr_from, sr_to, quality="VHQ")
    return np.ascontiguousarray(resampled[:new_samples].T)


def to_pcm16(y: FloatArray) -> NDArray[np.int16]:
    """Turn a signal into the 16-bit integers that sound cards and files use.

    i = round(32767 · min(max(y, −1), 1))

    Without the limits the integers do not clip but *wrap*: 1.2 · 32767 = 39320 does not fit into 16 bits, and a plain
    ``(1.2 * 32767).astype(np.int16)`` gives 39320 − 65536 = −26216, a bang with the opposite sign.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        Signal in [-1, 1]; what lies beyond is clipped.

    Returns
    -------
    np.ndarray [shape=(samples,) or (channels, samples)]
        i, int16, between −32767 and 32767. `from_pcm` divides by 32768, so a round trip is 0.0003 dB softer.

    Raises
    ------
    AudioCourseError
        If `require_audio` refuses y.

    Examples
    --------
    >>> to_pcm16(np.array([0.0, 0.5, 1.2, -1.2]))
    array([     0,  16384,  32767, -32767], dtype=int16)

    Notebook: 01a_digital_audio
    """
    return np.rint(np.clip(require_audio(y), -1, 1) * 32767).astype(np.int16)


def from_pcm(integers: NDArray[np.integer]) -> FloatArray:
    """Turn the integers of a sound card or file into a signal.

    y = i / 2^(B − 1) for B = 16 or 32 bits; y = (i − 128) / 128 for 8 bits, which are stored without a sign.

    Parameters
    ----------
    integers : np.ndarray [shape=(samples,) or (channels, samples)]
        i, of dtype uint8, int16 or int32 (24-bit audio: shifted up to fill 32 bits).

    Returns
    -------
    np.ndarray [shape=(samples,) or (channels, samples)]
        y, float32 in [-1, 1].

    Raises
    ------
    AudioCourseError
        If the dtype is another one, or the shape is not that of audio.

    Examples
    --------
    >>> from_pcm(np.array([0, 128, 192], dtype=np.uint8))
    array([-1. ,  0. ,  0.5], dtype=float32)

    Notebook: 01a_digital_audio
    """
    dtype = str(getattr(integers, "dtype", type(integers).__name__))
    if not isinstance(integers, np.ndarray) or dtype not in _PCM_ZERO_AND_SCALE:
        raise AudioCourseError(f"PCM samples are a NumPy array of uint8, int16 or int32, but this is {dtype}.")
    zero, scale = _PCM_ZERO_AND_SCALE[dtype]
    return require_audio((integers.astype(np.float32) - np.float32(zero)) / np.float32(scale))


def _require_file(path: str | Path) -> Path:
    """Return the path of a file of at least one byte, or refuse it."""
    if not isinstance(path, (str, os.PathLike)):
        raise AudioCourseError(
            f"read takes the name of a file, not {type(path).__name__}: save the sound to a file first."
        )
    path = Path(path)
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise AudioCourseError(f"There is no file {_shown(path)}: check its name and the folder you are in.") from None
    except (OSError, ValueError) as error:  # a name of 300 characters, a zero byte in it, a folder without access
        why = getattr(error, "strerror", None) or str(error)
        raise AudioCourseError(f"{_shown(path)} cannot be opened ({why}): choose another name or folder.") from error
    if path.is_dir():
        raise AudioCourseError(f"{_shown(path)} is a folder: name a file inside it.")
    if not path.is_file():  # reading from a pipe might never end
        raise AudioCourseError(f"{_shown(path)} is a device or a pipe and not a file: save the sound to a file first.")
    if size == 0:
        raise AudioCourseError(f"{_shown(path)} is empty (0 bytes): record, copy or download it again.")
    return path


def _shown(path: Path) -> str:
    """Return a path that can be printed: shortened, and without the bytes that are not UTF-8."""
    text = str(path).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


class _CountedFile(soundfile.SoundFile):  # type: ignore[misc]  # soundfile has no types
    """A sound file that is read to its end: the number of samples in its header is not used."""

    def seekable(self) -> bool:
        """Keep soundfile from asking where in the file it is, which fails where the header states no length."""
        return False

    def counted(self) -> FloatArray:
        """Read block by block until nothing comes; return float32 [shape=(samples, channels)]."""
        size = max(1, _BLOCK // self.channels)
        blocks = [self.read(size, dtype="float32", always_2d=True)]
        while len(blocks[-1]) == size:
            blocks.append(self.read(size, dtype="float32", always_2d=True))
        whole: FloatArray = np.concatenate(blocks)
        return whole


class _Decoded(NamedTuple):
    """A decoded file: samples [shape=(samples, channels)], rate in Hz, and how they were stored."""

    data: FloatArray
    sr: int
    subtype: str
    container: str


def _decoded(path: Path) -> _Decoded:
    """Decode a file and refuse one that would be read in part."""
    try:
        decoded = _counted(path) if _is_unicode(path) else _counted(BytesIO(path.read_bytes()))
        if len(decoded.data) == 0 or decoded.container in _COUNTED_BY_HAND:
            decoded = _with_true_length(path, decoded, path.read_bytes())
    except _DECODER_ERRORS as error:
        raise AudioCourseError(_undecodable(path)) from error
    except OSError as error:
        raise AudioCourseError(f"{_shown(path)} cannot be read ({error.strerror}): check its rights.") from error
    return decoded


def _is_unicode(path: Path) -> bool:
    """Whether libsndfile can open a file by its name: not where the name holds bytes that are not UTF-8."""
    return not any("\ud800" <= character <= "\udfff" for character in str(path))


def _counted(file: Path | BinaryIO) -> _Decoded:
    """Decode a file to its end."""
    with _CountedFile(file) as sound:
        stated = sound.frames
        data = sound.counted()
        if sound.format == "FLAC" and len(data) < stated < _UNKNOWN_LENGTH:
            raise soundfile.SoundFileRuntimeError(f"{len(data)} of {stated} samples")
        return _Decoded(data, int(sound.samplerate), str(sound.subtype), str(sound.format))


def _with_true_length(path: Path, decoded: _Decoded, data: bytes) -> _Decoded:
    """Return the sound, for a WAV file without a size all that follows; refuse what would be read in part."""
    if decoded.container == "WAV" and (repaired := with_counted_size(data)):
        return _counted(BytesIO(repaired))
    if decoded.container == "MP3" and mp3_samples(data) - len(decoded.data) > _MP3_PADDING:
        raise AudioCourseError(
            f"{_shown(path)} does not state its length (variable bit rate without a Xing header), so only "
            f"{len(decoded.data)} of its {mp3_samples(data)} samples would be read: save it as WAV, FLAC or OGG."
        )
    if decoded.container == "OGG" and (links := ogg_links(data)) > 1:
        raise AudioCourseError(
            f"{_shown(path)} holds {links} recordings one after the other (a chained OGG file), and only the first "
            "would be read: save it as WAV or FLAC."
        )
    return decoded


def _undecodable(path: Path) -> str:
    """Name the format of a file that libsndfile cannot read, and how to convert it."""
    with path.open("rb") as file:
        found = unreadable_format(file.read(16))
    if found is None:
        return (
            f"{_shown(path)} is damaged or not audio, despite its name: open it in another player, then save it as "
            "WAV, FLAC, OGG or MP3."
        )
    return (
        f"{_shown(path)} is {found}, which cannot be read here: convert it, for example with Audacity, VLC or "
        f"`ffmpeg -i {path.name} {path.stem}.wav`."
    )


def _format_and_subtype(path: Path, subtype: str | None) -> tuple[str, str]:
    """Choose libsndfile's names for container and sample type, or list those that exist."""
    container = _FORMATS.get(path.suffix.lower())
    if container is None:
        raise AudioCourseError(f"{path.name} does not end in {', '.join(_FORMATS)}: the suffix chooses the format.")
    subtypes = soundfile.available_subtypes(container)
    chosen = str(soundfile.default_subtype(container) if subtype is None else subtype)
    if chosen not in subtypes:
        raise AudioCourseError(f"A {container} file has no subtype {chosen!r}: choose one of {', '.join(subtypes)}.")
    return container, chosen


def _require_storable(container: str, subtype: str, *, sr: int, channels: int) -> None:
    """Refuse what a format cannot hold before libsndfile is called, because some of it would crash the process."""
    limit = _LIMITS[subtype if subtype in _LIMITS else container]
    if (sr not in limit.rates if limit.rates else sr > limit.highest) or channels > limit.channels:
        rates = f"only the rates {', '.join(map(str, limit.rates))}" if limit.rates else f"rates up to {limit.highest}"
        raise AudioCourseError(
            f"{container} {subtype} stores {rates} Hz and at most {limit.channels} channel(s), but this sound has "
            f"{channels} at {sr} Hz: resample it, mix it down, or choose another format."
        )


def _rounded(y: FloatArray, subtype: str) -> FloatArray:
    """Round to what the subtype can store: libsndfile does in FLAC files, but in WAV files it rounds downwards."""
    if subtype not in _BITS:
        return y
    steps = 2.0 ** (_BITS[subtype] - 1)
    rounded: FloatArray = np.rint(y * steps) / steps
    return rounded


def _write_then_rename(path: Path, y: FloatArray, sr: int, *, container: str, subtype: str) -> None:
    """Write under a temporary name in the same folder, so that a failure leaves an older file unchanged."""
    channels, data = (1, y) if y.ndim == 1 else (len(y), y.T)
    try:
        with (
            replacing(path) as part,
            soundfile.SoundFile(part, "w", int(sr), channels, subtype=subtype, format=container) as file,
        ):
            for start in range(0, len(data), _BLOCK):
                file.write(np.ascontiguousarray(_rounded(data[start : start + _BLOCK], subtype)))
    except (soundfile.SoundFileError, OSError) as error:
        raise AudioCourseError(
            f"{path} cannot be written as {container} {subtype}, {channels} channel(s) at {sr} Hz: choose another "
            "format, rate or folder."
        ) from error
