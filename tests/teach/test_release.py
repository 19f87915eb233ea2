"""Zips: the same bytes each time, a student's folder that works and holds no solution, an autograder that grades."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audiocourse.cli import main
from audiocourse.course import load_course
from audiocourse.learn.checking.registry import load_by_path
from audiocourse.learn.files.notebook import read_notebook
from audiocourse.teach.build import BEGIN, END
from audiocourse.teach.grading import seeds
from audiocourse.teach.grading.classroom import BOOK
from audiocourse.teach.grading.reports.gradebook import GradeBook, Result
from audiocourse.teach.grading.reports.gradescope import UNFINISHED, find_notebook
from audiocourse.teach.release import EARLIEST, NOT_SOURCE, release

ROOT = Path(__file__).resolve().parents[2]
SEED = 8_123_456_789_012_345_678  # easy to find in a memory
VERSION = "0.1.0"
STUDENT, INSTRUCTOR, AUTOGRADER = (
    f"audiocourse-{what}-{VERSION}.zip" for what in ("student", "instructor", "gradescope-ex05_vad")
)
SOLVED = re.compile(rf"^[ ]*{BEGIN}\n(.*?)^[ ]*{END}", re.MULTILINE | re.DOTALL)
Edit = Callable[[Path], object]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This clone as if it had been downloaded: no git, no caches, nobody's answers."""
    folder = tmp_path_factory.mktemp("tree") / "clone"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_SOURCE))
    return folder


