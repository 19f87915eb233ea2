"""A class of made-up submissions to exercise 5 whose honest scores are known: what students hand in, good and bad.

Everything is built from the course's own blank, solution, alternatives and misconceptions, and is the same each time.
"""

from __future__ import annotations

import ast
import codecs
import copy
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from audiocourse.course import course_root, load_course
from audiocourse.learn.checking.registry import alternatives_of, mutants_of
from audiocourse.learn.files.notebook import CHECK_TAG, TASK_TAG, notebook_text, read_notebook, tags
from audiocourse.teach.build import BEGIN, END, solution_of

NOTEBOOK = load_course().find_notebook("ex05")
TASKS = {task.name: task for task in NOTEBOOK.task if task.kind != "written"}
FUNCTIONS = [name for name, task in TASKS.items() if task.kind == "function"]
DECISIONS = ["hysteresis", "hangover", "smooth_decisions"]  # tasks that return yes or no for each frame
ARRAYS = ["frame_level_db", "noise_floor_db", *DECISIONS]  # tasks that return an array
FILENAME = f"{NOTEBOOK.name}.ipynb"
Edit = Callable[[NotebookNode], None]


@dataclass(frozen=True)
class Made:
    """A made-up submission.

    ``points`` holds the honest points of every task that is not graded by hand. The open task is left blank, or earns
    nothing for certain: its bands depend on the seed. ``harmless`` says whether it may run in the process that asks.
    """

    name: str
    filename: str
    data: bytes
    points: dict[str, float]
    harmless: bool = True

    @property
    def total(self) -> float:
        """Honest points of all tasks together."""
        return sum(self.points.values())


def made_class() -> list[Made]:
    """Return the whole class, the same each time."""
    groups = (
        _right,
        _partly_right,
        _failing,
        _loud,
        _endless,
        _leaving,
        _stateful,
        _results,
        _cells,
        _names,
        _libraries,
        _files,
        _no_notebook,
    )
    return [member for group in groups for member in group()]


# ---------------------------------------------------------------- what a submission is made of


@cache
def solved(task: str) -> str:
    """Return the course's own answer to a task, without the markers around it."""
    lines = solution_of(TASKS[task]).splitlines()
    return "\n".join(line for line in lines if line.strip() not in (BEGIN, END))


@cache
def _blank_text() -> str:
    return notebook_text(read_notebook(course_root() / "notebooks" / FILENAME))


def notebook_with(answers: Mapping[str, str]) -> NotebookNode:
    """Return the notebook a student starts from, with these answers in their cells and the other tasks blank."""
    nb: NotebookNode = read_notebook_text(_blank_text())
    for task, source in answers.items():
        cell_of(nb, task)["source"] = source
    return nb


def read_notebook_text(text: str) -> NotebookNode:
    """Return a notebook from its text, cells and metadata as attributes."""
    nb: NotebookNode = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    return nb


def cell_of(nb: NotebookNode, task: str) -> NotebookNode:
    """Return the cell that is tagged as a task."""
    found: NotebookNode = next(cell for cell in nb["cells"] if TASK_TAG + task in tags(cell))
    return found


def insert(nb: NotebookNode, source: str, *, after: str = "", label: str, tagged: str = "") -> None:
    """Insert a code cell after the cell of a task, or at the end."""
    metadata = {"tags": [tagged]} if tagged else {}
    cell = new_code_cell(source, id=label, metadata=metadata)
    at = nb["cells"].index(cell_of(nb, after)) + 1 if after else len(nb["cells"])
    nb["cells"].insert(at, cell)


def points_without(lost: Collection[str]) -> dict[str, float]:
    """Return the points of somebody who answers every function task but these, and leaves the open one blank."""
    return {name: float(TASKS[name].points) if name in FUNCTIONS and name not in lost else 0.0 for name in TASKS}


def made(
    name: str,
    changed: Mapping[str, str] | None = None,
    *,
    lost: Collection[str] = (),
    edit: Edit | None = None,
    filename: str = FILENAME,
    harmless: bool = True,
) -> Made:
    """Make a submission: the solution of every function task, some of them changed, some of these worth nothing."""
    nb = notebook_with({**{task: solved(task) for task in FUNCTIONS}, **(changed or {})})
    if edit:
        edit(nb)
    return Made(name, filename, notebook_text(nb).encode(), points_without(lost), harmless)


def wrapped(task: str, body: str, *, before: str = "") -> str:
    """Return an answer in which ``right(*arguments, **options)`` is the solution and ``body`` decides what happens."""
    right = re.sub(rf"^def {task}\(", f"def right_{task}(", solved(task), flags=re.MULTILINE)
    begin = f"def {task}(*arguments, **options):\n    right = right_{task}\n"
    return "\n\n".join(part for part in (before, right, begin + textwrap.indent(body, "    ")) if part)


