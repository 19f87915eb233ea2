"""A worker's own process refuses the references of the tasks, by whatever name an answer reaches them."""

from __future__ import annotations

import subprocess
import sys

import pytest

WAYS = {
    "ctc_collapse": [
        "from audiocourse.asr import ctc_collapse as g\ndef ctc_collapse(x): return g(x)",
        "def ctc_collapse(x):\n    from audiocourse.asr import ctc_collapse as g\n    return g(x)",
        "import audiocourse.asr as asr\ndef ctc_collapse(x): return asr.ctc_collapse(x)",
        "from audiocourse.asr.ctc.from_scratch import ctc_collapse as g\ndef ctc_collapse(x): return g(x)",
        "def ctc_collapse(x):\n    from audiocourse.asr.ctc.from_scratch import ctc_collapse as g\n    return g(x)",
        "from audiocourse.asr import ctc_collapse",
    ],
    "alias_frequency": [
        "from audiocourse.signal import alias_frequency as g\ndef alias_frequency(x): return g(x, sr=9)",
        "def alias_frequency(x):\n    from audiocourse.signal import alias_frequency as g\n    return g(x, sr=9)",
        "from audiocourse.signal.sampling import alias_frequency as g\ndef alias_frequency(x): return g(x, sr=9)",
        "import importlib\nfrom audiocourse.signal import sampling\ncopy = importlib.reload(sampling)\n"
        "def alias_frequency(x): return copy.alias_frequency(x, sr=9)",
        "import runpy\nfrom audiocourse.signal import sampling\n"
        "copy = runpy.run_path(sampling.__file__)['alias_frequency']\n"
        "def alias_frequency(x): return copy(x, sr=9)",
        "from audiocourse.signal import alias_frequency",
    ],
}
PROGRAM = """
import sys
import numpy as np
import audiocourse.sounds
from audiocourse.course import load_course
from audiocourse.learn.tasks import forbidden_for
from audiocourse.teach.grading.sandbox.worker import Session, hide_chapters

class Silent:
    def send(self, message): pass

name, source = sys.argv[1:]
load_course()
hide_chapters()
session = Session(Silent())
cell = {"cell_type": "code", "source": source, "metadata": {"tags": ["task-" + name]}}
request = {"do": "load", "tasks": [name], "notebook": {"cells": [cell]}, "skip": []}
print(session.answer(request)["ok"]["defined"])
forbidden = forbidden_for(load_course().find_task(name))
request = {"do": "call", "name": name, "arguments": [np.array([1, 1])], "options": {}}
print(session.answer({**request, "forbidden": forbidden}).get("error"))
"""


@pytest.mark.parametrize(("task", "source"), [(task, source) for task, sources in WAYS.items() for source in sources])
def test_the_reference_of_a_task_is_refused(task: str, source: str) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, task, source], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    defined, error = done.stdout.splitlines()
    assert defined == f"['{task}']"
    assert f"{task} is not available while answers are graded" in error or f"{task} calls audiocourse." in error
