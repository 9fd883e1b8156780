"""`/v1/consultas/{consulta}/opiniones` and `/retos`: casting, its proof, and challenged ballots (SEI-18 to
SEI-20, SEI-28).

Casting answers when the ballot is durable in its urn. The same bytes get the same answer for ever, also from
somebody whose session is over: everything in it is public.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Path, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.entrada import texts
from api.entrada.forms import Secret
from api.entrada.routes import Consulta, VoterSession
from api.http.bodies import binary, file_answer, whole_body
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.http.rates import Rate
from api.opinion.proofs import leaf_of
from tally.casting import Receipt
from tally.entrada.errors import NoSession
from tally.entrada.sessions_sql import VoterSessions
from tally.opinion.ports import Voter
from tally.opinion.receipt import sign_receipt

opinions = Guarded("/v1/consultas/{consulta}", "opinion")
MAX_BALLOT_BYTES = 256 * 1024
"""A ballot of 100 options has some 60 KiB."""
_JSON = "application/json"
_TEXT = "text/plain"


class Comprobante(BaseModel):
    """`rastreador` is the ballot's tracking hash, `evento` its event on the urn's chain at `altura`. With
    `comprobante`, a note that the consultation's log signed, anybody can show that it was accepted."""

    uuid: str
    altura: int
    evento: str
    rastreador: str
    comprobante: str
    mensaje: str = texts.SENT
    agradecimiento: str = texts.THANKS
    recordatorio: str = texts.NO_MORE


class Auditada(BaseModel):
    """A ballot that was challenged: from now on it is never cast, and what it says may be shown."""

    rastreador: str
    mensaje: str = texts.AUDITED


@opinions.post("/opiniones", Permission.OPINION_EMITIR, rate=Rate.PACKETS, openapi_extra=binary(_JSON))
async def cast(
    here: HereNow,
    request: Request,
    consulta: Consulta,
    x_sesion_opinion: Annotated[Secret | None, Header(alias="X-Sesion-Opinion")] = None,
) -> Comprobante:
    """«Confirmar»: recibe una boleta cifrada y responde con su comprobante firmado."""
    data = await whole_body(request, MAX_BALLOT_BYTES)
    return await run_in_threadpool(_cast, here, consulta, data, x_sesion_opinion)


def _cast(here: Here, consulta: str, data: bytes, session: str | None) -> Comprobante:
    casting = here.services.sei.casting
    voter = _voter_or_none(here, consulta, session)
    found = casting.known(consulta, data) if voter is None else casting.cast(consulta, data, voter)
    if found is None:
        raise NoSession("sesion.opinion", "sesión", "una sesión abierta", "ninguna, o una que venció")
    return _shown(here, consulta, found)


@opinions.post("/retos", Permission.OPINION_EMITIR, rate=Rate.PACKETS, openapi_extra=binary(_JSON))
async def challenge(
    here: HereNow, request: Request, consulta: Consulta, x_sesion_opinion: VoterSession
) -> Auditada:
    """Audita una boleta antes de enviarla: se registra, y desde entonces no puede entrar a la urna."""
    data = await whole_body(request, MAX_BALLOT_BYTES)
    return await run_in_threadpool(_challenge, here, consulta, data, x_sesion_opinion)


def _challenge(here: Here, consulta: str, data: bytes, session: str) -> Auditada:
    with here.database.reading() as db:
        voter = VoterSessions(db).of(consulta, session, here.now)
    return Auditada(rastreador=here.services.sei.challenges.record(consulta, data, voter))


@opinions.get("/opiniones/{uuid}/{altura}/prueba", Permission.OPINION_EMITIR, **file_answer(_TEXT))
def proof(
    here: HereNow,
    consulta: Consulta,
    uuid: Annotated[str, Path(max_length=64)],
    altura: Annotated[int, Path(ge=1, le=2**30)],
) -> Response:
    """La prueba (tlog-proof) de que la boleta de un comprobante está en la bitácora de la consulta."""
    with here.database.reading() as db:
        leaf = leaf_of(db, consulta, uuid, altura)
    if leaf is None:
        raise Problem("no-encontrado", "No hay una boleta con esa altura en esa urna.")
    index, entry = leaf
    found = None if index is None else here.services.sei.proofs.of(consulta, index, entry)
    if found is None:
        detail = "La bitácora publica esta boleta en unos segundos. Vuelva a pedir la prueba."
        raise Problem("no-disponible", detail, headers={"Retry-After": "1"})
    return Response(found.encode(), media_type=_TEXT)


def _voter_or_none(here: Here, consulta: str, session: str | None) -> Voter | None:
    if session is None:
        return None
    try:
        with here.database.reading() as db:
            return VoterSessions(db).of(consulta, session, here.now)
    except NoSession:
        return None


def _shown(here: Here, consulta: str, receipt: Receipt) -> Comprobante:
    signed = sign_receipt(consulta, receipt, here.services.sei.signers.of(consulta))
    return Comprobante(
        uuid=receipt.uuid,
        altura=receipt.height,
        evento=receipt.event,
        rastreador=receipt.tracker,
        comprobante=signed.decode(),
    )
