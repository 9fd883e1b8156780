"""What was added to a PDF after each signature: more signatures and stamps may be, anything else may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, SuspiciousModification
from pyhanko.sign.fields import MDPPerm

from certeza_verifier.errors import Failure

RULE = "documento-incremento"


@dataclass(frozen=True, slots=True)
class Increment:
    """Revision `number` from 0, and the byte after its last."""

    number: int
    end: int


def increments(reader: Any, data: bytes) -> list[Increment]:
    """The revisions of the file, oldest first. Raises Failure for bytes that belong to none."""
    found = []
    for number in range(reader.total_revisions):
        start = reader.xrefs.get_xref_container_info(number).end_location
        at = data.find(b"%%EOF", start)
        if at < 0:
            raise Failure(RULE, f"incremento {number}", "%%EOF", "fin del archivo")
        at += len(b"%%EOF")
        at += 2 if data[at : at + 2] == b"\r\n" else 1 if data[at : at + 1] in (b"\r", b"\n") else 0
        found.append(Increment(number, at))
    if found[-1].end != len(data):
        raise Failure(
            RULE, f"byte {found[-1].end}", "fin del archivo", f"{len(data) - found[-1].end} bytes más"
        )
    return found


def check_increments(reader: Any, signatures: Sequence[Any], found: Sequence[Increment]) -> None:
    """After each signature only signatures, stamps and what they need; a Failure names the increment."""
    for embedded in signatures:
        allowed = embedded.docmdp_level or MDPPerm.FILL_FORMS
        old = reader.get_historical_resolver(embedded.signed_revision)
        for increment in found[embedded.signed_revision + 1 :]:
            new = reader.get_historical_resolver(increment.number)
            try:
                changed = DEFAULT_DIFF_POLICY.apply(old, new, embedded.fieldmdp, allowed)
            except SuspiciousModification:
                raise _refused(embedded, increment, found) from None
            if changed.modification_level.value > allowed.value:
                raise _refused(embedded, increment, found)


def _refused(embedded: Any, increment: Increment, found: Sequence[Increment]) -> Failure:
    start = found[increment.number - 1].end
    place = f"incremento {increment.number}, bytes {start} a {increment.end}"
    expected = f"después de {embedded.field_name}, sólo firmas y sellos de tiempo"
    return Failure(RULE, place, expected, "algo que cambia lo que se ve o se lee")
