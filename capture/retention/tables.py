"""The SQL tables of retention: backups and destructions, one row a process."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from capture.processes import tables as processes  # noqa: F401 - the foreign keys name its tables
from capture.schema import metadata
from ledger.database import Instant

respaldos = Table(
    "respaldos",
    metadata,
    Column("proceso", ForeignKey("procesos.folio"), primary_key=True),
    Column("iniciado", Instant, nullable=False),
    Column("concluido", Instant),
    Column("cuerpos", Integer),
)

destrucciones = Table(
    "destrucciones",
    metadata,
    Column("proceso", ForeignKey("procesos.folio"), primary_key=True),
    Column("ordenada", Instant, nullable=False),
    Column("ordenada_por", String(64), nullable=False),
    Column("rol", String(20), nullable=False),
    Column("motivo", String(400), nullable=False),
    Column("registros", Integer, nullable=False),
    Column("por_estado", Text, nullable=False),  # JSON
    Column("lista_sha256", String(64), nullable=False),  # of `plan`'s list of what there was
    Column("llave_sha256", String(64)),  # of the recipient whose identity was destroyed
    Column("llave_destruida", Instant),
    Column("archivos_borrados", Instant),
    Column("datos_borrados", Instant),
    Column("acta", Text),  # canonical JSON
    Column("concluida", Instant),
)
"""A destruction goes on where it was stopped: each step leaves its instant here once it is done."""
