"""The front door of `signal`: every public name is reachable, and the map names every module."""

import inspect
from pathlib import Path

from audiocourse import signal


def test_every_public_name_is_there_and_documented() -> None:
    assert list(signal.__all__) == sorted(signal.__all__)
    for name in signal.__all__:
        value = getattr(signal, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert "Notebook: " in (value.__doc__ or ""), name


def test_every_public_function_of_a_module_is_exported() -> None:
    for module in (signal.arrays, signal.crossings, signal.frames, signal.io, signal.level, signal.spectrum):
        for name, value in inspect.getmembers(module, inspect.isfunction):
            if value.__module__ == module.__name__ and not name.startswith("_"):
                assert name in signal.__all__


def test_the_map_names_every_module() -> None:
    modules = {path.stem for path in Path(signal.__file__).parent.glob("*.py")} - {"__init__"}
    assert all(f"``{module}``" in (signal.__doc__ or "") for module in modules)
