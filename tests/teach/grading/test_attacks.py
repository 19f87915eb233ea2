"""Attacks on the grader: in a sandbox none wins an undeserved point or leaves a trace; some fail even without one."""

from __future__ import annotations

import dataclasses
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from audiocourse.learn.checking import limits
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.teach.grading import grader as grading
from audiocourse.teach.grading.grader import Grader
from audiocourse.teach.grading.sandbox import levels

made = load_by_path(Path(__file__).with_name("attacks.py"))
ATTACKS = {attack.name: attack for attack in made.made_attacks()}
SPLIT = (  # what these do stays inside a process, so that keeping checks in another one is enough
    *(f"reference-{way}" for way in ("alias", "partial", "getattr", "code-object", "garbage-collector", "modules")),
    *("reference-mine-or-reference", "reference-closure", "walks-the-frames", "uses-the-callers-globals"),
    *("searches-the-garbage", "traces", "seeks-the-seed", "pickle", "frames", "two-answers", "claims", "markup"),
    *(name for name in ATTACKS if name.startswith(("lies-", "patches-", "errors-that-", "deep-", "long-", "odd-"))),
    *(
        name
        for name in ATTACKS
        if name.startswith(("keeps-", "returns-many", "returns-a-long", "returns-16", "speaks-"))
    ),
    *("power-tower", "big-constant", "crowd"),
)
# What is stopped by separate processes alone is tried where nothing else stops it, and the rest in every sandbox.
SANDBOXED = [name for name in ATTACKS if name not in SPLIT]
CASES = [
    (level.name, name)
    for level in levels.available_levels()
    for name in (SPLIT if level.name == "limits" else SANDBOXED)
]
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
def graders(witnesses: Path, listening: socket.socket) -> Iterator[Callable[[str], Grader]]:
    """One grader for each sandbox, each with one warm process, started when it is first asked for."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr(limits, "SECONDS_PER_GRADED_CALL", {"function": 2.0, "open": 15.0})
        patch.setattr(limits, "SECONDS_PER_CELL_FOR_GRADER", 2.5)
        patch.setattr(limits, "SECONDS_PER_SUBMISSION", 6.0)  # after three calls that never end, the rest is lost too
        patch.setattr(grading, "ATTEMPTS", 3)
        patch.setenv("AUDIOCOURSE_WITNESS", str(witnesses))
        patch.setenv("AUDIOCOURSE_PORT", str(listening.getsockname()[1]))
        yield cache(lambda level_name: stack.enter_context(Grader(seed=20_242, level=level_name)))


@pytest.mark.parametrize(("level_name", "name"), CASES)
def test_an_attack_gains_nothing(
    level_name: str, name: str, graders: Callable[[str], Grader], witnesses: Path, listening: socket.socket
) -> None:
    attack = ATTACKS[name]
    result = graders(level_name).grade(attack.data, student="eve", file="ex05_vad.ipynb")
    assert sum(task.points for task in result.tasks) <= attack.points, "points that were not earned"
    assert made.SECRET not in repr(dataclasses.asdict(result))
    assert list(witnesses.iterdir()) == [], "it wrote outside of its sandbox"
    with pytest.raises(BlockingIOError):
        listening.accept()


def test_no_attack_is_named_that_does_not_exist() -> None:
    assert set(SPLIT) <= ATTACKS.keys()


def test_what_attacks_import_of_the_course_exists() -> None:
    """An attack on a module that has moved would be stopped by its own ImportError."""
    imports = r"from (audiocourse[\w.]*) import (\w+(?:, \w+)*)"
    for attack in ATTACKS.values():
        for module, names in re.findall(imports, attack.data.decode(errors="replace")):
            for name in names.split(", "):
                found = hasattr(import_module(module), name) or find_spec(f"{module}.{name}")
                assert found, f"{attack.name}: {module}.{name}"


def test_nothing_outlives_grading(graders: Callable[[str], Grader], witnesses: Path) -> None:
    """Daemons of the attacks above would write two seconds later; and each grader still grades."""
    time.sleep(2.5)
    assert list(witnesses.iterdir()) == []
    solved = load_by_path(Path(__file__).with_name("submissions.py")).made_class()[0]
    for level in levels.available_levels():
        result = graders(level.name).grade(solved.data, student="ann", file=solved.filename)
        assert result.points == sum(solved.points.values()), level.name
