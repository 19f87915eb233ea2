"""From a bare clone to the running command, without a network: a recorder plays pip and fails in every way."""

import ast
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from audiocourse import __main__, bootstrap
from audiocourse.bootstrap import Stamp
from audiocourse.errors import AudioCourseError

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = """
[project]
name = "audiocourse"
dependencies = ["numpy>=2.0"]
[project.optional-dependencies]
models = ["torch==2.11.*", "torchaudio==2.11.*", "transformers>=5"]
all = ["audiocourse[models]"]
"""
posix = pytest.mark.skipif(os.name == "nt", reason="signals and shell scripts of POSIX")
RETRY = "WARNING: Retrying (Retry(total={}, connect=None)) after connection broken by 'NewConnectionError(...)'"


class Pip:
    """Plays pip: notes what it is asked for and ends as the test wants."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.variables: dict[str, str] = {}
        self.code = 0
        self.lines: list[str] = []
        self.logged = ""
        self.interrupted = False

    def __call__(self, command: Sequence[str], environment: dict[str, str], folder: Path) -> tuple[int, list[str]]:
        self.calls.append(list(command))
        self.variables = environment
        assert Path(environment["TMPDIR"]).is_dir()
        assert bootstrap.read_stamp(folder / ".venv").fingerprint == ""  # an interruption now must be noticed later
        (folder / ".venv" / bootstrap.LOG).write_text(self.logged)
        if self.interrupted:
            raise KeyboardInterrupt
        return self.code, self.lines


class Command:
    """Plays the command inside `.venv`."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.variables: dict[str, str] = {}

    def __call__(self, command: Sequence[str], *, environment: dict[str, str]) -> int:
        self.words, self.variables = list(command), dict(environment)
        return 7


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Make a clone with nothing installed."""
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    return tmp_path


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    """Put a recorder in the place of pip, and of `python -m venv` a function that makes the interpreter's file."""
    recorder = Pip()
    monkeypatch.setattr(bootstrap, "run_heard", recorder)
    monkeypatch.setattr(bootstrap, "create", make_interpreter)
    monkeypatch.setattr(bootstrap, "is_usable", lambda environment: bootstrap.interpreter(environment).exists())
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: disk(free_gb=100))
    return recorder


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> Command:
    """Put a recorder in the place of the command that runs inside `.venv`."""
    recorder = Command()
    monkeypatch.setattr(bootstrap, "follow", recorder)
    return recorder


@pytest.fixture(autouse=True)
def _restored_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give back OMP_NUM_THREADS, which `main` sets."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def make_interpreter(environment: Path) -> None:
    """Make a file where the interpreter of an environment is."""
    python = bootstrap.interpreter(environment)
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()


def filled(bare: Path, *, torch: str = "default") -> Path:
    """Make an environment that is set up, and return its folder."""
    environment = bare / ".venv"
    make_interpreter(environment)
    bootstrap.write_stamp(environment, Stamp(bootstrap.fingerprint(bare), torch))
    return environment


