"""PAdES signatures on a PDF (ETSI EN 319 142-1): B-T when signed, B-LTA when archived.

Each signature is an increment after the bytes that were there. The first one certifies the document: after it
only signatures may be added. Fields are invisible and outside the page, as PDF/A and PDF/UA together ask for.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from asn1crypto import crl, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathError,
    RevokedError,
    ValidationError,
)

from keys.documents.blocking import finished
from keys.documents.certificate import holder
from keys.documents.cms_signer import DIGEST, CmsSigner
from keys.documents.errors import DocumentRefusal
from keys.documents.ports import Signer, TimeStamps
from keys.documents.stamp import AskingStamper

FIELD = "Firma"
"""Signature fields are Firma1, Firma2…, in the order in which they are signed."""
MAX_SIGNATURES = 16
BEFORE = TimestampDSSContentSettings(update_before_ts=True, include_vri=False)
"""The document stamp is the last increment: it also covers what its own certificate needs."""


def sign(pdf: bytes, signer: Signer, stamps: TimeStamps, expected: int = 1) -> bytes:
    """The PDF with one more signature, PAdES B-T. `expected`: how many people will sign in all.

    Places for all of them are made with the first signature. Raises DocumentRefusal.
    """
    try:
        return _sign(pdf, signer, stamps, expected)
    except PdfError as error:
        raise DocumentRefusal("documento.pdf", "documento", "un PDF que se pueda firmar", error) from None


def _sign(pdf: bytes, signer: Signer, stamps: TimeStamps, expected: int) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    names = [name for name, _, _ in fields.enumerate_sig_fields(writer.prev)]
    free = [name for name, value, _ in fields.enumerate_sig_fields(writer.prev) if value is None]
    if not names:
        free = [_add_field(writer, number) for number in range(1, expected + 1)]
    elif not free:
        free = [_add_field(writer, len(names) + 1)]
    if len(names) > MAX_SIGNATURES:
        raise DocumentRefusal("limite.firmas", "documento", f"a lo más {MAX_SIGNATURES}", len(names))
    meta = signers.PdfSignatureMetadata(
        field_name=free[0],
        name=holder(signer.certificate),
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        certify=not names,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    made = signers.PdfSigner(meta, CmsSigner(signer), timestamper=AskingStamper(stamps))
    return bytes(finished(lambda: made.async_sign_pdf(writer)).getbuffer())


def _add_field(writer: IncrementalPdfFileWriter, number: int) -> str:
    name = f"{FIELD}{number}"
    outside = InvisSigSettings(box_out_of_bounds=True)
    spec = SigFieldSpec(name, invis_sig_settings=outside, readable_field_name=f"Firma electrónica {number}")
    fields.append_signature_field(writer, spec)
    return name


def archive(pdf: bytes, anchors: Sequence[bytes], revocations: Iterable[bytes], stamps: TimeStamps) -> bytes:
    """PAdES B-LTA: the certificates and CRLs that each signature needs, and a stamp of the whole document.

    `anchors`: DER certificates of the roots. `revocations`: CRLs, DER. Raises DocumentRefusal when a
    signature does not verify with them.
    """
    lists = [crl.CertificateList.load(one) for one in revocations]
    roots = [x509.Certificate.load(one) for one in anchors]

    def context() -> ValidationContext:
        return ValidationContext(
            trust_roots=roots, crls=lists, allow_fetching=False, revocation_mode="require"
        )

    try:
        for name in _signed(pdf):
            found = {s.field_name: s for s in PdfFileReader(io.BytesIO(pdf)).embedded_signatures}
            pdf = _with_needs(found[name], context())
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        stamper = signers.PdfTimeStamper(
            AskingStamper(stamps), invis_settings=InvisSigSettings(box_out_of_bounds=True)
        )
        stamped = finished(
            lambda: stamper.async_timestamp_pdf(writer, DIGEST, context(), dss_settings=BEFORE)
        )
        return bytes(stamped.getbuffer())
    except (PdfError, ValueError, PathError, ValidationError) as error:
        raise DocumentRefusal("documento.archivo", "documento", "firmas vigentes", _words(error)) from None


def _with_needs(embedded: EmbeddedPdfSignature, context: ValidationContext) -> bytes:
    """The PDF with the certificates and CRLs of one of its signatures.

    Without VRI, which PAdES leaves free: archiving again would have to change its entries.
    """
    made = finished(lambda: async_add_validation_info(embedded, context, add_vri_entry=False))
    return bytes(made.getbuffer())


def _words(error: Exception) -> str:
    match error:
        case RevokedError():
            return "un certificado revocado"
        case ExpiredError() | NotYetValidError():
            return "un certificado fuera de su vigencia"
        case InsufficientRevinfoError():
            return "un certificado sin lista de revocación"
        case PathError() | ValidationError():
            return "un certificado que no lleva a las raíces dadas"
    return type(error).__name__


def _signed(pdf: bytes) -> list[str]:
    return [one.field_name for one in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures]