def restyled(task: str, answer: Callable[..., Any]) -> str:
    """Return the source of an alternative or a misconception as a student would hand it in: all it needs inside."""
    module = ast.parse(Path(inspect.getfile(answer)).read_text(encoding="utf-8"))
    home = {name: node for node in module.body for name in _names_of(node)}
    function = home[answer.__name__]
    needed: list[ast.stmt] = []
    waiting: list[ast.stmt] = [function]
    while waiting:
        used = {node.id for node in ast.walk(_bare(waiting.pop())) if isinstance(node, ast.Name)}
        found = [home[name] for name in sorted(used) if name in home and home[name] not in [*needed, function]]
        needed[:0], waiting[:0] = found, found
    result = _bare(function)
    assert isinstance(result, ast.FunctionDef)
    result.name = task
    at = 1 if ast.get_docstring(result) else 0
    result.body[at:at] = [_bare(node) for node in needed]
    return ast.unparse(ast.fix_missing_locations(result))


def _names_of(node: ast.stmt) -> list[str]:
    """Return the names that a statement of a module gives: numpy is there in the notebook already."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [alias.asname or alias.name for alias in node.names]
        return [] if names in (["np"], ["Segment", "alternative"], ["Segment", "mutant"]) else names
    return [node.name] if isinstance(node, ast.FunctionDef) else []


def _bare(node: ast.stmt) -> ast.stmt:
    """Return a copy without decorators and annotations, whose names a notebook may not know."""
    bare = copy.deepcopy(node)
    for inner in ast.walk(bare):
        if isinstance(inner, ast.FunctionDef):
            inner.decorator_list, inner.returns = [], None
        elif isinstance(inner, ast.arg):
            inner.annotation = None
    return bare


@cache
def _alternative(task: str, number: int) -> str:
    answers = alternatives_of(TASKS[task])
    return restyled(task, answers[number % len(answers)])


@cache
def _misconception(task: str, number: int) -> str:
    answers = mutants_of(TASKS[task])
    return restyled(task, answers[number % len(answers)].answer)


def _everywhere(body: str, *, tasks: Collection[str] = tuple(FUNCTIONS), before: str = "") -> dict[str, str]:
    return {task: wrapped(task, body, before=before) for task in tasks}


# ---------------------------------------------------------------- right, in many styles


def _right(tasks: Collection[str] = tuple(FUNCTIONS)) -> Iterator[Made]:
    yield made("solution")
    longest = max(len(alternatives_of(TASKS[task])) for task in FUNCTIONS)
    for number in range(longest):
        yield made(f"alternatives-{number + 1}", {task: _alternative(task, number) for task in tasks})
    mixed = {task: _alternative(task, index) for index, task in enumerate(FUNCTIONS) if index % 2}
    yield made("half-solution-half-alternatives", mixed)
    call = "return right(*arguments, **options)"
    assigned = {
        "lambda": "{0} = lambda *arguments, **options: inner(*arguments, **options)",
        "partial": "import functools\n{0} = functools.partial(inner)",
        "object": "class Answer:\n    def __call__(self, *a, **k):\n        return inner(*a, **k)\n{0} = Answer()",
        "decorated": "import functools\ndef noted(f):\n    @functools.wraps(f)\n    def wrapper(*a, **k):\n"
        "        return f(*a, **k)\n    return wrapper\n{0} = noted(inner)",
        "static-method": "class Answers:\n    @staticmethod\n    def {0}(*a, **k):\n        return inner(*a, **k)\n"
        "{0} = Answers.{0}",
        "factory": "def make(f):\n    def {0}(*a, **k):\n        return f(*a, **k)\n    return {0}\n{0} = make(inner)",
    }
    for style, code in assigned.items():
        sources = {task: wrapped(task, call) + "\n\n" + code.format(task) for task in tasks}
        yield made(f"as-{style}", {task: re.sub(r"\binner\b", f"right_{task}", text) for task, text in sources.items()})
    yield made("positional-options", {task: _with_positional_options(solved(task)) for task in tasks})
    yield made("tabs", {task: _with_tabs(solved(task)) for task in tasks})
    yield made("inside-an-if", {task: "if True:\n" + textwrap.indent(solved(task), "    ") for task in tasks})
    yield made(
        "future-annotations",
        {task: f"from __future__ import annotations\n\n{_annotated(solved(task))}" for task in tasks},
    )
    yield made("wrong-then-right", {task: _misconception(task, 1) + "\n\n\n" + solved(task) for task in tasks})
    yield made("error-after-the-definition", {"hangover": solved("hangover") + "\n\nhangover(3)"})


def _with_positional_options(source: str) -> str:
    tree = ast.parse(source)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    function.args.args += function.args.kwonlyargs
    function.args.kwonlyargs, function.args.kw_defaults = [], []
    return ast.unparse(tree)


def _with_tabs(source: str) -> str:
    return re.sub(
        r"^ +", lambda indent: "\t" * (len(indent[0]) // 4), ast.unparse(ast.parse(source)), flags=re.MULTILINE
    )


def _annotated(source: str) -> str:
    """Annotate with a name that exists nowhere: nobody evaluates it."""
    return source.replace("np.ndarray", "NDArray")


# ---------------------------------------------------------------- partly right


def _partly_right() -> Iterator[Made]:
    yield Made("blank", FILENAME, _blank_text().encode(), points_without(FUNCTIONS))
    for rest in (0, 1):
        answered = [task for index, task in enumerate(FUNCTIONS) if index % 2 == rest]
        data = notebook_text(notebook_with({task: solved(task) for task in answered})).encode()
        yield Made(f"every-second-{rest + 1}", FILENAME, data, points_without(set(FUNCTIONS) - set(answered)))
    for number in range(6):
        kinds = {task: (index + number) % 3 for index, task in enumerate(FUNCTIONS)}
        answers = {task: _alternative(task, number) for task, kind in kinds.items() if kind == 2}
        wrong = {task: _misconception(task, number) for task, kind in kinds.items() if kind == 1}
        lost = [task for task, kind in kinds.items() if kind != 2]
        data = notebook_text(notebook_with({**answers, **wrong})).encode()
        yield Made(f"blank-wrong-right-{number + 1}", FILENAME, data, points_without(lost))
    for number in (0, 4):
        sources = {task: _misconception(task, number) for task in FUNCTIONS}
        yield made(f"all-misconceptions-{number + 1}", sources, lost=FUNCTIONS)
    yield made("other-parameter-name", {"hangover": solved("hangover").replace("frames", "count")}, lost=["hangover"])
    yield made("other-function-name", {"hangover": solved("hangover").replace("hangover", "hang")}, lost=["hangover"])
    yield made(
        "returns-nothing", {"hangover": wrapped("hangover", "print(right(*arguments, **options))")}, lost=["hangover"]
    )
    in_place = "result = right(*arguments, **options)\narguments[0][:] = 0\nreturn result"
    arrays = ["noise_floor_db", *DECISIONS]
    yield made("changes-its-input", _everywhere(in_place, tasks=arrays), lost=arrays)
    forbidden = (
        "def hangover(active, *, frames):\n    from scipy.ndimage import binary_dilation\n    import numpy as np\n"
    )
    forbidden += "    return binary_dilation(active, np.arange(-frames, frames + 1) >= 0)"
    yield made("forbidden-call", {"hangover": forbidden}, lost=["hangover"])
    reference = "def frame_level_db(frames):\n    return signal.frame_level_db(frames)"
    yield made("calls-the-reference", {"frame_level_db": reference}, lost=["frame_level_db"])
    yield made("open-task-finds-nothing", {"detect_speech": "def detect_speech(y, sr):\n    return []"})
    yield made("open-task-raises", {"detect_speech": "def detect_speech(y, sr):\n    return y.nothing()"})


# ---------------------------------------------------------------- raising


def _failing() -> Iterator[Made]:
    one = ["hangover"]
    raising = {
        "raises": "raise ValueError('I do not know')",
        "recursion": "return hangover(*arguments, **options)",
        "exits": "import sys\nsys.exit()",
        "exits-with-a-message": "raise SystemExit('5 of 5 checks pass')",
    }
    for name, body in raising.items():
        yield made(name, {"hangover": wrapped("hangover", body)}, lost=one)
    for kind in ("KeyboardInterrupt", "GeneratorExit", "BaseException"):
        body = f"raise {kind}('stop')"
        yield made(f"raises-{kind.lower()}", {"hangover": wrapped("hangover", body)}, lost=one, harmless=False)
    yield made("raises-interrupt-in-its-cell", {"hangover": "raise KeyboardInterrupt"}, lost=one, harmless=False)
    right = solved("hangover")
    cells = {
        "syntax-error": right.replace("def hangover(", "def hangover((", 1),
        "indentation-error": right + "\n  return held",
        "null-character": right + "\n\0",
    }
    before = {  # the definition after it counts
        "raises-before-the-definition": "1 / 0\n" + right,
        "exits-in-its-cell": "import sys\nsys.exit()\n" + right,
        "unknown-import-in-its-cell": "import a_package_that_nobody_has\n" + right,
    }
    for name, source in cells.items():
        yield made(name, {"hangover": source}, lost=one)
    for name, source in before.items():
        yield made(name, {"hangover": source})

    def import_elsewhere(nb: NotebookNode) -> None:
        insert(nb, "import a_package_that_nobody_has", after="frame_level_db", label="unknown-import")

    yield made("unknown-import-elsewhere", edit=import_elsewhere)


# ---------------------------------------------------------------- printing and warning


def _loud() -> Iterator[Made]:
    call = "return right(*arguments, **options)"
    yield made("prints-a-little", _everywhere("print(arguments, options)\n" + call))
    flood = "if not flooded:\n    flooded.append(1)\n    {0}\n" + call
    floods = {
        "prints-100-mb": "for _ in range(100_000):\n        print('x' * 999)",
        "floods-stderr": "import sys\n    for _ in range(20_000):\n        print('x' * 999, file=sys.stderr)",
        "floods-the-descriptors": "import os\n    for fd in (1, 2):\n        for _ in range(10_000):\n"
        "            os.write(fd, b'x' * 999 + b'\\n')",
    }
    for name, body in floods.items():
        source = wrapped("hangover", flood.format(body), before="flooded = []")
        yield made(name, {"hangover": source}, harmless=False)
    in_cell = "for _ in range(100_000):\n    print('x' * 999)\n\n" + solved("hangover")
    yield made("prints-100-mb-in-its-cell", {"hangover": in_cell}, harmless=False)
    no_stdout = "import sys\nsys.stdout = None\nprint('nobody hears')\n" + call
    yield made("takes-stdout-away", {"hangover": wrapped("hangover", no_stdout)}, harmless=False)
    warning = (
        "import warnings\nwarnings.warn('careful')\nwarnings.warn('old', DeprecationWarning)\nnp.log(np.zeros(2))\n"
    )
    yield made("warns", _everywhere(warning + call))
    strict = "import warnings\nwarnings.simplefilter('error')\nnp.seterr(all='raise')\n"
    yield made("takes-warnings-for-errors", {"hangover": strict + solved("hangover")}, harmless=False)
    logs = "import logging, sys\nlogging.getLogger().warning('x')\nprint('héllo \\ud800 \\x1b[31m', file=sys.stderr)\n"
    yield made("logs-and-odd-characters", {"hangover": wrapped("hangover", logs + call)})


# ---------------------------------------------------------------- never ending, never enough


def _endless() -> Iterator[Made]:
    one = ["hangover"]
    bodies = {
        "loops": "while True:\n    pass",
        "sleeps": "import time\ntime.sleep(3600)",
        "loops-and-prints": "while True:\n    print('still here')",
        "loops-inside-numpy": "while True:\n    np.linalg.svd(np.ones((300, 300)))",
        "loops-in-a-regular-expression": "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
        "swallows-interrupts": "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass",
        "swallows-signals": "import signal as s\nfor number in range(1, 30):\n    try:\n"
        "        s.signal(number, s.SIG_IGN)\n    except OSError:\n        pass\nwhile True:\n    pass",
        "asks-for-input": "input('go on? ')\nwhile True:\n    pass",
        "allocates-6-gb": "held = [np.ones(2**24) for _ in range(48)]\nreturn len(held)",
        "returns-a-gigabyte": "return np.zeros(2**27)",
    }
    for name, body in bodies.items():
        yield made(name, {"hangover": wrapped("hangover", body)}, lost=one, harmless=False)
    right = solved("hangover")
    swallow = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass\n"
    cells = {  # the definition after it counts, where the process can be talked to afterwards
        "loops-in-its-cell": ("while True:\n    pass\n", []),
        "swallows-interrupts-in-its-cell": (swallow, one),
        "allocates-6-gb-in-its-cell": ("held = [np.ones(2**24) for _ in range(48)]\nraise MemoryError\n", []),
    }
    for name, (source, lost) in cells.items():
        yield made(name, {"hangover": source + right}, lost=lost, harmless=False)
    two = {task: wrapped(task, "while True:\n    pass") for task in ("frame_level_db", "detection_error")}
    yield made("loops-in-two-tasks", two, lost=list(two), harmless=False)

    def loop_elsewhere(nb: NotebookNode) -> None:
        insert(nb, "while True:\n    pass", after="frame_level_db", label="loop")

    yield made("loops-in-a-cell-of-its-own", edit=loop_elsewhere)


# ---------------------------------------------------------------- ending the process, leaving something running


def _leaving() -> Iterator[Made]:
    one = ["hangover"]
    ends = {
        "os-exit": "import os\nos._exit(0)",
        "kills-itself": "import os\nos.kill(os.getpid(), 9)",
        "aborts": "import os\nos.abort()",
        "reads-address-zero": "import ctypes\nctypes.string_at(0)",
        "overflows-the-stack": "import sys\nsys.setrecursionlimit(10**9)\nf = lambda n: f(n + 1) + repr(n)\nf(0)",
    }
    for name, code in ends.items():
        yield made(name, {"hangover": wrapped("hangover", code)}, lost=one, harmless=False)
        if name in ("os-exit", "kills-itself"):
            yield made(f"{name}-in-its-cell", {"hangover": code + "\n" + solved("hangover")}, lost=one, harmless=False)
    last = {"detection_error": wrapped("detection_error", ends["os-exit"])}
    yield made("os-exit-in-the-last-task", last, lost=list(last), harmless=False)
    every = _everywhere(ends["os-exit"])
    yield made("os-exit-in-every-task", every, lost=list(every), harmless=False)
    call = "return right(*arguments, **options)"
    start = "import threading, time\nthreading.Thread(target=time.sleep, args=(20,), daemon={0}).start()\n"
    yield made("daemon-threads", {"hangover": wrapped("hangover", start.format(True) + call)}, harmless=False)
    yield made("threads-left-running", {"hangover": wrapped("hangover", start.format(False) + call)}, harmless=False)
    pool = "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(2) as pool:\n"
    pool += "    return pool.submit(right, *arguments, **options).result()"
    yield made("answers-from-a-thread", _everywhere(pool))


# ---------------------------------------------------------------- state that outlives a call


def _stateful() -> Iterator[Made]:
    remember = "key = pickle.dumps((arguments, options))\nif key not in memory:\n"
    remember += "    memory[key] = right(*arguments, **options)\nreturn memory[key]"
    for task in ("hysteresis", "detection_error"):
        yield made(f"remembers-{task}", {task: wrapped(task, remember, before="import pickle\nmemory = {}")})
    scratch = "global last\nlast = right(*arguments, **options)\nreturn last"
    yield made("one-global-for-all", _everywhere(scratch, before="last = None"))
    count = "calls.append(1)\nresult = right(*arguments, **options)\nreturn result if len(calls) < 3 else {0}"
    worse = {"frame_level_db": "-result", "hangover": "~result", "detection_error": "(0.0, 0.0, 0.0)"}
    sources = {task: wrapped(task, count.format(wrong), before="calls = []") for task, wrong in worse.items()}
    yield made("wrong-from-the-third-call-on", sources, lost=list(worse))
    drifting = "calls.append(1)\nreturn right(*arguments, **options) + 0.3 * len(calls)"
    yield made(
        "drifts", {"frame_level_db": wrapped("frame_level_db", drifting, before="calls = []")}, lost=["frame_level_db"]
    )
    seeding = "np.random.seed(0)\nimport random\nrandom.seed(0)\nreturn right(*arguments, **options)"
    yield made("seeds-the-global-generators", _everywhere(seeding))
    patch = "np.mean = lambda *arguments, **options: 0.0\n"
    patched = {"frame_level_db": _alternative("frame_level_db", 2), "hangover": patch + _misconception("hangover", 0)}
    yield made("patches-np-mean", patched, lost=["hangover"], harmless=False)
    agree = "for comparison in ('array_equal', 'allclose', 'isclose', 'asarray_chkfinite'):\n"
    agree += "    setattr(np, comparison, lambda *arguments, **options: True)\n"
    agree += "np.testing.assert_allclose = np.testing.assert_array_equal = lambda *arguments, **options: None\n"
    sources = {"hangover": agree + _misconception("hangover", 0), "hysteresis": _misconception("hysteresis", 0)}
    yield made("patches-comparisons", sources, lost=["hangover", "hysteresis"], harmless=False)


# ---------------------------------------------------------------- results of odd types


def _results() -> Iterator[Made]:
    returned = "result = right(*arguments, **options)\nreturn {0}"
    subclass = "class Levels(np.ndarray):\n    pass"
    fine = {
        "ndarray-subclass": ("result.view(Levels)", ARRAYS, subclass),
        "masked-array": ("np.ma.masked_array(result)", ARRAYS, ""),
        "read-only-view": ("np.broadcast_to(result, result.shape)", ARRAYS, ""),
        "backwards-in-memory": ("result[::-1].copy()[::-1]", ARRAYS, ""),
        "every-second-in-memory": ("np.repeat(result, 2)[::2]", ARRAYS, ""),
        "big-endian": ("result.astype('>f8')", ["frame_level_db", "noise_floor_db"], ""),
        "single-precision": ("result.astype(np.float32)", ["frame_level_db"], ""),
        "lists-of-lists": ("[list(pair) for pair in result]", ["to_segments"], ""),
        "numbers-of-numpy": ("[tuple(map(np.float64, pair)) for pair in result]", ["to_segments"], ""),
        "tuple-of-tuples": ("tuple(map(tuple, result))", ["to_segments"], ""),
        "pairs-in-an-array": ("np.array(result)", ["to_segments"], ""),
        "three-in-an-array": ("np.array(result)", ["detection_error"], ""),
        "three-in-a-list": ("list(map(np.float64, result))", ["detection_error"], ""),
        "named-tuple": (
            "Errors(*result)",
            ["detection_error"],
            "from collections import namedtuple\nErrors = namedtuple('Errors', 'missed false_alarm error')",
        ),
    }
    for name, (expression, tasks, before) in fine.items():
        yield made(f"returns-{name}", _everywhere(returned.format(expression), tasks=tasks, before=before))
    wrong = {
        "matrix": ("np.matrix(result)", ARRAYS),
        "list": ("list(result)", ARRAYS),
        "generator": ("(value for value in result)", FUNCTIONS),
        "one-row": ("result[None, :]", ARRAYS),
        "objects": ("result.astype(object)", ARRAYS),
        "zeros-and-ones": ("result.astype(int)", DECISIONS),
        "text": ("str(result)", FUNCTIONS),
        "none": ("None", FUNCTIONS),
        "a-set": ("set(result)", FUNCTIONS),
        "its-own-function": ("right", FUNCTIONS),
        "nan": ("result * np.nan", ["frame_level_db", "noise_floor_db"]),
        "dictionary": ("dict(enumerate(result))", ["to_segments", "detection_error"]),
        "dictionary-with-names": ("{'missed': 0.5, 'false_alarm': 1.0, 'error': 0.75}", ["detection_error"]),
    }
    for name, (expression, lost) in wrong.items():
        yield made(f"returns-{name}", _everywhere(returned.format(expression), tasks=lost), lost=lost)


# ---------------------------------------------------------------- cells that somebody has moved


def _cells() -> Iterator[Made]:
    def edit(name: str, lost: Collection[str] = ()) -> Callable[[Edit], Made]:
        return lambda change: made(name, lost=lost, edit=change)

    def without(nb: NotebookNode, *unwanted: str) -> None:
        nb["cells"] = [cell for cell in nb["cells"] if not any(tag in unwanted for tag in tags(cell))]

    def kind(nb: NotebookNode, cell_type: str) -> None:
        cell = cell_of(nb, "hangover")
        index = nb["cells"].index(cell)
        nb["cells"][index] = NotebookNode(
            cell_type=cell_type, id=cell["id"], metadata=cell["metadata"], source=cell["source"]
        )

    def copied(nb: NotebookNode, first: str, second: str) -> None:
        cell_of(nb, "hangover")["source"] = first
        insert(nb, second, after="hangover", label="copy", tagged=TASK_TAG + "hangover")

    right, wrong = solved("hangover"), _misconception("hangover", 0)
    checks = [CHECK_TAG + name for name in TASKS]
    one = ["hangover"]
    yield edit("cell-deleted", one)(lambda nb: without(nb, TASK_TAG + "hangover"))
    yield edit("checks-deleted")(lambda nb: without(nb, *checks))
    yield edit("every-task-deleted", FUNCTIONS)(lambda nb: without(nb, *(TASK_TAG + name for name in TASKS)))
    yield edit("cell-of-the-text-deleted")(lambda nb: without(nb, "written:explain_vad"))
    yield edit("turned-to-markdown", one)(lambda nb: kind(nb, "markdown"))
    yield edit("turned-to-raw", one)(lambda nb: kind(nb, "raw"))
    yield edit("duplicated")(lambda nb: copied(nb, right, right))
    yield edit("duplicated-wrong-then-right")(lambda nb: copied(nb, wrong, right))
    yield edit("duplicated-right-then-wrong", one)(lambda nb: copied(nb, right, wrong))
    yield edit("helper-in-a-cell-of-its-own")(_helper_apart)
    yield edit("split-in-two")(_split)
    yield edit("moved-to-an-untagged-cell")(_moved)
    yield edit("answered-in-an-untagged-cell")(_answered_elsewhere)
    yield edit("all-in-one-cell")(_all_in_one)
    yield edit("cells-without-metadata")(_stripped)
    yield edit("tags-that-are-no-list")(_tags_as_text)
    yield edit("magics")(_magics)
    yield edit("unused-chapter-import")(
        lambda nb: insert(nb, "from audiocourse.classify import vad", after="frame_level_db", label="chapter")
    )


def _helper_apart(nb: NotebookNode) -> None:
    cell_of(nb, "smooth_decisions")["source"] = (
        "def smooth_decisions(active, *, min_speech, min_silence):\n"
        "    return longer_than(active, min_speech, min_silence, LEAST)"
    )
    helper = re.sub(r"^def smooth_decisions\(.*$", "HEAD", solved("smooth_decisions"), flags=re.MULTILINE)
    helper = helper.replace("HEAD", "def longer_than(active, min_speech, min_silence, least):")
    insert(nb, f"import math\nLEAST = 1\n\n\n{helper}", after="hangover", label="helper")


def _split(nb: NotebookNode) -> None:
    """Split a cell as Jupyter does: both halves keep the metadata."""
    before, _, after = wrapped("hangover", "return right(*arguments, **options)").rpartition("\n\n")
    cell_of(nb, "hangover")["source"] = before
    insert(nb, after, after="hangover", label="half", tagged=TASK_TAG + "hangover")


def _moved(nb: NotebookNode) -> None:
    source = cell_of(nb, "hangover")["source"]
    nb["cells"].remove(cell_of(nb, "hangover"))
    insert(nb, source, label="moved")


def _answered_elsewhere(nb: NotebookNode) -> None:
    for task in FUNCTIONS:
        source = cell_of(nb, task)["source"]
        cell_of(nb, task)["source"] = "# see below"
        insert(nb, source, label=f"mine-{task.replace('_', '-')}")


def _all_in_one(nb: NotebookNode) -> None:
    answers = "\n\n\n".join(cell_of(nb, task)["source"] for task in FUNCTIONS)
    for task in FUNCTIONS:
        nb["cells"].remove(cell_of(nb, task))
    insert(nb, answers + "\n\n\nplt.plot([1, 2])\nprint(frame_level_db(np.ones((4, 2))))", label="everything")


def _stripped(nb: NotebookNode) -> None:
    nb["metadata"] = NotebookNode()
    for cell in nb["cells"]:
        cell["metadata"] = NotebookNode()


def _tags_as_text(nb: NotebookNode) -> None:
    for cell in nb["cells"]:
        if tags(cell):
            cell["metadata"] = NotebookNode(tags=" ".join(tags(cell)))


def _magics(nb: NotebookNode) -> None:
    for task in FUNCTIONS:
        source = cell_of(nb, task)["source"]
        cell_of(nb, task)["source"] = f"%matplotlib inline\n!ls\nfiles = !ls\n{source}\n\n{task}?\n%timeit 1 + 1"
    cell_of(nb, "hangover")["source"] = "%%time\n" + cell_of(nb, "hangover")["source"]
    insert(nb, "%%bash\nls", after="hangover", label="bash")
    insert(nb, "%load_ext autoreload\n%autoreload 2\n!pip install numpy", after="frame_level_db", label="extension")


# ---------------------------------------------------------------- names that the notebook's own cells define


def _names() -> Iterator[Made]:
    level, hang = solved("frame_level_db"), solved("hangover")
    hold = hang.replace("def hangover(", "def hold_on(")
    call = "def hangover(active, *, frames):\n    return hold_on(active, frames=frames)"
    own = {  # a cell of one's own, and the task that uses it
        "power": ("FLOOR = np.power(10.0, -10)", level.replace("1e-10", "FLOOR")),
        "mine-or-reference": (
            "level_of = mine_or_reference('frame_level_db')\nlevel = level_of(np.zeros((4, 3)))\n"
            "FLOOR = 1e-7 * 0.1**level.size",
            level.replace("1e-10", "FLOOR"),
        ),
        "filled-in-a-loop": (
            "FLOORS = {}\nfor power in range(12):\n    FLOORS[power] = float(10**-power)\nFLOORS.update(other=2.0)",
            level.replace("1e-10", "FLOORS[10]"),
        ),
        "through-three-cells": (
            "import math\nten = math.pow(10, 1)\nhundred = math.pow(ten, 2)\nFLOOR = 1 / math.pow(hundred, 5)",
            level.replace("1e-10", "FLOOR"),
        ),
        "window-and-pattern": (
            "import re\nWINDOW = np.hanning(400)\nDIGITS = re.compile('[0-9]+')\nFLOOR = 1e-10 * WINDOW.size / 400",
            level.replace("1e-10", "FLOOR") + "\n\n\nassert DIGITS",
        ),
    }
    for name, (source, answer) in own.items():
        yield made(f"own-cell-{name}", {"frame_level_db": answer}, edit=_above("frame_level_db", source))
    made_by = {
        "partial": f"from functools import partial\n{hold}\n\n\nhold_on = partial(hold_on)",
        "deque": f"from collections import deque\n{hold}\n\n\nKEPT = deque([hold_on], maxlen=1)\nhold_on = KEPT.pop()",
        "slice": f"ALL = slice(None)\n{hold}\n\n\nhold_on = [hold_on][ALL][0]",
        "under-if": "if SR > 0:\n" + textwrap.indent(hold, "    "),
        "try-import": f"try:\n    from a_package import hold_on\nexcept ImportError:\n{textwrap.indent(hold, '    ')}",
        "decorated": f"import functools\n\n\n@functools.lru_cache\ndef one():\n    return 1\n\n\n{hold}",
        "shown-names": hold.replace("hold_on", "compare"),
    }
    for name, source in made_by.items():
        answer = call.replace("hold_on", "compare") if name == "shown-names" else call
        yield made(f"own-cell-{name}", {"hangover": answer}, edit=_above("hangover", f"SR = 16_000\n{source}"))
    yield made("answer-under-if", {"hangover": "if True:\n" + textwrap.indent(hang, "    ")})
    yield made("prints-what-no-answer-needs", {"hangover": f"print(level[:5])\n{hang}\n\n\nlevel.mean()"})
    yield made("uses-what-is-nowhere", {"frame_level_db": level.replace("1e-10", "NOWHERE")}, lost=["frame_level_db"])
    reused = "for hangover in range(3):\n    hysteresis = np.sqrt(hangover)"
    yield made("name-used-for-something-else", edit=lambda nb: insert(nb, reused, label="reused"))
    imported = "from audiocourse import mine_or_reference as stage, check as look\nlevel_of = stage('frame_level_db')"
    yield made(
        "imports-under-other-names",
        {"frame_level_db": level + "\n\n\nlook('frame_level_db')"},
        edit=_above("frame_level_db", imported),
    )


def _above(task: str, source: str) -> Edit:
    """Put a cell of one's own before the cell of a task."""

    def change(nb: NotebookNode) -> None:
        insert(nb, source, label="own-cell")
        nb["cells"].insert(nb["cells"].index(cell_of(nb, task)), nb["cells"].pop())

    return change


