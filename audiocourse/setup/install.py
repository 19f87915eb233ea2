"""The environment ``.venv``: make it, fill it with the tested versions, and prove that what was installed works.

Standard library only, because it runs before anything is installed. The steps:

1. ``python -m venv``, and pip in its tested version.
2. torch and torchaudio from PyTorch's own index where PyPI has another build than the one wanted: on Linux PyPI brings
   the CUDA libraries of 3 GB, which only an NVIDIA GPU uses. Where that index cannot be reached, PyPI's build is taken.
3. Everything else from PyPI, wheels only: a machine without a compiler must not start compiling. ``constraints.txt``
   decides each version. uv installs where it is on PATH, several times faster than pip.
4. Every library and bundled model is used once (`audiocourse.setup.selfcheck`).

The stamp ``.venv/audiocourse.json`` holds a fingerprint of the requirements and the build of torch. It is emptied
before the first step and filled after the last, so an interrupted installation is taken up again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from audiocourse.errors import AudioCourseError
from audiocourse.libraries import CPU_INDEX, LOCK, locked_version, requirements
from audiocourse.processes import GRACE_S
from audiocourse.setup import selfcheck
from audiocourse.setup.progress import ProgressLine

CUDA_INDEX = "https://download.pytorch.org/whl/cu130"
OTHER_INDEX = {("linux", "cpu"): CPU_INDEX, ("win32", "cuda"): CUDA_INDEX}
"""Where a build of torch comes from that PyPI does not have; every other build is PyPI's own."""
TORCH = ("torch", "torchaudio")
LOG = "install.log"
STAMP = "audiocourse.json"
PROBE_S = 10.0
BUILDS = ("cpu", "cuda")

_NETWORK = re.compile(
    r"Retry\(total=0|Max retries exceeded|NewConnectionError|ConnectTimeout|ReadTimeout|ConnectionReset|ProxyError"
    r"|SSLError|CERTIFICATE_VERIFY_FAILED|IncompleteRead|name resolution|getaddrinfo failed|Network is unreachable"
    r"|error sending request|Failed to fetch|dns error|operation timed out|Connection refused"
)
_EARLIER_TRY = re.compile(r"Retry\(total=[1-9]")
_NO_WHEEL = re.compile(
    r"No matching distribution found for ([^\s;(]+)|Because ([^\s=]+)==\S+ has no (?:usable )?wheels"
)
_DISK_FULL = re.compile(r"No space left on device|not enough space on the disk|quota exceeded", re.IGNORECASE)
_NOT_WRITABLE = re.compile(r"Read-only file system|Permission denied|Access is denied|WinError 32")
_NOISE = re.compile(r"^\s*$|^Progress \d+ of \d+")


class Stamp(NamedTuple):
    """What ``.venv`` was filled with: a fingerprint of the requirements ("" while pip works) and the build of torch."""

    fingerprint: str
    torch: str


class Unavailable(AudioCourseError):
    """An index cannot be reached, or does not have a package for this system."""


class Size(NamedTuple):
    """What an installation costs, in GB (10⁹ bytes)."""

    download: float
    disk: float


# Sums over the wheels and files of an installation with Python 3.11 on Linux, November 2026.
WITH_CUDA = Size(download=3.1, disk=6.5)
WITHOUT_CUDA = Size(download=0.5, disk=2.3)


# --- what is there ----------------------------------------------------------------------------------------------------


def interpreter(environment: Path) -> Path:
    """Name the interpreter of a virtual environment on this system."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_inside(environment: Path) -> bool:
    """Whether this very process runs in the environment."""
    return environment.exists() and environment.samefile(sys.prefix)


def is_usable(environment: Path) -> bool:
    """Whether the environment's interpreter runs, is new enough and has pip."""
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([interpreter(environment), "-c", probe], capture_output=True).returncode == 0
    except OSError:
        return False


def fingerprint(root: Path) -> str:
    """Hash what an installation depends on: requirements, lock, and the place that the editable install points to."""
    lock = root / LOCK
    versions = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    text = json.dumps([sorted(requirements(root)), versions, str(root.resolve())])
    return hashlib.sha256(text.encode()).hexdigest()


