"""Notes played by recorded instruments: a small player for the SoundFont in `sf2`.

It is written with NumPy because the libraries that play SoundFonts either need a system library (FluidSynth) or have no
wheels for some systems and versions of Python (tinysoundfont). It omits features that do not change the timing of notes
and that this font hardly uses: modulators, stereo, reverb, chorus. The instruments are those of a General MIDI
synthesizer of the 1990s: a detector of pitch, onsets or chords meets real attacks, decays and overtones, but no
player's phrasing, no room and no two strokes that differ in more than their level.

Source: SoundFont Technical Specification 2.04 (E-mu Systems, 2006), section 8.1.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy.signal
import soxr

from audiocourse.errors import AudioCourseError
from audiocourse.require import MAX_SECONDS, require_between, require_positive, sample_count
from audiocourse.signal import FloatArray, IntArray
from audiocourse.sounds.music.melody import Note
from audiocourse.sounds.music.sf2 import DRUM_BANK, Zone, zones

PEAK = 0.5  # of every rendering: −6 dB re full scale
MAX_NOTE_SECONDS = 60.0  # seconds
TAIL = 1.0  # seconds that ring on after the last note

_RATE = 44_100  # notes are played at the rate of most recordings and resampled together
_BLOCK = 64  # samples for which a filter or a bend is constant: 1.5 ms
_MIN_RELEASE = 0.01  # seconds: anything shorter clicks
_MAX_RELEASE = 4.0  # seconds: a note may go on for so long after its end
_OPEN_FILTER = 18_000.0  # Hz: from there on a filter has no effect
_AUDIBLE = 0.8  # of a release, which lasts for 100 dB: until the note is 80 dB softer
_FADE = 0.01  # seconds, where something is cut off
_ATTENUATION = 0.4  # of the dB in the file: as E-mu's hardware did, on which fonts were balanced


@dataclass(frozen=True)
class PlayedNote(Note):
    """A note and its velocity.

    Parameters
    ----------
    start, end : float
        In seconds; the instrument may ring on after the end.
    midi : float
        Its pitch, 69 for A4 = 440 Hz; of a drum kit: which drum.
    velocity : int
        1 to 127; the level is 40 · log10(velocity / 127) dB.
    """

    velocity: int = 100


@dataclass(frozen=True)
class Part:
    """The notes of one player on one instrument.

    Parameters
    ----------
    name : str
        "melody", "bass" and so on.
    program : int
        The instrument's number in General MIDI, counted from 0; of drums the kit, 0 for the standard one.
    notes : tuple of PlayedNote
        Sorted by start.
    drums : bool
        Whether it is a drum kit, where each key is a drum.
    """

    name: str
    program: int
    notes: tuple[PlayedNote, ...]
    drums: bool = False


def render(parts: Iterable[Part], *, sr: int = 22_050, seconds: float | None = None) -> FloatArray:
    """Play parts together on the instruments of the SoundFont, at A4 = 440 Hz.

    y = c · Σ (v / 127)² · tone(program, key, duration), each from its start; c makes the peak 0.5.

    Parameters
    ----------
    parts : iterable of Part
        The parts.
    sr : int
        Sampling rate in Hz, 4000 to 192 000.
    seconds : float, optional
        Duration; later sound is cut off with a fade of 10 ms. If not given, the sound ends 1 s after the last note.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        y, mono, float32. Its peak is always −6 dB re full scale: one note is as loud as an orchestra. The
        same parts give the same samples in every call and process on the same kind of machine.

    Raises
    ------
    AudioCourseError
        If nothing sounds, a note, instrument or option is out of range, or the SoundFont is not installed.

    Examples
    --------
    >>> y = render([Part("melody", program=0, notes=(PlayedNote(0.0, 0.5, midi=69),))])
    >>> y.shape, float(np.abs(y).max())
    ((33075,), 0.5)
    """
    parts = _require_parts(parts)
    require_positive(sr=sr)
    require_between("sr (Hz)", sr, 4000, 192_000)
    last = max((note.end for part in parts for note in part.notes), default=0.0)
    length = sample_count(last + TAIL if seconds is None else seconds, sr)
    mixed = np.zeros(math.ceil(length * _RATE / sr), dtype=np.float64)
    for part in parts:
        _play(mixed, part)
    y = soxr.resample(mixed, _RATE, sr)[:length] if sr != _RATE else mixed
    y = np.pad(y, (0, length - y.size)) * _fade_out(length, sr)
    peak = float(np.abs(y).max())
    if peak == 0:
        raise AudioCourseError("Nothing sounds: pass at least one note that begins before the end.")
    # In float32 PEAK / peak · peak may come out a little above PEAK.
    return np.clip(PEAK / peak * y, -PEAK, PEAK).astype(np.float32)


def tone(midi: float, *, program: int, seconds: float, drums: bool = False) -> FloatArray:
    """Play one note at full velocity, with its whole release.

    Σ over the zones of its key: level(t) · filter(recording(position(t))), at 44 100 Hz.

    Parameters
    ----------
    midi : float
        Its pitch, 69 for A4 = 440 Hz, 0 to 127; a fraction bends the recording of the nearest key. Of a drum kit: which
        drum.
    program : int
        The instrument's number in General MIDI, counted from 0; of drums the kit.
    seconds : float
        Time for which the key is held.
    drums : bool
        Whether it is a drum kit.

    Returns
    -------
    np.ndarray [shape=(samples,)]
        The sound at 44 100 Hz, float32, read-only.

    Raises
    ------
    AudioCourseError
        If pitch, duration or instrument is out of range, the instrument has no such key, or the SoundFont is not
        installed.

    Examples
    --------
    >>> tone(60, program=0, seconds=0.5).size > 22050
    True
    """
    _require_note(PlayedNote(0.0, seconds, midi))
    return _tone(float(midi), DRUM_BANK if drums else 0, program, round(seconds * _RATE))


def _require_parts(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Refuse parts that are not a list of Part, and notes that cannot be played."""
    listed = tuple(parts) if isinstance(parts, Iterable) else ()
    if not isinstance(parts, Iterable) or not all(isinstance(part, Part) for part in listed):
        raise AudioCourseError("render plays a list of parts: pass song.parts, or [song.part('melody')].")
    for part in listed:
        for note in part.notes:
            _require_note(note)
    return listed


