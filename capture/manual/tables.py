"""What is kept of a captura manual beside its record. Nothing personal."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table

from capture.schema import metadata

capturas_manuales = Table(
    "capturas_manuales",
    metadata,
    Column("folio", String(36), ForeignKey("registros.folio"), primary_key=True),
    Column("municipio", String(6), nullable=False),  # entidad-municipio
    Column("criterio", String(1)),  # of 001 §9.5, when whoever captured saw one
    CheckConstraint("criterio IN ('1', '2', '3', '4')", name="criterio"),
)
