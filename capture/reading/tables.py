"""What was read of each record's images, what was suggested, and how far the mesa agrees with it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from capture.schema import metadata
from ledger.database import Instant, Serial

lecturas = Table(
    "lecturas",
    metadata,
    Column("folio", String(36), ForeignKey("registros.folio"), primary_key=True),
    Column("leida", Instant, nullable=False),
    Column("contenido", LargeBinary, nullable=False),  # sealed to the process
    Column("sin_lectura", String(40)),  # why the engines gave nothing
    Index("ix_lecturas_sin_lectura", "sin_lectura"),
)

sugerencias = Table(
    "sugerencias",
    metadata,
    # The incisos that seemed to apply to a record, in clear: what the mesa decides is in clear too.
    Column("folio", String(36), ForeignKey("registros.folio"), primary_key=True),
    Column("inciso", String(1), primary_key=True),
)

acuerdos = Table(
    "acuerdos_sugerencias",
    metadata,
    # Counted at the first review of each record with a reading. Inciso «-»: of the record as a whole.
    Column("proceso", String(64), primary_key=True),
    Column("inciso", String(1), primary_key=True),
    Column(
        "ambos", Serial, nullable=False
    ),  # suggested and applied; «-»: neither anything suggested nor applied
    Column("solo_sugerida", Serial, nullable=False),
    Column("solo_aplicada", Serial, nullable=False),
)