@pytest.fixture
def copy(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that may be changed; the course's functions act on it."""
    monkeypatch.setenv("AUDIOCOURSE_HOME", str(shutil.copytree(tree, tmp_path / "copy")))
    return tmp_path / "copy"


@pytest.fixture(scope="module")
def zips(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDIOCOURSE_HOME", str(tree))
        return {path.name: path for path in release(tmp_path_factory.mktemp("dist"), seed=SEED)}


def names_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def unzipped(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder / f"audiocourse-{VERSION}"


# ---------------------------------------------------------------- bytes


def test_the_same_files_give_the_same_bytes_wherever_and_whenever(zips: dict[str, Path], copy: Path) -> None:
    for path in copy.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
        path.chmod(0o755)
    (copy / "audiocourse" / "__pycache__").mkdir()
    (copy / "audiocourse" / "__pycache__" / "course.pyc").write_bytes(b"")
    (copy / "work").mkdir()
    (copy / "work" / "ex05_vad.ipynb").write_text("{}")
    (copy / "out").mkdir()
    (copy / "out" / seeds.SEED).write_text(str(SEED))
    assert main(["release", "--out", str(copy / "out")]) == 0
    again = release(copy / "out", seed=SEED)
    assert {path.name: path.read_bytes() for path in again} == {n: path.read_bytes() for n, path in zips.items()}


def test_what_was_unzipped_by_an_instructor_can_be_released_again(
    zips: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIOCOURSE_HOME", str(unzipped(zips[INSTRUCTOR], tmp_path)))
    again = release(tmp_path / "dist", seed=SEED, notebooks=["ex05"])
    assert [path.name for path in again] == [INSTRUCTOR, STUDENT, AUTOGRADER]
    assert all(path.read_bytes() == zips[path.name].read_bytes() for path in again)


def test_entries_have_no_history(zips: dict[str, Path]) -> None:
    for path in zips.values():
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist() == sorted(archive.namelist())
            for entry in archive.infolist():
                runs = archive.read(entry).startswith(b"#!")
                assert entry.date_time == EARLIEST
                assert entry.external_attr >> 16 == (0o100755 if runs else 0o100644)


@pytest.mark.usefixtures("copy")
def test_a_seed_is_made_once_and_stays_in_the_autograder(tmp_path: Path) -> None:
    first, second = ({p.name: p.read_bytes() for p in release(tmp_path / "one", notebooks=["ex05"])} for _ in range(2))
    assert first == second
    other = {path.name: path.read_bytes() for path in release(tmp_path / "two", notebooks=["ex05"])}
    assert {name for name in other if other[name] != first[name]} == {AUTOGRADER}
    with zipfile.ZipFile(tmp_path / "one" / AUTOGRADER) as archive:
        assignment = json.loads(archive.read("assignment.json"))
    assert assignment == {"notebook": "ex05_vad", "seed": seeds.kept_seed(tmp_path / "one")}


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_says_what_belongs_to_the_clone(
    zips: dict[str, Path], copy: Path, tmp_path: Path, refuses: Callable[..., Any]
) -> None:
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=copy, check=True, capture_output=True)
    (copy / "grades.csv").write_text("ann,3")
    release(tmp_path / "dist", seed=SEED, notebooks=["ex05"])
    assert (tmp_path / "dist" / INSTRUCTOR).read_bytes() == zips[INSTRUCTOR].read_bytes()
    (copy / "audiocourse" / "new.py").write_text("")
    with refuses("git does not know audiocourse/new.py"):
        release(tmp_path / "dist", seed=SEED)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda clone: (clone / "README.md").unlink(), "There is no README.md in"),
        (lambda clone: shutil.rmtree(clone / "solutions"), "There is no solutions/*.ipynb in"),
        (lambda clone: (clone / "notebooks" / "ex05_vad.ipynb").write_text("{}"), "ex05_vad.ipynb is out of step"),
    ],
)
def test_half_a_clone_is_not_released(copy: Path, tmp_path: Path, refuses: Any, edit: Edit, said: str) -> None:
    edit(copy)
    with refuses(said):
        release(tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


# ---------------------------------------------------------------- the student's zip


def test_no_solution_is_in_the_student_zip(zips: dict[str, Path], tmp_path: Path) -> None:
    folder = unzipped(zips[STUDENT], tmp_path)
    assert not [name for name in names_in(zips[STUDENT]) if "solutions" in name or "alternatives" in name]
    texts = {
        path.name: re.sub(r"\s+", " ", "\n".join(cell["source"] for cell in read_notebook(path)["cells"]))
        for path in (folder / "notebooks").glob("*.ipynb")
    }
    assert len(texts) == len(load_course().notebook)
    bodies = [
        re.sub(r"\s+", " ", body).strip()
        for path in (ROOT / "solutions").glob("*.ipynb")
        for cell in read_notebook(path)["cells"]
        for body in SOLVED.findall(cell["source"])
    ]
    assert len(bodies) >= sum(task.kind != "written" for task in load_course().tasks())
    assert [(name, body) for name, text in texts.items() for body in bodies if body in text] == []


def test_the_student_zip_holds_what_a_student_uses_and_no_more(zips: dict[str, Path]) -> None:
    names = [name.partition("/")[2] for name in names_in(zips[STUDENT])]
    rooms = {name.split("/")[0] for name in names}
    assert rooms == {
        *("audiocourse", "notebooks", "tests", "docs", ".gitignore", "ASSETS.toml", "CHANGELOG.md", "LICENSE"),
        *("Makefile", "README.md", "constraints.txt", "environment.yml", "pyproject.toml"),
    }
    tests = [name for name in names if name.startswith("tests/")]
    assert all(re.fullmatch(r"tests/exercises/\w+/(checks|mutants)\.py", name) for name in tests)
    with_tasks = [notebook.name for notebook in load_course().notebook if notebook.task]
    assert {f"tests/exercises/{name}/checks.py" for name in with_tasks} <= set(tests)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


@dataclass
class Course:
    """A student's folder, and how its commands are run as if they were installed from there."""

    folder: Path
    environment: dict[str, str]

    def run(self, *words: str, expected: int = 0) -> str:
        command = [sys.executable, *words]
        done = subprocess.run(command, cwd=self.folder, env=self.environment, capture_output=True, text=True)
        assert done.returncode == expected, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def course(zips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = unzipped(zips[STUDENT], tmp_path_factory.mktemp("student"))
    installed = folder.parent / "site" / f"audiocourse-{VERSION}.dist-info"  # what `pip install -e .` leaves behind
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text(f"Metadata-Version: 2.1\nName: audiocourse\nVersion: {VERSION}\n")
    (installed / "direct_url.json").write_text(json.dumps({"url": folder.as_uri(), "dir_info": {"editable": True}}))
    dropped = ("PYTEST_CURRENT_TEST", "CI", "AUDIOCOURSE_HOME", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    places = os.pathsep.join([str(installed.parent), str(folder)])
    settings = {"PYTHONPATH": places, "AUDIOCOURSE_PROGRESS": "on", "OMP_NUM_THREADS": "1", "PIP_NO_INDEX": "1"}
    return Course(folder, {**environment, **settings, "COLUMNS": "200"})


def test_a_student_works_in_the_unzipped_folder(course: Course) -> None:
    package = course.run("-c", "import audiocourse; print(audiocourse.__file__)").strip()
    assert Path(package).is_relative_to(course.folder)
    assert "ex05_vad.ipynb is fresh now" in course.run("-m", "audiocourse", "reset", "ex05")
    assert (course.folder / "work" / "00_start_here.ipynb").is_file()
    assert "not started" in course.run("-m", "audiocourse", "check", "ex05", expected=1)
    shutil.copy(ROOT / "solutions" / "ex05_vad.ipynb", course.folder / "work")
    said = course.run("-m", "audiocourse", "check", "ex05", expected=1)  # the text is for each to write
    functions = [task for task in load_course().find_notebook("ex05").task if task.kind != "written"]
    assert said.count(" Done.") == len(functions)
    assert "hint 1" in course.run("-m", "audiocourse", "hint", "hangover").lower()
    assert len(re.findall(r"\bdone\b", course.run("-m", "audiocourse", "status"))) == len(functions)


def test_a_student_hands_in_from_the_unzipped_folder(course: Course) -> None:
    course.run("-m", "audiocourse", "reset", "00")
    said = course.run("-m", "audiocourse", "submit", "00", expected=1)
    assert "missing: duration_seconds" in said
    shutil.copy(ROOT / "solutions" / "00_start_here.ipynb", course.folder / "work")
    assert "(complete)" in course.run("-m", "audiocourse", "submit", "00")
    assert (course.folder / "work" / "submissions" / "00_start_here.ipynb").is_file()


# ---------------------------------------------------------------- the autograder


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["a.ipynb"], "a.ipynb"),
        (["a.ipynb", "voice.wav", "notes.txt"], "a.ipynb"),
        (["a.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb", "__MACOSX/a.ipynb"], "a.ipynb"),
        (["sub/a.ipynb"], "sub/a.ipynb"),
        (["a.json"], "a.json"),
        ([], "No file was handed in"),
        (["a.ipynb", "b.ipynb"], "2 files were handed in (a.ipynb, b.ipynb)"),
        (["a.txt", "b.txt"], "2 files were handed in (a.txt, b.txt)"),
    ],
)
def test_one_notebook_counts(tmp_path: Path, refuses: Any, files: list[str], found: str) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    if found in files:
        assert find_notebook(tmp_path) == tmp_path / found
    else:
        with refuses(found):
            find_notebook(tmp_path)