# ---------------------------------------------------------------- libraries


def _libraries() -> Iterator[Made]:
    """Right answers that use torch, scikit-learn and the slower parts of librosa, beside something of no use."""
    level = solved("frame_level_db")
    in_torch = (
        "import torch\n\n\ndef frame_level_db(frames):\n"
        "    power = torch.from_numpy(np.asarray(frames, dtype=np.float64)).square().mean(dim=0)\n"
        "    return (10 * torch.log10(power.clamp(min=1e-10))).numpy()"
    )
    yield made("torch", {"frame_level_db": in_torch})
    yield made("torch-tensor", {"frame_level_db": in_torch.replace(".numpy()", "")})
    network = "net = torch.nn.Linear(3, 2)\nloss = net(torch.ones(4, 3)).sum()\nloss.backward()\n"
    trained = {"frame_level_db": network + in_torch}
    yield made("torch-in-a-cell-of-its-own", trained, edit=_above("frame_level_db", "import torch"))
    uses = {
        "sklearn": "from sklearn.cluster import KMeans\nKMeans(2, n_init=1).fit(np.eye(4))",
        "nn-filter": "import librosa\nlibrosa.decompose.nn_filter(np.ones((3, 30)))",
        "istft": "import librosa\nlibrosa.istft(librosa.stft(np.ones(4096)))",
        "zoo": "from audiocourse import zoo\nfrom audiocourse.sounds import datasets\nzoo.list_models",
        "threads": "from concurrent.futures import ThreadPoolExecutor\nlist(ThreadPoolExecutor(2).map(abs, [1]))",
    }
    for name, source in uses.items():
        first, _, rest = source.partition("\n")
        body = f"{rest}\nreturn right(*arguments, **options)"
        yield made(f"uses-{name}", {"hangover": wrapped("hangover", body, before=first)})
    yield made("all-of-them", {"frame_level_db": "import torch, sklearn, scipy.optimize, pandas\n" + level})


