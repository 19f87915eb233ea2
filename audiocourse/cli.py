"""The command ``audiocourse``: what a student, an author and an instructor type."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from audiocourse.errors import AudioCourseError

if TYPE_CHECKING:
    from audiocourse.teach.grading.reports.gradebook import Result
    from audiocourse.teach.grading.settings import ClassSettings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A course on audio and speech: notebooks to hear, see and solve.",
)
console = Console()

NotebookName = Annotated[str, typer.Argument(help="Notebook, or the beginning of its name: ex05.")]
TaskName = Annotated[str, typer.Argument(help="Task, by its number or name: 5.1, frame_level_db.")]


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit code; what goes wrong is one sentence, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a Windows console may not have every sign
    try:
        result = app(args=argv, standalone_mode=False)
    except AudioCourseError as error:
        console.print(f"[bold]audiocourse:[/] {escape(str(error))}", highlight=False)
        return 1
    except OSError as error:
        console.print(
            f"[bold]audiocourse:[/] {escape(f'{error.filename} cannot be used ({error.strerror}).')}", highlight=False
        )
        return 1
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return 130
    except Exception as error:
        if hasattr(error, "show"):  # a wrong option or argument, which click explains itself
            error.show()
            return 2
        raise
    return result if isinstance(result, int) else 0


@app.command()
def lab(
    port: Annotated[int | None, typer.Option(help="Port for JupyterLab; without it, a free one.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> int:
    """Put new notebooks into work/ and open JupyterLab there."""
    from audiocourse.course import course_root
    from audiocourse.lab import launch
    from audiocourse.learn.files.workspace import deliver, work_folder

    for line in deliver():
        console.print(line, highlight=False)
    return launch(port=port, browser=browser, root=course_root(), work=work_folder())


@app.command()
def test(
    quick: Annotated[
        bool, typer.Option("--quick", help="Only style, types, step, and the rooms and notebooks you touched.")
    ] = False,
) -> int:
    """Run every test of the project: style, types, notebooks, unit tests, browser."""
    from audiocourse.course import course_root
    from audiocourse.testing import run_all

    return min(run_all(course_root(), quick=quick), 1)


@app.command()
def status() -> None:
    """Show what is done, task by task."""
    from audiocourse.learn.tasks import status_rows

    table = Table("notebook", "task", "best so far", "points")
    for row in status_rows():
        table.add_row(*row)
    console.print(table)


@app.command()
def check(
    notebook: NotebookName,
    task: Annotated[str | None, typer.Argument(help="One task; without it, all of the notebook.")] = None,
) -> int:
    """Check the answers in a notebook of work/ without opening it."""
    from audiocourse.course import load_course
    from audiocourse.learn.files.notebook import read_notebook
    from audiocourse.learn.files.progress import note_check
    from audiocourse.learn.files.workspace import examine, work_folder

    found = load_course().find_notebook(notebook)
    wanted = load_course().find_task(task).name if task else None
    if wanted not in (None, *(own.name for own in found.task)):
        numbers = ", ".join(f"{own.number} {own.name}" for own in found.task)
        raise AudioCourseError(f"{found.name} has no task {task}; it has {numbers}.")
    with console.status(f"running {found.name} and its checks, up to half a minute ..."):
        findings = examine(found, read_notebook(work_folder() / f"{found.name}.ipynb"))
    chosen = [finding for finding in findings if wanted in (None, finding.task)]
    for finding in chosen:
        if (report := finding.report) and report.started:
            note_check(finding.task, passed=report.passed, of=len(report.outcomes), points=report.points)
        console.print("\n  ".join(finding.lines or [f"{finding.task}: complete."]), highlight=False, markup=False)
    return int(not all(finding.complete for finding in chosen))


@app.command()
def hint(task: TaskName) -> None:
    """Show the next hint of a task, with those read before."""
    from audiocourse.learn.tasks import next_hints

    for line in next_hints(task):
        console.print(line, highlight=False, markup=False)


@app.command()
def reset(notebook: NotebookName) -> None:
    """Get a fresh copy of a notebook; a copy of yours is kept."""
    from audiocourse.learn.files import workspace

    console.print(workspace.reset(notebook), highlight=False)


@app.command()
def submit(notebook: NotebookName) -> int:
    """Run a notebook in a fresh kernel, list what is missing, and write one file to hand in."""
    from audiocourse.learn.files import workspace

    with console.status("running your notebook in a fresh kernel, then its checks, up to two minutes ..."):
        path, missing = workspace.submit(notebook)
    for line in missing:
        console.print(f"missing: {line}", highlight=False, markup=False)
    console.print(f"Hand in {path} ({'complete' if not missing else f'missing: {len(missing)}'}).", soft_wrap=True)
    return int(bool(missing))


@app.command()
def doctor() -> int:
    """Look at this machine: what works, what is missing, what to do."""
    from audiocourse.course import course_root
    from audiocourse.setup.doctor import examine

    with console.status("using every library once ...") as line:
        findings = examine(course_root(), on_start=lambda name: line.update(f"checking {name} ..."))
    table = Table("what", "", "found", "advice")
    for finding in findings:
        table.add_row(finding.name, "ok" if finding.ok else "!", escape(finding.detail), escape(finding.advice))
    console.print(table)
    return int(not all(finding.ok for finding in findings))


@app.command()
def forget(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete your recordings in work/recordings/."""
    from audiocourse.learn.files import workspace

    if yes or typer.confirm("Delete every recording in work/recordings/?"):
        console.print(f"{workspace.forget()} recordings deleted.")


