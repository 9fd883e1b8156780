"""A program that nothing holds back: it forks a child that closes nothing and stays."""

from __future__ import annotations

import os
import sys
import time

from capture.reading.sandbox.child import READY
from capture.reading.sandbox.frames import Incoming, encode


def main() -> None:
    """Ready, one question, one answer: the number of the child."""
    os.write(1, encode([READY, b"nada"]))
    parts = None
    incoming = Incoming(1 << 16)
    while parts is None:
        parts = incoming.feed(os.read(0, 1 << 16))
    child = os.fork()
    if child == 0:
        time.sleep(600)
    os.write(1, encode([parts[0], b"hecho", str(child).encode()]))
    time.sleep(600)


if __name__ == "__main__":
    main()
    sys.exit(0)
