"""`/v1/padron`: which corte answers, and single questions of the DERFE."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.accounts.permissions import Permission
from api.http.guard import Guarded
from api.http.here import HereNow
from api.http.rates import Rate
from api.padron.settings import read_key
from capture.padron import store_sql
from capture.padron.ports import NumberKind, Pregunta
from capture.padron.store_sql import Corte, SqlPadron
from capture.records.ports import Done

router = Guarded("/v1/padron", "padron")


class CorteAnswer(BaseModel):
    """A load of the padrón."""

    fecha: date
    """Cut-off date."""
    estado: str
    personas: int
    rechazados: int
    sha256: str | None
    """Of the file, hexadecimal."""
    iniciado: datetime
    terminado: datetime | None


class PadronAnswer(BaseModel):
    """The corte that answers, if any, and all loads, the newest first."""

    vigente: CorteAnswer | None
    cargas: list[CorteAnswer]


class Question(BaseModel):
    """What a credential says. It travels in the body: never in an address, which is logged."""

    model_config = ConfigDict(extra="forbid")

    clave_elector: Annotated[str, Field(pattern=r"^[A-Z]{6}[0-9]{8}[HM][0-9]{3}$")]
    tipo: NumberKind
    numero: Annotated[str, Field(pattern=r"^([0-9]{9}|[0-9]{12,13})$")]
    entidad: Annotated[str | None, Field(pattern=r"^[0-9]{2}$")] = None
    """The entidad that a process asks for; without it any will do."""


class SituacionAnswer(BaseModel):
    """A situación registral and the cut-off date of who says it."""

    codigo: str
    nombre: str
    cuenta: bool
    corte: date


@router.get("", Permission.PADRON_CONSULTAR)
def state(here: HereNow) -> PadronAnswer:
    """Qué corte del padrón responde, y qué cargas hubo."""
    with here.database.reading() as db:
        loads = store_sql.history(db)
    answers = [_corte(one) for one in loads]
    return PadronAnswer(vigente=next((a for a in answers if a.estado == "vigente"), None), cargas=answers)


def _corte(one: Corte) -> CorteAnswer:
    return CorteAnswer(
        fecha=one.fecha,
        estado=one.estado,
        personas=one.aceptados,
        rechazados=one.rechazados,
        sha256=None if one.sha256 is None else one.sha256.hex(),
        iniciado=one.iniciado,
        terminado=one.terminado,
    )


@router.post("/consultas", Permission.PADRON_CONSULTAR, rate=Rate.WRITING)
def ask(here: HereNow, body: Question) -> SituacionAnswer:
    """La situación registral de una persona. Queda constancia de quién preguntó y cuándo, no de por quién."""
    pregunta = Pregunta(body.clave_elector, body.tipo, body.numero, body.entidad)
    key = read_key(here.services.settings.padron.key_file)
    with here.database.writing() as db:
        situacion, corte = SqlPadron(db, key).consulta(pregunta)
        who = here.who
        act = Done(who.account, who.role.value, "padron.consulta", f"corte {corte.isoformat()}", here.now)
        here.services.acts.record(db, act)
    return SituacionAnswer(
        codigo=situacion.value, nombre=situacion.label, cuenta=situacion.counts, corte=corte
    )
