"""The strongest sandbox that the system offers for a process that is about to run a student's code.

==============  ========================================================================================================
``namespaces``  no network, no other processes, a read-only root that holds the libraries and nothing else
``seccomp``     the host's files and processes, behind Landlock and a filter of system calls
``limits``      resource limits alone: on macOS, and on Linux where the kernel refuses the other two; on Windows nothing
==============  ========================================================================================================

The three levels are listed with the strongest first. None needs root, and root has no more rights inside than any other
user. `Level.promises` says in plain words what a level promises, and a test attacks each promise.
"""

from __future__ import annotations

import contextlib
import functools
import os
import select
import signal
import stat
import sys
import sysconfig
import tempfile
import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audiocourse.errors import AudioCourseError
from audiocourse.teach.grading.sandbox import namespaces, syscalls
from audiocourse.teach.grading.sandbox.call_rules import NEVER, process_rules, rules_beside_others
from audiocourse.teach.grading.sandbox.resources import THREADS, Limits, held_bytes, set_limits, tasks_allowed

NO_NETWORK = "no network"
SEES_NO_PROCESSES = "cannot see other processes"
SIGNALS_NO_PROCESSES = "cannot stop other processes"
STARTS_NO_PROCESSES = "starts no more processes than allowed"
STARTS_FEW_PROCESSES = "cannot start processes without end"
LEAVES_NO_PROCESSES = "leaves no process behind"
READS_LIBRARIES_ONLY = "cannot read the clone's tests and solutions"
SEES_LIBRARIES_ONLY = "cannot see which other files there are"
WRITES_SCRATCH_ONLY = "cannot write outside its scratch folder"
SCRATCH_SIZE = "size of the scratch folder"
CPU_TIME = "cpu time"
MEMORY = "memory"
FILE_SIZE = "size of a file"
OPEN_FILES = "number of open files"

SCRATCH_FILES = 4  # files of the largest size that fit into the scratch folder
PROBE_SECONDS = 10.0

COURSE = Path(__file__).resolve().parents[3]  # installed as a wheel it lies among the libraries, with its references
SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/etc/ld.so.cache",
    "/etc/localtime",
)


@dataclass(frozen=True)
class Level:
    """A sandbox level: its name, and what it promises, in words for a report."""

    name: str
    promises: tuple[str, ...]


@functools.cache
def available_levels() -> tuple[Level, ...]:
    """Return the levels that work here, strongest first; each is tried in a throw-away process.

    Returns
    -------
    tuple[Level, ...]
        At least ``limits``, which promises nothing on Windows.
    """
    limits = Level("limits", _promises_of_limits())
    tried = [Level("namespaces", _promises_of_namespaces()), Level("seccomp", _promises_of_seccomp())]
    return (*filter(_works, tried if syscalls.machine_is_known() else []), limits)


def enter(level: Level, limits: Limits, *, scratch: Path, readable: Sequence[Path]) -> None:
    """Put this process into a sandbox for the rest of its life.

    Call it in a forked process with a single thread that has closed what it does not need (`close_other_fds`). On the
    level ``namespaces`` the caller continues in a grandchild, in which no process outside has an id; the process that
    called waits for it and ends as it ends (same exit status, same signal). Killing the process that called kills
    everything inside. On Linux the sandbox also ends with the thread that forked it.

    Parameters
    ----------
    level : Level
        One of `available_levels`.
    limits : Limits
        How much it may use.
    scratch : Path
        A folder. On ``namespaces`` an empty one in memory takes its place (and that of ``/tmp``); on the other levels
        files are really written there. It becomes the working directory, the home and the place of temporary files.
    readable : Sequence[Path]
        Files and folders that may be read, beside Python's own and the system's libraries.

    Raises
    ------
    AudioCourseError
        If the level does not work here, a folder is missing, or a folder is open.
    """
    scratch = scratch.resolve()
    readable = [path.absolute() for path in readable]
    _require_folders(scratch, readable)
    os.environ.update(HOME=str(scratch), TMPDIR=str(scratch), USER="nobody", LOGNAME="nobody")
    tempfile.tempdir = str(scratch)
    try:
        if level.name == "namespaces":
            _enter_namespaces(limits, scratch, readable)
        elif level.name == "seccomp":
            _enter_seccomp(limits, scratch, readable)
        else:
            _enter_limits(limits, scratch)
    except OSError as error:
        why = f"{error.filename or 'the system'} says '{error.strerror}'"
        raise AudioCourseError(
            f"The sandbox '{level.name}' cannot be set up here: {why}; choose another level of available_levels()."
        ) from error


