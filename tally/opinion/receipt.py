"""The signed receipt of an opinion: a note (C2SP signed-note) of the key of the consultation's log.

The text says which event of which urn the ballot is, and nothing about the person or the hour: the same
ballot has the same receipt for ever, however often it is asked for. Its first line is no name of a log, so
that no receipt can be read as a checkpoint (docs/adr/0021-casting.md). With it a person can show that a
ballot that is missing in the public urn had been accepted.
"""

from __future__ import annotations

import re

from keys import canonical
from keys.errors import FormatRefusal
from ledger.note import Note, Signer, Verifier, parse_note, sign_note, verify_note
from tally.casting import Receipt

HEADER = "certeza/comprobante/v1"
SUFFIX = ".comprobante"
_UUID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}", re.ASCII)
_HEIGHT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_TRACKER = re.compile(r"[A-Za-z0-9+/]{43}", re.ASCII)


def receipt_text(consulta: str, receipt: Receipt) -> str:
    """What is signed."""
    lines = (HEADER, consulta, receipt.uuid, str(receipt.height), receipt.event, receipt.tracker)
    return "".join(f"{line}\n" for line in lines)


def sign_receipt(consulta: str, receipt: Receipt, signer: Signer) -> bytes:
    """The file that a person keeps."""
    return sign_note(receipt_text(consulta, receipt), [signer]).encode()


def verify_receipt(data: bytes, log: Verifier, place: str = "comprobante") -> tuple[str, Receipt]:
    """(consultation, receipt) of a file that the log signed. Raises FormatRefusal, SignatureRefusal."""
    note = parse_note(data, place)
    verify_note(note, [log], place)
    return _read(note, place)


def _read(note: Note, place: str) -> tuple[str, Receipt]:
    lines = note.text.split("\n")
    if len(lines) != 7 or lines[0] != HEADER or lines[-1]:
        raise FormatRefusal("comprobante.lineas", place, f"{HEADER} y cinco líneas más", lines[0])
    consulta, uuid, height, event, tracker = lines[1:6]
    for pattern, text in ((_UUID, uuid), (_HEIGHT, height), (_TRACKER, tracker)):
        if not pattern.fullmatch(text):
            raise FormatRefusal("comprobante.campo", place, "uuid, altura, evento y rastreador", text)
    return consulta, Receipt(uuid, int(height), canonical.digest(event, place), tracker)