def _require_note(note: PlayedNote) -> None:
    """Refuse a note that cannot be played."""
    require_between("A note's MIDI number", note.midi, 0, 127)
    require_between("A note's velocity", note.velocity, 1, 127)
    require_between("A note's start in seconds", note.start, 0, MAX_SECONDS)
    require_between("A note's end in seconds", note.end, 0, MAX_SECONDS)
    if not 0 < note.end - note.start <= MAX_NOTE_SECONDS:
        raise AudioCourseError(
            f"A note cannot be from {note.start:g} to {note.end:g} s: let it last for up to {MAX_NOTE_SECONDS:g} s."
        )


def _play(mixed: FloatArray, part: Part) -> None:
    """Add the notes of a part."""
    bank = DRUM_BANK if part.drums else 0
    for note, until in zip(part.notes, _silenced(part, bank), strict=True):
        start = round(note.start * _RATE)
        sound = _tone(float(note.midi), bank, part.program, round((note.end - note.start) * _RATE))
        sound = sound[: max(0, round(min(until * _RATE, mixed.size)) - start)]
        if until < np.inf:
            sound = sound * _fade_out(sound.size, _RATE)
        mixed[start : start + sound.size] += (note.velocity / 127) ** 2 * sound


def _silenced(part: Part, bank: int) -> FloatArray:
    """Return when another note silences each: a closed hi-hat the open one, which is the same pair of cymbals."""
    starts = np.array([note.start for note in part.notes])
    groups = np.array([_excludes(note.midi, bank, part.program) for note in part.notes])
    until = np.full(starts.size, np.inf)
    for group in set(groups.tolist()) - {0}:
        times, which = np.unique(starts[groups == group], return_inverse=True)
        until[groups == group] = np.append(times[1:], np.inf)[which]
    return until


def _excludes(midi: float, bank: int, program: int) -> int:
    """Return the group of drums of which only one sounds at a time; 0 if there is none."""
    return max(zone.generators["excludes"] for zone in _sounding(midi, bank, program))


