"""The Linux system calls that the sandbox needs and Python does not offer, through libc alone.

Only ``levels.py`` and ``namespaces.py`` call them. Each raises `OSError` with the call's name when the kernel refuses.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

Numbers = dict[str, tuple[int, int]]  # of a call by machine: (x86_64, aarch64), -1 where there is no such call

NEVER: Numbers = {  # forbidden in every sandbox with a filter
    # looking into other processes, slowing them down
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    # large pieces of kernel that no answer needs
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "personality": (135, 92),
    "modify_ldt": (154, -1),
    # namespaces and mounts
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    # the machine
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "syslog": (103, 116),
    "acct": (163, 89),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "vhangup": (153, 58),
    # network; objects that outlive their process; memory that no limit counts
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
}
NEVER_BESIDE_OTHERS: Numbers = {  # forbidden where the sandbox shares files and process ids with the host
    # changes to the user's own files, which Landlock does not see
    "chmod": (90, -1),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, -1),
    "lchown": (94, -1),
    "fchown": (93, 55),
    "fchownat": (260, 54),
    "utime": (132, -1),
    "utimes": (235, -1),
    "futimesat": (261, -1),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "setxattrat": (463, 463),
    "removexattrat": (466, 466),
    # signals to threads by a number that may be another process's
    "tkill": (200, 130),
    "rt_tgsigqueueinfo": (297, 240),
}
SOMETIMES: Numbers = {  # allowed depending on the arguments, or called by the sandbox itself
    "kill": (62, 129),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122),
    "fcntl": (72, 25),
    "ioctl": (16, 29),
    "mmap": (9, 222),
    "socketpair": (53, 199),
    "prctl": (157, 167),
    "fork": (57, -1),
    "vfork": (58, -1),
    "clone": (56, 220),
    "clone3": (435, 435),
    "capset": (126, 91),
    "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
}
NUMBERS = NEVER | NEVER_BESIDE_OTHERS | SOMETIMES
NEWEST_KNOWN = 466  # a call with a higher number was not yet there when the table was written
MACHINES = {"x86_64": 0, "aarch64": 1}  # column of the table
AUDIT_ARCH = (0xC000003E, 0xC00000B7)

CLONE_NEWNS = 0x0002_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000
NEW_NAMESPACES = (
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET
)
CLONE_THREAD = 0x0001_0000

MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x4_0000
MNT_DETACH = 2
AT_FDCWD = -100
AT_RECURSIVE = 0x8000
MOUNT_ATTR_RDONLY = 1
MOUNT_ATTR_NOSUID = 2
MOUNT_ATTR_NODEV = 4

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38


def machine_is_known() -> bool:
    """Whether the numbers of this machine's system calls are in the table."""
    return sys.platform == "linux" and platform.machine() in MACHINES and sys.maxsize > 2**32


def number(name: str) -> int:
    """Return a call's number on this machine, -1 where it has none.

    Raises
    ------
    OSError
        If the table has no column for this machine.
    """
    if not machine_is_known():
        raise OSError(0, f"the system calls of {platform.machine()} are not known", name)
    return NUMBERS[name][MACHINES[platform.machine()]]


@functools.cache
def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _call(name: str, *arguments: object) -> int:
    """Make a system call; whole numbers go as long, paths as bytes, None as the null pointer."""
    sent = [
        ctypes.c_long(argument)
        if isinstance(argument, int)
        else os.fsencode(argument)
        if isinstance(argument, (str, Path))
        else argument
        for argument in arguments
    ]
    result = int(_libc().syscall(ctypes.c_long(number(name)), *sent))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), name)
    return result


