"""Players that play the samples as they are: no normalising, no surprise in the headphones."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Mapping, Sequence

import numpy as np
import soundfile

from audiocourse.course import course_root
from audiocourse.errors import AudioCourseError
from audiocourse.learn.display.html import put
from audiocourse.learn.display.player import Version, player_html
from audiocourse.signal import FloatArray

PEAK_DBFS = -6.0
FADE_SECONDS = 0.01
RATES = (3_000, 192_000)  # browsers play these


def listen(y: FloatArray, sr: int, *, label: str) -> None:
    """Show a labelled player with duration, peak and level in its caption.

    The samples are played as they are: IPython's own player scales every sound to full scale, so that a −20 dB example
    would sound unchanged. Three exceptions, announced where they happen: peaks above −6 dBFS are turned down to it,
    samples that are not numbers become silence, and the first and last 10 ms are faded to avoid clicks.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,) or (channels, samples)]
        The sound, in [-1, 1].
    sr : int
        Samples per second.
    label : str
        What one hears; it is also the player's name for screen readers.

    Raises
    ------
    AudioCourseError
        If there is nothing to play: no samples, more than two dimensions or channels, or a rate no browser plays.
    """
    array = _playable(y, sr)
    sound, notes = _safe(array)
    _put([_version(sound, sr, label, notes, level=_level(array))], seconds=array.shape[-1] / sr)


def compare(sounds: Mapping[str, FloatArray], sr: int, *, equal_loudness: bool = True, private: bool = False) -> None:
    """Show a player of several sounds in step, all at the same loudness: keys 1, 2, … switch at the same moment.

    Parameters
    ----------
    sounds : Mapping[str, np.ndarray [shape=(samples,)]]
        Sounds by label.
    sr : int
        Samples per second of all of them.
    equal_loudness : bool
        Bring all to the RMS of the softest, because the louder of two sounds tends to be judged the better one. False
        where level is the lesson.
    private : bool
        For the student's own voice: the players read files in ``work/recordings/``, which `audiocourse forget` deletes,
        and nothing of the sound is stored in the notebook.

    Raises
    ------
    AudioCourseError
        As for `listen`.
    """
    versions, seconds = versions_of(sounds, sr, equal_loudness=equal_loudness, private=private)
    _put(versions, seconds=seconds)


def versions_of(
    sounds: Mapping[str, FloatArray], sr: int, *, equal_loudness: bool, private: bool = False
) -> tuple[list[Version], float]:
    """Return the versions of a player, made safe for a headphone, and the length of the longest; see `compare`."""
    arrays = {label: _playable(y, sr) for label, y in sounds.items()}
    loud = [rms for y in arrays.values() if (rms := _rms(y)) > 0]
    versions = []
    for label, y in arrays.items():
        gain = min(loud) / _rms(y) if equal_loudness and _rms(y) > 0 else 1.0
        sound, notes = _safe((gain * y).astype(np.float32))
        if gain < 0.99:
            notes.insert(0, f"turned down by {-20 * np.log10(gain):.1f} dB to match the softest")
        versions.append(_version(sound, sr, label, notes, level=_level(y), private=private))
    return versions, max(y.shape[-1] for y in arrays.values()) / sr


def stimuli_of(sounds: Mapping[str, FloatArray], sr: int, *, equal_loudness: bool) -> dict[str, FloatArray]:
    """Return sounds as a listening test plays them: equally long, with faded ends, and with one gain for all.

    Each is first brought to the RMS of the softest if ``equal_loudness``; then all are turned down together until no
    peak is above −6 dBFS.
    """
    arrays = {label: np.atleast_2d(_playable(y, sr)) for label, y in sounds.items()}
    broken = [label for label, y in arrays.items() if not np.all(np.isfinite(y)) or _rms(y) == 0]
    if broken:
        raise AudioCourseError(f"{broken[0]!r} is silent or holds samples that are not numbers: choose another sound.")
    if len({y.shape[0] for y in arrays.values()}) > 1:
        raise AudioCourseError("All sounds of a test have the same number of channels, one or two: mix some down.")
    softest = min(_rms(y) for y in arrays.values())
    longest = max(y.shape[-1] for y in arrays.values())
    gains = {label: softest / _rms(y) if equal_loudness else 1.0 for label, y in arrays.items()}
    peak = max(gains[label] * float(np.abs(y).max()) for label, y in arrays.items())
    safe = min(1.0, 10 ** (PEAK_DBFS / 20) / peak)
    return {
        label: np.pad(_faded(safe * gains[label] * y, sr), ((0, 0), (0, longest - y.shape[-1]))).astype(np.float32)
        for label, y in arrays.items()
    }


def _playable(y: FloatArray, sr: int) -> FloatArray:
    array = np.asarray(y)
    if array.dtype.kind not in "fiu" or array.ndim not in (1, 2) or array.size == 0:
        raise AudioCourseError(f"There is nothing to play in a {array.dtype} array of shape {array.shape}.")
    if array.ndim == 2 and array.shape[0] > 2:
        raise AudioCourseError(f"A player has one or two channels, not {array.shape[0]}; choose some or mix them down.")
    if array.dtype.kind in "iu":
        raise AudioCourseError(f"The samples are {array.dtype}; bring them to [-1, 1] with signal.from_pcm first.")
    if not isinstance(sr, (int, np.integer)) or not RATES[0] <= sr <= RATES[1]:
        raise AudioCourseError(f"Browsers play {RATES[0]} to {RATES[1]} samples a second (a whole number), not {sr!r}.")
    return array


def _safe(y: FloatArray) -> tuple[FloatArray, list[str]]:
    """Return what may go to a headphone, and what had to be changed for it."""
    notes = []
    if not np.all(np.isfinite(y)):
        notes.append(f"{int(np.sum(~np.isfinite(y)))} samples that are not numbers are played as silence")
        y = np.where(np.isfinite(y), y, 0.0)
    peak = float(np.max(np.abs(y)))
    limit = 10 ** (PEAK_DBFS / 20)
    if peak > limit * 1.0001:
        notes.append(f"turned down by {20 * np.log10(peak / limit):.1f} dB for your ears")
        y = y * (limit / peak)
    return y.astype(np.float32), notes


def _faded(y: FloatArray, sr: int) -> FloatArray:
    """Raise the first and lower the last 10 ms along a half cosine."""
    length = min(int(FADE_SECONDS * sr), y.shape[-1] // 2)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(length) / max(length, 1))
    y = y.copy()
    y[..., :length] *= ramp
    y[..., y.shape[-1] - length :] *= ramp[::-1]
    return y


def _rms(y: FloatArray) -> float:
    finite = y[np.isfinite(y)]
    return float(np.sqrt(np.mean(np.square(finite, dtype=np.float64)))) if finite.size else 0.0


def _level(y: FloatArray) -> str:
    """Give the peak in dBFS and the RMS in dB re full scale (a sine with peak 1: −3), before anything was changed."""
    finite = np.abs(y[np.isfinite(y)])
    peak = float(finite.max()) if finite.size else 0.0
    if peak == 0:
        return "digital silence"
    return f"peak {20 * np.log10(peak):.1f} dBFS, RMS {20 * np.log10(_rms(y)):.1f} dB re full scale".replace("-", "−")


def _version(y: FloatArray, sr: int, label: str, notes: list[str], *, level: str, private: bool = False) -> Version:
    sound = io.BytesIO()  # FLAC: no sample is changed, and notebooks are half as big
    soundfile.write(sound, _faded(y, sr).T, sr, format="FLAC", subtype="PCM_16")
    caption = "; ".join([f"{label}: {y.shape[-1] / sr:.2f} s at {sr} Hz, {level}", *notes])
    source = _private_file(sound.getvalue()) if private else _embedded(sound.getvalue())
    return Version(label, source, caption, peak=float(np.max(np.abs(y))))


def _put(versions: Sequence[Version], *, seconds: float) -> None:
    """Display a player with a waveform; its text is what its captions say."""
    name = " / ".join(version.label for version in versions)
    plain = "\n".join(f"[player] {version.caption}" for version in versions)
    put(player_html(versions, seconds=seconds, name=name), plain)


def _embedded(sound: bytes) -> str:
    """Return an address that holds the sound itself, so that the notebook plays anywhere."""
    return f"data:audio/flac;base64,{base64.b64encode(sound).decode()}"


def _private_file(sound: bytes) -> str:
    """Write the sound beside the recordings and return its address as seen from a notebook in ``work/``."""
    folder = course_root() / "work" / "recordings" / "players"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{hashlib.sha256(sound).hexdigest()[:12]}.flac"
    (folder / name).write_bytes(sound)
    return f"recordings/players/{name}"
