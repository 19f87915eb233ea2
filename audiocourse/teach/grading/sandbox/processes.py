"""Starting another Python process and talking to it: a socket on this machine, and a word that only the two know."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping

from audiocourse.errors import AudioCourseError

SECONDS_TO_START = 120.0  # a first import of all libraries from a cold disk
WORD_BYTES = 32


def start(module: str, environment: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start ``python -m module PORT`` and return it with a socket to it.

    Parameters
    ----------
    module : str
        A module that calls `parent` when it is run.
    environment : Mapping[str, str]
        Its environment variables.

    Raises
    ------
    AudioCourseError
        If it does not come.
    """
    word = secrets.token_bytes(WORD_BYTES)
    with socket.create_server(("127.0.0.1", 0)) as door:
        command = [sys.executable, "-m", module, str(door.getsockname()[1])]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=dict(environment))
        assert process.stdin is not None  # noqa: S101 (it was asked for)
        with contextlib.suppress(OSError):  # it may be gone already; the door says so
            process.stdin.write(word)
            process.stdin.close()
        door.settimeout(SECONDS_TO_START)
        try:
            return process, _with_word(door, word)
        except TimeoutError:
            end(process)
            raise AudioCourseError(
                f"The process {module} did not start: `audiocourse doctor` says what is missing."
            ) from None


def parent() -> socket.socket:
    """Return the socket to whoever started this process with `start`."""
    word = sys.stdin.buffer.read(WORD_BYTES)
    line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    line.sendall(word)
    return line


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)  # noqa: S607
        elif os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _with_word(door: socket.socket, word: bytes) -> socket.socket:
    """Wait for the caller who knows the word; others are sent away."""
    while True:
        line, _ = door.accept()
        line.settimeout(SECONDS_TO_START)
        said = b""
        with contextlib.suppress(OSError):
            while len(said) < len(word) and (more := line.recv(len(word) - len(said))):
                said += more
        if secrets.compare_digest(said, word):
            line.settimeout(None)
            return line
        line.close()
