"""Each promise of each level is attacked from inside; the same attacks succeed where there is no sandbox."""

from __future__ import annotations

import contextlib
import ctypes
import encodings.idna  # noqa: F401 (nobody may have no way to the folder that it lies in)
import fcntl
import io
import json
import mmap
import os
import re
import resource
import select
import shutil
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.fft
import soundfile

from audiocourse.teach.grading.sandbox import call_rules, levels, namespaces, syscalls
from audiocourse.teach.grading.sandbox.levels import Level, available_levels, close_other_fds, enter
from audiocourse.teach.grading.sandbox.resources import MIB, THREADS, Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is attacked here are the sandboxes of Linux")

ROOT = Path(__file__).resolve().parents[4]
NOBODY = namespaces.NOBODY
LIMITS = Limits(memory_bytes=256 * MIB, address_bytes=1024 * MIB, file_bytes=MIB, open_files=32)
RUNGS = ("namespaces", "seccomp", "limits")
SECONDS = 40.0
USERS = ("me", "nobody") if os.geteuid() == 0 else ("me",)  # root can also try what an ordinary user meets


@dataclass(frozen=True)
class Place:
    """What an attack aims at."""

    scratch: Path
    shown: Path  # readable inside
    outside: Path  # the user's own folder, not readable inside
    tcp: int
    udp: int
    parent: int
    victim: int = 0
    witness: int = -1  # writing end of a pipe


@dataclass(frozen=True)
class Ended:
    said: Any
    status: int


Inside = Callable[[Place], object]


@pytest.fixture(params=USERS)
def user(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def place(user: str) -> Iterator[Place]:
    """Folders of the user and sockets that listen; not in tmp_path, through which nobody may not pass."""
    folder = Path(tempfile.mkdtemp()).resolve()
    scratch, shown, outside = folder / "scratch", folder / "shown", folder / "outside"
    for path in (scratch, shown, outside):
        path.mkdir()
        (path / "here.txt").write_text("the expected values")
    with socket.socket(type=socket.SOCK_STREAM) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        udp.bind(("127.0.0.1", 0))
        tcp.listen()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as local:
            local.bind(str(outside / "datagrams"))
            for path in [folder, *folder.rglob("*")]:
                path.chmod(0o755)
                if user == "nobody":
                    os.chown(path, NOBODY, NOBODY)
            yield Place(scratch, shown, outside, tcp.getsockname()[1], udp.getsockname()[1], os.getpid())
    shutil.rmtree(folder)


def become(user: str) -> None:
    if user == "nobody":
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)  # as in a process that somebody started who is not root
    else:
        with contextlib.suppress(PermissionError):  # only root may
            os.setgroups([0])


@contextlib.contextmanager
def started(
    level: Level | None, inside: Inside, place: Place, user: str, limits: Limits = LIMITS
) -> Iterator[tuple[int, socket.socket]]:
    """A process that does something in a sandbox and reports on a socket; killed at the end of the block."""
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        try:
            said: object = None
            close_other_fds([theirs.fileno(), *([place.witness] if place.witness >= 0 else [])])
            become(user)
            if level is not None:
                enter(level, limits, scratch=place.scratch, readable=[place.shown])
            said = inside(place)
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        finally:
            theirs.sendall(json.dumps(said).encode())
            os._exit(0)
    theirs.close()
    try:
        yield process, ours
    finally:
        ours.close()
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def finished(process: int, said: socket.socket) -> Ended:
    said.settimeout(SECONDS)
    heard = b""
    while part := said.recv(4096):
        heard += part
    return Ended(json.loads(heard) if heard else None, os.waitpid(process, 0)[1])


def run(level: Level | None, inside: Inside, place: Place, user: str, limits: Limits = LIMITS) -> Ended:
    with started(level, inside, place, user, limits) as (process, said):
        return finished(process, said)


def levels_of(user: str, place: Place) -> dict[str, Level]:
    if user == "me":
        return {level.name: level for level in available_levels()}
    rows = run(None, lambda _: [(r.name, r.promises) for r in available_levels.__wrapped__()], place, user).said
    return {name: Level(name, tuple(promises)) for name, promises in rows}


