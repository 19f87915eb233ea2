"""Every test of the project, in the order in which a mistake shows soonest; with ``--quick`` those of a change."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from audiocourse.course import load_course
from audiocourse.errors import AudioCourseError
from audiocourse.learn.files.progress import SWITCH

TIMES = Path("build") / "nbval.xml"
SECONDS_MEDIAN = 30  # for a solution notebook on two cores
SECONDS_AT_MOST = 90
NBVAL = ["--nbval", "--nbval-sanitize-with", "tests/nbval_sanitize.cfg"]
ALWAYS = ("tests/course",)  # the floor plan, the assets and the notebooks' form: some seconds
TOO_LONG = tuple(  # for --quick: whole classes and attacks in every sandbox
    f"tests/teach/{name}.py"
    for name in (
        "test_release",
        *(f"grading/test_{part}" for part in ("attacks", "grader", "resume", "whole_class")),
        *(f"grading/sandbox/test_{part}" for part in ("levels", "worker_pool")),
    )
)
MAIN = ("origin/main", "main", "origin/master", "master")


def steps(python: str = sys.executable) -> dict[str, list[str]]:
    """Return the commands by what they prove, each run in the root of the clone."""
    return {
        **_first_steps(python),
        "solutions (nbval)": [*_pytest(python), f"--junitxml={TIMES}", *NBVAL, "solutions"],
        "tests": [*_pytest(python), "tests", "audiocourse"],
    }


def quick_steps(touched: Iterable[str], root: Path, python: str = sys.executable) -> dict[str, list[str]]:
    """Return the commands for what a change can have broken first.

    Parameters
    ----------
    touched : iterable of str
        Paths of changed files, relative to the root of the clone.
    root : Path
        Root of the clone.
    python : str
        The interpreter.

    Returns
    -------
    dict
        Style, types and step; then the tests of the rooms touched and the notebooks touched, where there are any.
    """
    paths = [Path(name) for name in touched]
    notebooks = sorted({name for path in paths if (name := _notebook_of(path))})
    rooms = sorted({name for path in paths for name in _tests_of(path) if (root / name).exists()})
    solutions = [f"solutions/{name}.ipynb" for name in notebooks if (root / "solutions" / f"{name}.ipynb").exists()]
    found = _quick_first_steps(python)
    if solutions:
        found["solutions touched (nbval)"] = [*_pytest(python), *NBVAL, *solutions]
        tasks = [task.name for name in notebooks for task in load_course().find_notebook(name).task]
        found["checks of notebooks touched"] = [
            *_pytest(python),
            *("tests/exercises", "-k", " or ".join(f"[{name}]" for name in tasks)),
        ]
    left_out = [f"--ignore={name}" for name in TOO_LONG]
    found["tests of rooms touched"] = [*_pytest(python), *left_out, *dict.fromkeys([*ALWAYS, *rooms])]
    return found


def touched_files(root: Path) -> list[str]:
    """List the files that differ from the last commit on main, those that git does not know yet included.

    Raises
    ------
    AudioCourseError
        If this is not a clone that git can read.
    """
    names = [name for name in MAIN if _git(root, "rev-parse", "--verify", "--quiet", name) is not None]
    base = _git(root, "merge-base", "HEAD", names[0]) if names else None
    changed = _git(root, "diff", "--name-only", base[0] if base else "HEAD")
    new = _git(root, "ls-files", "--others", "--exclude-standard")
    if changed is None or new is None:
        raise AudioCourseError("git cannot say what you changed here: run `audiocourse test` without --quick.")
    return [*changed, *new]


def run_all(root: Path, *, quick: bool = False) -> int:
    """Run every step, print how long each took, and return how many failed.

    Parameters
    ----------
    root : Path
        Root of the clone.
    quick : bool
        Whether to run only what the files touched since the last commit on main can have broken.
    """
    chosen = quick_steps(touched_files(root), root) if quick else steps()
    begin = time.monotonic()
    failed = [name for name, command in chosen.items() if not _passes(name, command, root)]
    if not quick:
        failed += over_budget(root / TIMES)
    print(f"\nAll steps together: {time.monotonic() - begin:.0f} s.", flush=True)
    print(f"{'Everything passed.' if not failed else 'Failed: ' + ', '.join(failed) + '.'}", flush=True)
    return len(failed)


def _first_steps(python: str) -> dict[str, list[str]]:
    doctor = {"libraries and models, each used once": [python, "-m", "audiocourse", "doctor"]}
    return {**doctor, **_quick_first_steps(python)}


def _quick_first_steps(python: str) -> dict[str, list[str]]:
    return {
        "style (ruff)": [python, "-m", "ruff", "check", "."],
        "format (ruff)": [python, "-m", "ruff", "format", "--check", "."],
        "types (mypy)": [python, "-m", "mypy"],
        "notebooks in step with solutions": [python, "-m", "audiocourse", "build", "--check"],
    }


def _pytest(python: str) -> list[str]:
    workers = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]  # the order is that of tests/conftest.py
    return [python, "-m", "pytest", "-q", *workers, "-p", "no:cacheprovider"]


def _notebook_of(path: Path) -> str:
    """Name the notebook that a file belongs to; "" where it belongs to none."""
    if path.suffix == ".ipynb" and path.parts[0] in {"solutions", "notebooks"}:
        return path.stem
    return path.parts[2] if path.parts[:2] == ("tests", "exercises") and len(path.parts) > 3 else ""


def _tests_of(path: Path) -> list[str]:
    """Name the places with the tests of a file, whether they exist or not."""
    if path.parts[0] == "audiocourse" and len(path.parts) > 2:
        return [f"tests/{path.parts[1]}", f"audiocourse/{path.parts[1]}"]
    if path.parts[0] == "audiocourse":
        return [f"tests/test_{path.stem}.py"]
    if path.parts[0] == "tests" and not _notebook_of(path):
        return [path.as_posix() if len(path.parts) == 2 else "/".join(path.parts[:2])]
    return []


def _passes(name: str, command: Sequence[str], root: Path) -> bool:
    """Run a step and print how it went."""
    print(f"\n=== {name}: {' '.join(command[1:])}", flush=True)
    begin = time.monotonic()
    code = subprocess.run(command, cwd=root, env=_variables(), check=False).returncode
    print(f"=== {name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - begin:.0f} s", flush=True)
    return code == 0


def _variables() -> Mapping[str, str]:
    return {**os.environ, SWITCH: "off", "OMP_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def _git(root: Path, *words: str) -> list[str] | None:
    """Return the lines of a git command, None where it fails."""
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)  # noqa: S607
    except OSError:
        return None
    return done.stdout.splitlines() if done.returncode == 0 else None


def over_budget(report: Path) -> list[str]:
    """Print how long each solution ran, and return what is wrong with that.

    Parameters
    ----------
    report : Path
        What nbval's run wrote, as JUnit XML.
    """
    if not report.is_file():
        return ["the times of the notebooks are missing"]
    seconds: dict[str, float] = {}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 (our own file)
        name = case.get("classname", "").removesuffix(".ipynb").rpartition(".")[2]
        seconds[name] = seconds.get(name, 0.0) + float(case.get("time", 0))
    print("\nseconds a solution ran: " + ", ".join(f"{name} {time:.1f}" for name, time in sorted(seconds.items())))
    slow = [f"{name} runs longer than {SECONDS_AT_MOST} s" for name, time in seconds.items() if time > SECONDS_AT_MOST]
    if seconds and statistics.median(seconds.values()) > SECONDS_MEDIAN:
        slow.append(f"half of the solutions run longer than {SECONDS_MEDIAN} s")
    return slow
