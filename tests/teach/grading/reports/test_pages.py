"""Pages that everybody can read, that show nothing unescaped and load nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from audiocourse.course import load_course
from audiocourse.learn.listening.results import ListeningResult, together
from audiocourse.teach.grading.reports.gradebook import Result, TaskResult
from audiocourse.teach.grading.reports.late import LateRule
from audiocourse.teach.grading.reports.pages import class_page, feedback_page, page_of

COURSE = load_course()
RULE = LateRule.parse("10% per 24h, cap 50%")
EVIL = '</p><script>alert(1)</script><img src=x onerror="alert(1)">'
VOID = {"meta", "br", "img", "rect", "link", "input"}


def result(student: str, *points: float, **changes: object) -> Result:
    names = ("frame_level_db", "noise_floor_db", "hysteresis")
    tasks = tuple(
        TaskResult(
            name,
            got,
            COURSE.find_task(name).points,
            "graded",
            int(got),
            4,
            (f"{name}: said.",),
            "" if got else "20·log10 of a power",
        )
        for name, got in zip(names, points, strict=False)
    )
    return replace(Result(student, f"{student}.ipynb", student, "ex05_vad", tasks, "namespaces"), **changes)  # type: ignore[arg-type]


class Reader(HTMLParser):
    """Notes elements and text, and that every element is closed where it should."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.seen if name == tag]


CLASS = [
    result("anna", 2.0, 3.0, 3.0),
    result("ben", 0.0, 3.0, 0.0, late_hours=30.0),
    result("cleo", 0.0, 0.0, 3.0),
    Result("dora", "dora.ipynb", "d", "", (), "namespaces", problem="The file is no notebook."),
]
PAGES = {"student": feedback_page(CLASS[1], COURSE, late=RULE), "class": class_page(CLASS, COURSE, late=RULE)}


@pytest.mark.parametrize("page", PAGES.values(), ids=list(PAGES))
def test_a_page_is_accessible_and_self_contained(page: str) -> None:
    reader = Reader(page)
    assert reader.all("html") == [{"lang": "en"}]
    assert len(reader.all("title")) >= 1
    levels = [int(tag[1]) for tag, _ in reader.seen if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), "no level is skipped"
    assert len(reader.all("main")) == 1
    assert all(head.get("scope") in ("col", "row") for head in reader.all("th"))
    assert len(reader.all("caption")) == len(reader.all("table"))
    assert not {"script", "link", "img", "iframe", "audio"} & {tag for tag, _ in reader.seen}
    own = re.sub(r'<a href="feedback/[\w-]+\.html">', "", page)  # from the class to its students
    assert not re.search(r"(src|href|url\()", re.sub("(default|style|media)-src", "", own))
    assert "default-src 'none'" in page


def test_nothing_from_a_submission_is_unescaped() -> None:
    task = TaskResult(EVIL, 0.0, 1.0, "stopped", 0, 1, (EVIL, "\x00\u202e\ud800"), EVIL)
    evil = Result(EVIL, EVIL, EVIL, EVIL, (task,), EVIL, submitted=EVIL, problem=EVIL)
    for page in (feedback_page(evil, COURSE), class_page([evil], COURSE)):
        reader = Reader(page)
        assert not reader.all("script")
        assert not reader.all("img")
        assert EVIL in reader.text
        assert not {"\x00", "\u202e", "\ud800"} & set(page)


def test_a_student_reads_points_words_and_what_being_late_costs() -> None:
    text = Reader(PAGES["student"]).text
    assert "3 of 8 points" in text
    assert "80% of your points count, 2.4" in text
    assert "5.2 The floor under the voice (noise_floor_db)" in text
    assert "hysteresis: said." in text
    assert "late" not in feedback_page(CLASS[0], COURSE, late=RULE).split("<style>")[0].lower()
    assert "costs nothing" in feedback_page(replace(CLASS[1], late_hours=0.1), COURSE)


