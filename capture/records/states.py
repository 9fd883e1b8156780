"""The states of a record, and the one table of which change each kind of actor may make, and why. Pure.

Sources: 002 §6 (mesa de control), §7.3 (what an audiencia may change), §8 (results); 003 §5 (the figures).
A change that is not in TABLE does not exist; nothing leaves DUPLICADO, FINAL or the states that do not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from capture.records.errors import RecordRefusal


class Estado(StrEnum):
    """Where a record is; the value is what the database holds."""

    RECIBIDO = "recibido"
    EN_PROCESAMIENTO = "en-procesamiento"
    EN_MESA = "en-mesa-de-control"
    CON_INCONSISTENCIA = "con-inconsistencia"
    PARA_COMPULSA = "para-envio-a-compulsa"
    COMPULSADO = "compulsado"
    FINAL = "final"
    DUPLICADO = "duplicado"
    BAJA_DE_AUXILIAR = "baja-de-auxiliar"
    FUERA_DE_PERIODO = "fuera-de-periodo"
    DISPOSITIVO_NO_AUTORIZADO = "dispositivo-no-autorizado"


class Quien(StrEnum):
    """As what somebody changes a state: the service itself, the mesa, an audiencia, or the DERFE."""

    SISTEMA = "sistema"
    OPERADOR = "operador"
    AUDIENCIA = "audiencia"
    DERFE = "derfe"


class Causa(StrEnum):
    """Why a state changed. Every change has one."""

    RECEPCION = "recepcion"
    CAPTURA_MANUAL = "captura-manual"
    BAJA_DE_AUXILIAR = "baja-de-auxiliar"
    FUERA_DE_PERIODO = "fuera-de-periodo"
    DISPOSITIVO_NO_AUTORIZADO = "dispositivo-no-autorizado"
    PROCESAMIENTO = "procesamiento"
    PROCESADO = "procesado"
    REPROCESO = "reproceso"
    CUERPO_FALTA = "cuerpo-falta"
    CUERPO_NO_ABRE = "cuerpo-no-abre"
    CUERPO_NO_CORRESPONDE = "cuerpo-no-corresponde"
    DUPLICADO = "duplicado"
    REVISION = "revision"
    SEGUNDA_REVISION = "segunda-revision"
    COMPULSA = "compulsa"
    NUEVA_COMPULSA = "nueva-compulsa"
    MANIFESTACION = "manifestacion"
    DATOS_CORREGIDOS = "datos-corregidos"
    DOCUMENTO_PRESENTADO = "documento-presentado"
    ENTREGA = "entrega"


class Columna(StrEnum):
    """The figures of the portal (003 §5), in its order and with its words; every record is in exactly one."""

    PARA_COMPULSA = "Registros para envío a compulsas"
    DUPLICADOS = "Registros duplicados"
    CON_INCONSISTENCIA = "Registros con inconsistencia"
    EN_MESA = "Registros en mesa de control"
    EN_PROCESAMIENTO = "Registros en procesamiento"
    BAJA_DE_AUXILIAR = "No contabilizados: baja de auxiliar"
    FUERA_DE_PERIODO = "No contabilizados: fuera del periodo"
    DISPOSITIVO_NO_AUTORIZADO = "No contabilizados: dispositivo no autorizado"


E, Q, C = Estado, Quien, Causa
Change = tuple[Estado | None, Estado]
Reasons = dict[Quien, frozenset[Causa]]


def _by(*pairs: tuple[Quien, Iterable[Causa]]) -> Reasons:
    return {quien: frozenset(causas) for quien, causas in pairs}


UNREADABLE = (C.CUERPO_FALTA, C.CUERPO_NO_ABRE, C.CUERPO_NO_CORRESPONDE)
"""Why a record came to the mesa unread: an operator has to see it."""
_NOT_COUNTED = {
    E.BAJA_DE_AUXILIAR: C.BAJA_DE_AUXILIAR,
    E.FUERA_DE_PERIODO: C.FUERA_DE_PERIODO,
    E.DISPOSITIVO_NO_AUTORIZADO: C.DISPOSITIVO_NO_AUTORIZADO,
}
# An earlier record may be processed later than this one: then this one is the duplicate, wherever it is.
_MAY_TURN_DUPLICATE = (E.EN_PROCESAMIENTO, E.EN_MESA, E.CON_INCONSISTENCIA, E.PARA_COMPULSA, E.COMPULSADO)

TABLE: dict[Change, Reasons] = {
    (None, E.RECIBIDO): _by((Q.SISTEMA, [C.RECEPCION]), (Q.OPERADOR, [C.CAPTURA_MANUAL])),
    **{(None, state): _by((Q.SISTEMA, [causa])) for state, causa in _NOT_COUNTED.items()},
    **{(E.RECIBIDO, state): _by((Q.SISTEMA, [causa])) for state, causa in _NOT_COUNTED.items()},
    (E.RECIBIDO, E.EN_PROCESAMIENTO): _by((Q.SISTEMA, [C.PROCESAMIENTO])),
    (E.EN_PROCESAMIENTO, E.EN_MESA): _by((Q.SISTEMA, [C.PROCESADO, *UNREADABLE])),
    # For a body that could not be read when its turn came (a lost disk that is back).
    (E.EN_MESA, E.EN_PROCESAMIENTO): _by((Q.DERFE, [C.REPROCESO])),
    **{(state, E.DUPLICADO): _by((Q.SISTEMA, [C.DUPLICADO])) for state in _MAY_TURN_DUPLICATE},
    (E.EN_MESA, E.CON_INCONSISTENCIA): _by((Q.OPERADOR, [C.REVISION])),
    (E.EN_MESA, E.PARA_COMPULSA): _by((Q.OPERADOR, [C.REVISION])),
    (E.CON_INCONSISTENCIA, E.PARA_COMPULSA): _by(
        (Q.OPERADOR, [C.SEGUNDA_REVISION]), (Q.AUDIENCIA, [C.MANIFESTACION])
    ),
    # The enlace settles what two reviews saw differently, whatever became of the record since the first one.
    **{
        (state, E.CON_INCONSISTENCIA): _by((Q.OPERADOR, [C.SEGUNDA_REVISION]))
        for state in (E.CON_INCONSISTENCIA, E.PARA_COMPULSA, E.COMPULSADO)
    },
    (E.PARA_COMPULSA, E.COMPULSADO): _by((Q.SISTEMA, [C.COMPULSA]), (Q.DERFE, [C.COMPULSA])),
    (E.COMPULSADO, E.PARA_COMPULSA): _by(
        (Q.AUDIENCIA, [C.DATOS_CORREGIDOS]), (Q.DERFE, [C.NUEVA_COMPULSA]), (Q.SISTEMA, [C.NUEVA_COMPULSA])
    ),
    # The padrón's answer stays as it is: a document shown in the audiencia makes the record valid beside it.
    (E.COMPULSADO, E.COMPULSADO): _by((Q.AUDIENCIA, [C.DOCUMENTO_PRESENTADO])),
    (E.COMPULSADO, E.FINAL): _by((Q.SISTEMA, [C.ENTREGA]), (Q.DERFE, [C.ENTREGA])),
    (E.CON_INCONSISTENCIA, E.FINAL): _by((Q.SISTEMA, [C.ENTREGA]), (Q.DERFE, [C.ENTREGA])),
}

_COLUMNS: dict[Estado, Columna] = {
    E.RECIBIDO: Columna.EN_PROCESAMIENTO,
    E.EN_PROCESAMIENTO: Columna.EN_PROCESAMIENTO,
    E.EN_MESA: Columna.EN_MESA,
    E.CON_INCONSISTENCIA: Columna.CON_INCONSISTENCIA,
    E.PARA_COMPULSA: Columna.PARA_COMPULSA,
    E.COMPULSADO: Columna.PARA_COMPULSA,
    E.FINAL: Columna.PARA_COMPULSA,
    E.DUPLICADO: Columna.DUPLICADOS,
    E.BAJA_DE_AUXILIAR: Columna.BAJA_DE_AUXILIAR,
    E.FUERA_DE_PERIODO: Columna.FUERA_DE_PERIODO,
    E.DISPOSITIVO_NO_AUTORIZADO: Columna.DISPOSITIVO_NO_AUTORIZADO,
}


def require_allowed(de: Estado | None, a: Estado, quien: Quien, causa: Causa, place: str) -> None:
    """Refuse a change that TABLE does not have, or not for this actor, or not for this cause.

    Raises RecordRefusal (registro.transicion, registro.quien, registro.causa), in this order.
    """
    reasons = TABLE.get((de, a))
    if reasons is None:
        raise RecordRefusal("registro.transicion", place, _listed(followers(de)), a.value)
    if quien not in reasons:
        raise RecordRefusal("registro.quien", place, _listed(reasons), quien.value)
    if causa not in reasons[quien]:
        raise RecordRefusal("registro.causa", place, _listed(reasons[quien]), causa.value)


def followers(de: Estado | None) -> list[Estado]:
    """The states that may come after `de`; none for an end state."""
    return [to for (origin, to) in TABLE if origin == de]


def columna(estado: Estado, inciso: str | None) -> Columna:
    """The one figure that counts a record. A final record with an inciso was never valid."""
    if estado is E.FINAL and inciso is not None:
        return Columna.CON_INCONSISTENCIA
    return _COLUMNS[estado]


def _listed(values: Iterable[StrEnum]) -> str:
    return " o ".join(sorted(value.value for value in values)) or "ningún cambio más"
