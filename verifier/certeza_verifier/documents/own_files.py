"""What the user trusts: roots and revocation lists, PEM or DER. A bad one is no verdict on anybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from asn1crypto import crl, pem, x509

from certeza_verifier.errors import NotJudged, shown
from certeza_verifier.limits import LIMITS
from certeza_verifier.system import read_whole

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Anchors:
    """`roots` of those who sign, `stamp_roots` of who stamps (asn1crypto certificates), `lists`: CRLs."""

    roots: tuple[Any, ...]
    stamp_roots: tuple[Any, ...]
    lists: tuple[Any, ...] = ()


def read_anchors(roots: Sequence[Path], stamp_roots: Sequence[Path], lists: Sequence[Path]) -> Anchors:
    """The files of the command line. Raises NotJudged. Without `stamp_roots`, those of `roots` serve."""
    found = _all(roots, "CERTIFICATE", x509.Certificate.load)
    stamps = _all(stamp_roots, "CERTIFICATE", x509.Certificate.load) or found
    return Anchors(found, stamps, _all(lists, "X509 CRL", crl.CertificateList.load))


def _all(paths: Sequence[Path], kind: str, load: Callable[..., T]) -> tuple[T, ...]:
    return tuple(one for path in paths for one in _read(path, kind, load))


def _read(path: Path, kind: str, load: Callable[..., T]) -> list[T]:
    data = read_whole(path, LIMITS.small)
    try:
        if not pem.detect(data):
            return [load(data, strict=True)]
        found = [load(der, strict=True) for name, _, der in pem.unarmor(data, multiple=True) if name == kind]
    except (ValueError, TypeError):
        found = []
    if not found:
        raise NotJudged(f"{shown(str(path))} no contiene ningún {kind} en PEM o DER")
    return found
