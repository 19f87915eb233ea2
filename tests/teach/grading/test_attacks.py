"""Attacks on the grader: in a jail none wins an undeserved point or leaves a trace, and some never do, even without."""

from __future__ import annotations

import dataclasses
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiocourse.learn.registry import load_by_path
from audiocourse.teach.grading import grader as grading
from audiocourse.teach.grading import jail
from audiocourse.teach.grading.grader import Grader

made = load_by_path(Path(__file__).with_name("attacks.py"))
ATTACKS = {attack.name: attack for attack in made.made_attacks()}
SPLIT = (  # what these do stays inside a process, so that keeping checks in another one is enough
    *(f"reference-{way}" for way in ("alias", "partial", "getattr", "code-object", "garbage-collector", "modules")),
    *("reference-mine-or-reference", "reference-closure", "walks-the-frames", "uses-the-callers-globals"),
    *("searches-the-garbage", "traces", "seeks-the-seed", "pickle", "frames", "two-answers", "claims", "markup"),
    *(name for name in ATTACKS if name.startswith(("lies-", "patches-", "errors-that-", "deep-", "long-", "odd-"))),
    *("power-tower", "big-constant", "crowd"),
)
CASES = [(rung.name, name) for rung in jail.ladder() for name in (SPLIT if rung.name == "limits" else ATTACKS)]
pytestmark = pytest.mark.skipif(not hasattr(socket, "send_fds"), reason="the attacks are written for forked children")


@pytest.fixture(scope="module")
def witnesses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("witness")


@pytest.fixture(scope="module")
def listening() -> Iterator[socket.socket]:
    """Somebody who would hear an attacker on the network."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def grader(request: pytest.FixtureRequest, witnesses: Path, listening: socket.socket) -> Iterator[Grader]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading, "SECONDS_PER_CALL", {"function": 2.0, "open": 15.0})
        patch.setattr(grading, "SECONDS_PER_CELL", 2.5)
        patch.setattr(grading, "ATTEMPTS", 3)
        patch.setenv("AUDIOCOURSE_WITNESS", str(witnesses))
        patch.setenv("AUDIOCOURSE_PORT", str(listening.getsockname()[1]))
        with Grader(seed=20_242, rung=request.param) as made_grader:
            yield made_grader


@pytest.mark.parametrize(("grader", "name"), CASES, indirect=["grader"])
def test_an_attack_gains_nothing(name: str, grader: Grader, witnesses: Path, listening: socket.socket) -> None:
    attack = ATTACKS[name]
    result = grader.grade(attack.data, student="eve", file="ex05_vad.ipynb")
    assert sum(task.points for task in result.tasks) <= attack.points, "points that were not earned"
    assert made.SECRET not in repr(dataclasses.asdict(result))
    assert list(witnesses.iterdir()) == [], "it wrote outside of its jail"
    with pytest.raises(BlockingIOError):
        listening.accept()


def test_no_attack_is_named_that_does_not_exist() -> None:
    assert set(SPLIT) <= ATTACKS.keys()


@pytest.mark.parametrize("grader", [rung.name for rung in jail.ladder()], indirect=True)
def test_nothing_outlives_grading(grader: Grader, witnesses: Path) -> None:
    """Daemons of the attacks above would write two seconds later; and the grader still grades."""
    time.sleep(2.5)
    assert list(witnesses.iterdir()) == []
    solved = load_by_path(Path(__file__).with_name("submissions.py")).made_class()[0]
    assert grader.grade(solved.data, student="ann", file=solved.filename).points == sum(solved.points.values())
