"""Melodies with known notes and f0, to try measurements of pitch on.

The tones are sums of harmonics that follow one contour of f0. Their timbres are only named after instruments: they
differ in how the energy is spread over the harmonics, which can mislead a pitch tracker.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_frequency, require_positive, sample_count
from audiocourse.signal import FloatArray, midi_to_hz

LEVEL_DB = -20.0  # re full scale, root mean square where there is sound
VIBRATO_HZ = 5.5  # as singers have it
ATTACK = 0.01  # seconds
RELEASE = 0.03  # seconds

_FORMANTS = ((700.0, 130.0, 1.0), (1220.0, 160.0, 0.5), (2600.0, 250.0, 0.25))  # an "ah": Hz, width in Hz, amplitude


def _voice(_: int, hz: FloatArray) -> FloatArray:
    """Weight the harmonics by resonances at fixed frequencies, as a vocal tract does: the strongest changes with f0."""
    resonance = sum(peak / (1 + ((hz - centre) / width) ** 2) for centre, width, peak in _FORMANTS)
    return np.asarray(resonance + 0.02)


TIMBRES: dict[str, Callable[[int, FloatArray], float | FloatArray]] = {  # amplitude of harmonic k, which is at hz
    "flute": lambda k, _: (1.0, 0.3, 0.1, 0.03)[k - 1] if k <= 4 else 0.0,
    "string": lambda k, _: 1 / k,
    "voice": _voice,
    "weak_fundamental": lambda k, _: 0.03 if k == 1 else 1 / k,
}
_MAX_HARMONICS = {"flute": 4, "string": 30, "voice": 40, "weak_fundamental": 20}


@dataclass(frozen=True)
class Note:
    """A note and its interval.

    Parameters
    ----------
    start, end : float
        In seconds.
    midi : float
        Its pitch, 69 for A4 = 440 Hz and 1 for each semitone; a fraction lies between two keys of a piano.

    Notebook: 01d_pitch_and_rhythm
    """

    start: float
    end: float
    midi: float

    @property
    def hz(self) -> float:
        """The frequency: 440 · 2^((midi − 69) / 12) Hz; what vibrato swings around."""
        return float(midi_to_hz(self.midi))


@dataclass(frozen=True, eq=False)
class Melody:
    """A melody and its ground truth.

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The sound, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    notes : tuple of Note
        In order; rests are left out.
    f0 : np.ndarray [shape=(samples,)]
        Fundamental frequency in Hz at every sample, float32; 0 in rests.

    Notebook: 01d_pitch_and_rhythm
    """

    y: FloatArray
    sr: int
    notes: tuple[Note, ...]
    f0: FloatArray

    def f0_at(self, times: FloatArray) -> FloatArray:
        """Return the fundamental frequency at t = times [shape=(times,)] in seconds, in Hz, float64.

        f0[⌊t · sr⌋], 0 where nothing sounds, before the start and after the end.
        """
        if not np.all(np.isfinite(times)):
            raise AudioCourseError("There is NaN or infinity among the times: pass seconds.")
        sample = np.floor(np.clip(times * self.sr + 1e-6, -1, self.f0.size)).astype(
            int
        )  # n / sr · sr may fall short of n
        inside = (sample >= 0) & (sample < self.f0.size)
        return np.where(inside, self.f0[np.where(inside, sample, 0)], 0.0).astype(np.float64)


def melody(
    midi: Sequence[float | None],
    *,
    beats: Sequence[float],
    bpm: float,
    sr: int,
    timbre: str = "flute",
    vibrato_cents: float = 0.0,
) -> Melody:
    """Play notes one after the other.

    f0(t) = 440 · 2^((midi − 69) / 12) · 2^(c / 1200 · sin(2π · 5.5 Hz · t)), t from the start of each note and c =
    vibrato_cents; sounded by `tone_along`.

    Parameters
    ----------
    midi : sequence of float or None
        The notes, 69 for A4 = 440 Hz and 1 for each semitone; None is a rest.
    beats : sequence of float
        Their lengths in beats.
    bpm : float
        Beats a minute, 10 to 600.
    sr : int
        Sampling rate in Hz.
    timbre : str
        One of `TIMBRES`: "flute" (nearly a sine), "string" (1 / k), "voice" (resonances of an "ah"), "weak_fundamental"
        (harmonic 1 is 24 dB below harmonic 2).
    vibrato_cents : float
        Depth of the vibrato to either side, 0 to 200 cents.

    Returns
    -------
    Melody
        The sound, −20 dB re full scale in every note, with its notes and its f0. Notes start at once and fade within 30
        ms before their end.

    Raises
    ------
    AudioCourseError
        If there is no note, their numbers differ, or pitch, duration, tempo, rate, timbre or vibrato is out of range.

    Examples
    --------
    >>> song = melody([69, None, 71.5], beats=[1, 1, 2], bpm=120, sr=8000)
    >>> [(note.start, note.end) for note in song.notes], song.f0_at(np.array([0.25, 0.75, 1.5])).round(1)
    ([(0.0, 0.5), (1.0, 2.0)], array([440. ,   0. , 508.4]))

    Notebook: 01d_pitch_and_rhythm
    """
    require_positive(sr=sr)
    if len(midi) != len(beats) or all(pitch is None for pitch in midi):
        raise AudioCourseError(
            f"There are {len(midi)} notes and {len(beats)} durations in beats: pass as many, and at least one note "
            "that is not a rest."
        )
    beat = 60 / require_between("bpm", bpm, 10, 600)
    ends = np.cumsum([require_between("A duration in beats", length, 0.01, 1000) for length in beats]) * beat
    sample_count(float(ends[-1]), sr)
    swing = require_between("vibrato_cents", vibrato_cents, 0, 200) / 1200
    edges = np.rint(np.concatenate([[0.0], ends]) * sr).astype(int).tolist()
    y = np.zeros(edges[-1], np.float32)
    f0 = np.zeros(edges[-1], np.float32)
    notes = []
    for pitch, (start, end) in zip(midi, pairwise(edges), strict=True):
        if pitch is not None:
            note = Note(start / sr, end / sr, require_between("A note's MIDI number", pitch, 0, 127))
            vibrato = 2 ** (swing * np.sin(2 * np.pi * VIBRATO_HZ * np.arange(end - start) / sr))
            f0[start:end] = note.hz * vibrato
            y[start:end] = tone_along(f0[start:end], sr=sr, timbre=timbre)
            notes.append(note)
    return Melody(y, sr, notes=tuple(notes), f0=f0)


def chord(midi: Sequence[float], *, seconds: float, sr: int, timbre: str = "string") -> FloatArray:
    """Play notes together.

    y = c · Σ tones, each by `tone_along`; c follows from the level.

    Parameters
    ----------
    midi : sequence of float
        The notes, 69 for A4 = 440 Hz and 1 for each semitone.
    seconds : float
        Duration.
    sr : int
        Sampling rate in Hz.
    timbre : str
        As in `melody`.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, float32, −20 dB re full scale.

    Raises
    ------
    AudioCourseError
        If there is no note, or pitch, duration, rate or timbre is out of range.

    Examples
    --------
    >>> y = chord([60, 64, 67], seconds=1, sr=8000)
    >>> round(float(20 * np.log10(np.sqrt(np.mean(y**2)))), 2)
    -20.0

    Notebook: 01d_pitch_and_rhythm
    """
    if len(midi) == 0:
        raise AudioCourseError("A chord needs at least one note: pass MIDI numbers such as [60, 64, 67].")
    samples = sample_count(seconds, sr)
    notes = [Note(0.0, seconds, require_between("A note's MIDI number", pitch, 0, 127)) for pitch in midi]
    tones = [tone_along(np.full(samples, note.hz), sr=sr, timbre=timbre) for note in notes]
    return _at_level(np.sum(tones, axis=0, dtype=np.float64), samples)


def tone_along(f0: FloatArray, *, sr: int, timbre: str = "flute") -> FloatArray:
    """Synthesise a tone that follows a contour of its fundamental frequency.

    y[n] = c · e[n] · Σ_k a_k · sin(k · φ[n]), φ[n] = 2π / sr · (f0[0] + … + f0[n]), over the harmonics below sr / 2.
    a_k is the timbre, e fades each sound in (10 ms) and out (30 ms), and c follows from the level.

    The phase is the sum of all frequencies so far. sin(2π · f0[n] · n / sr) would be wrong as soon as f0 moves: its
    frequency would move by n times as much.

    Parameters
    ----------
    f0 : np.ndarray [shape=(samples,)]
        Fundamental frequency in Hz at every sample, below sr / 2; 0 where nothing sounds.
    sr : int
        Sampling rate in Hz.
    timbre : str
        As in `melody`.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, float32, −20 dB re full scale where f0 > 0, and 0 elsewhere.

    Raises
    ------
    AudioCourseError
        If f0 is not an array of frequencies between 0 and sr / 2, nothing sounds, or the timbre is unknown.

    Examples
    --------
    >>> glide = tone_along(np.linspace(200, 400, 8000), sr=8000)
    >>> glide.shape, glide.dtype
    ((8000,), dtype('float32'))

    Notebook: 01d_pitch_and_rhythm
    """
    contour = np.asarray(f0, dtype=np.float64)
    if contour.ndim != 1 or not np.all(contour >= 0) or not np.any(contour > 0):
        raise AudioCourseError("f0 must be one frequency in Hz for each sample, 0 in silence, and not 0 throughout.")
    require_frequency("The highest f0", float(contour.max()), sr)
    if timbre not in TIMBRES:
        raise AudioCourseError(f"There is no timbre {timbre!r}: choose one of {', '.join(TIMBRES)}.")
    phase = 2 * np.pi / sr * np.cumsum(contour)
    sound = np.zeros_like(contour)
    lowest = contour[contour > 0].min()
    for k in range(1, 1 + min(_MAX_HARMONICS[timbre], int(sr / 2 / lowest))):
        below = np.clip((sr / 2 - k * contour) / (0.05 * sr), 0, 1)  # the topmost fade out as they near sr / 2
        sound += below * TIMBRES[timbre](k, k * contour) * np.sin(k * phase)
    return _at_level(_fades(contour > 0, sr) * sound, int(np.count_nonzero(contour)))


def _fades(sounding: np.ndarray, sr: int) -> FloatArray:
    """Return an envelope that fades each sound in and out with half a period of a cosine, so that it does not click."""
    envelope = np.zeros(sounding.size)
    edges = np.flatnonzero(np.diff(sounding, prepend=False, append=False)).reshape(-1, 2)  # (sounds, start and end)
    for start, end in edges:
        n = np.arange(end - start)
        rise = np.minimum((n + 0.5) / (ATTACK * sr), 1)
        fall = np.minimum((end - start - n - 0.5) / (RELEASE * sr), 1)
        envelope[start:end] = 0.25 * (1 - np.cos(np.pi * rise)) * (1 - np.cos(np.pi * fall))
    return envelope


def _at_level(sound: FloatArray, samples: int) -> FloatArray:
    """Scale a sound to its level, over the samples that sound."""
    rms = np.sqrt(np.sum(sound**2) / samples)
    y: FloatArray = (10 ** (LEVEL_DB / 20) / rms * sound).astype(np.float32)
    return y
