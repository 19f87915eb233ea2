"""The doctor: healthy here, and each illness is named with one sentence of advice."""

import os
import shutil
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
from jupyter_client.kernelspec import KernelSpecManager

from audiocourse import sounds
from audiocourse.errors import AudioCourseError
from audiocourse.setup import doctor, selfcheck
from audiocourse.setup.selfcheck import Finding, Use

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use one library: `audiocourse test` begins with all of them."""
    monkeypatch.setattr(selfcheck, "run", partial(selfcheck.run, only=["arrays"]))


def test_this_machine_is_healthy_and_all_is_looked_at() -> None:
    findings = {finding.name: finding for finding in doctor.examine(ROOT)}
    assert [finding for finding in findings.values() if not finding.ok] == []
    parts = ["Python", "versions", "arrays", "work folder", "free disk", "kernel", "Chromium", "OMP_NUM_THREADS"]
    assert list(findings) == parts


def ill(finding: Finding) -> Finding:
    """Return a finding that must be an illness with one sentence of advice."""
    assert not finding.ok and finding.detail and finding.advice
    assert "\n" not in finding.detail + finding.advice
    return finding


def test_an_old_python_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 0))
    assert "3.11" in ill(doctor.python_version()).advice


def test_a_32_bit_python_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.platform, "architecture", lambda: ("32bit", ""))
    assert "64-bit" in ill(doctor.python_version()).advice


@pytest.mark.parametrize(("text", "detail"), [("numpy>=99", np.__version__), ("no-such-library>=1", "not installed")])
def test_a_library_of_the_wrong_version_is_ill(text: str, detail: str) -> None:
    finding = doctor.out_of_range(text, ROOT)
    assert finding is not None
    assert ill(finding).detail.startswith(f"{detail}, and the course asks for >=") and "pip install" in finding.advice


@pytest.mark.parametrize("text", ["numpy>=2", "no-such-library; python_version < '3'"])
def test_a_library_of_the_right_version_needs_no_advice(text: str) -> None:
    assert doctor.out_of_range(text, ROOT) is None


def attempt(look: str) -> Finding:
    """Run one of the looks that can fail in any way."""
    return doctor._attempt(look, getattr(doctor, look), "Do something.")


def test_a_voice_that_speaks_silence_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "say", lambda _: SimpleNamespace(y=np.zeros(10), sr=16000))
    with pytest.raises(AudioCourseError, match="silence"):
        selfcheck.speech()


def test_a_soundfile_without_mp3_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    write = soundfile.write

    def old(file: object, data: object, sr: int, *, format: str) -> None:  # noqa: A002 -- soundfile's own name
        if format == "MP3":
            raise ValueError("Unknown format: 'MP3'")
        write(file, data, sr, format=format)

    monkeypatch.setattr(soundfile, "write", old)
    finding = selfcheck.examine(Use("sound files", ("soundfile",), selfcheck.sound_files))
    assert "MP3" in ill(finding).detail and "soundfile" in finding.detail


def test_a_sound_that_comes_back_silent_is_ill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfile, "read", lambda _: (np.zeros(16000), 16000))
    with pytest.raises(AudioCourseError, match="FLAC came back damaged"):
        selfcheck.sound_files()


def test_a_kernel_of_another_python_is_ill(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "other-python"
    other.touch()
    spec = SimpleNamespace(argv=[str(other)], resource_dir="")
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda *_: spec)
    assert str(other) in ill(attempt("kernel")).detail


def test_a_missing_kernel_is_ill(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setitem(sys.modules, "ipykernel.kernelspec", None)  # else Jupyter makes the kernel up from it
    assert "python3" in ill(attempt("kernel")).detail


def test_a_work_folder_that_cannot_be_written_is_ill(tmp_path: Path) -> None:
    (tmp_path / "work").touch()
    assert str(tmp_path / "work") in ill(doctor.work_folder(tmp_path)).detail


def test_a_course_that_was_never_started_is_not_ill(tmp_path: Path) -> None:
    assert doctor.work_folder(tmp_path).ok and not (tmp_path / "work").exists()


def test_a_full_disk_is_ill(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5e8))
    assert "0.5 GB" in ill(doctor.free_space(tmp_path)).detail


@pytest.mark.parametrize(("there", "detail"), [(["google-chrome"], "/bin/google-chrome"), ([], "not found")])
def test_a_browser_is_optional(there: list[str], detail: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if name in there else None)
    finding = doctor.browser()
    assert (finding.ok, finding.detail, finding.advice.startswith("Optional")) == (True, detail, not there)


@pytest.mark.parametrize("value", [None, "1"])
def test_threads_are_a_note(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if value:
        monkeypatch.setitem(os.environ, "OMP_NUM_THREADS", value)
    finding = doctor.threads()
    assert (finding.ok, finding.detail, bool(finding.advice)) == (True, value or "not set", value is None)
