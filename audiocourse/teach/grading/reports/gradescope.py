"""The program that Gradescope runs for each submission: it reads the submitted files and writes ``results.json``.

Run by ``run_autograder`` as ``python -m audiocourse.teach.grading.reports.gradescope FOLDER USER``, as root. A
container there seldom allows namespaces, and then the sandbox does not hide files. So there are two processes here:
root closes the seed, the submission and the results to all other users, and passes seed and submission through a pipe
to a grader that is an ordinary user, as the answers below it are. No file that answers can open holds the seed or takes
a result.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from audiocourse.atomic import write_atomically
from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.grader import Grader, identify_notebook, parse_submission
from audiocourse.teach.grading.isolation import strongest_level
from audiocourse.teach.grading.reports.export import gradescope_json
from audiocourse.teach.grading.reports.gradebook import Result
from audiocourse.teach.grading.sandbox import syscalls
from audiocourse.teach.grading.sandbox.worker_pool import minimal_environment

ASSIGNMENT = "assignment.json"  # the notebook asked for, and the seed
MODES = {
    ".": 0o755,
    "source": 0o755,
    f"source/{ASSIGNMENT}": 0o600,
    "submission": 0o700,
    "submission_metadata.json": 0o600,  # names, and the results of earlier submissions
    "results": 0o700,
}
SECONDS = 540.0  # Gradescope's own limit is ten minutes by default and gives the student no message
UNFINISHED = (
    "Grading did not finish, so this says nothing about your answers: hand in again, and tell your instructor "
    "if it happens twice."
)


def main(root: Path, user: str) -> None:
    """Grade the files in ``submission/`` and write ``results/results.json``, even if they cannot be graded.

    Parameters
    ----------
    root : Path
        Gradescope's folder, with ``source/``, ``submission/`` and ``results/``.
    user : str
        The user who runs grader and answers, if this is root.
    """
    for name, mode in MODES.items():
        if (root / name).exists():
            (root / name).chmod(mode)
    try:
        text = _graded_apart(root, user, find_notebook(root / "submission"))
    except AudioCourseError as error:
        text = _refusal(error)
    write_atomically(root / "results" / "results.json", text.encode())


def find_notebook(folder: Path) -> Path:
    """Return the only notebook among the submitted files; other files are ignored.

    Raises
    ------
    AudioCourseError
        If there is none, or more than one.
    """
    places = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    files = [path for path in places if not path.relative_to(folder).as_posix().startswith((".", "__MACOSX/"))]
    notebooks = [path for path in files if path.suffix.lower() == ".ipynb"] or files
    if not notebooks:
        raise AudioCourseError("No file was handed in: hand in your notebook.")
    if len(notebooks) > 1:
        names = ", ".join(path.name for path in notebooks[:4])
        raise AudioCourseError(f"{len(notebooks)} files were handed in ({names}): hand in the one that counts.")
    return notebooks[0]


def _graded_apart(root: Path, user: str, file: Path) -> str:
    """Grade as an ordinary user and return the content of ``results.json``."""
    assignment = json.loads((root / "source" / ASSIGNMENT).read_text(encoding="utf-8"))
    home = root / "home"
    home.mkdir(exist_ok=True)
    places = {"HOME": str(home), "TMPDIR": str(home), "PYTHONNOUSERSITE": "1"}
    try:
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            [sys.executable, "-P", "-m", "audiocourse.teach.grading.reports.gradescope"],
            input=json.dumps({**assignment, "file": file.name}).encode() + b"\n" + file.read_bytes(),
            stdout=subprocess.PIPE,
            env={**minimal_environment(), **places},
            cwd="/",
            timeout=SECONDS,
            check=True,
            **_rights(user, home),
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise AudioCourseError(UNFINISHED) from None
    return done.stdout.decode()


def _rights(user: str, home: Path) -> dict[str, Any]:
    """Give the folder to the user and return the arguments that run a process as them; none if this is not root."""
    if os.geteuid():
        return {}
    import pwd

    group = pwd.getpwnam(user).pw_gid
    shutil.chown(home, user, group)
    return {"user": user, "group": group, "extra_groups": []}


def grade_from_pipe() -> None:
    """Grade the submission on standard input and write the result to standard output."""
    first, _, data = sys.stdin.buffer.read().partition(b"\n")
    answer = os.dup(1)  # no other process inherits this number, so only what is written below arrives
    os.dup2(2, 1)
    level = strongest_level()
    print(f"sandbox: {level}", flush=True)
    if sys.platform == "linux":
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)  # no process of the same user may look into this one
    try:
        text = _graded(data, **json.loads(first), level=level)
    except AudioCourseError as error:
        text = _refusal(error)
    with os.fdopen(answer, "wb") as pipe:
        pipe.write(text.encode())


def _graded(data: bytes, *, notebook: str, seed: int, file: str, level: str) -> str:
    found = identify_notebook(parse_submission(data), file)
    if found.name != notebook:
        raise AudioCourseError(f"This is {found.name}; the notebook to hand in here is {notebook}.")
    with Grader(seed=seed, level=level) as grader:
        return gradescope_json(grader.grade(data, student="", file=file))


def _refusal(error: AudioCourseError) -> str:
    return gradescope_json(Result("", "", "", "", (), "", problem=str(error)))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), sys.argv[2])
    else:
        grade_from_pipe()
