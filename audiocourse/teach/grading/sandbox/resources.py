"""Limits of memory, time, files and processes for a process and all that it starts."""

from __future__ import annotations

import contextlib
import math
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
THREADS = 64  # an answer may start these beside its processes


@dataclass(frozen=True)
class Limits:
    """How much a process in the sandbox may use.

    Parameters
    ----------
    cpu_seconds : float
        Processor time from now on, rounded up to whole seconds.
    memory_bytes : int
        Memory beyond what the process holds already, whether it is touched or not.
    address_bytes : int
        Addresses beyond those that the process has mapped already. Libraries map far more than they use (PyPI's torch
        3 GB), so this is only a bound for what `memory_bytes` cannot count.
    processes : int
        Processes it may start; threads are not counted.
    file_bytes : int
        Size of a file it writes.
    open_files : int
        Number of files it may have open, those that are open now included.
    """

    cpu_seconds: float = 10.0
    memory_bytes: int = 1536 * MIB
    address_bytes: int = 6144 * MIB
    processes: int = 0
    file_bytes: int = 16 * MIB
    open_files: int = 64


def set_limits(limits: Limits, *, held: Held | None, tasks: int | None) -> None:
    """Set the limits of this process, beyond what it holds already."""
    if sys.platform == "win32":
        return
    import resource

    cpu = math.ceil(time.process_time() + limits.cpu_seconds)
    wanted = {
        resource.RLIMIT_CPU: (cpu, cpu + 1),  # a signal, which code may survive, then the end
        resource.RLIMIT_FSIZE: (limits.file_bytes,) * 2,
        resource.RLIMIT_NOFILE: (limits.open_files,) * 2,
        resource.RLIMIT_CORE: (0, 0),
    }
    if held is not None:
        wanted[resource.RLIMIT_DATA] = (held.data + limits.memory_bytes,) * 2
        wanted[resource.RLIMIT_AS] = (held.mapped + limits.address_bytes,) * 2
    if tasks is not None:
        wanted[resource.RLIMIT_NPROC] = (tasks,) * 2
    for kind, pair in wanted.items():
        highest = resource.getrlimit(kind)[1]
        soft, hard = (value if highest == resource.RLIM_INFINITY else min(value, highest) for value in pair)
        resource.setrlimit(kind, (soft, hard))


@dataclass(frozen=True)
class Held:
    """Bytes of this process: all addresses that are mapped, and private memory that it can write."""

    mapped: int
    data: int


def held_bytes() -> Held | None:
    """Measure this process; None where the system neither reports nor limits it."""
    if sys.platform != "linux":
        return None
    fields = Path("/proc/self/statm").read_text(encoding="utf-8").split()
    page = os.sysconf("SC_PAGE_SIZE")
    return Held(mapped=int(fields[0]) * page, data=int(fields[5]) * page)


def tasks_allowed(limits: Limits) -> int | None:
    """Return the limit that leaves the sandbox room among all processes and threads of this user; None if unknown."""
    if sys.platform != "linux":
        return None
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            count += len(list((process / "task").iterdir())) if process.stat().st_uid == os.getuid() else 0
    return count + limits.processes + THREADS
