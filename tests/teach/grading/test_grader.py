"""The grader on a made-up class: every score exact, whatever is done to a notebook, its cells or its process."""

from __future__ import annotations

import contextlib
import json
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from audiocourse.course import load_course
from audiocourse.learn.checking import limits
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.learn.listening.results import KEY
from audiocourse.teach.grading.grader import Grader
from audiocourse.teach.grading.reports.gradebook import Result
from audiocourse.teach.grading.reports.pages import feedback_page
from audiocourse.teach.grading.sandbox import levels
from audiocourse.teach.grading.sandbox.protocol import Channel, ProtocolError
from audiocourse.teach.grading.sandbox.worker_pool import Worker

made = load_by_path(Path(__file__).with_name("submissions.py"))
CLASS = {one.name: one for one in made.made_class()}
pytestmark = pytest.mark.skipif(not hasattr(socket, "send_fds"), reason="grading needs sockets that carry descriptors")


STORED = {"question": "?", "kind": "abx", "labels": ["a", "b"], "trials": 16, "count": 14}
LEVELS = [level.name for level in levels.available_levels()]
# All in the strongest sandbox; in the others those that do something to the process they run in.
ROUGH = ["solution", *(name for name, one in CLASS.items() if not one.harmless)]
CASES = [(name, level_name) for level_name in LEVELS for name in (CLASS if level_name == LEVELS[0] else ROUGH)]


