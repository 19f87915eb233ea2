"""Notes played by sums of sines and by noise: a second synthesiser beside the recorded instruments of `soundfont`.

Both play the same notes at the same times. What a classifier learned on the sound of one of them may fail on the other.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.require import require_between, require_positive, sample_count
from audiocourse.signal import FloatArray, midi_to_hz
from audiocourse.sounds.music.drums import drum_hit
from audiocourse.sounds.music.soundfont import PEAK, TAIL, Part, PlayedNote

_MAX_HARMONICS = 16
_RELEASE = 0.06  # seconds a tone fades out in, after the end of its note
_LOW_KEYS = (35, 36, 41, 43, 45, 47, 48, 50, 61, 64, 66)  # General MIDI: bass drums, toms, low conga and bongo
_MID_KEYS = (37, 38, 39, 40, 60, 62, 63, 65)  # snares, stick, clap, high conga and bongo; any other key is a cymbal


def render_additive(parts: Iterable[Part], *, sr: int = 22_050, seconds: float | None = None) -> FloatArray:
    """Play parts together on synthetic instruments.

    y = c · Σ (v / 127)² · e(t) · Σ_k k^(−a) · sin(2π · k · f0 · t); c makes the peak 0.5. The exponent a, whether even
    harmonics are there, and attack and decay of the envelope e follow from the number of the program; drums are those
    of `drum_hit`.

    Parameters
    ----------
    parts : iterable of Part
        The parts.
    sr : int
        Sampling rate in Hz, 4000 to 192 000.
    seconds : float, optional
        Duration; if not given, the sound ends 1 s after the last note.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, mono, float32.

    Raises
    ------
    AudioCourseError
        If nothing sounds, or an option is out of range.

    Examples
    --------
    >>> y = render_additive([Part("melody", program=0, notes=(PlayedNote(0.0, 0.5, midi=69),))])
    >>> y.shape, float(np.abs(y).max())
    ((33075,), 0.5)
    """
    parts = list(parts)
    require_positive(sr=sr)
    require_between("sr (Hz)", sr, 4000, 192_000)
    last = max((note.end for part in parts for note in part.notes), default=0.0)
    y = np.zeros(sample_count(last + TAIL if seconds is None else seconds, sr))
    for part in parts:
        for note in part.notes:
            start = round(note.start * sr)
            sound = _drum(note.midi, part.program, sr) if part.drums else _tone(note, part.program, sr)
            sound = sound[: max(0, y.size - start)]
            y[start : start + sound.size] += (note.velocity / 127) ** 2 * sound
    peak = float(np.abs(y).max())
    if peak == 0:
        raise AudioCourseError("Nothing sounds: pass at least one note that begins before the end.")
    return np.clip(PEAK / peak * y, -PEAK, PEAK).astype(np.float32)


def _tone(note: PlayedNote, program: int, sr: int) -> FloatArray:
    """Play a note at full velocity."""
    return _harmonics(float(note.midi), round((note.end - note.start) * sr), program, sr)


@lru_cache(maxsize=512)
def _harmonics(midi: float, held: int, program: int, sr: int) -> FloatArray:
    """Sum the harmonics of a note; cached, because a song repeats its notes."""
    rng = np.random.default_rng(program)  # the timbre of the program
    exponent = rng.uniform(0.6, 2.2)
    step = 1 if rng.random() < 0.7 else 2
    attack = rng.uniform(0.003, 0.04)
    decay = rng.uniform(0.15, 2.0)
    f0 = float(midi_to_hz(midi))
    time = np.arange(held + round(_RELEASE * sr)) / sr
    tone = np.zeros(time.size)
    for k in range(1, _MAX_HARMONICS + 1, step):
        if k * f0 < 0.45 * sr:
            tone += k**-exponent * np.sin(2 * np.pi * k * f0 * time)
    fall = np.clip(1 - (time - held / sr) / _RELEASE, 0, 1)
    envelope = np.minimum(time / attack, 1) * np.exp(-time / decay) * fall
    return np.asarray(0.25 * envelope * tone)


@lru_cache(maxsize=64)
def _drum(key: float, kit: int, sr: int) -> FloatArray:
    """Play a drum at full velocity; its noise follows from kit and key."""
    drum = "kick" if key in _LOW_KEYS else "snare" if key in _MID_KEYS else "hihat"
    return drum_hit(drum, sr=sr, rng=np.random.default_rng([kit, int(key)]))
