"""Issues an official document: JSON, its time stamp, the printed PDF, the signatures (APO-29).

What is printed as «Sello digital de Tiempo» is a token over the JSON's SHA-256, attached to the PDF; every
signature has a stamp of its own inside, which no page can show because it comes after the page.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from keys.documents.certificate import holder, number
from keys.documents.errors import DocumentRefusal
from keys.documents.pades import MAX_SIGNATURES, sign
from keys.documents.ports import Signer, TimeStamps
from keys.documents.stamp import Stamp, stamp_digest
from ledger.document import Document
from ledger.document_pdf import ZONE, Seal, render


@dataclass(frozen=True, slots=True)
class Issued:
    """A signed document: the PDF, its canonical JSON, and the time stamp of the JSON."""

    pdf: bytes
    json: bytes
    stamp: Stamp

    @property
    def json_sha256(self) -> str:
        """What is printed and goes in the log, hexadecimal."""
        return hashlib.sha256(self.json).hexdigest()

    @property
    def pdf_sha256(self) -> str:
        """Of the signed file, hexadecimal."""
        return hashlib.sha256(self.pdf).hexdigest()


def issue(document: Document, signers: Sequence[Signer], stamps: TimeStamps) -> Issued:
    """The document signed by each of `signers`, in order.

    Raises DocumentRefusal: nobody signs, too many do, or the authority gave no stamp.
    """
    if not 1 <= len(signers) <= MAX_SIGNATURES:
        raise DocumentRefusal("limite.firmas", document.kind, f"de 1 a {MAX_SIGNATURES}", len(signers))
    data = document.encode()
    stamp = stamp_digest(hashlib.sha256(data).digest(), stamps)
    pdf = render(document, tuple(seal(signer, data, stamp) for signer in signers), stamp.token)
    for signer in signers:
        pdf = sign(pdf, signer, stamps, len(signers))
    return Issued(pdf, data, stamp)


def seal(signer: Signer, data: bytes, stamp: Stamp) -> Seal:
    """What the page says of a person's signature over the JSON `data`."""
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    instant = stamp.instant.astimezone(ZONE)
    half = "AM" if instant.hour < 12 else "PM"
    return Seal(
        holder(signer.certificate),
        number(signer.certificate),
        digest,
        stamp.authority,
        f"{instant:%d/%m/%Y %I:%M:%S} {half}",
    )