@app.command()
def build(
    check: Annotated[bool, typer.Option("--check", help="Only list the files that are out of step.")] = False,
    execute: Annotated[list[str] | None, typer.Option(help="First run this solution and store its outputs.")] = None,
    nbgrader: Annotated[
        Path | None, typer.Option(help="Write DIR/source/ for `nbgrader generate_assignment` instead.", metavar="DIR")
    ] = None,
) -> int:
    """Write notebooks/ from solutions/."""
    from audiocourse.teach import build as builder

    for name in execute or []:
        builder.execute(name)
    if nbgrader is not None:
        for path in builder.build_for_nbgrader(nbgrader):
            console.print(f"{path} written", highlight=False, soft_wrap=True)
        return 0
    names = builder.out_of_step() if check else builder.build()
    for name in names:
        console.print(f"{name} {'is out of step: run `audiocourse build`' if check else 'written'}", highlight=False)
    return int(check and bool(names))


@app.command()
def train(
    name: Annotated[str, typer.Argument(help="A model of the course, for example vad-mini.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the model; without it, work/models/NAME.")] = None,
) -> None:
    """Train a model of the course by its recipe; an interrupted training resumes."""
    from audiocourse.course import course_root
    from audiocourse.zoo import recipes

    folder = out or course_root() / "work" / "models" / name
    card = recipes.train(name, folder)
    console.print(f"{card}\nIt is in {folder}.", highlight=False, markup=False, soft_wrap=True)


@app.command()
def lock(
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Take the newest versions that the ranges allow.")] = False,
) -> None:
    """Write constraints.txt, the tested version of everything, from the ranges in pyproject.toml."""
    from audiocourse.course import course_root
    from audiocourse.setup.lock import write_lock

    for line in write_lock(course_root(), upgrade=upgrade):
        console.print(line, highlight=False, markup=False)
    console.print("constraints.txt is written: run `python -m audiocourse test` with it before you commit it.")


@app.command()
def release(
    out: Annotated[Path, typer.Option(help="Folder for the zips.")] = Path("dist"),
    notebook: Annotated[list[str] | None, typer.Option(help="Make an autograder for this one only; repeat it.")] = None,
) -> None:
    """Write zips: for students, for instructors, and an autograder for Gradescope for each notebook."""
    from audiocourse.teach import release as releaser

    for path in releaser.release(out, notebooks=notebook or []):
        console.print(f"{path}: {path.stat().st_size / 1e6:.2f} MB", highlight=False, soft_wrap=True)


