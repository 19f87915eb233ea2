"""Names that a room offers but loads only when they are used (PEP 562)."""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def lazy_names(room: str, modules: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a room, which loads a name from its module on first use.

    Parameters
    ----------
    room : str
        The room's ``__name__``.
    modules : Mapping[str, Sequence[str]]
        The names that each module of the room offers there.
    """
    homes = {name: f"{room}.{module}" for module, names in modules.items() for name in names}

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        value = getattr(import_module(homes[name]), name)
        setattr(sys.modules[room], name, value)
        return value

    return load
