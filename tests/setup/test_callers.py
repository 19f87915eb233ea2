"""The files that call the set-up: Makefile, environment.yml, CI, workflows."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from audiocourse.libraries import CPU_INDEX, LOCK

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="shell scripts of POSIX")


def test_the_makefile_calls_the_two_commands() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = dict(re.findall(r"^(\w+):\n\t(.+)$", text, re.MULTILINE))
    assert rules == {name: f"$(PYTHON) -m audiocourse {name}" for name in ("lab", "test")}
    assert "PYTHON ?= python3" in text and ".PHONY: lab test" in text


def test_the_conda_environment_names_no_library_of_its_own() -> None:
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    *system, by_pip = conda["dependencies"]
    assert system == [f"python{project['requires-python']},<3.14", "pip"]
    index = f"--extra-index-url {CPU_INDEX}"
    assert by_pip == {"pip": [index, f"--constraint {LOCK}", "-e .[all]"]}
    assert "all" in project["optional-dependencies"] and conda["name"] == project["name"]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Make a machine on whose PATH there is next to nothing."""
    for name in ("bash", "dirname"):
        (tmp_path / name).symlink_to(shutil.which(name) or pytest.skip(f"no {name} here"))
    program(tmp_path, "id", "echo 0")
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    program(tmp_path / "venv" / "bin", "python", 'echo "inside $*"')
    return tmp_path


def program(machine: Path, name: str, script: str) -> None:
    """Put a program on a machine."""
    (machine / name).write_text(f"#!/bin/sh\n{script}\n")
    (machine / name).chmod(0o755)


def run_ci(machine: Path) -> subprocess.CompletedProcess[str]:
    """Run `.ci/run` on a machine."""
    command = [str(machine / "bash"), str(ROOT / ".ci" / "run")]
    variables = {"PATH": str(machine), "VENV": str(machine / "venv")}
    return subprocess.run(command, env=variables, capture_output=True, text=True)


@posix
def test_ci_installs_a_browser_and_runs_the_test_command(machine: Path) -> None:
    program(machine, "apt-get", 'echo "apt-get $*"')
    program(machine, "python3", "exit 1")  # too old
    program(machine, "python3.12", '[ "$1" = -m ] && echo "python $*"; exit 0')
    done = run_ci(machine)
    assert done.returncode == 0 and done.stdout.splitlines() == [
        "apt-get update",
        "apt-get install -y --no-install-recommends chromium",
        "python -m audiocourse test",
        "inside -m pip install --quiet --only-binary :all: --constraint constraints.txt --editable .[nbgrader]",
        "inside -m pytest -q tests/teach/test_nbgrader.py tests/benchmarks/test_grading_scores.py",
    ]


@posix
def test_ci_leaves_a_browser_alone_and_passes_the_result_on(machine: Path) -> None:
    program(machine, "chromium", "exit 0")
    program(machine, "python3", '[ "$1" = -c ] || exit 3')
    assert (run_ci(machine).returncode, run_ci(machine).stdout) == (3, "")


@posix
@pytest.mark.parametrize(
    ("name", "script", "words"),
    [
        ("apt-get", '[ "$1" = update ]', "apt could not install chromium"),
        ("id", "echo 1000", "without root and apt"),
        ("chromium", "exit 0", "no Python 3.11"),
    ],
)
def test_ci_says_what_it_lacks(name: str, script: str, words: str, machine: Path) -> None:
    program(machine, name, script)
    done = run_ci(machine)
    assert done.returncode == 1 and words in done.stderr and done.stderr.count("\n") == 1