def test_a_link_is_not_followed(tmp_path: Path, refuses: Any) -> None:
    (tmp_path / "secret").touch()
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "a.ipynb").symlink_to(tmp_path / "secret")
    with refuses("No file was handed in"):
        find_notebook(tmp_path / "submission")


def nobody_can_run_python() -> bool:
    """Whether this is root, and an ordinary user may use this very interpreter."""
    if os.geteuid():
        return False
    try:
        return subprocess.run([sys.executable, "-c", ""], user="nobody", cwd="/", capture_output=True).returncode == 0
    except OSError:
        return False


@dataclass
class Autograder:
    """A folder that stands for ``/autograder``."""

    root: Path

    def append(self, module: str, line: str) -> None:
        path = self.root / "source" / "course" / "audiocourse" / "teach" / "grading" / module
        path.write_text(f"{path.read_text()}\n{line}\n")

    def hand_in(self, files: Mapping[str, bytes]) -> dict[str, Any]:
        for name in ("submission", "results"):
            shutil.rmtree(self.root / name, ignore_errors=True)
            (self.root / name).mkdir()
        for name, data in files.items():
            (self.root / "submission" / name).write_bytes(data)
        user = "nobody" if nobody_can_run_python() else "root"
        settings = {"AUTOGRADER_ROOT": str(self.root), "AUTOGRADER_VENV": sys.prefix, "AUTOGRADER_USER": user}
        command = ["bash", str(self.root / "source" / "run_autograder")]
        done = subprocess.run(
            command, env={"PATH": os.environ["PATH"], **settings}, cwd=self.root, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        content: dict[str, Any] = json.loads((self.root / "results" / "results.json").read_text(encoding="utf-8"))
        require_documented(content)
        return content


def require_documented(content: dict[str, Any]) -> None:
    """Hold a results.json against gradescope-autograders.readthedocs.io, "Output format"."""
    shown = {"hidden", "after_due_date", "after_published", "visible"}
    formats = {"text", "html", "simple_format", "md", "ansi"}
    assert content.keys() <= {
        *("score", "execution_time", "output", "output_format", "test_output_format", "test_name_format"),
        *("visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"),
    }
    assert type(content["score"]) is float
    assert type(content["output"]) is str
    assert content["visibility"] in shown
    assert content["stdout_visibility"] == "hidden"
    for test in content["tests"]:
        assert test.keys() <= {
            *("score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags"),
            *("visibility", "extra_data"),
        }
        assert type(test["name"]) is type(test["output"]) is str
        assert 0 <= test["score"] <= test["max_score"]
        assert test["status"] in {"passed", "failed"}
        assert (test["visibility"] in shown) and (test["output_format"] in formats)


linux = pytest.mark.skipif(sys.platform != "linux", reason="Gradescope runs Linux")


@pytest.fixture
def autograder(gradescope: Path) -> Iterator[Autograder]:
    """The autograder of ex05; what a test changes in its source is put back."""
    kept = gradescope.parent / "kept"
    shutil.copytree(gradescope / "source", kept)
    yield Autograder(gradescope)
    shutil.rmtree(gradescope / "source")
    kept.rename(gradescope / "source")


@pytest.fixture(scope="module")
def gradescope(zips: dict[str, Path]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
        Path(folder).chmod(0o755)
        root = Path(folder) / "autograder"
        with zipfile.ZipFile(zips[AUTOGRADER]) as archive:
            archive.extractall(root / "source")
        yield root


SOMETIMES = """
import hashlib
seen = hashlib.sha256(repr((arguments, options)).encode()).digest()[0]
return right(*arguments, **options) if seen % 8 else None
"""


@pytest.fixture(scope="module")
def submissions() -> dict[str, bytes]:
    """The solution, and answers that are right or wrong depending on the hidden data, so on the seed; one is blank."""
    made = load_by_path(Path(__file__).with_name("grading") / "submissions.py")
    lucky = made.notebook_with({task: made.wrapped(task, SOMETIMES) for task in made.FUNCTIONS[:-1]})
    solution = (ROOT / "solutions" / "ex05_vad.ipynb").read_bytes()
    return {"solution": solution, "lucky": json.dumps(lucky).encode()}


@pytest.fixture(scope="module")
def graded(submissions: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """What `audiocourse grade` gives for them with the same seed."""
    folder = tmp_path_factory.mktemp("class")
    for student, data in submissions.items():
        (folder / "in" / student).mkdir(parents=True)
        (folder / "in" / student / "ex05_vad.ipynb").write_bytes(data)
    (folder / "out").mkdir()
    (folder / "out" / seeds.SEED).write_text(str(SEED))
    assert main(["grade", str(folder / "in"), "--out", str(folder / "out")]) == 0
    return {result.student: result for result in GradeBook(folder / "out" / BOOK).results()}


@linux
@pytest.mark.parametrize("which", ["solution", "lucky"])
def test_gradescope_gives_what_the_command_gives(
    autograder: Autograder, submissions: dict[str, bytes], graded: dict[str, Result], which: str
) -> None:
    autograder.append("sandbox/worker.py", "warm_up = lambda warm=warm_up: (os.write(1, b'it prints'), warm())")
    content = autograder.hand_in({"ex05_vad.ipynb": submissions[which]})
    tests = [(test["name"], test["score"], test["max_score"], test["output"]) for test in content["tests"]]
    checked = [task for task in graded[which].tasks if task.status != "written"]  # a text waits for a person
    assert tests == [(task.task, task.points, task.of, "\n".join(task.messages)) for task in checked]
    assert content["score"] == graded[which].points
    assert 0 < graded["lucky"].points < 21 < graded["solution"].points == 27
    passed = {task.checks_passed == task.checks for task in graded["lucky"].tasks if task.checks}
    assert passed == {True, False}, "the seed decides, so both ends must have the same"


@linux
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"photo.ipynb": b"\x89PNG\r\n"}, "This is a picture and not a notebook"),
        ({"a.ipynb": b"{}", "b.ipynb": b"{}"}, "2 files were handed in (a.ipynb, b.ipynb)"),
        ({}, "No file was handed in"),
        (
            {"ex05_vad.ipynb": (ROOT / "solutions" / "00_start_here.ipynb").read_bytes()},
            "This is 00_start_here; the notebook to hand in here is ex05_vad.",
        ),
    ],
)
def test_what_cannot_be_graded_is_one_sentence_and_no_points(
    autograder: Autograder, files: dict[str, bytes], said: str
) -> None:
    content = autograder.hand_in(files)
    assert (content["score"], content["tests"]) == (0.0, [])
    assert content["output"].startswith(said)
    assert "\n" not in content["output"]


