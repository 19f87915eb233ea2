"""The loaders on real recordings of FSDD, ESC-10 and LJ Speech, put into the published layouts.

The recordings are not part of the project. Expected beside the clone in ``shared/data``: fsdd/*.wav, esc10/CLASS/*.ogg
and ljspeech32/*.flac, each folder with a labels.csv.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from audiocourse.sounds.datasets import load
from audiocourse.sounds.datasets.events import ESC10_FOLDERS

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"
WHY = "the real recordings are not part of the project"

needs_fsdd = pytest.mark.skipif(not (REAL / "fsdd" / "labels.csv").is_file(), reason=WHY)
needs_esc10 = pytest.mark.skipif(not (REAL / "esc10" / "labels.csv").is_file(), reason=WHY)
needs_ljspeech = pytest.mark.skipif(not (REAL / "ljspeech32" / "labels.csv").is_file(), reason=WHY)


def labels(name: str) -> list[dict[str, str]]:
    with (REAL / name / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@needs_fsdd
def test_fsdd(tmp_path: Path) -> None:
    shutil.copytree(REAL / "fsdd", tmp_path / "recordings")
    rows = {Path(row["file"]).stem: row for row in labels("fsdd")}
    items = list(load("fsdd", tmp_path))
    assert {item.id for item in items} == set(rows)
    for item in items:
        row = rows[item.id]
        assert (item.label, item.speaker, item.split) == (row["digit"], row["speaker"], row["official_split"])
    speakers = {item.speaker for item in items}
    for split, takes in (("test", 5), ("train", 45)):
        assert len(load("fsdd", tmp_path, split=split)) == takes * 10 * len(speakers)
    y, sr = items[0].audio()
    assert sr == 8_000
    assert y.size / sr == pytest.approx(float(rows[items[0].id]["seconds"]), abs=1e-3)
    held_out = sorted(speakers)[0]
    assert len(load("fsdd", tmp_path, split="test", held_out=held_out)) == 500
    assert held_out not in {item.speaker for item in load("fsdd", tmp_path, split="train", held_out=held_out)}


@needs_esc10
def test_esc10(tmp_path: Path) -> None:
    names = {folder[6:].lower().replace(" ", "_"): folder for folder in ESC10_FOLDERS}
    for label, folder in names.items():
        shutil.copytree(REAL / "esc10" / label, tmp_path / folder)
    rows = {Path(row["file"]).stem: row for row in labels("esc10")}
    items = list(load("esc10", tmp_path))
    assert {item.id for item in items} == set(rows)
    for item in items:
        row = rows[item.id]
        facts = (names[row["label"]], row["fold"], row["freesound_id"], row["take"])
        assert (item.path.parent.name, str(item.fold), item.recording, item.details["take"]) == facts
    assert set(Counter((item.label, item.fold) for item in items).values()) == {8}
    assert set(Counter(recording for recording, _ in {(item.recording, item.fold) for item in items}).values()) == {1}
    y, sr = items[0].audio()
    assert (y.ndim, sr) == (1, 44_100)
    assert 0 < np.abs(y).max() <= 1.5  # Vorbis may pass full scale


@needs_ljspeech
def test_ljspeech(tmp_path: Path) -> None:
    rows = {Path(row["file"]).stem: row for row in labels("ljspeech32")}
    (tmp_path / "wavs").mkdir()
    for name in rows:  # FLAC under the published name: the content decides how it is read
        shutil.copy(REAL / "ljspeech32" / f"{name}.flac", tmp_path / "wavs" / f"{name}.wav")
    table = "".join(f"{name}|{row['text']}|{row['normalized_text']}\n" for name, row in rows.items())
    (tmp_path / "metadata.csv").write_text(table, encoding="utf-8")
    items = list(load("ljspeech", tmp_path, split="test"))
    assert {item.id for item in items} == {name for name in rows if name.startswith(("LJ001", "LJ002"))}
    for item in items:
        y, sr = item.audio()
        assert (item.text, sr) == (rows[item.id]["normalized_text"], 22_050)
        assert y.size / sr == pytest.approx(float(rows[item.id]["seconds"]), abs=1e-3)