def disk(*, free_gb: float) -> object:
    """Answer as `shutil.disk_usage` does."""
    return namedtuple("usage", "total used free")(10**12, 0, int(free_gb * 1e9))


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was said on stderr, which must be one line and no traceback."""
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.startswith("audiocourse: ") and "Traceback" not in said
    return said


# --- what it may use --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["audiocourse", "audiocourse.__main__", "audiocourse.bootstrap"])
def test_it_imports_the_standard_library_only(module: str) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {module}; "
        "print({m.split('.')[0] for m in sys.modules} - set(sys.stdlib_module_names) - {'audiocourse', '__main__'})"
    )
    done = subprocess.run([sys.executable, "-S", "-I", "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_old_pythons_get_as_far_as_the_sentence(name: str) -> None:
    tree = ast.parse((ROOT / "audiocourse" / name).read_text(encoding="utf-8"), feature_version=(3, 6))
    annotations = [
        annotation
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for annotation in [node.returns, *(argument.annotation for argument in node.args.args)]
    ]
    evaluated = [ast.unparse(one) for one in annotations if one and not isinstance(one, (ast.Name, ast.Constant))]
    assert evaluated == [], "Python 3.6 to 3.8 evaluate these and stop with a traceback: put them in quotes"


def test_an_old_python_reads_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18, "final", 0))
    monkeypatch.setattr(bootstrap, "main", lambda _: pytest.fail("went on"))
    assert __main__.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("audiocourse needs Python 3.11 or newer; this is 3.9.18 (") and said.count("\n") == 1


# --- the words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["--torch", "cpu", "lab", "--port", "1"], ["lab", "--torch=cpu", "--port", "1"]])
def test_torch_cpu_is_taken_out_wherever_it_stands(words: list[str]) -> None:
    assert bootstrap.take_torch(words) == ("cpu", ["lab", "--port", "1"])


def test_other_words_are_left_alone() -> None:
    words = ["check", "ex05", "--", "--torchy", "cpu"]
    assert bootstrap.take_torch(words) == (None, words)


@pytest.mark.parametrize("words", [["--torch"], ["--torch="], ["--torch", "gpu"], ["--torch", "lab"]])
def test_another_torch_is_refused(words: list[str], bare: Path, pip: Pip, capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(words, root=bare) == 1
    assert "write --torch cpu" in sentence(capsys) and not pip.calls


@pytest.mark.parametrize("words", [[], ["--help"], ["lab", "-h"], ["--torch", "cpu"]])
def test_asking_what_there_is_downloads_nothing(
    words: list[str], bare: Path, pip: Pip, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main(words, root=bare) == 0
    said = capsys.readouterr().out
    assert "python -m audiocourse lab" in said and "python -m audiocourse test" in said and " GB" in said
    assert not pip.calls and not (bare / ".venv").exists()


# --- setting up -------------------------------------------------------------------------------------------------------


def test_a_bare_clone_is_set_up_and_the_command_goes_on_inside(
    bare: Path, pip: Pip, inside: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bootstrap.main(["lab", "--port", "9"], root=bare) == 7
    environment = bare / ".venv"
    python = str(bootstrap.interpreter(environment))
    assert [call[:9] for call in pip.calls] == [
        [
            python,
            "-m",
            "pip",
            "install",
            "--only-binary",
            ":all:",
            "--editable",
            ".[all]",
            "--disable-pip-version-check",
        ]
    ]
    assert inside.words == [python, "-m", "audiocourse", "lab", "--port", "9"]
    assert not (environment / "tmp").exists()
    said = capsys.readouterr().out
    assert str(environment) in said and re.search(r"download: about \d\.\d GB", said) and "set up in" in said
    assert bootstrap.read_stamp(environment) == Stamp(bootstrap.fingerprint(bare), "default")


def test_a_second_start_installs_nothing(bare: Path, pip: Pip, inside: Command) -> None:
    environment = filled(bare)
    assert bootstrap.main(["test"], root=bare) == 7
    assert not pip.calls and inside.words[0] == str(bootstrap.interpreter(environment))


def test_torch_cpu_comes_from_its_own_index_first(bare: Path, pip: Pip, inside: Command) -> None:
    assert bootstrap.main(["lab", "--torch", "cpu"], root=bare) == 7
    first, second = ([word for word in call[6:] if not word.startswith(str(bare))] for call in pip.calls)
    rest = ["--disable-pip-version-check", "--log"]
    assert first == ["torch==2.11.*", "torchaudio==2.11.*", "--index-url", bootstrap.CPU_INDEX, *rest]
    assert second == ["--editable", ".[all]", *rest]
    assert inside.words[3:] == ["lab"]
    assert bootstrap.read_stamp(bare / ".venv").torch == "cpu"


def test_the_choice_of_torch_stays(bare: Path, pip: Pip, inside: Command) -> None:
    filled(bare, torch="cpu")
    assert bootstrap.main(["lab"], root=bare) == bootstrap.main(["lab", "--torch", "cpu"], root=bare) == 7
    assert not pip.calls and inside.words


def test_torch_cpu_replaces_an_environment_with_the_default_torch(
    bare: Path, pip: Pip, inside: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(bare)
    made: list[Path] = []
    monkeypatch.setattr(bootstrap, "create", made.append)
    assert bootstrap.main(["lab", "--torch", "cpu"], root=bare) == 7
    assert made == [bare / ".venv"] and len(pip.calls) == 2 and inside.words


def _newer_course(bare: Path) -> None:
    (bare / "pyproject.toml").write_text(PYPROJECT.replace("numpy>=2.0", "numpy>=2.1"))


def _interrupted(bare: Path) -> None:
    bootstrap.write_stamp(bare / ".venv", Stamp("", "default"))


def _damaged_stamp(bare: Path) -> None:
    (bare / ".venv" / bootstrap.STAMP).write_text("{")


def _no_stamp(bare: Path) -> None:
    (bare / ".venv" / bootstrap.STAMP).unlink()


def _python_gone(bare: Path) -> None:
    bootstrap.interpreter(bare / ".venv").unlink()


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("happened", [_newer_course, _interrupted, _damaged_stamp, _no_stamp, _python_gone])
def test_what_is_not_known_to_be_whole_is_installed_again(
    happened: Callable[[Path], None], bare: Path, pip: Pip
) -> None:
    filled(bare)
    happened(bare)
    assert bootstrap.main(["lab"], root=bare) == 7
    assert len(pip.calls) == 1
    assert bootstrap.main(["lab"], root=bare) == 7
    assert len(pip.calls) == 1, "the second time all is fresh"


def test_a_moved_clone_is_installed_again(bare: Path, pip: Pip, inside: Command) -> None:
    filled(bare)
    moved = bare.rename(bare.with_name("moved"))
    assert bootstrap.main(["lab"], root=moved) == 7
    assert len(pip.calls) == 1 and inside.words


def test_the_fingerprint_reads_requirements_not_comments(bare: Path) -> None:
    before = bootstrap.fingerprint(bare)
    (bare / "pyproject.toml").write_text(PYPROJECT + "# a comment\n[tool.ruff]\nline-length = 100\n")
    assert bootstrap.fingerprint(bare) == before
    _newer_course(bare)
    assert bootstrap.fingerprint(bare) != before


def test_threads_are_set_for_the_child_and_a_users_own_setting_stays(
    bare: Path, pip: Pip, inside: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    monkeypatch.delenv("OMP_NUM_THREADS")
    bootstrap.main(["lab"], root=bare)
    assert inside.variables["OMP_NUM_THREADS"] == "1" and "PYTHONHOME" not in inside.variables
    assert "PYTHONHOME" not in pip.variables
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    bootstrap.main(["lab"], root=bare)
    assert inside.variables["OMP_NUM_THREADS"] == "3"


def test_ctrl_c_during_the_installation_goes_on_next_time(
    bare: Path, pip: Pip, inside: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.interrupted = True
    assert bootstrap.main(["lab", "--torch", "cpu"], root=bare) == 130
    said = capsys.readouterr().err
    assert "the same command goes on" in said and "Traceback" not in said
    assert not inside.words and not (bare / ".venv" / "tmp").exists()
    pip.interrupted = False
    assert bootstrap.main(["lab"], root=bare) == 7
    assert bootstrap.CPU_INDEX in pip.calls[1], "the choice made before the interruption holds"


@pytest.mark.parametrize(
    ("platform", "torch", "size"),
    [
        ("linux", "default", bootstrap.WITH_CUDA),
        ("linux", "cpu", bootstrap.WITHOUT_CUDA),
        ("darwin", "default", bootstrap.WITHOUT_CUDA),
        ("win32", "default", bootstrap.WITHOUT_CUDA),
    ],
)
def test_the_announced_size_is_that_of_the_system(
    platform: str, torch: str, size: bootstrap.Size, monkeypatch: pytest.MonkeyPatch, bare: Path
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    said = bootstrap.announcement(bare, torch)
    assert f"{size.download} GB" in said and f"{size.disk} GB" in said
    assert ("--torch cpu" in said) == (size == bootstrap.WITH_CUDA)


# --- what can go wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([RETRY.format(0), "ERROR: No matching distribution found for numpy"], ["cannot be downloaded", "connection"]),
        (
            ["ERROR: HTTPSConnectionPool(host='x', port=443): Read timed out. ReadTimeoutError"],
            ["cannot be downloaded"],
        ),
        (["ERROR: Could not install: ProxyError('Cannot connect to proxy.')"], ["proxy"]),
        (
            ["ERROR: No matching distribution found for torch==2.11.*"],
            ["no ready-made package for torch==2.11.*", "3.12"],
        ),
        ([RETRY.format(4), "ERROR: No matching distribution found for torch==2.11.*"], ["torch==2.11.*", "64-bit"]),
        (["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"], ["disk is full"]),
        (["ERROR: [WinError 112] There is not enough space on the disk"], ["disk is full", "--torch cpu"]),
        (["ERROR: [WinError 5] Access is denied: 'numpy.pyd'"], ["cannot be written", "end every program"]),
        (["ERROR: [Errno 30] Read-only file system: '/x'"], ["cannot be written", "rights"]),
    ],
)
def test_a_failing_pip_is_one_sentence(
    lines: list[str], words: list[str], bare: Path, pip: Pip, inside: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.code, pip.lines = 1, lines
    assert bootstrap.main(["lab"], root=bare) == 1
    said = sentence(capsys)
    assert all(word in said for word in words)
    assert not inside.words and bootstrap.read_stamp(bare / ".venv").fingerprint == ""


def test_what_only_the_log_knows_is_found(bare: Path, pip: Pip, capsys: pytest.CaptureFixture[str]) -> None:
    pip.code, pip.lines = 1, ["error: subprocess-exited-with-error", "ERROR: Failed to build the build dependencies"]
    pip.logged = f"2026-01-01T00:00:00   {RETRY.format(0)}: /simple/hatchling/\n"
    assert bootstrap.main(["lab"], root=bare) == 1
    assert "cannot be downloaded" in sentence(capsys)


def test_torchs_own_index_out_of_reach_has_a_way_out(bare: Path, pip: Pip, capsys: pytest.CaptureFixture[str]) -> None:
    pip.code, pip.lines = 1, [RETRY.format(0) + ": /whl/cpu/torch/"]
    assert bootstrap.main(["lab", "--torch", "cpu"], root=bare) == 1
    assert "delete .venv to do without --torch cpu" in sentence(capsys)


def test_an_unknown_failure_shows_the_last_words_and_the_log(
    bare: Path, pip: Pip, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.code, pip.lines = 2, [f"line {number}" for number in range(20)]
    assert bootstrap.main(["lab"], root=bare) == 1
    said = capsys.readouterr().err
    assert str(bare / ".venv" / "install.log") in said and "line 19" in said and "line 14" not in said


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_debian_package(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = bootstrap.importlib.util.find_spec
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None if name == module else find(name))
    with pytest.raises(AudioCourseError, match="apt install python3-venv"):
        bootstrap.create(tmp_path / ".venv")


def test_a_failing_venv_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AudioCourseError, match="the installation failed"):
        bootstrap.create(tmp_path / "file" / ".venv")


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_read_only_clone_is_refused(
    code: int, bare: Path, pip: Pip, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert bootstrap.main(["lab"], root=bare) == 1
    said = sentence(capsys)
    assert os.strerror(code) in said and "copy the clone" in said and not pip.calls


def test_a_file_in_the_place_of_the_environment_is_refused(
    bare: Path, pip: Pip, capsys: pytest.CaptureFixture[str]
) -> None:
    (bare / ".venv").touch()
    assert bootstrap.main(["lab"], root=bare) == 1
    assert "cannot be set up in" in sentence(capsys) and not pip.calls


def test_a_full_disk_is_noticed_before_the_download(
    bare: Path, pip: Pip, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: disk(free_gb=4.0))
    assert bootstrap.main(["lab"], root=bare) == 1
    said = sentence(capsys)
    assert "has 4.0 GB" in said and "--torch cpu" in said and not pip.calls
    monkeypatch.setattr(bootstrap, "follow", lambda *_, **__: 7)
    assert bootstrap.main(["lab", "--torch", "cpu"], root=bare) == 7, "the small one fits"


def test_the_running_environment_is_not_pulled_from_under_itself(
    bare: Path, pip: Pip, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "prefix", str(filled(bare)))
    assert bootstrap.main(["lab", "--torch", "cpu"], root=bare) == 1
    assert "deactivate" in sentence(capsys) and not pip.calls


# --- other environments -----------------------------------------------------------------------------------------------


@pytest.fixture
def here(bare: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a clone from which the running environment claims to be installed."""
    monkeypatch.setattr(bootstrap, "_comes_from", lambda _, root: root == bare)
    return bare


