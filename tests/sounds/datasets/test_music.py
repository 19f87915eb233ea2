"""GTZAN with the fault-filtered lists, Saraga with its annotations."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiocourse.intervals import Interval
from audiocourse.sounds.datasets import annotations, load, pitch_track
from audiocourse.sounds.datasets.music import GENRES, GTZAN_LISTS

SIZES = {"train": 443, "validation": 197, "test": 290}  # Kereliuk, Sturm and Larsen (2015)
DIGESTS = {"train": "a2aeabdebba9a9d8", "validation": "0b6b565bdecb7b75", "test": "64443a8853b34166"}


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All thousand names of GTZAN, without sound: only the lists are tried."""
    folder = tmp_path_factory.mktemp("gtzan") / "genres"
    for genre in GENRES:
        (folder / genre).mkdir(parents=True)
        for number in range(100):
            (folder / genre / f"{genre}.{number:05}.wav").touch()
    soundfile.write(folder / "jazz" / "jazz.00054.wav", np.full(100, 0.1), 22_050)  # the one that is looked into
    return folder


def test_the_known_lists_have_the_published_sizes_and_share_nothing(complete: Path) -> None:
    parts = {split: {item.id for item in load("gtzan", complete, split=split)} for split in SIZES}
    assert {split: len(part) for split, part in parts.items()} == SIZES
    assert len(set.union(*parts.values())) == sum(SIZES.values())
    splits = [item.split for item in load("gtzan", complete)]
    assert len(splits) == 1000
    assert splits.count(None) == 70


@pytest.mark.parametrize("split", SIZES)
def test_the_known_lists_are_the_published_ones(split: str, complete: Path) -> None:
    """The digest is that of the authors' file of numbers: 1 for blues.00000 to 1000 for rock.00099."""
    numbers = sorted(
        100 * GENRES.index(item.label) + int(item.id[-5:]) + 1 for item in load("gtzan", complete, split=split)
    )
    assert hashlib.sha256(" ".join(map(str, numbers)).encode()).hexdigest()[:16] == DIGESTS[split]


def test_a_missing_piece_of_the_known_lists(complete: Path, tmp_path: Path, refuses) -> None:
    (complete / "jazz" / "jazz.00055.wav").rename(tmp_path / "aside.wav")
    try:
        with refuses("jazz.00055.wav is missing, though the list names it"):
            list(load("gtzan", complete, split="train"))
        assert len(load("gtzan", complete, split="test")) == SIZES["test"]
    finally:
        (tmp_path / "aside.wav").rename(complete / "jazz" / "jazz.00055.wav")


@pytest.mark.parametrize("damage", [None, b"RIFF, but nothing that follows"])
def test_the_piece_that_is_damaged_in_every_copy_costs_no_other(
    damage: bytes | None, complete: Path, tmp_path: Path
) -> None:
    piece = complete / "jazz" / "jazz.00054.wav"
    piece.rename(tmp_path / "aside.wav")
    try:
        if damage:
            piece.write_bytes(damage)
        for split, size in (("train", SIZES["train"] - 1), ("all", 999)):
            with pytest.warns(UserWarning, match="jazz.00054 of GTZAN is left out"):
                items = list(load("gtzan", complete, split=split))
            assert len(items) == size and "jazz.00054" not in {item.id for item in items}
    finally:
        (tmp_path / "aside.wav").rename(piece)


def test_lists_in_the_folder_come_first(copied) -> None:
    folder = copied("gtzan")
    (folder / GTZAN_LISTS["test"]).write_text("blues.00004\nrock/rock.00003.wav\n", encoding="utf-8")
    assert [(item.id, item.label) for item in load("gtzan", folder, split="test")] == [
        ("blues.00004", "blues"),
        ("rock.00003", "rock"),
    ]