@app.command()
def prove(
    notebook: NotebookName,
    mechanical: Annotated[bool, typer.Option(help="Also try mechanical mutations.")] = True,
) -> int:
    """Prove the checks of a notebook: kill matrix and mutation score."""
    from audiocourse.course import load_course
    from audiocourse.teach.prove import matrix
    from audiocourse.teach.prove import prove as prove_task

    tasks = [task for task in load_course().find_notebook(notebook).task if task.kind != "written"]
    proofs = [prove_task(task, mechanical=mechanical) for task in tasks]
    console.print(matrix(proofs), highlight=False, markup=False, soft_wrap=True)
    return int(not all(proof.holds for proof in proofs))


@app.command()
def scores(
    boards: Annotated[
        list[str] | None, typer.Argument(help="Such as parity, asr, synthesis. All if none is named.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder with real recordings (see tests/benchmarks/).")] = None,
) -> None:
    """Measure the reference implementations: against peers, in speed, on synthetic sound and on real recordings."""
    from audiocourse.course import course_root
    from audiocourse.learn.checking.registry import load_by_path

    files = {
        path.stem.removesuffix("_scores"): path
        for path in sorted((course_root() / "tests" / "benchmarks").glob("[!t]*_scores.py"))
    }
    for board in boards or files:
        if board not in files:
            raise AudioCourseError(f"There is no board {board!r}: there are {', '.join(files)}.")
        for table in load_by_path(files[board]).tables(data):
            console.print(table, "\n", highlight=False, markup=False, soft_wrap=True)


data_app = typer.Typer(no_args_is_help=True, help="Published data sets: what there is, and downloads.")
app.add_typer(data_app, name="data")


@data_app.command("list")
def list_data() -> None:
    """Show the published data sets the course can read: size, licence, and what they are for."""
    from audiocourse.sounds.datasets import CARDS

    table = Table("name", "size", "licence", "for")
    for card in CARDS.values():
        size = f"{card.size / 1e9:.2f} GB" if card.size else "register"
        table.add_row(card.name, size, escape(card.licence), escape(card.use))
    console.print(table)


@data_app.command("get")
def get_data(
    name: Annotated[str, typer.Argument(help="One of those that `audiocourse data list` shows.")],
    root: Annotated[Path | None, typer.Option(help="Folder to put it into; work/data if not given.")] = None,
    part: Annotated[str | None, typer.Option(help="Which archive, where there are several.")] = None,
) -> None:
    """Download and unpack a data set; an interrupted download resumes where it stopped."""
    from audiocourse.learn.files.workspace import work_folder
    from audiocourse.sounds.datasets import card, download

    console.print(f"{escape(card(name).title)}: {escape(card(name).licence)}", highlight=False)
    folder = download(name, root or work_folder() / "data", part=part)
    console.print(f"load({name!r}, {str(folder)!r}) reads it.", highlight=False, markup=False, soft_wrap=True)


Late = Annotated[
    str | None, typer.Option(help="For example '10% per 24h, grace 15m, cap 50%'; it is stored; 'none' removes it.")
]
Due = Annotated[str | None, typer.Option(help="The deadline: '2026-11-30 23:59'; it is stored; 'none' removes it.")]
Times = Annotated[
    Path | None, typer.Option(help="CSV with student, submitted; without it, the times of the files count.")
]
Kind = Annotated[Literal["csv", "canvas", "moodle", "gradescope"], typer.Option("--format")]
Marks = Annotated[
    Path | None, typer.Option(help="CSV with marks of written tasks: student, task, points; they are kept.")
]


@app.command()
def grade(
    submissions: Annotated[Path, typer.Argument(help="Folder with a file, or a folder of files, per student.")],
    out: Annotated[Path, typer.Option(help="Where results, pages and tables go.")],
    workers: Annotated[int, typer.Option(min=1, help="Processes that grade at the same time.")] = 1,
    checks: Annotated[Path | None, typer.Option(help="Folder of further checks: ex05_vad/checks.py and so on.")] = None,
    sandbox: Annotated[
        str, typer.Option(help="Sandbox level: namespaces, seccomp or limits; the strongest if not given.")
    ] = "",
    require_sandbox: Annotated[
        bool, typer.Option("--require-sandbox", help="Refuse to grade where network or files stay open.")
    ] = False,
    late: Late = None,
    due: Due = None,
    times: Times = None,
    kind: Kind = "csv",
    marks: Marks = None,
) -> None:
    """Grade a folder of submissions on hidden data, in a sandbox, and write pages and a table."""
    from audiocourse.teach.grading import classroom, isolation
    from audiocourse.teach.grading.settings import load_settings

    settings = load_settings(out).updated(late=late, due=due, times=times)
    level = isolation.strongest_level(sandbox)
    if require_sandbox:
        isolation.require_isolation(level)
    console.print(f"sandbox: {level}", highlight=False)
    if warning := isolation.exposure_warning(level):
        _say(warning)
    _say_damaged(out)
    results = classroom.grade_class(
        submissions, out, level=level, workers=workers, checks=checks, on_result=_Progress(), on_message=_say
    )
    _write_grades(results, out, settings.marked(results, marks), kind)


