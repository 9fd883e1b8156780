"""What the routes of the opening answer and are asked."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class AportacionView(BaseModel):
    """Un archivo que entregó una persona custodia: si es válido y, si no, por qué."""

    custodio: int
    nombre: str
    estado: str
    motivo: str | None
    sha256: str
    recibida: datetime


class Custodia(BaseModel):
    """De quién se espera una aportación válida."""

    custodio: int
    nombre: str


class ComputoView(BaseModel):
    """La apertura en vivo: qué llegó, qué se rechazó y por qué, cuántas faltan."""

    estado: str
    desde: datetime
    umbral: int
    validas: int
    suficientes: bool
    aportaciones: list[AportacionView]
    faltan: list[Custodia]


class LlaveDistrito(BaseModel):
    """El recipiente age de la Dirección Distrital: «age1…»."""

    llave: str = Field(pattern="^age1[0-9a-z]{58}$")
