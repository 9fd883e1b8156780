"""What auxiliares need from outside."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Registry(Protocol):
    """The padrón, asked about auxiliares. Raises OSError or Refusal when it cannot answer now."""

    def corte(self) -> date:
        """The cut-off date of what answers."""

    def situacion(self, clave_elector: str, tipo: str, numero: str) -> str:
        """The code of the situación registral. `tipo`: cic or ocr, whose digits are `numero`."""