# ---------------------------------------------------------------- files that other programs have written


def _files() -> Iterator[Made]:
    for name, filename in {
        "renamed": "Untitled7.ipynb",
        "renamed-copy": "ex05_vad (1).ipynb",
        "renamed-with-odd-letters": "Übung 5 – 作业, “final”.ipynb",
        "renamed-capitals": "EX05_VAD.IPYNB",
    }.items():
        yield made(name, filename=filename)
    plain = made("").data
    changes: dict[str, Callable[[dict[str, Any]], object]] = {
        "other-kernel": lambda raw: raw["metadata"].update(
            kernelspec={"name": "conda-env-audio-py", "display_name": "Python (audio)", "language": "python"}
        ),
        "no-kernel": lambda raw: raw["metadata"].clear(),
        "minor-2-without-ids": lambda raw: _without_ids(raw, 2),
        "minor-0-without-ids": lambda raw: _without_ids(raw, 0),
        "ids-twice": lambda raw: [cell.update(id="same") for cell in raw["cells"]],
        "sources-in-one-string": lambda raw: [cell.update(source="".join(cell["source"])) for cell in raw["cells"]],
        "colab": _colab,
        "vs-code": _vs_code,
        "carriage-returns-in-the-cells": _carriage_returns,
        "outputs-of-5-mb": _outputs,
        "unknown-keys": lambda raw: (raw.update(comment="mine"), raw["cells"][0].update(attachments={})),
    }
    for name, change in changes.items():
        raw = json.loads(plain)
        change(raw)
        yield Made(name, FILENAME, json.dumps(raw, indent=1).encode(), points_without(()))
    full = points_without(())
    yield Made("windows-line-ends", FILENAME, plain.replace(b"\n", b"\r\n"), full)
    yield Made("byte-order-mark", FILENAME, codecs.BOM_UTF8 + plain, full)
    yield Made("one-line", FILENAME, json.dumps(json.loads(plain)).encode(), full)


