"""The system calls that fail in a sandbox with a filter."""

from __future__ import annotations

import os

from audiocourse.teach.grading.sandbox import syscalls
from audiocourse.teach.grading.sandbox.syscalls import Deny

_F_SETOWN = 8
_F_SETSIG = 10
_F_SETOWN_EX = 15
_FIOSETOWN = 0x8901
_SIOCSPGRP = 0x8902
_TIOCSTI = 0x5412
_TIOCLINUX = 0x541C
_AF_UNIX = 1
_SOCK_STREAM = 1
_SOCK_TYPES = 0xF
_SHARED_WITHOUT_FILE = 0x21  # flags of mmap: memory that no limit on a process's own data counts
_GROWS_DOWN = 0x100

NEVER = [
    *map(Deny, syscalls.NEVER),
    Deny("socketpair", argument=0, among=(_AF_UNIX,), unless=True),
    Deny("socketpair", argument=1, mask=_SOCK_TYPES, among=(_SOCK_STREAM,), unless=True),  # others can be addressed
    Deny("prctl", argument=0, among=(syscalls.PR_SET_PDEATHSIG,)),
    Deny("ioctl", argument=1, among=(_FIOSETOWN, _SIOCSPGRP, _TIOCSTI, _TIOCLINUX)),  # signals, typing on a terminal
    Deny("fcntl", argument=1, among=(_F_SETOWN, _F_SETSIG, _F_SETOWN_EX)),
    Deny("mmap", argument=3, mask=_SHARED_WITHOUT_FILE, among=(_SHARED_WITHOUT_FILE,)),
    Deny("mmap", argument=3, mask=_GROWS_DOWN, among=(_GROWS_DOWN,)),
    Deny("clone3", error=syscalls.NO_SUCH_CALL),  # its flags cannot be seen; libc takes clone instead
    Deny("clone", argument=0, mask=syscalls.NEW_NAMESPACES, among=(0,), unless=True),
]


def rules_beside_others() -> list[Deny]:
    """Return rules for a process that sees the host's files and process ids: no other process, no change of owner."""
    own = (0, os.getpid())
    calls = ("kill", "tgkill", "rt_sigqueueinfo", "prlimit64", "sched_setaffinity")
    return [
        *map(Deny, syscalls.NEVER_BESIDE_OTHERS),
        *(Deny(name, argument=0, among=own, unless=True) for name in calls),
    ]


def process_rules(processes: int) -> list[Deny]:
    """Return the rules that keep a process from starting others, none where it may start some."""
    if processes:
        return []
    thread = syscalls.CLONE_THREAD
    return [Deny("fork"), Deny("vfork"), Deny("clone", argument=0, mask=thread, among=(thread,), unless=True)]
