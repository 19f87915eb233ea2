"""Generated data sets: the same from the same seed, marked as made, never over something else."""

import hashlib
from pathlib import Path

import pytest

from audiocourse.sounds.datasets import CARDS, stand_in

SEEDED = ("librispeech", "common_voice", "gtzan", "saraga_carnatic", "voxceleb1")


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("name", SEEDED)
def test_the_seed_decides(name: str, made, tmp_path: Path) -> None:
    assert digests(stand_in(name, tmp_path / "same", seed=1)) == digests(made(name))
    assert digests(stand_in(name, tmp_path / "other", seed=2)) != digests(made(name))


@pytest.mark.parametrize("name", CARDS)
def test_a_stand_in_says_that_it_is_one_and_is_small(name: str, made) -> None:
    assert "not real data" in (made(name) / "STAND-IN.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in made(name).rglob("*")) < 10e6


def test_nothing_is_overwritten(made, refuses) -> None:
    before = digests(made("ljspeech"))
    with refuses("is there already"):
        stand_in("ljspeech", made("ljspeech").parent, seed=2)
    assert digests(made("ljspeech")) == before


def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("audiocourse.sounds.datasets.stand_ins.write", broken)
    with pytest.raises(OSError, match="full"):
        stand_in("fsdd", tmp_path, seed=1)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_or_seed(tmp_path: Path, refuses) -> None:
    with refuses("There is no data set 'timit'"):
        stand_in("timit", tmp_path, seed=1)
    with refuses("seed is -1"):
        stand_in("fsdd", tmp_path, seed=-1)