@pytest.fixture(params=RUNGS)
def level(request: pytest.FixtureRequest, user: str, place: Place) -> Level:
    found = levels_of(user, place).get(request.param)
    return found or pytest.skip(f"this system refuses the level {request.param} to {user}")


@pytest.fixture
def strong(level: Level) -> Level:
    return level if level.name != "limits" else pytest.skip("limits alone do not promise this")


# --- attacks: each returns or does not raise when it succeeds, or returns False -------------------------------------


def connect(place: Place) -> None:
    socket.create_connection(("127.0.0.1", place.tcp), timeout=1).close()


def send_a_datagram(place: Place) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sender:
        sender.sendto(b"the checks", ("127.0.0.1", place.udp))


def listen(_: Place) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))


def listen_to_the_kernel(_: Place) -> None:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()


def address_a_local_socket(place: Place) -> None:
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"the checks", str(place.outside / "datagrams"))


def ask_for_the_parent(place: Place) -> bool:
    try:
        os.kill(place.parent, 0)
    except PermissionError:
        return True
    return True


def look_for_the_parent(place: Place) -> bool:
    return Path(f"/proc/{place.parent}").exists()


def kill(place: Place) -> None:
    os.kill(place.victim, signal.SIGUSR1)


def kill_through_a_descriptor(place: Place) -> None:
    signal.pidfd_send_signal(os.pidfd_open(place.victim), signal.SIGUSR1)


def kill_through_a_socket(place: Place) -> None:
    one, other = socket.socketpair()
    fcntl.fcntl(one, fcntl.F_SETOWN, place.victim)
    fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC)
    other.send(b"now")


def slow_down(place: Place) -> None:
    os.setpriority(os.PRIO_PROCESS, place.victim, 19)


def take_its_limits(place: Place) -> None:
    resource.prlimit(place.victim, resource.RLIMIT_NOFILE, (0, 0))


def start_a_process(_: Place) -> None:
    if (child := os.fork()) == 0:
        os._exit(0)
    os.waitpid(child, 0)


def start_hundreds(_: Place) -> None:
    children: list[int] = []
    try:
        while len(children) < 3 * THREADS:
            if (child := os.fork()) == 0:
                signal.pause()
            children.append(child)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def read_a_file(place: Place) -> None:
    (place.outside / "here.txt").read_text()


def read_it_by_a_detour(place: Place) -> None:
    Path(f"{place.scratch}/../outside/here.txt").read_text()


def read_it_by_a_link(place: Place) -> None:
    (place.scratch / "link").symlink_to(place.outside / "here.txt")
    (place.scratch / "link").read_text()


def read_the_checks(_: Place) -> None:
    Path(__file__).read_text()


def list_the_solutions(_: Place) -> None:
    assert list((ROOT / "solutions").iterdir())


def read_the_users(_: Place) -> None:
    Path("/etc/passwd").read_text()


def read_the_environment(_: Place) -> None:
    Path("/proc/self/environ").read_bytes()


def see_a_file(place: Place) -> bool:
    return (place.outside / "here.txt").exists()


def see_the_clone(_: Place) -> bool:
    return (ROOT / "tests").exists()


def write_a_file(place: Place) -> None:
    (place.outside / "new.txt").write_text("5 of 5")


def change_a_file(place: Place) -> None:
    with (place.outside / "here.txt").open("a") as file:
        file.write("5 of 5")


def change_what_is_shown(place: Place) -> None:
    (place.shown / "here.txt").write_text("5 of 5")


def cut_a_file(place: Place) -> None:
    os.truncate(place.shown / "here.txt", 0)


def cut_it_while_reading(place: Place) -> None:
    os.close(os.open(place.shown / "here.txt", os.O_RDONLY | os.O_TRUNC))


def lock_a_file_up(place: Place) -> None:
    (place.shown / "here.txt").chmod(0o600)


