"""Stand-ins that several tests read, each made once, and copies to damage."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from audiocourse.sounds.datasets import stand_in

Made = Callable[[str], Path]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The folder of a stand-in: look, do not touch."""
    return cache(lambda name: stand_in(name, tmp_path_factory.mktemp(name), seed=1))


@pytest.fixture
def copied(made: Made, tmp_path: Path) -> Made:
    """A copy of a stand-in, to be damaged."""
    return lambda name: Path(shutil.copytree(made(name), tmp_path / "copy" / made(name).name))
