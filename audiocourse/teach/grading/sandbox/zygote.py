"""A process with the students' libraries warm, forked once for each submission before anything secret is loaded.

Run as ``python -m audiocourse.teach.grading.sandbox.zygote FD``. On the socket FD each request is one line of JSON
together with a socket for the worker; the answer is the worker's process id. A request without a socket names libraries
to prepare for all later workers; the answer is ``ready``.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys

from audiocourse.teach.grading.sandbox import levels
from audiocourse.teach.grading.sandbox.protocol import Channel
from audiocourse.teach.grading.sandbox.warm_up import prepare, warm_up
from audiocourse.teach.grading.sandbox.worker import live

MOST_REQUEST = 65_536


def main(descriptor: int) -> None:
    """Warm up, say so, and fork a child for each request until the grader hangs up.

    Parameters
    ----------
    descriptor : int
        File descriptor of the socket to the grader.
    """
    warm_up()
    levels.ladder()  # probed once: children inherit what was found
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that end are not waited for by anybody
    gc.freeze()  # a collection in a child would touch, and so copy, every page of what is shared
    control = socket.socket(fileno=descriptor)
    try:
        control.sendall(b"ready\n")
    except BrokenPipeError:  # whoever wanted it is gone already
        return
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, MOST_REQUEST, 1)
        if not request:
            return
        wanted = json.loads(request)
        if "prepare" in wanted:
            prepare(wanted["prepare"])
            gc.freeze()
            control.sendall(b"ready\n")
            continue
        line = socket.socket(fileno=descriptors[0])
        child = os.fork()
        if child == 0:
            control.close()
            live(Channel(line), line.fileno(), **wanted)
        line.close()
        control.sendall(f"{child}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
