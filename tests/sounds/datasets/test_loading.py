"""Every data set: what its stand-in holds comes back, in splits that share nothing, and damage is one sentence."""

import itertools
import shutil
import types
from pathlib import Path

import numpy as np
import pytest

from audiocourse.sounds.datasets import CARDS, load

SPLITS = {
    "librispeech": ("train-clean-100", "dev-clean", "test-clean"),
    "common_voice": ("train", "dev", "test"),
    "ljspeech": ("train", "validation", "test"),
    "fsdd": ("train", "test"),
    "ravdess": ("train", "validation", "test"),
    "voxceleb1": ("train", "validation", "test"),
    "gtzan": ("train", "validation", "test"),
}
COUNTS = {
    "librispeech": (12, 4, 4, 4),
    "common_voice": (6, 2, 2, 2),
    "ljspeech": (10, 4, 2, 4),
    "fsdd": (120, 20, 100),
    "ravdess": (32, 16, 8, 8),
    "voxceleb1": (15, 5, 5, 5),
    "gtzan": (50, 20, 10, 10),
    "urbansound8k": (200,),
    "esc50": (120,),
    "esc10": (100,),
    "saraga_carnatic": (4,),
    "saraga_hindustani": (4,),
}
RATES = {
    "librispeech": 16_000,
    "common_voice": 32_000,
    "ljspeech": 22_050,
    "fsdd": 8_000,
    "ravdess": 48_000,
    "voxceleb1": 16_000,
    "gtzan": 22_050,
}
NAMES = tuple(CARDS)


@pytest.mark.parametrize("name", NAMES)
def test_every_item_comes_back_once_in_the_same_order_and_can_be_heard(name: str, made) -> None:
    everything = load(name, made(name))
    items = list(everything)
    assert items == list(everything)
    assert len({item.id for item in items}) == len(items) == len(everything) == COUNTS[name][0]
    for item in items[:: len(items) // 4]:
        y, sr = item.audio()
        assert sr == RATES.get(name, 44_100)
        assert 0.01 < np.abs(y).max() <= 1
        assert y.ndim == 1


@pytest.mark.parametrize("name", NAMES)
def test_what_macos_keeps_beside_files_and_broken_links_are_not_data(name: str, made, copied) -> None:
    """On a disk of another system macOS writes ``._NAME`` beside every file and folder."""
    root = copied(name)
    for path in [path for path in root.rglob("*") if not path.name.startswith("._")]:
        path.with_name(f"._{path.name}").write_bytes(b"\0\5\x16\7" + bytes(100))
    for path in [path for path in root.rglob("*") if path.suffix in {".wav", ".flac", ".ogg"}][:2]:
        path.with_name(f"link-to-nowhere-{path.name}").symlink_to(root / "nowhere")
    assert [item.id for item in load(name, root)] == [item.id for item in load(name, made(name))]


@pytest.mark.parametrize("name", NAMES)
def test_a_byte_order_mark_changes_nothing(name: str, made, copied) -> None:
    root = copied(name)
    for path in root.rglob("*"):
        if path.suffix in {".csv", ".tsv", ".txt", ".json"} or path.name == "SPEAKERS.TXT":
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    before = [(item.id, item.label, item.text, item.split) for item in load(name, made(name))]
    assert [(item.id, item.label, item.text, item.split) for item in load(name, root)] == before


@pytest.mark.parametrize("name", NAMES)
def test_every_sound_file_of_the_folder_is_an_item(name: str, made) -> None:
    sounds = {path for path in made(name).rglob("*") if path.suffix in {".wav", ".flac", ".mp3"}}
    items = {item.path for split in ("all",) for item in load(name, made(name), split=split)}
    if name == "common_voice":  # what was judged bad or not judged at all is not among all
        items |= {item.path for split in ("invalidated", "other") for item in load(name, made(name), split=split)}
    if name == "esc10":
        sounds = {path for path in sounds if int(path.stem.split("-")[-1]) < 10}
    assert items == sounds


@pytest.mark.parametrize("name", SPLITS)
def test_splits_are_those_published_and_share_no_item(name: str, made) -> None:
    parts = [list(load(name, made(name), split=split)) for split in SPLITS[name]]
    assert tuple(map(len, parts)) == COUNTS[name][1:]
    for split, part in zip(SPLITS[name], parts, strict=True):
        assert {item.split for item in part} == {split}
    ids = [item.id for part in parts for item in part]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", ["librispeech", "common_voice", "ravdess"])
def test_splits_share_no_speaker(name: str, made) -> None:
    people = [{item.speaker for item in load(name, made(name), split=split)} for split in SPLITS[name]]
    assert all(people)
    assert not any(one & other for one, other in itertools.combinations(people, 2))


@pytest.mark.parametrize("name", ["librispeech", "ljspeech"])
def test_splits_share_no_chapter(name: str, made) -> None:
    parts = [{item.recording for item in load(name, made(name), split=split)} for split in SPLITS[name]]
    assert not any(one & other for one, other in itertools.combinations(parts, 2))


@pytest.mark.parametrize(("name", "folds"), [("urbansound8k", 10), ("esc50", 5), ("esc10", 5)])
def test_each_fold_is_tested_once_and_shares_no_recording_with_the_others(name: str, folds: int, made) -> None:
    tested = []
    for fold in range(1, folds + 1):
        train, test = (list(load(name, made(name), split=split, held_out=fold)) for split in ("train", "test"))
        assert {item.fold for item in test} == {fold}
        assert {item.split for item in test} == {"test"}
        assert fold not in {item.fold for item in train}
        assert not {item.recording for item in train} & {item.recording for item in test}
        assert len(train) + len(test) == COUNTS[name][0]
        tested += [item.id for item in test]
    assert len(tested) == len(set(tested)) == COUNTS[name][0]


@pytest.mark.parametrize("name", ["fsdd", "ravdess"])
def test_a_speaker_can_be_held_out(name: str, made) -> None:
    speaker = next(iter(load(name, made(name)))).speaker
    train, test = (list(load(name, made(name), split=split, held_out=speaker)) for split in ("train", "test"))
    assert {item.speaker for item in test} == {speaker}
    assert speaker not in {item.speaker for item in train}
    assert len(train) + len(test) == COUNTS[name][0]


@pytest.mark.parametrize("name", NAMES)
def test_items_stream(name: str, copied) -> None:
    """The first item comes before the rest is looked at: it comes even when the last file is missing."""
    folder = copied(name)
    last = list(load(name, folder))[-1].path
    stream = iter(load(name, folder))
    assert isinstance(stream, types.GeneratorType)
    last.unlink()
    assert next(stream).path.is_file()


MANIFESTS = ("librispeech", "common_voice", "ljspeech", "voxceleb1", "urbansound8k", "esc50", "esc10", "gtzan")


@pytest.mark.parametrize("name", [*MANIFESTS, "saraga_carnatic", "saraga_hindustani"])
def test_a_missing_file_is_named(name: str, copied, refuses) -> None:
    folder = copied(name)
    gone = list(load(name, folder))[1].path
    gone.unlink()
    with refuses(str(gone), "is missing"):
        list(load(name, folder))
    with refuses("is missing"):
        len(load(name, folder))


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("librispeech", "dev-clean/103/9000/103-9000.trans.txt"),
        ("common_voice", "train.tsv"),
        ("ljspeech", "metadata.csv"),
        ("voxceleb1", "iden_split.txt"),
        ("urbansound8k", "metadata/UrbanSound8K.csv"),
        ("esc50", "meta/esc50.csv"),
        ("esc10", "meta/esc50.csv"),
        ("gtzan", "train_filtered.txt"),
        ("saraga_carnatic", "Evening by Asha/First/First.json"),
    ],
)
@pytest.mark.parametrize("damage", [b"\xff\xfe\x00garbage", b"%PDF-1.4 garbage\n"], ids=["binary", "another text"])
def test_an_unreadable_table_is_named(name: str, table: str, damage: bytes, copied, refuses) -> None:
    folder = copied(name)
    assert (folder / table).is_file()
    (folder / table).write_bytes(damage)
    with refuses(str(folder)):
        list(load(name, folder))


