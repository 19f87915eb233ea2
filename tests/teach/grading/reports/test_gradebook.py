"""The grade book: nothing lost, nothing half written, the same bytes for the same result."""

from __future__ import annotations

import errno
import io
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from audiocourse.errors import AudioCourseError
from audiocourse.learn.listening.results import ListeningResult
from audiocourse.teach.grading.reports.gradebook import GradeBook, Result, TaskResult, fingerprint

TASKS = (
    TaskResult("hangover", 2.0, 2.0, "graded", 3, 3, ("hangover: 3 of 3 checks pass. Done.",)),
    TaskResult("to_segments", 0.0, 3.0, "graded", 1, 4, ("Next: the last run counts.",), "a frame taken for a sample"),
    TaskResult("explain_vad", 0.0, 3.0, "written", 0, 0, ()),
)
ANNA = Result(
    "anna", "anna/ex05_vad.ipynb", "f" * 64, "ex05_vad", TASKS, "namespaces", 0.12, "2025-03-01T10:00:00", 1.5
)
FULL, DENIED = OSError(errno.ENOSPC, "No space left on device"), PermissionError(errno.EACCES, "Permission denied")


def stored(points: str = "1", status: str = '"graded"') -> bytes:
    """Return a file as the book writes it, but for what is given."""
    task = f'"task":"t","points":{points},"of":2,"status":{status},"checks_passed":1,"checks":1,"messages":[]'
    return f'{{"file":"a","fingerprint":"f","notebook":"n","sandbox":"r","student":"s","tasks":[{{{task}}}]}}'.encode()


def test_the_files_that_the_damaged_ones_are_made_of_are_whole(tmp_path: Path) -> None:
    (tmp_path / "a.grade.json").write_bytes(stored())
    assert GradeBook(tmp_path).find("f") is not None


def test_a_book_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    old = stored().replace(b'"sandbox"', b'"rung"').replace(b'"messages":[]', b'"said":["Done."]')
    (tmp_path / "a.grade.json").write_bytes(old)
    book = GradeBook(tmp_path)
    (result,) = book.results()
    assert (result.sandbox, result.tasks[0].messages, book.damaged) == ("r", ("Done.",), [])


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_listening_tests_are_stored_with_a_result(tmp_path: Path) -> None:
    test = ListeningResult("?", "mushra", ("a", "b"), 1, 0, ratings={"a": 98.0}, at="2026-01-01")
    result = replace(ANNA, listening=(test,))
    GradeBook(tmp_path).add(result)
    assert GradeBook(tmp_path).results() == [result]


def test_what_is_added_is_found_by_a_new_book(tmp_path: Path) -> None:
    bad = Result("björn 日本", "björn.ipynb", "e" * 64, "", (), "limits", problem="The file is no notebook.")
    GradeBook(tmp_path).add(ANNA)
    GradeBook(tmp_path).add(bad)
    book = GradeBook(tmp_path)
    assert book.results() == [ANNA, bad]
    assert book.is_graded("f" * 64)
    assert book.find("e" * 64) == bad
    assert not book.is_graded("d" * 64)
    assert book.damaged == []


def test_points_are_sums() -> None:
    assert (ANNA.points, ANNA.of) == (2.0, 8.0)
    tenths = tuple(replace(TASKS[0], points=0.1, of=1.0) for _ in range(10))
    assert replace(ANNA, tasks=tenths).points == 1.0  # plain addition gives 0.9999999999999999


@pytest.mark.parametrize("points", [-0.1, 2.1, float("nan"), float("inf")])
def test_impossible_points_are_refused(points: float) -> None:
    with pytest.raises(AudioCourseError, match="hangover"):
        replace(TASKS[0], points=points)


def test_the_same_result_gives_the_same_bytes_however_long_it_took(tmp_path: Path) -> None:
    GradeBook(tmp_path / "a").add(ANNA)
    GradeBook(tmp_path / "b").add(replace(ANNA, seconds=7.0))
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert b"seconds" not in b"".join(files(tmp_path / "a").values())


def test_a_new_result_of_the_same_file_replaces_the_old_one(tmp_path: Path) -> None:
    book = GradeBook(tmp_path)
    book.add(ANNA)
    book.add(replace(ANNA, fingerprint="a" * 64))
    assert not book.is_graded(ANNA.fingerprint)
    assert len(files(tmp_path)) == len(book.results()) == len(GradeBook(tmp_path).results()) == 1


def test_files_with_similar_names_keep_apart(tmp_path: Path) -> None:
    book = GradeBook(tmp_path)
    names = [
        "a/b.ipynb",
        "a_b.ipynb",
        "a b.ipynb",
        "A/B.ipynb",
        "../a/b.ipynb",
        "x" * 300,
        "x" * 301,
        "ü",
        "ö",
        "\udcff",
    ]
    for name in names:
        book.add(replace(ANNA, file=name))
    assert len({name.casefold() for name in files(tmp_path)}) == len(names)
    assert GradeBook(tmp_path).damaged == []


