"""Channels and augmentation: microphones, small speakers, telephones, codecs, all with random settings.

No channel delays a sound, so its ground truth stays valid. The filters have zero phase, and libsndfile compensates the
delay of its codecs.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.fft
import soundfile
from numpy.typing import NDArray

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval
from audiocourse.require import require_between, require_choice, require_mono, require_positive, require_rng
from audiocourse.signal import FloatArray, resample
from audiocourse.sounds.acoustics.mix import HIGHEST_PEAK, at_level, mix
from audiocourse.sounds.acoustics.noise import COLORS
from audiocourse.sounds.acoustics.noise import noise as colored_noise
from audiocourse.sounds.acoustics.room import reverberate, room_impulse_response

STEPS = ("room", "channel", "noise", "level")

_MU = 255
_MP3_RATES = (8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_PADDING = 2048  # samples of silence after a sound while it is filtered: longer than the filters ring
_Channel = Callable[[FloatArray, int, np.random.Generator], FloatArray]


@dataclass(frozen=True, eq=False)
class Augmented:
    """An augmented sound, and what was done to it.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound.
    sr : int
        Sampling rate in Hz.
    speed : float
        How much faster it is: divide the times of its ground truth by this, or call `moved`.
    steps : tuple of (str, str)
        The augmentations in order, each with its setting: ("noise", "pink at 12.3 dB").
    """

    y: FloatArray
    sr: int
    speed: float
    steps: tuple[tuple[str, str], ...]

    def moved(self, intervals: Sequence[Interval]) -> list[Interval]:
        """Return intervals of the original sound as intervals of this one: times / speed."""
        return [
            Interval(interval.start / self.speed, interval.end / self.speed, interval.label) for interval in intervals
        ]


def apply_channel(y: FloatArray, channel: str, *, sr: int, rng: np.random.Generator) -> FloatArray:
    """Send a sound through a channel.

    x[n] stays in time with y[n]; the rest depends on the channel:

    - microphone: a response of its own (a slope of −2 to 2 dB an octave, one to three bumps of up to ±6 dB, little
      below 40 to 150 Hz), and hiss 50 to 70 dB below the sound;
    - telephone: 300 to 3400 Hz, 8 kHz, 8 bits by `mu_law`;
    - narrowband: 8 kHz and back, nothing else;
    - small_speaker: nothing below 250 to 600 Hz, bumps, and the soft distortion tanh(g · y) / g;
    - clipping: 6 to 18 dB too loud, cut at full scale, and back;
    - mu_law: 8 bits by the µ-law;
    - gsm: GSM 06.10 full rate, 13 kbit/s at 8 kHz, as in the first digital mobile telephones;
    - vorbis, mp3: quality drawn from the lower two thirds of what libsndfile offers;
    - opus: at 16 kHz, as in telephony over the internet.

    How real is it? The codecs are the real ones and the µ-law is the standard's formula. Microphone and speaker are
    smooth curves drawn at random, milder than a bad real one, without its directivity or rattle.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal in [-1, 1].
    channel : str
        One of `CHANNELS`.
    sr : int
        Sampling rate in Hz, at least 8000; for mp3 one that it supports, such as 16000, 22050 or 44100.
    rng : np.random.Generator
        Source of randomness: cutoffs, bumps, gains, qualities.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        x, as long as y, dtype as y. It can be a little louder than y.

    Raises
    ------
    AudioCourseError
        If y is not a mono signal, the channel is unknown, or does not support the rate.

    Examples
    --------
    >>> y = np.sin(2 * np.pi * 100 * np.arange(16000) / 16000).astype(np.float32)
    >>> low = apply_channel(y, "telephone", sr=16000, rng=np.random.default_rng(1))
    >>> bool(np.sum(low**2) < 0.01 * np.sum(y**2))
    True

    Source: libsndfile 1.2, https://libsndfile.github.io/libsndfile/formats.html; ETSI GSM 06.10; RFC 6716 (Opus).
    """
    require_mono(y)
    require_positive(sr=sr)
    send = CHANNELS[require_choice("channel", channel, CHANNELS)]
    require_rng(rng)
    if sr < 8000:
        raise AudioCourseError(f"sr is {sr} Hz, but channels need at least 8000 Hz: resample first.")
    return send(y, sr, rng).astype(y.dtype)


def mu_law(y: FloatArray) -> FloatArray:
    """Quantise a sound as a digital telephone does: in 256 steps, small ones near zero.

    F(y) = sgn(y) · ln(1 + µ|y|) / ln(1 + µ), µ = 255, is rounded to one of 256 values and expanded again by F⁻¹. None
    of the values is 0: silence becomes 0.00009.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal; what passes ±1 is cut.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The rounded signal, dtype as y.

    Raises
    ------
    AudioCourseError
        If y is not a mono signal.

    Examples
    --------
    >>> mu_law(np.array([0.001, 0.5, 1.0])).round(4)
    array([0.0011, 0.4967, 1.    ])

    Source: ITU-T G.711, Pulse code modulation of voice frequencies, 1988 (there by 16 straight pieces).
    """
    compressed = np.sign(y) * np.log1p(_MU * np.minimum(np.abs(require_mono(y)), 1)) / np.log1p(_MU)
    coded = np.floor((compressed + 1) / 2 * _MU + 0.5) / _MU * 2 - 1
    expanded: FloatArray = np.sign(coded) * np.expm1(np.abs(coded) * np.log1p(_MU)) / _MU
    return expanded.astype(y.dtype)


def vary_speed(y: FloatArray, factor: float) -> FloatArray:
    """Change the speed of a sound as a tape does, with its pitch and formants.

    x[n] = y(n · factor), linearly interpolated, n = 0, …, ⌊(N − 1) / factor⌋

    Linear interpolation is fast, and costs some high frequencies and a little aliasing: fine for training, not for
    listening.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal.
    factor : float
        0.5 to 2; above 1 is faster, shorter and higher.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        x, dtype as y.

    Raises
    ------
    AudioCourseError
        If y is not a mono signal, or factor is out of range.

    Examples
    --------
    >>> vary_speed(np.array([0.0, 0.1, 0.2, 0.3, 0.4]), 2)
    array([0. , 0.2, 0.4])

    Source: T. Ko, V. Peddinti, D. Povey, S. Khudanpur, Audio augmentation for speech recognition, Interspeech 2015.
    """
    require_between("factor", factor, 0.5, 2)
    read = np.arange(int((require_mono(y).size - 1) / factor) + 1) * factor
    x: FloatArray = np.interp(read, np.arange(y.size), y)
    return x.astype(y.dtype)


def augment(
    y: FloatArray,
    *,
    sr: int,
    rng: np.random.Generator,
    share: float = 0.5,
    speed: tuple[float, float] = (0.9, 1.1),
    rt60: tuple[float, float] = (0.1, 0.8),
    snr_db: tuple[float, float] = (0.0, 30.0),
    level_db: tuple[float, float] = (-40.0, -15.0),
    channels: Sequence[str] | None = None,
    noises: Sequence[FloatArray] | None = None,
) -> Augmented:
    """Augment a sound at random, so that a model learns to ignore what does not matter.

    First the speed changes; then room, channel, noise and level in random order. Each of the five is applied with
    the probability `share`, with a setting drawn uniformly from its range.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, not silent.
    sr : int
        Sampling rate in Hz, at least 8000.
    rng : np.random.Generator
        Source of randomness.
    share : float
        0 (nothing) to 1 (everything).
    speed : (float, float)
        Factors, 0.5 to 2.
    rt60 : (float, float)
        Reverberation times in seconds, 0.05 to 10, with the direct sound −3 to 12 dB above the room.
    snr_db : (float, float)
        Signal-to-noise ratios in dB, −100 to 100, over the whole sound, pauses included.
    level_db : (float, float)
        Levels of the whole in dB re full scale, −100 to 0.
    channels : sequence of str, optional
        Which of `CHANNELS`; if not given, the fast ones that support every rate: all but mp3 and opus.
    noises : sequence of np.ndarray [shape=(noise_samples,)], optional
        Noises to take excerpts from, at the same rate, such as babble or streets; repeated where they are too short. If
        not given, noise of the five `COLORS`.

    Returns
    -------
    Augmented
        The sound, within ±1 (where it would pass full scale, it is attenuated at the end), and what was done.

    Raises
    ------
    AudioCourseError
        If y is not a mono signal or silent, or a setting is out of range.

    Examples
    --------
    >>> y = np.sin(np.arange(16000) / 20).astype(np.float32) / 4
    >>> other = augment(y, sr=16000, rng=np.random.default_rng(3))
    >>> [name for name, _ in other.steps]
    ['speed', 'room', 'level']
    """
    if not np.any(require_mono(y)):
        raise AudioCourseError(
            "The sound is silent, so no signal-to-noise ratio can be set: augment only audible sounds."
        )
    _require_settings(share, speed, rt60, snr_db, level_db)
    chosen = tuple(channels) if channels is not None else _QUICK
    happens = require_rng(rng).random(1 + len(STEPS)) < share
    factor = float(rng.uniform(*speed)) if happens[0] else 1.0
    x = vary_speed(y, factor) if happens[0] else y.copy()
    done = [("speed", f"{factor:.3f}")] if happens[0] else []
    order = [STEPS[index] for index in rng.permutation(len(STEPS)) if happens[1 + index]]
    for step in order:
        if step == "room":
            x, setting = _in_a_room(x, sr, rng, rt60)
        elif step == "channel":
            setting = chosen[int(rng.integers(len(chosen)))]
            x = apply_channel(x, setting, sr=sr, rng=rng)
        elif step == "noise":
            x, setting = _in_noise(x, sr, rng, snr_db, noises)
        else:
            x, setting = _at_some_level(x, rng, level_db)
        done.append((step, setting))
    peak = float(np.max(np.abs(x)))
    return Augmented(x if peak <= 1 else (HIGHEST_PEAK / peak * x).astype(x.dtype), sr, factor, tuple(done))


def _require_settings(
    share: float,
    speed: tuple[float, float],
    rt60: tuple[float, float],
    snr_db: tuple[float, float],
    level_db: tuple[float, float],
) -> None:
    """Refuse an impossible share, and ranges that are not pairs, out of order or out of bounds."""
    require_between("share", share, 0, 1)
    bounds = {"speed": (0.5, 2.0), "rt60": (0.05, 10.0), "snr_db": (-100.0, 100.0), "level_db": (-100.0, 0.0)}
    given = {"speed": speed, "rt60": rt60, "snr_db": snr_db, "level_db": level_db}
    for name, (low, high) in bounds.items():
        if not isinstance(given[name], tuple) or len(given[name]) != 2:
            raise AudioCourseError(f"{name} is {given[name]!r}, but it must be a pair such as ({low:g}, {high:g}).")
        least = require_between(f"the lower end of {name}", given[name][0], low, high)
        require_between(f"the upper end of {name}", given[name][1], least, high)


def _in_a_room(y: FloatArray, sr: int, rng: np.random.Generator, rt60: tuple[float, float]) -> tuple[FloatArray, str]:
    """Add the reverberation of a random room."""
    seconds = rng.uniform(*rt60)
    direct_db = rng.uniform(-3, 12)
    response = room_impulse_response(rt60=seconds, sr=sr, rng=rng, direct_to_reverberant_db=direct_db)
    return reverberate(y, response), f"{seconds:.2f} s, direct sound {direct_db:.1f} dB above the room"


def _in_noise(
    y: FloatArray,
    sr: int,
    rng: np.random.Generator,
    snr_db: tuple[float, float],
    noises: Sequence[FloatArray] | None,
) -> tuple[FloatArray, str]:
    """Add noise, synthesised or an excerpt of those given."""
    ratio = float(rng.uniform(*snr_db))
    if noises is None:
        name = tuple(COLORS)[int(rng.integers(len(COLORS)))]
        added = colored_noise(name, seconds=max(y.size / sr, 0.1), sr=sr, rng=rng)
    else:
        index = int(rng.integers(len(noises)))
        name = f"noise {index}"
        first = int(rng.integers(require_mono(noises[index]).size))
        added = np.take(noises[index], np.arange(first, first + y.size), mode="wrap")
    return mix(y, added, snr_db=ratio).y.astype(y.dtype), f"{name} at {ratio:.1f} dB"


def _at_some_level(y: FloatArray, rng: np.random.Generator, level_db: tuple[float, float]) -> tuple[FloatArray, str]:
    """Scale the whole sound to a random level."""
    level = float(rng.uniform(*level_db))
    return at_level(y, np.ones(y.size, dtype=np.bool_), level_db=level), f"{level:.1f} dB re full scale"


def _filtered(y: FloatArray, sr: int, gain_db: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> FloatArray:
    """Multiply the spectrum by a real gain that depends on frequency: zero phase, no delay."""
    size = scipy.fft.next_fast_len(y.size + _PADDING, real=True)
    frequencies = np.maximum(scipy.fft.rfftfreq(size, 1 / sr), 1.0)
    x: FloatArray = scipy.fft.irfft(10 ** (gain_db(frequencies) / 20) * scipy.fft.rfft(y, size), size)
    return x[: y.size]


def _band(frequencies: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """Return the gain in dB of a band-pass whose edges fall by 24 dB an octave, −3 dB at both ends."""
    gain: NDArray[np.float64] = -10 * np.log10((1 + (low / frequencies) ** 8) * (1 + (frequencies / high) ** 8))
    return gain


def _bumps(frequencies: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the gain in dB of one to three bumps or dips of ±6 dB, half an octave to an octave wide."""
    gain = np.zeros_like(frequencies)
    for _ in range(int(rng.integers(1, 4))):
        octaves = np.log2(frequencies / 2 ** rng.uniform(np.log2(200), np.log2(6000)))
        gain += rng.uniform(-6, 6) * np.exp(-0.5 * (octaves / rng.uniform(0.25, 0.5)) ** 2)
    return gain


