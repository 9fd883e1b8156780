"""The states of a person with regard to the Clave, in one table. Nothing else decides what may follow."""

from __future__ import annotations

from enum import StrEnum

from tally.claves.errors import ClaveRefusal


class State(StrEnum):
    """The values are stored."""

    REGISTRADA = "registrada"
    """Approved, without a Clave yet."""
    CON_CLAVE = "con_clave"
    DESHABILITADA = "deshabilitada"
    """Its owner denies having asked for it, or nobody is sure that it reached them (7.4.1): the person keeps
    the right to opine at the Mesa."""


class Event(StrEnum):
    """What can happen to a Clave."""

    EMISION = "emisión"
    REPOSICION = "reposición"
    DESHABILITACION = "deshabilitación"


_TABLE: dict[tuple[State, Event], State] = {
    (State.REGISTRADA, Event.EMISION): State.CON_CLAVE,
    # «por única ocasión» (7.3.2): the store counts it.
    (State.CON_CLAVE, Event.REPOSICION): State.CON_CLAVE,
    (State.CON_CLAVE, Event.DESHABILITACION): State.DESHABILITADA,
}
MAY_ENTER = frozenset({State.CON_CLAVE})
"""States in which a person may enter and opine."""


def after(state: State, event: Event) -> State:
    """The state that follows. Raises ClaveRefusal when the table does not have it."""
    following = _TABLE.get((state, event))
    if following is None:
        allowed = " o ".join(sorted(s.value for s, e in _TABLE if e is event))
        raise ClaveRefusal("clave.estado", event.value, f"una persona {allowed}", state.value)
    return following
