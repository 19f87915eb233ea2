"""Names that raise while an answer runs: what a task asks to write is not to be called.

A function written in Python raises itself, wherever an answer keeps it (in a list, a default, a closure, a class); one
written in C is replaced in the modules that hold it. This is a fence and not a wall: a library's source can be copied.
"""

from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from types import CodeType, FunctionType, ModuleType
from typing import Any, NoReturn

MOST_WRAPPED = 8  # decorators around a function


class Forbidden(Exception):
    """An answer called a forbidden name; the message is that name."""


_closed: set[str] = set()  # the names that raise now
_copies: dict[str, list[FunctionType]] = {}  # of forbidden functions, from modules that were loaded a second time


@contextlib.contextmanager
def forbid(names: Sequence[str], answers: Mapping[str, object]) -> Iterator[None]:
    """Make the dotted names raise `Forbidden`, in their modules and wherever the answers already imported them.

    Parameters
    ----------
    names : Sequence[str]
        For example ``librosa.feature.rms``. Where its package is not loaded yet, the name is replaced as soon as the
        answer imports it; everything else in that package stays free. A name without a dot is a whole package.
    answers : Mapping[str, object]
        The student's functions, through whose globals an earlier ``from module import name`` is found.
    """
    with contextlib.ExitStack() as undo:
        undo.callback(_closed.difference_update, set(names) - _closed)
        _closed.update(names)
        waiting = [name for name in names if not _replaced(name, answers, undo)]
        real = builtins.__import__

        def importing(*arguments: Any, **options: Any) -> Any:
            result = real(*arguments, **options)
            tried = list(waiting)  # looking at modules may import more of them: not twice at a time
            waiting[:] = []
            waiting[:] = [name for name in tried if not _replaced(name, answers, undo)]
            return result

        if waiting:
            builtins.__import__ = importing
            undo.callback(setattr, builtins, "__import__", real)
        yield


def gate(names: Iterable[str]) -> None:
    """Put a door before each function that is written in C, for good; `forbid` closes it, wherever it is kept by then.

    For a process that grades, before it loads anything of a student's.

    Parameters
    ----------
    names : Iterable[str]
        Dotted names, as for `forbid`; those of packages that are not loaded are left alone.
    """
    for name in names:
        holder, _, attribute = name.rpartition(".")
        original = vars(sys.modules[holder]).get(attribute) if holder in sys.modules else None
        if original is None or not callable(original) or isinstance(original, type) or _python_functions(original):
            continue
        door = _door(name, original)
        for scope, key in _places(holder.partition(".")[0], id(original), len(sys.modules)):
            if scope.get(key) is original:
                scope[key] = door


def note_copies(names: Iterable[str]) -> None:
    """Find functions from the same lines of the same file as a forbidden one, so that `forbid` lets them raise too.

    For a process that grades, after it has loaded a student's cells; what was frozen with `gc.freeze` is not looked at.
    """
    lines = {}
    for name in names:
        holder, _, attribute = name.rpartition(".")
        for function in _python_functions(getattr(sys.modules.get(holder), attribute, None)):
            if function.__module__ != __name__:  # that is what raises already
                lines[_line(function)] = name
    for thing in gc.get_objects():
        if type(thing) is FunctionType and (found := lines.get(_line(thing))):
            _copies.setdefault(found, []).append(thing)


def _line(function: FunctionType) -> tuple[str, int]:
    return function.__code__.co_filename, function.__code__.co_firstlineno


def remove(name: str) -> None:
    """Make a dotted name raise for good, wherever its package holds it.

    Parameters
    ----------
    name : str
        For example ``audiocourse.signal.quantise``.
    """
    _replaced(name, {}, contextlib.ExitStack())


def _replaced(name: str, answers: Mapping[str, object], undo: contextlib.ExitStack) -> bool:
    """Make one name raise, if its module is loaded (or a lazy part of a loaded package); return whether it was."""
    module, _, attribute = name.rpartition(".")
    if not module:
        return _package_replaced(name, answers, undo)
    if module not in sys.modules and module.partition(".")[0] in sys.modules:
        if _being_imported(module):
            return False
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    loaded = sys.modules.get(module)
    if loaded is None and (owner := _class(module)) is not None:
        return _method_replaced(owner, attribute, name, undo)
    if loaded is None or _being_imported(module):
        return False
    home = vars(loaded)
    if attribute not in home and module.partition(".")[0] == __name__.partition(".")[0]:
        getattr(loaded, attribute, None)  # a room's lazy name: loaded, because its module holds the function too
    if attribute not in home:  # a library's lazy name that has not been used yet: it must not be loaded meanwhile
        home[attribute] = _raiser(name)
        undo.callback(home.pop, attribute)
        return True
    original = home[attribute]
    refuse = _raiser(name)
    if found := _python_functions(original):
        for function in [*found, *_copies.get(name, ())]:
            _refuse_in_place(function, name, undo)
        return True
    for scope, key in _places(module.partition(".")[0], id(original), len(sys.modules)):
        if scope.get(key) is original:
            _replace(scope, key, refuse, undo)
    for scope in _scopes(answers):
        for key in [key for key, value in scope.items() if value is original]:
            _replace(scope, key, refuse, undo)
    return True


