"""A process with the students' libraries loaded, forked for each submission before anything secret is loaded.

Run as ``python -m audiocourse.teach.grading.sandbox.zygote FD``. On the socket FD each request is one line of JSON
together with a socket for the worker; the reply is the worker's process id. A request without a socket names libraries
to prepare for all later workers; the reply is ``ready``.
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
from audiocourse.teach.grading.sandbox.worker import run_worker

MAX_REQUEST_BYTES = 65_536


def main(descriptor: int) -> None:
    """Load the libraries, report that, and fork a worker for each request until the grader hangs up.

    Parameters
    ----------
    descriptor : int
        File descriptor of the socket to the grader.
    """
    warm_up()
    levels.available_levels()  # tried once: workers inherit the result
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no one waits for workers that end
    gc.freeze()  # a collection in a worker would touch, and so copy, every shared page
    control = socket.socket(fileno=descriptor)
    try:
        control.sendall(b"ready\n")
    except BrokenPipeError:  # the grader has ended already
        return
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, MAX_REQUEST_BYTES, 1)
        if not request:
            return
        wanted = json.loads(request)
        if "prepare" in wanted:
            prepare(wanted["prepare"])
            gc.freeze()
            control.sendall(b"ready\n")
            continue
        connection = socket.socket(fileno=descriptors[0])
        pid = os.fork()
        if pid == 0:
            control.close()
            run_worker(Channel(connection), connection.fileno(), **wanted)
        connection.close()
        control.sendall(f"{pid}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
