"""The instructors' guide names what exists, and all of it."""

from __future__ import annotations

import re
from pathlib import Path

from audiocourse.course import load_course
from audiocourse.teach.grading.reports.late import LateRule

ROOT = Path(__file__).resolve().parents[3]
GUIDE = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
COURSE = load_course()


def section(title: str) -> str:
    return re.split(r"^#{2,3} ", GUIDE.split(f"# {title}\n")[1], maxsplit=1, flags=re.M)[0]


def test_every_task_has_one_outcome_and_the_points_are_right() -> None:
    rows = [
        line.split("|")[1:4]
        for line in section("Learning outcomes and tasks").splitlines()
        if "`" in line and "|" in line
    ]
    named = [name for _, tasks, _ in rows for name in re.findall(r"`(\w+)`", tasks)]
    assert sorted(named) == sorted(task.name for task in COURSE.tasks())
    for outcome, tasks, points in rows:
        assert sum(COURSE.find_task(name).points for name in re.findall(r"`(\w+)`", tasks)) == int(points), outcome


def test_every_notebook_is_in_the_long_plan_and_no_other() -> None:
    planned = set(re.findall(r"`((?:\d\d|ex)\w+)`", section("Twelve weeks, one session a week")))
    assert planned == {notebook.name for notebook in COURSE.notebook}
    assert set(re.findall(r"`((?:\d\d(?:[a-z]\d?)?|ex\d\d)_\w+)`", GUIDE)) == planned


def test_minutes_in_the_long_plan_are_the_course_s() -> None:
    for name, minutes in re.findall(r"`(\w+)` \((\d+)", section("Twelve weeks, one session a week")):
        assert COURSE.find_notebook(name).minutes == int(minutes)


def test_the_rubric_is_the_notebook_s() -> None:
    table = [line for line in section("The rubric for texts").splitlines() if line.startswith("| ")]
    notebook = (ROOT / "solutions" / "ex05_vad.ipynb").read_text(encoding="utf-8")
    assert len(table) == 5
    assert all(line in notebook for line in table)


def test_the_late_rules_in_the_text_are_read() -> None:
    rules = re.findall(r"[`\"](\d+% per [^`\"]+)[`\"]", GUIDE)
    assert rules
    assert {str(LateRule.parse(rule)) for rule in rules} == set(rules)


def test_links_inside_the_guide_lead_somewhere() -> None:
    heads = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^#+ (.+)$", GUIDE, re.M)}
    assert set(re.findall(r"\(#([^)]+)\)", GUIDE)) <= heads
