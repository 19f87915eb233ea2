"""Names that raise while an answer runs: what a task asks to write is not to be called."""

from __future__ import annotations

import builtins
import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
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
        For example ``librosa.feature.rms``. Where its package is not loaded yet, the name is replaced as soon as the
        answer imports it; everything else in that package stays free.
    answers : Mapping[str, object]
        The student's functions, through whose globals an earlier ``from module import name`` is found.
    """
    with contextlib.ExitStack() as undo:
        waiting = [name for name in names if not _replaced(name, answers, undo)]
        real = builtins.__import__

        def importing(*arguments: Any, **options: Any) -> Any:
            result = real(*arguments, **options)
            tried, waiting[:] = list(waiting), []  # looking at modules may import more of them: not twice at a time
            waiting[:] = [name for name in tried if not _replaced(name, answers, undo)]
            return result

        if waiting:
            builtins.__import__ = importing
            undo.callback(setattr, builtins, "__import__", real)
        yield


def remove(name: str) -> None:
    """Let a dotted name raise for good, wherever its package holds it.

    Parameters
    ----------
    name : str
        For example ``audiocourse.signal.quantise``.
    """
    _replaced(name, {}, contextlib.ExitStack())


def _replaced(name: str, answers: Mapping[str, object], undo: contextlib.ExitStack) -> bool:
    """Let one name raise, if its module is loaded (or a lazy part of a loaded package); say whether that was done."""
    module, _, attribute = name.rpartition(".")
    if module not in sys.modules and module.partition(".")[0] in sys.modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    loaded = sys.modules.get(module)
    if loaded is None or getattr(getattr(loaded, "__spec__", None), "_initializing", False):
        return False
    home = vars(loaded)
    if attribute not in home:  # a lazy name that nobody has used yet: it must not be loaded meanwhile
        home[attribute] = _raiser(name)
        undo.callback(home.pop, attribute)
        return True
    original, refuse = home[attribute], _raiser(name)
    for scope, key in _places(module.partition(".")[0], id(original), len(sys.modules)):
        if scope.get(key) is original:
            _replace(scope, key, refuse, undo)
    for scope in _scopes(answers):
        for key in [key for key, value in scope.items() if value is original]:
            _replace(scope, key, refuse, undo)
    return True


@lru_cache(maxsize=256)
def _places(top: str, identity: int, modules: int) -> list[tuple[dict[str, Any], str]]:  # noqa: ARG001 (how many are loaded)
    """Find an object in every loaded module of a package, where the same function often has several names."""
    package = [
        vars(loaded)
        for name, loaded in list(sys.modules.items())
        if name.partition(".")[0] == top and isinstance(loaded, ModuleType)
    ]
    return [(scope, key) for scope in package for key, value in list(scope.items()) if id(value) == identity]


def _scopes(answers: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return the global names of each function among the answers, and the answers themselves."""
    scopes = {id(scope): scope for answer in answers.values() if (scope := getattr(answer, "__globals__", None))}
    return [*scopes.values(), *([answers] if isinstance(answers, dict) else [])]


def _replace(scope: dict[str, Any], key: str, new: object, undo: contextlib.ExitStack) -> None:
    undo.callback(scope.__setitem__, key, scope[key])
    scope[key] = new


def _raiser(name: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise Forbidden(name)

    return refuse