@pytest.mark.parametrize(
    ("requirement", "good"),
    [
        ("numpy>=2.0", True),
        ("numpy==2.*", True),
        ("numpy>=99", False),
        ("no-such-library-anywhere", False),
        ("no-such-library-anywhere; python_version < '3'", True),
    ],
)
def test_an_environment_is_judged_by_its_libraries(requirement: str, good: bool, here: Path) -> None:
    (here / "pyproject.toml").write_text(f"""
[project]
name = "audiocourse"
dependencies = ["pytest"]
[project.optional-dependencies]
all = ["audiocourse[test]"]
test = ["{requirement}"]
""")
    assert bootstrap.is_satisfied(here) is good


def test_an_environment_of_another_clone_does_not_count(bare: Path) -> None:
    (bare / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert not bootstrap.is_satisfied(bare)


def test_a_satisfied_environment_runs_the_command_itself(
    bare: Path, pip: Pip, inside: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from audiocourse import cli

    calls: list[list[str]] = []
    monkeypatch.setattr(cli, "main", calls.append)
    monkeypatch.setattr(bootstrap, "is_satisfied", lambda _: True)
    assert bootstrap.main(["status", "--torch", "cpu"], root=bare) == 0
    assert calls == [["status"]] and not pip.calls and not inside.words
    assert "--torch cpu is left out" in capsys.readouterr().out


def test_an_environment_that_another_tool_filled_is_taken_as_it_is(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_interpreter(bare / ".venv")
    monkeypatch.setattr(sys, "prefix", str(bare / ".venv"))
    monkeypatch.setattr(bootstrap, "is_satisfied", lambda _: True)
    assert bootstrap.ready_interpreter(bare, None) == Path(sys.executable)
    monkeypatch.setattr(bootstrap, "is_satisfied", lambda _: False)
    assert bootstrap.ready_interpreter(bare, None) is None


# --- for real ---------------------------------------------------------------------------------------------------------

CLI = """
import os, sys
def main(argv):
    print(sys.prefix, *argv, os.environ["OMP_NUM_THREADS"], sep="|")
    return 7
"""


def test_the_command_really_goes_on_inside_the_environment(bare: Path) -> None:
    package = bare / "audiocourse"
    package.mkdir()
    for name in ("__init__.py", "__main__.py", "bootstrap.py", "errors.py"):
        shutil.copy(ROOT / "audiocourse" / name, package)
    (package / "cli.py").write_text(CLI)
    environment = bare / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    bootstrap.write_stamp(environment, Stamp(bootstrap.fingerprint(bare), "default"))
    variables = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    command = [sys.executable, "-m", "audiocourse", "lab", "--port", "9"]
    done = subprocess.run(command, cwd=bare, env=variables, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (7, "")
    prefix, *rest = done.stdout.strip().split("|")
    assert Path(prefix).samefile(environment) and rest == ["lab", "--port", "9", "1"]


def test_an_environment_without_pip_or_without_python_is_no_use(tmp_path: Path) -> None:
    assert not bootstrap.is_usable(tmp_path)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)
    assert not bootstrap.is_usable(tmp_path)
    if sys.prefix != sys.base_prefix:  # in a virtual environment, as most who run this
        assert bootstrap.is_usable(Path(sys.prefix)) is bool(bootstrap.importlib.util.find_spec("pip"))


@pytest.mark.parametrize(("program", "code"), [("pass", 0), ("raise SystemExit(3)", 3)])
def test_the_exit_code_is_that_of_the_command(program: str, code: int) -> None:
    assert bootstrap.follow([sys.executable, "-c", program]) == code


CHILD = """
import time
try:
    print("ready", flush=True)
    time.sleep(30)
except KeyboardInterrupt:
    print("in my own way", flush=True)
    raise SystemExit(5)
"""
PARENT = f"import sys; from audiocourse.bootstrap import follow; sys.exit(follow([sys.executable, '-c', {CHILD!r}]))"


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    """Start a process that follows a sleeping one, in a group of its own as a terminal would."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a runner in the background ignores it
    ) as process:
        assert process.stdout and process.stdout.readline() == "ready\n"
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@posix
def test_ctrl_c_lets_the_command_end_in_its_own_way(parent: subprocess.Popen[str]) -> None:
    os.killpg(parent.pid, signal.SIGINT)
    assert parent.communicate(timeout=10) == ("in my own way\n", "")
    assert parent.returncode in (5, 0)  # 0: Python loses the status when the signal falls between wait and its return


@posix
def test_sigterm_ends_the_command_too(parent: subprocess.Popen[str]) -> None:
    parent.terminate()
    assert parent.communicate(timeout=10) == ("", "")  # ends only when the child has closed them too
    assert parent.returncode == 128 + signal.SIGTERM


def test_pips_errors_are_shown_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = "import sys; sys.stderr.write('WARNING: one\\n  box\\nERROR: two\\n'); sys.exit(4)"
    code, lines = bootstrap.run_heard([sys.executable, "-c", program], dict(os.environ), tmp_path)
    assert (code, lines) == (4, ["WARNING: one", "  box", "ERROR: two"])
    assert capsys.readouterr().err == "WARNING: one\nERROR: two\n"


# --- the files that call it -------------------------------------------------------------------------------------------


def test_the_makefile_calls_the_two_commands() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    rules = dict(re.findall(r"^(\w+):\n\t(.+)$", text, re.MULTILINE))
    assert rules == {name: f"$(PYTHON) -m audiocourse {name}" for name in ("lab", "test")}
    assert "PYTHON ?= python3" in text and ".PHONY: lab test" in text


def test_the_conda_environment_names_no_library_of_its_own() -> None:
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    *system, by_pip = conda["dependencies"]
    assert system == [f"python{project['requires-python']}", "pip"] and by_pip == {"pip": ["-e .[all]"]}
    assert "all" in project["optional-dependencies"] and conda["name"] == project["name"]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Make a machine on whose PATH there is next to nothing."""
    for name in ("bash", "dirname"):
        (tmp_path / name).symlink_to(shutil.which(name) or pytest.skip(f"no {name} here"))
    program(tmp_path, "id", "echo 0")
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    program(tmp_path / "venv" / "bin", "python", 'echo "inside $*"')
    return tmp_path


def program(machine: Path, name: str, script: str) -> None:
    """Put a program on a machine."""
    (machine / name).write_text(f"#!/bin/sh\n{script}\n")
    (machine / name).chmod(0o755)


def run_ci(machine: Path) -> subprocess.CompletedProcess[str]:
    """Run `.ci/run` on a machine."""
    command = [str(machine / "bash"), str(ROOT / ".ci" / "run")]
    variables = {"PATH": str(machine), "VENV": str(machine / "venv")}
    return subprocess.run(command, env=variables, capture_output=True, text=True)


@posix
def test_ci_installs_a_browser_and_runs_the_test_command(machine: Path) -> None:
    program(machine, "apt-get", 'echo "apt-get $*"')
    program(machine, "python3", "exit 1")  # too old
    program(machine, "python3.12", '[ "$1" = -m ] && echo "python $*"; exit 0')
    done = run_ci(machine)
    assert done.returncode == 0 and done.stdout.splitlines() == [
        "apt-get update",
        "apt-get install -y --no-install-recommends chromium",
        "python -m audiocourse test",
        "inside -m pip install --quiet --only-binary :all: --editable .[nbgrader]",
        "inside -m pytest -q tests/teach/test_nbgrader.py tests/benchmarks/test_grading_scores.py",
    ]


@posix
def test_ci_leaves_a_browser_alone_and_passes_the_result_on(machine: Path) -> None:
    program(machine, "chromium", "exit 0")
    program(machine, "python3", '[ "$1" = -c ] || exit 3')
    assert (run_ci(machine).returncode, run_ci(machine).stdout) == (3, "")


@posix
@pytest.mark.parametrize(
    ("name", "script", "words"),
    [
        ("apt-get", '[ "$1" = update ]', "apt could not install chromium"),
        ("id", "echo 1000", "without root and apt"),
        ("chromium", "exit 0", "no Python 3.11"),
    ],
)
def test_ci_says_what_it_lacks(name: str, script: str, words: str, machine: Path) -> None:
    program(machine, name, script)
    done = run_ci(machine)
    assert done.returncode == 1 and words in done.stderr and done.stderr.count("\n") == 1


def test_the_stamp_is_plain_json(tmp_path: Path) -> None:
    bootstrap.write_stamp(tmp_path, Stamp("abc", "cpu"))
    assert json.loads((tmp_path / bootstrap.STAMP).read_text()) == {"fingerprint": "abc", "torch": "cpu"}
    assert bootstrap.read_stamp(tmp_path) == Stamp("abc", "cpu")


@posix
def test_a_command_that_does_not_end_is_killed_in_the_end() -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGTERM)).start()
    begin = time.monotonic()
    assert bootstrap.follow([sys.executable, "-c", deaf], kill_after=1.0) == 128 + signal.SIGKILL
    assert time.monotonic() - begin < 20


@pytest.mark.usefixtures("inside")
def test_librosa_is_compiled_by_one_process_after_pip_and_before_the_stamp(
    bare: Path, pip: Pip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that import it first at the same time leave a cache that ends every later one (numba issue 10128)."""
    order = []
    monkeypatch.setattr(bootstrap, "compile_once", lambda python: order.append((python, len(pip.calls))))
    real = bootstrap.write_stamp
    monkeypatch.setattr(bootstrap, "write_stamp", lambda *stamp: (order.append(stamp[1].fingerprint), real(*stamp)))
    bootstrap.main(["lab"], root=bare)
    python = bootstrap.interpreter(bare / ".venv")
    assert order == ["", (python, 1), bootstrap.fingerprint(bare)]


def test_compiling_runs_where_librosa_is_and_is_no_error_where_not(tmp_path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", bootstrap.COMPILE], check=False).returncode == 0
    bootstrap.compile_once(tmp_path / "no python here")
