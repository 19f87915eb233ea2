"""Styles of songs, as rules: metre, chords, and the pattern of each player in a bar.

They are caricatures for experiments with rhythm, harmony and classification. A style here is one or two bars of pattern
that repeat; what makes a genre to its listeners (performance, sound, history, words) is not in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Progression = tuple[tuple[int, str], ...]  # a chord for each of four bars: semitones above the key note, quality

QUALITIES = {"maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "min7": (0, 3, 7, 10)}
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}


@dataclass(frozen=True)
class Ensemble:
    """The players: instruments of General MIDI, and the drum for each role.

    Parameters
    ----------
    melody, chords, bass : int
        Programs, counted from 0.
    kit : int
        The drum kit.
    drums : mapping of str to int
        The key of the drum that plays "low", "mid" and "high".
    velocity : mapping of str to int
        Of "melody", "chords", "bass", "low", "mid" and "high"; a missing one is silent.
    length : float
        Factor on the lengths of the notes of chords and bass.
    """

    melody: int
    chords: int
    bass: int
    kit: int
    drums: Mapping[str, int]
    velocity: Mapping[str, int]
    length: float = 1.0


@dataclass(frozen=True)
class Style:
    """The rules of a style, with positions and lengths in beats.

    Parameters
    ----------
    name : str
        Its name.
    beats : int
        Beats in a bar.
    swing : float
        0 to 1, as for `drum_loop`: what lies between two beats comes later by swing / 6 of a beat.
    tempo : tuple of float
        Beats per minute, lowest and highest.
    modes : mapping of str to pairs of progressions
        For "major" and "minor": the chords of the verse and those of the chorus.
    chords : tuple of (float, float)
        Position and length of each stroke of the chord.
    bass : tuple of (float, float, int)
        Position and length of each bass note, and its semitones above the root.
    drums : mapping of str to tuple of float
        The positions of "low", "mid" and "high".
    melody : tuple of rhythms
        Rhythms to draw for the bars of the melody: positions and lengths.
    players : Ensemble
        The default players.
    """

    name: str
    beats: int
    swing: float
    tempo: tuple[float, float]
    modes: Mapping[str, tuple[Progression, Progression]]
    chords: tuple[tuple[float, float], ...]
    bass: tuple[tuple[float, float, int], ...]
    drums: Mapping[str, tuple[float, ...]]
    melody: tuple[tuple[tuple[float, float], ...], ...]
    players: Ensemble


_ROCK_KIT = {"low": 36, "mid": 38, "high": 42}
_LOUD = {"melody": 105, "chords": 72, "bass": 100, "low": 105, "mid": 95, "high": 75}
_SOFT = {"melody": 105, "chords": 68, "bass": 90, "low": 70, "mid": 62, "high": 62}

_POP = {
    "major": (
        ((0, "maj"), (7, "maj"), (9, "min"), (5, "maj")),
        ((5, "maj"), (7, "maj"), (0, "maj"), (9, "min")),
    ),
    "minor": (
        ((0, "min"), (8, "maj"), (3, "maj"), (10, "maj")),
        ((8, "maj"), (10, "maj"), (0, "min"), (0, "min")),
    ),
}
_BLUES = {
    "major": (((0, "7"), (5, "7"), (0, "7"), (0, "7")), ((7, "7"), (5, "7"), (0, "7"), (7, "7"))),
    "minor": (((0, "min7"), (5, "min7"), (0, "min7"), (0, "min7")), ((8, "7"), (7, "7"), (0, "min7"), (7, "7"))),
}
_JAZZ = {
    "major": (
        ((0, "maj7"), (9, "min7"), (2, "min7"), (7, "7")),
        ((2, "min7"), (7, "7"), (0, "maj7"), (0, "maj7")),
    ),
    "minor": (
        ((0, "min7"), (5, "min7"), (10, "7"), (3, "maj7")),
        ((8, "maj7"), (7, "7"), (0, "min7"), (0, "min7")),
    ),
}
_ROCK = {
    "major": (
        ((0, "maj"), (10, "maj"), (5, "maj"), (0, "maj")),
        ((5, "maj"), (0, "maj"), (7, "maj"), (7, "maj")),
    ),
    "minor": (
        ((0, "min"), (10, "maj"), (8, "maj"), (10, "maj")),
        ((3, "maj"), (10, "maj"), (5, "min"), (0, "min")),
    ),
}
_CLASSICAL = {
    "major": (
        ((0, "maj"), (7, "7"), (7, "7"), (0, "maj")),
        ((5, "maj"), (0, "maj"), (7, "7"), (0, "maj")),
    ),
    "minor": (
        ((0, "min"), (7, "7"), (7, "7"), (0, "min")),
        ((5, "min"), (0, "min"), (7, "7"), (0, "min")),
    ),
}

_EIGHTHS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5)
_FOUR = (  # rhythms of a melody in four
    ((0, 1), (1, 1), (2, 2)),
    ((0, 1.5), (1.5, 0.5), (2, 1), (3, 1)),
    ((0, 0.5), (0.5, 0.5), (1, 1), (2, 1), (3, 0.5), (3.5, 0.5)),
    ((0.5, 0.5), (1, 1), (2, 0.5), (2.5, 1.5)),
)
_THREE = (
    ((0, 2), (2, 1)),
    ((0, 1), (1, 1), (2, 1)),
    ((0, 1.5), (1.5, 0.5), (2, 1)),
    ((0, 1), (1, 0.5), (1.5, 0.5), (2, 1)),
)

_ALL = (
    Style(
        "pop",
        4,
        0.0,
        (90, 125),
        _POP,
        chords=((0, 1.9), (2, 1.9)),
        bass=((0, 1.4, 0), (1.5, 0.5, 0), (2, 1.4, 0), (3.5, 0.5, 7)),
        drums={"low": (0, 2, 2.5), "mid": (1, 3), "high": _EIGHTHS},
        melody=_FOUR,
        players=Ensemble(0, 25, 33, 0, _ROCK_KIT, _LOUD),
    ),
    Style(
        "blues",
        4,
        1.0,
        (80, 120),
        _BLUES,
        chords=((0, 0.5), (1.5, 0.4), (2, 0.5), (3.5, 0.4)),
        bass=((0, 0.9, 0), (1, 0.9, 7), (2, 0.9, 12), (3, 0.9, 7)),
        drums={"low": (0, 2), "mid": (1, 3), "high": (0, 1, 1.5, 2, 3, 3.5)},
        melody=_FOUR,
        players=Ensemble(26, 16, 32, 32, {"low": 36, "mid": 38, "high": 51}, _LOUD),
    ),
    Style(
        "bossa",
        4,
        0.0,
        (110, 140),
        _JAZZ,
        chords=((0, 0.9), (1.5, 0.9), (3, 0.9)),
        bass=((0, 1.4, 0), (1.5, 0.5, 7), (2, 1.4, 7), (3.5, 0.5, 0)),
        drums={"low": (0, 1.5, 2, 3.5), "mid": (0, 1.5, 3), "high": _EIGHTHS},
        melody=_FOUR,
        players=Ensemble(4, 24, 32, 40, {"low": 36, "mid": 37, "high": 42}, _SOFT),
    ),
    Style(
        "disco",
        4,
        0.0,
        (110, 130),
        _POP,
        chords=((0.5, 0.4), (1.5, 0.4), (2.5, 0.4), (3.5, 0.4)),
        bass=tuple((at, 0.45, 12 * (at % 1 > 0)) for at in _EIGHTHS),
        drums={"low": (0, 1, 2, 3), "mid": (1, 3), "high": (0.5, 1.5, 2.5, 3.5)},
        melody=_FOUR,
        players=Ensemble(80, 62, 38, 24, {"low": 36, "mid": 39, "high": 46}, _LOUD),
    ),
    Style(
        "march",
        4,
        0.0,
        (100, 125),
        _CLASSICAL,
        chords=((1, 0.4), (3, 0.4)),
        bass=((0, 0.9, 0), (2, 0.9, 7)),
        drums={"low": (0, 2), "mid": (0, 1, 1.5, 2, 3, 3.25, 3.5, 3.75), "high": (0, 2)},
        melody=_FOUR,
        players=Ensemble(56, 61, 58, 48, {"low": 36, "mid": 38, "high": 49}, {**_LOUD, "high": 45}),
    ),
    Style(
        "rock",
        4,
        0.0,
        (105, 140),
        _ROCK,
        chords=tuple((at, 0.45) for at in _EIGHTHS),
        bass=tuple((at, 0.45, 0) for at in _EIGHTHS),
        drums={"low": (0, 2, 2.5), "mid": (1, 3), "high": _EIGHTHS},
        melody=_FOUR,
        players=Ensemble(29, 30, 34, 16, _ROCK_KIT, _LOUD),
    ),
    Style(
        "waltz",
        3,
        0.0,
        (100, 160),
        _CLASSICAL,
        chords=((1, 0.6), (2, 0.6)),
        bass=((0, 1.0, 0),),
        drums={"low": (0,), "mid": (1, 2), "high": (0, 1, 2)},
        melody=_THREE,
        players=Ensemble(11, 46, 43, 48, {"low": 36, "mid": 40, "high": 51}, _SOFT),
    ),
)
STYLES = {style.name: style for style in _ALL}
