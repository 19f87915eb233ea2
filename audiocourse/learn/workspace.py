"""The student's folder ``work/``: notebooks arrive, are never overwritten, can be reset, submitted and forgotten."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbformat import NotebookNode

from audiocourse.course import Notebook, course_root, load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.check import report_on
from audiocourse.learn.feedback import details, headline
from audiocourse.learn.notebook import WRITTEN_TAG, load_answers, odd_about, read_notebook, tags, write_notebook
from audiocourse.learn.progress import SWITCH
from audiocourse.learn.runner import Report
from audiocourse.learn.student import NotStarted

WORDS = (80, 150)
UNTOUCHED = "Write here"  # how the placeholder of a written task begins


def work_folder() -> Path:
    """Return ``work/`` of the clone."""
    return course_root() / "work"


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
        work.mkdir(exist_ok=True)
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
    target, version = work / source.name, _fingerprint(source)
    if target.exists() and delivered.get(source.name) == version:
        return ""
    if not target.exists() or _fingerprint(target) in (version, delivered.get(source.name)):
        line = f"{source.name}: {'brought up to date' if target.exists() else 'new'}"
    else:
        target = target.with_suffix(".update.ipynb")
        line = f"{source.name}: yours is kept; the newer version lies beside it as {target.name}"
    if not target.exists() or _fingerprint(target) != version:
        shutil.copyfile(source, target)
    delivered[source.name] = version
    return line


def _fingerprint(path: Path) -> str:
    """Return a hash of the cells alone: outputs and metadata change without anybody's answer changing."""
    try:
        cells = read_notebook(path)["cells"]
    except AudioCourseError:
        return "damaged"
    text = json.dumps([[cell["cell_type"], cell["source"]] for cell in cells])
    return hashlib.sha256(text.encode()).hexdigest()


def _read_delivered() -> dict[str, str]:
    try:
        found = json.loads((work_folder() / ".delivered.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
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
    said = "There was none in work/; "
    if target.exists():
        kept = _free(work_folder() / "kept" / f"{notebook.name}-{datetime.now():%Y%m%d-%H%M%S}.ipynb")
        kept.parent.mkdir(exist_ok=True)
        target.replace(kept)
        said = f"Yours is kept as {kept.relative_to(course_root())}; "
    deliver()
    return f"{said}{target.name} is fresh now."


def _free(path: Path) -> Path:
    """Return a name that is not taken yet."""
    taken = 1
    free = path
    while free.exists():
        taken += 1
        free = path.with_stem(f"{path.stem}-{taken}")
    return free


@dataclass(frozen=True)
class Finding:
    """What stands in a notebook for one task: its report when it could be run, and what is odd."""

    task: str
    said: list[str]
    report: Report | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.report.complete if self.report else not self.said


def examine(notebook: Notebook, nb: NotebookNode) -> list[Finding]:
    """Check every task of a notebook without running the notebook.

    Parameters
    ----------
    notebook : Notebook
        Which one of the course.
    nb : NotebookNode
        Its file, read.
    """
    answers = load_answers(nb, notebook.task)
    findings = []
    for task in notebook.task:
        problem = answers.problems.get(task.name, "")
        if task.kind == "written":
            findings.append(Finding(task.name, odd_about_text(nb, task.name)))
            continue
        report = report_on(task, answers.namespace.get(task.name))
        said = [problem] if problem else []
        if task.name in answers.namespace:
            said += [headline(report), *details(report)]
        findings.append(Finding(task.name, said, report if task.name in answers.namespace else None))
    return findings


def odd_about_text(nb: NotebookNode, task: str) -> list[str]:
    """Say what is missing in a written answer: gone, not begun, or far from the asked length."""
    texts = [cell["source"] for cell in nb["cells"] if WRITTEN_TAG + task in tags(cell)]
    if not texts:
        return [f"{task}: the cell for your text is gone; `audiocourse reset` gives a fresh notebook and keeps yours."]
    words = len(texts[-1].split())
    if texts[-1].lstrip(" *_").startswith(UNTOUCHED):
        return [f"{task}: not started."]
    if not WORDS[0] <= words <= WORDS[1]:
        return [f"{task}: {words} words; {WORDS[0]} to {WORDS[1]} are asked for."]
    return []


def submit(name: str) -> tuple[Path, list[str]]:
    """Run a notebook in a fresh kernel, list what is missing, and write one file without outputs to hand in.

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
    missing = [line for finding in examine(notebook, nb) if not finding.complete for line in finding.said[:2]]
    missing += [line for task in notebook.task if task.kind != "written" and (line := odd_about(nb, task))]
    missing += _errors_in_fresh_kernel(nb)
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    target = work_folder() / "submissions" / source.name
    target.parent.mkdir(exist_ok=True)
    write_notebook(nb, target)
    return target, list(dict.fromkeys(missing))


def _errors_in_fresh_kernel(nb: NotebookNode) -> list[str]:
    """Run a copy of the notebook from top to bottom and say which cells fail that are no checks."""
    from nbclient import NotebookClient

    copy = deepcopy(nb)
    environment = {**os.environ, SWITCH: "off", "OMP_NUM_THREADS": "1"}
    client = NotebookClient(copy, allow_errors=True, timeout=600, resources={"metadata": {"path": str(work_folder())}})
    client.execute(env=environment)
    return [
        f"Cell {index + 1} raises {output['ename']} in a fresh kernel: {output['evalue']}"
        for index, cell in enumerate(copy["cells"])
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
        and output["ename"] not in ("CheckFailed", NotStarted.__name__, "NotImplementedError")
    ]


def forget() -> int:
    """Delete every recording in ``work/recordings/`` and return how many files that were."""
    folder = work_folder() / "recordings"
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    if files:
        shutil.rmtree(folder)
    return len(files)
