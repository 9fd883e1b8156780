"""The states of a request for a Clave, in one table. Nothing else decides what may follow.

iniciada ─► recibida ─► reintento ─► recibida …   (bounded attempts, SEI-04)
               │            └──────► por-cotejar-lista   (pre-registro closed: 7.2.1 V)
               └──────► por-cotejar-lista ─► aprobada | en-validacion | no-elegible
en-validacion ─► aprobada | rechazada              (7.3.1)
iniciada | reintento ─► abandonada                 (nobody finished it: what it had of a person is gone)
"""

from __future__ import annotations

from enum import StrEnum

from capture.preregistro.errors import PreregistroRefusal


class EstadoSolicitud(StrEnum):
    """The values are stored, and published as figures."""

    INICIADA = "iniciada"
    """It has a folio and a challenge; nothing was sent yet."""
    RECIBIDA = "recibida"
    """A packet waits to be read."""
    REINTENTO = "reintento"
    """The biometric test failed, and attempts are left."""
    POR_COTEJAR = "por-cotejar-lista"
    """The biometric test is over; the lista nominal is asked."""
    EN_VALIDACION = "en-validacion"
    """A person compares data and images."""
    APROBADA = "aprobada"
    """The Clave was issued in the same transaction."""
    RECHAZADA = "rechazada"
    NO_ELEGIBLE = "no-elegible"
    ABANDONADA = "abandonada"
    """It was begun and never finished; only that it was is kept."""


class Paso(StrEnum):
    """What happens to a request. The values are stored, and are kinds of acts."""

    ENVIO = "preregistro.envio"
    INTENTO_FALLIDO = "preregistro.intento-fallido"
    LECTURA = "preregistro.lectura"
    SIN_MAS_INTENTOS = "preregistro.sin-mas-intentos"
    """Pre-registro closed before the person tried again."""
    CONFIRMACION = "preregistro.confirmacion"
    """Somebody who had a Clave says that nothing changed (SEI-02)."""
    A_VALIDACION = "preregistro.a-validacion"
    NO_ELEGIBLE = "preregistro.no-elegible"
    APROBACION = "preregistro.aprobacion"
    RECHAZO = "preregistro.rechazo"
    ABANDONO = "preregistro.abandono"


_TABLE: dict[tuple[EstadoSolicitud, Paso], EstadoSolicitud] = {
    (EstadoSolicitud.INICIADA, Paso.ENVIO): EstadoSolicitud.RECIBIDA,
    (EstadoSolicitud.REINTENTO, Paso.ENVIO): EstadoSolicitud.RECIBIDA,
    (EstadoSolicitud.INICIADA, Paso.CONFIRMACION): EstadoSolicitud.POR_COTEJAR,
    (EstadoSolicitud.RECIBIDA, Paso.INTENTO_FALLIDO): EstadoSolicitud.REINTENTO,
    (EstadoSolicitud.RECIBIDA, Paso.LECTURA): EstadoSolicitud.POR_COTEJAR,
    (EstadoSolicitud.REINTENTO, Paso.SIN_MAS_INTENTOS): EstadoSolicitud.POR_COTEJAR,
    (EstadoSolicitud.INICIADA, Paso.ABANDONO): EstadoSolicitud.ABANDONADA,
    (EstadoSolicitud.REINTENTO, Paso.ABANDONO): EstadoSolicitud.ABANDONADA,
    (EstadoSolicitud.POR_COTEJAR, Paso.A_VALIDACION): EstadoSolicitud.EN_VALIDACION,
    (EstadoSolicitud.POR_COTEJAR, Paso.NO_ELEGIBLE): EstadoSolicitud.NO_ELEGIBLE,
    (EstadoSolicitud.POR_COTEJAR, Paso.APROBACION): EstadoSolicitud.APROBADA,
    (EstadoSolicitud.EN_VALIDACION, Paso.APROBACION): EstadoSolicitud.APROBADA,
    (EstadoSolicitud.EN_VALIDACION, Paso.RECHAZO): EstadoSolicitud.RECHAZADA,
}
FINAL = frozenset(
    {
        EstadoSolicitud.APROBADA,
        EstadoSolicitud.RECHAZADA,
        EstadoSolicitud.NO_ELEGIBLE,
        EstadoSolicitud.ABANDONADA,
    }
)
"""Nothing follows."""


def after(estado: EstadoSolicitud, paso: Paso) -> EstadoSolicitud:
    """The state that follows. Raises PreregistroRefusal (preregistro.estado) when the table has none."""
    following = _TABLE.get((estado, paso))
    if following is None:
        expected = " o ".join(sorted(e.value for e, p in _TABLE if p is paso))
        raise PreregistroRefusal("preregistro.estado", "solicitud", expected, estado.value)
    return following