def test_results_are_sorted(tmp_path: Path) -> None:
    book = GradeBook(tmp_path)
    keys = [(student, notebook, f"{9 - n}") for n, student in enumerate("acb") for notebook in ("z", "y")]
    for student, notebook, number in keys:
        book.add(replace(ANNA, student=student, notebook=notebook, file=number + notebook))
    for found in (book, GradeBook(tmp_path)):
        assert [(one.student, one.notebook, one.file[0]) for one in found.results()] == sorted(keys)


def test_a_fingerprint_changes_with_everything_that_counts() -> None:
    def of(file: str = "a", content: bytes = b"x", seed: int = 1, version: str = "1") -> str:
        return fingerprint(file, content, seed=seed, version=version)

    assert of() == of()
    assert len({of(), of(file="b"), of(content=b"y"), of(seed=2), of(version="2"), of(file='a", "'), of(seed=11)}) == 7


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{}",
        b'{"student": "anna"}',
        b"[" * 100_000,
        stored(points='"1"'),  # a text, no number
        stored(points="9"),  # of 2
        stored(status='"great"'),
    ],
)
def test_a_damaged_file_is_named_and_graded_again(tmp_path: Path, content: bytes) -> None:
    GradeBook(tmp_path).add(ANNA)
    GradeBook(tmp_path).add(replace(ANNA, file="b", student="b", fingerprint="b" * 64))
    name = next(name for name in files(tmp_path) if name.startswith("anna"))
    (tmp_path / name).write_bytes(content)
    book = GradeBook(tmp_path)
    assert [name in said for said in book.damaged] == [True]
    assert not book.is_graded(ANNA.fingerprint)
    assert book.is_graded("b" * 64)
    book.add(ANNA)
    assert GradeBook(tmp_path).results() == [ANNA, book.find("b" * 64)]


def test_lone_surrogates_in_messages_do_no_harm(tmp_path: Path) -> None:
    messages = ("your code raises \ud800 and \x00 and \x1b[2J",)
    GradeBook(tmp_path).add(replace(ANNA, tasks=(replace(TASKS[0], messages=messages),)))
    book = GradeBook(tmp_path)
    assert book.damaged == []
    assert book.results()[0].points == 2.0


@pytest.mark.parametrize(("error", "words"), [(FULL, "no space"), (DENIED, "Permission denied")])
@pytest.mark.parametrize("step", ["os.replace", "os.fsync", "pathlib.Path.open", "pathlib.Path.mkdir"])
def test_when_it_cannot_be_written_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: OSError, words: str
) -> None:
    book = GradeBook(tmp_path)
    book.add(ANNA)
    before = files(tmp_path)

    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(step, fails)
    with pytest.raises(AudioCourseError, match=words):
        book.add(replace(ANNA, fingerprint="a" * 64))
    monkeypatch.undo()
    assert files(tmp_path) == before
    assert book.results() == GradeBook(tmp_path).results() == [ANNA]


def test_a_disk_that_fills_up_in_the_middle_of_a_file_leaves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Small:
        def __init__(self, path: Path) -> None:
            self._file = io.FileIO(path, "w")

        def __enter__(self) -> Small:
            return self

        def __exit__(self, *_: object) -> None:
            self._file.close()

        def write(self, data: bytes) -> None:
            self._file.write(data[:20])
            raise FULL

    monkeypatch.setattr("pathlib.Path.open", lambda path, _mode: Small(path))
    with pytest.raises(AudioCourseError, match="no space"):
        GradeBook(tmp_path).add(ANNA)
    assert files(tmp_path) == {}


def test_it_asks_the_disk_before_it_renames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    really = {"fsync": os.fsync, "replace": os.replace}
    for name, act in really.items():
        monkeypatch.setattr(os, name, lambda *a, name=name, act=act: (steps.append(name), act(*a))[1])
    GradeBook(tmp_path).add(ANNA)
    assert steps[:2] == ["fsync", "replace"]


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from audiocourse.teach.grading.reports.gradebook import GradeBook, Result, TaskResult
task = TaskResult("hangover", 2.0, 2.0, "graded", 3, 3, ("x" * 200_000,))
book, number = GradeBook(Path(sys.argv[1])), 0
while True:
    book.add(Result("anna", "anna.ipynb", str(number), "ex05_vad", (task,), "limits"))
    if number == 0:
        print("ready", flush=True)
    number += 1
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not there")
def test_killed_at_any_moment_it_leaves_a_whole_file(tmp_path: Path) -> None:
    moments = random.Random(7)
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0.0, 0.05))
        writer.kill()
        writer.wait()
        writer.stdout.close()
        book = GradeBook(tmp_path)
        assert book.damaged == []
        assert [one.points for one in book.results()] == [2.0]
    book.add(book.results()[0])
    assert len(files(tmp_path)) == 1, "what a killed run left is cleared away by the next one"
