"""How far the Mesas of a consultation are, in one table: from captures to the results with them (SEI-25)."""

from __future__ import annotations

from enum import StrEnum

from tally.mesa.errors import MesaSettled


class Etapa(StrEnum):
    """The values are stored. A consultation without a row is at the first one."""

    CAPTURA = "captura"
    """What the Mesas counted is captured, and corrected where it was captured wrong."""
    SUMADA = "sumada"
    """The encrypted sums of the small urns are public: nothing of them is corrected any more."""
    ABIERTA = "abierta"
    """Enough shares arrived and every sum that may be opened is open."""
    COMPUTADA = "computada"
    """Every UT has its acta de escrutinio, and the results with the Mesas are public."""


class Paso(StrEnum):
    """What leads from one stage to the next."""

    SUMAS = "sumas"
    APERTURA = "apertura"
    COMPUTO = "computo"


TABLE: dict[Paso, tuple[Etapa, Etapa]] = {
    Paso.SUMAS: (Etapa.CAPTURA, Etapa.SUMADA),
    Paso.APERTURA: (Etapa.SUMADA, Etapa.ABIERTA),
    Paso.COMPUTO: (Etapa.ABIERTA, Etapa.COMPUTADA),
}
"""There is no way back and none around."""
ORDER = tuple(Etapa)


def after(etapa: Etapa, paso: Paso, place: str) -> Etapa:
    """The stage that follows. Raises MesaSettled."""
    before, then = TABLE[paso]
    require(etapa, before, f"etapa.{paso.value}", place)
    return then


def require(etapa: Etapa, allowed: Etapa, rule: str, place: str) -> None:
    """Raises MesaSettled unless the Mesas are in exactly that stage."""
    if etapa is not allowed:
        expected = f"Mesas en etapa «{allowed.value}»"
        raise MesaSettled(f"mesa.{rule}", place, expected, f"etapa «{etapa.value}»")


def reached(etapa: Etapa, at_least: Etapa) -> bool:
    """Whether the Mesas are that far or further."""
    return ORDER.index(etapa) >= ORDER.index(at_least)
