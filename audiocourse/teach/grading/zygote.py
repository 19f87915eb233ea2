"""A process with the students' libraries warm, forked once for each submission before anything secret is loaded.

Run as ``python -m audiocourse.teach.grading.zygote FD``. On the socket FD each request is one line of JSON together
with a socket for the child; the answer is the child's process id.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

LIBRARIES = (
    "numpy",
    "scipy.fft",
    "scipy.signal",
    "scipy.ndimage",
    "scipy.stats",
    "librosa.beat",
    "librosa.effects",
    "librosa.feature",
    "librosa.filters",
    "librosa.onset",
    "matplotlib.pyplot",
    "sklearn.metrics",
    "soundfile",
    "webrtcvad",
    "IPython.core.inputtransformer2",
    "nbformat",
    "audiocourse.signal",
    "audiocourse.sounds",
    "audiocourse.learn",
    "audiocourse.learn.notebook",
    "audiocourse.teach.grading.child",
)
MOST_REQUEST = 65_536
SECONDS_OF_CPU = 120.0  # of one submission; the grader's own clock stops single calls much earlier


def main(descriptor: int) -> None:
    """Warm up, say so, and fork a child for each request until the grader hangs up.

    Parameters
    ----------
    descriptor : int
        File descriptor of the socket to the grader.
    """
    os.environ.setdefault("MPLBACKEND", "agg")
    for name in LIBRARIES:
        import_module(name)
    import_module("audiocourse.course").load_course()
    import_module("audiocourse.teach.grading.jail").ladder()  # probed once: children inherit what was found
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that end are not waited for by anybody
    control = socket.socket(fileno=descriptor)
    control.sendall(b"ready\n")
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, MOST_REQUEST, 1)
        if not request:
            return
        child = os.fork()
        if child == 0:
            control.close()
            _live(descriptors[0], json.loads(request))
        os.close(descriptors[0])
        control.sendall(f"{child}\n".encode())


def _live(descriptor: int, request: dict[str, Any]) -> None:
    """Be a child: into the jail, then answer; never return into the zygote's loop."""
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _be_silent()
        if request["rung"]:
            jail = import_module("audiocourse.teach.grading.jail")
            rung = next(rung for rung in jail.ladder() if rung.name == request["rung"])
            jail.close_other_fds([0, 1, 2, descriptor])
            limits = jail.Limits(cpu_seconds=SECONDS_OF_CPU)
            jail.enter(rung, limits, scratch=Path(request["scratch"]), readable=[])
        from audiocourse.teach.grading.child import serve
        from audiocourse.teach.grading.protocol import Channel

        serve(Channel(socket.socket(fileno=descriptor)))
    finally:
        os._exit(0)


def _be_silent() -> None:
    """Let everything a submission prints go nowhere: what it prints inside an answer is kept apart."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


if __name__ == "__main__":
    main(int(sys.argv[1]))
