"""Requests in SQL. Every change of a state goes through `step`: the row, what was done, and its act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from capture.preregistro.errors import PreregistroRefusal, UnknownRequest
from capture.preregistro.folio import secret_hash
from capture.preregistro.request import (
    Actor,
    Attempt,
    Request,
    decode_codes,
    decode_turns,
    encode_codes,
    encode_turns,
)
from capture.preregistro.states import FINAL, EstadoSolicitud, Paso, after
from capture.preregistro.tables import (
    preregistro_cuerpos,
    preregistro_intentos,
    preregistro_pasos,
    preregistros,
)
from capture.preregistro.verdict import Verdict
from capture.records.ports import Acts, Done

_P, _I = preregistros.c, preregistro_intentos.c


@dataclass(frozen=True, slots=True)
class Begun:
    """A request that begins. `secret`: what its device, and nobody else, holds."""

    folio: str
    consulta: str
    secret: str
    llave: bytes | None
    giros: str
    origen: str = "aplicacion"


class Requests:
    """Within one transaction."""

    def __init__(self, connection: Connection, acts: Acts) -> None:
        self._db = connection
        self._acts = acts

    def begin(self, made: Begun, now: datetime) -> Request:
        """Keep a new one."""
        own = {"folio": made.folio, "consulta": made.consulta, "origen": made.origen, "llave": made.llave}
        begun = {"estado": EstadoSolicitud.INICIADA.value, "intento": 1, "giros": made.giros, "creado": now}
        self._db.execute(insert(preregistros).values(**own, **begun, secreto=secret_hash(made.secret)))
        return self.get(made.consulta, made.folio)

    def get(self, consulta: str, folio: str, *, lock: bool = False) -> Request:
        """Raises UnknownRequest. `lock`: nobody else changes it until the transaction ends."""
        wanted = select(preregistros).where(_P.folio == folio, _P.consulta == consulta)
        row = self._db.execute(wanted.with_for_update() if lock else wanted).one_or_none()
        if row is None:
            raise UnknownRequest("preregistro.existe", "folio", "una solicitud de la consulta", "ninguna")
        return _request(row)

    def of_device(self, consulta: str, folio: str, secret: str, *, lock: bool = False) -> Request:
        """The request, for whoever holds its secret. Raises UnknownRequest, the same for both."""
        mine = select(_P.folio).where(
            _P.folio == folio, _P.consulta == consulta, _P.secreto == secret_hash(secret)
        )
        if self._db.execute(mine).first() is None:
            raise UnknownRequest(
                "preregistro.existe", "folio", "una solicitud de este dispositivo", "ninguna"
            )
        return self.get(consulta, folio, lock=lock)

    def attempts(self, folio: str) -> list[Attempt]:
        """In order."""
        rows = self._db.execute(select(preregistro_intentos).where(_I.folio == folio).order_by(_I.intento))
        return [_attempt(row) for row in rows]

    def attempt(self, folio: str, intento: int) -> Attempt | None:
        """One of them, if it was received."""
        return next((one for one in self.attempts(folio) if one.intento == intento), None)

    def coming(self, folio: str, path: str, now: datetime) -> None:
        """A body will be kept at that path: whoever forgets the request finds it, whatever happens."""
        known = select(preregistro_cuerpos.c.cuerpo).where(preregistro_cuerpos.c.cuerpo == path)
        if self._db.execute(known).first() is None:
            row = {"cuerpo": path, "folio": folio, "recibido": now}
            self._db.execute(insert(preregistro_cuerpos).values(**row))

    def received(self, request: Request, attempt: Attempt, size: int, digest: bytes, actor: Actor) -> None:
        """A packet of the attempt that is asked for. Raises PreregistroRefusal."""
        own = {"folio": attempt.folio, "intento": attempt.intento, "giros": encode_turns(attempt.giros)}
        told = {"recibido": attempt.recibido, "sobre": attempt.sobre, "cuerpo": attempt.cuerpo}
        self._db.execute(insert(preregistro_intentos).values(**own, **told, tamano=size, sha256=digest))
        values = {"recibido": request.recibido or attempt.recibido}
        self.step(request, Paso.ENVIO, actor, attempt.recibido, **values)

    def judged(self, attempt: Attempt, verdict: Verdict, reading: bytes | None, now: datetime) -> None:
        """Keep what an attempt said. `reading`: what was read of its images, sealed."""
        mine = update(preregistro_intentos).where(_I.folio == attempt.folio, _I.intento == attempt.intento)
        told = {"dictamen": verdict.dictamen.value, "motivos": encode_codes(verdict.reasons)}
        self._db.execute(mine.values(leido=now, lectura=reading, **told))

    def approve(
        self, request: Request, actor: Actor, now: datetime, titular: str, **values: Any
    ) -> EstadoSolicitud:
        """The Clave of `titular` was issued in this transaction. Each person has one, whatever was asked for.
        Raises PreregistroRefusal (preregistro.duplicada)."""
        return self.step(
            request, Paso.APROBACION, actor, now, unica=preregistros.c.persona, titular=titular, **values
        )

    def step(
        self, request: Request, paso: Paso, actor: Actor, now: datetime, **values: Any
    ) -> EstadoSolicitud:
        """Do something to a request that still is where it was read. Raises PreregistroRefusal."""
        following = after(request.estado, paso)
        if following in FINAL:
            values |= {"terminado": now, "operador": None, "asignado": None}
        here = update(preregistros).where(
            _P.folio == request.folio, _P.estado == request.estado.value, _P.intento == request.intento
        )
        try:
            with self._db.begin_nested():
                changed = self._db.execute(here.values(estado=following.value, **values)).rowcount
        except IntegrityError:
            expected = "una sola solicitud de cada persona"
            raise PreregistroRefusal("preregistro.duplicada", "solicitud", expected, "otra") from None
        if changed != 1:
            expected = request.estado.value
            raise PreregistroRefusal("preregistro.estado", "solicitud", expected, "cambió entretanto")
        self._keep(request, paso, following, actor, now, values.get("causa"))
        return following

    def _keep(
        self, request: Request, paso: Paso, a: EstadoSolicitud, actor: Actor, now: datetime, causa: int | None
    ) -> None:
        detail = {"consulta": request.consulta, "estado": a.value}
        detail |= {"causa": str(causa)} if causa else {}
        act = Done(actor.id, actor.role, paso.value, request.folio, now, detail=detail)
        row = {"folio": request.folio, "consulta": request.consulta, "paso": paso.value, "a": a.value}
        told = {"quien": actor.id, "cuando": now, "acto": self._acts.record(self._db, act)}
        self._db.execute(insert(preregistro_pasos).values(**row, **told))


def waiting(
    connection: Connection, consulta: str, estado: EstadoSolicitud, after_folio: str, most: int
) -> list[str]:
    """Folios in a state, in order, after one."""
    wanted = select(_P.folio).where(
        _P.consulta == consulta, _P.estado == estado.value, _P.folio > after_folio
    )
    return list(connection.execute(wanted.order_by(_P.folio).limit(most)).scalars())


def _request(row: Row[Any]) -> Request:
    return Request(
        folio=row.folio,
        consulta=row.consulta,
        origen=row.origen,
        estado=EstadoSolicitud(row.estado),
        intento=row.intento,
        giros=decode_turns(row.giros),
        creado=row.creado,
        recibido=row.recibido,
        terminado=row.terminado,
        llave=None if row.llave is None else bytes(row.llave),
        datos=None if row.datos is None else bytes(row.datos),
        dictamen=row.dictamen,
        motivos=decode_codes(row.motivos),
        lista=row.lista,
        corte=row.corte,
        causa=row.causa,
        titular=row.titular,
        operador=row.operador,
        asignado=row.asignado,
        demarcacion=row.demarcacion,
    )


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        row.folio,
        row.intento,
        decode_turns(row.giros),
        row.recibido,
        bytes(row.sobre),
        row.cuerpo,
        row.dictamen,
        decode_codes(row.motivos),
        None if row.lectura is None else bytes(row.lectura),
    )