@pytest.mark.parametrize(
    ("status", "word"),
    [("missing", "no answer found"), ("stopped", "stopped at a limit"), ("written", "not marked yet")],
)
def test_a_state_is_said_in_words(status: str, word: str) -> None:
    task = replace(CLASS[0].tasks[0], points=0.0, status=status, messages=(), misconception="")  # type: ignore[arg-type]
    assert word in Reader(feedback_page(replace(CLASS[0], tasks=(task,)), COURSE)).text


def test_a_student_does_not_read_about_others() -> None:
    assert "anna" not in PAGES["student"]


def rows_of(page: str, caption: str) -> list[list[str]]:
    table = page.split(f"<caption>{caption}</caption>")[1].split("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", re.sub(r"</?a\b[^>]*>", "", table))
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows][1:]


def test_tasks_in_figures_are_right() -> None:
    rows = {row[0].split("(")[1].rstrip(")"): row[1:] for row in rows_of(PAGES["class"], "Tasks in figures")}
    assert rows == {
        "frame_level_db": ["0.67", "0", "2", "33%", "0"],
        "noise_floor_db": ["2", "3", "3", "67%", "0"],
        "hysteresis": ["2", "3", "3", "67%", "0"],
    }


def test_the_class_leads_to_the_page_of_each_student() -> None:
    assert [link["href"] for link in Reader(PAGES["class"]).all("a")] == [
        page_of(one) for one in [CLASS[3], *CLASS[:3]]
    ]


def test_scores_and_their_distribution_are_right() -> None:
    scores = {row[0]: row[1:] for row in rows_of(PAGES["class"], "Scores")}
    assert scores == {
        "anna": ["8", "8", "1", "8", "none"],
        "ben": ["3", "8", "0.8", "2.4", "none"],
        "cleo": ["3", "8", "1", "3", "none"],
    }
    counts = [int(row[1]) for row in rows_of(PAGES["class"], "How many reach which share of the points")]
    assert counts == [0, 0, 0, 2, 0, 0, 0, 0, 0, 1]  # 30 % and 37.5 %; 100 % belongs to the last band
    text = Reader(PAGES["class"]).text
    assert "Submissions: 4. Late: 1" in text
    assert "With a problem: 1." in text
    assert "The file is no notebook." in text
    assert "Mean 4.5, median 3.0" in text


def test_a_share_on_the_edge_of_a_band_belongs_to_the_upper_one() -> None:
    tasks = tuple(replace(task, of=3.0) for task in (CLASS[0].tasks[1], replace(CLASS[0].tasks[2], points=0.0)))
    page = class_page([replace(CLASS[0], tasks=tasks, late_hours=25.0)], COURSE, late=RULE)  # 2.4 of 6
    assert [row[1] for row in rows_of(page, "How many reach which share of the points")].index("1") == 4


def test_a_large_class_fits_on_the_page_and_bars_are_not_read_aloud() -> None:
    page = class_page([replace(CLASS[0], student=str(n)) for n in range(500)] + [CLASS[2]], COURSE)
    assert re.findall('<span aria-hidden="true">(█+)</span>', page) == ["█", "█" * 40]


def test_the_picture_has_words() -> None:
    svg = re.search(r"<svg.*?</svg>", PAGES["class"], re.S)
    assert svg
    (attributes,) = Reader(svg[0]).all("svg")
    assert attributes["role"] == "img"
    ids = (attributes["aria-labelledby"] or "").split()
    assert [f'<title id="{ids[0]}">' in svg[0], f'<desc id="{ids[1]}">' in svg[0]] == [True, True]
    assert "30 to 40 %: 2" in svg[0]


def test_ids_are_unique_with_several_notebooks() -> None:
    page = class_page([*CLASS, replace(CLASS[0], notebook="01a_digital_audio")], COURSE)
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 4
    assert page.index("Digital audio") < page.index("a voice activity detector"), "in the order of the course"


