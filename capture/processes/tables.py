"""The SQL tables of the institutes and of what they open for capture (001 §5; 002 §1.2, §2.4)."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from capture.schema import metadata
from ledger.database import Instant

opls = Table(
    "opls",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("nombre", String(200), nullable=False),
    Column("siglas", String(20), nullable=False),
    Column("entidad", String(2), nullable=False),
    Column("activo", Boolean, nullable=False),
    Column("registrado", Instant, nullable=False),
)
"""Local institutes. `entidad`: the two digits of its state."""

periodos = Table(
    "periodos",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("opl", ForeignKey("opls.id"), nullable=False, index=True),
    Column("tipo", String(40), nullable=False),
    Column("nombre", String(200), nullable=False),
    Column("cargo", String(200)),
    Column("ambito", String(20), nullable=False),
    Column("entidad", String(2), nullable=False),
    Column("inicio", Instant, nullable=False),
    Column("fin", Instant, nullable=False),
    Column("activo", Boolean, nullable=False),
    Column("mi_apoyo", Boolean, nullable=False),
    Column("criterios", Text, nullable=False),
    Column("municipios_excepcion", Text, nullable=False),
    Column("creado", Instant, nullable=False),
    CheckConstraint("inicio < fin", name="inicio_antes_de_fin"),
)
"""Periods of capture (001 §5.A). `criterios`: JSON object that changes the review catalogue, `{}` for
DERFE's own; `municipios_excepcion`: JSON list of keys «entidad-municipio» of the régimen de excepción."""

avisos_privacidad = Table(
    "avisos_privacidad",
    metadata,
    Column("periodo", ForeignKey("periodos.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("texto", Text, nullable=False),
    Column("liga", String(500), nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("publicado", Instant, nullable=False),
)
"""Every version of the aviso de privacidad simplificado that was shown before capture, and the address of
the integral one (APO-26)."""

procesos = Table(
    "procesos",
    metadata,
    Column("folio", String(16), primary_key=True),
    Column("periodo", ForeignKey("periodos.id"), nullable=False),
    Column("denominacion", String(479), nullable=False),
    Column("promovente", String(300), nullable=False),
    Column("nombre", String(100), nullable=False),
    Column("apellido_paterno", String(100), nullable=False),
    Column("apellido_materno", String(100), nullable=False),
    Column("lugar_nacimiento", String(200)),
    Column("fecha_nacimiento", Date),
    Column("genero", String(20)),
    Column("telefono_domicilio", String(10)),
    Column("telefono_oficina", String(10)),
    Column("telefono_movil", String(10)),
    Column("clave_elector", String(18), nullable=False),
    Column("cic", String(9)),
    Column("ocr", String(13)),
    Column("credencial_entidad", String(2)),
    Column("credencial_municipio", String(3)),
    Column("credencial_seccion", String(4)),
    Column("correo", String(254), nullable=False),
    Column("autenticacion", String(40), nullable=False),
    Column("fecha_manifestacion", Date, nullable=False),
    Column("numero_oficio", String(100), nullable=False),
    Column("fecha_oficio", Date),
    Column("folio_interno", String(100)),
    Column("observaciones", Text),
    Column("activo", Boolean, nullable=False),
    Column("recipiente", String(100), nullable=False),
    Column("registrado", Instant, nullable=False),
    Column("registrado_por", String(64), nullable=False),
    Column("confirmado", Instant),
    Column("confirmado_por", String(64)),
    UniqueConstraint("periodo", "correo"),
)
"""One process per aspirante or promovente; `folio` is the Id Proceso. `recipiente`: the age recipient to
which records are sealed. `confirmado`: when the signed cédula de confirmación was received (001 §5.F)."""

emblemas = Table(
    "emblemas",
    metadata,
    Column("proceso", ForeignKey("procesos.folio"), primary_key=True),
    Column("tipo", String(10), nullable=False),
    Column("ancho", Integer, nullable=False),
    Column("alto", Integer, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("imagen", LargeBinary, nullable=False),
)
"""The image that the app shows for a process, apart from the data because it is large. Pixels."""

llaves_opl = Table(
    "llaves_opl",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("opl", ForeignKey("opls.id"), nullable=False),
    Column("periodo", ForeignKey("periodos.id"), nullable=False),
    Column("tipo", String(10), nullable=False),
    Column("llave", Text, nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("registrada", Instant, nullable=False),
    Column("registrada_por", String(64), nullable=False),
    Column("revocada", Instant),
    CheckConstraint("tipo IN ('age', 'x509')", name="tipo"),
)
"""Public keys for which results are encrypted (001 §13.1): the text of an age recipient or a PEM
certificate, and the SHA-256 of that text."""
Index(
    "uq_llaves_opl_vigente",
    llaves_opl.c.periodo,
    unique=True,
    sqlite_where=llaves_opl.c.revocada.is_(None),
    postgresql_where=llaves_opl.c.revocada.is_(None),
)

solicitudes_uso = Table(
    "solicitudes_uso",
    metadata,
    Column("folio", String(40), primary_key=True),
    Column("opl", ForeignKey("opls.id"), nullable=False, index=True),
    Column("tipo", String(40), nullable=False),
    Column("numero_oficio", String(100), nullable=False),
    Column("fecha_oficio", Date, nullable=False),
    Column("aspirantes_estimados", Integer, nullable=False),
    Column("apoyos_estimados", Integer, nullable=False),
    Column("correo", String(254), nullable=False),
    Column("observaciones", Text),
    Column("estado", String(20), nullable=False),
    Column("recibida", Instant, nullable=False),
    Column("recibida_de", String(64), nullable=False),
    Column("respuesta", Text),
    Column("procedente", Boolean),
    Column("atendida", Instant),
    Column("atendida_por", String(64)),
)
"""What an OPL asks before it may use the system, and what DERFE answered (APO-30). Estimates are whole
numbers."""

consecutivos = Table(
    "consecutivos",
    metadata,
    Column("serie", String(60), primary_key=True),
    Column("ultimo", Integer, nullable=False),
)
"""The last number given out in a series: numbers are never given twice, also when what they named is gone."""
