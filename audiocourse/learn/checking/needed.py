"""Which statements of a notebook its answers need: they are run when the notebook is graded, and the rest is not.

A notebook that runs from top to bottom may take minutes, for plots and trainings that no answer uses. So each statement
outside functions is looked at: what names it binds or changes, and what names it uses. Beginning with the answers, what
binds or changes a needed name is needed, and so are the names that it uses.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

SHOWING = ("check", "hint", "show", "listen", "compare", "explore", "status", "display")  # what only displays
CHANGE_NOTHING = ("print", *SHOWING)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True)
class Effect:
    """What a statement does to the names of a notebook."""

    binds: frozenset[str]
    changes: frozenset[str]
    uses: frozenset[str]

    @property
    def gives(self) -> frozenset[str]:
        """The names that are other than before when it has run."""
        return self.binds | self.changes


def needed_by(roots: Iterable[ast.stmt], effects: Mapping[ast.stmt, Effect]) -> set[ast.stmt]:
    """Find the statements that some of them need, transitively.

    Parameters
    ----------
    roots : Iterable[ast.stmt]
        Where to begin: the statements that define an answer.
    effects : Mapping[ast.stmt, Effect]
        All statements of a notebook.

    Returns
    -------
    set[ast.stmt]
        The roots, and all that give a name that one of these uses.
    """
    givers: dict[str, list[ast.stmt]] = {}
    for statement, effect in effects.items():
        for name in effect.gives:
            givers.setdefault(name, []).append(statement)
    waiting = list(roots)
    needed = set(waiting)
    names: set[str] = set()
    while waiting:
        for name in effects[waiting.pop()].uses - names:
            names.add(name)
            more = [giver for giver in givers.get(name, ()) if giver not in needed]
            needed.update(more)
            waiting += more
    return needed


def _names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that a statement binds and uses outside functions, those of its functions' globals included."""
    try:
        table = symtable.symtable(source, "<statement>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(), frozenset()
    binds = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    uses = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    for inner in _inner_tables(table):
        shared = [symbol for symbol in inner.get_symbols() if symbol.is_global()]
        uses |= {symbol.get_name() for symbol in shared}
        binds |= {symbol.get_name() for symbol in shared if symbol.is_declared_global() and symbol.is_assigned()}
    return frozenset(binds), frozenset(uses)


def _inner_tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for inner in table.get_children():
        yield inner
        yield from _inner_tables(inner)


def effect_of(statement: ast.stmt, lines: Sequence[str]) -> Effect:
    """Return what a statement outside functions, on some of these lines, binds, changes and uses."""
    first = min([statement.lineno, *(decorator.lineno for decorator in getattr(statement, "decorator_list", ()))])
    binds, uses = _names("\n".join(lines[first - 1 : statement.end_lineno]))
    changed = {name for part in outside_functions(statement) for name in _changed(part)}
    return Effect(binds, frozenset(changed), uses)


def outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a statement and its parts, without the bodies of functions and classes."""
    yield node
    if not isinstance(node, _SCOPES):
        for part in ast.iter_child_nodes(node):
            yield from outside_functions(part)


def _changed(node: ast.AST) -> Iterator[str]:
    """Yield the names whose objects a part of a statement may change: ``x[0] = 1``, ``x.append(1)``, ``fill(x)``."""
    if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
        yield from _base(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        if isinstance(call.func, ast.Attribute):
            yield from _base(call.func)
        elif isinstance(call.func, ast.Name) and call.func.id not in CHANGE_NOTHING:
            for argument in call.args:
                yield from _base(argument)


def _base(node: ast.AST) -> Iterator[str]:
    """Yield the name at the beginning of ``name.attribute[index]…``."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id
