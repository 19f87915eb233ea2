"""Every test of the project, in the order in which a mistake shows soonest: `audiocourse test`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from audiocourse.learn.progress import SWITCH

NBVAL = ["--nbval", "--nbval-sanitize-with", "tests/nbval_sanitize.cfg", "-p", "no:doctest"]


def steps(python: str = sys.executable) -> dict[str, list[str]]:
    """Return the commands by what they prove, each run in the root of the clone."""
    pytest = [python, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider"]
    return {
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
    print(f"\n{'Everything passed.' if not failed else 'Failed: ' + ', '.join(failed) + '.'}", flush=True)
    return len(failed)
