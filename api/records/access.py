"""Opening a record for a person: only one who reviews it now, through the bóveda, each time an act."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from api.http.here import Here
from api.http.problems import Problem
from api.records.scope import is_enlace, visible
from capture.audiencia.tables import audiencia_registros, audiencias
from capture.audiencia.terms import Fase
from capture.mesa.assignments_sql import SECOND, SqlAssignments
from capture.mesa.review import is_disagreement, reviews_of
from capture.mesa.tables import asignaciones
from capture.processing.bodies import BlobBodies
from capture.processing.checks import require_body
from capture.processing.datos import Datos, parse_datos
from capture.processing.ports import Opened
from capture.records.ports import Done
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Record
from capture.vault.boveda import LocalBoveda

_HELD = (Fase.ASIGNADA.value, Fase.CONFIRMADA.value)
NO_STORE = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; sandbox"}
MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webm": "video/webm"}


@dataclass(frozen=True, slots=True)
class Grant:
    """A record that may be opened, and what for."""

    record: Record
    purpose: str


def open_grant(db: Connection, here: Here, folio: str, kind: str) -> Grant:
    """Let the reviewer of a record open it, and keep the act. Raises Problem (403, 404), UnknownRecord."""
    grant = _grant(db, here, visible(db, here.who, folio))
    act = Done(here.who.account, here.who.role.value, kind, folio, here.now, grant.purpose)
    here.services.acts.record(db, act)
    return grant


def _grant(db: Connection, here: Here, record: Record) -> Grant:
    account = here.who.account
    a = asignaciones.c
    held = select(a.vuelta).where(a.folio == record.folio, a.operador == account, a.cerrado.is_(None))
    turn = db.execute(held).scalar()
    if turn is not None:
        return Grant(record, f"mesa de control, revisión {turn}")
    r, h = audiencia_registros.c, audiencias.c
    hearing = (
        select(h.id)
        .join(audiencia_registros, r.audiencia == h.id)
        .where(r.folio == record.folio, r.operador == account, h.fase.in_(_HELD))
    )
    if (found := db.execute(hearing).scalar()) is not None:
        return Grant(record, f"audiencia {found}")
    if is_enlace(here.who) and is_disagreement(reviews_of(db, record.folio)):
        return Grant(record, "discrepancia de la mesa de control")
    raise Problem("sin-permiso", "Los datos e imágenes de un registro los ve solo quien lo tiene asignado.")


def blind_to(db: Connection, account: str) -> frozenset[str]:
    """Records that somebody has for a second look, who must not know what the first one found."""
    a = asignaciones.c
    held = select(a.folio).where(a.operador == account, a.vuelta == SECOND, a.cerrado.is_(None))
    return frozenset(db.execute(held).scalars())


def read_datos(db: Connection, here: Here, record: Record) -> Datos:
    """The data as they were read, unsealed; empty where the body could not be read. Raises VaultRefusal."""
    sealed = SqlRecordReading(db).blob(record.folio, "datos")
    if sealed is None:
        return Datos({})
    return parse_datos(LocalBoveda(here.services.chamber).unseal(record.proceso, sealed))


def read_body(here: Here, record: Record) -> Opened:
    """The body of a record, opened. Raises Refusal (another one, or it does not open), OSError."""
    body = BlobBodies(here.services.blobs).get(record.cuerpo)
    require_body(record, body)
    return LocalBoveda(here.services.chamber).open(record.proceso, body)


def assignments(db: Connection, here: Here) -> SqlAssignments:
    """The workloads, in the service's journal of acts."""
    return SqlAssignments(db, here.services.acts)
