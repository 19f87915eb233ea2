"""UrbanSound8K, ESC-50 and ESC-10, field by field."""

from pathlib import Path

import numpy as np
import pytest

from audiocourse import signal
from audiocourse.sounds.datasets import load
from audiocourse.sounds.datasets.events import ESC10_FOLDERS, URBANSOUND_CLASSES


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """ESC-10 as it was before it became a part of ESC-50: a folder for each class, Ogg Vorbis, no table."""
    for number, folder in enumerate(ESC10_FOLDERS):
        (tmp_path / "ESC-10" / folder).mkdir(parents=True)
        for fold in (1, 2):
            for take in "AB":
                path = tmp_path / "ESC-10" / folder / f"{fold}-{fold}00{number}-{take}.ogg"
                signal.write(path, np.full(2000, 0.1, np.float32), 44_100)
    return tmp_path / "ESC-10"


def test_urbansound_fields(made) -> None:
    items = {item.id: item for item in load("urbansound8k", made("urbansound8k"))}
    item = items["3007-7-0-1"]
    assert item.path.relative_to(made("urbansound8k")).as_posix() == "audio/fold3/3007-7-0-1.wav"
    assert (item.fold, item.label, item.recording, item.start, item.end) == (3, "jackhammer", "3007", 2.0, 2.25)
    assert item.details == {"salience": "background"}
    assert {one.label for one in items.values()} == set(URBANSOUND_CLASSES)


def test_a_number_that_is_none(copied, refuses) -> None:
    folder = copied("urbansound8k")
    path = folder / "metadata" / "UrbanSound8K.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",2.25,", ",soon,", 1), encoding="utf-8")
    with refuses("UrbanSound8K.csv has 'soon' as end"):
        list(load("urbansound8k", folder))


def test_a_column_that_is_gone(copied, refuses) -> None:
    folder = copied("esc50")
    path = folder / "meta" / "esc50.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("category", "class", 1), encoding="utf-8")
    with refuses("esc50.csv has no column 'category'"):
        list(load("esc50", folder))


def test_a_table_that_is_cut_off(copied, refuses) -> None:
    folder = copied("esc50")
    path = folder / "meta" / "esc50.csv"
    path.write_bytes(path.read_bytes()[:-20])
    with refuses(str(folder)):
        list(load("esc50", folder))


def test_esc_fields(made) -> None:
    items = {item.id: item for item in load("esc50", made("esc50"))}
    item = items["2-2003-B-3"]
    assert (item.fold, item.label, item.recording) == (2, "crying_baby", "2003")
    assert item.details == {"esc10": "True", "target": "3", "take": "B"}
    assert {one.label for one in items.values()} == {*ESC10_FOLDERS.values(), "train", "siren"}


def test_esc10_is_what_the_table_marks(made) -> None:
    assert {item.label for item in load("esc10", made("esc10"))} == set(ESC10_FOLDERS.values())
    assert {item.details["esc10"] for item in load("esc10", made("esc50"))} == {"True"}


def test_the_older_esc10(older: Path) -> None:
    items = list(load("esc10", older))
    assert len(items) == 40
    item = next(one for one in items if one.label == "sneezing")
    assert (item.id, item.fold, item.recording, item.details) == ("1-1005-A", 1, "1005", {"take": "A"})
    assert item.audio()[1] == 44_100
    assert len(load("esc10", older, split="test", held_out=2)) == 20


def test_a_missing_clip_of_the_older_esc10(older: Path, refuses) -> None:
    (older / "007 - Helicopter" / "2-2006-B.ogg").unlink()
    with refuses("has 1 clips of helicopter in fold 2 and 2 of another class"):
        list(load("esc10", older))


def test_a_file_that_is_no_clip_of_the_older_esc10(older: Path, refuses) -> None:
    (older / "002 - Rain" / "rain.ogg").touch()
    with refuses("rain.ogg is not named fold-clip-take.ogg"):
        list(load("esc10", older))
