"""One recording: read when asked for, and not before."""

from pathlib import Path

import numpy as np
import pytest

from audiocourse import signal
from audiocourse.sounds.datasets import Item


def test_sound_comes_as_the_file_has_it(tmp_path: Path, rng: np.random.Generator) -> None:
    y = rng.uniform(-1, 1, (2, 500)).astype(np.float32)
    item = Item(id="a", path=signal.write(tmp_path / "a.wav", y, 11_025, subtype="FLOAT"))
    heard, sr = item.audio()
    assert sr == 11_025
    assert np.array_equal(heard, y)


def test_a_missing_file_is_noticed_when_it_is_read(tmp_path: Path, refuses) -> None:
    item = Item(id="a", path=tmp_path / "a.wav")
    with refuses("There is no file", "a.wav"):
        item.audio()


def test_items_do_not_change_and_can_be_put_into_sets() -> None:
    item = Item(id="a", path=Path("a.wav"), details={"take": "A"})
    assert item in {item}
    with pytest.raises(AttributeError):
        item.label = "dog"
