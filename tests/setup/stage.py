"""A clone in which nothing is installed, and recorders that play pip, the self-check and the command inside `.venv`."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from audiocourse.setup import bootstrap, install, selfcheck
from audiocourse.setup.install import Stamp
from audiocourse.setup.selfcheck import Finding

PYPROJECT = """
[project]
name = "audiocourse"
dependencies = ["numpy>=2.0"]
[project.optional-dependencies]
models = ["torch==2.11.0", "torchaudio==2.11.0", "transformers>=5"]
all = ["audiocourse[models]"]
"""
LOCK = "numpy==2.4.6\npip==99.1\ntorch==2.11.0\ntorchaudio==2.11.0\n"


class Installer:
    """Plays pip: notes what it is asked for and ends as the test wants."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.variables: dict[str, str] = {}
        self.code = 0
        self.lines: list[str] = []
        self.fails_for = ""
        self.interrupted = False

    def __call__(
        self, command: Sequence[str], environment: dict[str, str], folder: Path, *, on_line: Callable[[str], None]
    ) -> tuple[int, list[str]]:
        self.calls.append(list(command))
        self.variables = environment
        assert Path(environment["TMPDIR"]).is_dir()
        assert install.read_stamp(folder / ".venv").fingerprint == ""  # an interruption now must be noticed later
        if self.interrupted:
            raise KeyboardInterrupt
        for line in self.lines:
            on_line(line)
        fails = self.code if self.fails_for in command or not self.fails_for else 0
        return fails, self.lines

    @property
    def asked(self) -> list[list[str]]:
        """The words after `:all:` of each call: what is installed and from where."""
        return [call[call.index(":all:") + 1 :] for call in self.calls]


class Command:
    """Plays the command inside `.venv`."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.variables: dict[str, str] = {}

    def __call__(self, command: Sequence[str], *, environment: dict[str, str]) -> int:
        self.words, self.variables = list(command), dict(environment)
        return 7


class Machine:
    """Plays the machine: no GPU, no uv, a self-check that finds what the test says."""

    def __init__(self) -> None:
        self.findings = [Finding("arrays", True, "a filter filters")]
        self.examined: list[Path] = []

    def run(self, python: Path, *, on_start: Callable[[str], None]) -> Iterator[Finding]:
        self.examined.append(python)
        for finding in self.findings:
            on_start(finding.name)
            yield finding


def make_interpreter(environment: Path) -> None:
    """Make a file where the interpreter of an environment is."""
    python = install.interpreter(environment)
    python.parent.mkdir(parents=True, exist_ok=True)
    python.touch()


def filled(bare: Path, *, torch: str = "cpu") -> Path:
    """Make an environment that is set up, and return its folder."""
    environment = bare / ".venv"
    make_interpreter(environment)
    install.write_stamp(environment, Stamp(install.fingerprint(bare), torch))
    return environment


def disk(*, free_gb: float) -> object:
    """Answer as `shutil.disk_usage` does."""
    return namedtuple("usage", "total used free")(10**12, 0, int(free_gb * 1e9))


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was printed on stderr, which must be one line and no traceback."""
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1 and printed.startswith("audiocourse: ") and "Traceback" not in printed
    return printed


def start(words: Sequence[str], *, root: Path) -> int:
    """Run the set-up where it may not go on in this process."""
    return bootstrap.main(words, lambda _: pytest.fail("went on in this process"), root=root)


def play(monkeypatch: pytest.MonkeyPatch, installer: Installer, machine: Machine) -> None:
    """Put the recorders in the place of what takes minutes."""
    monkeypatch.setattr(install, "run_logged", installer)
    monkeypatch.setattr(install, "create", make_interpreter)
    monkeypatch.setattr(install, "is_usable", lambda environment: install.interpreter(environment).exists())
    monkeypatch.setattr(install.shutil, "disk_usage", lambda _: disk(free_gb=100))
    monkeypatch.setattr(install.shutil, "which", lambda _: None)
    monkeypatch.setattr(selfcheck, "run", machine.run)
    monkeypatch.setattr(install.sys, "platform", "linux")