class _Progress:
    """Prints each result, how many are still to come, and about how long they take."""

    def __init__(self) -> None:
        self._begin = time.monotonic()
        self._done = 0

    def __call__(self, result: Result, left: int) -> None:
        self._done += 1
        seconds = (time.monotonic() - self._begin) / self._done * left
        rest = f"{left} to go, {seconds / 60:.0f} min" if seconds >= 60 else f"{left} to go, {seconds:.0f} s"
        outcome = escape(result.problem) or f"{result.points:g} of {result.of:g}"
        console.print(f"{escape(result.file)}: {outcome} ({rest})", highlight=False, soft_wrap=True)


@app.command()
def report(
    grades: Annotated[Path, typer.Argument(help="Folder that `audiocourse grade` wrote.")],
    late: Late = None,
    due: Due = None,
    times: Times = None,
    kind: Kind = "csv",
    marks: Marks = None,
) -> None:
    """Write pages and a table again from stored results, with another late rule or with marks of texts."""
    from audiocourse.teach.grading import classroom
    from audiocourse.teach.grading.reports.gradebook import GradeBook
    from audiocourse.teach.grading.settings import load_settings

    settings = load_settings(grades).updated(late=late, due=due, times=times)
    _say_damaged(grades)
    results = GradeBook(grades / classroom.BOOK).results()
    if not results:
        raise AudioCourseError(
            f"There are no results in {grades}: `audiocourse grade SUBMISSIONS --out {grades}` first."
        )
    _write_grades(results, grades, settings.marked(results, marks), kind)


def _say_damaged(grades: Path) -> None:
    from audiocourse.teach.grading import classroom
    from audiocourse.teach.grading.reports.gradebook import GradeBook

    for sentence in GradeBook(grades / classroom.BOOK).damaged:
        _say(sentence)


def _say(sentence: str) -> None:
    console.print(sentence, highlight=False, markup=False, soft_wrap=True)


def _write_grades(
    results: list[Result], out: Path, settings: ClassSettings, kind: Literal["csv", "canvas", "moodle", "gradescope"]
) -> None:
    """Write the pages, the tables and the zips for a platform; report what a table lacks."""
    from audiocourse.teach.grading.reports.export import undecided, write_csv
    from audiocourse.teach.grading.reports.handback import write_handback
    from audiocourse.teach.grading.reports.late import times_are_lost, without_submission
    from audiocourse.teach.grading.reports.pages import PAGES, write_pages
    from audiocourse.teach.grading.settings import save_settings

    save_settings(settings, out)
    results = settings.applied(results)
    if absent := without_submission(results, settings.times):
        _say(f"The table of times names students without a submission: {', '.join(absent)}.")
    if settings.due and times_are_lost(results):
        _say("All files have the same time, as after a download: pass the platform's times with --times.")
    page = write_pages(results, out, late=settings.rule)
    table = out / ("gradescope" if kind == "gradescope" else "grades.csv")
    tables = write_csv(results, table, format=kind, late=settings.rule)
    if kind in ("canvas", "moodle"):
        for sentence in undecided(results):
            _say(sentence)
        for path in write_handback(results, out, platform=kind):
            _say(f"{path} returns the pages to the students.")
    summary = f"{len(results)} submissions: {tables[0]}, {page} and {out / PAGES}"
    console.print(summary, highlight=False, soft_wrap=True)
