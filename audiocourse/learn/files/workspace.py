"""The student's folder ``work/``: notebooks arrive, are never overwritten, can be reset, submitted and forgotten."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocourse.course import Notebook, course_root, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.checking.answers import load_answers
from audiocourse.learn.checking.limits import SECONDS_PER_CELL_IN_KERNEL
from audiocourse.learn.checking.runner import Report
from audiocourse.learn.checking.student import NotStarted
from audiocourse.learn.display.feedback import details, headline
from audiocourse.learn.files.lost_tags import with_lost_tags
from audiocourse.learn.files.notebook import WRITTEN_TAG, read_notebook, tags, write_notebook
from audiocourse.learn.files.progress import SWITCH
from audiocourse.learn.listening.results import as_metadata
from audiocourse.learn.tasks import report_on

if TYPE_CHECKING:
    from nbformat import NotebookNode

WORDS = (80, 150)
UNTOUCHED = "Write here"  # how the placeholder of a written task begins


def work_folder() -> Path:
    """Return ``work/`` of the clone."""
    return course_root() / "work"


def recordings_folder() -> Path:
    """Return where a student's own recordings are."""
    return work_folder() / "recordings"


def deliver() -> list[str]:
    """Copy new notebooks into ``work/`` and say what happened, one line each.

    A notebook whose cells the student has not changed is brought up to date. One with answers in it is never touched: a
    newer course version arrives beside it as ``NAME.update.ipynb``.

    Raises
    ------
    AudioCourseError
        If ``work/`` cannot be written.
    """
    work = work_folder()
    try:
        recordings_folder().mkdir(parents=True, exist_ok=True)
        delivered = _read_delivered()
        lines = [line for source in _course_notebooks() if (line := _deliver_one(source, work, delivered))]
        (work / ".delivered.json").write_text(json.dumps(delivered, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    except OSError as error:
        raise AudioCourseError(
            f"{work} cannot be written ({error.strerror}); put the clone into a folder of your own."
        ) from error
    return lines


def _course_notebooks() -> list[Path]:
    return [course_root() / "notebooks" / f"{notebook.name}.ipynb" for notebook in load_course().notebook]


def _deliver_one(source: Path, work: Path, delivered: dict[str, str]) -> str:
    target = work / source.name
    version = _fingerprint(source)
    if target.exists() and delivered.get(source.name) == version:
        return ""
    if not target.exists() or _fingerprint(target) in (version, delivered.get(source.name)):
        line = f"{source.name}: {'brought up to date' if target.exists() else 'new'}"
    else:
        target = target.with_suffix(".update.ipynb")
        if target.exists() and _fingerprint(target) != delivered.get(target.name):
            target = free_path(target)  # the student works in the last update
        line = f"{source.name}: yours is kept; the newer version is beside it as {target.name}"
    shutil.copyfile(source, target)
    delivered[source.name] = delivered[target.name] = version
    return line


def _fingerprint(path: Path) -> str:
    """Return a hash of the cells alone: outputs and metadata change without a change of any answer."""
    try:
        cells = read_notebook(path)["cells"]
    except AudioCourseError:
        return "damaged"
    text = json.dumps([[cell["cell_type"], cell["source"]] for cell in cells])
    return hashlib.sha256(text.encode()).hexdigest()


def _read_delivered() -> dict[str, str]:
    try:
        found = json.loads((work_folder() / ".delivered.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def reset(name: str) -> str:
    """Put a fresh copy of a notebook into ``work/``; the old one goes to ``work/kept/`` with the time in its name.

    Parameters
    ----------
    name : str
        Name of the notebook, or its beginning (``ex05``).

    Raises
    ------
    AudioCourseError
        If there is no such notebook.
    """
    notebook = load_course().find_notebook(name)
    target = work_folder() / f"{notebook.name}.ipynb"
    note = "There was none in work/; "
    if target.exists():
        kept = free_path(work_folder() / "kept" / f"{notebook.name}-{datetime.now():%Y%m%d-%H%M%S}.ipynb")
        kept.parent.mkdir(exist_ok=True)
        target.replace(kept)
        note = f"Yours is kept as {kept.relative_to(course_root())}; "
    deliver()
    return f"{note}{target.name} is fresh now."


def free_path(path: Path) -> Path:
    """Return a name that is not taken yet."""
    taken = 1
    free = path
    while free.exists():
        taken += 1
        free = path.with_stem(f"{path.stem}-{taken}")
    return free


@dataclass(frozen=True)
class Finding:
    """What a notebook holds for one task: its report when it could be run, and what is odd."""

    task: str
    lines: list[str]
    report: Report | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.report.complete if self.report else not self.lines  # a written task has no report


def examine(notebook: Notebook, nb: NotebookNode) -> list[Finding]:
    """Check every task of a notebook without running the notebook.

    Parameters
    ----------
    notebook : Notebook
        Which one of the course.
    nb : NotebookNode
        Its file, read.
    """
    answers = load_answers(with_lost_tags(nb, notebook), notebook.task)
    findings = []
    for task in notebook.task:
        problem = answers.problems.get(task.name, "")
        if task.kind == "written":
            findings.append(Finding(task.name, odd_about_text(nb, task.name)))
            continue
        lines = [problem] if problem else []
        if task.name in answers.namespace:
            try:
                report = report_on(task, answers.namespace[task.name])
            except AudioCourseError as error:  # past a limit
                findings.append(Finding(task.name, [*lines, str(error)]))
                continue
            findings.append(Finding(task.name, [*lines, headline(report), *details(report)], report))
        else:
            lines = lines or [f"{task.name}: its cell defines nothing of that name; give the function its name back."]
            findings.append(Finding(task.name, lines))
    return findings


def odd_about_text(nb: Mapping[str, Any], task: str) -> list[str]:
    """Describe what is missing in a written answer: gone, not begun, or far from the length asked for."""
    texts = [cell["source"] for cell in nb["cells"] if WRITTEN_TAG + task in tags(cell)]
    if not texts:
        return [
            f"{task}: the cell for your text is gone; `audiocourse reset` with the notebook's name gives a fresh one."
        ]
    lines = [line for line in texts[-1].splitlines() if not line.lstrip(" *_").startswith(UNTOUCHED)]
    words = len(" ".join(lines).split())
    if not words:
        return [f"{task}: not started."]
    if not WORDS[0] <= words <= WORDS[1]:
        return [f"{task}: {words} words; {WORDS[0]} to {WORDS[1]} are asked for."]
    return []


def submit(name: str) -> tuple[Path, list[str]]:
    """Run a notebook in a fresh kernel, list what is missing, and write one file without outputs to hand in.

    The file carries the results of the student's listening tests in its metadata.

    Parameters
    ----------
    name : str
        Name of the notebook, or its beginning (``ex05``).

    Returns
    -------
    path : Path
        The file in ``work/submissions/``.
    missing : list[str]
        One sentence for each thing that is missing or does not run.

    Raises
    ------
    AudioCourseError
        If the notebook is not in ``work/`` or cannot be read.
    """
    notebook = load_course().find_notebook(name)
    source = work_folder() / f"{notebook.name}.ipynb"
    nb = read_notebook(source)
    missing = [" ".join(finding.lines[:2]) for finding in examine(notebook, nb) if not finding.complete]
    missing += _errors_in_fresh_kernel(nb)
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["execution_count"] = None
    nb["metadata"].update(as_metadata())
    target = work_folder() / "submissions" / source.name
    target.parent.mkdir(exist_ok=True)
    write_notebook(nb, target)
    return target, list(dict.fromkeys(missing))


def _errors_in_fresh_kernel(nb: NotebookNode) -> list[str]:
    """Run a copy of the notebook from top to bottom and say which cells fail, other than checks."""
    from nbclient import NotebookClient

    copy = deepcopy(nb)
    copy["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3"}  # whatever it was saved with
    environment = {**os.environ, SWITCH: "off", "OMP_NUM_THREADS": "1"}
    client = NotebookClient(
        copy,
        allow_errors=True,
        timeout=SECONDS_PER_CELL_IN_KERNEL,
        resources={"metadata": {"path": str(work_folder())}},
    )
    try:
        client.execute(env=environment)
    except (RuntimeError, TimeoutError, OSError) as error:  # a kernel that dies, or a cell that never ends
        return [f"The notebook does not run to its end in a fresh kernel: {type(error).__name__}."]
    return [
        f"The cell '{cell['source'].strip()[:40]}' raises {output['ename']} in a fresh kernel: {output['evalue']}"
        for cell in copy["cells"]
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
        and output["ename"] not in ("CheckFailed", NotStarted.__name__, "NotImplementedError")
    ]


def forget() -> int:
    """Delete every recording in ``work/recordings/`` and return how many files that were."""
    files = [path for path in recordings_folder().rglob("*") if path.is_file()]
    for path in files:
        path.unlink()
    return len(files)
