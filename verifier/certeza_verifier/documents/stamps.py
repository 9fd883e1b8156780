"""RFC 3161 time-stamp tokens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import tsp
from pyhanko.sign.general import extract_certificate_info, extract_signer_info
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from certeza_verifier.documents.certification import name_of, require_stamper
from certeza_verifier.documents.own_files import Anchors
from certeza_verifier.errors import Failure

HASHES = ("sha256", "sha384", "sha512")
RULE = "documento-sello-de-tiempo"


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a token proves: `instant` (aware), and who says so."""

    instant: datetime
    authority: str
    certificate: Any


def said(token: Any, place: str) -> Any:
    """The TSTInfo of a token's SignedData, not checked."""
    content = token["encap_content_info"]
    if content["content_type"].native != "tst_info" or not isinstance(content["content"].parsed, tsp.TSTInfo):
        raise Failure(RULE, place, "un TSTInfo", content["content_type"].native)
    return content["content"].parsed


def check_token(token: Any, digest: Callable[[str], bytes], anchors: Anchors, place: str) -> Stamped:
    """A token (SignedData) over `digest(algorithm)`. Raises Failure or NotJudged.

    The authority's certificate must have been good at the token's own instant.
    """
    info = said(token, place)
    imprint = info["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if algorithm not in HASHES:
        raise Failure(RULE, place, ", ".join(HASHES), algorithm)
    expected, found = digest(algorithm), imprint["hashed_message"].native
    if expected != found:
        raise Failure(RULE, f"{place}, huella sellada", expected.hex(), found.hex())
    found_in = extract_certificate_info(token)
    _signed(token, found_in.signer_cert, place)
    instant = info["gen_time"].native
    require_stamper(found_in.signer_cert, found_in.other_certs, instant, anchors.stamp_roots, anchors.lists)
    return Stamped(instant, name_of(found_in.signer_cert.subject), found_in.signer_cert)


def _signed(token: Any, certificate: Any, place: str) -> None:
    signer = extract_signer_info(token)
    content = bytes(token["encap_content_info"]["content"])
    digest = hash_of(signer["digest_algorithm"]["algorithm"].native, content, place)
    intact, valid = validate_sig_integrity(signer, certificate, "tst_info", digest)
    if not (intact and valid):
        raise Failure(RULE, f"{place}, firma del sello", "la firma de la autoridad", "otra")


def hash_of(algorithm: str, data: bytes, place: str) -> bytes:
    """The digest; only of the hashes that are still trusted."""
    if algorithm not in HASHES:
        raise Failure("documento-firma", place, ", ".join(HASHES), algorithm)
    return hashlib.new(algorithm, data).digest()