def date_a_file(place: Place) -> None:
    os.utime(place.shown / "here.txt", (0, 0))


def mark_a_file(place: Place) -> None:
    os.setxattr(place.shown, "user.grade", b"5 of 5")


def link_a_file_out(place: Place) -> None:
    (place.scratch / "mine.txt").write_text("5 of 5")
    os.link(place.scratch / "mine.txt", place.outside / "linked.txt")


def make_a_folder(place: Place) -> None:
    (place.outside / "new").mkdir()


def rename_a_file(place: Place) -> None:
    (place.shown / "here.txt").rename(place.shown / "there.txt")


def delete_a_file(place: Place) -> None:
    (place.shown / "there.txt" if (place.shown / "there.txt").exists() else place.shown / "here.txt").unlink()


def fill_the_scratch(place: Place) -> None:
    for index in range(2 * levels.SCRATCH_FILES):
        (place.scratch / f"{index}.bin").write_bytes(bytes(LIMITS.file_bytes))


def allocate(_: Place) -> None:
    np.empty(4 << 30, np.uint8)


def allocate_piece_by_piece(_: Place) -> None:
    held = [np.empty(64 * MIB, np.uint8) for _ in range(8)]
    assert held


def share_memory(_: Place) -> None:
    mmap.mmap(-1, 4 << 30).close()


def share_zeros(_: Place) -> None:
    with Path("/dev/zero").open("r+b") as zeros:
        mmap.mmap(zeros.fileno(), 4 << 30).close()


def grow_another_stack(_: Place) -> None:
    private, nameless, growing = 0x02, 0x20, 0x100
    mmap.mmap(-1, 4 << 30, flags=private | nameless | growing).close()


def write_a_large_file(place: Place) -> None:
    (place.scratch / "large.bin").write_bytes(bytes(LIMITS.file_bytes + 1))


def stretch_a_file(place: Place) -> None:
    with (place.scratch / "stretched.bin").open("wb") as file:
        file.truncate(4 << 30)


def open_many_files(place: Place) -> None:
    held = [(place.scratch / "here.txt").open("w") for _ in range(LIMITS.open_files + 1)]
    assert held


def ask_for_more(_: Place) -> bool:
    """Raise the limits again."""
    for kind in (
        resource.RLIMIT_AS,
        resource.RLIMIT_DATA,
        resource.RLIMIT_CPU,
        resource.RLIMIT_FSIZE,
        resource.RLIMIT_NOFILE,
    ):
        resource.setrlimit(kind, (1 << 20, resource.getrlimit(kind)[1] if kind == resource.RLIMIT_NOFILE else 1 << 40))
    return True


ATTACKS: dict[str, tuple[Inside, ...]] = {
    levels.NO_NETWORK: (connect, send_a_datagram, listen, listen_to_the_kernel, address_a_local_socket),
    levels.SEES_NO_PROCESSES: (ask_for_the_parent, look_for_the_parent),
    levels.SIGNALS_NO_PROCESSES: (slow_down, take_its_limits, kill_through_a_socket, kill_through_a_descriptor, kill),
    levels.STARTS_NO_PROCESSES: (start_a_process,),
    levels.STARTS_FEW_PROCESSES: (start_hundreds,),
    levels.READS_LIBRARIES_ONLY: (
        *(read_a_file, read_it_by_a_detour, read_it_by_a_link, read_the_checks, list_the_solutions),
        *(read_the_users, read_the_environment),
    ),
    levels.SEES_LIBRARIES_ONLY: (see_a_file, see_the_clone),
    levels.WRITES_SCRATCH_ONLY: (
        *(write_a_file, change_a_file, change_what_is_shown, cut_a_file, cut_it_while_reading, date_a_file),
        *(mark_a_file, lock_a_file_up, link_a_file_out, make_a_folder, rename_a_file, delete_a_file),
    ),
    levels.SCRATCH_SIZE: (fill_the_scratch,),
    levels.MEMORY: (allocate, allocate_piece_by_piece, share_memory, share_zeros, grow_another_stack),
    levels.FILE_SIZE: (write_a_large_file, stretch_a_file),
    levels.OPEN_FILES: (open_many_files,),
}
ATTACKED_ALONE = {levels.CPU_TIME, levels.LEAVES_NO_PROCESSES}


