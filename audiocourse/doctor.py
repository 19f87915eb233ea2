"""``audiocourse doctor``: look at this machine and say what works, what is missing and what to do. Needs no network."""

import io
import os
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from audiocourse.bootstrap import requirements
from audiocourse.lab import why_not_writable

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ROOM_GB = 1.0
FORMATS = ("FLAC", "OGG", "MP3")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was found, and one sentence of advice where there is something to do."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


def examine(root: Path) -> list[Finding]:
    """Look at all that the course needs from this machine.

    Parameters
    ----------
    root : Path
        The clone.

    Returns
    -------
    list of Finding
        What the course cannot do without has ``ok`` False where it is missing; what is optional stays ``ok`` and
        carries its advice.
    """
    return [
        python_version(),
        *(library(text) for text in requirements(root)),
        _attempt("espeak-ng", speech, "Install the course again: the wheel espeakng-loader carries the voice."),
        _attempt("sound files", sound_files, "Install soundfile 0.13 or newer, whose wheel carries libsndfile."),
        work_folder(root),
        free_space(root),
        _attempt("kernel", kernel, f"Repair it with: {sys.executable} -m ipykernel install --sys-prefix"),
        browser(),
        threads(),
    ]


def python_version() -> Finding:
    """Look at the Python that runs: its version, and 64 bits, for which alone the libraries are packaged."""
    bits = platform.architecture()[0]
    good = sys.version_info[:2] >= (3, 11) and bits == "64bit"
    advice = "" if good else "Install a 64-bit Python 3.11 or newer from https://www.python.org/downloads/."
    return Finding("Python", good, f"{platform.python_version()}, {bits}, {sys.executable}", advice)


def library(text: str) -> Finding:
    """Compare an installed library with a requirement; it is not imported."""
    from packaging.requirements import Requirement

    wanted = Requirement(text)
    advice = f'Install it with: {sys.executable} -m pip install "{wanted}"'
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return Finding(wanted.name, False, "not installed", advice)
    good = wanted.specifier.contains(version, prereleases=True)
    return Finding(wanted.name, good, version, "" if good else advice)


def speech() -> str:
    """Let the espeak-ng library say a word; return how long it is."""
    from audiocourse.sounds import say

    spoken = say("ready")
    if not spoken.y.any():
        raise RuntimeError("it speaks silence")
    return f"speaks ({len(spoken.y) / spoken.sr:.2f} s)"


def sound_files() -> str:
    """Write and read a short sound in each format that needs an encoder; return the formats."""
    import numpy as np
    import soundfile

    tone = 0.1 * np.sin(np.arange(16000) / 5)
    for kind in FORMATS:
        file = io.BytesIO()
        soundfile.write(file, tone, 16000, format=kind)
        file.seek(0)
        back, sr = soundfile.read(file)
        if sr != 16000 or len(back) < len(tone) or np.max(np.abs(back)) < 0.05:
            raise RuntimeError(f"{kind} came back damaged")
    return f"writes and reads {', '.join(FORMATS)}"


def kernel() -> str:
    """Look whether notebooks would run in this very Python; return the kernel's folder."""
    from jupyter_client.kernelspec import KernelSpecManager

    spec = KernelSpecManager(kernel_dirs=[str(Path(sys.prefix, "share", "jupyter", "kernels"))]).get_kernel_spec(
        "python3"
    )
    program = spec.argv[0]
    if not program.startswith("python") and not Path(program).samefile(sys.executable):
        raise RuntimeError(f"it starts {program}, which is another Python")
    return str(spec.resource_dir)


def work_folder(root: Path) -> Finding:
    """Look whether answers can be saved."""
    work = root / "work"
    problem = why_not_writable(work if work.exists() else root)
    advice = "Change the rights of that folder, or copy the course to a folder of your own."
    return Finding("work folder", problem is None, problem or f"{work} can be written", advice if problem else "")


def free_space(root: Path) -> Finding:
    """Look whether there is room to work."""
    free = shutil.disk_usage(root).free / 1e9
    advice = "" if free >= ROOM_GB else f"Make room: the notebooks and their models need about {ROOM_GB:.0f} GB."
    return Finding("free disk", free >= ROOM_GB, f"{free:.1f} GB", advice)


def browser() -> Finding:
    """Look for the browser that the project's own browser test drives; the course runs in any."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    advice = (
        "" if found else "Optional: install Chromium or Chrome if you want `audiocourse test` to drive a real browser."
    )
    return Finding("Chromium", True, found or "not found", advice)


def threads() -> Finding:
    """Look at the setting that decides whether two workers get in each other's way."""
    value = os.environ.get("OMP_NUM_THREADS")
    advice = (
        "" if value else "Optional: set OMP_NUM_THREADS=1 where you start Python yourself; `audiocourse lab` does so."
    )
    return Finding("OMP_NUM_THREADS", True, value or "not set", advice)


def _attempt(name: str, look: Callable[[], str], advice: str) -> Finding:
    """Try something that can fail in any way a foreign library knows; what it said is the finding."""
    try:
        return Finding(name, True, look())
    except Exception as error:
        said = " ".join(str(error).split()) or type(error).__name__
        return Finding(name, False, said, advice)
