"""A trustee's share for all urns of a consultation: one file, one line per urn (sei.md, "Opening").

Of the opening it holds the urns that may be opened alone; of the sums, those with their Mesas that may be.

JSON Lines, each line canonical JSON: a heading with consultation and trustee, then per urn its uuid, the
hash of the encrypted tally that was opened, and the partial decryption exactly as the archive will hold it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keys import canonical
from keys.errors import FormatRefusal
from tally.decryption import PartialDecryption

HEADING_FIELDS = ("aportacion", "version", "consulta", "custodio", "urnas")
LINE_FIELDS = ("uuid", "encrypted_tally", "partial_decryption")
VERSION = 1
OPENING, SUMS = "descifrado", "sumas"
"""The kinds of share: of the urns alone, and of the small ones with their Mesas."""
MAX_LINE_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class ShareHeading:
    """Whose share of which consultation, over how many urns."""

    consultation: str
    trustee: int
    urns: int
    kind: str = OPENING

    @property
    def line(self) -> bytes:
        """The first line, with its line feed."""
        fields = {
            "aportacion": self.kind,
            "version": VERSION,
            "consulta": self.consultation,
            "custodio": self.trustee,
            "urnas": self.urns,
        }
        return canonical.encode_bytes(fields) + b"\n"

    @classmethod
    def from_line(cls, line: bytes, place: str) -> ShareHeading:
        """Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(line, place), place, HEADING_FIELDS)
        if fields["aportacion"] not in (OPENING, SUMS) or fields["version"] != VERSION:
            expected = f"{OPENING} o {SUMS}, versión {VERSION}"
            raise FormatRefusal("aportacion.version", place, expected, fields["aportacion"])
        heading = cls(
            canonical.string(fields["consulta"], f"{place}.consulta"),
            canonical.small_int(fields["custodio"], f"{place}.custodio"),
            canonical.small_int(fields["urnas"], f"{place}.urnas"),
            fields["aportacion"],
        )
        canonical.require_same(line, heading.line.decode(), place)
        return heading


@dataclass(frozen=True, slots=True)
class UrnShare:
    """One urn's part: `tally` is the SHA-256 of the encrypted tally, `partial` the canonical bytes."""

    uuid: str
    tally: str
    partial: bytes

    @property
    def line(self) -> bytes:
        """One line, with its line feed."""
        fields = {
            "uuid": self.uuid,
            "encrypted_tally": self.tally,
            "partial_decryption": json.loads(self.partial),
        }
        return canonical.encode_bytes(fields) + b"\n"

    @classmethod
    def from_line(cls, line: bytes, place: str, order: int) -> UrnShare:
        """Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(line, place), place, LINE_FIELDS)
        # Half of a surrogate pair has no UTF-8: passed on, for the reader to refuse.
        partial = canonical.encode(fields["partial_decryption"]).encode("utf-8", "surrogatepass")
        PartialDecryption.from_bytes(partial, f"{place}.partial_decryption", order)
        share = cls(
            canonical.string(fields["uuid"], f"{place}.uuid"),
            canonical.digest(fields["encrypted_tally"], f"{place}.encrypted_tally"),
            partial,
        )
        canonical.require_same(line, share.line.decode(), place)
        return share


def read(lines: Iterable[bytes], place: str, order: int) -> tuple[ShareHeading, Iterator[UrnShare]]:
    """The heading and, lazily, the urns; as many as the heading says. Raises FormatRefusal."""
    numbered = iter(enumerate(lines, start=1))
    _, first = next(numbered, (1, b""))
    heading = ShareHeading.from_line(first, f"{place}, línea 1")
    return heading, _urns(numbered, heading, place, order)


def _urns(
    numbered: Iterator[tuple[int, bytes]], heading: ShareHeading, place: str, order: int
) -> Iterator[UrnShare]:
    count = 0
    for number, line in numbered:
        if len(line) > MAX_LINE_BYTES:
            raise FormatRefusal(
                "aportacion.linea", f"{place}, línea {number}", f"{MAX_LINE_BYTES} bytes", len(line)
            )
        yield UrnShare.from_line(line, f"{place}, línea {number}", order)
        count += 1
    if count != heading.urns:
        raise FormatRefusal("aportacion.urnas", place, f"{heading.urns} urnas", f"{count} urnas")
