"""Each PAdES signature of a PDF: what it covers, who made it, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, validate_sig_integrity
from pyhanko.sign.validation.status import SignatureCoverageLevel

from certeza_verifier.documents.certification import describe, name_of, require_signer
from certeza_verifier.documents.own_files import Anchors
from certeza_verifier.documents.stamps import HASHES, Stamped, check_token, hash_of
from certeza_verifier.errors import Failure

PADES = "/ETSI.CAdES.detached"
STAMP = "/ETSI.RFC3161"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that holds. `person` is None for a stamp of the whole document."""

    field: str
    person: str | None
    issuer: str
    stamped: Stamped

    def lines(self) -> list[str]:
        """For people."""
        moment = f"{self.stamped.instant:%Y-%m-%d %H:%M:%S} UTC"
        if self.person is None:
            return [
                f"{self.field}: sello de tiempo de todo el documento, {moment}, {self.stamped.authority}."
            ]
        return [
            f"{self.field}: firmado por {self.person}; lo emitió {self.issuer}.",
            f"  Sello de tiempo de la firma: {moment}, {self.stamped.authority}.",
        ]

    def as_json(self) -> dict[str, object]:
        """For the machine report."""
        return {
            "campo": self.field,
            "firmante": self.person,
            "emisor": self.issuer,
            "instante": self.stamped.instant.isoformat(),
            "autoridad": self.stamped.authority,
        }


def check_signature(embedded: Any, anchors: Anchors) -> Signed:
    """One signature, in itself: its bytes, its maker, its stamp. Raises Failure or NotJudged."""
    field, kind = str(embedded.field_name), embedded.sig_object.get("/SubFilter")
    if embedded.md_algorithm not in HASHES:
        raise Failure("documento-firma", field, ", ".join(HASHES), embedded.md_algorithm)
    embedded.compute_integrity_info(skip_diff=True)
    if embedded.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        raise Failure("documento-alcance", field, "todos los bytes hasta la firma", list(embedded.byte_range))
    if embedded.sig_object_type == "/DocTimeStamp":
        return _document_stamp(embedded, field, kind, anchors)
    if kind != PADES:
        raise Failure("documento-pades", field, PADES, kind)
    certificate = embedded.signer_cert
    digest = embedded.compute_digest()
    intact, valid = validate_sig_integrity(embedded.signer_info, certificate, "data", digest)
    if not intact:
        raise Failure("documento-alterado", field, "los bytes que se firmaron", "otros")
    if not valid:
        raise Failure("documento-firma", field, f"la firma de {describe(certificate)}", "otra")
    stamped = _stamped(embedded, field, anchors)
    others = embedded.other_embedded_certs
    require_signer(certificate, others, stamped.instant, anchors.roots, anchors.lists)
    return Signed(field, describe(certificate), name_of(certificate.issuer), stamped)


def _stamped(embedded: Any, field: str, anchors: Anchors) -> Stamped:
    tokens = list(extract_tst_data_iter(embedded.signer_info, signed=False))
    if len(tokens) != 1:
        raise Failure("documento-sin-sello-de-tiempo", field, 1, len(tokens))
    signature = embedded.signer_info["signature"].native
    place = f"{field}, sello de tiempo"
    return check_token(tokens[0], lambda name: hash_of(name, signature, place), anchors, place)


def _document_stamp(embedded: Any, field: str, kind: object, anchors: Anchors) -> Signed:
    if kind != STAMP:
        raise Failure("documento-pades", field, STAMP, kind)
    stamped = check_token(embedded.signed_data, embedded.compute_digest, anchors, field)
    return Signed(field, None, name_of(stamped.certificate.issuer), stamped)
