"""Seals a package of as many MiB as it is told and opens it again, to see that memory does not follow.

Run as a program: `large_package.py KIND MIB FOLDER`; prints the peak of its memory in MiB.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from pathlib import Path

from capture.results.opening import open_package
from capture.results.package import seal
from capture.results.tar import Part
from keys.recipients import identity
from keys.recipients.recipient import Recipient, X509Recipient
from tests.capture.results.making import packing
from tests.keys.recipients.making import SINCE, UNTIL

MIB = 1 << 20


def _pieces(count: int) -> Iterator[bytes]:
    piece = bytes(MIB)
    for _ in range(count):
        yield piece


def main(kind: str, mib: int, folder: Path) -> None:
    """Seal and open."""
    key: identity.Identity
    recipient: Recipient
    if kind == "age":
        made, _ = identity.new_age(SINCE)
        key, recipient = made, made.recipient
    else:
        key, certificate = identity.new_x509(True, "Instituto", SINCE, UNTIL)
        recipient = X509Recipient(certificate)
    with (folder / "paquete").open("wb") as target:
        seal(packing(0), [Part("grande.bin", mib * MIB, _pieces(mib))], recipient, target)
    opened = open_package(key, folder / "paquete", folder / "abierto", lambda _: None)
    assert (opened / "grande.bin").stat().st_size == mib * MIB
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
