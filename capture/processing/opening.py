"""What a body tells: opened, held to its envelope, read, and what tells its person apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from capture.patterns.ports import Patterns
from capture.patterns.seen import seen_of
from capture.processing.checks import require_body, require_same
from capture.processing.datos import Datos
from capture.processing.errors import BodyRefusal
from capture.processing.ports import Bodies, Boveda, Keep, Opened, Periods, Read, Reading
from capture.records.ports import Acts
from capture.records.record import Record
from capture.records.states import Causa
from keys.errors import Refusal
from ledger.database import Database


@dataclass(frozen=True, slots=True)
class Tools:
    """What the job works with. `clock` gives aware instants."""

    database: Database
    bodies: Bodies
    boveda: Boveda
    reading: Reading
    periods: Periods
    acts: Acts
    clock: Callable[[], datetime]
    patterns: Patterns | None = None
    """None where nobody looks for irregular patterns."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What step 2 found out. `detalle` is the stable code of a refusal, never its text.

    `document`: what else was read, sealed; `keep` puts it beside the record.
    """

    causa: Causa
    detalle: str | None = None
    datos: bytes | None = None
    clave: bytes | None = None
    """HMAC of the clave de elector."""
    huellas: tuple[bytes, ...] = ()
    visto: bytes | None = None
    """Sealed: what patterns are looked for with."""
    document: bytes | None = None
    keep: Keep | None = None


def find_out(tools: Tools, record: Record) -> Outcome:
    """Fetch, check, open and read a body. Raises OSError and SQLAlchemyError only: try again."""
    try:
        return _read(tools, record)
    except (OSError, SQLAlchemyError):
        raise
    except BodyRefusal as refusal:
        return Outcome(refusal.causa, refusal.rule)
    except Refusal as refusal:
        return Outcome(Causa.CUERPO_NO_ABRE, refusal.rule)
    except Exception as error:  # noqa: BLE001 - whatever a body provokes, the queue goes on
        return Outcome(Causa.CUERPO_NO_ABRE, type(error).__name__)


def _read(tools: Tools, record: Record) -> Outcome:
    body = tools.bodies.get(record.cuerpo)
    require_body(record, body)
    opened = tools.boveda.open(record.proceso, body)
    require_same(record, opened)
    return _known(tools, record, opened, tools.reading.read(opened))


def _known(tools: Tools, record: Record, opened: Opened, read: Read) -> Outcome:
    boveda, datos = tools.boveda, read.datos
    with tools.database.reading() as connection:
        periodo = tools.periods.periodo_of(connection, record.proceso)
    texts = person_texts(datos, opened.credencial, opened.numero)
    clave = datos.text("clave_elector")
    huella = boveda.hmac(periodo, normal_clave(clave)) if clave else None
    visto = None
    if tools.patterns is not None:
        seen = seen_of(record.folio, opened.files, read.reading, huella, datos.contexto)
        visto = tools.patterns.seal(record.proceso, seen)
    return Outcome(
        Causa.PROCESADO,
        read.detail,
        datos=boveda.seal(record.proceso, datos.encode()),
        clave=huella,
        huellas=tuple(boveda.hmac(periodo, text) for text in texts),
        visto=visto,
        document=None if read.document is None else boveda.seal(record.proceso, read.document),
        keep=read.keep,
    )


def person_texts(datos: Datos, credencial: str, numero: str) -> list[bytes]:
    """What tells the person of a record apart: the clave de elector where it was read, and the credential."""
    clave = datos.text("clave_elector")
    number = f"{credencial}:{numero}".encode()
    return [number] if clave is None else [normal_clave(clave), number]


def normal_clave(clave: str) -> bytes:
    """A clave de elector as it is compared: capitals, no spaces."""
    return "".join(clave.split()).upper().encode()
