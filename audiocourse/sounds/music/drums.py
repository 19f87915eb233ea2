"""Rhythms whose beats and onsets are known to the sample: clicks, and drums from sine sweeps and noise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_frequency, require_rng, sample_count
from audiocourse.signal import FloatArray

DRUMS = ("kick", "snare", "hihat")

# Each pattern: beats in a bar, and where in it (in beats) each drum is struck.
_PATTERNS: dict[str, tuple[int, dict[str, list[float]]]] = {
    "rock": (4, {"kick": [0, 2, 2.5], "snare": [1, 3], "hihat": [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]}),
    "waltz": (3, {"kick": [0], "snare": [1, 2], "hihat": [0, 1, 2, 2.5]}),
    "bossa": (4, {"kick": [0, 1.5, 2, 3.5], "snare": [0, 1.5, 3], "hihat": [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]}),
}
PATTERNS = tuple(_PATTERNS)

_PEAKS = {"kick": 0.5, "snare": 0.3, "hihat": 0.12}  # all three at once stay below full scale
_HIT_SECONDS = {"kick": 0.3, "snare": 0.18, "hihat": 0.06}
_SOFTEST = 0.8  # strokes differ in force
_CLICK_SECONDS = 0.03


@dataclass(frozen=True)
class Rhythm:
    """A rhythm and its ground truth.

    Attributes
    ----------
    y : np.ndarray [shape=(samples,)]
        Mono signal, float32.
    sr : int
        Sampling rate in Hz.
    beats : np.ndarray [shape=(beats,)]
        The beats, in seconds.
    onsets : np.ndarray [shape=(onsets,)]
        When drums are struck, in seconds; simultaneous strokes count once.
    bpm : float
        Tempo: beats per minute.

    Notebook: 01d_pitch_and_rhythm
    """

    y: FloatArray
    sr: int
    beats: FloatArray
    onsets: FloatArray
    bpm: float


def clicks_at(
    times: FloatArray | Sequence[float], *, seconds: float, sr: int, frequency: float = 1000.0, peak: float = 0.5
) -> FloatArray:
    """Synthesise a click at each of the given times.

    A click is A · e^(−t / 5 ms) · sin(2π · f · t) for 30 ms, starting at the sample nearest to its time. It breaks off
    where the next one starts.

    Parameters
    ----------
    times : np.ndarray [shape=(clicks,)] or sequence of float
        Seconds from the start, at least 0 and before the end, rising.
    seconds : float
        Duration of the whole.
    sr : int
        Sampling rate in Hz.
    frequency : float
        f in Hz, below sr / 2.
    peak : float
        A, between 0 and 1; no sample is larger.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, float32.

    Raises
    ------
    AudioCourseError
        If a time lies outside the sound or before the one before it, or another argument is out of range.

    Examples
    --------
    >>> y = clicks_at([0.1, 0.2], seconds=0.3, sr=8000)
    >>> bool(np.any(y[:801])), bool(np.any(y[801:1000]))  # a sine starts at 0
    (False, True)

    Notebook: 01d_pitch_and_rhythm
    """
    y = np.zeros(sample_count(seconds, sr), dtype=np.float32)
    require_frequency("frequency", frequency, sr)
    require_between("peak", peak, 0, 1)
    time = np.arange(round(_CLICK_SECONDS * sr)) / sr
    click = peak * np.exp(-time / 0.005) * np.sin(2 * np.pi * frequency * time)
    for start in np.round(_require_times(times, seconds) * sr).astype(int):
        y[start : start + click.size] = click[: max(0, y.size - start)]
    return y


def click_track(bpm: float, *, seconds: float, sr: int, accent_every: int = 4) -> Rhythm:
    """Synthesise the clicks of a metronome.

    Click k is at 60 · k / bpm seconds, k = 0, 1, …; the first and then every accent_every-th is louder (0.5 instead of
    0.35) and higher (1500 instead of 1000 Hz).

    Parameters
    ----------
    bpm : float
        Clicks per minute, 20 to 400.
    seconds : float
        Duration.
    sr : int
        Sampling rate in Hz, over 3000.
    accent_every : int
        Clicks in a bar; 1 accents all of them.

    Returns
    -------
    Rhythm
        Sound, beats and bpm; every beat is an onset. The first is at 0, where a detector that compares with
        previous frames misses it.

    Raises
    ------
    AudioCourseError
        If tempo, duration, rate or accent is out of range.

    Examples
    --------
    >>> click_track(120, seconds=2, sr=8000).beats
    array([0. , 0.5, 1. , 1.5])

    Notebook: 01d_pitch_and_rhythm
    """
    require_between("bpm", bpm, 20, 400)
    samples = sample_count(seconds, sr)
    if isinstance(accent_every, bool) or not isinstance(accent_every, int) or accent_every < 1:
        raise AudioCourseError(f"accent_every is {accent_every!r}, but it must be a whole number of at least 1.")
    beats = np.arange(0, samples / sr, 60 / bpm)
    beats = beats[np.round(beats * sr) < samples]
    accented = np.arange(beats.size) % accent_every == 0
    strong = clicks_at(beats[accented], seconds=seconds, sr=sr, frequency=1500)
    weak = clicks_at(beats[~accented], seconds=seconds, sr=sr, peak=0.35)
    return Rhythm(strong + weak, sr, beats, beats.copy(), float(bpm))


def drum_hit(drum: str, *, sr: int, rng: np.random.Generator) -> FloatArray:
    """Synthesise one stroke of a drum.

    - kick: e^(−t / 80 ms) · sin φ(t) for 300 ms, gliding from 150 Hz down to 50 Hz
    - snare: noise and a tone of 190 Hz, e^(−t / 40 ms), for 180 ms
    - hihat: noise differentiated twice, so that only highs are left, e^(−t / 12 ms), for 60 ms

    The last fifth of each fades out.

    Parameters
    ----------
    drum : {"kick", "snare", "hihat"}
        Which drum.
    sr : int
        Sampling rate in Hz, at least 4000.
    rng : np.random.Generator
        Source of the noise.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The sound from the moment of the stroke, float32; peaks 0.5 (kick), 0.3 (snare) and 0.12 (hi-hat).

    Raises
    ------
    AudioCourseError
        If there is no such drum, or sr or rng is invalid.

    Examples
    --------
    >>> drum_hit("kick", sr=8000, rng=np.random.default_rng(1)).shape
    (2400,)

    Notebook: 01d_pitch_and_rhythm
    """
    if drum not in DRUMS:
        raise AudioCourseError(f"There is no drum {drum!r}: choose one of {', '.join(DRUMS)}.")
    require_between("sr (Hz)", sr, 4000, 1e6)
    time = np.arange(sample_count(_HIT_SECONDS[drum], sr)) / sr
    noise = require_rng(rng).standard_normal(time.size)
    if drum == "kick":
        hit = np.exp(-time / 0.08) * np.sin(2 * np.pi * (50 * time + 100 * 0.03 * (1 - np.exp(-time / 0.03))))
    elif drum == "snare":
        hit = np.exp(-time / 0.04) * (noise + 2 * np.sin(2 * np.pi * 190 * time))
    else:
        hit = np.exp(-time / 0.012) * np.diff(noise, n=2, prepend=[0, 0])
    hit *= _PEAKS[drum] / np.abs(hit).max() * np.minimum(1, 5 * (1 - time / time[-1]))  # no click at the end
    return hit.astype(np.float32)


def drum_loop(
    bpm: float, *, bars: int, sr: int, rng: np.random.Generator, swing: float = 0.0, pattern: str = "rock"
) -> Rhythm:
    """Synthesise a drum pattern, bar after bar.

    Position p of bar i (in beats of a bar of B) is at (60 / bpm) · (B · i + p) seconds; a position between two beats
    comes later by swing / 6 of a beat, so that with swing 1 the eighths are those of a triplet, ⅔ and ⅓. Each stroke
    has its own force, 0.8 to 1.

    Parameters
    ----------
    bpm : float
        Tempo in beats per minute, 30 to 300.
    bars : int
        Their number, 1 to 1000. The sound ends with the last one.
    sr : int
        Sampling rate in Hz, at least 4000.
    rng : np.random.Generator
        Source of force and noise.
    swing : float
        From 0, straight, to 1, triplets.
    pattern : {"rock", "waltz", "bossa"}
        The rhythm; a waltz has three beats in a bar, the others four. In a bossa many strokes are on no beat.

    Returns
    -------
    Rhythm
        Sound (−25 to −20 dB re full scale at 120 BPM, louder when faster), beats, onsets and bpm. The first onset is
        at 0.

    Raises
    ------
    AudioCourseError
        If there is no such pattern, or an option is out of range.

    Examples
    --------
    >>> loop = drum_loop(120, bars=1, sr=8000, rng=np.random.default_rng(1), pattern="waltz")
    >>> loop.beats, loop.onsets
    (array([0. , 0.5, 1. ]), array([0.  , 0.5 , 1.  , 1.25]))

    Notebook: 01d_pitch_and_rhythm
    """
    require_between("bpm", bpm, 30, 300)
    require_between("swing", swing, 0, 1)
    require_between("sr (Hz)", sr, 4000, 1e6)
    if isinstance(bars, bool) or not isinstance(bars, int) or not 1 <= bars <= 1000:
        raise AudioCourseError(f"bars is {bars!r}, but it must be a whole number from 1 to 1000.")
    if pattern not in PATTERNS:
        raise AudioCourseError(f"There is no pattern {pattern!r}: choose one of {', '.join(PATTERNS)}.")
    beats_a_bar, strokes = _PATTERNS[pattern]
    beat = 60 / bpm
    y = np.zeros(sample_count(bars * beats_a_bar * beat, sr), dtype=np.float32)
    onsets: set[float] = set()
    for drum, positions in strokes.items():
        times = _bar_times(positions, bars, beats_a_bar, swing) * beat
        _strike(y, times, drum, sr, require_rng(rng))
        onsets.update(times.tolist())
    return Rhythm(y, sr, np.arange(bars * beats_a_bar) * beat, np.array(sorted(onsets)), float(bpm))


def _bar_times(positions: list[float], bars: int, beats_a_bar: int, swing: float) -> FloatArray:
    """Return the positions of all bars in beats from the start, those between beats delayed by the swing."""
    place = np.array(positions)
    swung = place + swing / 6 * (place % 1 != 0)
    times: FloatArray = np.arange(bars)[:, np.newaxis] * beats_a_bar + swung  # (bars, positions)
    return times.ravel()


def _strike(y: FloatArray, times: FloatArray, drum: str, sr: int, rng: np.random.Generator) -> None:
    """Add one drum at each of the times; samples beyond the end are dropped."""
    for start in np.round(times * sr).astype(int):
        hit = rng.uniform(_SOFTEST, 1) * drum_hit(drum, sr=sr, rng=rng)
        y[start : start + hit.size] += hit[: max(0, y.size - start)]


def _require_times(times: FloatArray | Sequence[float], seconds: float) -> FloatArray:
    """Refuse times that do not rise or lie outside the sound; return them as an array."""
    try:
        values = np.asarray(times, dtype=np.float64)
    except (TypeError, ValueError):
        raise AudioCourseError("times are seconds: pass a list or an array of numbers.") from None
    if values.ndim != 1 or not np.all((values >= 0) & (values < seconds)) or np.any(np.diff(values) < 0):
        raise AudioCourseError(f"times must be rising numbers of seconds from 0 to before the end at {seconds:g} s.")
    return values
