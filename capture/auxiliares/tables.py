"""The SQL tables of auxiliares, of devices, and of what authorises a device (002 §2.4, §3, §5; 003)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from capture.processes import tables as processes  # noqa: F401 - the foreign keys name its tables
from capture.schema import metadata
from ledger.database import Instant


def _unique_while(name: str, condition: ColumnElement[bool], *columns: Column[object]) -> None:
    Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


auxiliares = Table(
    "auxiliares",
    metadata,
    Column("id", String(10), primary_key=True),
    Column("proceso", ForeignKey("procesos.folio"), nullable=False, index=True),
    Column("nombre", String(100), nullable=False),
    Column("apellido_paterno", String(100), nullable=False),
    Column("apellido_materno", String(100), nullable=False),
    Column("fecha_nacimiento", Date, nullable=False),
    Column("telefono", String(10), nullable=False),
    Column("correo", String(254), nullable=False, index=True),
    Column("autenticacion", String(40), nullable=False),
    Column("clave_elector", String(18), nullable=False),
    Column("curp", String(18)),
    Column("zona", String(100)),
    Column("situacion", String(40)),
    Column("situacion_corte", Date),
    Column("alta", Instant, nullable=False),
    Column("alta_por", String(64), nullable=False),
    Column("baja", Instant),
    Column("baja_causa", String(40)),
    Column("baja_detalle", Text),
    Column("baja_por", String(64)),
    Column("baja_rol", String(20)),
)
"""Auxiliares of a process. `situacion`: what the padrón said, with its cut-off date; null while it has not
been asked. A baja is for good: a new alta has a new Id Auxiliar (003)."""
_active = auxiliares.c.baja.is_(None)
_unique_while("uq_auxiliares_correo_activo", _active, auxiliares.c.proceso, auxiliares.c.correo)
_unique_while("uq_auxiliares_clave_activa", _active, auxiliares.c.proceso, auxiliares.c.clave_elector)

activaciones = Table(
    "activaciones",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("correo", String(254), nullable=False),
    Column("autenticacion", String(40), nullable=False),
    Column("cic", String(9), nullable=False),
    Column("modelo", String(1), nullable=False),
    Column("entidad", String(2), nullable=False),
    Column("llave", LargeBinary, nullable=False),
    Column("llave_sha256", LargeBinary(32), nullable=False),
    Column("codigo_sal", LargeBinary(16), nullable=False),
    Column("codigo_derivado", LargeBinary(32), nullable=False),
    Column("codigo", String(12)),
    Column("intentos", Integer, nullable=False),
    Column("solicitada", Instant, nullable=False, index=True),
    Column("vence", Instant, nullable=False),
    Column("activada", Instant),
    Column("baja", Instant),
    Column("baja_causa", String(40)),
)
"""Citizens of «Mi Apoyo» (002 §5): one e-mail, one device key, one credential. While it can be used, the
code rests only as what scrypt makes of it; `codigo` is for the acuse (002 §5.21), once it was used and
opens nothing more. `activada` is null until then; requests that nobody completes stand in nobody's way."""
_taken = activaciones.c.activada.is_not(None) & activaciones.c.baja.is_(None)
_unique_while("uq_activaciones_correo", _taken, activaciones.c.correo)
_unique_while("uq_activaciones_cic", _taken, activaciones.c.cic)
_unique_while("uq_activaciones_llave", _taken, activaciones.c.llave_sha256)

dispositivos = Table(
    "dispositivos",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("auxiliar", ForeignKey("auxiliares.id"), index=True),
    Column("activacion", ForeignKey("activaciones.id"), index=True),
    Column("ranura", SmallInteger, nullable=False),
    Column("nombre", String(100), nullable=False),
    Column("algoritmo", String(20), nullable=False),
    Column("llave", LargeBinary, nullable=False),
    Column("llave_sha256", LargeBinary(32), nullable=False, unique=True),
    Column("alta", Instant, nullable=False),
    Column("baja", Instant),
    Column("baja_causa", String(40)),
    CheckConstraint("(auxiliar IS NULL) <> (activacion IS NULL)", name="un_titular"),
    CheckConstraint("ranura IN (1, 2)", name="ranura"),
)
"""Devices that may send records. `llave`: SubjectPublicKeyInfo, DER. `ranura`: which of the two places of
its holder it takes, so that the database itself refuses a third (APO-07)."""
_in_use = dispositivos.c.baja.is_(None)
_unique_while("uq_dispositivos_auxiliar_ranura", _in_use, dispositivos.c.auxiliar, dispositivos.c.ranura)
_unique_while("uq_dispositivos_activacion", _in_use, dispositivos.c.activacion)

retos = Table(
    "retos",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("valor", LargeBinary(32), nullable=False),
    Column("vence", Instant, nullable=False, index=True),
)
"""Challenges that a device signs to prove that it has the private key; each is deleted when it is used."""

cedulas_auxiliar = Table(
    "cedulas_auxiliar",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("auxiliar", ForeignKey("auxiliares.id"), nullable=False, index=True),
    Column("dispositivo", ForeignKey("dispositivos.id"), nullable=False, unique=True),
    Column("credencial", String(3), nullable=False),
    Column("numero", String(13), nullable=False),
    Column("cuerpo", Text, nullable=False),
    Column("tamano", Integer, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("recibida", Instant, nullable=False),
    Column("corresponde", Boolean),
    Column("revisada", Instant),
    Column("revisada_por", String(64)),
)
"""The auxiliar's own credential, photo and signature as the app sealed them (002 §3.3), and whether a
reviewer found that they are the registered person's (002 §2.9). `credencial`: cic or ocr, whose digits
are `numero`; `cuerpo`: where the sealed bytes are; `tamano` in bytes."""
