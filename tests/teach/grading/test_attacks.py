"""Attacks on the grader in the strongest jail that works here: none wins an undeserved point or leaves a trace."""

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
RUNG = jail.ladder()[0].name
pytestmark = pytest.mark.skipif(
    RUNG == "limits", reason="no jail works here: only the separation of processes protects"
)


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
def grader(witnesses: Path, listening: socket.socket) -> Iterator[Grader]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading, "SECONDS_PER_CALL", {"function": 2.0, "open": 15.0})
        patch.setattr(grading, "SECONDS_PER_CELL", 2.5)
        patch.setattr(grading, "ATTEMPTS", 3)
        patch.setenv("AUDIOCOURSE_WITNESS", str(witnesses))
        patch.setenv("AUDIOCOURSE_PORT", str(listening.getsockname()[1]))
        with Grader(seed=20_242, rung=RUNG) as made_grader:
            yield made_grader


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gains_nothing(name: str, grader: Grader, witnesses: Path, listening: socket.socket) -> None:
    attack = ATTACKS[name]
    result = grader.grade(attack.data, student="eve", file="ex05_vad.ipynb")
    assert sum(task.points for task in result.tasks) <= attack.points, "points that were not earned"
    assert made.SECRET not in repr(dataclasses.asdict(result))
    assert list(witnesses.iterdir()) == [], "it wrote outside of its jail"
    with pytest.raises(BlockingIOError):
        listening.accept()


def test_nothing_outlives_grading(grader: Grader, witnesses: Path) -> None:
    """Daemons of the attacks above would write two seconds later; and the grader still grades."""
    time.sleep(2.5)
    assert list(witnesses.iterdir()) == []
    solved = load_by_path(Path(__file__).with_name("submissions.py")).made_class()[0]
    assert grader.grade(solved.data, student="ann", file=solved.filename).points == sum(solved.points.values())
