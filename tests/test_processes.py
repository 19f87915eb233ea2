"""A command is followed to its end, and its end is ours: exit codes and signals."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiocourse.processes import follow

ROOT = Path(__file__).resolve().parents[1]
posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@pytest.mark.parametrize(("program", "code"), [("pass", 0), ("raise SystemExit(3)", 3)])
def test_the_exit_code_is_that_of_the_command(program: str, code: int) -> None:
    assert follow([sys.executable, "-c", program]) == code


CHILD = """
import time
try:
    print("ready", flush=True)
    time.sleep(30)
except KeyboardInterrupt:
    print("in my own way", flush=True)
    raise SystemExit(5)
"""
PARENT = f"import sys; from audiocourse.processes import follow; sys.exit(follow([sys.executable, '-c', {CHILD!r}]))"


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    """Start a process that follows a sleeping one, in a group of its own as a terminal would."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a runner in the background ignores it
    ) as process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@posix
def test_ctrl_c_lets_the_command_end_in_its_own_way(parent: subprocess.Popen[str]) -> None:
    os.killpg(parent.pid, signal.SIGINT)
    assert parent.communicate(timeout=10) == ("in my own way\n", "")
    assert parent.returncode in (5, 0)  # 0: Python loses the status when the signal falls between wait and its return


@posix
def test_sigterm_ends_the_command_too(parent: subprocess.Popen[str]) -> None:
    parent.terminate()
    assert parent.communicate(timeout=10) == ("", "")  # ends only when the child has closed them too
    assert parent.returncode == 128 + signal.SIGTERM


@posix
def test_a_command_that_does_not_end_is_killed_in_the_end() -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGTERM)).start()
    begin = time.monotonic()
    assert follow([sys.executable, "-c", deaf], kill_after=1.0) == 128 + signal.SIGKILL
    assert time.monotonic() - begin < 20
