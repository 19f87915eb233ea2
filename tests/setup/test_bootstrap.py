"""From a bare clone to the running command, without a network: a recorder plays pip and the command."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from setup.stage import Command, Installer, make_interpreter, sentence, start

from audiocourse import __main__, cli
from audiocourse.setup import bootstrap, install
from audiocourse.setup.install import Stamp

ROOT = Path(__file__).resolve().parents[2]


# --- what it may use --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["audiocourse", "audiocourse.__main__", "audiocourse.setup.bootstrap"])
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
    monkeypatch.setattr(bootstrap, "main", lambda *_: pytest.fail("went on"))
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
def test_another_torch_is_refused(
    words: list[str], bare: Path, pip: Installer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(words, root=bare) == 1
    assert "write --torch cpu or --torch cuda" in sentence(capsys) and not pip.calls


@pytest.mark.parametrize("words", [[], ["--help"], ["lab", "-h"], ["--torch", "cpu"]])
def test_asking_what_there_is_downloads_nothing(
    words: list[str], bare: Path, pip: Installer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(words, root=bare) == 0
    said = capsys.readouterr().out
    assert "python -m audiocourse lab" in said and "python -m audiocourse test" in said and " GB" in said
    assert not pip.calls and not (bare / ".venv").exists()


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
    bare: Path, pip: Installer, inside: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(cli, "main", lambda words: calls.append(words) or 3)
    monkeypatch.setattr(bootstrap, "is_satisfied", lambda _: True)
    assert bootstrap.main(["status", "--torch", "cpu"], __main__.run, root=bare) == 3
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
    shutil.copytree(ROOT / "audiocourse" / "setup", package / "setup")
    for name in ("__init__.py", "__main__.py", "errors.py", "libraries.py", "processes.py"):
        shutil.copy(ROOT / "audiocourse" / name, package / name)
    (package / "cli.py").write_text(CLI)
    environment = bare / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    install.write_stamp(environment, Stamp(install.fingerprint(bare), "cpu"))
    variables = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    command = [sys.executable, "-m", "audiocourse", "lab", "--port", "9"]
    done = subprocess.run(command, cwd=bare, env=variables, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (7, "")
    prefix, *rest = done.stdout.strip().split("|")
    assert Path(prefix).samefile(environment) and rest == ["lab", "--port", "9", "1"]


def test_an_environment_without_pip_or_without_python_is_no_use(tmp_path: Path) -> None:
    assert not install.is_usable(tmp_path)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)
    assert not install.is_usable(tmp_path)
    if sys.prefix != sys.base_prefix:  # in a virtual environment, as most who run this
        assert install.is_usable(Path(sys.prefix)) is bool(install.importlib.util.find_spec("pip"))
