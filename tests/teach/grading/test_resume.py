"""A run over a class that is killed at any moment goes on where it was, and ends with the same bytes."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from audiocourse.learn.checking.registry import load_by_path
from audiocourse.teach.grading.sandbox import levels

made = {one.name: one for one in load_by_path(Path(__file__).with_name("submissions.py")).made_class()}
NAMES = ("solution", "alternatives-1", "blank", "alternatives-2", "os-exit-in-every-task", "alternatives-3")
pytestmark = pytest.mark.skipif(not hasattr(socket, "send_fds"), reason="killing is tried where children are forked")


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    folder = tmp_path / "submissions"
    folder.mkdir()
    for name in NAMES:
        path = folder / f"{name}_ex05_vad.ipynb"
        path.write_bytes(made[name].data)
        os.utime(path, (1.7e9, 1.7e9))
    return folder


def begun(handed_in: Path, out: Path, *, workers: int = 1) -> subprocess.Popen[bytes]:
    out.mkdir(exist_ok=True)
    (out / "seed").write_text("5")
    command = [sys.executable, "-m", "audiocourse", "grade", str(handed_in), "--out", str(out)]
    command += ["--workers", str(workers), "--sandbox", levels.available_levels()[0].name]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def written(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_killed_at_random_moments_it_ends_with_the_same_bytes(handed_in: Path, tmp_path: Path) -> None:
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    begin = time.monotonic()
    assert begun(handed_in, whole).wait() == 0
    seconds = time.monotonic() - begin  # whatever this machine takes
    moments = random.Random(4)
    killed = 0
    for _ in range(3):
        process = begun(handed_in, torn, workers=2)
        try:
            process.wait(timeout=seconds * moments.uniform(0.3, 0.9))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
    assert killed, "no run was killed: nothing was tried"
    assert begun(handed_in, torn).wait() == 0
    assert written(torn) == written(whole)


def test_nothing_lives_on_when_the_command_is_killed(handed_in: Path, tmp_path: Path) -> None:
    process = begun(handed_in, tmp_path / "out", workers=2)
    family: list[psutil.Process] = []
    while len(family) < 4:  # workers and their zygotes; a run that ends before fails here
        assert process.poll() is None
        time.sleep(0.2)
        family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=60.0)  # one that is just importing notices when it is done with that
    assert not [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
