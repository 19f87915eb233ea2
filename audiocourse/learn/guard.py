"""Names that raise while an answer runs: what a task asks to write is not to be called."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, NoReturn


class Forbidden(Exception):
    """An answer called a forbidden name; the message is that name."""


@contextlib.contextmanager
def forbid(names: Sequence[str], answers: Mapping[str, object]) -> Iterator[None]:
    """Let the dotted names raise `Forbidden`, in their modules and wherever the answers already imported them.

    Parameters
    ----------
    names : Sequence[str]
        For example ``librosa.feature.rms``. A module that is not loaded yet cannot be imported meanwhile, and that
        raises `Forbidden` too.
    answers : Mapping[str, object]
        The student's functions, through whose globals an earlier ``from module import name`` is found.
    """
    with contextlib.ExitStack() as undo:
        for name in names:
            module, _, attribute = name.rpartition(".")
            if module in sys.modules:
                home = vars(sys.modules[module])
                if attribute not in home:  # a lazy name that nobody has used yet: it must not be loaded meanwhile
                    home[attribute] = _raiser(name)
                    undo.callback(home.pop, attribute)
                    continue
                original = home[attribute]
                for scope in [*_package(module), *_scopes(answers)]:
                    _replace(scope, original, _raiser(name), undo)
            else:
                finder = _Refuse(module, name)
                sys.meta_path.insert(0, finder)
                undo.callback(sys.meta_path.remove, finder)
        yield


def _package(module: str) -> list[dict[str, Any]]:
    """Return the names of every loaded module of a package: the same function often stands in several of them."""
    top = module.partition(".")[0]
    return [
        vars(loaded)
        for name, loaded in list(sys.modules.items())
        if name.partition(".")[0] == top and isinstance(loaded, ModuleType)
    ]


def _scopes(answers: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return the global names of each function among the answers, and the answers themselves."""
    scopes = {id(scope): scope for answer in answers.values() if (scope := getattr(answer, "__globals__", None))}
    return [*scopes.values(), *([answers] if isinstance(answers, dict) else [])]


def _replace(scope: dict[str, Any], old: object, new: object, undo: contextlib.ExitStack) -> None:
    for key in [key for key, value in scope.items() if value is old]:
        scope[key] = new
        undo.callback(scope.__setitem__, key, old)


def _raiser(name: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise Forbidden(name)

    return refuse


class _Refuse:
    """An importer that refuses one module (and what it stands in) for as long as it is installed."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def find_spec(self, fullname: str, *_: object) -> None:
        """Raise for the refused module, say nothing about others."""
        if fullname == self._module:
            raise Forbidden(self._name)
