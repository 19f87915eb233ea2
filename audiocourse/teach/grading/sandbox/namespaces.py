"""Linux namespaces: no network, no other processes, and a root that holds only what is mounted there.

``levels.py`` builds its strongest level from these functions. Each raises `OSError` when the kernel refuses.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

from audiocourse.teach.grading.sandbox import syscalls

NOBODY = 65_534
DEVICES = ("/dev/null", "/dev/random", "/dev/urandom")  # not /dev/zero: mapping it takes memory that no limit counts


def new_namespaces() -> None:
    """Enter new namespaces, as a user with all rights there and none outside."""
    if os.geteuid() == 0 and _knows_nobody():
        os.setgroups([])
        with _mapped_from_outside():
            syscalls.unshare(syscalls.NEW_NAMESPACES)
        return
    uid = os.geteuid()
    gid = os.getegid()
    syscalls.unshare(syscalls.NEW_NAMESPACES)
    _map_users("self", f"{NOBODY} {uid} 1", f"{NOBODY} {gid} 1")


def _users_here(kind: str) -> list[tuple[int, int]]:
    """List the users or groups of the present user namespace, as pairs (first, count)."""
    lines = Path("/proc/self", kind).read_text().splitlines()
    return [(int(line.split()[0]), int(line.split()[2])) for line in lines]


def _knows_nobody() -> bool:
    """Whether the host's user nobody exists here; in some containers only root does."""
    return all(
        any(first <= NOBODY < first + count for first, count in _users_here(kind)) for kind in ("uid_map", "gid_map")
    )


@contextlib.contextmanager
def _mapped_from_outside() -> Iterator[None]:
    """Map all users to themselves by a process that stays outside: root needs this to see every user's folders."""
    maps = [
        "\n".join(f"{first} {first} {count}" for first, count in _users_here(f"{kind}_map")) for kind in ("uid", "gid")
    ]
    ours = os.getpid()
    reader, writer = os.pipe()
    helper = os.fork()
    if helper == 0:
        with contextlib.suppress(OSError):
            os.close(writer)
            os.read(reader, 1)  # ends when the other side is closed
            _map_users(str(ours), *maps)
            os._exit(0)
        os._exit(1)
    os.close(reader)
    try:
        yield
    finally:
        os.close(writer)
        _, status = os.waitpid(helper, 0)
    if status:
        raise OSError(1, "the users cannot be mapped", "uid_map")


def _map_users(process: str, users: str, groups: str) -> None:
    folder = Path("/proc") / process
    folder.joinpath("setgroups").write_text("deny")
    folder.joinpath("gid_map").write_text(groups)
    folder.joinpath("uid_map").write_text(users)


def new_root(scratch: Path, visible: Sequence[Path], hidden: Path, *, size: int, maps: bytes) -> None:
    """Build a root with the visible paths, read-only and without the hidden one, and a folder that can be written.

    ``maps`` is the content of ``/proc/self/maps`` there, the only file of ``/proc``: threadpoolctl, and so scikit-learn
    and parts of librosa, reads it to find the libraries that are loaded.
    """
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
    root = scratch
    quiet = syscalls.MS_NOSUID | syscalls.MS_NODEV
    syscalls.mount("tmpfs", root, "tmpfs", quiet, "mode=755,size=4m")
    inside = _under(root, Path("/tmp"))  # noqa: S108
    inside.mkdir()
    options = f"mode=1777,size={size},nr_inodes=4096"
    syscalls.mount("tmpfs", inside, "tmpfs", quiet | syscalls.MS_NOEXEC, options)
    _mount_visible(root, visible)
    if _under(root, hidden).is_dir():
        syscalls.mount("tmpfs", _under(root, hidden), "tmpfs", quiet, "mode=555,size=4k")
    for device in DEVICES:
        _bind(Path(device), _under(root, Path(device)))
    listed = _under(root, Path("/proc/self/maps"))
    listed.parent.mkdir(parents=True)
    listed.write_bytes(maps)
    link = _under(root, scratch)
    link.parent.mkdir(parents=True, exist_ok=True)
    if link != inside:
        link.symlink_to("/tmp")  # noqa: S108
    syscalls.enter_root(root)
    syscalls.make_read_only(Path("/"), recursive=False)


def _mount_visible(root: Path, visible: Sequence[Path]) -> None:
    """Mount paths at their own places under ``root``, read-only, and make the links that lead to them."""
    shown: list[Path] = []
    for path in sorted({_without_links(root, path) for path in visible}):  # outer folders first
        if not any(path.is_relative_to(outer) for outer in shown):
            _bind(path, _under(root, path))
            syscalls.make_read_only(_under(root, path), recursive=True)
            shown.append(path)


def _without_links(root: Path, path: Path) -> Path:
    """Return the real place of a path; each link on the way there is made again under ``root``."""
    for part in (*reversed(path.parents), path):
        if part.is_symlink():
            target = Path(os.path.normpath(part.parent / part.readlink()))
            link = _under(root, part)
            if not link.is_symlink():
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(target)
            return _without_links(root, target / path.relative_to(part))
    return path


def _bind(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    syscalls.mount(path, target, None, syscalls.MS_BIND | syscalls.MS_REC)


def _under(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def go_on_inside() -> None:
    """Continue in the second process of the new pid namespace; the first guards it, and the caller waits outside."""
    syscalls.die_with_parent()
    guarding, outside = os.pipe()  # the writing end is held outside only, so that the guard notices when it is gone
    reader, writer = os.pipe()
    guard = os.fork()
    if guard:
        with _never_to_return():
            close([guarding, writer])
            _wait_outside(guard, reader)
    try:
        os.close(outside)
        syscalls.die_with_parent()
        if select.select([guarding], [], [], 0)[0]:  # the process outside ended before this one asked to end with it
            os._exit(1)
        inner = os.fork()
    except OSError:
        os._exit(1)
    if inner:
        with _never_to_return():
            close([guarding, reader])
            _guard(inner, writer)
    close([guarding, reader, writer])


@contextlib.contextmanager
def _never_to_return() -> Iterator[None]:
    """Keep a waiting process out of the code that is to run in the sandbox, whatever happens."""
    try:
        yield
    finally:
        os._exit(1)


def _wait_outside(guard: int, reader: int) -> None:
    """Wait for the guard's report and end as it says; without a report the guard was killed."""
    report = os.read(reader, 8)
    os.waitpid(guard, 0)
    _end_like(int(report) if report else int(signal.SIGKILL))


def _guard(inner: int, writer: int) -> None:
    """Act as the first process: reap the others and report how the inner ended; all end with this one."""
    ended = 0
    while ended != inner:
        ended, status = os.wait()
    os.write(writer, str(status).encode())
    os._exit(0)


def _end_like(status: int) -> None:
    """End with the status of another process, its signal included."""
    if os.WIFSIGNALED(status):
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)  # a core dump would show the wrong process
        with contextlib.suppress(OSError):  # nothing can be set for SIGKILL
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def become_nobody() -> None:
    """Give up all rights in the new namespaces and become the user nobody."""
    syscalls.drop_bounding_set()
    if os.geteuid() == 0:
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    syscalls.drop_capabilities()
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)


def close(descriptors: Sequence[int]) -> None:
    """Close file descriptors, open or not."""
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            os.close(descriptor)