@linux
def test_a_grader_that_does_not_come_back_is_told(autograder: Autograder) -> None:
    path = autograder.root / "source" / "course" / "audiocourse" / "teach" / "grading" / "reports" / "gradescope.py"
    path.write_text(path.read_text().replace("SECONDS = 540.0", "SECONDS = 0.1"))
    content = autograder.hand_in({"ex05_vad.ipynb": (ROOT / "solutions" / "ex05_vad.ipynb").read_bytes()})
    assert (content["score"], content["output"]) == (0.0, UNFINISHED)


ATTACK = textwrap.dedent("""
    import glob, os
    def witness(word):
        open("ROOT/home/witness", "ab").write(word.encode() + b" ")
    def attempt(act):
        try:
            return act()
        except Exception:
            return b""
    forged = b'{"score": 99.0, "tests": []}'
    witness("ran")
    if b"SEED" in attempt(lambda: open("ROOT/source/assignment.json", "rb").read()):
        witness("seed")
    if attempt(lambda: os.listdir("ROOT/submission")) or attempt(lambda: os.listdir("ROOT/results")):
        witness("folder")
    if attempt(lambda: open("ROOT/results/results.json", "wb").write(forged)):
        witness("result")
    for process in glob.glob("/proc/[0-9]*"):
        words = attempt(lambda: open(process + "/cmdline", "rb").read())
        if b"audiocourse.teach.grading" not in words:
            continue
        for pipe in attempt(lambda: os.listdir(process + "/fd")) or []:
            attempt(lambda: os.write(os.open(f"{process}/fd/{pipe}", os.O_WRONLY | os.O_NONBLOCK), forged))
            if b"SEED" in (attempt(lambda: os.read(os.open(f"{process}/fd/{pipe}", os.O_NONBLOCK), 1 << 20)) or b""):
                witness("pipe")
        for line in (attempt(lambda: open(process + "/maps").read()) or "").splitlines():
            begin, end = (int(part, 16) for part in line.split()[0].split("-"))
            def look():
                with open(process + "/mem", "rb") as memory:
                    memory.seek(begin)
                    return memory.read(min(end - begin, 1 << 26))
            if " rw" in line and (b"\\"seed\\": " + b"SEED") in attempt(look):
                witness("memory")
""")


@linux
@pytest.mark.skipif(not nobody_can_run_python(), reason="needs root, and a Python that others may run")
@pytest.mark.parametrize("level", ["seccomp", "limits"])
def test_without_a_sandbox_that_hides_files_seed_and_result_are_out_of_reach(
    autograder: Autograder, level: str
) -> None:
    autograder.append("sandbox/levels.py", f"available_levels = lambda: (Level({level!r}, ()),)")
    autograder.append("sandbox/syscalls.py", "landlock_abi = lambda: 0")
    made = load_by_path(Path(__file__).with_name("grading") / "submissions.py")
    attack = ATTACK.replace("ROOT", str(autograder.root)).replace("SEED", str(SEED))
    nb = made.notebook_with({"hangover": attack + "\n" + made.solved("hangover")})
    content = autograder.hand_in({"ex05_vad.ipynb": json.dumps(nb).encode()})
    assert (autograder.root / "home" / "witness").read_text() == "ran "
    (autograder.root / "home" / "witness").unlink()
    assert content["score"] == 2.0
