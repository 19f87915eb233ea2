"""Worker pools: workers that are forked or started, each alone; a zygote that ends is replaced."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from audiocourse.learn.checking.registry import load_by_path
from audiocourse.teach.grading.grader import Grader
from audiocourse.teach.grading.sandbox import processes, worker_pool
from audiocourse.teach.grading.sandbox.worker_pool import ForkingPool, SpawningPool, WorkerPool, minimal_environment

made = {one.name: one for one in load_by_path(Path(__file__).parents[1] / "submissions.py").made_class()}
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@pytest.mark.parametrize("kind", [pytest.param(ForkingPool, marks=forks), SpawningPool])
def test_honest_and_deadly_submissions_score_alike_in_each_kind_of_pool(kind: Callable[[str], WorkerPool]) -> None:
    with Grader(seed=3, level="limits", pool=kind("limits")) as grader:
        for name in ("os-exit", "solution"):
            one = made[name]
            result = grader.grade(one.data, student="ann", file=one.filename)
            assert {task.task: task.points for task in result.tasks if task.points} == {
                task: points for task, points in one.points.items() if points
            }, name


@forks
def test_a_zygote_that_is_killed_or_halted_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_pool, "SECONDS_TO_FORK", 0.5)
    pool, one = ForkingPool(""), made["solution"]
    with Grader(seed=3, pool=pool) as grader:
        for harm in (signal.SIGKILL, signal.SIGSTOP):
            before = pool._zygote.pid
            os.kill(before, harm)
            result = grader.grade(one.data, student="ann", file=one.filename)
            assert result.points == sum(one.points.values())
            assert pool._zygote.pid != before


def test_a_connection_without_the_token_is_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        stranger = socket.create_connection(server.getsockname())
        stranger.sendall(b"x" * processes.TOKEN_BYTES)
        friend = socket.create_connection(server.getsockname())
        friend.sendall(b"t" * processes.TOKEN_BYTES)
        connection = processes._accept_with_token(server, b"t" * processes.TOKEN_BYTES)
        assert connection.getpeername() == friend.getsockname()
        assert stranger.recv(1) == b""


def test_a_process_that_does_not_come_is_one_sentence(monkeypatch: pytest.MonkeyPatch, refuses) -> None:
    monkeypatch.setattr(processes, "SECONDS_TO_START", 0.5)
    with refuses("did not start", "audiocourse doctor"):
        processes.start("this", minimal_environment())


def test_ending_a_process_is_final() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    processes.end(process)
    assert process.returncode not in (None, 0)


def test_answers_do_not_see_the_tokens_of_whoever_grades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_TOKEN", "4711")
    monkeypatch.setenv("AUDIOCOURSE_HOME", "here")
    assert "CI_TOKEN" not in minimal_environment()
    assert {"PATH", "AUDIOCOURSE_HOME"} <= minimal_environment().keys()
