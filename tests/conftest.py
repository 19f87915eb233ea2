"""What several test folders use."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.testing import TOO_LONG

Refuses = Callable[..., AbstractContextManager[None]]
ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker waits for another at the end."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(TOO_LONG))


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


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20_241)


@pytest.fixture
def refuses() -> Refuses:
    """The block raises AudioCourseError with one sentence that says all the given words."""

    @contextmanager
    def expect(*words: str) -> Iterator[None]:
        with pytest.raises(AudioCourseError) as caught:
            yield
        message = str(caught.value)
        assert message.endswith(".")
        assert "\n" not in message
        assert not re.search(r"[.!?] [A-Z]", message), f"more than one sentence: {message}"
        for word in words:
            assert word in message

    return expect
