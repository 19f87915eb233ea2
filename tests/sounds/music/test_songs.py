"""Songs: what is heard is what the truth says, in time, in pitch, in harmony; and a MIDI file holds the same notes."""

from __future__ import annotations

import hashlib
import itertools
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import mir_eval
import numpy as np
import pretty_midi
import pytest

from audiocourse.signal import PITCH_CLASSES, chroma, onset_strength, onset_times, pyin
from audiocourse.sounds.music.songs import SECTIONS, Song, song
from audiocourse.sounds.music.soundfont import render
from audiocourse.sounds.music.styles import QUALITIES, STYLES

SR = 22_050
Refuses = Any
ALL = pytest.mark.parametrize("style", STYLES)


def made(style: str = "pop", seed: int = 5, **options: Any) -> Song:
    return song(rng=np.random.default_rng(seed), style=style, **options)


@ALL
def test_what_begins_is_heard_within_20_ms(style: str) -> None:
    """Onsets of all players together, found every 6 ms; the first has no before. Brass speaks late over cymbals."""
    one = made(style)
    true = np.unique(np.round([note.start for part in one.parts for note in part.notes], 6))[1:]
    strength = onset_strength(one.y, sr=SR, n_fft=1024, hop_length=128)
    found = onset_times(strength, sr=SR, hop_length=128)
    score = mir_eval.onset.f_measure(true, found[found > 0.05], window=0.02)[0]
    assert score >= (0.94 if style == "march" else 0.99)


@ALL
def test_the_melody_has_its_f0(style: str) -> None:
    """pYIN on the melody alone, inside the notes: 50 ms after the start, up to 20 ms before the end."""
    one = made(style)
    y = render([one.part("melody")], sr=SR, seconds=one.seconds)
    track = pyin(y, sr=SR, fmin=200, fmax=1200, frame_length=1024, hop_length=256)
    true = one.f0_at(track.times)
    inside = (true > 0) & (one.f0_at(track.times - 0.05) == true) & (one.f0_at(track.times + 0.02) == true)
    heard = inside & track.voiced
    assert heard.sum() >= 0.98 * inside.sum()
    cents = np.abs(1200 * np.log2(track.f0[heard] / true[heard]))
    assert np.median(cents) < 10
    assert np.mean(cents < 50) >= 0.98


@ALL
def test_the_chords_are_the_notes_that_sound(style: str) -> None:
    """Chords and bass on a piano: among the twelve chords of its quality, the label fits the chroma of its bar best."""
    one = made(style)
    piano = [replace(one.part(name), program=0) for name in ("chords", "bass")]
    y = render(piano, sr=SR, seconds=one.seconds)
    shown = chroma(y, sr=SR, n_fft=8192, hop_length=1024)
    times = np.arange(shown.shape[1]) * 1024 / SR
    for label in one.chords:
        bar = shown[:, (times >= label.start + 0.1) & (times < label.end - 0.1)].mean(axis=1)
        root, quality = label.label.split(":")
        share = [sum(bar[(tonic + step) % 12] for step in QUALITIES[quality]) for tonic in range(12)]
        assert PITCH_CLASSES[int(np.argmax(share))] == root
        assert max(share) > 0.45 * bar.sum()


@ALL
@pytest.mark.parametrize("bars", [1, 6, 8])
def test_the_truth_is_valid_for_mir_eval(style: str, bars: int) -> None:
    one = made(style, bars=bars)
    intervals = np.array([[label.start, label.end] for label in one.chords])
    labels = [label.label for label in one.chords]
    mir_eval.chord.validate(labels, labels)
    assert mir_eval.chord.evaluate(intervals, labels, intervals, labels)["majmin"] == 1
    mir_eval.beat.validate(one.beats, one.beats)
    mir_eval.key.validate(one.key, one.key)
    sections = np.array([[section.start, section.end] for section in one.sections])
    names = [section.label for section in one.sections]
    mir_eval.segment.validate_structure(sections, names, sections, names)
    assert sections[0, 0] == 0
    assert sections[-1, 1] == pytest.approx(one.seconds)
    assert np.array_equal(sections[1:, 0], sections[:-1, 1])


@ALL
def test_beats_and_bars(style: str) -> None:
    one = made(style, bars=6, tempo=97.0)
    assert one.beats_a_bar == (3 if style == "waltz" else 4)
    assert one.beats == pytest.approx(np.arange(6 * one.beats_a_bar) * 60 / 97)
    assert np.array_equal(one.downbeats, one.beats[:: one.beats_a_bar])
    assert one.downbeats == pytest.approx([label.start for label in one.chords])
    assert one.y.size == round(one.seconds * SR)
    ends = [note.end for part in one.parts for note in part.notes]
    assert max(ends) <= one.seconds + 0.001
    struck = {note.start for note in one.part("drums").notes}
    assert all(min(abs(beat - start) for start in struck) < 1e-9 for beat in one.downbeats)


def test_a_melody_is_one_note_at_a_time_in_its_key() -> None:
    one = made(bars=16, key="D major")
    for note, following in itertools.pairwise(one.melody):
        assert note.end <= following.start
    assert {round(note.midi) % 12 for note in one.melody} <= {2, 4, 6, 7, 9, 11, 1}
    middle = np.array([(note.start + note.end) / 2 for note in one.melody])
    assert one.f0_at(middle) == pytest.approx([440 * 2 ** ((note.midi - 69) / 12) for note in one.melody])
    assert one.f0_at(np.array([-1.0, one.seconds + 1])).tolist() == [0, 0]


