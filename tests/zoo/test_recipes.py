"""Recipes are found by name, whatever the chapter, and `audiocourse train` saves what they make."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import Refuses

from audiocourse.cli import main
from audiocourse.zoo import card, load, recipes


def test_recipes_are_found_by_name(chapter: Path) -> None:
    del chapter
    assert "toy-mini" in recipes.names()
    assert recipes.find("toy-mini").CARD.name == "toy-mini"
    assert {"ctc-mini", "digits-mini", "vad-mini", "whisper-mini"} <= set(recipes.names())


def test_an_unknown_recipe(chapter: Path, refuses: Refuses) -> None:
    del chapter
    with refuses("'toy-mimi'", "toy-mini"):
        recipes.find("toy-mimi")
    with refuses("'zzz'", "toy-mini"):
        recipes.find("zzz")


def test_two_recipes_of_one_name(chapter: Path, refuses: Refuses) -> None:
    shutil.copytree(chapter, chapter.with_name("otherchapter"))
    with refuses("Two recipes", "toy-mini", "toychapter.training.toy_mini", "otherchapter.training.toy_mini"):
        recipes.names()


def test_train_saves_a_model_that_loads(chapter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del chapter
    out = tmp_path / "out" / "toy"
    assert main(["train", "toy-mini", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "epoch 2 of 2" in said
    assert str(out) in said.replace("\n", "")
    assert load(out).model.first.out_features == 5
    assert [path.name for path in out.parent.iterdir()] == ["toy"], "the state of the training is left"


def test_train_writes_into_work_if_not_told_otherwise(chapter: Path, clone: Path) -> None:
    del chapter
    assert main(["train", "toy-mini"]) == 0
    assert load(clone / "work" / "models" / "toy-mini").card.name == "toy-mini"


def test_two_trainings_give_the_same_files(chapter: Path, tmp_path: Path) -> None:
    del chapter
    for name in "ab":
        recipes.train("toy-mini", tmp_path / name)
    for file in ("model.safetensors", "config.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_train_keeps_its_state_where_saving_fails(chapter: Path, tmp_path: Path, refuses: Refuses) -> None:
    del chapter
    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "thesis.txt").write_text("years of work")
    with refuses("something other"):
        recipes.train("toy-mini", tmp_path / "toy")
    assert (tmp_path / "toy.training" / "fit.pt").is_file()


def test_train_says_one_sentence_about_an_unknown_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "no-such-recipe"]) == 1
    assert "no recipe called 'no-such-recipe'" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["ctc-mini", "digits-mini", "vad-mini", "whisper-mini"])
def test_a_bundled_card_is_that_of_its_recipe(name: str) -> None:
    """Training again gives the same words; the figures come from the training."""
    recipe = recipes.find(name)
    bundled = card(name)
    for key in ("name", "task", "model", "processor", "licence", "source", "expect"):
        assert getattr(bundled, key) == getattr(recipe.CARD, key), key
    assert bundled.training is not None
    assert bundled.training.seed == recipe.Settings().seed
