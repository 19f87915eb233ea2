"""Writing the lock: a recorder plays uv."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import Refuses

from audiocourse.setup import lock

PYPROJECT = """
[build-system]
requires = ["hatchling>=1"]
[project]
name = "audiocourse"
dependencies = ["numpy>=2"]
[project.optional-dependencies]
test = ["pytest"]
coqui = ["coqui-tts"]
"""


class Uv:
    """Plays uv: writes pins, and refuses wheels of a platform if the test wants."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.texts: list[str] = []
        self.kept: list[str] = []
        self.pins = "numpy==2.4.6\ntorch==2.11.0\ntorchaudio==2.11.0\n"
        self.without_wheels = "nowhere"

    def __call__(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        self.calls.append(command)
        self.texts.append(options["input"])
        if "--universal" in command:
            output = Path(command[command.index("--output-file") + 1])
            self.kept.append(output.read_text())
            output.write_text(self.pins)
        refused = self.without_wheels in command
        return subprocess.CompletedProcess(
            command, int(refused), "", "error: no wheels\n  because\n" if refused else ""
        )


@pytest.fixture
def uv(monkeypatch: pytest.MonkeyPatch) -> Uv:
    recorder = Uv()
    monkeypatch.setattr(lock.subprocess, "run", recorder)
    monkeypatch.setattr(lock, "_uv_command", lambda: ["uv"])
    return recorder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "constraints.txt").write_text("numpy==2.4.5\ntorch==2.11.0\n")
    return tmp_path


def test_it_resolves_once_for_all_and_proves_wheels_for_each(root: Path, uv: Uv) -> None:
    assert lock.write_lock(root) == ["numpy==2.4.6", "torchaudio==2.11.0"]
    assert (root / "constraints.txt").read_text() == lock.HEADER + uv.pins
    assert "--extra=test" in uv.calls[0] and "--extra=coqui" not in uv.calls[0], "coqui needs a package without wheels"
    assert uv.texts[0] == "pip\nhatchling>=1", "the tools that install are locked too"
    assert uv.kept == ["numpy==2.4.5\ntorch==2.11.0\n"], "a version stays while it fits"
    assert len(uv.calls) == 1 + len(lock.PLATFORMS) * len(lock.PYTHONS)
    assert all(text == uv.pins for text in uv.texts[1:])


def test_an_upgrade_forgets_the_old_versions(root: Path, uv: Uv) -> None:
    lock.write_lock(root, upgrade=True)
    assert uv.kept == [""]


def test_a_package_without_wheels_leaves_the_old_lock(root: Path, uv: Uv) -> None:
    uv.without_wheels = "x86_64-pc-windows-msvc"
    with pytest.raises(Exception, match="error: no wheels because"):
        lock.write_lock(root)
    assert (root / "constraints.txt").read_text() == "numpy==2.4.5\ntorch==2.11.0\n"


def test_torch_and_torchaudio_of_two_releases_are_refused(root: Path, uv: Uv, refuses: Refuses) -> None:
    uv.pins = "torch==2.11.0\ntorchaudio==2.11.1\n"
    with refuses("same release"):
        lock.write_lock(root)
    assert (root / "constraints.txt").read_text() == "numpy==2.4.5\ntorch==2.11.0\n"


def test_without_uv_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(lock.shutil, "which", lambda _: None)
    with pytest.raises(Exception, match="pip install uv"):
        lock._uv_command()
