"""The acuse of a support: a text whose hash is in the log, and the proof of it (docs/formats.md)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS
from certeza_verifier.tlog.note import lines_of
from certeza_verifier.tlog.proof import Proof, parse_proof

HEADER = "certeza/acuse/v1"
_ENTRY = b"certeza/apoyo/v1\n"
_PAIR = re.compile(r"([a-z][a-z0-9_-]*) (\S(?:.*\S)?)")
_CODE = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Acuse:
    """The text, what it says, and the proof."""

    text: bytes
    values: dict[str, str]
    proof: Proof

    @property
    def code(self) -> str:
        """Código de integridad."""
        return hashlib.sha256(self.text).hexdigest()

    def render(self) -> bytes:
        """The same file."""
        return self.text + b"\n" + self.proof.render()


def entry_of(code: str) -> bytes:
    """The entry of the log for a código de integridad."""
    return _ENTRY + code.encode()


def parse_code(text: str) -> str | None:
    """A code as people write it: in groups, however parted, in capitals. None when it is not one."""
    code = re.sub(r"[\s·.-]", "", text).lower()
    return code if _CODE.fullmatch(code) else None


def grouped(code: str) -> list[str]:
    """A code in two lines of groups of four."""
    groups = [code[i : i + 4] for i in range(0, len(code), 4)]
    return [" ".join(groups[i : i + 8]) for i in range(0, len(groups), 8)]


def parse_acuse(data: bytes) -> Acuse:
    """The file of an acuse in its exact form."""
    rule, place = "acuse-forma", "acuse"
    if len(data) > LIMITS.acuse + LIMITS.proof:
        limit = LIMITS.acuse + LIMITS.proof
        raise Failure("bitacora-tamano", place, f"{limit} bytes como máximo", len(data))
    head, blank, rest = data.partition(b"\n\n")
    if not blank:
        raise Failure(rule, place, "el texto, una línea vacía y la prueba", "ninguna línea vacía")
    lines = lines_of(head + b"\n", LIMITS.acuse, place, rule).split("\n")[:-1]
    if lines[0] != HEADER:
        raise Failure(rule, f"{place}, línea 1", HEADER, lines[0])
    values: dict[str, str] = {}
    for number, line in enumerate(lines[1:], 2):
        match = _PAIR.fullmatch(line)
        if not match or match[1] in values:
            raise Failure(rule, f"{place}, línea {number}", "un nombre nuevo, un espacio y su valor", line)
        values[match[1]] = match[2]
    return Acuse(head + b"\n", values, parse_proof(rest, place, len(lines) + 2))