def succeeded(attacks: Sequence[Inside], place: Place) -> list[str]:
    """Name the attacks that succeed."""
    names = []
    for attack in attacks:
        with contextlib.suppress(OSError, MemoryError, ValueError):
            if attack(place) is not False:
                names.append(attack.__name__)
    return names


@contextlib.contextmanager
def a_victim(user: str) -> Iterator[int]:
    """A process of the same user that waits to be killed."""
    ready, told = os.pipe()
    victim = os.fork()
    if victim == 0:
        try:
            become(user)
            os.write(told, b"1")
            while True:
                signal.pause()
        finally:
            os._exit(1)
    os.read(ready, 1)
    os.close(ready)
    os.close(told)
    try:
        yield victim
    finally:
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)


def test_each_promise_is_kept(level: Level, place: Place, user: str) -> None:
    broken = {}
    for promise in set(level.promises) - ATTACKED_ALONE:
        with a_victim(user) as victim:
            aimed = replace(place, victim=victim)
            said = run(level, lambda aim, promise=promise: succeeded(ATTACKS[promise], aim), aimed, user).said
            assert os.waitpid(victim, os.WNOHANG) == (0, 0) or "kill" in str(said)
        if said != []:
            broken[promise] = said
    assert not broken
    if levels.WRITES_SCRATCH_ONLY in level.promises:
        assert {path.name for path in place.outside.iterdir()} == {"here.txt", "datagrams"}
        assert (place.shown / "here.txt").read_text() == "the expected values"


def test_the_attacks_succeed_without_a_sandbox(place: Place, user: str) -> None:
    for promise, attacks in ATTACKS.items():
        with a_victim(user) as victim:
            aimed = replace(place, victim=victim)
            said = run(None, lambda aim, attacks=attacks: succeeded(attacks, aim), aimed, user).said
        assert said == [attack.__name__ for attack in attacks], promise


# --- what needs more than one attack --------------------------------------------------------------------------------


def burn(_: Place, seconds: float = 1.2) -> str:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass
    return "burnt"


def burn_on(place: Place) -> str:
    """Burn on after the first signal, until the second limit."""
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    return burn(place, 2.2)


@pytest.mark.parametrize("user", ["me"], indirect=True)
def test_processor_time_is_limited(place: Place, user: str) -> None:
    limits = replace(LIMITS, cpu_seconds=0.5)
    with contextlib.ExitStack() as stack:
        running = {
            level.name: stack.enter_context(started(level, burn, place, user, limits))
            for level in available_levels()[:-1]
        }
        running["limits"] = stack.enter_context(started(available_levels()[-1], burn_on, place, user, limits))
        running["none"] = stack.enter_context(started(None, burn, place, user))
        ended = {name: finished(*process) for name, process in running.items()}
    assert ended.pop("none").said == "burnt"
    assert ended["limits"].said is None
    assert os.WTERMSIG(ended.pop("limits").status) == signal.SIGKILL
    for name, end in ended.items():
        assert end.said is None, name
        assert os.WTERMSIG(end.status) == signal.SIGXCPU, name


def leave_a_daemon(place: Place) -> None:
    """Start a process that leaves the session where it can, ignores what can be ignored, and holds the witness."""
    if os.fork() == 0:
        with contextlib.suppress(OSError):
            os.setsid()
        if os.fork() == 0:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            close_daemon_pipes(place.witness)
            os.write(place.witness, b"1")
            time.sleep(3 if place.victim == 0 else 1)
        os._exit(0)
    time.sleep(0.1)


def close_daemon_pipes(keep: int) -> None:
    for descriptor in range(3, 32):
        if descriptor != keep:
            with contextlib.suppress(OSError):
                os.close(descriptor)


