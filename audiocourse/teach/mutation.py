"""Mechanical mutations: one small change of a right answer at a time (operator, comparison, constant, off by one).

Tools such as mutmut start a test run per change; here a change is checked in milliseconds inside one process.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPARE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
CALLS = {
    "maximum": "minimum",
    "minimum": "maximum",
    "max": "min",
    "min": "max",
    "mean": "sum",
    "sum": "mean",
    "any": "all",
    "all": "any",
    "log10": "log",
    "zeros": "ones",
    "ones": "zeros",
    "floor": "ceil",
    "ceil": "floor",
}
Change = Callable[[ast.AST], None]


def mechanical_mutants(source: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield ``(what was changed, changed source)`` for every one-step change inside a function.

    Parameters
    ----------
    source : str
        Source that defines the function, already solved.
    name : str
        Name of the function or class to change.
    """
    tree = ast.parse(source)
    home = next(node for node in tree.body if getattr(node, "name", None) == name)
    for index, node in enumerate(ast.walk(home)):
        for what, change in _changes(node):
            mutated = copy.deepcopy(tree)
            twin = next(other for other in mutated.body if getattr(other, "name", None) == name)
            target = list(ast.walk(twin))[index]
            before = ast.unparse(target)
            change(target)
            yield f"line {getattr(node, 'lineno', 0)}: {what} in `{before}`", ast.unparse(mutated)


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """Yield what can be changed in one node, and how."""
    if isinstance(node, (ast.BinOp, ast.AugAssign)) and type(node.op) in BINARY:
        new = BINARY[type(node.op)]
        yield f"{type(node.op).__name__} to {new.__name__}", _set("op", new())
    elif isinstance(node, ast.Compare):
        for comparison in COMPARE.get(type(node.ops[0]), ()):
            yield f"{type(node.ops[0]).__name__} to {comparison.__name__}", _set("ops", [comparison(), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp):
        flipped = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"{type(node.op).__name__} to {type(flipped).__name__}", _set("op", flipped)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub, ast.Invert)):
        yield f"{type(node.op).__name__} dropped", _drop_unary
    elif isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        for value in _near(node.value):
            yield f"{node.value} to {value}", _set("value", value)
    elif isinstance(node, ast.Attribute) and node.attr in CALLS:
        yield f"{node.attr} to {CALLS[node.attr]}", _set("attr", CALLS[node.attr])
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in CALLS:
        yield f"{node.id} to {CALLS[node.id]}", _set("id", CALLS[node.id])


def _near(value: bool | int | float) -> tuple[bool | int | float, ...]:
    if isinstance(value, bool):
        return (not value,)
    near = (value + 1, value - 1) if isinstance(value, int) else (value * 2, value + 1)
    return tuple(other for other in near if other != value)


def _set(field: str, value: object) -> Change:
    return lambda node: setattr(node, field, value)


def _drop_unary(node: ast.AST) -> None:
    """Cancel a minus or a not by a second one, which keeps the kind of value."""
    if isinstance(node, ast.UnaryOp):
        node.operand = ast.UnaryOp(node.op, node.operand)