def test_the_first_publication_was_in_au(copied) -> None:
    folder = copied("gtzan")
    wave = folder / "pop" / "pop.00003.wav"
    y, sr = soundfile.read(wave)
    soundfile.write(wave.with_suffix(".au"), y, sr, subtype="PCM_16")
    wave.unlink()
    item = next(item for item in load("gtzan", folder) if item.id == "pop.00003")
    assert item.path.suffix == ".au"
    assert np.array_equal(item.audio()[0], y.astype(np.float32))


def test_a_damaged_piece_is_one_sentence(copied, refuses) -> None:
    folder = copied("gtzan")
    path = folder / "jazz" / "jazz.00001.wav"
    path.write_bytes(b"\0" * 1000)
    item = next(item for item in load("gtzan", folder) if item.id == "jazz.00001")
    with refuses("jazz.00001.wav is damaged"):
        item.audio()


@pytest.mark.parametrize("name", ["saraga_carnatic", "saraga_hindustani"])
def test_saraga_fields_are_the_same_in_both_traditions(name: str, made) -> None:
    items = list(load(name, made(name)))
    assert [item.id for item in items] == [
        f"{concert}/{title}" for concert in ("Evening by Asha", "Morning by Ravi") for title in ("First", "Second")
    ]
    item = items[0]
    assert item.path.name == "First.mp3.mp3"
    assert (item.label, item.speaker, item.recording) == ("Śrīranjani", "Asha", "Evening by Asha")
    assert item.details == {"title": "First", "raga": "Śrīranjani", "tala": "Ādi", "form": "Kriti"}


@pytest.mark.parametrize("name", ["saraga_carnatic", "saraga_hindustani"])
def test_saraga_annotations(name: str, made) -> None:
    first, *_, last = load(name, made(name))
    heard = annotations(first)
    assert heard.tonic == 146.83
    assert heard.sama.tolist() == [0.1, 1.1, 2.1]
    assert heard.sections == [Interval(0.1, 1.1, "Pallavi")]
    assert heard.phrases == [Interval(0.2, 0.7, "Srgm")]
    times, f0 = pitch_track(first)
    assert times.shape == f0.shape == (100,)
    assert (f0 > 100).sum() > 80
    nothing = annotations(last)
    assert (nothing.tonic, nothing.sama.size, nothing.sections, nothing.phrases) == (None, 0, [], [])
    assert pitch_track(last)[0].size == 0


def test_minus_one_stands_for_no_cycles(copied) -> None:
    folder = copied("saraga_hindustani")
    (folder / "Evening by Asha" / "First" / "First.sama-manual.txt").write_text("-1\n", encoding="utf-8")
    assert annotations(next(iter(load("saraga_hindustani", folder)))).sama.size == 0


def test_a_recording_without_facts(copied) -> None:
    folder = copied("saraga_carnatic")
    (folder / "Evening by Asha" / "First" / "First.json").unlink()
    item = next(iter(load("saraga_carnatic", folder)))
    assert (item.label, item.speaker, item.recording) == (None, None, "Evening by Asha")


@pytest.mark.parametrize("kind", ["ctonic", "sama-manual", "sections-manual-p", "mphrases-manual"])
@pytest.mark.parametrize("damage", ["soon\n", "a\tb\tc\td\n", "a,b,c,d\n"])
def test_annotations_that_are_none(kind: str, damage: str, copied, refuses) -> None:
    folder = copied("saraga_carnatic")
    (folder / "Evening by Asha" / "First" / f"First.{kind}.txt").write_text(damage, encoding="utf-8")
    with refuses(f"First.{kind}.txt"):
        annotations(next(iter(load("saraga_carnatic", folder))))


def test_a_pitch_track_that_is_none(copied, refuses) -> None:
    folder = copied("saraga_carnatic")
    (folder / "Evening by Asha" / "First" / "First.pitch.txt").write_text("0.1 100\n0.2\n", encoding="utf-8")
    with refuses("First.pitch.txt is not a table of 2 column(s) of numbers"):
        pitch_track(next(iter(load("saraga_carnatic", folder))))
