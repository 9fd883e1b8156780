"""Documents that somebody tampered with, as a forger without the keys, or with the wrong ones, would."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from keys.documents.cms_signer import CmsSigner
from keys.documents.ports import Signer, TimeStamps
from keys.documents.stamp import AskingStamper


def flip(pdf: bytes, at: int) -> bytes:
    """One bit of one byte."""
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def with_increment(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The PDF and an increment that changes something."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def paint_over(writer: IncrementalPdfFileWriter) -> None:
    """Another content on the first page."""
    page, _ = writer.find_page_for_modification(0)
    page.get_object()["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 612 792 re f"))
    writer.update_container(page.get_object())


def annotate(writer: IncrementalPdfFileWriter) -> None:
    """A note of free text over the first page."""
    page, _ = writer.find_page_for_modification(0)
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(n) for n in (50, 50, 400, 400)]
            ),
            generic.pdf_name("/Contents"): generic.pdf_string("Otra cosa"),
        }
    )
    writer.register_annotation(page, writer.add_object(note))


def other_json(writer: IncrementalPdfFileWriter) -> None:
    """Another JSON in the place of the one that is attached."""
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    stream = names[1].get_object()["/EF"].raw_get("/F").get_object()
    stream._data = stream.data.replace(b"prueba", b"verdad")
    stream._encoded_data = None
    writer.update_container(stream)


def signature_changed(pdf: bytes, change: Callable[[cms.SignedData], None], which: int = 0) -> bytes:
    """The PDF with a change in the CMS of a signature, in the room that there is for it."""
    ranges = re.findall(rb"/ByteRange ?\[ ?([0-9 ]+)\]", pdf)[which]
    _, first, second, _ = map(int, ranges.split())
    room = (second - first - 2) // 2
    info = cms.ContentInfo.load(bytes.fromhex(pdf[first + 1 : second - 1].decode()))
    change(info["content"])
    made = info.dump()
    return pdf[: first + 1] + made.ljust(room, b"\0").hex().encode() + pdf[second - 1 :]


def token_of(pdf: bytes) -> cms.CMSAttributes:
    """The unsigned attributes of the first signature: its stamp."""
    signed = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0].signed_data
    return signed["signer_infos"][0]["unsigned_attrs"]


def sign_without_pades(pdf: bytes, signer: Signer, stamps: TimeStamps | None) -> bytes:
    """A signature of another kind, or a PAdES one without a stamp."""
    kind = SigSeedSubFilter.PADES if stamps is None else SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    meta = signers.PdfSignatureMetadata(field_name="Firma1", md_algorithm="sha256", subfilter=kind)
    asking = None if stamps is None else AskingStamper(stamps)
    made = signers.PdfSigner(meta, CmsSigner(signer), timestamper=asking)
    return bytes(made.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getbuffer())
