"""Making `.venv`: which torch, from where, in which versions, and every way in which it can fail."""

import errno
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from setup.stage import PYPROJECT, Command, Installer, Machine, disk, filled, sentence, start

from audiocourse.errors import AudioCourseError
from audiocourse.setup import bootstrap, install
from audiocourse.setup.install import CPU_INDEX, Stamp
from audiocourse.setup.selfcheck import Finding

ROOT = Path(__file__).resolve().parents[2]
RETRY = "WARNING: Retrying (Retry(total={}, connect=None)) after connection broken by 'NewConnectionError(...)'"


# --- setting up -------------------------------------------------------------------------------------------------------


def test_a_bare_clone_is_set_up_and_the_command_goes_on_inside(
    bare: Path, pip: Installer, inside: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(["lab", "--port", "9"], root=bare) == 7
    environment = bare / ".venv"
    python = str(install.interpreter(environment))
    assert pip.calls[0][:4] == [python, "-m", "pip", "install"]
    own_index = ["--index-url", CPU_INDEX, "--retries", "1", "--timeout", "10"]
    assert pip.asked == [
        ["pip==99.1"],
        ["--no-deps", "torch==2.11.0", "torchaudio==2.11.0", *own_index],
        ["--editable", ".[all]"],
    ]
    assert all("--only-binary" in call for call in pip.calls)
    assert inside.words == [python, "-m", "audiocourse", "lab", "--port", "9"]
    assert not (environment / "tmp").exists()
    printed = capsys.readouterr().out
    assert str(environment) in printed and re.search(r"download: about \d\.\d GB", printed) and "set up in" in printed
    assert install.read_stamp(environment) == Stamp(install.fingerprint(bare), "cpu")


@pytest.mark.usefixtures("inside")
def test_the_lock_decides_every_version_that_of_build_tools_too(bare: Path, pip: Installer) -> None:
    start(["lab"], root=bare)
    lock = str(bare / "constraints.txt")
    names = ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT", "UV_CONSTRAINT", "UV_BUILD_CONSTRAINT")
    assert [pip.variables[name] for name in names] == [lock] * 4


@pytest.mark.usefixtures("inside")
def test_uv_installs_where_it_is_on_the_path(bare: Path, pip: Installer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install.shutil, "which", lambda name: "/bin/uv" if name == "uv" else None)
    assert start(["lab"], root=bare) == 7
    python = str(install.interpreter(bare / ".venv"))
    assert {tuple(call[:5]) for call in pip.calls} == {("/bin/uv", "pip", "install", "--python", python)}
    assert pip.asked == [
        ["--no-deps", "torch==2.11.0", "torchaudio==2.11.0", "--index-url", CPU_INDEX],
        ["--editable", ".[all]"],
    ]


def test_a_second_start_installs_nothing(bare: Path, pip: Installer, inside: Command) -> None:
    environment = filled(bare)
    assert start(["test"], root=bare) == 7
    assert not pip.calls and inside.words[0] == str(install.interpreter(environment))


# --- which torch ------------------------------------------------------------------------------------------------------


def _gpu(program: Path, monkeypatch: pytest.MonkeyPatch, *, lists: str) -> None:
    program.write_text(f"#!/bin/sh\necho '{lists}'\n")
    program.chmod(0o755)
    monkeypatch.setattr(install.shutil, "which", lambda name: str(program) if name == "nvidia-smi" else None)


@pytest.mark.usefixtures("inside")
def test_with_an_nvidia_gpu_the_cuda_build_is_taken(
    bare: Path, pip: Installer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _gpu(tmp_path / "nvidia-smi", monkeypatch, lists="GPU 0: NVIDIA H100")
    assert start(["lab"], root=bare) == 7
    assert pip.asked == [["pip==99.1"], ["--editable", ".[all]"]], "on Linux that is PyPI's own build"
    assert install.read_stamp(bare / ".venv").torch == "cuda" and "3.1 GB" in capsys.readouterr().out


def test_a_driver_without_a_gpu_is_no_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _gpu(tmp_path / "nvidia-smi", monkeypatch, lists="No devices found")
    assert not install.has_nvidia_gpu()


@pytest.mark.parametrize(
    ("platform", "torch", "index"),
    [
        ("linux", "cpu", CPU_INDEX),
        ("linux", "cuda", None),
        ("win32", "cpu", None),
        ("win32", "cuda", install.CUDA_INDEX),
        ("darwin", "cpu", None),
    ],
)
@pytest.mark.usefixtures("inside")
def test_each_build_comes_from_where_it_is(
    platform: str, torch: str, index: str | None, bare: Path, pip: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install.sys, "platform", platform)
    assert start(["lab", "--torch", torch], root=bare) == 7
    asked = [call for call in pip.asked if "torch==2.11.0" in call]
    assert [call[call.index("--index-url") + 1] for call in asked] == ([index] if index else [])


def test_there_is_no_cuda_on_a_mac(
    bare: Path, pip: Installer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install.sys, "platform", "darwin")
    assert start(["lab", "--torch", "cuda"], root=bare) == 1
    assert "no CUDA on macOS" in sentence(capsys) and not pip.calls


@pytest.mark.parametrize("line", [RETRY.format(0) + ": /whl/cpu/torch/", "error: Failed to fetch: `https://x`"])
def test_where_pytorchs_index_cannot_be_reached_pypis_build_is_taken_and_said(
    line: str, bare: Path, pip: Installer, inside: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.code, pip.lines, pip.fails_for = 1, [line], CPU_INDEX
    assert start(["lab"], root=bare) == 7
    assert pip.asked[-1] == ["--editable", ".[all]"] and inside.words
    printed = capsys.readouterr().out
    assert printed.count("cannot be reached, so torch comes from PyPI in its CUDA build") == 1
    assert "3.1 GB instead of 0.5" in printed
    assert install.read_stamp(bare / ".venv").torch == "cuda"
    calls = len(pip.calls)
    assert start(["lab"], root=bare) == 7
    assert len(pip.calls) == calls, "the second start takes it as it is"


def test_a_full_disk_is_not_taken_for_an_index_out_of_reach(
    bare: Path, pip: Installer, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.code, pip.lines, pip.fails_for = 1, ["ERROR: [Errno 28] No space left on device"], CPU_INDEX
    assert start(["lab"], root=bare) == 1
    assert "disk is full" in sentence(capsys) and len(pip.calls) == 2


def test_the_larger_build_must_fit(
    bare: Path, pip: Installer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.code, pip.lines, pip.fails_for = 1, [RETRY.format(0)], CPU_INDEX
    monkeypatch.setattr(install.shutil, "disk_usage", lambda _: disk(free_gb=4.0))
    assert start(["lab"], root=bare) == 1
    assert "has 4.0 GB" in sentence(capsys) and len(pip.calls) == 2


def test_who_asks_for_the_small_build_is_not_given_the_large_one(
    bare: Path, pip: Installer, inside: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.code, pip.lines, pip.fails_for = 1, [f"{RETRY.format(0)}: https://download.pytorch.org/whl/cpu"], CPU_INDEX
    assert start(["lab", "--torch", "cpu"], root=bare) == 1
    assert "leave out --torch" in sentence(capsys) and not inside.words


def test_the_choice_of_torch_stays(bare: Path, pip: Installer, inside: Command) -> None:
    filled(bare, torch="cpu")
    assert start(["lab"], root=bare) == start(["lab", "--torch", "cpu"], root=bare) == 7
    assert not pip.calls and inside.words


def test_torch_cpu_replaces_an_environment_with_another_torch(
    bare: Path, pip: Installer, inside: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(bare, torch="cuda")
    made: list[Path] = []
    monkeypatch.setattr(install, "create", made.append)
    assert start(["lab", "--torch", "cpu"], root=bare) == 7
    assert made == [bare / ".venv"] and len(pip.calls) == 3 and inside.words


def _newer_course(bare: Path) -> None:
    (bare / "pyproject.toml").write_text(PYPROJECT.replace("numpy>=2.0", "numpy>=2.1"))


def _interrupted(bare: Path) -> None:
    install.write_stamp(bare / ".venv", Stamp("", "cpu"))


def _newer_lock(bare: Path) -> None:
    (bare / "constraints.txt").write_text("numpy==2.4.7\n")


def _damaged_stamp(bare: Path) -> None:
    (bare / ".venv" / install.STAMP).write_text("{")


def _no_stamp(bare: Path) -> None:
    (bare / ".venv" / install.STAMP).unlink()


def _python_gone(bare: Path) -> None:
    install.interpreter(bare / ".venv").unlink()


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize(
    "happened", [_newer_course, _newer_lock, _interrupted, _damaged_stamp, _no_stamp, _python_gone]
)
def test_what_is_not_known_to_be_whole_is_installed_again(
    happened: Callable[[Path], None], bare: Path, pip: Installer
) -> None:
    filled(bare)
    happened(bare)
    assert start(["lab"], root=bare) == 7
    assert len(pip.calls) == 3
    assert start(["lab"], root=bare) == 7
    assert len(pip.calls) == 3, "the second time all is fresh"


def test_a_moved_clone_is_installed_again(bare: Path, pip: Installer, inside: Command) -> None:
    filled(bare)
    moved = bare.rename(bare.with_name("moved"))
    assert start(["lab"], root=moved) == 7
    assert len(pip.calls) == 3 and inside.words


def test_the_fingerprint_reads_requirements_not_comments(bare: Path) -> None:
    before = install.fingerprint(bare)
    (bare / "pyproject.toml").write_text(PYPROJECT + "# a comment\n[tool.ruff]\nline-length = 100\n")
    assert install.fingerprint(bare) == before
    _newer_course(bare)
    assert install.fingerprint(bare) != before


def test_threads_are_set_for_the_child_and_a_users_own_setting_stays(
    bare: Path, pip: Installer, inside: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/elsewhere")
    monkeypatch.delenv("OMP_NUM_THREADS")
    start(["lab"], root=bare)
    assert inside.variables["OMP_NUM_THREADS"] == "1" and "PYTHONHOME" not in inside.variables
    assert "PYTHONHOME" not in pip.variables
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    start(["lab"], root=bare)
    assert inside.variables["OMP_NUM_THREADS"] == "3"


def test_ctrl_c_during_the_installation_goes_on_next_time(
    bare: Path, pip: Installer, inside: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.interrupted = True
    assert start(["lab", "--torch", "cuda"], root=bare) == 130
    said = capsys.readouterr().err
    assert "run the same command to continue" in said and "Traceback" not in said
    assert not inside.words and not (bare / ".venv" / "tmp").exists()
    pip.interrupted = False
    assert start(["lab"], root=bare) == 7
    assert install.read_stamp(bare / ".venv").torch == "cuda", "the choice made before the interruption holds"


@pytest.mark.parametrize(("torch", "size"), [("cuda", install.WITH_CUDA), ("cpu", install.WITHOUT_CUDA)])
def test_the_announced_size_is_that_of_the_build(torch: str, size: install.Size, pip: Installer, bare: Path) -> None:
    printed = install.announcement(bare, torch)
    other = {"cuda": "--torch cpu", "cpu": "--torch cuda"}[torch]
    assert f"{size.download} GB" in printed and f"{size.disk} GB" in printed and other in printed and not pip.calls


# --- proving it -------------------------------------------------------------------------------------------------------


def test_what_was_installed_is_used_before_the_stamp_is_written(
    bare: Path, pip: Installer, machine: Machine, inside: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(install, "prove", lambda _: order.append(f"after {len(pip.calls)} calls"))
    write_stamp = install.write_stamp
    monkeypatch.setattr(
        install, "write_stamp", lambda *stamp: (order.append(stamp[1].fingerprint), write_stamp(*stamp))
    )
    start(["lab"], root=bare)
    assert order == ["", "after 3 calls", install.fingerprint(bare)] and inside.words and not machine.examined


@pytest.mark.usefixtures("pip")
def test_a_library_that_does_not_work_stops_the_set_up_with_its_sentence(
    bare: Path, machine: Machine, inside: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    found = "torchaudio 2.11.1 does not load beside torch 2.11.0 (undefined symbol)"
    bad = Finding("networks", False, found, "The tested versions are torchaudio 2.11.0 and torch 2.11.0.")
    machine.findings += [bad, Finding("whisper-mini", False, "cannot be loaded", "")]
    assert start(["lab"], root=bare) == 1
    printed = sentence(capsys)
    assert found in printed and bad.advice in printed and "1 more" in printed
    assert not inside.words and install.read_stamp(bare / ".venv").fingerprint == ""
    machine.findings = machine.findings[:1]
    assert start(["lab"], root=bare) == 7, "mended, it goes on"
    assert machine.examined == [install.interpreter(bare / ".venv")] * 2


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
    lines: list[str], words: list[str], bare: Path, pip: Installer, inside: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.code, pip.lines = 1, lines
    assert start(["lab"], root=bare) == 1
    said = sentence(capsys)
    assert all(word in said for word in words)
    assert not inside.words and install.read_stamp(bare / ".venv").fingerprint == ""


def test_an_unknown_failure_shows_the_last_words_and_the_log(
    bare: Path, pip: Installer, capsys: pytest.CaptureFixture[str]
) -> None:
    pip.code, pip.lines = 2, [f"line {number}" for number in range(20)]
    assert start(["lab"], root=bare) == 1
    said = capsys.readouterr().err
    assert str(bare / ".venv" / "install.log") in said and "line 19" in said and "line 14" not in said


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_debian_package(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = install.importlib.util.find_spec
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: None if name == module else find(name))
    with pytest.raises(AudioCourseError, match="apt install python3-venv"):
        install.create(tmp_path / ".venv")


def test_a_failing_venv_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AudioCourseError, match="the installation failed"):
        install.create(tmp_path / "file" / ".venv")


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES])
def test_a_read_only_clone_is_refused(
    code: int, bare: Path, pip: Installer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert start(["lab"], root=bare) == 1
    said = sentence(capsys)
    assert os.strerror(code) in said and "copy the clone" in said and not pip.calls


def test_a_file_in_the_place_of_the_environment_is_refused(
    bare: Path, pip: Installer, capsys: pytest.CaptureFixture[str]
) -> None:
    (bare / ".venv").touch()
    assert start(["lab"], root=bare) == 1
    assert "cannot be set up in" in sentence(capsys) and not pip.calls


def test_a_full_disk_is_noticed_before_the_download(
    bare: Path, pip: Installer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install.shutil, "disk_usage", lambda _: disk(free_gb=4.0))
    assert start(["lab", "--torch", "cuda"], root=bare) == 1
    said = sentence(capsys)
    assert "has 4.0 GB" in said and "--torch cpu" in said and not pip.calls
    monkeypatch.setattr(bootstrap, "follow", lambda *_, **__: 7)
    assert start(["lab", "--torch", "cpu"], root=bare) == 7, "the small one fits"


def test_the_running_environment_is_not_pulled_from_under_itself(
    bare: Path, pip: Installer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "prefix", str(filled(bare, torch="cuda")))
    assert start(["lab", "--torch", "cpu"], root=bare) == 1
    assert "deactivate" in sentence(capsys) and not pip.calls


def test_what_pip_prints_is_kept_in_the_log_and_not_on_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".venv").mkdir()
    program = (
        "import sys; print('Progress 1 of 2'); print('Collecting one', flush=True); sys.stderr.write('ERROR: two\\n');"
        "sys.exit(4)"
    )
    seen: list[str] = []
    command = [sys.executable, "-c", program]
    code, lines = install.run_logged(command, dict(os.environ), tmp_path, on_line=seen.append)
    assert (code, lines) == (4, ["Collecting one", "ERROR: two"])
    assert seen == ["Progress 1 of 2", *lines] and capfd.readouterr() == ("", "")
    assert (tmp_path / ".venv" / install.LOG).read_text() == "Collecting one\nERROR: two\n"


def test_the_stamp_is_plain_json(tmp_path: Path) -> None:
    install.write_stamp(tmp_path, Stamp("abc", "cpu"))
    assert json.loads((tmp_path / install.STAMP).read_text()) == {"fingerprint": "abc", "torch": "cpu"}
    assert install.read_stamp(tmp_path) == Stamp("abc", "cpu")