def wait_with_a_daemon(place: Place) -> None:
    leave_a_daemon(place)
    time.sleep(SECONDS)


@contextlib.contextmanager
def witnessed(place: Place) -> Iterator[tuple[Place, int]]:
    """A pipe whose reading end says the end when nobody holds the other one any more."""
    heard, said = os.pipe()
    os.set_inheritable(said, True)
    try:
        yield replace(place, witness=said), heard
    finally:
        os.close(heard)


def gone(heard: int, *, within: float = 0.5) -> bool:
    """Whether nobody is left who holds the other end."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if select.select([heard], [], [], 0.05)[0] and not os.read(heard, 100):
            return True
    return False


@pytest.mark.parametrize("how", [leave_a_daemon, wait_with_a_daemon])
def test_nothing_is_left_behind(strong: Level, place: Place, user: str, how: Inside) -> None:
    if levels.LEAVES_NO_PROCESSES not in strong.promises:
        pytest.skip(f"{strong.name} does not promise this")
    with witnessed(place) as (aimed, heard):
        with started(strong, how, aimed, user, replace(LIMITS, processes=5)) as (process, said):
            os.close(aimed.witness)
            assert os.read(heard, 1) == b"1"  # the daemon lives
            if how is leave_a_daemon:
                finished(process, said)
            else:
                os.kill(process, signal.SIGKILL)
        assert gone(heard)


@pytest.mark.parametrize("user", ["me"], indirect=True)
def test_a_daemon_is_left_behind_without_a_sandbox(place: Place, user: str) -> None:
    with witnessed(replace(place, victim=1)) as (aimed, heard):
        with started(None, leave_a_daemon, aimed, user) as (process, said):
            os.close(aimed.witness)
            finished(process, said)
        assert not gone(heard)
        assert gone(heard, within=3)  # it ends by itself


def test_the_sandbox_ends_with_whoever_made_it(level: Level, place: Place, user: str) -> None:
    def hold(_: Place) -> None:
        os.write(aimed.witness, b"1")
        time.sleep(SECONDS)

    with witnessed(place) as (aimed, heard):
        maker = os.fork()
        if maker == 0:
            with started(level, hold, aimed, user):
                os.close(aimed.witness)
                time.sleep(SECONDS)
            os._exit(1)
        os.close(aimed.witness)
        assert os.read(heard, 1) == b"1"
        os.kill(maker, signal.SIGKILL)
        os.waitpid(maker, 0)
        assert gone(heard)


# --- what must go on working ----------------------------------------------------------------------------------------


def honest_work(place: Place) -> dict[str, bool]:
    rng = np.random.default_rng(0)
    y = rng.normal(size=4096).astype(np.float32)
    heard: list[int] = []
    threads = [threading.Thread(target=heard.append, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.save("y.npy", y)
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"1")
    sound = io.BytesIO()
    soundfile.write(sound, y / 10, 16_000, format="WAV")  # libsndfile calls back into Python
    sound.seek(0)
    one, other = socket.socketpair()
    one.send(b"1")
    called = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda number: number + 1)
    return {
        "fft": bool(np.allclose(scipy.fft.irfft(scipy.fft.rfft(y)), y, atol=1e-5)),
        "linear algebra": bool(np.isfinite(np.linalg.svd(rng.normal(size=(50, 50)))[1]).all()),
        "threads": sorted(heard) == list(range(8)),
        "scratch": (place.scratch / "y.npy").read_bytes() == Path("y.npy").read_bytes(),
        "sound": len(soundfile.read(sound)[0]) == len(y),
        "socketpair": other.recv(1) == b"1",
        "callback": called(1) == 2,
        "shown": (place.shown / "here.txt").read_text() == "the expected values",
        "random": len(os.urandom(8)) == 8,
        "nowhere": Path(os.devnull).write_text("1") == 1,
        "home": Path.home() == place.scratch,
        "a warning to itself": signal.raise_signal(signal.SIGCHLD) is None,
        "100 MiB": len(np.ones(100 * MIB, np.uint8)) == 100 * MIB,
    }


def test_honest_work_goes_on(level: Level, place: Place, user: str) -> None:
    end = run(level, honest_work, place, user)
    assert isinstance(end.said, dict), end.said
    assert [name for name, good in end.said.items() if not good] == []
    assert end.status == 0


@pytest.mark.parametrize("user", ["me"], indirect=True)
def test_what_was_not_imported_can_be(level: Level, place: Place, user: str) -> None:
    def late(_: Place) -> int:
        for name in [name for name in sys.modules if name.split(".")[0] in ("wave", "scipy", "colorsys")]:
            del sys.modules[name]
        import colorsys
        import wave

        import scipy.special

        return len({wave.__name__, colorsys.__name__, scipy.special.__name__})

    assert run(level, late, place, user).said == 3


def test_what_a_large_library_maps_is_not_counted_as_memory(level: Level, place: Place, user: str) -> None:
    """PyPI's torch maps 3 GB and uses a sixth of them."""

    def map_much(_: Place) -> int:
        with mmap.mmap(-1, 3 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ) as mapped:
            return len(mapped)

    limits = replace(LIMITS, address_bytes=Limits().address_bytes)
    assert run(level, map_much, place, user, limits).said == 3 << 30