def _sounding(midi: float, bank: int, program: int) -> list[Zone]:
    """Find the zones that sound together for a key."""
    found = [zone for zone in zones(bank, program) if zone.low <= round(midi) <= zone.high]
    if not found:
        raise AudioCourseError(
            f"Program {program} has no recording for key {midi:g}: choose another key or instrument."
        )
    return found


@lru_cache(maxsize=256)
def _tone(midi: float, bank: int, program: int, held: int) -> FloatArray:
    """Play one note; cached, because a song repeats its notes."""
    voices = [_voice(zone, midi, held) for zone in _sounding(midi, bank, program)]
    sound = np.zeros(max(voice.size for voice in voices), dtype=np.float32)
    for voice in voices:
        sound[: voice.size] += voice
    sound.flags.writeable = False
    return sound


def _voice(zone: Zone, midi: float, held: int) -> FloatArray:
    """Play the recording of one zone, with a moving position, filter and level."""
    use = zone.generators
    cents = (midi - zone.root) * use["cents_a_key"] + zone.correction
    release = min(max(_seconds(use["level_release"]), _MIN_RELEASE), _MAX_RELEASE)
    samples = min(held + round(_AUDIBLE * release * _RATE), _longest(zone, cents))
    time = np.arange(0, samples, _BLOCK) / _RATE
    tremor = _triangle(time, use["tremor_delay"], use["tremor_frequency"])
    shape = _shape(zone, time, held / _RATE)
    bend = use["tremor_to_pitch"] * tremor + use["shape_to_pitch"] * shape
    bend += use["vibrato_to_pitch"] * _triangle(time, use["vibrato_delay"], use["vibrato_frequency"])
    sound = _recording(zone, np.repeat(_step(zone, cents + bend), _BLOCK)[:samples], held)
    cutoff = use["cutoff"] + use["tremor_to_cutoff"] * tremor + use["shape_to_cutoff"] * shape
    sound = _lowpass(sound, cutoff, use["resonance"] / 10)
    gain_db = use["tremor_to_level"] / 10 * tremor - _ATTENUATION * use["attenuation"] / 10
    gain = np.repeat(10 ** (gain_db / 20), _BLOCK)[: sound.size]
    return (sound * gain * _level(zone, sound.size, midi, held / _RATE, release)).astype(np.float32)


def _step(zone: Zone, cents: FloatArray | float) -> FloatArray:
    """Return how many samples of the recording pass per output sample."""
    return np.asarray(zone.sr / _RATE * 2 ** (cents / 1200))


def _longest(zone: Zone, cents: float) -> int:
    """Return how long a recording lasts without its loop, if it has none."""
    use = zone.generators
    if use["loops"] in (1, 3):
        return round(MAX_SECONDS * _RATE)
    lowest = cents - sum(abs(use[name]) for name in ("tremor_to_pitch", "vibrato_to_pitch", "shape_to_pitch"))
    return int(zone.wave.size / float(_step(zone, lowest))) + 1


def _recording(zone: Zone, step: FloatArray, held: int) -> FloatArray:
    """Interpolate a recording, repeating its loop (3: only while the key is held), to its end."""
    position = np.cumsum(step) - step
    start, end = zone.loop
    if zone.generators["loops"] in (1, 3):
        looping = position >= end
        if zone.generators["loops"] == 3:
            turns = (position[min(held, position.size) - 1] - start) // (end - start)
            position[held:] -= max(0.0, turns) * (end - start)
            looping[held:] = False
        position[looping] = start + (position[looping] - start) % (end - start)
    position = position[: np.count_nonzero(position < zone.wave.size - 1)]
    index = position.astype(np.int64)
    return _cubic(zone.wave, index, (position - index).astype(np.float32))


def _cubic(wave: FloatArray, index: IntArray, part: FloatArray) -> FloatArray:
    """Interpolate between samples by a cubic through four (Catmull and Rom 1974)."""
    before, here, after, later = (wave[np.clip(index + offset, 0, wave.size - 1)] for offset in (-1, 0, 1, 2))
    slope = (after - before) / 2
    next_slope = (later - here) / 2
    rise = after - here
    interpolated: FloatArray = here + part * (
        slope + part * (3 * rise - 2 * slope - next_slope + part * (slope + next_slope - 2 * rise))
    )
    return interpolated


