"""``audiocourse doctor``: look at this machine and say what works, what is missing and what to do. Needs no network."""

import os
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from audiocourse.files import why_not_writable
from audiocourse.libraries import install_command, installed_version, requirements
from audiocourse.setup import selfcheck
from audiocourse.setup.selfcheck import Finding

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ROOM_GB = 1.0


def examine(root: Path, *, on_start: Callable[[str], None] = lambda _: None) -> list[Finding]:
    """Look at all that the course needs from this machine; every library and bundled model is used once.

    Parameters
    ----------
    root : Path
        The clone.
    on_start : callable
        Gets the name of each library before it is used, because all of them take some seconds.

    Returns
    -------
    list of Finding
        What the course cannot do without has ``ok`` False where it is missing; what is optional stays ``ok`` and
        carries its advice.
    """
    return [
        python_version(),
        *versions(root),
        *selfcheck.run(on_start=on_start),
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


def versions(root: Path) -> list[Finding]:
    """Name each library whose version is outside the range that the course asks for; one good finding if none is."""
    found = [finding for text in requirements(root) if (finding := out_of_range(text, root))]
    return found or [Finding("versions", True, f"all {len(requirements(root))} within their ranges")]


def out_of_range(text: str, root: Path) -> Finding | None:
    """Compare an installed library with a requirement that counts on this machine."""
    from packaging.requirements import Requirement

    wanted = Requirement(text)
    version = installed_version(wanted.name)
    if (wanted.marker and not wanted.marker.evaluate()) or (version and wanted.specifier.contains(version, True)):
        return None
    detail = f"{version or 'not installed'}, and the course asks for {wanted.specifier}"
    return Finding(f"version of {wanted.name}", False, detail, f"Run `{install_command([wanted.name], root)}`.")


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
    """Try something that can fail in any way a library can; its error message becomes the finding."""
    try:
        return Finding(name, True, look())
    except Exception as error:
        message = " ".join(str(error).split()) or type(error).__name__
        return Finding(name, False, message, advice)
