"""Songs with their ground truth: beats, chords, key, melody, sections, and every note of every player.

A song is composed by rules (see `styles`) and played by recorded instruments (see `soundfont`). Its harmony, rhythm and
form are real enough to be measured, but no one would take it for a recording of musicians: every note is exactly on
the grid, every repeat is the same, and there is no room, no singer and no mixing desk.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from audiocourse.errors import AudioCourseError
from audiocourse.intervals import Interval
from audiocourse.require import require_between, require_rng
from audiocourse.signal import PITCH_CLASSES, FloatArray
from audiocourse.sounds.music.sf2 import INSTALL
from audiocourse.sounds.music.soundfont import Part, PlayedNote, render
from audiocourse.sounds.music.styles import QUALITIES, SCALES, STYLES, Ensemble, Progression, Style

SECTIONS = ("verse", "chorus")
BARS_A_SECTION = 4
MAX_BARS = 400
TICKS = 480  # of a MIDI file, for one beat

_LOWEST = 62  # MIDI note of the melody
_HIGHEST = 81  # MIDI note of the melody
_LOWEST_CHORD = 55
_LOWEST_BASS = 33
_DETACHED = 0.95  # of the time to the next note, at most: two notes of the same pitch are two
_STROKE = 0.2  # beats: drums ring on as long as they like
_HUMAN = 6  # by how much the velocity of a stroke may differ from what is written


@dataclass(frozen=True, eq=False)
class Song:
    """A song, and the ground truth.

    beat k is at 60 · k / tempo seconds

    Parameters
    ----------
    style : str
        Its name in `STYLES`.
    key : str
        Such as "C major", as mir_eval writes it; black keys are spelt with sharps.
    tempo : float
        Beats per minute.
    beats_a_bar : int
        3 in a waltz, otherwise 4.
    bars : int
        Their number.
    chords : tuple of Interval
        One for each bar, such as "A:min7": labels as in mir_eval (Harte et al. 2005).
    sections : tuple of Interval
        "verse" or "chorus", four bars each; those of the same name have the same chords and the same melody.
    parts : tuple of Part
        "melody" (one note at a time), "chords", "bass" and "drums", with all their notes.
    sr : int
        Sampling rate of `y` in Hz.
    """

    style: str
    key: str
    tempo: float
    beats_a_bar: int
    bars: int
    chords: tuple[Interval, ...]
    sections: tuple[Interval, ...]
    parts: tuple[Part, ...]
    sr: int

    @property
    def seconds(self) -> float:
        """The duration in seconds: bars · beats_a_bar · 60 / tempo."""
        return self.bars * self.beats_a_bar * 60 / self.tempo

    @property
    def beats(self) -> FloatArray:
        """The beats, in seconds [shape=(bars · beats_a_bar,)]; the first at 0."""
        return np.arange(self.bars * self.beats_a_bar) * 60 / self.tempo

    @property
    def downbeats(self) -> FloatArray:
        """When a bar begins, in seconds [shape=(bars,)]."""
        return self.beats[:: self.beats_a_bar]

    @property
    def melody(self) -> tuple[PlayedNote, ...]:
        """The notes of the melody, one after the other; `note.hz` is the f0 of each."""
        return self.part("melody").notes

    @cached_property
    def y(self) -> FloatArray:
        """The sound, played on first use: float32 [shape=(samples,)], peak 0.5; it fades out in its last 10 ms."""
        return render(self.parts, sr=self.sr, seconds=self.seconds)

    def part(self, name: str) -> Part:
        """Return melody, chords, bass or drums; `render([part], seconds=song.seconds)` plays it alone."""
        for part in self.parts:
            if part.name == name:
                return part
        names = ", ".join(part.name for part in self.parts)
        raise AudioCourseError(f"There is no part {name!r} in this song: choose one of {names}.")

    def f0_at(self, times: FloatArray) -> FloatArray:
        """Return the fundamental frequency of the melody at t = times [shape=(times,)] in seconds, in Hz, float64.

        440 Hz · 2^((midi − 69) / 12) of the note with start ≤ t < end; 0 between notes, though an instrument may ring
        on there. Recorded instruments are up to 10 cents out of tune.
        """
        f0 = np.zeros(np.shape(times))
        for note in self.melody:
            f0[(note.start <= times) & (times < note.end)] = note.hz
        return f0

    def to_midi(self, path: Path | str) -> None:
        """Write tempo, metre, key, instruments and all notes as a MIDI file such as "song.mid".

        Every start and end is rounded to a tick of 60 / (480 · tempo) seconds.
        """
        midi = _pretty_midi(self)
        try:
            midi.write(str(path))
        except OSError as error:
            reason = error.strerror or error
            raise AudioCourseError(
                f"{path} cannot be written ({reason}): give a path in an existing folder."
            ) from error


def song(
    *,
    rng: np.random.Generator,
    style: str | Style = "pop",
    bars: int = 8,
    tempo: float | None = None,
    key: str | None = None,
    players: Ensemble | None = None,
    sr: int = 22_050,
) -> Song:
    """Compose a song by the rules of a style.

    Verse and chorus of four bars alternate; each has one chord per bar and its own melody, which moves by small steps
    and is on a note of the chord on each beat. The same seed gives the same melody shape at any tempo and sr.

    Parameters
    ----------
    rng : np.random.Generator
        Source of melody, accents, and tempo and key if not given.
    style : str or Style
        pop, blues, bossa, disco, march, rock or waltz; or rules of your own.
    bars : int
        Their number, 1 to 400.
    tempo : float, optional
        Beats per minute, 30 to 300; if not given, one that is usual in the style.
    key : str, optional
        Such as "C major" or "F# minor".
    players : Ensemble, optional
        Instruments and levels; if not given, those of the style.
    sr : int
        Sampling rate of its sound in Hz, 4000 to 192 000.

    Returns
    -------
    Song
        The notes and the ground truth; `song.y` plays it.

    Raises
    ------
    AudioCourseError
        If there is no such style or key, or an option is out of range.

    Examples
    --------
    >>> waltz = song(rng=np.random.default_rng(1), style="waltz", bars=4, tempo=120, key="C major")
    >>> waltz.downbeats, [chord.label for chord in waltz.chords]
    (array([0. , 1.5, 3. , 4.5]), ['C:maj', 'G:7', 'G:7', 'C:maj'])
    """
    rules = _require_style(style)
    if isinstance(bars, bool) or not isinstance(bars, int) or not 1 <= bars <= MAX_BARS:
        raise AudioCourseError(f"bars is {bars!r}, but it must be a whole number from 1 to {MAX_BARS}.")
    usual_tempo = require_rng(rng).uniform(*rules.tempo)
    usual_key = int(rng.integers(24))
    melody_rng, accent_rng = (np.random.default_rng(seed) for seed in rng.integers(2**63, size=2))
    tempo = float(np.round(usual_tempo, 1)) if tempo is None else require_between("tempo", tempo, 30, 300)
    key = f"{PITCH_CLASSES[usual_key % 12]} {('major', 'minor')[usual_key // 12]}" if key is None else key
    tonic, mode = _require_key(key)
    verse, chorus = (_section(rules, rules.modes[mode][part], tonic, mode, melody_rng) for part in range(2))
    form = [(verse, chorus)[bar // BARS_A_SECTION % 2][bar % BARS_A_SECTION] for bar in range(bars)]
    grid = _Grid(rules.beats, rules.swing, 60 / tempo)
    chords = tuple(grid.interval(bar, 1, content.label) for bar, content in enumerate(form))
    firsts = range(0, bars, BARS_A_SECTION)
    sections = tuple(
        grid.interval(first, min(BARS_A_SECTION, bars - first), SECTIONS[index % 2])
        for index, first in enumerate(firsts)
    )
    parts = _arrange(form, grid, rules, players or rules.players, accent_rng)
    return Song(rules.name, key, tempo, rules.beats, bars, chords, sections, parts, sr)


@dataclass(frozen=True)
class _Bar:
    """A bar: a chord, and a melody as (position, length, MIDI number)."""

    root: int
    quality: str
    melody: tuple[tuple[float, float, int], ...]

    @property
    def label(self) -> str:
        """The chord as mir_eval writes it."""
        return f"{PITCH_CLASSES[self.root]}:{self.quality}"


@dataclass(frozen=True)
class _Grid:
    """The times of the positions of a bar."""

    beats: int
    swing: float
    beat: float  # seconds

    def time(self, bar: int, position: float) -> float:
        """Return the second at which a position of a bar is; swing stretches the first half of each beat."""
        half = 0.5 + self.swing / 6  # where the middle of a beat comes to lie, as in `drum_loop`
        passed = position % 1
        swung = 2 * half * passed if passed < 0.5 else half + 2 * (1 - half) * (passed - 0.5)
        return float(bar * self.beats + position - passed + swung) * self.beat

    def note(self, bar: int, position: float, length: float, midi: int, velocity: int) -> PlayedNote:
        """Return a note at a position of a bar."""
        return PlayedNote(self.time(bar, position), self.time(bar, position + length), midi, velocity)

    def interval(self, bar: int, bars: int, label: str) -> Interval:
        """Return the time of some bars."""
        return Interval(self.time(bar, 0), self.time(bar + bars, 0), label)


def _section(
    rules: Style, progression: Progression, tonic: int, mode: str, rng: np.random.Generator
) -> tuple[_Bar, ...]:
    """Compose four bars: the chords of the progression, and a melody over them."""
    bars = []
    scale = {(tonic + step) % 12 for step in SCALES[mode]}
    last = int(rng.integers(67, 75))
    for above, quality in progression:
        root = (tonic + above) % 12
        chord = {(root + step) % 12 for step in QUALITIES[quality]}
        notes = []
        for position, length in rules.melody[rng.integers(len(rules.melody))]:
            allowed = chord if position % 1 == 0 else scale
            near = [midi for midi in range(max(_LOWEST, last - 5), min(_HIGHEST, last + 5) + 1) if midi % 12 in allowed]
            last = int(rng.choice([midi for midi in near if midi != last] or near))
            notes.append((position, _DETACHED * length, last))
        bars.append(_Bar(root, quality, tuple(notes)))
    return tuple(bars)


def _arrange(
    form: Sequence[_Bar], grid: _Grid, rules: Style, players: Ensemble, rng: np.random.Generator
) -> tuple[Part, ...]:
    """Assign the notes to the parts, each with a slightly different velocity."""
    played = {
        voice: tuple(grid.note(*note, _velocity(players.velocity[voice], rng)) for note in notes)
        for voice, notes in _written(form, rules, players).items()
        if voice in players.velocity
    }
    programs = {"melody": players.melody, "chords": players.chords, "bass": players.bass}
    parts = [Part(name, program, played[name]) for name, program in programs.items() if name in played]
    struck = sorted((note for role in rules.drums for note in played.get(role, ())), key=lambda note: note.start)
    return (*parts, Part("drums", players.kit, tuple(struck), drums=True)) if struck else tuple(parts)


def _written(form: Sequence[_Bar], rules: Style, players: Ensemble) -> dict[str, list[tuple[int, float, float, int]]]:
    """Return bar, position, length and MIDI number of every note of every voice."""
    written: dict[str, list[tuple[int, float, float, int]]] = {"melody": [], "chords": [], "bass": []}
    strummed = _fitted(rules.chords, rules, players)
    plucked = _fitted([(at, length) for at, length, _ in rules.bass], rules, players)
    for bar, content in enumerate(form):
        written["melody"] += [(bar, *note) for note in content.melody]
        tones = [_above(_LOWEST_CHORD, content.root + step) for step in QUALITIES[content.quality]]
        written["chords"] += [(bar, *place, tone) for place in strummed for tone in tones]
        root = _above(_LOWEST_BASS, content.root)
        written["bass"] += [(bar, *place, root + up) for place, (*_, up) in zip(plucked, rules.bass, strict=True)]
    for role, places in rules.drums.items():
        written[role] = [(bar, at, _STROKE, players.drums[role]) for bar in range(len(form)) for at in places]
    return written


def _fitted(places: Sequence[tuple[float, float]], rules: Style, players: Ensemble) -> list[tuple[float, float]]:
    """Scale the lengths of notes as the players do, but end each before the next."""
    nexts = [*(at for at, _ in places[1:]), rules.beats]
    return [
        (at, min(players.length * length, _DETACHED * (following - at)))
        for (at, length), following in zip(places, nexts, strict=True)
    ]


def _above(lowest: int, pitch_class: int) -> int:
    """Return the lowest key of a pitch class from a certain key on."""
    return lowest + (pitch_class - lowest) % 12


def _velocity(written: int, rng: np.random.Generator) -> int:
    """Vary a velocity slightly."""
    return int(np.clip(written + rng.integers(-_HUMAN, _HUMAN + 1), 1, 127))


def _require_style(style: str | Style) -> Style:
    """Return the rules of a style by name, or the rules themselves."""
    if isinstance(style, Style):
        return style
    if not isinstance(style, str) or style not in STYLES:
        raise AudioCourseError(f"There is no style {style!r}: choose one of {', '.join(STYLES)}.")
    return STYLES[style]


def _require_key(key: str) -> tuple[int, str]:
    """Parse a key: the pitch class of its tonic, and its mode."""
    tonic, _, mode = key.partition(" ") if isinstance(key, str) else ("", "", "")
    if tonic not in PITCH_CLASSES or mode not in SCALES:
        raise AudioCourseError(
            f"There is no key {key!r}: write it like 'C major' or 'F# minor', black keys with sharps."
        )
    return PITCH_CLASSES.index(tonic), mode


def _pretty_midi(song: Song) -> Any:
    """Convert a song to pretty_midi."""
    try:
        import pretty_midi
    except ImportError as error:
        raise AudioCourseError(
            f"pretty_midi, which writes MIDI files, is missing: install it with {INSTALL}."
        ) from error
    midi = pretty_midi.PrettyMIDI(resolution=TICKS, initial_tempo=song.tempo)
    midi.time_signature_changes.append(pretty_midi.TimeSignature(song.beats_a_bar, 4, 0.0))
    midi.key_signature_changes.append(pretty_midi.KeySignature(pretty_midi.key_name_to_key_number(song.key), 0.0))
    for part in song.parts:
        instrument = pretty_midi.Instrument(part.program, is_drum=part.drums, name=part.name)
        instrument.notes = [pretty_midi.Note(n.velocity, round(n.midi), n.start, n.end) for n in part.notes]
        midi.instruments.append(instrument)
    return midi
