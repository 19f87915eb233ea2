"""Training recipes, found by their file: ``audiocourse/CHAPTER/training/ctc_mini.py`` trains ``ctc-mini``.

A recipe holds ``Settings`` and ``TINY`` (for tests), functions such as ``examples``, ``loss`` and ``evaluate``, the
model's ``CARD``, and ``train(folder, settings) -> Trained``, which keeps the state of `fit` in the folder.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import audiocourse
from audiocourse.errors import AudioCourseError
from audiocourse.zoo.cards import Card, Training
from audiocourse.zoo.saving import save

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Trained:
    """What a recipe returns: the model, and what its card says about the training."""

    model: torch.nn.Module
    data: str
    seed: int
    scores: dict[str, float]
    processor: Any = None


def names() -> list[str]:
    """List the names of all recipes."""
    return sorted(_modules())


def find(name: str) -> ModuleType:
    """Return the recipe of a model.

    Raises
    ------
    AudioCourseError
        If there is none of that name, or two.
    """
    modules = _modules()
    if name in modules:
        return import_module(modules[name])
    near = get_close_matches(name, modules, cutoff=0.4)
    cure = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(sorted(modules)) or 'none'}"
    raise AudioCourseError(f"There is no recipe called {name!r}: {cure}.")


def train(name: str, folder: Path) -> Card:
    """Train a model by its recipe and save it.

    Parameters
    ----------
    name : str
        Of the recipe.
    folder : Path
        Where the model goes. Until training has finished, its state is beside it in ``<folder>.training``, and
        the same call resumes a training that was stopped.

    Returns
    -------
    Card
        The card of the saved model.

    Raises
    ------
    AudioCourseError
        If there is no such recipe, or training or saving fails.
    """
    recipe = find(name)
    state = folder.with_name(f"{folder.name}.training")
    begin = time.process_time()
    trained: Trained = recipe.train(state)
    minutes = round((time.process_time() - begin) / 60, 1)
    training = Training(recipe=name, data=trained.data, seed=trained.seed, cpu_minutes=minutes, scores=trained.scores)
    card: Card = recipe.CARD.model_copy(update={"training": training})
    if os.environ.get("RANK", "0") != "0":  # of several processes the first saves
        return card
    card = save(trained.model, folder, card=card, processor=trained.processor)
    shutil.rmtree(state, ignore_errors=True)
    return card


def _modules() -> dict[str, str]:
    modules: dict[str, str] = {}
    for name, module in _files():
        if modules.setdefault(name, module) != module:
            raise AudioCourseError(f"Two recipes are called {name}: {modules[name]} and {module}; rename one.")
    return modules


def _files() -> Iterator[tuple[str, str]]:
    """Name each recipe and its module; they are found by their files, so that no chapter is named here."""
    for place in audiocourse.__path__:
        for path in sorted(Path(place).glob("*/training/*.py")):
            if path.stem != "__init__":
                yield path.stem.replace("_", "-"), f"audiocourse.{path.parent.parent.name}.training.{path.stem}"
