"""The student's side of a check: what may cross to it, and the student in this very kernel.

A check never touches a student's objects. It speaks to a `Student`, so that the same check runs in the notebook
(`LocalStudent`) and in a grader that keeps the answer in another process. Arguments and results are arrays, plain JSON
values, tuples and dicts of these, handles, and `Given` things that are built on the student's side. What comes back is
a copy, and a claim.
"""

from __future__ import annotations

import contextlib
import io
import sys
import sysconfig
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from types import FunctionType
from typing import Any, Protocol

import numpy as np

from audiocourse.learn.checking.diagnose import kind_of
from audiocourse.learn.checking.given import Given
from audiocourse.learn.checking.guard import Forbidden, forbid

Value = Any  # arrays, None, bool, int, float, str, tuples, lists and str-keyed dicts of these, handles, Given
Arrays = Mapping[str, np.ndarray]

PRINTED_AT_MOST = 2_000
POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
RESULTS_WATCHED = 8  # of one object, the last ones: they must stay as they were given
_SIZED = [f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)]
DTYPES = ("bool", *_SIZED, "float16", "float32", "float64", "complex64", "complex128")  # what may cross


class AnswerError(Exception):
    """The answer did not give a usable result; the message is one sentence for the student.

    ``kind`` is the type of the exception that the answer raised; where it did something else that tells it from others,
    what that was (``"returns dict"``, ``"changes input"``, ``"changes earlier input"``, ``"Alias"``); "" where nothing
    is known.
    """

    def __init__(self, message: str, *, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


class NotStarted(AnswerError):
    """The blank is still there (the answer raised `NotImplementedError`)."""


class Handle(Protocol):
    """An object that lives on the student's side."""

    def state(self) -> dict[str, np.ndarray]:
        """Return its parameters by name."""

    def load(self, arrays: Arrays) -> None:
        """Set its parameters by name."""

    def call(self, method: str, *arguments: Value) -> Value:
        """Call one of its methods; ``forward`` or ``__call__`` for a model."""

    def grad(self, inputs: Sequence[np.ndarray], cotangent: np.ndarray) -> dict[str, np.ndarray]:
        """Return the gradient of ⟨cotangent, object(*inputs)⟩ by parameter name, inputs as ``input0`` and so on."""

    def train(self, mode: bool) -> None:
        """Switch training behaviour on or off."""


class Student(Protocol):
    """A student's answers, wherever they run; ``printed`` is the beginning of what they printed."""

    printed: str

    def call(self, name: str, *arguments: Value, **options: Value) -> Value:
        """Call the function ``name`` on copies of the arguments and return a copy of its result."""

    def new(self, name: str, **options: Value) -> Handle:
        """Build an object of the class ``name``."""


class LocalStudent:
    """Answers that live in this process.

    Parameters
    ----------
    answers : Mapping[str, object]
        The student's functions and classes by name.
    forbidden : Sequence[str]
        Dotted names that raise while an answer runs.
    """

    def __init__(self, answers: Mapping[str, object], *, forbidden: Sequence[str] = ()) -> None:
        self._answers = dict(answers)
        self._forbidden = forbidden
        self.printed = ""

    def call(self, name: str, *arguments: Value, **options: Value) -> Value:
        """Call the function ``name``; see `Student.call`.

        Raises
        ------
        AnswerError
            If the answer is missing, raises, changes its input, calls what is forbidden or returns what cannot cross.
        """
        return self._run(name, lambda: self._find(name), arguments, options)

    def new(self, name: str, **options: Value) -> LocalHandle:
        """Build an object of the class ``name``; see `Student.new`.

        Raises
        ------
        AnswerError
            As for `call`.
        """
        with self._watched(name):
            return LocalHandle(self._find(name)(**copy_in(options)), name, self)

    def _find(self, name: str) -> Callable[..., Any]:
        answer = self._answers.get(name)
        if not callable(answer):
            raise AnswerError(f"There is no function or class called {name}; run the cell that defines it first.")
        return answer

    def _run(self, name: str, find: Callable[[], Callable[..., Any]], arguments: Value, options: Value) -> Value:
        sent_arguments = copy_in(arguments)
        sent_options = copy_in(options)
        with self._watched(name):  # the answer is looked up in here, where a forbidden one is already replaced
            function = find()
            result = function(*sent_arguments, **sent_options)
        before = dict(enumerate(arguments)) | options
        after = dict(enumerate(sent_arguments)) | sent_options
        changed = next((which for which in before if not unchanged(after[which], before[which])), None)
        if changed is not None:
            raise AnswerError(
                f"{name} changes its argument{_named(changed, function)} in place; work on a copy, as the caller still "
                "needs the original.",
                kind="changes input",
            )
        return copy_out(result, name)

    @contextlib.contextmanager
    def _watched(self, name: str) -> Iterator[None]:
        """Run an answer with its prints kept, its warnings silenced, and its errors turned into sentences."""
        out = io.StringIO()
        try:
            with (
                contextlib.redirect_stdout(out),
                warnings.catch_warnings(action="ignore"),
                forbid(self._forbidden, self._answers),
            ):
                yield
        except AnswerError:
            raise
        except NotImplementedError as error:
            raise self._still_open(name, error) from None
        except Forbidden as error:
            raise AnswerError(f"{name} calls {error}, which is what this task asks you to write yourself.") from None
        except (Exception, SystemExit) as error:
            raise AnswerError(f"{name} raises {_described(error)}", kind=type(error).__name__) from error
        finally:
            self.printed = (self.printed + out.getvalue())[:PRINTED_AT_MOST]

    def _still_open(self, name: str, error: NotImplementedError) -> AnswerError:
        """Return the error for what is not written yet; a `NotStarted` if nothing of it is."""
        own = _own_frames(error)
        task = name.partition(".")[0]
        answer = self._answers.get(task)
        if len(own) > 1:
            return AnswerError(f"{name} uses {own[-1].name}, which is still blank.", kind="NotImplementedError")
        if isinstance(answer, type):
            still_open, begun = _methods(answer)
            listed = " and ".join(still_open) or own[-1].name
            message = f"Still to be written in {task}: {listed}."
            return AnswerError(message, kind="NotImplementedError") if begun else NotStarted(message)
        if own and _is_more_than_blank(answer):
            message = f"{name} still holds the line `raise NotImplementedError(…)`; delete it."
            return AnswerError(message, kind="NotImplementedError")
        return NotStarted(f"{name} is not written yet.")


class LocalHandle:
    """An object of a student's class in this process; see `Handle`."""

    def __init__(self, thing: Any, name: str, student: LocalStudent) -> None:
        self._thing = thing
        self._name = name
        self._student = student
        self._given: deque[tuple[str, Value, Value]] = deque(maxlen=RESULTS_WATCHED)  # method, result, a copy of it
        self._taken: deque[tuple[str, Value, Value]] = deque(maxlen=RESULTS_WATCHED)  # method, argument, a copy of it

    def state(self) -> dict[str, np.ndarray]:
        """Return the parameters and buffers by name."""
        return {name: tensor.detach().cpu().numpy().copy() for name, tensor in self._thing.state_dict().items()}

    def load(self, arrays: Arrays) -> None:
        """Set the parameters and buffers by name."""
        import torch

        self._thing.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in arrays.items()})

    def call(self, method: str, *arguments: Value) -> Value:
        """Call a method on copies; a model (a torch module) gets its arrays as tensors."""
        function = getattr(self._thing, method, None)
        if function is None:
            raise AnswerError(f"{self._name} has no method {method}.")
        result = self._student._run(f"{self._name}.{method}", lambda: self._watching(method, function), arguments, {})
        for earlier, given, copy in self._given:
            if not unchanged(given, copy):
                raise AnswerError(
                    f"What {self._name}.{earlier} returned before has changed during {method}: return a copy, not the "
                    "memory that the object goes on using.",
                    kind="Alias",
                )
        for earlier, taken, copy in self._taken:
            if not unchanged(taken, copy):
                raise AnswerError(
                    f"What {self._name}.{earlier} was given before has changed during {method}: keep a copy, as the "
                    "caller still needs the original.",
                    kind="changes earlier input",
                )
        return result

    def _watching(self, method: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Remember the arrays and lists that a method takes and gives: nothing that happens later may change them."""

        @wraps(function)
        def watched(*arguments: Value) -> Any:
            self._taken += [
                (method, given, deepcopy(given)) for given in arguments if isinstance(given, (np.ndarray, list))
            ]
            result = self._adapted(function)(*arguments)
            if isinstance(result, (np.ndarray, list)):
                self._given.append((method, result, deepcopy(result)))
            return result

        return watched

    def grad(self, inputs: Sequence[np.ndarray], cotangent: np.ndarray) -> dict[str, np.ndarray]:
        """Return the gradient of ⟨cotangent, object(*inputs)⟩; see `Handle.grad`."""
        import torch

        leaves = {f"input{index}": torch.from_numpy(array.copy()) for index, array in enumerate(inputs)}
        for leaf in leaves.values():
            leaf.requires_grad_(leaf.is_floating_point())
        wanted = {**dict(self._thing.named_parameters()), **leaves}
        wanted = {name: tensor for name, tensor in wanted.items() if tensor.requires_grad}
        with self._student._watched(self._name):
            product = (self._thing(*leaves.values()) * torch.from_numpy(cotangent.copy())).sum()
            grads = torch.autograd.grad(product, list(wanted.values()), allow_unused=True)
        return {
            name: np.zeros(tensor.shape, np.float32) if grad is None else grad.numpy().copy()
            for (name, tensor), grad in zip(wanted.items(), grads, strict=True)
        }

    def train(self, mode: bool) -> None:
        """Switch training behaviour (dropout, batch statistics) on or off."""
        self._thing.train(mode)

    def _adapted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Make a torch module accept arrays: they cross as arrays, it computes on tensors."""
        torch = sys.modules.get("torch")
        if torch is None or not isinstance(self._thing, torch.nn.Module):
            return function

        def on_tensors(*arguments: Value) -> Any:
            with torch.no_grad():
                return function(*(torch.from_numpy(a.copy()) if isinstance(a, np.ndarray) else a for a in arguments))

        return on_tensors


def copy_in(value: Value) -> Value:
    """Copy what a check sends: arrays keep dtype and shape and become contiguous, a `Given` is built."""
    if isinstance(value, np.ndarray):
        return np.array(value, order="C", copy=True, subok=False)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Given):
        return value.build()
    if isinstance(value, LocalHandle):
        return value._thing
    if isinstance(value, (tuple, list)):
        return type(value)(copy_in(item) for item in value)
    if isinstance(value, dict):
        return {key: copy_in(item) for key, item in value.items()}
    return value


