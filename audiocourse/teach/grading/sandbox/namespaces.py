"""A world of its own for a process: no network, nobody else, and a root that holds nothing but what is shown to it.

The parts from which ``levels.py`` builds its strongest level; Linux only. Each raises `OSError` when the kernel
refuses.
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
DEVICES = ("/dev/null", "/dev/random", "/dev/urandom")  # no /dev/zero: mapping it takes memory that nothing counts


def new_namespaces() -> None:
    """Leave for new namespaces, as a user with all rights there and none outside."""
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
    """List the users or groups of the user namespace that we are in: first, how many."""
    lines = Path("/proc/self", kind).read_text().splitlines()
    return [(int(line.split()[0]), int(line.split()[2])) for line in lines]


def _knows_nobody() -> bool:
    """Whether the host's nobody exists here; in some containers only root does."""
    return all(
        any(first <= NOBODY < first + count for first, count in _users_here(kind)) for kind in ("uid_map", "gid_map")
    )


@contextlib.contextmanager
def _mapped_from_outside() -> Iterator[None]:
    """Let a process that stays outside map all users to themselves: root needs them to see the folders of all."""
    maps = [
        "\n".join(f"{first} {first} {count}" for first, count in _users_here(f"{kind}_map")) for kind in ("uid", "gid")
    ]
    ours = os.getpid()
    heard, said = os.pipe()
    helper = os.fork()
    if helper == 0:
        with contextlib.suppress(OSError):
            os.close(said)
            os.read(heard, 1)  # ends when the other side is closed
            _map_users(str(ours), *maps)
            os._exit(0)
        os._exit(1)
    os.close(heard)
    try:
        yield
    finally:
        os.close(said)
        _, status = os.waitpid(helper, 0)
    if status:
        raise OSError(1, "the users cannot be mapped", "uid_map")


def _map_users(process: str, users: str, groups: str) -> None:
    folder = Path("/proc") / process
    folder.joinpath("setgroups").write_text("deny")
    folder.joinpath("gid_map").write_text(groups)
    folder.joinpath("uid_map").write_text(users)


def new_root(scratch: Path, visible: Sequence[Path], hidden: Path, *, size: int, maps: bytes) -> None:
    """Make a root that shows the visible paths without the hidden one, read-only, and a folder that can be written.

    ``maps`` is what ``/proc/self/maps`` says there, the one file of ``/proc``: by it threadpoolctl, and so scikit-learn
    and parts of librosa, find the libraries that are loaded.
    """
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
    root = scratch
    quiet = syscalls.MS_NOSUID | syscalls.MS_NODEV
    syscalls.mount("tmpfs", root, "tmpfs", quiet, "mode=755,size=4m")
    inside = _below(root, Path("/tmp"))  # noqa: S108
    inside.mkdir()
    options = f"mode=1777,size={size},nr_inodes=4096"
    syscalls.mount("tmpfs", inside, "tmpfs", quiet | syscalls.MS_NOEXEC, options)
    _show(root, visible)
    if _below(root, hidden).is_dir():
        syscalls.mount("tmpfs", _below(root, hidden), "tmpfs", quiet, "mode=555,size=4k")
    for device in DEVICES:
        _bind(Path(device), _below(root, Path(device)))
    listed = _below(root, Path("/proc/self/maps"))
    listed.parent.mkdir(parents=True)
    listed.write_bytes(maps)
    link = _below(root, scratch)
    link.parent.mkdir(parents=True, exist_ok=True)
    if link != inside:
        link.symlink_to("/tmp")  # noqa: S108
    syscalls.enter_root(root)
    syscalls.make_read_only(Path("/"), recursive=False)


def _show(root: Path, visible: Sequence[Path]) -> None:
    """Show paths at their own places below ``root``, read-only, and the links that lead to them."""
    shown: list[Path] = []
    for path in sorted({_without_links(root, path) for path in visible}):  # outer folders first
        if not any(path.is_relative_to(outer) for outer in shown):
            _bind(path, _below(root, path))
            syscalls.make_read_only(_below(root, path), recursive=True)
            shown.append(path)


def _without_links(root: Path, path: Path) -> Path:
    """Give the real place of a path; each link on the way there is made again below ``root``."""
    for part in (*reversed(path.parents), path):
        if part.is_symlink():
            target = Path(os.path.normpath(part.parent / part.readlink()))
            link = _below(root, part)
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


def _below(root: Path, path: Path) -> Path:
    return root / path.relative_to("/")


def go_on_inside() -> None:
    """Return in the second process of the new pid namespace; the first one guards it, and the caller waits outside."""
    syscalls.die_with_parent()
    guarding, outside = os.pipe()  # the writing end is held outside only, so that the guard notices when it is gone
    heard, said = os.pipe()
    guard = os.fork()
    if guard:
        with _never_to_return():
            close([guarding, said])
            _wait_outside(guard, heard)
    try:
        os.close(outside)
        syscalls.die_with_parent()
        if select.select([guarding], [], [], 0)[0]:  # the outside died before we asked to die with it
            os._exit(1)
        inmate = os.fork()
    except OSError:
        os._exit(1)
    if inmate:
        with _never_to_return():
            close([guarding, heard])
            _guard(inmate, said)
    close([guarding, heard, said])


@contextlib.contextmanager
def _never_to_return() -> Iterator[None]:
    """Keep a waiting process out of the code that was to run in the jail, whatever happens."""
    try:
        yield
    finally:
        os._exit(1)


def _wait_outside(guard: int, heard: int) -> None:
    """Wait for the guard's report and end as it says; without a report the guard was killed."""
    report = os.read(heard, 8)
    os.waitpid(guard, 0)
    _end_like(int(report) if report else int(signal.SIGKILL))


def _guard(inmate: int, said: int) -> None:
    """Be the first process: bury the others and report how the inmate ended; all others end with this one."""
    ended = 0
    while ended != inmate:
        ended, status = os.wait()
    os.write(said, str(status).encode())
    os._exit(0)


def _end_like(status: int) -> None:
    """End with the status of another process, its signal included."""
    if os.WIFSIGNALED(status):
        syscalls.prctl(syscalls.PR_SET_DUMPABLE, 0)  # a core would be of the wrong process
        with contextlib.suppress(OSError):  # nothing can be set for SIGKILL
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def become_nobody() -> None:
    """Give up all rights in the new namespaces, and be nobody there."""
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
