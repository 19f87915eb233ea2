"""The predictions of the course, read from ``audiocourse/predictions/NOTEBOOK.toml``: no notebook gives one away."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from audiocourse.course import Name
from audiocourse.errors import AudioCourseError
from audiocourse.tables import Table

FOLDER = Path(__file__).parent.parent / "predictions"
Text = Annotated[str, Field(min_length=1)]


class Prediction(Table):
    """A question that a student answers before seeing what happens; ``why`` is a sentence that explains the answer."""

    question: Text
    choices: Annotated[list[Text], Field(min_length=2, max_length=8)]
    answer: str
    why: Text

    @model_validator(mode="after")
    def _consistent(self) -> Prediction:
        if self.answer not in self.choices:
            raise ValueError(f"the answer {self.answer!r} is not one of the choices")
        if len(set(self.choices)) < len(self.choices):
            raise ValueError("two choices are the same")
        return self


_FILE = TypeAdapter(dict[Name, Prediction])


@cache
def load_predictions(folder: Path = FOLDER) -> dict[str, dict[str, Prediction]]:
    """Read all files of predictions: notebook, then key, then the prediction.

    Raises
    ------
    AudioCourseError
        If a file is not valid TOML, a field is missing, unknown or of the wrong kind, or a key is used twice.
    """
    found = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
    keys = [key for predictions in found.values() for key in predictions]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise AudioCourseError(f"Two predictions have the key {twice[0]!r}: give one of them another.")
    return found


def _read(path: Path) -> dict[str, Prediction]:
    try:
        return _FILE.validate_python(tomllib.loads(path.read_text(encoding="utf-8")), strict=True)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AudioCourseError(f"{path.name} cannot be read as TOML: {error}.") from error
    except ValidationError as error:
        mistakes = "; ".join(f"{', '.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise AudioCourseError(f"{path.name} has mistakes: {mistakes}.") from error


def find_prediction(key: str) -> Prediction:
    """Return the prediction with this key.

    Raises
    ------
    AudioCourseError
        If there is none.
    """
    predictions = {name: found for file in load_predictions().values() for name, found in file.items()}
    if key in predictions:
        return predictions[key]
    near = get_close_matches(str(key), predictions, n=1)
    guess = f" (did you mean {near[0]!r}?)" if near else ""
    raise AudioCourseError(f"There is no prediction {key!r}{guess}: its question belongs in audiocourse/predictions/.")