@pytest.mark.parametrize("name", NAMES)
def test_the_folder_above_and_a_folder_inside_are_recognised(name: str, made, refuses) -> None:
    right = made(name)
    with refuses("the folder in it", f"pass {right}"):
        load(name, right.parent)
    inside = next(path for path in sorted(right.iterdir()) if path.is_dir())
    with refuses("the folder above it", f"pass {right}"):
        load(name, inside)


@pytest.mark.parametrize("name", NAMES)
def test_another_folder_is_told_what_it_should_hold(name: str, tmp_path: Path, refuses) -> None:
    folder = tmp_path / "one" / "two" / "three"
    folder.mkdir(parents=True)
    with refuses(f"does not hold {CARDS[name].title}", CARDS[name].root):
        load(name, folder)
    with refuses("There is no folder", "absent", CARDS[name].root):
        load(name, tmp_path / "absent")


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_split_is_told_which_there_are(name: str, made, refuses) -> None:
    with refuses(f"There is no split of {CARDS[name].title} 'evaluation'", "all"):
        load(name, made(name), split="evaluation")


def test_folds_have_no_fixed_test(made, refuses) -> None:
    with refuses("folds and no fixed test", "held_out=1"):
        load("esc50", made("esc50"), split="train")


def test_what_is_not_there_cannot_be_held_out(made, refuses) -> None:
    with refuses("There is no fold in", "'6'", "1, 2, 3, 4, 5"):
        load("esc50", made("esc50"), split="test", held_out=6)
    with refuses("There is no speaker in", "'theo'", "avocet1"):
        load("fsdd", made("fsdd"), split="test", held_out="theo")
    with refuses("has splits of its own"):
        load("librispeech", made("librispeech"), held_out="103")
    with refuses("There is no split", "'validation'"):
        load("ravdess", made("ravdess"), split="validation", held_out="Actor_01")


def test_a_split_with_nothing_in_it_is_no_empty_loop(copied, refuses) -> None:
    folder = copied("ravdess")
    for actor in ("Actor_24", "Actor_21"):
        shutil.rmtree(folder / actor)
    with refuses("holds nothing of the split test"):
        list(load("ravdess", folder, split="test"))