def close_other_fds(keep: Sequence[int]) -> None:
    """Close every file descriptor but these; where 0, 1 and 2 are not among them, they lead to the null device.

    Parameters
    ----------
    keep : Sequence[int]
        The descriptors that stay open.
    """
    namespaces.close([descriptor for descriptor in _open_descriptors() if descriptor not in keep])
    for descriptor in {0, 1, 2} - set(keep):
        nowhere = os.open(os.devnull, os.O_RDWR)
        if nowhere != descriptor:
            os.dup2(nowhere, descriptor)
            os.close(nowhere)


def python_folders() -> tuple[Path, ...]:
    """List the folders that Python and its installed packages are read from."""
    places = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    places += [f"{prefix}/{lib}" for prefix in (sys.prefix, sys.base_prefix) for lib in ("lib", "lib64")]
    places += [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    return tuple(Path(place) for place in dict.fromkeys(places))


# --- the levels -----------------------------------------------------------------------------------------------------


def _enter_namespaces(limits: Limits, scratch: Path, readable: Sequence[Path]) -> None:
    held = held_bytes()
    visible = _visible(readable)
    maps = Path("/proc/self/maps").read_bytes()
    _default_signals()
    _new_session()
    namespaces.new_namespaces()
    namespaces.new_root(scratch, visible, COURSE, size=SCRATCH_FILES * limits.file_bytes, maps=maps)
    namespaces.go_on_inside()
    os.chdir(scratch)
    _new_session()
    namespaces.become_nobody()
    set_limits(limits, held=held, tasks=1 + limits.processes + THREADS)
    syscalls.restrict_calls([*NEVER, *process_rules(limits.processes)])


def _enter_seccomp(limits: Limits, scratch: Path, readable: Sequence[Path]) -> None:
    os.chdir(scratch)
    _new_session()
    held = held_bytes()
    tasks = tasks_allowed(limits) if limits.processes else None
    if syscalls.landlock_abi():
        devices = [Path(path) for path in namespaces.DEVICES if Path(path).exists()]
        maps = Path(f"/proc/{os.getpid()}/maps")  # by which threadpoolctl, and so scikit-learn, finds libraries
        syscalls.landlock(readable=[*_visible(readable), maps], writable=[scratch, *devices])
    syscalls.drop_capabilities()
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)
    syscalls.die_with_parent()
    set_limits(limits, held=held, tasks=tasks)
    syscalls.restrict_calls([*NEVER, *rules_beside_others(), *process_rules(limits.processes)])


def _enter_limits(limits: Limits, scratch: Path) -> None:
    os.chdir(scratch)
    if sys.platform == "win32":
        return
    _new_session()
    held = held_bytes()
    tasks = tasks_allowed(limits)
    if sys.platform == "linux":
        syscalls.drop_capabilities()
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)
        syscalls.die_with_parent()
    set_limits(limits, held=held, tasks=tasks)


def _promises_of_limits() -> tuple[str, ...]:
    if sys.platform == "win32":
        return ()
    if sys.platform != "linux":
        return (CPU_TIME, FILE_SIZE, OPEN_FILES)
    counted = (STARTS_FEW_PROCESSES,) if os.geteuid() else ()  # the kernel does not count root's processes
    return (MEMORY, CPU_TIME, FILE_SIZE, OPEN_FILES, *counted)