def test_limits_cannot_be_raised(level: Level, place: Place, user: str) -> None:
    assert run(level, lambda aim: succeeded([ask_for_more], aim), place, user).said == []


def test_a_process_is_not_started_and_some_are_where_allowed(strong: Level, place: Place, user: str) -> None:
    def start(_: Place) -> list[int]:
        children = []
        for index in range(3):
            if (child := os.fork()) == 0:
                os._exit(index)
            children.append(child)
        return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    assert "PermissionError" in run(strong, start, place, user).said
    assert run(strong, start, place, user, replace(LIMITS, processes=3)).said == [0, 1, 2]


def test_there_is_no_way_to_another_world(strong: Level, place: Place, user: str) -> None:
    def leave(_: Place) -> list[str]:
        return succeeded(
            [
                lambda _: syscalls.unshare(syscalls.CLONE_NEWUSER),
                lambda _: syscalls.mount("tmpfs", place.scratch, "tmpfs", 0),
                lambda _: os.memfd_create("memory"),
                lambda _: syscalls.prctl(syscalls.PR_SET_PDEATHSIG, 0),
            ],
            place,
        )

    assert run(strong, leave, place, user).said == []


def test_no_rights_are_left(level: Level, place: Place, user: str) -> None:
    """What only root may do fails, for root too."""
    attacks: list[Inside] = [
        lambda _: os.setresgid(1, 1, 1),
        lambda _: os.nice(-1),
        lambda _: os.chown("here.txt", 1, 1),
    ]

    def capabilities(_: Place) -> list[int]:
        held = ctypes.create_string_buffer(24)
        assert ctypes.CDLL(None).capget(struct.pack("Ii", 0x2008_0522, 0), held) == 0
        return list(held.raw)

    assert run(level, lambda aim: succeeded(attacks, aim), place, user).said == []
    assert run(level, capabilities, place, user).said == [0] * 24


def test_everybody_is_nobody_in_a_world_of_one_s_own(level: Level, place: Place, user: str) -> None:
    if level.name != "namespaces":
        pytest.skip(f"{level.name} shares the host's world")
    shown = (*map(Path, levels.SYSTEM), *levels.python_folders(), place.scratch, Path("/proc"))
    top = {path.absolute().parts[1] for path in shown}

    def look(_: Place) -> tuple[int, int, bool, list[str], list[str]]:
        made = succeeded([lambda _: Path("/new").mkdir(), lambda _: Path("/dev/new").touch()], place)
        return os.getuid(), os.getgid(), 0 in os.getgroups(), made, [path.name for path in Path("/").iterdir()]

    uid, gid, of_root, made, seen = run(level, look, place, user).said
    assert (uid, gid, of_root, made) == (NOBODY, NOBODY, False, [])
    assert set(seen) <= {*top, "usr", "tmp", "dev"}


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (lambda: os._exit(7), 7 << 8),
        (lambda: os._exit(137), 137 << 8),
        (os.abort, signal.SIGABRT),
        (lambda: os.kill(os.getpid(), signal.SIGTERM), signal.SIGTERM),
        (lambda: ctypes.string_at(0), signal.SIGSEGV),
    ],
)
@pytest.mark.parametrize("user", ["me"], indirect=True)
def test_the_status_comes_out(level: Level, place: Place, user: str, end: Callable[[], object], expected: int) -> None:
    def stop(_: Place) -> None:
        import faulthandler

        faulthandler.disable()
        end()

    assert run(level, stop, place, user).status == expected


