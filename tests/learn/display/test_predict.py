"""A prediction: a fold where no one chooses, else hidden until a choice, whose first one counts."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Refuses

from audiocourse import AudioCourseError, predict
from audiocourse.course import load_course
from audiocourse.learn import predictions
from audiocourse.learn.files.notebook import read_notebook
from audiocourse.learn.files.progress import read_progress
from audiocourse.learn.predictions import load_predictions
from audiocourse.learn.tasks import status_rows

ROOT = Path(__file__).resolve().parents[3]
FILE = """
[largest]
question = "Which is <largest>?"
choices = ["1", "2", "3"]
answer = "3"
why = "Three is more than two."
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a file of predictions in the place of those of the course."""

    def write(text: str) -> None:
        (tmp_path / "01a_digital_audio.toml").write_text(text, encoding="utf-8")
        files = load_predictions(tmp_path)
        monkeypatch.setattr(predictions, "load_predictions", lambda: files)
        monkeypatch.setattr("audiocourse.learn.tasks.load_predictions", lambda: files)

    return write


@pytest.fixture
def shown(clone: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A student works there: collect the widgets that are displayed."""
    assert clone.is_dir()
    widgets: list[Any] = []
    monkeypatch.setattr("IPython.display.display", widgets.append)
    return widgets


def choose(page: Any, choice: int) -> None:
    page._handle_custom_msg({"choice": choice}, [])


def test_without_a_student_the_answer_is_a_fold(
    written: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    written(FILE)
    pages: list[tuple[str, str]] = []
    monkeypatch.setattr(sys.modules["audiocourse.learn.display.predict"], "put", lambda *texts: pages.append(texts))
    predict("largest")
    ((html, plain),) = pages
    before, fold = html.split("<details>")
    assert "Which is &lt;largest&gt;?" in before and "<li>2</li>" in before
    assert "Three is more" not in before and "Three is more" in fold
    assert plain == "[prediction] Which is <largest>?\n  - 1\n  - 2\n  - 3"


def test_the_page_learns_the_answer_after_the_choice(written: Callable[[str], None], shown: list[Any]) -> None:
    written(FILE)
    predict("largest")
    (page,) = shown
    assert "Three is more" not in repr(page.get_state())
    choose(page, 1)
    assert page.revealed["text"] == "You chose “2”. The answer is “3”. Three is more than two."
    assert read_progress()["predictions"] == {"largest": {"choice": "2", "right": False}}


def test_the_first_choice_counts_and_is_shown_again(written: Callable[[str], None], shown: list[Any]) -> None:
    written(FILE)
    for choice in (2, 0):
        predict("largest")
        choose(shown[-1], choice)
    assert read_progress()["predictions"]["largest"]["right"] is True
    predict("largest")
    assert shown[-1].revealed["text"].startswith("Right. Three")


def test_status_counts_predictions_where_some_were_made(written: Callable[[str], None], shown: list[Any]) -> None:
    written(FILE + FILE.replace("largest]", "smallest]"))
    assert not [row for row in status_rows() if row[1] == "predictions"]
    predict("largest")
    choose(shown[-1], 2)
    assert ("01a_digital_audio", "predictions", "1 of 2 made", "1 right") in status_rows()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[largest", "cannot be read as TOML"),
        (FILE.replace('"3"\n', '"4"\n'), "the answer '4' is not one of the choices"),
        (FILE.replace('"2"', '"1"'), "two choices are the same"),
        (FILE.replace("why", "because"), "largest, because"),
        (FILE.replace('["1", "2", "3"]', '["3"]'), "at least 2 items"),
        (FILE.replace('"2"', "2"), "largest, choices, 1"),
    ],
)
def test_a_mistake_in_the_file_is_named(written: Callable[[str], None], text: str, words: str) -> None:
    with pytest.raises(AudioCourseError, match=re.escape(words)):
        written(text)


def test_a_key_is_used_once(tmp_path: Path, refuses: Refuses) -> None:
    for name in "ab":
        (tmp_path / f"{name}.toml").write_text(FILE, encoding="utf-8")
    with refuses("the key 'largest'"):
        load_predictions(tmp_path)


def test_an_unknown_key_is_guessed(written: Callable[[str], None], refuses: Refuses) -> None:
    written(FILE)
    with refuses("did you mean 'largest'"):
        predict("larges")
    with refuses("audiocourse/predictions/"):
        predict("x")


def test_files_belong_to_notebooks_and_notebooks_ask_for_what_is_there() -> None:
    files = load_predictions()
    assert files.keys() <= {notebook.name for notebook in load_course().notebook}
    for path in (ROOT / "solutions").glob("*.ipynb"):
        code = "\n".join(cell["source"] for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code")
        asked = set(re.findall(r"\bpredict\(\"(\w+)\"\)", code))
        assert asked <= files.get(path.stem, {}).keys(), path.name
