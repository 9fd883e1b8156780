"""How a Nota informativa speaks of each kind of process: captions and paragraphs of source 003. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from capture.records.states import Columna
from capture.reports.days import ZONE
from capture.reports.figures import LEGEND
from capture.reports.nota import MI_APOYO, NOT_COUNTED, Nota

TITLE = "Nota informativa"
SYSTEM = "Sistema de captación de Datos para Procesos de Participación Ciudadana y Actores Políticos"
INETEL = "800 433 2000"
"""Telephone of INETEL."""
_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """Words for one kind of process."""

    plural: str
    registered: str
    """The participle that goes with it, plural."""
    singular: str
    """With its article."""
    of: str
    """With «de» and its article."""
    support: str
    """What is captured."""


KINDS = {
    "candidatura-independiente": Kind(
        "Aspirantes a candidatura independiente",
        "registrados",
        "la persona aspirante a candidatura independiente",
        "de la persona aspirante a candidatura independiente",
        "apoyo ciudadano",
    ),
    "consulta-ciudadana": Kind(
        "Consultas ciudadanas",
        "registradas",
        "la consulta ciudadana",
        "de la consulta ciudadana",
        "apoyo ciudadano",
    ),
    "iniciativa-ciudadana": Kind(
        "Iniciativas ciudadanas",
        "registradas",
        "la iniciativa ciudadana",
        "de la iniciativa ciudadana",
        "apoyo ciudadano",
    ),
    "revocacion-de-mandato": Kind(
        "Procesos de revocación de mandato",
        "registrados",
        "el proceso de revocación de mandato",
        "del proceso de revocación de mandato",
        "apoyo ciudadano",
    ),
    "afiliacion-agrupacion-politica": Kind(
        "Agrupaciones políticas",
        "registradas",
        "la agrupación política",
        "de la agrupación política",
        "afiliaciones ciudadanas",
    ),
}
"""By the code of the kind."""


def kind_of(nota: Nota) -> Kind:
    """The words for its process."""
    return KINDS[nota.sujeto.tipo]


def spoken_day(day: date) -> str:
    """«20/01/2023»."""
    return f"{day:%d/%m/%Y}"


def spoken_month(month: date) -> str:
    """«Enero 2023»."""
    return f"{_MONTHS[month.month - 1].capitalize()} {month.year}"


def spoken_instant(instant: datetime) -> str:
    """«20 de enero de 2023 a las 10:30 horas», hora centro."""
    local = instant.astimezone(ZONE)
    return f"{local.day} de {_MONTHS[local.month - 1]} de {local.year} a las {local:%H:%M} horas"


def cut(nota: Nota) -> str:
    """«(corte 20/01/2023 12:00 hrs.)»."""
    return f"(corte {nota.corte.astimezone(ZONE):%d/%m/%Y %H:%M} hrs.)"


def captions(nota: Nota) -> tuple[str, ...]:
    """The twelve, in order; the first is at index 0."""
    kind, at = kind_of(nota), cut(nota)
    return (
        f"1. {kind.plural} {kind.registered} por día {at}.",
        "2. Recepción de registros ciudadanos captados con la aplicación móvil correspondientes a "
        f"{kind.plural} {at}.",
        "3. Gráfica de Recepción de registros ciudadanos recibidos por mes del proceso de "
        f"{kind.plural} {at}.",
        f"4. Auxiliares registrados {at}.",
        f"5. Tipos de baja de auxiliares registrados {at}.",
        f"6. Reporte de avance preliminar {at}.",
        f"7. Tipo de inconsistencias preliminar {at}.",
        f"8. Reporte de recepción por día {at}.",
        f"9. Gráfica de recepción de registros ciudadanos por día {at}.",
        f"10. Registros del Sistema de Administración de Atenciones Ciudadanas {at}.",
        f"11. Atención de reportes recibidos y atendidos por la MATO {at}.",
        f"12. Detalle de la atención a los reportes {kind.of} {at}.",
    )


def opening(nota: Nota) -> str:
    """Before table 1."""
    subject, kind = nota.sujeto, kind_of(nota)
    first, last = (moment.astimezone(ZONE).date() for moment in (subject.inicio, subject.fin))
    return (
        f"Se dispuso el {SYSTEM} en apoyo al proceso «{subject.periodo}» de {subject.instituto}. El periodo "
        f"de captación de {kind.support} mediante el uso de la aplicación móvil fue establecido del "
        f"{spoken_day(first)} al {spoken_day(last)}, en el cual el número de {kind.plural.lower()} "
        f"{kind.registered} es de {sum(nota.procesos.values()):,}, con corte al {spoken_instant(nota.corte)}."
    )


def reception(nota: Nota) -> str:
    """Before tables 2 and 3."""
    months = len(nota.meses)
    span = "1 mes" if months == 1 else f"{months} meses"
    return (
        f"Asimismo, se han recibido {sum(nota.meses.values()):,} registros, con corte al "
        f"{spoken_instant(nota.corte)}, los cuales se han recibido en {span}, como se muestra a continuación:"
    )


def case(nota: Nota) -> str:
    """Before table 4."""
    subject, kind = nota.sujeto, kind_of(nota)
    total = sum(one.total for one in nota.auxiliares)
    return (
        f"En el caso específico {kind.of} «{subject.denominacion}», de {subject.promovente}, su registro "
        f"para hacer uso del sistema fue el {spoken_instant(subject.registrado)}, para lo cual el sistema le "
        f"asignó el Folio «{subject.folio}»; cuenta con {total:,} auxiliares registrados, de los cuales "
        f"{nota.auxiliares_activos:,} se encuentran activos para hacer uso de la aplicación móvil, conforme "
        "se muestra a continuación:"
    )


REMOVALS = (
    "Dentro de las bajas que se han realizado a los auxiliares, se han registrado los siguientes motivos de "
    "bajas de forma general:"
)


def progress(nota: Nota) -> str:
    """Before table 6."""
    own = nota.modalidades.get(MI_APOYO, 0)
    manual = nota.modalidades.get("manual", 0)
    paper = f", y {manual:,} fueron captados del régimen de excepción" if manual else ""
    return (
        f"Asimismo, se han recibido {nota.enviados:,} registros ciudadanos, con corte al "
        f"{spoken_instant(nota.corte)}, de los cuales {nota.modalidades.get('auxiliar', 0):,} registros "
        f"ciudadanos han sido captados y enviados por {nota.auxiliares_que_enviaron:,} auxiliares, y {own:,} "
        "registros ciudadanos fueron recibidos por la modalidad de «Mi Apoyo» (participación de la propia "
        f"ciudadanía){paper}."
    )


def not_counted(nota: Nota) -> str | None:
    """After table 6, when there is something to say."""
    found = [(column, nota.avance.get(column, 0)) for column in NOT_COUNTED]
    told = [f"{amount:,} ({column.value.split(': ')[1]})" for column, amount in found if amount]
    return f"No contabilizados, incluidos en lo recibido: {'; '.join(told)}." if told else None


def inconsistencies(nota: Nota) -> str:
    """Before table 7."""
    amount = nota.avance.get(Columna.CON_INCONSISTENCIA, 0)
    return (
        f"De los {amount:,} registros con alguna inconsistencia detectada en las revisiones que se realizan "
        "en mesa de control, se tiene el siguiente desglose:"
    )


def by_day(nota: Nota) -> str:
    """Before tables 8 and 9."""
    if nota.mayor_dia is None:
        return "En la recepción de registros ciudadanos en los servidores, no se ha detectado envío alguno."
    day, amount = nota.mayor_dia
    return (
        "En la recepción de registros ciudadanos en los servidores, se ha detectado el envío de registros "
        f"ciudadanos desde el {spoken_day(next(iter(nota.dias)))}; la mayor recepción fue la del "
        f"{spoken_day(day)}, con {amount:,} registros, como se aprecia a continuación:"
    )


def first_level(nota: Nota) -> str:
    """Before table 10."""
    amount = len(nota.inetel)
    told = "NO se recibieron reportes" if amount == 0 else f"se recibieron {amount:,} reportes"
    return (
        "Asimismo, la Dirección Ejecutiva del Registro Federal de Electores (DERFE) brinda el soporte a "
        f"usuarios mediante INETEL (Tel. {INETEL}), en el cual como primer nivel {told} de usuarios, "
        "relacionados con este proceso."
    )


def second_level(nota: Nota) -> str:
    """Before tables 11 and 12."""
    return (
        "Adicionalmente a INETEL, como un segundo nivel se brinda la atención a usuarios mediante la Mesa de "
        f"Atención Técnica y Operativa (MATO); la MATO ha recibido {len(nota.mato):,} reportes, como se "
        "muestra a continuación:"
    )


NOTICE = LEGEND
"""What makes every figure preliminary."""
