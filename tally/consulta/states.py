"""The states of a consultation, in one table: what happens in each, and what leads on."""

from __future__ import annotations

from enum import StrEnum

from tally.consulta.errors import ConsultaRefusal


class Estado(StrEnum):
    """How far a consultation is. The values are stored."""

    PREPARACION = "preparacion"
    """Its data, custodios and calendar may change; the key ceremony is held."""
    LISTA = "lista"
    """The keys exist and a rehearsal proved that enough custodios hold theirs."""
    ABIERTA = "abierta"
    """All urns exist, empty; they take opinions while the calendar says so."""
    CERRADA = "cerrada"
    """Nothing enters any more; the encrypted tallies are public."""
    COMPUTADA = "computada"
    """Enough shares arrived and every urn has its result."""
    PUBLICADA = "publicada"
    """Actas, listados and results are issued."""


class Paso(StrEnum):
    """What leads from one state to the next."""

    ENSAYO = "ensayo"
    APERTURA = "apertura"
    CIERRE = "cierre"
    COMPUTO = "computo"
    PUBLICACION = "publicacion"


TABLE: dict[Paso, tuple[Estado, Estado]] = {
    Paso.ENSAYO: (Estado.PREPARACION, Estado.LISTA),
    Paso.APERTURA: (Estado.LISTA, Estado.ABIERTA),
    Paso.CIERRE: (Estado.ABIERTA, Estado.CERRADA),
    Paso.COMPUTO: (Estado.CERRADA, Estado.COMPUTADA),
    Paso.PUBLICACION: (Estado.COMPUTADA, Estado.PUBLICADA),
}
"""There is no way back and none around."""
ORDER = tuple(Estado)


def after(estado: Estado, paso: Paso, place: str) -> Estado:
    """The state that follows. Raises ConsultaRefusal."""
    before, then = TABLE[paso]
    if estado is not before:
        raise ConsultaRefusal(f"consulta.{paso.value}", place, f"una consulta {before.value}", estado.value)
    return then


def require(estado: Estado, allowed: Estado, what: str, place: str) -> None:
    """Raises ConsultaRefusal unless the consultation is in exactly that state."""
    if estado is not allowed:
        raise ConsultaRefusal(f"consulta.{what}", place, f"una consulta {allowed.value}", estado.value)


def reached(estado: Estado, at_least: Estado) -> bool:
    """Whether the consultation is that far or further."""
    return ORDER.index(estado) >= ORDER.index(at_least)
