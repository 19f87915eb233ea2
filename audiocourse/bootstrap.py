"""From a bare clone to the running command: make ``.venv``, install the course into it, go on inside it.

Standard library only, because it runs before anything is installed. The steps and their order:

1. Where the running interpreter already has what ``pyproject.toml`` asks for (a conda environment, a hand-made virtual
   environment), or ``.venv`` carries a fresh stamp, nothing is installed.
2. Otherwise ``.venv`` is made and filled by pip, wheels only: a machine without a compiler must not start compiling.
3. The same command runs again inside ``.venv``.

The stamp ``.venv/audiocourse.json`` holds a fingerprint of the requirements and the choice of torch. It is emptied
before pip starts and filled when pip has ended well, so an interrupted installation is taken up again.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from audiocourse.errors import AudioCourseError

ROOT = Path(__file__).resolve().parents[1]
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
LOG = "install.log"
COMPILE = "import librosa.beat, librosa.core.audio, librosa.core.pitch, librosa.util.utils"
STAMP = "audiocourse.json"
STOPPED = 130
"""What a shell reports for a command that Ctrl-C ended: 128 + the number of SIGINT."""
GRACE_S = 5.0

USAGE = """audiocourse: a course on audio and speech.

  python -m audiocourse lab     set the course up (once) and open it in JupyterLab
  python -m audiocourse test    set the course up (once) and run every test

The set-up downloads {download:.1f} GB and takes {disk:.1f} GB on disk, in {environment}.{hint}"""

_NETWORK = re.compile(
    r"Retry\(total=0|Max retries exceeded|NewConnectionError|ConnectTimeout|ReadTimeout|ConnectionReset|ProxyError"
    r"|SSLError|CERTIFICATE_VERIFY_FAILED|IncompleteRead|name resolution|getaddrinfo failed|Network is unreachable"
)
_EARLIER_TRY = re.compile(r"Retry\(total=[1-9]")
_TORCH_INDEX = re.compile(r"download\.pytorch\.org|/whl/cpu")
_NO_WHEEL = re.compile(r"No matching distribution found for ([^\s;(]+)")
_DISK_FULL = re.compile(r"No space left on device|not enough space on the disk|quota exceeded", re.IGNORECASE)
_NOT_WRITABLE = re.compile(r"Read-only file system|Permission denied|Access is denied|WinError 32")


class Stamp(NamedTuple):
    """What ``.venv`` was filled with: a fingerprint of the requirements ("" while pip works) and the build of torch."""

    fingerprint: str
    torch: str


class Size(NamedTuple):
    """What an installation costs, in GB (10⁹ bytes)."""

    download: float
    disk: float


# Sums over the wheels and files of an installation with Python 3.11 on Linux, November 2026.
WITH_CUDA = Size(download=3.1, disk=6.5)
WITHOUT_CUDA = Size(download=0.5, disk=2.3)


def main(argv: Sequence[str], *, root: Path = ROOT) -> int:
    """Run ``audiocourse ARGV`` in an environment that has what the course needs, making that first where it is missing.

    Parameters
    ----------
    argv : sequence of str
        The words after ``python -m audiocourse``. ``--torch cpu`` is taken out, the rest goes to the command line.
    root : Path
        The clone.

    Returns
    -------
    int
        The exit code: that of the command, 1 where the set-up failed (with one sentence on stderr), 130 after Ctrl-C.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # two workers with default threads were measured ten times slower
    try:
        torch, arguments = take_torch(argv)
        python = ready_interpreter(root, torch)
        if python is None and asks_for_help(arguments):
            print(usage(root, torch))
            return 0
        python = python or set_up(root, torch)
    except AudioCourseError as error:
        print(f"audiocourse: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\naudiocourse: stopped; the same command goes on from here.", file=sys.stderr)
        return STOPPED
    if python != Path(sys.executable):
        return follow([str(python), "-m", "audiocourse", *arguments], environment=child_environment())

    from audiocourse import cli

    return cli.main(arguments) or 0


