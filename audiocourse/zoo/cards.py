"""Cards of models, and the file ``card.toml`` beside the weights of each."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import Field, NonNegativeFloat, NonNegativeInt, ValidationError

from audiocourse.errors import AudioCourseError
from audiocourse.tables import Table

FORMAT = 2  # of a saved model's folder; a version of the course reads folders with its own number only
CARD_FILE = "card.toml"

Name = Annotated[str, Field(pattern=r"^([\w.-]+/)?[\w.-]+$")]
Class = Annotated[str, Field(pattern=r"^(transformers|audiocourse(\.\w+)+):\w+$")]
Text = Annotated[str, Field(min_length=1)]


class Training(Table):
    """How a model of the course was trained.

    ``recipe`` is the name for ``audiocourse train``; ``scores`` holds what was measured on which data, for example
    ``{"AMI, frame ROC-AUC": 0.95}``.
    """

    recipe: Text
    data: Text
    seed: NonNegativeInt
    cpu_minutes: NonNegativeFloat
    scores: dict[str, float] = Field(default_factory=dict)


class Card(Table):
    """A model's card.

    ``model`` and ``processor`` are ``module:Class``; ``size`` is that of the weights in bytes, nearly all of the
    download; ``source`` is the paper; ``expect`` describes what the model does well and badly. The course's own models
    have ``training`` and ``sha256`` (of each file in the folder), published models have ``url``.
    """

    name: Name
    task: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    model: Class
    processor: Class | None = None
    weights: str = "model.safetensors"
    parameters: NonNegativeInt = 0
    size: NonNegativeInt = 0
    licence: Text
    source: Text
    expect: Text
    url: str = ""
    version: str = ""
    training: Training | None = None
    sha256: dict[str, str] = Field(default_factory=dict)

    def __str__(self) -> str:
        """Return in a few lines what a student wants to know before loading."""
        facts = [f"{self.parameters / 1e6:.3g} M parameters", readable_size(self.size), self.licence]
        lines = [f"{self.name}: {self.task}, {', '.join(facts)}", self.expect, f"Source: {self.source}"]
        if self.training is not None:
            lines.append(f"Trained on {self.training.data}: {self.training.cpu_minutes:g} CPU minutes")
            lines += [f"{what}: {score:g}" for what, score in self.training.scores.items()]
        return "\n".join([*lines, *([self.url] if self.url else [])])


def readable_size(size: int) -> str:
    """Write a number of bytes as a browser does: ``151 MB``, ``1.62 GB``.

    Examples
    --------
    >>> readable_size(151_061_672), readable_size(1_617_824_864), readable_size(402_000)
    ('151 MB', '1.62 GB', '0.402 MB')
    """
    return f"{size / 1e9:.3g} GB" if size >= 1e9 else f"{size / 1e6:.3g} MB"


def read_card(folder: Path) -> Card:
    """Read the card of a saved model.

    Raises
    ------
    AudioCourseError
        If there is none, it cannot be read, or it is of another version of the course.
    """
    path = folder / CARD_FILE
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise AudioCourseError(f"{folder} does not hold a model: it has no {CARD_FILE}.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AudioCourseError(f"{path} cannot be read ({type(error).__name__}): copy the model again.") from error
    found = table.pop("format", None)
    if found != FORMAT:
        raise AudioCourseError(
            f"{folder} is of another version of the course: its format is {found}, this version reads {FORMAT}, so "
            "train it again or use the version that saved it."
        )
    try:
        return Card.model_validate(table)
    except ValidationError as error:
        mistakes = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise AudioCourseError(f"{path} has mistakes: {mistakes}.") from error


def write_card(card: Card, folder: Path) -> None:
    """Write ``card.toml``: the same card gives the same bytes."""
    table = {"format": FORMAT, **card.model_dump(exclude_none=True)}
    lines = [_line(key, value) for key, value in table.items() if not isinstance(value, dict)]
    tables = {key: value for key, value in table.items() if isinstance(value, dict) and value}
    if "training" in tables:
        tables["training.scores"] = tables["training"].pop("scores")
    for key, value in tables.items():
        lines += ["", f"[{key}]", *(_line(name, entry) for name, entry in value.items())]
    (folder / CARD_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _line(key: str, value: str | float) -> str:
    """Write one line of TOML; a JSON string or number is valid TOML as well."""
    quoted = key if key.isidentifier() and key.isascii() else json.dumps(key, ensure_ascii=False)
    return f"{quoted} = {json.dumps(value, ensure_ascii=False)}"