def test_the_commonest_misconceptions_come_first() -> None:
    rows = rows_of(PAGES["class"], "Most common misconceptions, at most three per task")
    assert [(row[0].split("(")[1].rstrip(")"), row[2]) for row in rows] == [
        ("frame_level_db", "2"),
        ("noise_floor_db", "1"),
        ("hysteresis", "1"),
    ]
    many = [result(f"s{n}", 0.0) for n in range(10)]
    many = [
        replace(one, tasks=(replace(one.tasks[0], misconception="abcd"[min(n // 3, 3)]),)) for n, one in enumerate(many)
    ]
    rows = rows_of(class_page(many, COURSE), "Most common misconceptions, at most three per task")
    assert [row[1:] for row in rows] == [["a", "3"], ["b", "3"], ["c", "3"]]


def test_unmarked_texts_do_not_count_as_zero() -> None:
    def text(status: str, points: float) -> Result:
        task = TaskResult("explain_vad", points, 3.0, status, 0, 0, ())  # type: ignore[arg-type]
        return replace(CLASS[0], student=f"{status}{points}", tasks=(task,))

    page = class_page([text("written", 0.0), text("graded", 3.0)], COURSE)
    assert rows_of(page, "Tasks in figures")[0][1:4] == ["3", "3", "3"]
    assert rows_of(class_page([text("written", 0.0)], COURSE), "Tasks in figures")[0][4] == "1 not marked yet"
    assert "1 not marked yet" in rows_of(page, "Scores")[1][-1] + rows_of(page, "Scores")[0][-1]


@pytest.mark.parametrize("results", [[], [CLASS[3]], [replace(CLASS[0], tasks=())]])
def test_a_class_without_scores_has_a_page(results: list[Result]) -> None:
    assert Reader(class_page(results, COURSE)).text


def abx(count: int, at: str = "2026-01-01T00:00:00+00:00", question: str = "Is X A or B?") -> ListeningResult:
    return ListeningResult(question, "abx", ("16 bits", "8 bits"), trials=16, count=count, at=at)


def test_listening_tests_are_shown_over_the_class_each_result_once() -> None:
    ratings = ListeningResult("How close?", "mushra", ("a", "b"), 1, 0, ratings={"a": 98.0, "b": 40.0})
    class_of_three = [
        result("anna", 1.0, listening=(abx(16), ratings)),
        result("anna", 1.0, file="second.ipynb", listening=(abx(16), ratings)),
        result("ben", 1.0, listening=(abx(8), abx(8, at="2026-01-02T00:00:00+00:00"))),
        result("cleo", 1.0),
    ]
    text = Reader(class_page(class_of_three, COURSE)).text
    assert "Is X A or B?abx16 bits, 8 bits24867 % right" in text, "2 listeners, 48 trials, 32 right"
    assert "How close?mushraa, b11a: 98, b: 40" in text


def test_a_class_without_listening_tests_has_no_table_of_them() -> None:
    assert "Listening tests" not in PAGES["class"]


def test_nothing_in_a_listening_test_reaches_the_page_unescaped() -> None:
    page = class_page([result("eve", 1.0, listening=(abx(3, question=EVIL),))], COURSE)
    assert "<script" not in page and "<img" not in page


@pytest.mark.parametrize(
    ("thresholds", "text"),
    [
        ((1.0, 2.0, None), "2 of 3 with a threshold; mean threshold between “c” and “d”"),
        ((2.0,), "1 of 1 with a threshold; mean threshold at “d”"),
        ((20.0,), "mean threshold at “d”"),
        ((None,), "0 of 1 with a threshold"),
    ],
)
def test_thresholds_of_a_class_are_averaged(thresholds: tuple[float | None, ...], text: str) -> None:
    labels = ("a", "b", "c", "d")
    results = [ListeningResult("?", "staircase", labels, 30, 20, threshold=threshold) for threshold in thresholds]
    assert text in together(results)
