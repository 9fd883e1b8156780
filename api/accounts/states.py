"""The states of a staff account, in one table. Nothing else decides whether an account may go on.

Source 001, 4.4: the «Declaratoria de Confidencialidad» has to be signed, and «hecho lo anterior
dichas cuentas se darán de alta».
"""

from __future__ import annotations

from enum import StrEnum

from api.accounts.errors import AccountRefusal


class State(StrEnum):
    """The values are stored."""

    CREADA = "creada"
    """It was asked for by oficio; the person has set no credential yet."""
    DECLARACION_PENDIENTE = "declaracion-pendiente"
    ACTIVA = "activa"
    SUSPENDIDA = "suspendida"
    BAJA = "baja"


class Event(StrEnum):
    """What can happen to an account."""

    CREDENCIAL = "credencial"
    DECLARATORIA = "declaratoria"
    SUSPENSION = "suspension"
    REACTIVACION = "reactivacion"
    BAJA = "baja"


_TABLE: dict[tuple[State, Event], State] = {
    (State.CREADA, Event.CREDENCIAL): State.DECLARACION_PENDIENTE,
    (State.DECLARACION_PENDIENTE, Event.CREDENCIAL): State.DECLARACION_PENDIENTE,
    (State.ACTIVA, Event.CREDENCIAL): State.ACTIVA,
    (State.DECLARACION_PENDIENTE, Event.DECLARATORIA): State.ACTIVA,
    (State.CREADA, Event.SUSPENSION): State.SUSPENDIDA,
    (State.DECLARACION_PENDIENTE, Event.SUSPENSION): State.SUSPENDIDA,
    (State.ACTIVA, Event.SUSPENSION): State.SUSPENDIDA,
    # Whoever comes back signs the declaration in force again.
    (State.SUSPENDIDA, Event.REACTIVACION): State.DECLARACION_PENDIENTE,
    (State.CREADA, Event.BAJA): State.BAJA,
    (State.DECLARACION_PENDIENTE, Event.BAJA): State.BAJA,
    (State.ACTIVA, Event.BAJA): State.BAJA,
    (State.SUSPENDIDA, Event.BAJA): State.BAJA,
}
CAN_SIGN_IN = frozenset({State.DECLARACION_PENDIENTE, State.ACTIVA})
"""States in which an account may have a session."""


def after(state: State, event: Event) -> State:
    """The state that follows. Raises AccountRefusal when the table does not have it."""
    following = _TABLE.get((state, event))
    if following is None:
        allowed = sorted(s.value for s, e in _TABLE if e is event)
        raise AccountRefusal("cuenta.estado", event.value, "una cuenta " + " o ".join(allowed), state.value)
    return following