def copy_out(value: Value, name: str) -> Value:
    """Copy what an answer returns: subclasses and tensors become plain arrays, numpy scalars plain numbers.

    Raises
    ------
    AnswerError
        If there is anything in it that is neither an array nor a plain value.
    """
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach().cpu().numpy()
    if isinstance(value, np.ndarray) and value.dtype.name in DTYPES:
        return np.array(value, copy=True, subok=False)
    if isinstance(value, np.generic):
        return value.item()
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, (tuple, list)):
        return (tuple if isinstance(value, tuple) else list)(copy_out(item, name) for item in value)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: copy_out(item, name) for key, item in value.items()}
    if isinstance(value, dict):
        keys = type(next(key for key in value if not isinstance(key, str))).__name__
        message = f"{name} returns a dict with a key of type {keys}; where a dict is right, its keys are texts."
        raise AnswerError(message, kind="returns dict")
    kind = f"array of {value.dtype}" if isinstance(value, np.ndarray) else type(value).__name__
    message = f"{name} returns {kind_of(value)}; numbers, texts, arrays of numbers and lists of these can be checked."
    raise AnswerError(message, kind=f"returns {kind}")


def unchanged(after: Value, before: Value) -> bool:
    """Whether the arrays in ``after`` still equal those in ``before`` (NaN equals NaN)."""
    if isinstance(before, np.ndarray):
        return np.array_equal(after, before, equal_nan=before.dtype.kind in "fc")
    if isinstance(before, (tuple, list)):
        return len(after) == len(before) and all(map(unchanged, after, before))
    if isinstance(before, dict):
        return after.keys() == before.keys() and all(unchanged(after[key], before[key]) for key in before)
    return isinstance(before, (Given, LocalHandle)) or after is before or bool(after == before)


