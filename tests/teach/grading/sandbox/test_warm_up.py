"""What a warm process prepares, and the warning where a sandbox leaves files open."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from audiocourse import cli
from audiocourse.cli import main
from audiocourse.course import course_root
from audiocourse.libraries import CPU_INDEX
from audiocourse.teach.grading import isolation
from audiocourse.teach.grading.sandbox.warm_up import named_in, prepare, warm_up


def test_only_what_a_notebook_names_is_prepared() -> None:
    assert named_in("import numpy as np") == []
    assert named_in("import torch") == ["torch"]
    assert named_in("import torchaudio") == ["torch", "torchaudio"]
    assert len(named_in("import librosa\nlibrosa.istft(x)")) == 1
    assert named_in("def istft(x): return x") == []


def test_gradescope_takes_torch_from_the_index_of_the_installer() -> None:
    script = (course_root() / "audiocourse" / "teach" / "gradescope" / "setup.sh").read_text()
    assert f"--index-url {CPU_INDEX} " in script
    assert f"from {warm_up.__module__} import COMPILED, {prepare.__name__}, {warm_up.__name__};" in script


@pytest.mark.parametrize("command", ["grade", "release"])
def test_no_command_takes_a_seed_that_others_could_read(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--out", "x", "--seed", "5"]) != 0
    assert "--seed" in "".join(capsys.readouterr())


def test_a_level_that_leaves_files_open_is_reported_before_anything_is_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = io.StringIO()
    monkeypatch.setattr(cli, "console", Console(file=printed, width=400))
    (tmp_path / "in").mkdir()
    main(["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--sandbox", "limits"])
    assert isolation.exposure_warning("limits") in printed.getvalue()
    assert "docker run" in isolation.exposure_warning("limits")