def _promises_of_seccomp() -> tuple[str, ...]:
    abi = syscalls.landlock_abi() if syscalls.machine_is_known() else 0
    reads = (READS_LIBRARIES_ONLY,) if abi >= 1 else ()
    writes = (WRITES_SCRATCH_ONLY,) if abi >= 3 else ()  # older ones let files be cut short
    started = (NO_NETWORK, SIGNALS_NO_PROCESSES, STARTS_NO_PROCESSES)
    return (*started, *reads, *writes, MEMORY, CPU_TIME, FILE_SIZE, OPEN_FILES)


def _promises_of_namespaces() -> tuple[str, ...]:
    processes = (SEES_NO_PROCESSES, SIGNALS_NO_PROCESSES, STARTS_NO_PROCESSES, LEAVES_NO_PROCESSES)
    files = (READS_LIBRARIES_ONLY, SEES_LIBRARIES_ONLY, WRITES_SCRATCH_ONLY, SCRATCH_SIZE)
    return (NO_NETWORK, *processes, *files, MEMORY, CPU_TIME, FILE_SIZE, OPEN_FILES)


def _works(level: Level) -> bool:
    """Try a level: a throw-away process enters it, then starts a thread and writes a file."""
    with tempfile.TemporaryDirectory() as folder:
        reader, writer = os.pipe()
        with warnings.catch_warnings(action="ignore"):  # a fork despite other threads: the child takes no lock
            child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                close_other_fds([writer])
                enter(level, Limits(), scratch=Path(folder), readable=())
                thread = threading.Thread(target=Path("probe").touch)
                thread.start()
                thread.join()
                os.write(writer, b"1" if Path("probe").exists() else b"")
            os._exit(0)
        os.close(writer)
        ready, _, _ = select.select([reader], [], [], PROBE_SECONDS)
        answer = os.read(reader, 1) if ready else b""
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):  # where the caller ignores SIGCHLD
            os.waitpid(child, 0)
    return answer == b"1"


# --- preconditions ----------------------------------------------------------------------------------------------------


def _default_signals() -> None:
    """Reset the signal handlers that the waiting process inherited."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(name, signal.SIG_DFL)


def _new_session() -> None:
    """Leave the terminal and start a new process group."""
    if os.getsid(0) != os.getpid():
        os.setsid()


def _visible(readable: Sequence[Path]) -> list[Path]:
    """List what can be read in the sandbox."""
    own = [path for path in (*map(Path, SYSTEM), *python_folders()) if os.access(path, os.R_OK)]
    return [*own, *readable]


def _require_folders(scratch: Path, readable: Sequence[Path]) -> None:
    if not scratch.is_dir():
        raise AudioCourseError(f"The scratch folder {scratch} does not exist; create it before entering the sandbox.")
    for path in readable:
        if not os.access(path, os.R_OK):
            raise AudioCourseError(f"{path} should be readable in the sandbox but cannot be read here.")
        if scratch.is_relative_to(path.resolve()):
            raise AudioCourseError(
                f"The scratch folder {scratch} is inside {path}; create it outside the readable folders."
            )
    for descriptor in _open_descriptors():
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise AudioCourseError(
                f"Descriptor {descriptor} is an open folder and would be a way out of the sandbox; close it first."
            )


def _open_descriptors() -> list[int]:
    if sys.platform == "win32":
        return []
    try:
        listed = [int(entry.name) for entry in list(Path("/dev/fd").iterdir())]
    except OSError as error:
        raise AudioCourseError(
            "The open files of this process cannot be listed, so no sandbox can be set up; mount /proc and try again."
        ) from error
    return [descriptor for descriptor in listed if _is_open(descriptor)]  # the one that listed them is gone


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True
