"""Scenes of sound events in a room, against a background, with the ground truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval, active_samples, shift
from audiocourse.require import require_between, require_choice, require_rng, sample_count
from audiocourse.signal import FloatArray
from audiocourse.sounds.acoustics.mix import HIGHEST_PEAK
from audiocourse.sounds.acoustics.noise import COLORS, babble, noise
from audiocourse.sounds.acoustics.room import reverberate, room_impulse_response
from audiocourse.sounds.events.kinds import EVENTS, Event, event
from audiocourse.sounds.events.outdoors import street

BACKGROUNDS = (*COLORS, "babble", "street")
MAX_SCENE_SECONDS = 120.0  # seconds
MAX_EVENTS = 50

_BACKGROUND_RMS = 0.01  # −40 dB re full scale, before the scene is attenuated
_CELL = 0.01  # seconds: the grid on which events are placed
_LEAST_GAP = 0.3  # seconds between two events of one kind, so that they stay two
_TRIES = 6  # for each event: one that finds no place is drawn again
_ROUNDS = 40  # where an event finds no place, all are drawn again
_SHORTER = 0.75  # and last so much shorter


@dataclass(frozen=True, eq=False)
class EventScene:
    """Events against a background, and the ground truth.

    y = clean + noise, clean = Σ_i tracks[i]

    Parameters
    ----------
    y : np.ndarray [shape=(samples,)]
        The recording, float32 in [-1, 1].
    sr : int
        Sampling rate in Hz.
    events : list of Interval
        Each event with its kind as label, sorted by start: from the first to the last moment at which the dry event is
        above −40 dB re its peak. Reverberation after that does not count, and at a low ratio the end of an event is
        inaudible in the noise.
    parts : list of Interval
        The same without pauses of more than 0.2 s: single shots, barks, rings. Sorted by start.
    tracks : np.ndarray [shape=(events, samples)]
        Each event alone, reverberant, as loud as it is in y.
    clean, noise : np.ndarray [shape=(samples,)]
        All events, and the background.
    snr_db : list of float
        For each event its power re that of the background over the samples in which the event is audible, in dB.
    gain : float
        Applied to everything: 1, or less where the scene would have passed full scale.
    """

    y: FloatArray
    sr: int
    events: list[Interval]
    parts: list[Interval]
    tracks: FloatArray
    clean: FloatArray
    noise: FloatArray
    snr_db: list[float]
    gain: float


def event_scene(
    *,
    rng: np.random.Generator,
    seconds: float = 10.0,
    sr: int = 16_000,
    events: int = 4,
    kinds: Sequence[str] = EVENTS,
    snr_db: float | tuple[float, float] = (0.0, 20.0),
    background: str = "pink",
    rt60: float | None = None,
    polyphony: int = 2,
    same_kind_gap: float = _LEAST_GAP,
) -> EventScene:
    """Synthesise a scene of events at random times, against a background.

    10 · log₁₀(P_event / P_background) = snr_db for each event, P the mean square over the samples in which it is
    audible

    The same seed gives the same events at the same times in any background, room and ratio.

    How real is it? See `events` for the sounds. Nothing moves, and the events are unrelated: in life the dog barks
    because the doorbell rang.

    Parameters
    ----------
    rng : np.random.Generator
        Source of all randomness.
    seconds : float
        Duration, 2 to 120.
    sr : int
        Sampling rate in Hz, 8000 to 96 000.
    events : int
        Their number, 0 to 50. Each is complete, and lasts 6 s or 0.6 of the scene at most; in a crowded scene they
        are shorter.
    kinds : sequence of str
        Kinds to draw from, all equally likely: some of `EVENTS`.
    snr_db : float or (float, float)
        The ratio of each event, or a range from which each draws its own; −60 to 60 dB.
    background : str
        One of `BACKGROUNDS`, at −40 dB re full scale.
    rt60 : float, optional
        Reverberation time of a room, in seconds; each event is in another place in it (direct sound −3 to 12 dB above
        the room). If not given, there is no room.
    polyphony : int
        The largest number of simultaneous events, 1 to 10. Two of one kind never overlap.
    same_kind_gap : float
        The shortest time between two events of one kind, in seconds, 0.3 to 10. A telephone and an alarm pause for up
        to 2.2 s within one event, so that with less than that no one can hear whether there are two.

    Returns
    -------
    EventScene
        The sound and its ground truth.

    Raises
    ------
    AudioCourseError
        If an option is out of range or unknown, or so many events find no place.

    Examples
    --------
    >>> scene = event_scene(rng=np.random.default_rng(1), seconds=5, events=2, kinds=["dog_bark", "siren"], snr_db=6)
    >>> len(scene.events), scene.snr_db, bool(np.all(scene.y == scene.clean + scene.noise))
    (2, [6.0, 6.0], True)

    Source: J. Salamon et al., Scaper: a library for soundscape synthesis and augmentation, WASPAA 2017 (the idea).
    """
    low, high = _require_options(seconds, events, kinds, snr_db, background, polyphony)
    if rt60 is not None:
        require_between("rt60 (in seconds)", rt60, 0.05, 10)
    require_between("same_kind_gap (in seconds)", same_kind_gap, _LEAST_GAP, 10)
    seeds = require_rng(rng).integers(2**63, size=4)
    event_rng, level_rng, room_rng, noise_rng = (np.random.default_rng(seed) for seed in seeds)
    samples = sample_count(seconds, sr)
    placed = _placed(events, tuple(kinds), samples, sr, polyphony, same_kind_gap, event_rng)
    behind = _background(background, samples, sr, noise_rng)
    ratios = [float(ratio) for ratio in level_rng.uniform(low, high, len(placed))]
    tracks: FloatArray = np.zeros((len(placed), samples), dtype=np.float32)
    for track, (start, dry), ratio in zip(tracks, placed, ratios, strict=True):
        track[start : start + dry.y.size] = dry.y
        active = active_samples(shift(dry.parts, start / sr), samples=samples, sr=sr)
        if rt60 is not None:
            direct_db = room_rng.uniform(-3, 12)
            response = room_impulse_response(rt60=rt60, sr=sr, rng=room_rng, direct_to_reverberant_db=direct_db)
            track[:] = reverberate(track, response)
        track *= np.sqrt(_power(behind[active]) / _power(track[active]) * 10 ** (ratio / 10))
    peak = float(np.max(np.abs(tracks.sum(axis=0) + behind)))
    gain = 1.0 if peak <= 1 else HIGHEST_PEAK / peak
    tracks *= gain
    behind *= gain
    clean = tracks.sum(axis=0)  # (samples,)
    intervals = [shift([dry.interval], start / sr)[0] for start, dry in placed]
    parts = sorted((part for start, dry in placed for part in shift(dry.parts, start / sr)), key=_by_start)
    return EventScene(clean + behind, sr, intervals, parts, tracks, clean, behind, ratios, gain)


def _require_options(
    seconds: float,
    events: int,
    kinds: Sequence[str],
    snr_db: float | tuple[float, float],
    background: str,
    polyphony: int,
) -> tuple[float, float]:
    """Refuse options that are out of range or unknown; return the range of the ratio."""
    require_between("seconds", seconds, 2, MAX_SCENE_SECONDS)
    for name, count, lowest, highest in (("events", events, 0, MAX_EVENTS), ("polyphony", polyphony, 1, 10)):
        if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or not lowest <= count <= highest:
            raise AudioCourseError(f"{name} is {count!r}, but it must be a whole number from {lowest} to {highest}.")
    if isinstance(kinds, str) or len(kinds) == 0:
        raise AudioCourseError(f'kinds is {kinds!r}, but it must be a list such as ["siren"], with at least one.')
    for kind in kinds:
        require_choice("kind of event", kind, EVENTS)
    require_choice("background", background, BACKGROUNDS)
    ends = snr_db if isinstance(snr_db, tuple) else (snr_db, snr_db)
    if len(ends) != 2:
        raise AudioCourseError(f"snr_db is {snr_db!r}, but it must be a number or a pair such as (0, 20), in dB.")
    low = require_between("snr_db", ends[0], -60, 60)
    return low, require_between("snr_db (its upper end)", ends[1], low, 60)


def _placed(
    events: int, kinds: tuple[str, ...], samples: int, sr: int, polyphony: int, gap: float, rng: np.random.Generator
) -> list[tuple[int, Event]]:
    """Synthesise events that all find a place; return each with the sample at which it begins, in order of time."""
    max_seconds = max(1.0, min(6.0, 0.6 * samples / sr))
    for _ in range(_ROUNDS):
        placed = _in_turn(events, kinds, samples, sr, polyphony, gap, max_seconds, rng)
        if len(placed) == events:
            return sorted(placed, key=lambda pair: pair[0] / sr + pair[1].start)
        max_seconds = max(1.0, _SHORTER * max_seconds)
    raise AudioCourseError(
        f"{events} events find no place in {samples / sr:g} s with at most {polyphony} at once: ask for fewer, a "
        "longer scene, more kinds or a higher polyphony."
    )


def _in_turn(
    events: int,
    kinds: tuple[str, ...],
    samples: int,
    sr: int,
    polyphony: int,
    gap: float,
    max_seconds: float,
    rng: np.random.Generator,
) -> list[tuple[int, Event]]:
    """Synthesise one event after the other and find a place for it; stop at the first without one."""
    placed: list[tuple[int, Event]] = []
    covered = {kind: np.zeros(int(samples / sr / _CELL), dtype=np.int64) for kind in kinds}
    for _ in range(events):
        for _ in range(_TRIES):
            candidate = event(kinds[int(rng.integers(len(kinds)))], rng=rng, sr=sr, max_seconds=max_seconds)
            free = _free_cells(covered, candidate, polyphony, gap, samples)
            if free.size:
                break
        else:
            return placed
        cell = int(free[rng.integers(free.size)])
        covered[candidate.kind][cell : cell + _cells(candidate) + round(_LEAST_GAP / _CELL)] += 1
        placed.append((round(cell * _CELL * sr), candidate))
    return placed


def _cells(dry: Event) -> int:
    """Count the cells of the grid that an event covers, wherever it begins in one."""
    return int(dry.y.size / dry.sr / _CELL) + 2


def _free_cells(covered: dict[str, np.ndarray], dry: Event, polyphony: int, gap: float, samples: int) -> np.ndarray:
    """Return the cells at which an event may begin."""
    length = _cells(dry)
    total = np.sum([np.minimum(cover, 1) for cover in covered.values()], axis=0)
    if length > total.size or dry.y.size > samples:
        return np.zeros(0, dtype=np.int64)
    more = round((gap - _LEAST_GAP) / _CELL)  # cells before and after; the least gap is part of what is covered
    own = np.pad(covered[dry.kind], (more, more + round(_LEAST_GAP / _CELL)))
    sounding = sliding_window_view(total, length).max(axis=1)  # (cells - length + 1,)
    same = sliding_window_view(own, own.size - total.size + length).max(axis=1)
    return np.flatnonzero((sounding < polyphony) & (same == 0))


def _background(name: str, samples: int, sr: int, rng: np.random.Generator) -> FloatArray:
    """Synthesise the background of that name."""
    seconds = samples / sr
    if name == "babble":
        return babble(seconds=seconds, sr=sr, rng=rng, rms=_BACKGROUND_RMS)
    if name == "street":
        return street(seconds=seconds, sr=sr, rng=rng, rms=_BACKGROUND_RMS)
    return noise(name, seconds=seconds, sr=sr, rng=rng, rms=_BACKGROUND_RMS)


def _power(y: FloatArray) -> float:
    """Measure the mean square in float64."""
    return float(np.mean(np.square(y, dtype=np.float64)))


def _by_start(interval: Interval) -> float:
    """Return the start, by which intervals are sorted."""
    return interval.start
