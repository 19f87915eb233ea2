"""LibriSpeech, Common Voice, LJ Speech and FSDD, field by field."""

from pathlib import Path

from audiocourse.sounds.datasets import load


def test_librispeech_fields(made) -> None:
    item = next(iter(load("librispeech", made("librispeech"), split="dev-clean")))
    assert item.path.relative_to(made("librispeech")).as_posix() == "dev-clean/103/9000/103-9000-0000.flac"
    assert (item.id, item.speaker, item.recording, item.language) == ("103-9000-0000", "103", "103-9000", "en")
    assert item.text == item.text.upper() != item.text.lower()
    assert item.gender in ("female", "male")
    assert item.text in (item.path.parent / "103-9000.trans.txt").read_text(encoding="utf-8")


def test_librispeech_without_its_table_of_speakers(copied) -> None:
    folder = copied("librispeech")
    (folder / "SPEAKERS.TXT").unlink()
    assert {item.gender for item in load("librispeech", folder)} == {None}


def test_a_part_of_librispeech_that_is_not_there(made, refuses) -> None:
    with refuses("does not hold test-other", "train-clean-100, dev-clean, test-clean", "part='test-other'"):
        list(load("librispeech", made("librispeech"), split="test-other"))


def test_sound_without_a_sentence_is_refused(copied, refuses) -> None:
    folder = copied("librispeech")
    path = folder / "dev-clean/103/9000/103-9000.trans.txt"
    path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    with refuses("has no sentence for 103-9000-0001"):
        list(load("librispeech", folder))


def test_common_voice_fields(made) -> None:
    folder = made("common_voice")
    item = next(iter(load("common_voice", folder, split="test")))
    row = (folder / "test.tsv").read_text(encoding="utf-8").split("\n")[1].split("\t")
    assert (item.speaker, item.path, item.text) == (row[0], folder / "clips" / row[1], row[2])
    assert item.text.startswith('"So?" '), "quotation marks are characters, not quotes"
    assert (item.language, item.gender) == ("en", "female_feminine")
    assert item.details == {"up_votes": "2", "down_votes": "0", "age": "twenties"}


def test_validated_clips_are_those_of_the_three_parts(made) -> None:
    folder = made("common_voice")
    parts = {item.id for split in ("train", "dev", "test") for item in load("common_voice", folder, split=split)}
    assert {item.id for item in load("common_voice", folder, split="validated")} == parts
    assert not parts & {item.id for item in load("common_voice", folder, split="invalidated")}


def test_early_common_voice_names_clips_without_suffix_and_lacks_columns(copied) -> None:
    folder = copied("common_voice")
    header, row = (line.split("\t") for line in (folder / "test.tsv").read_text(encoding="utf-8").split("\n")[:2])
    early = ["\t".join(header[:5]), "\t".join([row[0], row[1].removesuffix(".mp3"), *row[2:5]])]
    (folder / "test.tsv").write_text("\n".join(early) + "\n", encoding="utf-8")
    (item,) = load("common_voice", folder, split="test")
    assert item.path.name == row[1]
    assert (item.gender, item.language) == (None, "en")


def test_ljspeech_fields(made) -> None:
    item = next(iter(load("ljspeech", made("ljspeech"), split="validation")))
    assert (item.id, item.path.name, item.recording) == ("LJ003-0001", "LJ003-0001.wav", "LJ003")
    assert (item.speaker, item.gender, item.language) == ("LJ", "female", "en")
    assert item.details["printed"] == f'"{item.text}', "an open quotation mark swallows no line"


def test_a_line_of_ljspeech_that_is_cut_off(copied, refuses) -> None:
    folder = copied("ljspeech")
    path = folder / "metadata.csv"
    path.write_text(path.read_text(encoding="utf-8") + "LJ009-0001|half a line", encoding="utf-8")
    with refuses("metadata.csv, line 11 has 2 field(s) where 3 are due"):
        list(load("ljspeech", folder))


def test_fsdd_splits_by_index(made) -> None:
    folder = made("fsdd")
    for split, indices in (("test", set("01234")), ("train", {"5"})):
        items = list(load("fsdd", folder, split=split))
        assert {item.id.split("_")[2] for item in items} == indices
        assert {item.label for item in items} == set("0123456789")
        assert all(item.id == f"{item.label}_{item.speaker}_{item.id[-1]}" == item.path.stem for item in items)


def test_a_missing_take_of_fsdd(copied, refuses) -> None:
    folder = copied("fsdd")
    (folder / "recordings" / "7_avocet1_2.wav").unlink()
    with refuses("7_avocet1_2.wav is missing"):
        list(load("fsdd", folder))


def test_a_file_that_is_no_take_of_fsdd(copied, refuses) -> None:
    folder = copied("fsdd")
    Path(folder / "recordings" / "notes.wav").touch()
    with refuses("notes.wav is not named digit_speaker_index.wav"):
        list(load("fsdd", folder))
