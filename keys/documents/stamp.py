"""Asking a time-stamp authority, and reading what it answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, core, tsp
from pyhanko.sign.timestamps import TimeStamper

from keys.documents.blocking import finished
from keys.documents.certificate import name_text
from keys.documents.cms_signer import DIGEST
from keys.documents.errors import DocumentRefusal
from keys.documents.ports import TimeStamps
from keys.documents.stamping import Reply

PLACE = "sello de tiempo"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp token. `token`: its CMS, DER. `authority`: who says it. `instant`: aware, of the token."""

    token: bytes
    authority: str
    instant: datetime


class AskingStamper(TimeStamper):
    """pyHanko's client over a `TimeStamps`; an answer about another digest is refused."""

    def __init__(self, stamps: TimeStamps) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._stamps = stamps

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer. Raises DocumentRefusal unless it is a stamp of what was asked."""
        answer = await asyncio.to_thread(self._stamps.answer, req.dump())
        return _granted(answer, req)


def stamp_digest(digest: bytes, stamps: TimeStamps) -> Stamp:
    """A stamp of a SHA-256. Raises DocumentRefusal."""
    token = finished(lambda: AskingStamper(stamps).async_timestamp(digest, DIGEST))
    return read_stamp(token.dump())


def read_stamp(token: bytes) -> Stamp:
    """What a token says; its signature is not checked here. Raises DocumentRefusal for other bytes."""
    try:
        said = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
        return Stamp(token, _name(said["tsa"]), said["gen_time"].native)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DocumentRefusal("documento.sello-de-tiempo", PLACE, "un token RFC 3161", "otra cosa") from None


def _name(authority: core.Asn1Value) -> str:
    if authority.native is None:
        return "no dice cuál"
    return name_text(authority.chosen)


def _granted(answer: bytes, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
    try:
        reply = Reply.load(answer, strict=True)
        status, token = reply["status"], reply["time_stamp_token"]
        if status["status"].native not in ("granted", "granted_with_mods"):
            words = "; ".join(status["status_string"].native or ["sin decir por qué"])
            raise DocumentRefusal("documento.sello-de-tiempo", PLACE, "un sello", f"un rechazo: {words}")
        said = token["content"]["encap_content_info"]["content"].parsed
        same = said["message_imprint"].native == req["message_imprint"].native
        fresh = said["nonce"].native == req["nonce"].native
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DocumentRefusal(
            "documento.sello-de-tiempo", PLACE, "una respuesta RFC 3161", "otra cosa"
        ) from None
    if not same or not fresh:
        raise DocumentRefusal("documento.sello-de-tiempo", PLACE, "un sello de esta huella", "el de otra")
    return tsp.TimeStampResp.load(answer)
