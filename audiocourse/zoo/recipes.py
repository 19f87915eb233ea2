"""Training recipes, found by name: functions marked with `recipe` in ``audiocourse/<chapter>/recipes.py``."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import audiocourse
from audiocourse.errors import AudioCourseError
from audiocourse.zoo.cards import Card
from audiocourse.zoo.saving import save

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Trained:
    """What a recipe returns: all that `save` needs."""

    model: torch.nn.Module
    card: Card
    processor: Any = None


@dataclass(frozen=True)
class Recipe:
    """A way to train a model of the course; call it with the folder in which `fit` keeps its state."""

    name: str
    make: Callable[[Path], Trained]

    def __call__(self, folder: Path) -> Trained:
        """Train the model."""
        return self.make(folder)


def recipe(name: str) -> Callable[[Callable[[Path], Trained]], Recipe]:
    """Mark a function as the recipe of a model: ``@recipe("vad-mini")``.

    It takes a folder for the state of `fit`, so that a training that was stopped goes on, and returns `Trained`. The
    module ``recipes.py`` imports torch and the like within its functions, because looking for a name imports it.
    """
    return lambda make: Recipe(name, make)


def names() -> list[str]:
    """List the names of all recipes."""
    return sorted(_recipes())


def find(name: str) -> Recipe:
    """Return the recipe of a model.

    Raises
    ------
    AudioCourseError
        If there is none of that name, or two.
    """
    found = _recipes()
    if name in found:
        return found[name]
    near = get_close_matches(name, found, cutoff=0.4)
    known = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(sorted(found)) or 'none'}"
    raise AudioCourseError(f"There is no recipe called {name!r}: {known}.")


def train(name: str, folder: Path) -> Card:
    """Train a model by its recipe and save it.

    Parameters
    ----------
    name : str
        Of the recipe.
    folder : Path
        Where the model goes. Until it is there, the state of the training is beside it in ``<folder>.training``, and
        the same call goes on where a stopped one was.

    Returns
    -------
    Card
        The card of the saved model.

    Raises
    ------
    AudioCourseError
        If there is no such recipe, or training or saving fails.
    """
    made = find(name)
    state = folder.with_name(f"{folder.name}.training")
    trained = made(state)
    if os.environ.get("RANK", "0") != "0":  # of several processes the first saves
        return trained.card
    card = save(trained.model, folder, card=trained.card, processor=trained.processor)
    shutil.rmtree(state, ignore_errors=True)
    return card


def _recipes() -> dict[str, Recipe]:
    found: dict[str, Recipe] = {}
    for module in _modules():
        for one in vars(import_module(module)).values():
            if isinstance(one, Recipe) and found.setdefault(one.name, one) is not one:
                raise AudioCourseError(f"Two recipes are called {one.name}; give the one in {module} another name.")
    return found


def _modules() -> Iterator[str]:
    """Name the modules that hold recipes; they are found by their files, so that no chapter is named here."""
    for place in audiocourse.__path__:
        for path in sorted(Path(place).glob("*/recipes.py")):
            if path != Path(__file__):
                yield f"audiocourse.{path.parent.name}.recipes"
