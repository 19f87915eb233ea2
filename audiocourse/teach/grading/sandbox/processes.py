"""Start another Python process and connect to it: a socket on this machine, and a token that only the two know."""

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
TOKEN_BYTES = 32


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
        If it does not connect in time.
    """
    token = secrets.token_bytes(TOKEN_BYTES)
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = [sys.executable, "-m", module, str(server.getsockname()[1])]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env=dict(environment))
        assert process.stdin is not None  # noqa: S101 (it was asked for)
        with contextlib.suppress(OSError):  # it may have ended already; the server then times out
            process.stdin.write(token)
            process.stdin.close()
        server.settimeout(SECONDS_TO_START)
        try:
            return process, _accept_with_token(server, token)
        except TimeoutError:
            end(process)
            raise AudioCourseError(
                f"The process {module} did not start: `audiocourse doctor` says what is missing."
            ) from None


def parent() -> socket.socket:
    """Return the socket to the process that started this one with `start`."""
    token = sys.stdin.buffer.read(TOKEN_BYTES)
    connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    connection.sendall(token)
    return connection


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)  # noqa: S607
        elif os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _accept_with_token(server: socket.socket, token: bytes) -> socket.socket:
    """Wait for the connection that sends the token; others are closed."""
    while True:
        connection, _ = server.accept()
        connection.settimeout(SECONDS_TO_START)
        received = b""
        with contextlib.suppress(OSError):
            while len(received) < len(token) and (more := connection.recv(len(token) - len(received))):
                received += more
        if secrets.compare_digest(received, token):
            connection.settimeout(None)
            return connection
        connection.close()
