"""Corrupted sound files give samples or one sentence: no other exception, no crash, no hang, no gigabytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("corrupted_files.py")
COUNT = 270  # thirty of each format; 5,000 take half a minute on a slow machine


@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process is asked for as POSIX does")
def test_corrupted_files_are_samples_or_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(COUNT), "1"], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    samples, sentences, most_mb = map(int, done.stdout.split())
    assert samples + sentences == COUNT and samples > COUNT // 10 and sentences > COUNT // 10
    assert most_mb < 2000
