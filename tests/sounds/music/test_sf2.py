"""The SoundFont: every instrument can be read, is where General MIDI says, and a missing file is one sentence."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiocourse.sounds.music import sf2
from audiocourse.sounds.music.sf2 import DRUM_BANK, KITS, zones

Refuses = Any
INSTRUMENTS = [(0, program) for program in range(128)] + [(DRUM_BANK, kit) for kit in KITS]


@pytest.mark.parametrize(("bank", "program"), INSTRUMENTS)
def test_every_instrument_has_the_keys_that_it_is_known_for(bank: int, program: int) -> None:
    """An octave above the middle C, or bass drum, snare and hi-hat; the alto saxophone's E4 is missing in this font."""
    keys = set(range(60, 73)) - ({64} if program == 65 else set()) if bank == 0 else {36, 38, 42}
    found = zones(bank, program)
    assert {key for key in keys if any(zone.low <= key <= zone.high for zone in found)} == keys


@pytest.mark.parametrize(("bank", "program"), INSTRUMENTS)
def test_every_recording_is_audio_with_a_loop_inside(bank: int, program: int) -> None:
    for zone in zones(bank, program):
        assert zone.wave.dtype == np.float32
        assert np.abs(zone.wave).max() <= 1
        assert 4000 <= zone.sr <= 48_000
        assert 0 <= zone.root <= 127
        if zone.generators["loops"] in (1, 3):
            assert 0 <= zone.loop[0] < zone.loop[1] <= zone.wave.size


def test_a_zone_is_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        zones(0, 0)[0].wave[0] = 1


def test_instruments_that_are_not_there(refuses: Refuses) -> None:
    with refuses("instrument", "200", "0 to 127"):
        zones(0, 200)
    with refuses("drum kit", "1", "0, 8, 16"):
        zones(DRUM_BANK, 1)


def test_a_missing_font_is_one_sentence_with_the_command(monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with refuses("TimGM6mb.sf2", "python -m pip install"):
        sf2.font_path()


def test_another_font_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses: Refuses) -> None:
    other = tmp_path / "TimGM6mb.sf2"
    other.write_bytes(sf2.font_path().read_bytes()[:-2])
    monkeypatch.setattr(sf2, "font_path", lambda: other)
    with refuses("TimGM6mb.sf2", "python -m pip install"):
        sf2._tables.__wrapped__()