@pytest.mark.parametrize("user", ["me"], indirect=True)
def test_scratch_holds_on_the_host_only_without_namespaces(level: Level, place: Place, user: str) -> None:
    run(level, lambda _: Path("mine.txt").write_text("1"), place, user)
    assert (place.scratch / "mine.txt").exists() == (level.name != "namespaces")


def test_the_strongest_level_is_first_and_each_promise_is_attacked() -> None:
    names = [level.name for level in available_levels()]
    assert names == [name for name in RUNGS if name in names]
    assert names[-1] == "limits"
    assert {promise for level in available_levels() for promise in level.promises} <= set(ATTACKS) | ATTACKED_ALONE


@pytest.mark.parametrize("user", ["me"], indirect=True)
def test_where_user_namespaces_are_refused_the_next_level_is_taken(place: Place, user: str) -> None:
    def climb(_: Place) -> list[str]:
        syscalls.unshare(syscalls.CLONE_NEWUSER)  # a world in which there may be no further one
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
        return [level.name for level in available_levels.__wrapped__()]

    said = run(None, climb, place, user).said
    if not isinstance(said, list):
        pytest.skip(f"this system refuses the trial itself: {said}")
    assert "namespaces" not in said
    assert said == [level.name for level in available_levels() if level.name != "namespaces"]


# --- what is refused, and small parts -------------------------------------------------------------------------------


def refusal(place: Place, *, scratch: Path, readable: Path, before: Callable[[], object] = lambda: None) -> str:
    def wrongly(_: Place) -> None:
        before()
        enter(available_levels()[-1], LIMITS, scratch=scratch, readable=[readable])

    return str(run(None, wrongly, place, "me").said)


@pytest.mark.parametrize("user", ["me"], indirect=True)
def test_what_would_make_the_sandbox_leaky_or_useless_is_refused(place: Place) -> None:
    gone_folder = place.outside / "gone"
    good = {"scratch": place.scratch, "readable": place.shown}
    assert refusal(place, **good) == "None"
    for said, words in [
        (refusal(place, scratch=gone_folder, readable=place.shown), "does not exist"),
        (refusal(place, scratch=place.scratch, readable=gone_folder), "cannot be read here"),
        (refusal(place, scratch=place.scratch, readable=place.scratch.parent), "is inside"),
        (refusal(place, **good, before=lambda: os.open("/", os.O_RDONLY)), "way out of the sandbox"),
    ]:
        assert words in said
        assert re.fullmatch(r"AudioCourseError: [^.]+(\.[^ ][^.]*)*\.", said), said


