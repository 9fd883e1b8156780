"""The tables of patterns. Prints, embeddings and places are only in them sealed to the process (APO-14)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table

from capture.records import tables as records  # noqa: F401 - the foreign keys name its tables
from capture.schema import metadata
from ledger.database import Instant, Serial

vistos = Table(
    "vistos",
    metadata,
    Column("folio", String(36), ForeignKey("registros.folio"), primary_key=True),
    Column("proceso", String(64), nullable=False),
    Column("orden", Integer),  # place in the index of the process; null until it was looked for
    Column("dispositivo", String(36)),
    Column("auxiliar", String(16)),
    Column("capturado", Instant, nullable=False),
    Column("recibido", Instant, nullable=False),
    Column("noche", Boolean, nullable=False),
    Column("sellado", LargeBinary),  # a row of `seen.ROW`; null once it is in a segment
    Index("ix_vistos_proceso_orden", "proceso", "orden", unique=True),
    Index("ix_vistos_dispositivo", "proceso", "dispositivo", "capturado"),
    Index("ix_vistos_auxiliar", "proceso", "auxiliar", "capturado"),
)
_waiting = vistos.c.orden.is_(None)
Index(
    "ix_vistos_esperan",
    vistos.c.proceso,
    vistos.c.recibido,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
"""A row comes to be in the transaction that settles its record, so none is forgotten."""

segmentos_vistos = Table(
    "segmentos_vistos",
    metadata,
    # The rows with `desde` <= orden < `hasta`, sealed in one piece.
    Column("proceso", String(64), primary_key=True),
    Column("desde", Integer, primary_key=True),
    Column("hasta", Integer, nullable=False),
    Column("sellado", LargeBinary, nullable=False),
)

indices_vistos = Table(
    "indices_vistos",
    metadata,
    # Who looks holds the row of the process: one worker at a time.
    Column("proceso", String(64), primary_key=True),
    Column("siguiente", Integer, nullable=False),  # the orden of the next record
)

usos_dispositivo = Table(
    "usos_dispositivo",
    metadata,
    Column("proceso", String(64), primary_key=True),
    Column("dispositivo", String(36), primary_key=True),
    Column("auxiliar", String(16), primary_key=True),
    Index("ix_usos_dispositivo_auxiliar", "proceso", "auxiliar"),
)

patrones = Table(
    "patrones",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("proceso", String(64), nullable=False),
    Column("regla", String(40), nullable=False),
    Column("objeto", String(20), nullable=False),  # which image; «dispositivo», «auxiliar», «rostro»
    Column("sujeto", String(36), nullable=False),  # which device, which auxiliar, or its first folio
    Column("medida", Float, nullable=False),  # in `rules.UNIT`; the worst so far
    Column("registros", Integer, nullable=False),
    Column("primero", Instant, nullable=False),  # when it was found
    Column("ultimo", Instant, nullable=False),  # when it last grew
    Index("uq_patrones", "proceso", "regla", "objeto", "sujeto", unique=True),
    Index("ix_patrones_proceso", "proceso", "id"),
)

patrones_registros = Table(
    "patrones_registros",
    metadata,
    Column("patron", Serial, ForeignKey("patrones.id"), primary_key=True, autoincrement=False),
    Column("folio", String(36), ForeignKey("registros.folio"), primary_key=True),
    Column("proceso", String(64), nullable=False),
    Column("orden", Integer, nullable=False),  # of the record
    Column("llegada", Integer, nullable=False),  # orden of the record with which it came into the pattern
    Index("ix_patrones_registros_folio", "folio"),
    Index("ix_patrones_registros_llegada", "proceso", "llegada"),
)