def _named(argument: int | str, function: Callable[..., Any]) -> str:
    """Return the name of an argument, given by its position or its name, with a space in front; "" if it has none."""
    if isinstance(argument, str):
        return f" {argument}"
    try:
        names = [each.name for each in signature(function).parameters.values() if each.kind in POSITIONAL]
    except (TypeError, ValueError):  # a function that does not tell
        return ""
    return f" {names[argument]}" if argument < len(names) else ""


def _methods(answer: type) -> tuple[list[str], list[str]]:
    """Return which methods of a class raise `NotImplementedError`, and which others are written.

    A task may give a method away: then its docstring, which lists what is to be written, does not list that one.
    """
    functions = {name: thing for name, thing in vars(answer).items() if isinstance(thing, FunctionType)}
    still_open = [name for name, function in functions.items() if "NotImplementedError" in function.__code__.co_names]
    wanted = [name for name in functions if f"{name}(" in (answer.__doc__ or "")] or list(functions)
    return still_open, [name for name in wanted if name not in still_open and name != "__init__"]


def _is_more_than_blank(answer: object) -> bool:
    """Whether a function that raises `NotImplementedError` also does something else."""
    if not isinstance(answer, FunctionType):
        return False
    code = answer.__code__
    return len(code.co_names) > 1 or code.co_nlocals > code.co_argcount + code.co_kwonlyargcount


def _own_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """Return where an error passed through the answer itself: not through the course, not through a library."""
    others = ("site-packages", str(Path(__file__).parents[1]), sysconfig.get_path("stdlib"))
    frames = traceback.extract_tb(error.__traceback__)
    return [frame for frame in frames if not any(other in frame.filename for other in others)]


def _described(error: BaseException) -> str:
    """Describe an error in one line: its type, its message, and the line of the answer it comes from."""
    own = _own_frames(error)
    where = f' in line {own[-1].lineno}: "{own[-1].line}"' if own and own[-1].line else ""
    try:
        message = str(error).rstrip(".")
    except Exception:  # an exception of the answer's own, which cannot say what it is
        message = ""
    return f"{type(error).__name__}{where}: {message}." if message else f"{type(error).__name__}{where}."