@pytest.mark.parametrize("user", ["me"], indirect=True)
def test_a_level_that_does_not_work_says_so(place: Place, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(1, "Operation not permitted", "unshare")

    monkeypatch.setattr(syscalls, "unshare", refuse)
    said = run(Level("namespaces", ()), lambda _: "inside", place, user).said
    assert said.startswith(
        "AudioCourseError: The sandbox 'namespaces' cannot be set up here: unshare says 'Operation not"
    )
    assert "namespaces" not in [level.name for level in available_levels.__wrapped__()]


@pytest.mark.parametrize("user", ["me"], indirect=True)
def test_other_descriptors_are_closed_and_the_standard_ones_lead_nowhere(place: Place, user: str) -> None:
    def look(_: Place) -> list[object]:
        to_us = [descriptor for descriptor in levels._open_descriptors() if descriptor > 2]
        kept, lost = os.pipe()
        close_other_fds([kept, *to_us])
        return [
            str(Path("/dev/fd/1").readlink()),
            kept in levels._open_descriptors(),
            lost in levels._open_descriptors(),
        ]

    assert run(None, look, place, user).said == [os.devnull, True, False]


@pytest.mark.parametrize("machine", syscalls.MACHINES)
def test_the_filter_decides_rightly_on_each_machine(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscalls.platform, "machine", lambda: machine)
    rules = [*call_rules.NEVER, *call_rules.rules_beside_others(), *call_rules.process_rules(LIMITS.processes)]
    program = list(syscalls._filter(rules))
    arch, number = syscalls.AUDIT_ARCH[syscalls.MACHINES[machine]], syscalls.number
    allow, denied, missing = 0x7FFF_0000, 0x0005_0001, 0x0005_0026

    def verdict(call: int, *arguments: int, arch: int = arch) -> int:
        return decide(program, struct.pack("IIQ6Q", call, arch, 0, *arguments, *[0] * (6 - len(arguments))))

    for name in [*syscalls.NEVER, *syscalls.NEVER_BESIDE_OTHERS]:
        assert number(name) < 0 or verdict(number(name)) == denied, name
    threads = 0x3D0F00 | syscalls.CLONE_THREAD
    own = os.getpid()
    assert verdict(number("clone"), threads) == allow
    assert verdict(number("clone"), signal.SIGCHLD) == denied
    assert verdict(number("clone"), threads | syscalls.CLONE_NEWPID) == denied
    assert verdict(number("clone3")) == missing
    assert [verdict(number("kill"), pid, 9) for pid in (own, 0, own + 1, 2**32 - 1)] == [allow, allow, denied, denied]
    assert [verdict(number("socketpair"), 1, kind) for kind in (1, 1 | 0o2000000, 2, 5)] == [
        allow,
        allow,
        denied,
        denied,
    ]
    assert verdict(number("socketpair"), 2, 1) == denied
    assert [verdict(number("fcntl"), 3, option) for option in (1, 2, 8, 10, 15)] == [allow, allow, *[denied] * 3]
    assert [verdict(number("prctl"), option) for option in (1, 4, 38)] == [denied, allow, allow]
    assert verdict(63) == allow  # read or uname
    assert verdict(syscalls.NEWEST_KNOWN + 1) == verdict(0x4000_0000 + 41) == missing
    assert verdict(63, arch=0x4000_0003) == 0x8000_0000  # 32-bit calls: killed


def decide(program: Sequence[syscalls.Instruction], data: bytes) -> int:
    """Run a filter on what the kernel would show it of a call."""
    at, held = 0, 0
    while True:
        code, when_true, when_false, value = program[at]
        at += 1
        if code == 0x06:
            return value
        if code == 0x20:
            held = int(struct.unpack_from("I", data, value)[0])
        elif code == 0x54:
            held &= value
        elif code == 0x05:
            at += value
        else:
            true = {0x15: held == value, 0x25: held > value, 0x35: held >= value}[code]
            at += when_true if true else when_false


@pytest.mark.parametrize(
    ("column", "header"),
    [(0, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), (1, "/usr/include/asm-generic/unistd.h")],
)
def test_the_numbers_are_those_of_the_kernel_headers(column: int, header: str) -> None:
    if not Path(header).exists():
        pytest.skip("the kernel's headers are not installed")
    pattern = r"#define __NR(?:3264)?_(\w+)\s+(\d+)"
    known: dict[str, int] = {}
    for name, value in re.findall(pattern, Path(header).read_text()):
        known.setdefault(name, int(value))
    for name, numbers in syscalls.NUMBERS.items():
        if name in known or numbers[column] < 400:  # older headers lack the newest calls
            assert numbers[column] == known.get(name, -1), name


def test_what_is_hidden_is_the_whole_course() -> None:
    assert (levels.COURSE / "course.toml").is_file()
