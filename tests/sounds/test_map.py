"""The front door of `sounds`: every public name is there and says where it is used, and the map names every module."""

import inspect
from collections.abc import Callable
from pathlib import Path

from audiocourse import sounds


def test_every_public_name_is_there_and_documented() -> None:
    for name in sounds.__all__:
        value = getattr(sounds, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert "Notebook: " in (value.__doc__ or ""), name


def test_the_map_names_every_module() -> None:
    modules = {path.stem for path in Path(sounds.__file__).parent.glob("*.py")} - {"__init__"}
    assert all(f"``{module}``" in (sounds.__doc__ or "") for module in modules)


def test_nothing_heavy_is_imported(fresh_python: Callable[[str], str]) -> None:
    heavy = "{'librosa', 'torch', 'transformers', 'espeakng_loader', 'matplotlib'}"
    assert fresh_python(f"import sys, audiocourse.sounds; print({heavy} & set(sys.modules))") == "set()"
