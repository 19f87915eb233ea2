"""``audiocourse lock``: write ``constraints.txt``, one version of everything for every system, with uv's resolver."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from audiocourse.errors import AudioCourseError
from audiocourse.libraries import LOCK, locked_version

HEADER = """\
# The tested version of every package, for every system and Python below. Written by `audiocourse lock`: do not edit.
# `python -m audiocourse lab`, environment.yml, CI and the autograders install these; ranges are in pyproject.toml.
"""
PLATFORMS = (
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",  # torch has had no packages for Intel Macs since 2.3
)
PYTHONS = ("3.11", "3.12", "3.13")
UNLOCKED = ("coqui",)  # extras with a package that has no wheel
MACOS = "14.0"  # the oldest macOS for which torchaudio is packaged


def write_lock(root: Path, *, upgrade: bool = False) -> list[str]:
    """Resolve the requirements once for all systems and Pythons, prove that each has wheels, and write the lock.

    Parameters
    ----------
    root : Path
        The clone.
    upgrade : bool
        Whether to take the newest versions that the ranges allow; otherwise a version stays while it fits.

    Returns
    -------
    list of str
        The lines that are new, as ``name==version ; marker``.

    Raises
    ------
    AudioCourseError
        If uv is missing, the ranges contradict each other, a package has no wheel for one of the systems, or torch and
        torchaudio are not of the same release; the old lock then stays as it was.
    """
    path = root / LOCK
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    pins = _resolved(root, "" if upgrade else before)
    for platform in PLATFORMS:
        for python in PYTHONS:
            _require_wheels(pins, platform, python)
    path.write_text(HEADER + pins, encoding="utf-8")
    if locked_version("torch", root) != locked_version("torchaudio", root):
        path.write_text(before, encoding="utf-8")
        raise AudioCourseError(
            "torch and torchaudio must be of the same release: give both the same == in pyproject.toml."
        )
    pinned = set(before.splitlines())
    return [line for line in pins.splitlines() if line not in pinned]


def _resolved(root: Path, before: str) -> str:
    """Return the pins of the newest versions that fit all requirements, those of ``before`` kept where they do."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    tools = "\n".join(["pip", *project["build-system"]["requires"]])
    keep = root / "build" / LOCK
    keep.parent.mkdir(exist_ok=True)
    keep.write_text(before, encoding="utf-8")
    extras = [f"--extra={name}" for name in project["project"]["optional-dependencies"] if name not in UNLOCKED]
    options = ["--universal", "--python-version", PYTHONS[0], *extras, "--no-header", "--no-annotate"]
    _uv(["pip", "compile", *options, "--output-file", str(keep), "pyproject.toml", "-"], folder=root, text=tools)
    return keep.read_text(encoding="utf-8")


def _require_wheels(pins: str, platform: str, python: str) -> None:
    """Refuse a lock that a machine without a compiler cannot install."""
    options = ["--no-deps", "--only-binary", ":all:", "--python-platform", platform, "--python-version", python]
    _uv(["pip", "compile", *options, "-"], text=pins)


def _uv(words: list[str], *, text: str, folder: Path | None = None) -> None:
    """Run uv with a text on its standard input."""
    environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": MACOS}
    done = subprocess.run(
        [*_uv_command(), *words], cwd=folder, input=text, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        message = " ".join(lines[:3]) or f"uv ended with {done.returncode}"
        raise AudioCourseError(f"The lock cannot be written: {message}")


def _uv_command() -> list[str]:
    """Find uv: beside this Python, else on PATH."""
    if importlib.util.find_spec("uv"):
        return [sys.executable, "-m", "uv"]
    if program := shutil.which("uv"):
        return [program]
    raise AudioCourseError(f"uv is not installed, which resolves the lock: {sys.executable} -m pip install uv")
