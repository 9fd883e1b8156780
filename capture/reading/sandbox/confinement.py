"""What a process gives up before it sees a stranger's bytes. On Linux; elsewhere only the limits hold.

What the kernel refuses is not silently missing: `confine` and `seal` say what holds, and the parent logs it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

from capture.reading.sandbox.limits import SandboxLimits
from capture.reading.sandbox.syscalls import deny_dangerous

_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_MIB = 1 << 20
_SPARE = 4
"""Descriptors that an engine may open for a moment beside those that it has."""


def confine(limits: SandboxLimits) -> list[str]:
    """Before the engines are loaded; what holds from here on. Raises OSError where a limit cannot be set."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, limits.descriptors)
    _limit(resource.RLIMIT_AS, limits.mib * _MIB)
    held = ["limites"]
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        held += ["sin-privilegios"] if _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1) else []
        held += ["sin-rastreo"] if _prctl(libc, _PR_SET_DUMPABLE, 0) else []
        held += ["sin-red"] if _leave_network(libc) else []
    return held


def seal() -> list[str]:
    """After the engines are loaded: no process, program, socket or file to write any more."""
    _limit(resource.RLIMIT_NOFILE, _highest_descriptor() + 1 + _SPARE)
    _limit(resource.RLIMIT_NPROC, 0)
    return ["sin-procesos"] if deny_dangerous() else []


def allow_cpu(seconds: int) -> None:
    """This many seconds of the processor from now on; then the kernel ends the process with SIGPROF.

    Not RLIMIT_CPU, which counts from the start: the kernel holds it by ticks that fell into the process,
    while getrusage(2) tells the exact time. They differ by as much as a fifth, which in a process that
    answers for half an hour is more than one question may take.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit(which: int, most: int) -> None:
    _, hard = resource.getrlimit(which)
    held = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (held, held))


def _prctl(libc: ctypes.CDLL, option: int, value: int) -> bool:
    return bool(libc.prctl(option, value, 0, 0, 0) == 0)


def _leave_network(libc: ctypes.CDLL) -> bool:
    # As root a network of one's own is enough; others need a user namespace too, where the system allows it.
    return any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def _highest_descriptor() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(fd for fd in range(soft) if _is_open(fd))


def _is_open(fd: int) -> bool:
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True
