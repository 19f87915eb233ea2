"""The player: notes where they are written, at their pitch, the same samples in any order and any process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest

from audiocourse.signal import FloatArray, mel_spectrogram, power_to_db, pyin
from audiocourse.sounds.music import soundfont
from audiocourse.sounds.music.sf2 import font_path
from audiocourse.sounds.music.soundfont import PEAK, Part, PlayedNote, render, tone

SR = 22_050
Refuses = Any
CHORD = Part("chords", 0, tuple(PlayedNote(0.1, 0.6, midi, 90) for midi in (60, 64, 67)))
BEAT = Part("drums", 0, tuple(PlayedNote(at, at + 0.1, key) for at, key in ((0.0, 36), (0.4, 38))), drums=True)


def one(midi: float = 69, start: float = 0.0, end: float = 0.5, program: int = 0, **options: Any) -> Part:
    return Part("melody", program, (PlayedNote(start, end, midi),), **options)


def digest(y: FloatArray) -> str:
    return hashlib.sha256(y.tobytes()).hexdigest()


@pytest.mark.parametrize("sr", [8000, 16_000, 22_050, 44_100, 48_000])
def test_shape_type_and_peak(sr: int) -> None:
    y = render([CHORD, BEAT], sr=sr)
    assert y.dtype == np.float32
    assert y.shape == (round(1.6 * sr),)
    assert np.abs(y).max() == PEAK
    assert render([CHORD], sr=sr, seconds=0.3).shape == (round(0.3 * sr),)


def test_the_end_is_no_click() -> None:
    y = np.abs(render([one(60, end=2.0, program=80)], sr=SR, seconds=1.0))
    assert y[-2205:-441].max() > 0.2
    assert y[-22:].max() < 0.1 * y[-2205:-441].max()


@pytest.mark.parametrize("program", [0, 4, 11, 24, 26, 33, 62, 80])
@pytest.mark.parametrize("start", [0.2, 0.4567])
def test_a_note_begins_at_its_start(program: int, start: float) -> None:
    """Half of a struck instrument's strength is there within 20 ms; before its start there is nothing at all."""
    y = render([one(60, start, start + 0.5, program)], sr=44_100)
    before = y[: round(start * 44_100) - 1]
    assert not before.any()
    strength = np.abs(y[round(start * 44_100) :][:13_230])
    assert np.argmax(strength > strength.max() / 2) < 0.02 * 44_100


def test_resampling_moves_nothing() -> None:
    """A resampler may ring, but a note starts at the same time at every rate: within a sample at 8 kHz."""
    for sr in (8000, 22_050):
        y = np.abs(render([one(60, 0.5, 1.0, 80)], sr=sr))
        assert np.argmax(y > 0.1) / sr == pytest.approx(0.5, abs=0.002)


@pytest.mark.parametrize(("program", "midi"), [*product((0, 24, 56, 71, 73, 80), (55, 69, 76)), (0, 69.5), (71, 60.25)])
def test_pitch(program: int, midi: float) -> None:
    """A4 is 440 Hz and a fraction of a key is a fraction: 10 cents are what the font is out of tune at most."""
    y = render([one(midi, 0, 0.8, program)], sr=SR, seconds=0.8)
    track = pyin(y[4410:], sr=SR, fmin=100, fmax=1000, frame_length=2048, hop_length=512)
    cents = 1200 * np.log2(np.median(track.f0[track.voiced]) / (440 * 2 ** ((midi - 69) / 12)))
    assert abs(cents) < 10


