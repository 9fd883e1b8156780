"""A filter of system calls (seccomp) for a process that only computes: what it needs is open already.

Opening files, sockets, other processes and the kernel's more dangerous doors answer «not permitted»: a fault
in a library of images cannot read a key, send anything, or start a program. Threads are allowed.
Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

_PR_SET_SECCOMP, _FILTER = 22, 2
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # of classic BPF
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_CLONE_THREAD = 0x10000
_X32 = 0x40000000
"""From here on: a second set of numbers of x86-64."""

_X86 = (
    # open, creat, openat, openat2, and what changes names or rights
    *(2, 85, 257, 437, 82, 83, 84, 86, 87, 88, 90, 92, 258, 259, 260, 263, 264, 265, 266, 268, 316),
    # socket, connect, accept, bind, socketpair
    *(41, 42, 43, 49, 53, 288),
    # fork, vfork, execve, execveat, kill, ptrace, process_vm_*, pidfd_open, pidfd_getfd
    *(57, 58, 59, 322, 62, 101, 310, 311, 434, 438),
    # mount, umount2, pivot_root, chroot, unshare, setns, bpf, perf_event_open, keys, io_uring, modules, kexec
    *(165, 166, 155, 161, 272, 308, 321, 298, 248, 249, 250, 425, 175, 313, 246, 320),
    # userfaultfd, memfd_create, shared memory and queues of System V, name_to_handle_at, open_by_handle_at
    *(323, 319, 29, 30, 31, 68, 69, 70, 303, 304),
)
_ARM = (
    *(56, 437, 33, 34, 35, 36, 37, 38, 53, 54, 276),
    *(198, 203, 202, 200, 199, 242),
    *(221, 281, 129, 117, 270, 271, 434, 438),
    *(40, 39, 41, 51, 97, 268, 280, 241, 217, 218, 219, 425, 105, 273, 104, 294),
    *(282, 279, 194, 195, 196, 186, 187, 188, 189, 264, 265),
)
_MACHINES = {"x86_64": (0xC000003E, _X86, 56, 435), "aarch64": (0xC00000B7, _ARM, 220, 435)}
"""By machine: AUDIT_ARCH, what is denied, clone, clone3."""


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def deny_dangerous() -> bool:
    """From here on, for this process and whatever comes of it. False where there is no such filter."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None or sys.maxsize < 2**32:
        return False
    code = program(*machine)
    held = ctypes.create_string_buffer(code, len(code))
    given = _Program(len(code) // 8, ctypes.cast(held, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(given), 0, 0) == 0)


def program(architecture: int, denied: tuple[int, ...], clone: int, clone3: int) -> bytes:
    """The filter as the kernel takes it: eight bytes an instruction."""
    refused = _ERROR | errno.EPERM
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, architecture, 1, 0),
        _step(_RETURN, refused),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _X32, 0, 1),
        _step(_RETURN, refused),
        # glibc falls back from clone3, whose flags a filter cannot see, to clone.
        _step(_EQUAL, clone3, 0, 1),
        _step(_RETURN, _ERROR | errno.ENOSYS),
    ]
    for number in denied:
        steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, refused)]
    steps += [
        _step(_EQUAL, clone, 0, 3),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_ANY_BIT, _CLONE_THREAD, 1, 0),
        _step(_RETURN, refused),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