@pytest.fixture(scope="module")
def graders() -> Iterator[Callable[[str], Grader]]:
    """One grader for each sandbox, and a clock that is not as patient as in earnest."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr(limits, "SECONDS_PER_GRADED_CALL", {"function": 2.5, "open": 15.0})
        yield cache(lambda level_name: stack.enter_context(Grader(seed=20_241, level=level_name)))


@pytest.fixture(params=LEVELS)
def grader(request: pytest.FixtureRequest, graders: Callable[[str], Grader]) -> Grader:
    """The grader of each sandbox that works here."""
    return graders(request.param)


def points(result: Result) -> dict[str, float]:
    """Points above zero by task."""
    return {task.task: task.points for task in result.tasks if task.points}


@pytest.mark.parametrize(("name", "level_name"), CASES)
def test_every_score_is_exact(name: str, level_name: str, graders: Callable[[str], Grader]) -> None:
    one = CLASS[name]
    result = graders(level_name).grade(one.data, student="ann", file=one.filename)
    assert points(result) == {task: earned for task, earned in one.points.items() if earned}


def test_a_result_says_what_to_do_next_and_nothing_of_hidden_data(grader: Grader) -> None:
    wrong = CLASS["solution"].data.replace(b"10 * np.log10", b"20 * np.log10")
    (task,) = [
        task
        for task in grader.grade(wrong, student="ann", file="ex05_vad.ipynb").tasks
        if task.task == "frame_level_db"
    ]
    assert task.points == 0
    assert task.misconception == "20·log10 of a power"
    assert [sentence.split(":")[0] for sentence in task.messages[:2]] == ["frame_level_db", "Next"]
    assert not any("You return" in sentence for sentence in task.messages)  # a number from hidden data could be copied


def test_what_is_shown_is_the_notebooks_own_data_whatever_the_seed(grader: Grader) -> None:
    """Numbers and sounds as `check` shows them to the student, and never from the seed of the grader."""
    wrong = CLASS["solution"].data.replace(b"10 * np.log10", b"20 * np.log10")

    def shown(of: Grader) -> list[str]:
        return [task.shown for task in of.grade(wrong, student="ann", file="ex05_vad.ipynb").tasks]

    with Grader(seed=99) as other:
        assert shown(other) == shown(grader)
    (block,) = filter(None, shown(grader))
    assert "You return" in block
    assert "20·log10 of a power" in block


@pytest.mark.parametrize(
    ("metadata", "counts"), [({KEY: [STORED, 3]}, [14]), ({KEY: "x"}, []), ([KEY], []), ({}, []), (None, [])]
)
def test_listening_tests_come_with_a_submission(grader: Grader, metadata: object, counts: list[int]) -> None:
    source = "def hangover(active, *, frames):\n    return active"
    cell = {"cell_type": "code", "source": source, "metadata": {"tags": ["task:hangover"]}, "outputs": []}
    data = json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()
    result = grader.grade(data, student="anna", file="ex05_vad.ipynb")
    assert not result.problem
    assert [test.count for test in result.listening] == counts


def test_a_wrong_sound_can_be_heard_on_the_page(grader: Grader) -> None:
    source = "import numpy as np\ndef to_pcm16(y):\n    return np.round(32767 * y).astype(np.int64).astype(np.int16)"
    cell = {"cell_type": "code", "metadata": {"tags": ["task:to_pcm16"]}, "source": source}
    nb = {
        "cells": [{**cell, "outputs": [], "execution_count": None}],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    result = grader.grade(json.dumps(nb).encode(), student="ann", file="x.ipynb")
    page = feedback_page(result, load_course())
    assert page.count("<audio controls") == 3
    assert "<script" not in page
    assert 'aria-label="yours"' in page
    assert "media-src data:" in page


def test_another_seed_gives_the_same_points_to_honest_answers() -> None:
    with Grader(seed=7) as other:
        result = other.grade(CLASS["solution"].data, student="ann", file="ex05_vad.ipynb")
    assert points(result) == {task: earned for task, earned in CLASS["solution"].points.items() if earned}


def test_a_reference_is_lent_to_later_stages_only(grader: Grader) -> None:
    """A blank stage is replaced by the course's own for the tasks after it; asking for its own task's gives nothing."""
    source = "def frame_level_db(frames):\n    return mine_or_reference('frame_level_db')(frames)"
    cell = {"cell_type": "code", "metadata": {"tags": ["task:frame_level_db"]}, "source": source}
    nb = {
        "cells": [{**cell, "outputs": [], "execution_count": None}],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    result = grader.grade(json.dumps(nb).encode(), student="eve", file="ex05_vad.ipynb")
    assert points(result) == {}


def notebook_of(*cells: tuple[str, str]) -> bytes:
    """A notebook of these code cells: (tag, source)."""
    code = [
        {"cell_type": "code", "metadata": {"tags": [tag]}, "source": source, "outputs": [], "execution_count": None}
        for tag, source in cells
    ]
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def test_what_an_answer_keeps_or_prints_of_hidden_data_does_not_reach_its_page(grader: Grader) -> None:
    """The page is made in a process that has never seen hidden data."""
    source = (
        "SEEN = []\ndef hangover(active, *, frames):\n    print('calls before:', len(SEEN))\n    SEEN.append(active)\n"
    )
    data = notebook_of(("task:hangover", source + "    return active"))
    (task,) = [one for one in grader.grade(data, student="eve", file="x.ipynb").tasks if one.task == "hangover"]
    assert task.points == 0
    assert "calls before: 0" in task.shown


def test_a_name_that_is_nowhere_is_told_in_the_result_itself(grader: Grader) -> None:
    """Pages may be far away; every table of results shows what is said of a task."""
    one = CLASS["uses-what-is-nowhere"]
    (task,) = [
        task for task in grader.grade(one.data, student="ann", file=one.filename).tasks if task.task == "frame_level_db"
    ]
    assert any(
        "name 'NOWHERE' is not defined" in sentence and "run all cells" in sentence for sentence in task.messages
    )


def test_a_cell_that_fails_is_told_where_an_answer_needs_it(grader: Grader) -> None:
    own = ("", "FLOOR = np.load('floor.npy')")
    answer = ("task:frame_level_db", "import numpy as np\ndef frame_level_db(frames):\n    return frames + FLOOR")
    result = grader.grade(notebook_of(own, answer), student="ann", file="x.ipynb")
    (task,) = [task for task in result.tasks if task.task == "frame_level_db"]
    assert any("FLOOR" in sentence for sentence in task.messages)


def test_results_are_bounded_as_a_sum_and_the_rest_of_a_class_goes_on(
    grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BYTES_PER_SUBMISSION", 30e6)
    large = "def hangover(active, *, frames):\n    return np.zeros(2**21)"
    data = notebook_of(("setup", "import numpy as np"), ("task:hangover", large))
    (task,) = [one for one in grader.grade(data, student="eve", file="x.ipynb").tasks if one.task == "hangover"]
    assert (task.points, task.status) == (0, "stopped")
    assert any("more in all than a submission may (30 MB)" in sentence for sentence in task.messages)
    monkeypatch.undo()
    assert points(grader.grade(CLASS["solution"].data, student="ann", file="ex05_vad.ipynb")) != {}


def test_many_small_values_count_as_what_they_cost(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BYTES_PER_SUBMISSION", 8e6)
    data = notebook_of(("task:hangover", "def hangover(active, *, frames):\n    return [0] * 90_000"))
    (task,) = [one for one in grader.grade(data, student="eve", file="x.ipynb").tasks if one.task == "hangover"]
    assert task.status == "stopped"


def test_a_check_that_is_slow_on_what_an_answer_returns_costs_that_task_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS_PER_GRADED_TASK", {"function": 2.0, "open": 120.0})
    (tmp_path / "ex05_vad").mkdir()
    (tmp_path / "ex05_vad" / "checks.py").write_text(
        "from audiocourse.learn.checking.authoring import check\n"
        "@check(task='hangover', label='slow')\ndef slow(student, rng):\n    while True:\n        pass\n"
    )
    one = CLASS["solution"]
    with Grader(seed=1, checks=tmp_path) as other:
        result = other.grade(one.data, student="ann", file=one.filename)
    expected = {task: earned for task, earned in one.points.items() if earned and task != "hangover"}
    assert points(result) == expected
    assert [task.status for task in result.tasks if task.task == "hangover"] == ["stopped"]


class Odd:
    """Processes that answer every question with the same message."""

    def __init__(self, message: object) -> None:
        self.message = message

    def new_worker(self, *, using: object = ()) -> Worker:  # noqa: ARG002 (as `WorkerPool.new_worker`)
        ours, theirs = socket.socketpair()

        def speak() -> None:
            with contextlib.suppress(ProtocolError, OSError):
                channel = Channel(theirs)
                while True:
                    channel.receive()
                    channel.send(self.message)

        threading.Thread(target=speak, daemon=True).start()
        return Worker(Channel(ours), tempfile.TemporaryDirectory(), theirs.close)

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "message",
    [
        *({"at": at} for at in (float("inf"), float("nan"), 1e300, -1, 10**300, "x", None, [], {})),
        *({"ask": ask, "arguments": 3, "options": []} for ask in ("hangover", None, [])),
        *({"ok": ok} for ok in (None, {"defined": 3, "problems": []}, {"defined": [[], {}], "problems": {"a": 5}})),
        *({"error": error, "kind": error, "printed": ""} for error in (np.zeros(3), None, [])),
        {"printed": 5},
        np.zeros(3),
        None,
    ],
    ids=repr,
)
def test_every_bad_reply_is_the_loss_of_that_submission_and_no_error(
    message: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SECONDS_PER_SUBMISSION", 1.5)
    monkeypatch.setattr(limits, "SECONDS_PER_CELL_FOR_GRADER", 0.3)
    with Grader(seed=1, pool=Odd(message)) as odd:
        result = odd.grade(CLASS["solution"].data, student="eve", file="ex05_vad.ipynb")
    assert points(result) == {}
    assert not result.problem
