"""Every test of the project, in the order in which a mistake shows soonest: `audiocourse test`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

from audiocourse.learn.progress import SWITCH

TIMES = Path("build") / "nbval.xml"
COMPILE_ONCE = "import sys; from audiocourse.bootstrap import compile_once; compile_once(sys.executable)"
SECONDS_MEDIAN, SECONDS_AT_MOST = 30, 90  # for a solution notebook on two cores
NBVAL = [f"--junitxml={TIMES}", "--nbval", "--nbval-sanitize-with", "tests/nbval_sanitize.cfg"]


def steps(python: str = sys.executable) -> dict[str, list[str]]:
    """Return the commands by what they prove, each run in the root of the clone."""
    pytest = [python, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider"]
    return {
        "librosa compiled, once (numba issue 10128)": [python, "-c", COMPILE_ONCE],
        "style (ruff)": [python, "-m", "ruff", "check", "."],
        "format (ruff)": [python, "-m", "ruff", "format", "--check", "."],
        "types (mypy)": [python, "-m", "mypy"],
        "notebooks in step with solutions": [python, "-m", "audiocourse", "build", "--check"],
        "solutions (nbval)": [*pytest, *NBVAL, "solutions"],
        "tests": [*pytest, "tests", "audiocourse"],
    }


def run_all(root: Path) -> int:
    """Run every step, say how long each took, and return how many failed.

    Parameters
    ----------
    root : Path
        Root of the clone.
    """
    environment = {**os.environ, SWITCH: "off", "OMP_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    failed = []
    for name, command in steps().items():
        print(f"\n=== {name}: {' '.join(command[1:])}", flush=True)
        begin = time.monotonic()
        code = subprocess.run(command, cwd=root, env=environment, check=False).returncode
        print(f"=== {name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - begin:.0f} s", flush=True)
        if code:
            failed.append(name)
    failed += over_budget(root / TIMES)
    print(f"\n{'Everything passed.' if not failed else 'Failed: ' + ', '.join(failed) + '.'}", flush=True)
    return len(failed)


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