def _lowpass(sound: FloatArray, cutoff: FloatArray, resonance_db: float) -> FloatArray:
    """Filter with two poles whose cutoff, in cents above 8.176 Hz, moves in steps of a quarter tone."""
    filtered = sound.copy()
    steps = 50 * np.round(cutoff[: math.ceil(sound.size / _BLOCK)] / 50)
    edges = _BLOCK * np.flatnonzero(np.diff(steps, prepend=-np.inf))
    state = np.zeros(2)
    for start, end in zip(edges, [*edges[1:], sound.size], strict=True):
        hertz = _hertz(float(steps[start // _BLOCK]))
        if hertz < _OPEN_FILTER:
            filtered[start:end], state = scipy.signal.lfilter(
                *_two_poles(hertz, resonance_db), sound[start:end], zi=state
            )
    return filtered


def _two_poles(hertz: float, resonance_db: float) -> tuple[list[float], list[float]]:
    """Return the coefficients of a low-pass filter by the bilinear transform."""
    k = np.tan(np.pi * hertz / _RATE)
    damping = k * 10 ** (-resonance_db / 20)
    norm = 1 / (1 + damping + k * k)
    return [k * k * norm, 2 * k * k * norm, k * k * norm], [1.0, 2 * (k * k - 1) * norm, (1 - damping + k * k) * norm]


def _seconds(timecents: float) -> float:
    """Turn timecents into seconds: 2^(timecents / 1200)."""
    return float(2 ** (timecents / 1200))


def _hertz(cents: float) -> float:
    """Turn cents above MIDI note 0 into a frequency."""
    return float(8.176 * 2 ** (cents / 1200))


def _triangle(time: FloatArray, delay: int, frequency: int) -> FloatArray:
    """Return a triangle wave between −1 and 1 that starts upwards from 0, after a delay."""
    periods = np.maximum(time - _seconds(delay), 0) * _hertz(frequency)
    return np.asarray(2 * np.abs(2 * ((periods - 0.25) % 1) - 1) - 1)


def _rise_and_fall(zone: Zone, kind: str, time: FloatArray, decay: float) -> tuple[FloatArray, FloatArray]:
    """Return the attack of an envelope, from 0 to 1, and the progress of its decay, from 0 to 1 and on."""
    delay, attack, hold = (_seconds(zone.generators[f"{kind}_{stage}"]) for stage in ("delay", "attack", "hold"))
    rise = np.clip((time - delay) / attack, 0, 1)
    return rise, np.maximum(time - delay - attack - hold, 0) / _seconds(decay)


def _level(zone: Zone, samples: int, midi: float, held: float, release: float) -> FloatArray:
    """Return the level of a note over time: linear attack, then dB after dB, 100 of them in a decay or a release."""
    use = zone.generators
    time = np.arange(samples) / _RATE
    decay = use["level_decay"] + (60 - midi) * use["key_to_level_decay"]
    rise, fallen = _rise_and_fall(zone, "level", np.minimum(time, held), decay)
    decibels = np.minimum(100 * fallen, use["level_sustain"] / 10) + 100 * np.maximum(time - held, 0) / release
    return np.asarray(rise * 10 ** (-decibels / 20))


def _shape(zone: Zone, time: FloatArray, held: float) -> FloatArray:
    """Return the envelope that moves pitch and filter, from 0 to 1; its attack makes a filter open linearly in Hz."""
    use = zone.generators
    rise, fallen = _rise_and_fall(zone, "shape", np.minimum(time, held), use["shape_decay"])
    rise = np.maximum(1 + np.log10(np.maximum(rise, 1e-9)) / 2.4, 0)  # 0 to 1 in 96 dB
    released = np.maximum(time - held, 0) / _seconds(use["shape_release"])
    return np.asarray(np.maximum(rise * (1 - np.minimum(fallen, use["shape_sustain"] / 1000)) - released, 0))


def _fade_out(samples: int, sr: int) -> FloatArray:
    """Return a gain of 1 that falls to 0 at the end."""
    return np.clip((samples - np.arange(samples)) / max(1, round(_FADE * sr)), 0, 1)
