"""What the tests of the set-up share."""

from __future__ import annotations

from pathlib import Path

import pytest
from setup.stage import LOCK, PYPROJECT, Command, Installer, Machine, play

from audiocourse.setup import bootstrap


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A clone with nothing installed."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "constraints.txt").write_text(LOCK)
    return tmp_path


@pytest.fixture
def machine() -> Machine:
    """A machine without a GPU and without uv, on which everything works that is installed."""
    return Machine()


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch, machine: Machine) -> Installer:
    """A recorder in the place of pip, and of `python -m venv` a function that makes the interpreter's file."""
    recorder = Installer()
    play(monkeypatch, recorder, machine)
    return recorder


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> Command:
    """A recorder in the place of the command that runs inside `.venv`."""
    recorder = Command()
    monkeypatch.setattr(bootstrap, "follow", recorder)
    return recorder


@pytest.fixture(autouse=True)
def _restored_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give back OMP_NUM_THREADS, which `main` sets."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
