"""The request for use: what its oficio must say (source 004), and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from capture.identity.contact import email
from capture.identity.dates import calendar_date
from capture.identity.entidades import ENTIDADES
from capture.identity.findings import Findings
from capture.identity.names import line, paragraph
from capture.processes.errors import ProcessRefusal
from capture.processes.kinds import Tipo, tipo

RECEIVED, ANSWERED = "recibida", "atendida"
MAX_ASPIRANTES = 100_000
MAX_APOYOS = 100_000_000
"""More than the lista nominal of the whole country."""
MAX_ANSWER_CHARS = 10_000


@dataclass(frozen=True, slots=True)
class UsageForm:
    """As typed."""

    tipo: str = ""
    numero_oficio: str = ""
    fecha_oficio: str = ""
    aspirantes_estimados: str = ""
    apoyos_estimados: str = ""
    correo: str = ""
    observaciones: str = ""


@dataclass(frozen=True, slots=True)
class UsageRequest:
    """Checked. Estimates are whole numbers of persons and of apoyos. `correo`: where the answer goes."""

    tipo: Tipo
    numero_oficio: str
    fecha_oficio: date
    aspirantes_estimados: int
    apoyos_estimados: int
    correo: str
    observaciones: str | None


def read_request(form: UsageForm, today: date) -> UsageRequest:
    """Check a form. Raises FormRefusal."""
    findings = Findings()
    made = UsageRequest(
        findings.take(tipo, form.tipo, "Uso que se dará al sistema"),
        findings.take(lambda text, field: line(text, field, 100), form.numero_oficio, "Número de oficio"),
        findings.take(lambda text, field: _past(text, field, today), form.fecha_oficio, "Fecha de oficio"),
        findings.take(
            lambda text, field: _count(text, field, MAX_ASPIRANTES),
            form.aspirantes_estimados,
            "Estimación del número de aspirantes",
        ),
        findings.take(
            lambda text, field: _count(text, field, MAX_APOYOS),
            form.apoyos_estimados,
            "Estimación del número de apoyos",
        ),
        findings.take(email, form.correo, "Correo electrónico institucional"),
        findings.take_optional(
            lambda text, field: paragraph(text, field, 2000), form.observaciones, "Observaciones"
        ),
    )
    findings.settle()
    return made


def usage_folio(entidad: str, year: int, number: int) -> str:
    """As INE's own: «USO-DGO-2026-6» is the sixth of Durango in the year."""
    return f"USO-{ENTIDADES[entidad].siglas}-{year}-{number}"


def read_answer(text: str) -> str:
    """The text of DERFE's answer."""
    return paragraph(text, "Respuesta", MAX_ANSWER_CHARS)


def _count(text: str, field: str, most: int) -> int:
    typed = text.strip().replace(",", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 9 and 1 <= int(typed) <= most):
        got = "nada" if not typed else "otro valor"
        raise ProcessRefusal("uso.estimacion", field, f"un número entero de 1 a {most:,}", got)
    return int(typed)


def _past(text: str, field: str, today: date) -> date:
    made = calendar_date(text, field)
    if made > today:
        raise ProcessRefusal("uso.fecha", field, "una fecha que ya llegó", f"{made:%d/%m/%Y}")
    return made