def test_velocity_is_the_square_of_the_amplitude() -> None:
    def together(velocity: int) -> float:
        notes = (PlayedNote(0.0, 0.2, 60), PlayedNote(1.0, 1.2, 60, velocity))
        y = render([Part("melody", 80, notes)], sr=SR)
        return float(np.abs(y[SR:]).max() / np.abs(y[: SR // 2]).max())

    assert together(100) == pytest.approx(1, abs=0.01)
    assert together(50) == pytest.approx(0.25, rel=0.01)


def test_parts_add_up() -> None:
    both, chord, beat = (
        render(parts, sr=SR, seconds=1.6).astype(np.float64) for parts in ([CHORD, BEAT], [CHORD], [BEAT])
    )
    gains, residual, _, _ = np.linalg.lstsq(np.stack([chord, beat], axis=1), both, rcond=None)
    assert np.sqrt(residual[0] / both.size) < 1e-6
    assert np.all(gains > 0)


def test_a_closed_hihat_silences_the_open_one() -> None:
    open_one, closed = PlayedNote(0.0, 0.1, 46), PlayedNote(0.1, 0.2, 42, 1)
    alone, cut = (
        render([Part("drums", 0, notes, drums=True)], sr=SR, seconds=1) for notes in ((open_one,), (open_one, closed))
    )
    late = slice(round(0.12 * SR), round(0.3 * SR))
    assert np.abs(cut[late]).max() < 0.1 * np.abs(alone[late]).max()
    snare = render([Part("drums", 0, (open_one, PlayedNote(0.1, 0.2, 38, 1)), drums=True)], sr=SR, seconds=1)
    assert np.abs(snare[late]).max() > 0.9 * np.abs(alone[late]).max()


def test_a_held_note_goes_on_and_a_short_one_ends() -> None:
    """An organ sounds as long as its key is held: its recording, a second long at most, goes round and round."""
    long, short = (np.abs(tone(60, program=16, seconds=seconds)) for seconds in (3.0, 0.3))
    assert long[2 * 44_100 : 3 * 44_100].max() > 0.5 * long[: 44_100 // 2].max()
    assert short.size < 1.2 * 44_100


def test_the_same_in_any_order_and_any_process(fresh_python: Callable[[str], str]) -> None:
    parts = [CHORD, BEAT, one(72, 0.3, 1.0, 48)]
    first = digest(render(parts))
    render([one(50, program=30)])
    assert digest(render(parts)) == first
    soundfont._tone.cache_clear()
    assert digest(render(parts)) == first
    program = """
import hashlib
from audiocourse.sounds.music.soundfont import Part, PlayedNote, render
chord = Part("chords", 0, tuple(PlayedNote(0.1, 0.6, midi, 90) for midi in (60, 64, 67)))
beat = Part("drums", 0, tuple(PlayedNote(at, at + 0.1, key) for at, key in ((0.0, 36), (0.4, 38))), drums=True)
print(hashlib.sha256(render([chord, beat, Part("melody", 48, (PlayedNote(0.3, 1.0, 72),))]).tobytes()).hexdigest())
"""
    assert fresh_python(program) == first


def test_a_tone_cannot_be_changed_from_outside() -> None:
    with pytest.raises(ValueError, match="read-only"):
        tone(60, program=0, seconds=0.2)[0] = 1


@pytest.mark.parametrize(
    ("part", "word"),
    [
        (one(128), "MIDI"),
        (one(float("nan")), "MIDI"),
        (one(start=0.5, end=0.5), "60 s"),
        (one(start=-1.0), "start"),
        (one(end=float("inf")), "end"),
        (one(program=128), "instrument"),
        (one(program=1, drums=True), "drum kit"),
        (one(64, program=65), "key 64"),
        (Part("melody", 0, (PlayedNote(0, 1, 60, 0),)), "velocity"),
        (Part("melody", 0, ()), "Nothing sounds"),
    ],
)
def test_what_cannot_be_played(part: Part, word: str, refuses: Refuses) -> None:
    with refuses(word):
        render([part])


def test_options_that_cannot_be(refuses: Refuses) -> None:
    for sr in (0, 22_050.5, 1000, True):
        with refuses("sr"):
            render([CHORD], sr=sr)
    for seconds in (0, -1, float("nan"), 4000):
        with refuses("seconds"):
            render([CHORD], seconds=seconds)
    with refuses("Nothing sounds"):
        render([CHORD], seconds=0.05)
    with refuses("Nothing sounds"):
        render([])
    for parts in (CHORD, CHORD.notes, None):
        with refuses("parts"):
            render(parts)  # type: ignore[arg-type]
    with refuses("60 s"):
        render([one(end=61.0)])


def test_as_tinysoundfont_plays() -> None:
    """TinySoundFont (C++), where it is installed, on the same font: three keys of 40 instruments.

    Up to a gain (it takes attenuation and velocity differently), the mel spectra lie 0.4 dB apart in the median, 1.2 dB
    at nine in ten; moving filters and a time constant that the specification leaves open make the rest.
    """
    peer = pytest.importorskip("tinysoundfont", reason="it has wheels for some systems only: an optional peer")
    synth = peer.Synth(samplerate=44_100)
    font = synth.sfload(str(font_path()))
    apart = []
    for program, key in product(range(0, 120, 3), (48, 60, 72)):
        synth.sounds_off()
        synth.program_select(0, font, 0, program)
        synth.noteon(0, key, 127)
        theirs = np.frombuffer(synth.generate(35_280), np.float32).reshape(-1, 2).mean(axis=1)
        ours = np.pad(tone(key, program=program, seconds=0.8), (0, theirs.size))[: theirs.size]
        ours = ours * np.sqrt(np.mean(theirs**2) / np.mean(ours**2))
        spectra = [
            power_to_db(mel_spectrogram(y, sr=44_100, n_fft=2048, hop_length=512, n_mels=64)) for y in (ours, theirs)
        ]
        floor = spectra[1].max() - 50
        apart.append(np.abs(np.maximum(spectra[0], floor) - np.maximum(spectra[1], floor)).mean())
    assert np.median(apart) < 0.6
    assert np.quantile(apart, 0.9) < 2
