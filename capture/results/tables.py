"""The SQL tables of results: challenges for keys, deliveries with steps, packages with receipts."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from capture.processes import tables as processes  # noqa: F401 - the foreign keys name its tables
from capture.schema import metadata
from ledger.database import Instant, Serial

retos_llave = Table(
    "retos_llave",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("opl", ForeignKey("opls.id"), nullable=False),
    Column("periodo", ForeignKey("periodos.id"), nullable=False, index=True),
    Column("tipo", String(10), nullable=False),  # age | x509
    Column("llave", Text, nullable=False),
    Column("reto", LargeBinary, nullable=False),  # encrypted to the key
    Column("respuesta", LargeBinary(32), nullable=False),  # SHA-256 of the right answer
    Column("emitido", Instant, nullable=False),
    Column("vence", Instant, nullable=False),
    Column("intentos", Integer, nullable=False),
    Column("pedido_por", String(64), nullable=False),
    Column("respondido", Instant),
)

entregas = Table(
    "entregas",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("proceso", ForeignKey("procesos.folio"), nullable=False),
    Column("corte", String(12), nullable=False),
    Column("iniciada", Instant, nullable=False),
    Column("notificada", Instant),  # when the OPL told that the audiencias were over
    Column("oficio", String(100)),
    Column("abandonada", Instant),
    CheckConstraint("corte IN ('preliminar', 'definitivo')", name="corte"),
)
"""One of each corte in force for a process; one that was abandoned stays, with what was done."""
_in_force = entregas.c.abandonada.is_(None)
Index(
    "uq_entregas_vigente",
    entregas.c.proceso,
    entregas.c.corte,
    unique=True,
    sqlite_where=_in_force,
    postgresql_where=_in_force,
)

pasos_entrega = Table(
    "pasos_entrega",
    metadata,
    Column("entrega", ForeignKey("entregas.id"), primary_key=True),
    Column("paso", String(1), primary_key=True),
    Column("instante", Instant, nullable=False),
    Column("quien", String(64), nullable=False),
    Column("cifras", Text, nullable=False),  # JSON: name to number of records
    Column("datos", Text, nullable=False),  # JSON: name to text
    Column("acto", String(64), nullable=False),
)

paquetes = Table(
    "paquetes",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("tipo", String(14), nullable=False),  # preliminar | definitivo | cruce | requerimiento
    Column("opl", ForeignKey("opls.id"), nullable=False),
    Column("periodo", ForeignKey("periodos.id"), nullable=False, index=True),
    Column("proceso", ForeignKey("procesos.folio"), index=True),
    Column("entrega", ForeignKey("entregas.id"), unique=True),
    Column("ruta", String(200), nullable=False),  # in the blob store
    Column("nombre", String(120), nullable=False),  # of the file, for whoever downloads it
    Column("llave", String(64), nullable=False),  # fingerprint of the recipient
    Column("manifiesto", String(64), nullable=False),
    Column("cifrado", String(64), nullable=False),
    Column("bytes", Serial, nullable=False),
    Column("autoridad", String(200), nullable=False),  # vkey of who signed it
    Column("hecho", Instant, nullable=False),
    Column("recibido", Instant),
    Column("recibido_por", String(64)),
    Column("acuse", Text),  # text of the receipt
)