def read_stamp(environment: Path) -> Stamp | None:
    """Read the stamp of an environment; None where there is none, an empty one where it cannot be read."""
    path = environment / STAMP
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Stamp(str(content["fingerprint"]), str(content["torch"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Stamp("", "")


def write_stamp(environment: Path, stamp: Stamp) -> None:
    """Write the stamp of an environment."""
    (environment / STAMP).write_text(json.dumps(stamp._asdict()) + "\n", encoding="utf-8")


def is_fresh(stamp: Stamp | None, root: Path, torch: str | None) -> bool:
    """Whether a stamp says that all is installed; without ``--torch`` the earlier choice of torch stays."""
    return stamp is not None and stamp.fingerprint == fingerprint(root) and torch in {None, stamp.torch}


# --- which torch ------------------------------------------------------------------------------------------------------


def choose_torch(asked: str | None, stamp: Stamp | None) -> str:
    """Decide on the build of torch: the one asked for, the one that is there, or what this machine can use."""
    if asked == "cuda" and sys.platform == "darwin":
        raise AudioCourseError("there is no CUDA on macOS: leave out --torch cuda.")
    if asked:
        return asked
    if stamp and stamp.torch in BUILDS:
        return stamp.torch
    return "cuda" if has_nvidia_gpu() else "cpu"


def has_nvidia_gpu() -> bool:
    """Whether NVIDIA's driver lists a GPU."""
    program = shutil.which("nvidia-smi")
    if program is None or sys.platform == "darwin":
        return False
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=PROBE_S, check=False)
        return done.returncode == 0 and "GPU 0" in done.stdout
    return False


def expected_size(torch: str) -> Size:
    """What the installation costs: with CUDA's libraries or without."""
    return WITH_CUDA if torch == "cuda" else WITHOUT_CUDA


# --- making it --------------------------------------------------------------------------------------------------------


def set_up(root: Path, asked: str | None) -> Path:
    """Make or mend ``.venv``, install the tested versions into it, prove that they work, and return its interpreter.

    Parameters
    ----------
    root : Path
        The clone.
    asked : str or None
        The build of torch that ``--torch`` names: "cpu" or "cuda".

    Raises
    ------
    AudioCourseError
        If the environment cannot be made or filled, or a library or model in it does not work; the sentence says why
        and what to do.
    """
    environment = root / ".venv"
    stamp = read_stamp(environment)
    torch = choose_torch(asked, stamp)
    started = time.monotonic()
    claim(environment)
    if not is_usable(environment) or (asked and (stamp is None or stamp.torch != torch)):
        require_outside(environment)
        require_space(root, torch)
        print(announcement(root, torch), flush=True)
        create(environment)
    else:
        print(f"audiocourse: bringing {environment} up to date ...", flush=True)
    write_stamp(environment, Stamp("", torch))
    (environment / LOG).unlink(missing_ok=True)
    torch = install_everything(root, torch, may_fall_back=asked is None)
    prove(environment)
    write_stamp(environment, Stamp(fingerprint(root), torch))
    print(f"audiocourse: set up in {time.monotonic() - started:.0f} s.", flush=True)
    return interpreter(environment)


def install_everything(root: Path, torch: str, *, may_fall_back: bool) -> str:
    """Install pip, torch and the rest in their tested versions; return the build of torch that was installed."""
    environment = root / ".venv"
    uv = shutil.which("uv")
    if uv is None:
        install(environment, [_pinned("pip", root)], total=expected_size(torch))
    index = OTHER_INDEX.get((sys.platform, torch))
    if index:
        pins = [_pinned(name, root) for name in TORCH]
        impatient = ["--index-url", index, *([] if uv else ["--retries", "1", "--timeout", str(int(PROBE_S))])]
        try:
            install(environment, ["--no-deps", *pins, *impatient], total=expected_size(torch))
        except Unavailable:
            if not may_fall_back:
                raise
            torch = fall_back(root, torch)
    install(environment, ["--editable", ".[all]"], total=expected_size(torch))
    return torch


def fall_back(root: Path, torch: str) -> str:
    """Report that PyPI's build of torch is taken instead, if there is room for it; return its name."""
    other = "cuda" if torch == "cpu" else "cpu"
    size = expected_size(other)
    wanted = expected_size(torch)
    require_space(root, other)
    print(
        f"audiocourse: PyTorch's own index (download.pytorch.org) cannot be reached, so torch comes from PyPI in its "
        f"{other.upper()} build: a download of {size.download:.1f} GB instead of {wanted.download:.1f}.",
        flush=True,
    )
    write_stamp(root / ".venv", Stamp("", other))
    return other


def _pinned(name: str, root: Path) -> str:
    """Write a package with its tested version, as pip takes it."""
    version = locked_version(name, root)
    return f"{name}=={version}" if version else name


def prove(environment: Path) -> None:
    """Use every library and model of the environment once.

    It also lets librosa compile its parts, in one process: two that do so at the same time leave a cache that ends
    every later one with a segmentation fault (numba issue 10128).

    Raises
    ------
    AudioCourseError
        If one does not work: its sentence, and how many others do not.
    """
    line = ProgressLine(0.0)
    broken = []
    count = 0
    for finding in selfcheck.run(interpreter(environment), on_start=lambda name: line.show(f"checking {name}")):
        count += 1
        if not finding.ok:
            broken.append(finding)
    line.close()
    if broken:
        others = f" ({len(broken) - 1} more: `audiocourse doctor` lists them)" if len(broken) > 1 else ""
        first = " ".join(filter(None, [f"{broken[0].detail.rstrip('.')}.", broken[0].advice]))
        raise AudioCourseError(f"{broken[0].name}: {first}{others}")
    print(f"audiocourse: every library and every bundled model was used once and works ({count} checks).", flush=True)


def claim(environment: Path) -> None:
    """Make sure that the environment's folder exists and can be written to."""
    try:
        environment.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=environment):
            pass
    except OSError as error:
        raise AudioCourseError(
            f"the course cannot be set up in {environment} ({error.strerror}): "
            "copy the clone to a folder in which you may write, and run the command there."
        ) from error


def require_outside(environment: Path) -> None:
    """Refuse to replace the environment that this process runs in."""
    if is_inside(environment):
        raise AudioCourseError(
            f"{environment} has to be made anew, which cannot be done from inside it: "
            "type `deactivate`, then run the same command with the Python that you installed."
        )


def require_space(root: Path, torch: str) -> None:
    """Refuse to start a download that cannot fit: pip holds all packages beside what it unpacks from them."""
    needed, small = (sum(expected_size(choice)) for choice in (torch, "cpu"))
    free = shutil.disk_usage(root).free / 1e9
    if free < needed:
        way_out = f" or add --torch cpu, which needs {small:.1f} GB" if small < needed else ""
        raise AudioCourseError(
            f"the set-up needs {needed:.1f} GB free and {root} has {free:.1f} GB: make room{way_out}, "
            "then run the command again."
        )


def announcement(root: Path, torch: str) -> str:
    """Report what is about to be downloaded, how big it is and where it goes."""
    size = expected_size(torch)
    cache = "uv" if shutil.which("uv") else "pip"
    clean = "uv cache clean" if cache == "uv" else "pip cache purge"
    return (
        f"audiocourse: setting up the course in {root / '.venv'}, once.\n"
        f"  download: about {size.download:.1f} GB of ready-made packages (JupyterLab, torch, transformers, ...)\n"
        f"  on disk:  about {size.disk:.1f} GB; {cache} also keeps its downloads (`{clean}` empties that)\n"
        f"  details:  {root / '.venv' / LOG}\n"
        f"  to undo:  delete the folder .venv{hint(torch)}"
    )


def hint(torch: str) -> str:
    """Report why this build of torch is taken and how to get the other, where there is a choice."""
    if sys.platform == "darwin":
        return ""
    if torch == "cuda":
        small = WITHOUT_CUDA
        return (
            "\ntorch with CUDA, because there is an NVIDIA GPU or you asked for it; --torch cpu takes the small build, "
            f"{small.download:.1f} GB, on disk {small.disk:.1f} GB."
        )
    return "\ntorch without CUDA, which is all the course needs; --torch cuda takes the build for NVIDIA GPUs."


def create(environment: Path) -> None:
    """Make an empty virtual environment with pip in it, in place of what was there."""
    if any(importlib.util.find_spec(module) is None for module in ("venv", "ensurepip")):
        raise AudioCourseError(
            f"this Python ({sys.executable}) cannot make virtual environments because its module venv or ensurepip is "
            "missing: install it (Debian and Ubuntu: `sudo apt install python3-venv`), then run the command again."
        )
    command = [sys.executable, "-m", "venv", "--clear", str(environment)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        raise diagnose((done.stdout + done.stderr).splitlines(), environment)


def install(environment: Path, packages: Sequence[str], *, total: Size) -> None:
    """Install packages into the environment by uv or pip: a progress line on the terminal, the rest in the log."""
    # pip collects all downloads in the temporary folder, which on many systems is memory and smaller than they are.
    temporary = environment / "tmp"
    temporary.mkdir(exist_ok=True)
    line = ProgressLine(1000 * total.download)
    try:
        code, lines = run_logged(
            [*installer(environment), "--only-binary", ":all:", *packages],
            installer_variables(environment.parent, temporary),
            environment.parent,
            on_line=line.read,
        )
    finally:
        line.close()
        shutil.rmtree(temporary, ignore_errors=True)
    if code != 0:
        raise diagnose(lines, environment)


def installer(environment: Path) -> list[str]:
    """Return the command that installs: uv's where it is on PATH, else that of the environment's own pip."""
    python = str(interpreter(environment))
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", python]
    bar = ["--progress-bar", "raw"] if _pip_counts_bytes(environment) else ["--progress-bar", "off"]
    return [python, "-m", "pip", "install", "--disable-pip-version-check", *bar]


def _pip_counts_bytes(environment: Path) -> bool:
    """Whether the environment's pip can print how many bytes have arrived: since version 24.1."""
    folders = sorted(environment.glob("**/site-packages/pip-*.dist-info"))
    versions = [re.findall(r"\d+", folder.name)[:2] for folder in folders]
    return any([int(part) for part in version] >= [24, 1] for version in versions)


def installer_variables(root: Path, temporary: Path) -> dict[str, str]:
    """Prepare pip's and uv's environment variables: the lock decides every version, that of the build tools too."""
    variables = {**child_environment(), "TMPDIR": str(temporary)}
    if (root / LOCK).is_file():
        lock = str(root / LOCK)
        names = ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT", "UV_CONSTRAINT", "UV_BUILD_CONSTRAINT")
        variables |= dict.fromkeys(names, lock)
    return variables


def run_logged(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    *,
    on_line: Callable[[str], None] = lambda _: None,
) -> tuple[int, list[str]]:
    """Run a command; all that it prints goes line by line to ``install.log`` and to ``on_line``.

    Returns its exit code and its lines.
    """
    lines: list[str] = []
    with (
        (folder / ".venv" / LOG).open("a", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                on_line(line.rstrip())
                if not _NOISE.match(line):
                    lines.append(line.rstrip())
                    with suppress(OSError):  # a full disk: what was said is still diagnosed
                        log.write(line)
                        log.flush()
        except KeyboardInterrupt:  # a terminal sends it to pip too, which needs a moment to tidy up
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_S)
            process.terminate()
            raise
    return process.returncode, lines


def diagnose(lines: Sequence[str], environment: Path) -> AudioCourseError:
    """Turn the output of pip or uv into an error of one sentence: what was wrong and what to do."""
    output = "\n".join(line for line in lines if not _EARLIER_TRY.search(line))
    if _DISK_FULL.search(output):
        return AudioCourseError(
            f"the disk is full: make room for {environment} (or add --torch cpu), then run the command again."
        )
    if _NOT_WRITABLE.search(output):
        return AudioCourseError(
            f"{environment} cannot be written: end every program that uses it, check its rights, run the command again."
        )
    if _NETWORK.search(output):
        other = " or leave out --torch" if "download.pytorch.org" in output else ""
        return Unavailable(
            f"the packages cannot be downloaded: check the connection (proxy, firewall){other}, then run the command "
            "again."
        )
    if missing := _NO_WHEEL.search(output):
        return Unavailable(
            f"there is no ready-made package for {missing[1] or missing[2]} on this system (Python "
            f"{sys.version.split()[0]}, {sys.platform}): take a 64-bit Python 3.11, 3.12 or 3.13, delete .venv, then "
            "run the command again."
        )
    last = "\n  ".join([line.strip() for line in lines if line.strip()][-5:])
    return AudioCourseError(
        f"the installation failed; the full log is {environment / LOG} and its last lines are:\n  {last}"
    )


def child_environment() -> dict[str, str]:
    """Copy the environment variables without PYTHONHOME, which would lead the child out of ``.venv`` again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
