"""The request for an activation code (002 §5.6 to §5.9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from capture.devices.challenges_sql import Proof
from capture.identity import contact
from capture.identity.credential_numbers import back_code, qr_model
from capture.identity.entidades import entidad
from capture.identity.findings import Findings
from capture.mi_apoyo.errors import ActivationRefusal
from capture.processes.kinds import NATIONAL
from capture.processes.store_sql import StoredPeriod

VALID = timedelta(hours=24)
"""«Una vigencia de 24 horas a partir de su generación» (002 §5.6)."""
MAX_ATTEMPTS = 5
"""Wrong codes before a new one must be asked for."""
MAX_REQUESTS = 5
"""Codes that an e-mail may ask for in 24 hours, so that nobody's mailbox is flooded."""


@dataclass(frozen=True, slots=True)
class ActivationForm:
    """What the app sends. `qr`: what the code of the back says; `correo`: the address that was
    authenticated."""

    qr: str = ""
    modelo: str = ""
    entidad: str = ""
    correo: str = ""
    autenticacion: str = ""


@dataclass(frozen=True, slots=True)
class ActivationData:
    """Checked."""

    cic: str
    modelo: str
    entidad: str
    correo: str
    autenticacion: str


@dataclass(frozen=True, slots=True)
class ActivationRequest:
    """A checked form and the device that asks, whose key the code will be bound to."""

    data: ActivationData
    proof: Proof


def read_activation(form: ActivationForm) -> ActivationData:
    """Check a form. Raises FormRefusal."""
    findings = Findings()
    code = findings.take(back_code, form.qr, "Código QR del reverso de su credencial")
    made = ActivationData(
        code.cic if code else "",
        findings.take(qr_model, form.modelo, "Tipo de credencial"),
        findings.take(entidad, form.entidad, "Entidad"),
        findings.take(contact.email, form.correo, "Correo electrónico"),
        findings.take(contact.authentication, form.autenticacion, "Tipo de autenticación"),
    )
    findings.settle()
    return made


def open_for(periods: Iterable[StoredPeriod], place: str, now: datetime) -> list[StoredPeriod]:
    """Periods that take «Mi Apoyo» of citizens of an entidad at the instant."""
    return [
        stored
        for stored in periods
        if stored.is_open(now) and stored.period.mi_apoyo and stored.period.entidad in (place, NATIONAL)
    ]


def require_open(periods: Iterable[StoredPeriod], place: str, now: datetime) -> None:
    """Refuse a citizen whose entidad has no process to support now (002 §5.8, §5.11)."""
    if not open_for(periods, place, now):
        expected = "una entidad con un proceso activo que reciba apoyos en «Mi Apoyo»"
        raise ActivationRefusal(
            "mi-apoyo.entidad", "Entidad", expected, f"entidad {place}, sin proceso activo"
        )
