"""What several test folders use."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of the course in a folder of its own, without ``work/``; the course's functions act on it."""
    root = tmp_path / "clone"
    shutil.copytree(ROOT / "tests" / "exercises", root / "tests" / "exercises")
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    shutil.copytree(ROOT / "solutions", root / "solutions")
    (root / "audiocourse").mkdir()
    shutil.copy(ROOT / "audiocourse" / "course.toml", root / "audiocourse" / "course.toml")
    monkeypatch.setenv("AUDIOCOURSE_HOME", str(root))
    monkeypatch.setenv("AUDIOCOURSE_PROGRESS", "on")
    return root