def take_torch(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """Take ``--torch cpu`` (or ``--torch=cpu``) out of the words, wherever it stands.

    >>> take_torch(["lab", "--torch", "cpu", "--port", "9999"])
    ('cpu', ['lab', '--port', '9999'])
    """
    torch: str | None = None
    rest: list[str] = []
    words = iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if name != "--torch":
            rest.append(word)
            continue
        torch = value if equals else next(words, "")
        if torch != "cpu":
            raise AudioCourseError(f"--torch {torch or '(nothing)'} is unknown: write --torch cpu, or leave it out.")
    return torch, rest


def asks_for_help(arguments: Sequence[str]) -> bool:
    """Whether the words ask what there is to do: no reason to download gigabytes."""
    return not arguments or any(word in {"-h", "--help"} for word in arguments)


def usage(root: Path, torch: str | None) -> str:
    """Say what the two commands do and what the set-up costs, for a clone that is not set up yet."""
    size = expected_size(torch)
    return USAGE.format(download=size.download, disk=size.disk, environment=root / ".venv", hint=_hint(torch))


# --- what is there ----------------------------------------------------------------------------------------------------


def ready_interpreter(root: Path, torch: str | None) -> Path | None:
    """Find the interpreter that has what the course needs: the running one, that of ``.venv``, or none."""
    environment = root / ".venv"
    stamp = read_stamp(environment)
    if is_inside(environment):
        # Without a stamp somebody else filled it (uv, pip by hand): then the libraries themselves decide.
        good = is_fresh(stamp, root, torch) if stamp else torch is None and is_satisfied(root)
        return Path(sys.executable) if good else None
    if not (root / "pyproject.toml").is_file() or is_satisfied(root):
        if torch:
            print(f"audiocourse: --torch cpu is left out, because {sys.prefix} already has the course's libraries.")
        return Path(sys.executable)
    python = interpreter(environment)
    return python if python.exists() and is_fresh(stamp, root, torch) else None


def interpreter(environment: Path) -> Path:
    """Name the interpreter of a virtual environment on this system."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_inside(environment: Path) -> bool:
    """Whether this very process runs in the environment."""
    return environment.exists() and environment.samefile(sys.prefix)


def requirements(root: Path) -> list[str]:
    """List what ``pyproject.toml`` asks for, the extras that ``all`` names included, as requirement texts."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {})
    named = [name for text in extras.get("all", ()) for name in text.partition("[")[2].rstrip("]").split(",")]
    return [text for group in (project["dependencies"], *(extras[name] for name in named)) for text in group]


def is_satisfied(root: Path) -> bool:
    """Whether the running interpreter has this clone installed and, in the asked versions, all it requires."""
    try:
        from packaging.requirements import Requirement  # not of the standard library, but JupyterLab brings it

        installed = metadata.distribution("audiocourse")
        wanted = [Requirement(text) for text in requirements(root)]
        wanted = [one for one in wanted if one.marker is None or one.marker.evaluate()]
        return _comes_from(installed, root) and all(
            one.specifier.contains(metadata.version(one.name), prereleases=True) for one in wanted
        )
    except ImportError:  # PackageNotFoundError is one of them
        return False


def _comes_from(installed: metadata.Distribution, root: Path) -> bool:
    """Whether an installed course is this clone: a kernel would import another clone's package otherwise."""
    source = json.loads(installed.read_text("direct_url.json") or "{}").get("url", "")
    folder = Path(url2pathname(urlsplit(source).path))
    return source.startswith("file:") and folder.exists() and folder.samefile(root)


def fingerprint(root: Path) -> str:
    """Hash what an installation depends on: the requirements, and the place that the editable install points to."""
    text = json.dumps([sorted(requirements(root)), str(root.resolve())])
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
        return Stamp("", "default")


def write_stamp(environment: Path, stamp: Stamp) -> None:
    """Write the stamp of an environment."""
    (environment / STAMP).write_text(json.dumps(stamp._asdict()) + "\n", encoding="utf-8")


def is_fresh(stamp: Stamp | None, root: Path, torch: str | None) -> bool:
    """Whether a stamp says that all is installed; without ``--torch`` the earlier choice of torch stays."""
    return stamp is not None and stamp.fingerprint == fingerprint(root) and torch in {None, stamp.torch}


# --- making it --------------------------------------------------------------------------------------------------------


def set_up(root: Path, torch: str | None) -> Path:
    """Make or mend ``.venv``, install the course into it and return its interpreter.

    Raises
    ------
    AudioCourseError
        If the environment cannot be made or filled; the sentence says why and what to do.
    """
    environment = root / ".venv"
    stamp = read_stamp(environment)
    torch = torch or (stamp.torch if stamp else "default")
    started = time.monotonic()
    claim(environment)
    if not is_usable(environment) or (torch == "cpu" and (stamp is None or stamp.torch != "cpu")):
        require_outside(environment)
        require_space(root, torch)
        print(announcement(root, torch), flush=True)
        create(environment)
    else:
        print(f"audiocourse: bringing {environment} up to date ...", flush=True)
    write_stamp(environment, Stamp("", torch))
    (environment / LOG).unlink(missing_ok=True)
    for packages in pip_steps(root, torch):
        run_pip(environment, packages)
    compile_once(interpreter(environment))
    write_stamp(environment, Stamp(fingerprint(root), torch))
    print(f"audiocourse: set up in {time.monotonic() - started:.0f} s.", flush=True)
    return interpreter(environment)


def compile_once(python: Path | str) -> None:
    """Let librosa compile its parts now, alone.

    It does so on its first import, and two processes that do it at the same time (two notebooks, two workers of the
    tests) leave a cache that ends them, and every later one, with a segmentation fault: numba issue 10128. Where
    librosa is missing there is nothing to compile.
    """
    with contextlib.suppress(OSError):
        subprocess.run([python, "-c", COMPILE], capture_output=True, check=False)


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


def is_usable(environment: Path) -> bool:
    """Whether the environment's interpreter runs, is new enough and has pip."""
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([interpreter(environment), "-c", probe], capture_output=True).returncode == 0
    except OSError:
        return False


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


def expected_size(torch: str | None) -> Size:
    """What the installation costs: on Linux the default torch brings NVIDIA's CUDA libraries, elsewhere it does not."""
    return WITH_CUDA if sys.platform == "linux" and torch != "cpu" else WITHOUT_CUDA


def announcement(root: Path, torch: str) -> str:
    """Say what is about to be downloaded, how big it is and where it goes."""
    size = expected_size(torch)
    return (
        f"audiocourse: setting up the course in {root / '.venv'}, once.\n"
        f"  download: about {size.download:.1f} GB of ready-made packages (JupyterLab, torch, transformers, ...)\n"
        f"  on disk:  about {size.disk:.1f} GB; pip also keeps its downloads (`pip cache purge` empties that)\n"
        f"  to undo:  delete the folder .venv{_hint(torch)}"
    )


def _hint(torch: str | None) -> str:
    """Name the small way, where there is one that was not taken."""
    if expected_size(torch) == WITHOUT_CUDA:
        return ""
    return (
        f"\nMost of it is NVIDIA's CUDA libraries, which the course does not need: with --torch cpu (which needs "
        f"download.pytorch.org) it is {WITHOUT_CUDA.download:.1f} GB, on disk {WITHOUT_CUDA.disk:.1f} GB."
    )


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
        raise AudioCourseError(diagnose((done.stdout + done.stderr).splitlines(), environment))


def pip_steps(root: Path, torch: str) -> list[list[str]]:
    """List what pip is asked for, call by call: torch from PyTorch's own index first, where its CPU build is wanted."""
    everything = ["--editable", ".[all]"]
    if torch != "cpu":
        return [everything]
    wanted = [text for text in requirements(root) if re.match(r"torch(audio)?\b", text)]
    return [[*wanted, "--index-url", CPU_INDEX], everything]


def run_pip(environment: Path, packages: Sequence[str]) -> None:
    """Let pip install packages into the environment: its progress on the terminal, all it says in ``install.log``."""
    log = environment / LOG
    command = [str(interpreter(environment)), "-m", "pip", "install", "--only-binary", ":all:", *packages]
    command += ["--disable-pip-version-check", "--log", str(log)]
    # pip collects all downloads in the temporary folder, which on many systems is memory and smaller than they are.
    temporary = environment / "tmp"
    temporary.mkdir(exist_ok=True)
    try:
        code, errors = run_heard(command, {**child_environment(), "TMPDIR": str(temporary)}, environment.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    if code != 0:
        raise AudioCourseError(diagnose(errors, environment, log=log))


def run_heard(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> tuple[int, list[str]]:
    """Run a command; return its exit code and the lines of its error stream, of which the user sees the short ones.

    What pip wraps around them (boxes, tracebacks of its log when the disk is full) is left to ``install.log``.
    """
    lines: list[str] = []
    with subprocess.Popen(
        command, env=environment, cwd=folder, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        try:
            for line in process.stderr or ():
                lines.append(line.rstrip())
                if line.startswith(("WARNING:", "ERROR:")):
                    print(line, end="", file=sys.stderr, flush=True)
        except KeyboardInterrupt:  # a terminal sends it to pip too, which needs a moment to tidy up
            with suppress(subprocess.TimeoutExpired):
                process.wait(GRACE_S)
            process.terminate()
            raise
    return process.returncode, lines


def diagnose(lines: Sequence[str], environment: Path, *, log: Path | None = None) -> str:
    """Turn what pip said into one sentence: what was wrong and what to do.

    What went wrong while the build backend was fetched stands in pip's log only, which is cut off on a full disk.
    """
    logged = log.read_text(encoding="utf-8", errors="replace").splitlines() if log and log.exists() else []
    heard = [*lines, *(line for line in logged if "ERROR:" in line or "WARNING:" in line)]
    said = "\n".join(line for line in heard if not _EARLIER_TRY.search(line))
    if _DISK_FULL.search(said):
        return f"the disk is full: make room for {environment} (or add --torch cpu), then run the command again."
    if _NOT_WRITABLE.search(said):
        return (
            f"{environment} cannot be written: end every program that uses it, check its rights, run the command again."
        )
    if _NETWORK.search(said):
        other = " or delete .venv to do without --torch cpu" if _TORCH_INDEX.search(said) else ""
        return (
            "the packages cannot be downloaded: check the connection (proxy, firewall)"
            f"{other}, then run the command again."
        )
    if missing := _NO_WHEEL.search(said):
        return (
            f"there is no ready-made package for {missing[1]} on this system (Python {sys.version.split()[0]}, "
            f"{sys.platform}): take a 64-bit Python 3.11, 3.12 or 3.13, delete .venv, then run the command again."
        )
    last = "\n  ".join([line.strip() for line in lines if line.strip()][-5:])
    return f"the installation failed; the full log is {environment / LOG} and its last words are:\n  {last}"


# --- going on inside --------------------------------------------------------------------------------------------------


def child_environment() -> dict[str, str]:
    """Copy the environment variables without PYTHONHOME, which would lead the child out of ``.venv`` again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}


def follow(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, kill_after: float | None = None
) -> int:
    """Run a command to its end and return its exit code; Ctrl-C and SIGTERM end the command, and this with it.

    With ``kill_after``, a command that has not ended so many seconds after it was told to is killed.
    """
    process = subprocess.Popen(command, env=environment)
    patience = threading.Timer(kill_after or 0, process.kill)
    patience.daemon = True

    def stop(*_: object) -> None:
        process.terminate()
        if kill_after and not patience.ident:
            patience.start()

    before = signal.signal(signal.SIGTERM, stop)
    try:
        while (code := _wait(process)) is None:
            if kill_after and not patience.ident:
                patience.start()
    finally:
        patience.cancel()
        signal.signal(signal.SIGTERM, before)
    return code if code >= 0 else 128 - code  # as a shell does for a command that a signal ended


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    """Wait for the command; None after Ctrl-C, which a terminal sends to the command too, so it gets time to end."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        pass
    try:
        return process.wait(GRACE_S)
    except KeyboardInterrupt:
        return None
    except subprocess.TimeoutExpired:
        if os.name != "nt":
            process.send_signal(signal.SIGINT)
        return None