def prctl(option: int, argument: int = 0) -> None:
    """Change something about this process.

    ``libc.prctl`` and not its number, so that it works on a machine outside the table.
    """
    if _libc().prctl(option, *map(ctypes.c_ulong, (argument, 0, 0, 0))) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), "prctl")


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that forked it ends; a change of user or rights resets this."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def drop_bounding_set() -> None:
    """Keep any program from gaining a capability; those that this process has stay."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # past the last capability, or nothing to drop
            break


def drop_capabilities() -> None:
    """Give up all capabilities for good, in this process and all that it starts."""
    drop_bounding_set()
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    if machine_is_known():
        version_3 = 0x2008_0522
        this_process = 0
        _call("capset", struct.pack("Ii", version_3, this_process), bytes(24))


def unshare(flags: int) -> None:
    """Leave the namespaces of the parent for new ones."""
    _call("unshare", flags)


def mount(
    source: str | Path | None, target: str | Path, kind: str | None, flags: int, options: str | None = None
) -> None:
    """Mount a file system."""
    _call("mount", source, target, kind, flags, options)


def make_read_only(target: Path, *, recursive: bool) -> None:
    """Make a mount (and those inside it) read-only, without devices and set-user-id programs."""
    attributes = struct.pack("QQQQ", MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0, 0, 0)
    _call("mount_setattr", AT_FDCWD, target, AT_RECURSIVE if recursive else 0, attributes, len(attributes))


def enter_root(root: Path) -> None:
    """Make the mount at ``root`` the root of everything, and let go of the old one."""
    os.chdir(root)
    _call("pivot_root", ".", ".")
    _call("umount2", ".", MNT_DETACH)
    os.chdir("/")


# --- Landlock: which files a process may open -----------------------------------------------------------------------

_EXECUTE = 1
_WRITE_FILE = 2
_READ_FILE = 4
_READ_DIR = 8
_TRUNCATE = 1 << 14
_IOCTL_DEV = 1 << 15
_READING = _EXECUTE | _READ_FILE | _READ_DIR
_ON_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_ALL_NETWORK = 0b11
_ALL_SCOPES = 0b11
_RIGHTS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15}  # how many of the rights on files there are; 16 from 5 on


@functools.cache
def landlock_abi() -> int:
    """Return the version of Landlock in this kernel, 0 where there is none."""
    try:
        return _call("landlock_create_ruleset", None, 0, 1)
    except OSError:
        return 0


def landlock(*, readable: Sequence[Path], writable: Sequence[Path]) -> None:
    """Restrict this process to these files; where the kernel can, also deny TCP ports and signals to the outside.

    Parameters
    ----------
    readable : Sequence[Path]
        Files and folders that may be read.
    writable : Sequence[Path]
        Files and folders that may be read and changed.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    abi = landlock_abi()
    everything = (1 << _RIGHTS_OF_ABI.get(abi, 16)) - 1
    attributes = struct.pack("QQQ", everything, _ALL_NETWORK, _ALL_SCOPES)
    size = 8 if abi < 4 else 16 if abi < 6 else 24  # older kernels know the beginning of the struct
    rules = _call("landlock_create_ruleset", attributes[:size], size, 0)
    for paths, rights in ((readable, _READING), (writable, everything)):
        for path in paths:
            _allow(rules, path, rights & everything)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    _call("landlock_restrict_self", rules, 0)
    os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    path_beneath = 1
    beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rights = rights if path.is_dir() else rights & _ON_A_FILE
    _call("landlock_add_rule", rules, path_beneath, struct.pack("=Qi", rights, beneath), 0)
    os.close(beneath)


# --- seccomp: which system calls a process may make -----------------------------------------------------------------


@dataclass(frozen=True)
class Deny:
    """A call that fails with an error, always or depending on one of its arguments.

    Parameters
    ----------
    name : str
        The call.
    argument : int, optional
        Position of the argument that decides; None: the call always fails.
    mask : int
        The bits of the argument that are compared.
    among : tuple[int, ...]
        Values of these bits.
    unless : bool
        Deny the values that are *not* among these.
    error : int
        The error that the caller gets.
    """

    name: str
    argument: int | None = None
    mask: int = 0xFFFF_FFFF
    among: tuple[int, ...] = ()
    unless: bool = False
    error: int = 1  # "not permitted"


NO_SUCH_CALL = 38
_LOAD = 0x20
_AND = 0x54
_RETURN = 0x06
_GO = 0x05
_EQUAL = 0x15
_GREATER = 0x25
_AT_LEAST = 0x35
_KILL = 0x8000_0000
_ERROR = 0x0005_0000
_ALLOW = 0x7FFF_0000
_NUMBER_AT = 0
_ARCH_AT = 4
_ARGUMENTS_AT = 16
_X32 = 0x4000_0000  # calls of the x32 interface, by which a filter of x86_64 numbers could be avoided

Instruction = tuple[int, int, int, int]  # code, steps when true, steps when false, value


def restrict_calls(rules: Sequence[Deny]) -> None:
    """Make the calls of ``rules`` fail from now on, in this process and in all that it starts.

    Parameters
    ----------
    rules : Sequence[Deny]
        The calls that are denied. Calls newer than the table fail as unknown.

    Raises
    ------
    OSError
        If the kernel refuses, or the machine's calls are not in the table.
    """
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in _filter(rules))
    held = ctypes.create_string_buffer(program, len(program))
    mode_filter = 2
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    pointed = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(held))
    _call("prctl", PR_SET_SECCOMP, mode_filter, pointed, 0, 0)


def _filter(rules: Sequence[Deny]) -> Iterator[Instruction]:
    number("prctl")  # refuses a machine without numbers
    column = MACHINES[platform.machine()]
    yield (_LOAD, 0, 0, _ARCH_AT)
    yield (_EQUAL, 1, 0, AUDIT_ARCH[column])
    yield (_RETURN, 0, 0, _KILL)
    yield (_LOAD, 0, 0, _NUMBER_AT)
    yield (_AT_LEAST, 1, 0, _X32)
    yield (_GREATER, 0, 1, NEWEST_KNOWN)
    yield (_RETURN, 0, 0, _ERROR | NO_SUCH_CALL)
    for rule in rules:
        if number(rule.name) >= 0:
            decision = list(_decide(rule))
            yield (_EQUAL, 0, len(decision), number(rule.name))
            yield from decision
    yield (_RETURN, 0, 0, _ALLOW)


def _decide(rule: Deny) -> Iterator[Instruction]:
    """Decide a call that has come; the last instruction loads its number again for the next rule."""
    denied = (_RETURN, 0, 0, _ERROR | rule.error)
    if rule.argument is None:
        yield denied
        return
    yield (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * rule.argument)  # the low half: both machines are little-endian
    yield (_AND, 0, 0, rule.mask)
    for place, value in enumerate(rule.among):
        yield (_EQUAL, len(rule.among) - place, 0, value)  # past the other values and one instruction more
    if not rule.unless:
        yield (_GO, 0, 0, 1)  # none of them: skip the denial
    yield denied
    yield (_LOAD, 0, 0, _NUMBER_AT)
