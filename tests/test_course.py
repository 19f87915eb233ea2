"""course.toml is read into typed objects, and each mistake in it is named with its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from audiocourse import AudioCourseError
from audiocourse.course import Task, course_root, load_course
from audiocourse.learn.tasks import reference_of

ROOMS = """
[rooms]
shared = ["signal"]
chapters = []
around = []
"""
GOOD = """
[[notebook]]
name = "ex01"
title = "One"
kind = "exercise"
minutes = 100

[[notebook.task]]
name = "first"
number = "1.1"
title = "First"
level = "core"
minutes = 10
points = 2
reference = "audiocourse.signal:rms"
hints = ["Think."]
"""


def load(tmp_path: Path, text: str) -> object:
    path = tmp_path / "course.toml"
    path.write_text(ROOMS + text, encoding="utf-8")
    return load_course(path)


def test_the_example_is_good(tmp_path: Path) -> None:
    load(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("points = 2", 'points = "two"'), "notebook 1, task 1, points: Input should be a valid integer"),
        (("points = 2", "points = 0"), "points: Input should be greater than 0"),
        (("points = 2", "point = 2"), "notebook 1, task 1, point: Extra inputs are not permitted"),
        (("points = 2", ""), "notebook 1, task 1, points: Field required"),
        (('level = "core"', 'level = "hard"'), "'warm-up', 'core' or 'stretch'"),
        (('kind = "exercise"', 'kind = "lesson"'), "notebook 1, kind"),
        (('name = "first"', 'name = "First one"'), "task 1, name: String should match"),
        (('reference = "audiocourse.signal:rms"', ""), "needs a reference and hints"),
        (('reference = "audiocourse.signal:rms"', 'reference = "rms"'), "reference: String should match"),
        (("minutes = 100", 'minutes = 100\nneeds = ["ex00"]'), "needs ex00, which does not come before it"),
        (('name = "ex01"', 'name = "ex01'), "cannot be read as TOML"),
        ((GOOD, GOOD + GOOD), "two notebooks are called ex01"),
        ((GOOD, GOOD + GOOD.replace("ex01", "ex02")), "two tasks are called first"),
        ((GOOD, ""), "notebook: Field required"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_mistake_is_named(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    with pytest.raises(AudioCourseError) as caught:
        load(tmp_path, GOOD.replace(*change))
    assert words in str(caught.value)


def test_finding_by_name_and_by_beginning() -> None:
    course = load_course()
    assert course.find_notebook("ex05").name == "ex05_vad"
    assert course.find_notebook("00").name == "00_start_here"  # a whole number comes before the beginning of another
    assert course.find_notebook("00b").name == "00b_the_sounds"
    task = course.find_task("frame_level_db")
    assert course.notebook_of(task).name == "ex05_vad"
    with pytest.raises(AudioCourseError, match="no notebook called 'zzz'"):
        course.find_notebook("zzz")
    with pytest.raises(AudioCourseError, match="Several notebooks begin with 'ex'; choose one of ex01"):
        course.find_notebook("ex")
    with pytest.raises(AudioCourseError, match="no task 'loudness'"):
        course.find_task("loudness")


@pytest.mark.parametrize("task", [task for task in load_course().tasks() if task.reference], ids=lambda task: task.name)
def test_a_reference_is_reached_through_its_room_by_the_name_of_its_task(task: Task) -> None:
    rooms = load_course().rooms
    assert task.reference in [f"audiocourse.{room}:{task.name}" for room in (*rooms.shared, *rooms.chapters)]
    assert getattr(reference_of(task), "__name__", "") == task.name
    assert task.reference_path not in task.forbidden, "that goes without saying"


def test_a_room_loads_its_names_when_they_are_used_and_names_one_that_does_not_exist() -> None:
    program = """
import sys
import audiocourse.asr, audiocourse.classify
print([name for name in sys.modules if name.startswith(("audiocourse.asr.", "audiocourse.classify.", "numpy"))])
from audiocourse.asr import edit_distance
print(audiocourse.asr.edit_distance is edit_distance, "audiocourse.asr.scoring" in sys.modules)
audiocourse.asr.loudness
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["[]", "True True"]
    assert done.stderr.endswith("AttributeError: module 'audiocourse.asr' has no attribute 'loudness'\n")


def test_the_root_is_found_from_below_and_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = course_root()
    clone = tmp_path / "clone"
    (clone / "audiocourse").mkdir(parents=True)
    (clone / "audiocourse" / "course.toml").touch()
    (clone / "tests" / "exercises").mkdir(parents=True)
    (clone / "work").mkdir()
    monkeypatch.delenv("AUDIOCOURSE_HOME", raising=False)
    monkeypatch.chdir(clone / "work")
    assert course_root() == clone.resolve()
    monkeypatch.chdir(tmp_path)
    assert course_root() == root
    monkeypatch.setenv("AUDIOCOURSE_HOME", str(clone))
    assert course_root() == clone.resolve()
    monkeypatch.setenv("AUDIOCOURSE_HOME", str(tmp_path))
    with pytest.raises(AudioCourseError, match="not a clone of the course"):
        course_root()
