"""Run another command to its end, whatever ends it. Standard library only, because the set-up uses it too."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence

GRACE_S = 5.0  # in which a command that was interrupted may tidy up


def follow(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, kill_after: float | None = None
) -> int:
    """Run a command to its end and return its exit code; Ctrl-C and SIGTERM end the command, and this with it.

    With ``kill_after``, a command that has not ended so many seconds after it was told to is killed.
    """
    process = subprocess.Popen(command, env=environment)
    patience = threading.Timer(kill_after or 0, process.kill)
    patience.daemon = True

    def stop(*_: object) -> None:
        process.terminate()
        if kill_after and not patience.ident:
            patience.start()

    before = signal.signal(signal.SIGTERM, stop)
    try:
        while (code := _wait(process)) is None:
            if kill_after and not patience.ident:
                patience.start()
    finally:
        patience.cancel()
        signal.signal(signal.SIGTERM, before)
    return code if code >= 0 else 128 - code  # as a shell does for a command that a signal ended


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    """Wait for the command; None after Ctrl-C, which a terminal sends to the command too, so it gets time to end."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        pass
    try:
        return process.wait(GRACE_S)
    except KeyboardInterrupt:
        return None
    except subprocess.TimeoutExpired:
        if os.name != "nt":
            process.send_signal(signal.SIGINT)
        return None
