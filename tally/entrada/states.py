"""The states of a person's token, in one table. Nothing else decides what may follow (SEI-15).

«se podrán realizar hasta dos solicitudes adicionales de reposición y en caso de que se solicite una tercera,
se bloqueará el sistema […] realizarán la verificación de que el token no ha sido utilizado, en cuyo caso
se procederá a desbloquear el sistema para que la persona ingrese de nueva cuenta y lo solicite» (7.4).
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from tally.entrada.errors import TokenRefusal

DIGITS = 6
VALID = timedelta(minutes=10)
TRIES = 5
"""Codes that may be tried against one token: at most fifteen in a million between two unblockings."""


class State(StrEnum):
    """The values are stored."""

    NINGUNO = "ninguno"
    """No token was asked for since the beginning, or since the CAT unblocked."""
    PRIMERO = "primero"
    SEGUNDO = "segundo"
    """The first additional request."""
    TERCERO = "tercero"
    USADO = "usado"
    BLOQUEADO = "bloqueado"


class Event(StrEnum):
    """What can happen to it."""

    SOLICITUD = "solicitud"
    """Each entry with the right data, and each request for another one."""
    USO = "uso"
    DESBLOQUEO = "desbloqueo"


_TABLE: dict[tuple[State, Event], State] = {
    (State.NINGUNO, Event.SOLICITUD): State.PRIMERO,
    (State.PRIMERO, Event.SOLICITUD): State.SEGUNDO,
    (State.SEGUNDO, Event.SOLICITUD): State.TERCERO,
    (State.TERCERO, Event.SOLICITUD): State.BLOQUEADO,
    (State.BLOQUEADO, Event.SOLICITUD): State.BLOQUEADO,
    # Whoever used one has the telephone: entering again after a session that ended begins anew.
    (State.USADO, Event.SOLICITUD): State.PRIMERO,
    (State.PRIMERO, Event.USO): State.USADO,
    (State.SEGUNDO, Event.USO): State.USADO,
    (State.TERCERO, Event.USO): State.USADO,
    (State.BLOQUEADO, Event.DESBLOQUEO): State.NINGUNO,
}
SENT = frozenset({State.PRIMERO, State.SEGUNDO, State.TERCERO})
"""States in which a token may be used."""


def after(state: State, event: Event) -> State:
    """The state that follows. Raises TokenRefusal when the table does not have it."""
    following = _TABLE.get((state, event))
    if following is None:
        allowed = " o ".join(sorted(s.value for s, e in _TABLE if e is event))
        raise TokenRefusal("token.estado", event.value, f"un token {allowed}", state.value)
    return following
