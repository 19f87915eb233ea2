"""A prediction: a student chooses before the answer appears; without a kernel the answer is a fold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audiocourse.learn.display.html import escape, put
from audiocourse.learn.display.widget import can_interact, widget
from audiocourse.learn.files import progress
from audiocourse.learn.predictions import Prediction, find_prediction


def predict(key: str) -> None:
    """Ask for a prediction, and show the answer only after a choice; the first choice counts in `status`.

    The answer is in the kernel until then, so that neither Run All nor the source of the page gives it away. In a
    stored notebook and on a static page it is a fold.

    Parameters
    ----------
    key : str
        The key in ``audiocourse/predictions/NOTEBOOK.toml``, where question, choices, answer and reason are.

    Raises
    ------
    AudioCourseError
        If there is no such prediction, or the file has a mistake.
    """
    prediction = find_prediction(key)
    if not can_interact():
        put(
            _fold(prediction),
            "\n".join([f"[prediction] {prediction.question}", *map("  - {}".format, prediction.choices)]),
        )
        return
    from IPython.display import display

    chosen = progress.read_progress()["predictions"].get(key, {}).get("choice", "")
    revealed = _revealed(prediction, chosen) if chosen in prediction.choices else {}
    page = widget("parts.js", "predict.js", question=prediction.question, choices=prediction.choices, revealed=revealed)

    def receive(_: Any, message: Mapping[str, Any], __: Any) -> None:
        choice = prediction.choices[message["choice"]]
        progress.note_prediction(key, choice=choice, right=choice == prediction.answer)
        page.revealed = _revealed(prediction, choice)

    page.on_msg(receive)
    display(page)


def _revealed(prediction: Prediction, choice: str) -> dict[str, str]:
    """Return what the page may show once a choice has been made."""
    verdict = "Right." if choice == prediction.answer else f"You chose “{choice}”. The answer is “{prediction.answer}”."
    return {"choice": choice, "answer": prediction.answer, "text": f"{verdict} {prediction.why}"}


def _fold(prediction: Prediction) -> str:
    choices = "".join(f"<li>{escape(choice)}</li>" for choice in prediction.choices)
    return (
        f"<section aria-label='prediction'><p><strong>Predict.</strong> {escape(prediction.question)}</p>"
        f"<ul>{choices}</ul><details><summary>Answer</summary>"
        f"<p><strong>{escape(prediction.answer)}</strong>. {escape(prediction.why)}</p></details></section>"
    )
