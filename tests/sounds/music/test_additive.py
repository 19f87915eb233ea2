"""The synthetic instruments play the notes that are written."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiocourse.sounds.music.additive import render_additive
from audiocourse.sounds.music.soundfont import PEAK, Part, PlayedNote

Refuses = Any
SR = 16_000


def part(*notes: PlayedNote, program: int = 0, drums: bool = False) -> Part:
    return Part("melody", program, notes, drums)


@pytest.mark.parametrize("program", [0, 4, 24, 56, 80])
def test_the_frequency_is_that_of_the_note(program: int) -> None:
    y = render_additive([part(PlayedNote(0.0, 1.0, midi=69), program=program)], sr=SR, seconds=1)
    spectrum = np.abs(np.fft.rfft(y))
    peaks = np.flatnonzero(spectrum > 0.2 * spectrum.max())
    assert np.abs(peaks / 440 - np.round(peaks / 440)).max() < 0.02
    assert np.argmax(spectrum) == pytest.approx(440, abs=2)
    assert np.abs(y).max() == pytest.approx(PEAK)
    assert y.dtype == np.float32


def test_a_note_sounds_when_it_is_written_and_louder_with_more_velocity() -> None:
    y = render_additive(
        [part(PlayedNote(0.25, 0.5, midi=60, velocity=60), PlayedNote(1.0, 1.25, midi=60, velocity=120))], sr=SR
    )
    assert not np.any(y[: round(0.25 * SR)])
    assert not np.any(y[round(0.57 * SR) : SR])
    soft, loud = (np.abs(y[round(start * SR) : round((start + 0.25) * SR)]).max() for start in (0.25, 1.0))
    assert loud / soft == pytest.approx(4, rel=0.01)
    assert y.size == round(2.25 * SR)


def test_programs_differ_in_timbre() -> None:
    notes = (PlayedNote(0.0, 0.5, midi=57),)
    played = [render_additive([part(*notes, program=program)], sr=SR) for program in (1, 2, 3)]
    for one, other in ((0, 1), (1, 2), (0, 2)):
        assert np.corrcoef(np.abs(np.fft.rfft(played[one])), np.abs(np.fft.rfft(played[other])))[0, 1] < 0.999


def test_drums_are_low_middle_and_high() -> None:
    centres = []
    for key in (36, 38, 42):
        y = render_additive([part(PlayedNote(0.0, 0.1, midi=key), drums=True)], sr=SR)
        power = np.abs(np.fft.rfft(y)) ** 2
        centres.append(float(np.sum(np.fft.rfftfreq(y.size, 1 / SR) * power) / power.sum()))
    assert centres == sorted(centres)
    assert centres[0] < 200 < 3_000 < centres[2]


def test_silence_and_bad_rates_are_refused(refuses: Refuses) -> None:
    with refuses("Nothing sounds"):
        render_additive([])
    with refuses("sr"):
        render_additive([part(PlayedNote(0.0, 0.1, midi=60))], sr=100)
