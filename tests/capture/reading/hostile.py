"""A confined program that misbehaves as a question says: `python -m … <limits> [no-carga]`."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from capture.reading.sandbox.child import Answering, serve
from capture.reading.sandbox.limits import parse_limits


def hold(path: str) -> bytes:
    """Until the file is there."""
    while not os.access(path, os.F_OK):
        time.sleep(0.005)
    return str(os.getpid()).encode()


def fork() -> bytes:
    """A child that outlives us, holding our pipes; its number, or what the system said."""
    child = os.fork()
    if child == 0:
        time.sleep(600)
    return str(child).encode()


def eat() -> bytes:
    """All the memory that there is."""
    held = []
    while True:
        held.append(bytearray(64 << 20))


def garbage() -> bytes:
    """Bytes that are no message, wherever a message may be expected."""
    for fd in range(3, 64):
        try:
            os.write(fd, b"\xff" * 4096)
        except OSError:
            continue
    return b""


def early() -> bytes:
    """An answer before its question."""
    for fd in range(3, 64):
        try:
            os.write(fd, b"\0\0\0\3\0\0\0\1x\0\0\0\5hecho\0\0\0\5falsa")
        except OSError:
            continue
    return b"verdadera"


def work() -> bytes:
    """Half a second of the processor, whoever else wants it."""
    until = time.process_time() + 0.5
    while time.process_time() < until:
        pass
    return str(os.getpid()).encode()


def left() -> bytes:
    """Seconds of the processor that are left for this question, and the limit since the start."""
    used = signal.getitimer(signal.ITIMER_PROF)[0], resource.getrlimit(resource.RLIMIT_CPU)[0]
    return repr(used).encode()


def nap() -> bytes:
    """More seconds of the clock than a test allows of the processor, and none of it."""
    time.sleep(1.2)
    return b"despierto"


def spin() -> bytes:
    """Nothing but the processor's time."""
    while True:
        pass


def crash() -> bytes:
    """As a library does that reads where nothing is."""
    ctypes.string_at(0)
    return b""


def write() -> bytes:
    """A file."""
    Path("hecho").write_bytes(b"x")
    return b"escrito"


def look() -> bytes:
    """What can be known here."""
    descriptors = [fd for fd in range(64) if os.access(f"/proc/self/fd/{fd}", os.F_OK)]
    return repr((dict(os.environ), str(Path.cwd()), descriptors)).encode()


def read() -> bytes:
    """A file of the system, as a key would be."""
    return Path("/etc/passwd").read_bytes()


def connect() -> bytes:
    """Something outside."""
    with socket.socket() as made:
        made.connect(("127.0.0.1", 9))
    return b"conectado"


def execute() -> bytes:
    """Another program in our place."""
    os.execv("/bin/true", ["true"])  # noqa: S606 - it must not


_ALL = (fork, eat, garbage, early, spin, work, left, nap, crash, write, read, look, connect, execute)
WAYS = {f.__name__: f for f in _ALL}


def load() -> Answering:
    """What answers; it echoes whatever is no name of a way to misbehave."""

    def answer(parts: Sequence[bytes]) -> bytes:
        word = parts[0].decode()
        if word == "hold":
            return hold(parts[1].decode())
        if word == "hang":
            time.sleep(600)
        if word == "pid":
            return str(os.getpid()).encode()
        return WAYS[word]() if word in WAYS else b"|".join(parts)

    if sys.argv[2:] == ["no-carga"]:
        raise ImportError("falta una biblioteca")
    return answer


if __name__ == "__main__":
    serve(load, parse_limits(sys.argv[1]))
