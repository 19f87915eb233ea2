"""Saving a model's folder: whole or not at all, with the same bytes for the same model."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocourse.errors import AudioCourseError
from audiocourse.zoo.cards import CARD_FILE, Card, write_card
from audiocourse.zoo.loading import without_bars

if TYPE_CHECKING:
    import torch


def save(
    model: torch.nn.Module,
    folder: Path,
    *,
    card: Card,
    processor: Any = None,
) -> Card:
    """Save a model so that `load` finds it: ``config.json``, ``model.safetensors``, ``card.toml``.

    Parameters
    ----------
    model : torch.nn.Module
        An instance of the class that the card names. A model of the course has a dataclass ``config``, which is its
        constructor's only argument and becomes ``config.json``.
    folder : Path
        A model that is there already is replaced in one step.
    card : Card
        Its parameters, size and checksums are filled in here.
    processor : optional
        The processor of a model of transformers, saved beside it.

    Returns
    -------
    Card
        The complete card.

    Raises
    ------
    AudioCourseError
        If the model is not of the class that the card names, the folder holds something other than a model, or it
        cannot be written.
    """
    folder = Path(folder)
    _require_same_class(model, card)
    _require_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise AudioCourseError(f"{folder} cannot be written ({error.strerror}); choose another folder.") from error
    try:
        if card.model.startswith("transformers:"):
            _write_pretrained(model, processor, fresh)
        else:
            _write_own(model, fresh)
        complete = _completed(card, model, fresh)
        write_card(complete, fresh)
        fresh.chmod(0o755)  # a temporary folder is for its owner alone
        _replace(folder, fresh)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return complete


def _require_same_class(model: torch.nn.Module, card: Card) -> None:
    module, _, name = card.model.partition(":")
    found = type(model)
    if found.__name__ != name or not found.__module__.startswith(module):
        raise AudioCourseError(
            f"The card of {card.name} names {card.model}, but the model is a {found.__module__}:{found.__name__}."
        )


def _require_free(folder: Path) -> None:
    if folder.exists() and not (folder / CARD_FILE).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise AudioCourseError(f"{folder} holds something other than a model; choose another folder.")


def _write_pretrained(model: Any, processor: Any, folder: Path) -> None:
    with without_bars():
        model.save_pretrained(folder)
        if processor is not None:
            processor.save_pretrained(folder)


def _write_own(model: Any, folder: Path) -> None:
    """Write config and weights, tied weights once: safetensors' ``save_model`` lists tied names in a random order."""
    from safetensors.torch import save_file

    try:
        text = json.dumps(asdict(model.config), indent=1, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise AudioCourseError(f"The config of a model must be plain JSON values: {error}.") from error
    (folder / "config.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    weights = model.state_dict()
    names: dict[tuple[Any, ...], str] = {}  # the first name of each memory
    for name, value in weights.items():
        names.setdefault((value.data_ptr(), value.shape, value.stride()) if value.numel() else (name,), name)
    untied = {name: weights[name].detach().cpu().clone().contiguous() for name in names.values()}
    save_file(untied, folder / "model.safetensors", metadata={"format": "pt"})


def _completed(card: Card, model: torch.nn.Module, folder: Path) -> Card:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return card.model_copy(
        update={
            "parameters": sum(weight.numel() for weight in model.parameters()),
            "size": (folder / card.weights).stat().st_size,
            "sha256": {
                path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
            },
        }
    )


def _replace(folder: Path, fresh: Path) -> None:
    """Replace the old folder by the new one; the old one stays until the new one is there."""
    old = fresh.with_name(f"{fresh.name}.old")
    if folder.exists():
        folder.replace(old)
    fresh.replace(folder)
    shutil.rmtree(old, ignore_errors=True)
