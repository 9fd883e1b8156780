"""An OPL's results key: challenge, answer, registration (001 §13.1). Within one transaction that writes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from capture.processes.tables import llaves_opl, periodos
from capture.records.ports import Acts, Done
from capture.results.deadlines import TERMS, Terms, require_key_in_time, require_key_lasts
from capture.results.errors import ResultsRefusal
from capture.results.tables import retos_llave
from keys.recipients.errors import PossessionRefusal
from keys.recipients.possession import NONCE_BYTES, kept, new_challenge, verify_answer
from keys.recipients.recipient import Recipient, parse_recipient

MAX_TRIES = 10
"""Answers to one challenge."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something: account id and role."""

    account: str
    role: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge to hand out: its id, the encrypted text and until when it can be answered."""

    id: str
    sealed: bytes
    fingerprint: str
    expires: datetime


class ResultsKeys:
    """`random` gives that many bytes of a cryptographic generator."""

    def __init__(
        self, connection: Connection, acts: Acts, random: Callable[[int], bytes], terms: Terms = TERMS
    ) -> None:
        self._connection = connection
        self._acts = acts
        self._random = random
        self._terms = terms

    def ask(self, periodo: str, key: bytes, who: Doer, now: datetime) -> Asked:
        """Take a public key in and challenge whoever handed it in.

        Raises RecipientRefusal for a key that cannot be used, ResultsRefusal for one that comes late.
        """
        found = self._periodo(periodo)
        recipient = parse_recipient(key)
        require_key_in_time(found.inicio, now, self._terms)
        require_key_lasts(recipient, now, found.fin, self._terms)
        challenge = new_challenge(periodo, recipient, now, self._random(NONCE_BYTES))
        sealed, id_ = challenge.seal(recipient), str(UUID(bytes=self._random(16), version=4))
        self._connection.execute(
            insert(retos_llave).values(
                id=id_,
                opl=found.opl,
                periodo=periodo,
                tipo=recipient.kind,
                llave=recipient.text,
                reto=sealed,
                respuesta=kept(challenge.answer),
                emitido=challenge.issued,
                vence=challenge.expires,
                intentos=0,
                pedido_por=who.account,
            )
        )
        self._act(who, "resultados.llave-presentada", periodo, now, recipient)
        return Asked(id_, sealed, recipient.fingerprint, challenge.expires)

    def answer(self, id_: str, typed: str, who: Doer, now: datetime) -> PossessionRefusal | None:
        """Register the key when the answer is right; it takes the place of the one in force, if there is one.

        A wrong answer is counted and returned, not raised: the count has to be kept. Raises ResultsRefusal
        for a challenge that was answered already or too often, and for one after the term for keys.
        """
        row = self._reto(id_)
        require_key_in_time(self._periodo(row.periodo).inicio, now, self._terms)
        try:
            verify_answer(typed, bytes(row.respuesta), row.vence, now)
        except PossessionRefusal as refusal:
            mine = update(retos_llave).where(retos_llave.c.id == id_)
            self._connection.execute(mine.values(intentos=row.intentos + 1))
            return refusal
        self._register(row, who, now)
        return None

    def _reto(self, id_: str) -> Any:
        row = self._connection.execute(
            select(retos_llave).where(retos_llave.c.id == id_).with_for_update()
        ).first()
        if row is None:
            raise ResultsRefusal("resultados.reto", "reto", "un reto emitido", "ninguno")
        if row.respondido is not None or row.intentos >= MAX_TRIES:
            found = "ya respondido" if row.respondido else f"{row.intentos} intentos"
            raise ResultsRefusal("resultados.reto", "reto", "uno pendiente; pida otro", found)
        return row

    def _register(self, row: Any, who: Doer, now: datetime) -> None:
        recipient = parse_recipient(row.llave.encode())
        in_force = update(llaves_opl).where(
            llaves_opl.c.periodo == row.periodo, llaves_opl.c.revocada.is_(None)
        )
        self._connection.execute(in_force.values(revocada=now))
        self._connection.execute(
            insert(llaves_opl).values(
                id=row.id,
                opl=row.opl,
                periodo=row.periodo,
                tipo=recipient.kind,
                llave=recipient.text,
                sha256=hashlib.sha256(recipient.text.encode()).digest(),
                registrada=now,
                registrada_por=who.account,
            )
        )
        answered = update(retos_llave).where(retos_llave.c.id == row.id)
        self._connection.execute(answered.values(respondido=now))
        self._act(who, "resultados.llave-registrada", row.periodo, now, recipient)

    def _act(self, who: Doer, kind: str, periodo: str, now: datetime, recipient: Recipient) -> None:
        detail = {"huella": recipient.fingerprint, "tipo": recipient.kind}
        self._acts.record(self._connection, Done(who.account, who.role, kind, periodo, now, detail=detail))

    def _periodo(self, periodo: str) -> Any:
        row = self._connection.execute(select(periodos).where(periodos.c.id == periodo)).first()
        if row is None:
            raise ResultsRefusal("resultados.periodo", "periodo", "uno registrado", "ninguno")
        return row


def key_in_force(connection: Connection, periodo: str) -> Recipient:
    """The key to which packages of the periodo are encrypted. Raises ResultsRefusal when there is none."""
    mine = (llaves_opl.c.periodo == periodo, llaves_opl.c.revocada.is_(None))
    text = connection.execute(select(llaves_opl.c.llave).where(*mine)).scalar()
    if text is None:
        raise ResultsRefusal(
            "resultados.sin_llave",
            f"periodo {periodo}",
            "una llave del OPL con prueba de posesión",
            "ninguna",
        )
    return parse_recipient(text.encode())