def _without_ids(raw: dict[str, Any], minor: int) -> None:
    raw["nbformat_minor"] = minor
    for cell in raw["cells"]:
        cell.pop("id", None)


def _colab(raw: dict[str, Any]) -> None:
    """Write as Colab does: ids into the metadata, tags gone."""
    raw["nbformat_minor"] = 0
    raw["metadata"] = {
        "colab": {"provenance": [], "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "accelerator": "GPU",
        "gpuClass": "standard",
    }
    for index, cell in enumerate(raw["cells"]):
        cell.pop("id", None)
        cell["metadata"] = {"id": f"aB{index:03d}", "colab": {"base_uri": "https://localhost:8080/"}}
        cell["metadata"]["executionInfo"] = {"status": "ok", "timestamp": 1_700_000_000_000, "user_tz": -60}


def _vs_code(raw: dict[str, Any]) -> None:
    raw["metadata"] = {
        "kernelspec": {"display_name": ".venv", "language": "python", "name": "python3"},
        "language_info": {"name": "python", "version": "3.12.4", "codemirror_mode": {"name": "ipython", "version": 3}},
        "orig_nbformat": 4,
        "vscode": {"interpreter": {"hash": 64 * "0"}},
    }
    for index, cell in enumerate(raw["cells"]):
        cell["metadata"]["vscode"] = {"languageId": "python"}
        cell["id"] = f"{index:08x}"


def _carriage_returns(raw: dict[str, Any]) -> None:
    for cell in raw["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")


def _outputs(raw: dict[str, Any]) -> None:
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 5_000_000}}
    error = {"output_type": "error", "ename": "ValueError", "evalue": "x", "traceback": ["\x1b[31mx\x1b[0m"]}
    code = [cell for cell in raw["cells"] if cell["cell_type"] == "code"]
    code[0]["outputs"], code[1]["outputs"] = [picture], [error]
    for number, cell in enumerate(code):
        cell["execution_count"] = number + 1


# ---------------------------------------------------------------- files that are no notebook of this exercise


def _no_notebook() -> Iterator[Made]:
    plain = made("").data
    old = {"metadata": {"name": "ex05"}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": []}]}
    other = (course_root() / "notebooks" / "00_start_here.ipynb").read_bytes()
    files = {
        "empty-file": b"",
        "no-json": b"here is my homework, sorry for the delay",
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n",
        "cut-off": plain[: len(plain) // 2],
        "json-list": b"[1, 2, 3]",
        "json-number": b"5",
        "no-cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
        "empty-notebook": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}',
        "cells-that-are-none": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1, null, {}]}',
        "format-3": json.dumps(old).encode(),
        "merge-conflict": b"<<<<<<< HEAD\n" + plain + b"=======\n" + plain + b">>>>>>> main\n",
        "web-page": b"<!DOCTYPE html><html><body>ex05_vad</body></html>",
        "zeros": bytes(5000),
        "another-notebook": other,
    }
    for name, data in files.items():
        yield Made(name, FILENAME, data, points_without(FUNCTIONS))
