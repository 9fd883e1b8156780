"""Programs that are not ours judge signed documents: OpenSSL and pdfsig (poppler, with NSS)."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from certeza_verifier.cli import main as verify


@dataclass(frozen=True)
class Outcome:
    """How a program ended and what it said, both streams."""

    code: int
    text: str


def openssl(*arguments: object, where: Path, give: bytes | None = None) -> Outcome:
    """One run of OpenSSL in a folder."""
    return _run("openssl", "openssl", arguments, where, give)


def pdfsig(name: str, where: Path) -> str:
    """What pdfsig says of the signatures of a PDF."""
    return _run("pdfsig", "poppler-utils", (name,), where).text


def _run(
    program: str, package: str, arguments: tuple[object, ...], where: Path, give: bytes | None = None
) -> Outcome:
    if shutil.which(program) is None:
        pytest.skip(f"AVISO: falta {program} ({package}): NADIE más juzgó los documentos firmados")
    run = subprocess.run(
        [program, *map(str, arguments)], cwd=where, input=give, capture_output=True, check=False
    )
    return Outcome(run.returncode, (run.stdout + run.stderr).decode("utf-8", "replace"))


def signatures(pdf: bytes) -> list[tuple[bytes, bytes]]:
    """The CMS (DER) of each signature and the bytes that it signs, read from the byte ranges alone."""
    found = []
    for ranges in re.findall(rb"/ByteRange ?\[ ?([0-9 ]+)\]", pdf):
        start, first, second, last = map(int, ranges.split())
        cms = bytes.fromhex(pdf[start + first + 1 : second - 1].decode())
        found.append((cms, pdf[start : start + first] + pdf[second : second + last]))
    return found


def require_signed(pdf: bytes, anchor: bytes, where: Path) -> None:
    """Two programs of others find the document signed, by somebody whom `anchor` (PEM) vouches for."""
    (where / "emitido.pdf").write_bytes(pdf)
    (where / "ancla.pem").write_bytes(anchor)
    assert "Signature is Valid" in pdfsig("emitido.pdf", where)
    ask = ["documento", where / "emitido.pdf", "--ancla", where / "ancla.pem"]
    assert verify([str(word) for word in ask]) == 0
