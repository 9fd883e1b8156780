"""The first step of the job: a packet is opened in the bóveda, read by the confined engines, and judged."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from capture.face.challenge import ChallengeSettings, draw_turns
from capture.identity.errors import FormRefusal
from capture.packet.body import seal
from capture.preregistro.form import RequestData, read_data
from capture.preregistro.packet import parse_body, parse_envelope
from capture.preregistro.ports import Terms
from capture.preregistro.request import SISTEMA, Attempt, Request, encode_codes, encode_turns
from capture.preregistro.states import EstadoSolicitud, Paso
from capture.preregistro.store_sql import Requests
from capture.preregistro.tools import Tools
from capture.preregistro.verdict import Biometrics, Dictamen, Verdict, judge
from capture.reading.document import Document
from capture.reading.record import unread
from keys.errors import Refusal

TURNS = ChallengeSettings().turns


def new_turns(random_bytes: bytes) -> str:
    """The turns of an attempt, as they are stored. `random_bytes`: TURNS of them."""
    return encode_turns(draw_turns(random_bytes, TURNS))


@dataclass(frozen=True, slots=True)
class _Read:
    """`of_person`: columns of the request that follow from what the person gave; `reading`: what the engines
    read, sealed."""

    verdict: Verdict
    of_person: dict[str, Any] = field(default_factory=dict, repr=False)
    reading: bytes | None = field(default=None, repr=False)


class Judging:
    """Of one consultation."""

    def __init__(self, tools: Tools, terms: Terms) -> None:
        self._tools = tools
        self._terms = terms

    def judge(self, folio: str) -> bool:
        """Judge the packet of one request. False when there is nothing to do. Raises OSError: try again."""
        tools = self._tools
        with tools.database.reading() as db:
            requests = Requests(db, tools.acts)
            request = requests.get(self._terms.consulta, folio)
            attempt = requests.attempt(folio, request.intento)
        if request.estado is not EstadoSolicitud.RECIBIDA or attempt is None:
            return False
        found = self._read(request, attempt)
        with tools.database.writing() as db:
            return self._settle(Requests(db, tools.acts), attempt, found)

    def give_up(self, folio: str) -> bool:
        """Pre-registro closed before the person tried again: a person will look at it (7.2.1 V). False when
        there is nothing to do."""
        tools = self._tools
        with tools.database.writing() as db:
            requests = Requests(db, tools.acts)
            request = requests.get(self._terms.consulta, folio, lock=True)
            if request.estado is not EstadoSolicitud.REINTENTO:
                return False
            requests.step(request, Paso.SIN_MAS_INTENTOS, SISTEMA, tools.clock())
        return True

    def _read(self, request: Request, attempt: Attempt) -> _Read:
        tools = self._tools
        try:
            envelope = parse_envelope(attempt.sobre)
            body = tools.bodies.get(attempt.cuerpo)
            envelope.require_body(body)
            captured = parse_body(tools.vault.open(request.consulta, body), envelope)
            data = read_data(captured.fields)
        except Refusal as refusal:
            return _Read(Verdict(Dictamen.ILEGIBLE, _rules(refusal)))
        seen = tools.engines.read(captured.files, captured.model, attempt.giros)
        document = _document(seen)
        read = None if document is None else self._sealed(document.encode())
        return _Read(judge(seen, data), self._of_person(data), read)

    def _of_person(self, data: RequestData) -> dict[str, Any]:
        blind = self._tools.vault.hmac(self._terms.consulta, data.clave_elector.encode())
        return {"datos": self._sealed(data.encode()), "persona": blind, "seccion": data.seccion}

    def _sealed(self, data: bytes) -> bytes:
        return seal(data, self._tools.vault.new_process_key(self._terms.consulta))

    def _settle(self, requests: Requests, attempt: Attempt, found: _Read) -> bool:
        request = requests.get(self._terms.consulta, attempt.folio, lock=True)
        if (request.estado, request.intento) != (EstadoSolicitud.RECIBIDA, attempt.intento):
            return False
        now, verdict = self._tools.clock(), found.verdict
        requests.judged(attempt, verdict, found.reading, now)
        told = {"dictamen": verdict.dictamen.value, "motivos": encode_codes(verdict.reasons)}
        if verdict.may_try_again and request.intento < self._terms.intentos:
            again = {"intento": request.intento + 1, "giros": new_turns(self._tools.random(TURNS))}
            requests.step(request, Paso.INTENTO_FALLIDO, SISTEMA, now, **told, **again, **found.of_person)
        else:
            requests.step(request, Paso.LECTURA, SISTEMA, now, **told, **found.of_person)
        return True


def _document(seen: Biometrics) -> Document | None:
    """What rests of a reading for the validation module; None where no engine was asked.

    Without the vector of a face and the prints of images: nobody asks for them.
    """
    if seen.reading is None and seen.unread is None:
        return None
    read = seen.reading or unread()
    return Document(replace(read, face=replace(read.face, embedding=None), prints={}), seen.unread)


def _rules(refusal: Refusal) -> tuple[str, ...]:
    """Stable codes of what is wrong; with a form, of each of its fields."""
    findings = refusal.findings if isinstance(refusal, FormRefusal) else [refusal]
    return tuple(dict.fromkeys(one.rule for one in findings))