def _being_imported(module: str) -> bool:
    """Return whether a module, or a package that holds it, is half loaded, and so must not be touched yet."""
    parents = accumulate(module.split("."), "{}.{}".format)
    specs = [getattr(sys.modules.get(parent), "__spec__", None) for parent in parents]
    return any(getattr(spec, "_initializing", False) for spec in specs)


def _python_functions(original: object) -> list[FunctionType]:
    """Return the functions of Python that run when this is called: itself, what it wraps, a class's ``__init__``."""
    if isinstance(original, type):
        made = vars(original).get("__init__")
        return [made] if isinstance(made, FunctionType) else []
    found = []
    for _ in range(MOST_WRAPPED):
        inner = getattr(original, "_implementation", original)  # numpy dispatches in C to a function of Python
        if not isinstance(inner, FunctionType):
            break
        found.append(inner)
        original = getattr(inner, "__wrapped__", None)
    return found


def _refuse_in_place(function: FunctionType, name: str, undo: contextlib.ExitStack) -> None:
    """Make a function raise wherever it is kept."""
    code = function.__code__
    undo.callback(setattr, function, "__code__", code)
    refusing = _refusing_code(name, len(code.co_freevars))
    function.__code__ = refusing.replace(co_filename=code.co_filename, co_firstlineno=code.co_firstlineno)


@lru_cache(maxsize=256)
def _refusing_code(name: str, cells: int) -> CodeType:
    """Compile a function that raises; Python wants as many variables from outside as the one it replaces has."""
    outside = [f"cell{number}" for number in range(cells)]
    source = (
        f"def outer({', '.join(outside)}):\n    def refuse(*_, **__):\n"
        "        from audiocourse.learn.checking.guard import Forbidden\n"
        f"        if False: ({', '.join(outside)})\n        raise Forbidden({name!r})\n    return refuse"
    )
    scope: dict[str, Any] = {}
    exec(source, scope)  # noqa: S102 (the source is above)
    code: CodeType = scope["outer"](*outside).__code__
    return code


def _class(name: str) -> type | None:
    """Return a class of a loaded module, None if there is none of this name."""
    module, _, attribute = name.rpartition(".")
    found = vars(sys.modules[module]).get(attribute) if module in sys.modules else None
    return found if isinstance(found, type) else None


def _method_replaced(owner: type, attribute: str, name: str, undo: contextlib.ExitStack) -> bool:
    """Make a method raise."""
    own = attribute in vars(owner)
    if own and (found := _python_functions(vars(owner)[attribute])):
        for function in found:
            _refuse_in_place(function, name, undo)
        return True
    if own:
        undo.callback(setattr, owner, attribute, vars(owner)[attribute])
    else:
        undo.callback(delattr, owner, attribute)
    setattr(owner, attribute, _raiser(name))
    return True


def _package_replaced(name: str, answers: Mapping[str, object], undo: contextlib.ExitStack) -> bool:
    """Make everything raise that the answers imported from a package, and its import too."""
    for scope in _scopes(answers):
        for key, value in list(scope.items()):
            home = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
            if isinstance(home, str) and home.partition(".")[0] == name:
                _replace(scope, key, _Closed(name), undo)
    held = {key: module for key, module in list(sys.modules.items()) if key.partition(".")[0] == name}
    undo.callback(sys.modules.update, held)
    for key in held:
        del sys.modules[key]
    sys.modules[name] = _Closed(name)
    undo.callback(sys.modules.pop, name)
    return True


class _Closed(ModuleType):
    """A forbidden package: whatever is looked up in it, or a call of it, raises."""

    def __getattr__(self, attribute: str) -> NoReturn:
        raise Forbidden(self.__name__)

    def __call__(self, *_: object, **__: object) -> NoReturn:
        raise Forbidden(self.__name__)


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


def _door(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def door(*arguments: Any, **options: Any) -> Any:
        if name in _closed:
            raise Forbidden(name)
        return original(*arguments, **options)

    return door


def _raiser(name: str) -> Callable[..., NoReturn]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise Forbidden(name)

    return refuse
