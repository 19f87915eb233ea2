"""RAVDESS and VoxCeleb, field by field."""

import pytest

from audiocourse.sounds.datasets import load, verification_pairs


def test_ravdess_names_are_read_code_by_code(made) -> None:
    items = {item.id: item for item in load("ravdess", made("ravdess"))}
    item = items["03-01-05-02-02-01-24"]
    assert item.path.parent.name == item.speaker == "Actor_24"
    assert (item.label, item.gender, item.text) == ("angry", "female", "Dogs are sitting by the door")
    assert item.details == {
        "modality": "audio",
        "channel": "speech",
        "intensity": "strong",
        "statement": "2",
        "repetition": "1",
    }
    assert items["03-01-01-01-01-02-01"].gender == "male"
    assert items["03-01-01-01-01-02-01"].text == "Kids are talking by the door"


def test_ravdess_actors_have_their_part(made) -> None:
    splits = {item.speaker: item.split for item in load("ravdess", made("ravdess"))}
    assert splits == {"Actor_01": "train", "Actor_02": "train", "Actor_21": "validation", "Actor_24": "test"}


def test_a_missing_take_of_ravdess(copied, refuses) -> None:
    folder = copied("ravdess")
    (folder / "Actor_02" / "03-01-05-02-01-02-02.wav").unlink()
    with refuses("03-01-05-02-01-02-02.wav is missing", "03-01-05-02-01-01-02.wav beside it"):
        list(load("ravdess", folder))


@pytest.mark.parametrize("name", ["notes", "03-01-09-01-01-01-01", "03-01-01-01-01-01-25", "03-00-01-01-01-01-01"])
def test_a_file_that_is_no_take_of_ravdess(name: str, copied, refuses) -> None:
    folder = copied("ravdess")
    (folder / "Actor_01" / f"{name}.wav").touch()
    with refuses(f"{name}.wav is not named as RAVDESS names files"):
        list(load("ravdess", folder))


def test_voxceleb_fields(made) -> None:
    item = next(iter(load("voxceleb1", made("voxceleb1"), split="test")))
    speaker, video, number = item.path.relative_to(made("voxceleb1") / "wav").parts
    assert (item.id, item.speaker, item.recording) == (f"{speaker}/{video}/{number[:-4]}", speaker, video)
    assert item.gender in ("female", "male")
    assert item.details == {"nationality": "USA"}


def test_identification_knows_everybody_by_other_videos(made) -> None:
    train, test = (list(load("voxceleb1", made("voxceleb1"), split=split)) for split in ("train", "test"))
    assert {item.speaker for item in train} == {item.speaker for item in test}
    assert not {item.recording for item in train} & {item.recording for item in test}


def test_verification_hears_nobody_twice(made) -> None:
    train, test = (
        list(load("voxceleb1", made("voxceleb1"), split=f"verification-{split}")) for split in ("train", "test")
    )
    assert {item.speaker for item in test} == {"id10270", "id10271"}
    assert {item.speaker for item in train} == {"id10001", "id10002", "id10003"}
    assert len(train) + len(test) == 15


def test_pairs(made) -> None:
    pairs = list(verification_pairs(made("voxceleb1")))
    assert [pair.same for pair in pairs] == [True, False, True]
    assert all(pair.same == (pair.first.speaker == pair.second.speaker) for pair in pairs)
    assert all(pair.first.path.is_file() for pair in pairs)


def test_voxceleb_without_its_table_of_people(copied) -> None:
    folder = copied("voxceleb1")
    (folder / "vox1_meta.csv").unlink()
    assert {(item.gender, *item.details) for item in load("voxceleb1", folder)} == {(None,)}


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("iden_split.txt", "4 id1/v/1.wav", "has part '4'"),
        ("iden_split.txt", "1 somewhere", "not speaker/video/number.wav"),
        ("veri_test.txt", "2 id1/v/1.wav id1/v/2.wav", "begins a line with '2'"),
    ],
)
def test_lines_that_are_none(name: str, line: str, said: str, copied, refuses) -> None:
    folder = copied("voxceleb1")
    (folder / name).write_text(f"{line}\n", encoding="utf-8")
    with refuses(name, said):
        list(load("voxceleb1", folder) if name == "iden_split.txt" else verification_pairs(folder))


def test_pairs_of_a_wrong_folder(made, refuses) -> None:
    with refuses("the folder in it"):
        list(verification_pairs(made("voxceleb1").parent))
