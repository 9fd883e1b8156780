"""The 18 rows of the Cronograma de Actividades of 2022 (source 000, 7.5), and the same for any year.

A consultation of another year keeps the distances between its phases and the days of the week: the Jornada
presencial is the first Sunday of May, as 1 May 2022 was, and everything else is counted from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tally.consulta.cronograma import Cronograma, Fase, Plazo, at

JORNADA_2022 = date(2022, 5, 1)
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the source prints it. `fase`: the phase in whose dates it happens."""

    numero: int
    actividad: str
    area: str
    fase: Fase


ROWS = (
    Row(
        1,
        "Apertura del pre-registro desde las aplicaciones móviles disponibles en tiendas virtuales.",
        "UTSI",
        Fase.PREREGISTRO,
    ),
    Row(
        2,
        "Envío de correo electrónico de invitación a las personas que recibieron sus Claves para participar "
        "en procesos de participación ciudadana en años anteriores.",
        "DEOEyG",
        Fase.INVITACION,
    ),
    Row(
        3,
        "Pre-registro de personas ciudadanas para opinar por el SEI Vía Remota.",
        "UTSI, Ciudadanía",
        Fase.PREREGISTRO,
    ),
    Row(4, "Cierre del pre-registro.", "UTSI", Fase.PREREGISTRO),
    Row(
        5,
        "Generación y publicación de estadísticos de personas registradas.",
        "DEOEyG, UTSI",
        Fase.VALIDACION,
    ),
    Row(
        6,
        "Validación y generación de Claves de nuevas solicitudes de pre-registro.",
        "DEOEyG",
        Fase.VALIDACION,
    ),
    Row(
        7,
        "Envío de Claves a la ciudadanía por correo electrónico de validaciones confirmadas como exitosas.",
        "DEOEyG, UTSI",
        Fase.VALIDACION,
    ),
    Row(
        8,
        "En su caso, verificación muestral aleatoria, vía telefónica, de la entrega de Claves por correo "
        "electrónico.",
        "DEOEyG",
        Fase.VERIFICACION,
    ),
    Row(9, "Generación y reposición de Claves y token en el CAT.", "UTSI", Fase.REPOSICION),
    Row(10, "Apertura del SEI para opinar Vía remota.", "UTSI", Fase.OPINION),
    Row(11, "Envío de token, por SMS, a la ciudadanía.", "UTSI", Fase.OPINION),
    Row(12, "Generación y reposición de Token en el CAT.", "UTSI", Fase.OPINION),
    Row(13, "Cierre del SEI para opinar Vía Remota.", "UTSI", Fase.OPINION),
    Row(
        14,
        "Apertura y Cómputo de la Urna Virtual de Opinión",
        "Consejo General, Secretaría Ejecutiva, DEOEyG, DEPCyC, UTSI",
        Fase.APERTURA,
    ),
    Row(
        15,
        "Generación y entrega de las actas de cómputo y listado de la ciudadanía que emitió su Opinión en el "
        "SEI, Vía Remota.",
        "Secretaría Ejecutiva, DEOEyG, DEPCyC, UTSI, Direcciones Distritales",
        Fase.APERTURA,
    ),
    Row(
        16,
        "Integración en cajas paquete de sobres con actas de cómputo y listados de la ciudadanía que opinó "
        "Vía Remota.",
        "Direcciones Distritales",
        Fase.ENTREGA,
    ),
    Row(
        17,
        "Jornada presencial (Mesa con boletas impresas).",
        "Direcciones Distritales, Responsables de Mesa",
        Fase.MESAS,
    ),
    Row(
        18,
        "Cómputo de la Opinión en SEI Vía Remota y en Mesas",
        "Direcciones Distritales",
        Fase.COMPUTO,
    ),
)
"""Row 2 said «en 2020 y 2021»: the two years before."""

# (first day, hour) and (last day, hour) counted from the Jornada; 24 is the end of a day.
_PLAZOS = {
    Fase.INVITACION: ((-23, 0), (-20, 24)),
    Fase.PREREGISTRO: ((-23, 9), (-12, 17)),
    Fase.VALIDACION: ((-23, 0), (-11, 24)),
    Fase.VERIFICACION: ((-13, 0), (-11, 24)),
    Fase.OPINION: ((-10, 20), (-3, 20)),
    Fase.REPOSICION: ((-10, 0), (-3, 20)),
    Fase.APERTURA: ((-2, 0), (-2, 24)),
    Fase.ENTREGA: ((-2, 0), (-1, 24)),
    Fase.MESAS: ((0, 9), (0, 17)),
    Fase.COMPUTO: ((0, 17), (3, 24)),
}
_DAY_HOURS = 24


def default_of(year: int) -> Cronograma:
    """The Cronograma of 2022 in another year, by the clock of the city and on the same days of the week."""
    day = jornada_of(year)
    return Cronograma({fase: Plazo(_at(day, *a), _at(day, *b)) for fase, (a, b) in _PLAZOS.items()})


def jornada_of(year: int) -> date:
    """The first Sunday of May."""
    first = date(year, JORNADA_2022.month, JORNADA_2022.day)
    return first + timedelta(days=(SUNDAY - first.weekday()) % 7)


def _at(jornada: date, days: int, hour: int) -> datetime:
    day = jornada + timedelta(days=days + hour // _DAY_HOURS)
    return at(day, hour % _DAY_HOURS)
