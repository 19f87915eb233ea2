"""The front door of `signal`: every public name is reachable, and the map names every module."""

import inspect
from importlib import import_module
from pathlib import Path

from audiocourse import signal

ROOT = Path(signal.__file__).parent
MODULES = sorted(".".join(path.relative_to(ROOT).with_suffix("").parts) for path in ROOT.rglob("[!_]*.py"))


def test_every_public_name_is_there_and_documented() -> None:
    assert len(signal.__all__) == len(set(signal.__all__))
    for name in signal.__all__:
        value = getattr(signal, name)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert "Notebook: " in (value.__doc__ or ""), name


def test_every_public_function_of_a_module_is_exported() -> None:
    for module in (import_module(f"audiocourse.signal.{name}") for name in MODULES):
        for name, value in inspect.getmembers(module, inspect.isfunction):
            if value.__module__ == module.__name__ and not name.startswith("_"):
                assert name in signal.__all__


def test_the_map_names_every_module() -> None:
    assert [name for name in MODULES if f"``{name}``" not in (signal.__doc__ or "")] == []