def _microphone(y: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Filter with a random response, and add a little hiss."""
    low = rng.uniform(40, 150)
    slope = rng.uniform(-2, 2)
    hiss = 10 ** (rng.uniform(-70, -50) / 20) * float(np.sqrt(np.mean(np.square(y, dtype=np.float64))))

    def gain_db(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
        lows = -10 * np.log10(1 + (low / frequencies) ** 4)
        return lows + slope * np.log2(np.clip(frequencies, 100, 8000) / 1000) + _bumps(frequencies, rng)

    return _filtered(y, sr, gain_db) + hiss * rng.standard_normal(y.size)


def _small_speaker(y: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Remove the lows, and saturate softly."""
    low = rng.uniform(250, 600)
    drive = rng.uniform(1, 4)
    x = _filtered(y, sr, lambda frequencies: _band(frequencies, low, 7000.0) + _bumps(frequencies, rng))
    saturated: FloatArray = np.tanh(drive * x) / drive
    return saturated


def _clipping(y: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Clip the peaks, as a recorder does whose gain is too high."""
    del sr
    peak = float(np.max(np.abs(y))) * 10 ** (-rng.uniform(6, 18) / 20)
    return np.clip(y, -peak, peak)


def _telephone(y: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Keep 300 to 3400 Hz at 8 kHz, in 8 bits."""
    del rng
    narrow = resample(_filtered(y, sr, lambda frequencies: _band(frequencies, 300.0, 3400.0)), sr, 8000)
    return _fitted(resample(mu_law(narrow), 8000, sr), y.size)


def _narrowband(y: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Resample to 8 kHz and back."""
    del rng
    return _fitted(resample(resample(y, sr, 8000), 8000, sr), y.size)


def _gsm(y: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Code as a mobile telephone of 1991 does."""
    del rng
    coded = _coded(resample(y, sr, 8000), 8000, container="WAV", subtype="GSM610")
    return _fitted(resample(coded, 8000, sr), y.size)


def _opus(y: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Code as telephony over the internet does."""
    coded = _coded(resample(y, sr, 16_000), 16_000, container="OGG", subtype="OPUS", rng=rng)
    return _fitted(resample(coded, 16_000, sr), y.size)


def _vorbis(y: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Code as Vorbis."""
    return _coded(y, sr, container="OGG", subtype="VORBIS", rng=rng)


def _mp3(y: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Code as MPEG-1 or -2 layer III."""
    if sr not in _MP3_RATES:
        rates = ", ".join(str(rate) for rate in _MP3_RATES)
        raise AudioCourseError(f"mp3 does not support a sampling rate of {sr} Hz: resample to one of {rates} Hz.")
    return _coded(y, sr, container="MP3", subtype="MPEG_LAYER_III", rng=rng)


def _coded(
    y: FloatArray, sr: int, *, container: str, subtype: str, rng: np.random.Generator | None = None
) -> FloatArray:
    """Encode in memory and decode again, without the codec's delay; only the length may differ."""
    memory = io.BytesIO()
    quality = {} if rng is None else {"compression_level": float(rng.uniform(0.33, 1))}  # 1 is smallest and worst
    soundfile.write(memory, np.clip(y, -1, 1), sr, format=container, subtype=subtype, **quality)
    memory.seek(0)
    x, _ = soundfile.read(memory, dtype="float32")
    return _fitted(x, y.size)


def _fitted(y: FloatArray, samples: int) -> FloatArray:
    """Cut or zero-pad the end: codecs work in blocks, and resamplers round."""
    return np.pad(y[:samples], (0, max(0, samples - y.size)))


def _mu_law(y: FloatArray, sr: int, rng: np.random.Generator) -> FloatArray:
    """Quantise by the µ-law."""
    del sr, rng
    return mu_law(y)


CHANNELS: dict[str, _Channel] = {
    "microphone": _microphone,
    "telephone": _telephone,
    "narrowband": _narrowband,
    "small_speaker": _small_speaker,
    "clipping": _clipping,
    "mu_law": _mu_law,
    "gsm": _gsm,
    "vorbis": _vorbis,
    "mp3": _mp3,
    "opus": _opus,
}
_QUICK = tuple(name for name in CHANNELS if name not in ("mp3", "opus"))