def test_sections_of_one_name_are_the_same() -> None:
    one = made(bars=14)
    assert [section.label for section in one.sections] == [SECTIONS[0], SECTIONS[1], SECTIONS[0], SECTIONS[1]]
    assert one.sections[-1].seconds == pytest.approx(one.sections[0].seconds / 2)
    labels = [label.label for label in one.chords]
    assert labels[:4] == labels[8:12] != labels[4:8]

    def sung(index: int) -> list[tuple[float, float]]:
        section = one.sections[index]
        inside = [note for note in one.melody if section.start - 1e-9 <= note.start < section.end - 1e-9]
        return [(round(note.start - section.start, 6), note.midi) for note in inside]

    assert sung(0) == sung(2) != sung(1)


@ALL
@pytest.mark.parametrize("tempo", [61.7, 120.0, 173.3])
def test_a_midi_file_holds_the_same_notes(style: str, tempo: float, tmp_path: Path) -> None:
    one = made(style, tempo=tempo, seed=8)
    one.to_midi(tmp_path / "song.mid")
    read = pretty_midi.PrettyMIDI(str(tmp_path / "song.mid"))
    tick = 60 / (480 * tempo)
    assert read.get_tempo_changes()[1] == pytest.approx([tempo], rel=1e-5)
    assert (read.time_signature_changes[0].numerator, read.time_signature_changes[0].denominator) == (
        one.beats_a_bar,
        4,
    )
    assert [instrument.name for instrument in read.instruments] == [part.name for part in one.parts]
    for part, instrument in zip(one.parts, read.instruments, strict=True):
        assert (instrument.program, instrument.is_drum) == (part.program, part.drums)
        ours = sorted((round(note.midi), note.velocity, note.start, note.end) for note in part.notes)
        theirs = sorted((note.pitch, note.velocity, note.start, note.end) for note in instrument.notes)
        by_time = [sorted(notes, key=lambda note: (note[0], round(note[2] / tick))) for notes in (ours, theirs)]
        assert [note[:2] for note in by_time[0]] == [note[:2] for note in by_time[1]]
        apart = np.array([note[2:] for note in by_time[0]]) - np.array([note[2:] for note in by_time[1]])
        assert np.abs(apart).max() <= tick
    downbeats = read.get_downbeats()
    assert downbeats[: one.bars] == pytest.approx(one.downbeats, abs=tick)


@pytest.mark.parametrize("key", [f"{tonic} {mode}" for tonic in PITCH_CLASSES for mode in ("major", "minor")])
def test_every_key_is_written_and_read_back(key: str, tmp_path: Path) -> None:
    one = made(key=key, bars=1)
    one.to_midi(tmp_path / "song.mid")
    (change,) = pretty_midi.PrettyMIDI(str(tmp_path / "song.mid")).key_signature_changes
    assert change.key_number == pretty_midi.key_name_to_key_number(key)
    assert one.chords[0].label.startswith(key.split()[0] + ":")


def test_the_same_seed_the_same_song(fresh_python: Callable[[str], str]) -> None:
    one = made("blues", bars=4)
    assert made("blues", bars=4).parts == one.parts
    assert made("blues", bars=4, seed=6).parts != one.parts
    slow, fast = (made("blues", bars=4, tempo=tempo).melody for tempo in (80.0, 100.0))
    assert [note.midi for note in slow] == [note.midi for note in fast]
    program = """
import hashlib, numpy as np
from audiocourse.sounds.music.songs import song
made = song(rng=np.random.default_rng(5), style="blues", bars=4)
print(hashlib.sha256(made.y.tobytes()).hexdigest())
"""
    assert fresh_python(program) == hashlib.sha256(one.y.tobytes()).hexdigest()


def test_blues_swings() -> None:
    """An eighth between two beats comes at ⅔ of the beat, as in triplets."""
    one = made("blues", tempo=60.0, bars=1)
    between = {round(note.start % 1, 3) for note in one.part("drums").notes} - {0.0}
    assert between == {0.667}


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"style": "polka"}, "polka"),
        ({"style": None}, "style"),
        ({"bars": 0}, "bars"),
        ({"bars": 2.5}, "bars"),
        ({"bars": True}, "bars"),
        ({"tempo": 0}, "tempo"),
        ({"tempo": float("nan")}, "tempo"),
        ({"key": "H major"}, "H major"),
        ({"key": "C"}, "key"),
        ({"key": 3}, "key"),
    ],
)
def test_songs_that_cannot_be(options: dict[str, Any], word: str, refuses: Refuses) -> None:
    with refuses(word):
        made(**options)


def test_what_else_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    with refuses("default_rng"):
        song(rng=7)  # type: ignore[arg-type]
    one = made(bars=1)
    with refuses("oboe", "melody, chords, bass, drums"):
        one.part("oboe")
    with refuses("nowhere", "existing folder"):
        one.to_midi(tmp_path / "nowhere" / "song.mid")
    monkeypatch.setitem(sys.modules, "pretty_midi", None)
    with refuses("pretty_midi", "pip install"):
        one.to_midi(tmp_path / "song.mid")
