"""Saving: whole or not at all, the same bytes in every process, nobody's files lost."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from conftest import Refuses

from audiocourse.zoo import Card, load, save, saving, seeded
from audiocourse.zoo.cards import CARD_FILE

WRITE = """
import sys
from pathlib import Path
import audiocourse
audiocourse.__path__.append(sys.argv[1])
from audiocourse.toychapter.nets import Tied
from audiocourse.zoo import read_card, save, seeded
with seeded(1):
    save(Tied(), Path(sys.argv[3]), card=read_card(Path(sys.argv[2])))
"""


@pytest.fixture
def tied(chapter: Path, toy_card: Card) -> tuple[torch.nn.Module, Card]:
    from audiocourse.toychapter.nets import Tied

    del chapter
    with seeded(1):
        return Tied(), toy_card.model_copy(update={"model": "audiocourse.toychapter.nets:Tied"})


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_model_gives_the_same_bytes_in_every_process(
    tied: tuple[torch.nn.Module, Card], chapter: Path, tmp_path: Path
) -> None:
    model, card = tied
    save(model, tmp_path / "here", card=card)
    here, there = tmp_path / "here", tmp_path / "there"
    arguments = [sys.executable, "-c", WRITE, str(chapter.parent), str(here), str(there)]
    subprocess.run(arguments, env={**os.environ, "PYTHONHASHSEED": "1"}, check=True)
    assert contents(there) == contents(here)


def test_tied_weights_are_written_once_and_are_tied_again(tied: tuple[torch.nn.Module, Card], tmp_path: Path) -> None:
    model, card = tied
    save(model, tmp_path / "tied", card=card)
    loaded = load(tmp_path / "tied").model
    assert torch.equal(loaded.c.weight, model.a.weight)
    assert loaded.a.weight is loaded.c.weight
    assert (tmp_path / "tied" / "model.safetensors").stat().st_size < 2 * 9 * 4 + 100


def test_a_part_of_a_larger_weight_is_saved_as_it_is(chapter: Path, toy_card: Card, tmp_path: Path) -> None:
    from audiocourse.toychapter.nets import Net, NetConfig

    del chapter
    model = Net(NetConfig(width=4))
    large = torch.arange(16.0).reshape(4, 4)
    model.first.weight = torch.nn.Parameter(large[:, 1:3])  # a view: neither contiguous nor the whole storage
    save(model, tmp_path / "toy", card=toy_card)
    assert torch.equal(load(tmp_path / "toy").model.first.weight, large[:, 1:3])


def test_a_newer_model_takes_the_place_of_the_older(chapter: Path, toy_card: Card, tmp_path: Path) -> None:
    from audiocourse.toychapter.nets import Net, NetConfig

    del chapter
    for width in (3, 5):
        save(Net(NetConfig(width=width)), tmp_path / "toy", card=toy_card)
    assert load(tmp_path / "toy").model.first.out_features == 5
    assert {path.name for path in tmp_path.iterdir()} == {"more", "toy"}, "something is left lying about"


def test_saving_that_fails_leaves_the_old_model(
    chapter: Path, toy_card: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audiocourse.toychapter.nets import Net, NetConfig

    del chapter

    def fail(card: Card, folder: Path) -> None:
        del card, folder
        raise KeyboardInterrupt

    save(Net(NetConfig(width=3)), tmp_path / "toy", card=toy_card)
    before = contents(tmp_path / "toy")
    monkeypatch.setattr(saving, "write_card", fail)
    with pytest.raises(KeyboardInterrupt):
        save(Net(NetConfig(width=5)), tmp_path / "toy", card=toy_card)
    assert contents(tmp_path / "toy") == before
    assert {path.name for path in tmp_path.iterdir()} == {"more", "toy"}


def test_other_files_are_never_replaced(tied: tuple[torch.nn.Module, Card], tmp_path: Path, refuses: Refuses) -> None:
    model, card = tied
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.txt").write_text("years of work")
    (tmp_path / "file").write_text("and this")
    for name in ("thesis", "file"):
        with refuses(str(tmp_path / name), "something other"):
            save(model, tmp_path / name, card=card)
    assert (tmp_path / "thesis" / "chapter1.txt").read_text() == "years of work"


@dataclass(frozen=True)
class RateConfig:
    rate: object


def test_a_card_of_another_class_and_a_config_that_is_not_json(
    tied: tuple[torch.nn.Module, Card], toy_card: Card, tmp_path: Path, refuses: Refuses
) -> None:
    model, card = tied
    with refuses("toychapter.nets:Net", "Tied"):
        save(model, tmp_path / "toy", card=toy_card)
    for rate in (torch.ones(1), float("nan")):
        model.config = RateConfig(rate)  # type: ignore[assignment]
        with refuses("plain JSON"):
            save(model, tmp_path / "toy", card=card)
    assert not (tmp_path / "toy").exists()


def test_a_place_that_cannot_be_written(tied: tuple[torch.nn.Module, Card], tmp_path: Path, refuses: Refuses) -> None:
    model, card = tied
    (tmp_path / "file").touch()
    with refuses("cannot be written"):
        save(model, tmp_path / "file" / "toy", card=card)
    assert not (tmp_path / "file" / CARD_FILE).exists()
