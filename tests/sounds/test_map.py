"""The front door of `sounds`: every public name is there and documented, and the map names every module."""

import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from audiocourse import sounds


def test_every_public_name_is_there_and_documented() -> None:
    for name in sounds.__all__:
        value = getattr(sounds, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert value.__doc__, name


def test_the_map_names_every_module() -> None:
    for folder in ("speech", "music", "events", "acoustics"):
        room = import_module(f"audiocourse.sounds.{folder}")
        modules = {path.stem for path in Path(str(room.__file__)).parent.glob("*.py")} - {"__init__"}
        assert all(f"``{module}``" in (room.__doc__ or "") for module in modules)
        assert f"``{folder}``" in (sounds.__doc__ or "")


def test_nothing_heavy_is_imported(fresh_python: Callable[[str], str]) -> None:
    heavy = "{'librosa', 'torch', 'transformers', 'espeakng_loader', 'matplotlib'}"
    assert fresh_python(f"import sys, audiocourse.sounds; print({heavy} & set(sys.modules))") == "set()"
