"""JupyterLab as `audiocourse lab` starts it: its command line, its address, its port, its end."""

import errno
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.request
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from audiocourse import files, lab

ROOT = Path(__file__).resolve().parents[1]


class Jupyter:
    """Plays JupyterLab: notes how it is started and ends at once."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.variables: Mapping[str, str] = {}

    def __call__(self, command: Sequence[str], *, environment: Mapping[str, str], kill_after: float) -> int:
        self.words, self.variables, self.patience = list(command), environment, kill_after
        return 0

    @property
    def port(self) -> int:
        return int(next(word for word in self.words if word.startswith("--ServerApp.port=")).partition("=")[2])


@pytest.fixture
def jupyter(monkeypatch: pytest.MonkeyPatch) -> Jupyter:
    """Put a recorder in the place of JupyterLab."""
    recorder = Jupyter()
    monkeypatch.setattr(lab, "follow", recorder)
    return recorder


@pytest.fixture
def taken() -> Iterator[int]:
    """Hold a port, as another JupyterLab would."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def launch(work: Path, *, port: int | None = None, browser: bool = False) -> int:
    """Launch with the usual folders."""
    return lab.launch(port=port, browser=browser, root=ROOT, work=work)


def test_it_opens_the_start_page_of_the_work_folder_in_peace(tmp_path: Path) -> None:
    words = lab.command(port=9999, browser=True, work=tmp_path)
    assert words[:3] == [sys.executable, "-m", "jupyterlab"]
    assert {
        f"--ServerApp.root_dir={tmp_path.resolve()}",
        "--ServerApp.port=9999",
        "--ServerApp.open_browser=True",
        "--ServerApp.answer_yes=True",
        "--LabApp.default_url=/lab/tree/00_start_here.ipynb",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    } <= set(words)


@pytest.mark.parametrize("root", [True, False])
def test_only_root_has_to_allow_root(root: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000, raising=False)
    assert ("--allow-root" in lab.command(port=9999, browser=False, work=tmp_path)) is root


def test_the_token_is_secret_and_new_each_time(jupyter: Jupyter, tmp_path: Path) -> None:
    tokens = set()
    for _ in range(2):
        assert launch(tmp_path) == 0
        tokens.add(jupyter.variables["JUPYTER_TOKEN"])
        assert jupyter.variables["JUPYTER_TOKEN"] not in " ".join(jupyter.words)
    assert len(tokens) == 2 and all(len(token) >= 32 for token in tokens)


def test_kernels_find_the_course_and_its_programs(
    jupyter: Jupyter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    launch(tmp_path)
    assert jupyter.variables["AUDIOCOURSE_HOME"] == str(ROOT)
    assert jupyter.variables["OMP_NUM_THREADS"] == "1"
    assert jupyter.variables["JUPYTER_PREFER_ENV_PATH"] == "1"
    first = Path(jupyter.variables["PATH"].split(os.pathsep)[0])
    assert first.samefile(lab.sysconfig.get_path("scripts"))


def test_a_taken_port_is_one_sentence_with_a_free_one(
    taken: int, jupyter: Jupyter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert launch(tmp_path, port=taken) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and f"port {taken} " in said and not jupyter.words
    found = re.search(r"--port (\d+)", said)
    assert found and int(found[1]) != taken and lab.is_free(int(found[1]))


@pytest.mark.parametrize("port", [0, -1, 65536, 10**6])
def test_an_impossible_port_is_refused(
    port: int, jupyter: Jupyter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert launch(tmp_path, port=port) == 2
    assert "from 1024 to 65535" in capsys.readouterr().err and not jupyter.words


def test_without_a_port_the_next_free_one_is_taken(
    taken: int, jupyter: Jupyter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab, "FIRST_PORT", taken)
    assert launch(tmp_path) == 0
    assert jupyter.port != taken and jupyter.port > 0


def test_where_all_near_ports_are_taken_any_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "is_free", lambda _: False)
    assert 1024 <= lab.free_port(8888) < 65536


@pytest.mark.parametrize(
    ("code", "free"), [(errno.EADDRINUSE, False), (errno.EACCES, False), (errno.EADDRNOTAVAIL, True)]
)
def test_a_machine_without_ipv6_has_free_ports(code: int, free: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(socket.socket, "bind", refuse)
    assert lab.is_free(8888) is free


def test_a_given_free_port_is_used(jupyter: Jupyter, tmp_path: Path) -> None:
    port = lab.free_port(20000)
    assert launch(tmp_path, port=port) == 0 and jupyter.port == port


def test_a_work_folder_that_cannot_be_written_is_one_sentence(
    jupyter: Jupyter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(files.tempfile, "TemporaryFile", refuse)
    assert launch(tmp_path) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "Read-only file system" in said and str(tmp_path) in said and not jupyter.words


def test_a_missing_work_folder_is_one_sentence(
    jupyter: Jupyter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert launch(tmp_path / "none") == 1
    assert capsys.readouterr().err.count("\n") == 1 and not jupyter.words


@pytest.mark.parametrize(
    ("platform", "variables", "found", "expected"),
    [
        ("linux", {}, True, False),
        ("linux", {"DISPLAY": ":0"}, True, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, False, False),
        ("darwin", {}, True, True),
        ("win32", {}, False, False),
    ],
)
def test_a_browser_needs_a_screen(
    platform: str, variables: dict[str, str], found: bool, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def get() -> object:
        if not found:
            raise webbrowser.Error
        return object()

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(webbrowser, "get", get)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert lab.has_browser() is expected


@pytest.mark.parametrize(("opens", "words"), [(True, "opens in your browser"), (False, "open this address")])
def test_the_address_is_one_line_as_soon_as_the_server_answers(
    opens: bool, words: str, taken: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lab._announce(taken, "secret", opens, threading.Event())
    said = capsys.readouterr().out
    assert said.count("\n") == 1 and words in said
    assert f"http://localhost:{taken}/lab/tree/00_start_here.ipynb?token=secret" in said


def test_no_address_is_printed_for_a_server_that_ended(capsys: pytest.CaptureFixture[str]) -> None:
    ended = threading.Event()
    ended.set()
    lab._announce(1, "secret", False, ended)
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(os.name == "nt", reason="SIGTERM of POSIX")
def test_the_real_jupyterlab_answers_and_ends(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "00_start_here.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    program = (
        "import sys; from pathlib import Path; from audiocourse.lab import launch; "
        f"sys.exit(launch(port=None, browser=False, root=Path({str(ROOT)!r}), work=Path({str(work)!r})))"
    )
    folders = {"JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    with subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, **folders}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        line = process.stdout.readline()
        address = re.search(r"http://\S+token=\w+", line)
        assert address, line
        page = urllib.request.urlopen(address[0], timeout=20).read().decode()  # noqa: S310 -- our own server
        process.terminate()
        assert process.wait(timeout=20) == 0
    assert '"news": {"disabled": true}' in page
