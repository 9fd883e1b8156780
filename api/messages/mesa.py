"""E-mails to those who review records (001 §11.3, §12.4)."""

from __future__ import annotations

from datetime import datetime

from api.accounts.staff import Account
from api.messages.letter import facts, letter
from api.outbox.message import Message
from capture.calendar import ZONE


def workload_assigned(account: Account, count: int, when: datetime, portal: str, contact: str) -> Message:
    """How many records somebody was given to review in the mesa de control."""
    paragraphs = [
        "Se le asignaron registros para su revisión y clarificación en la Mesa de Control.",
        facts([("Registros", str(count)), ("Asignación", _shown(when))]),
        f"Puede consultarlos en el Portal Web: {portal}",
    ]
    subject = "Asignación de registros en la Mesa de Control"
    return letter("mesa.asignacion", account.correo, subject, _greeting(account), paragraphs, contact)


def hearing_assigned(account: Account, count: int, when: datetime, portal: str, contact: str) -> Message:
    """How many records somebody was given to review in an audiencia, and when it is held."""
    paragraphs = [
        "Se le asignaron los registros que se revisarán en una garantía de audiencia.",
        facts([("Registros", str(count)), ("Fecha y hora de la sesión", _shown(when))]),
        "El instituto debe confirmar, al menos ocho horas antes, que cuenta con los registros "
        f"correspondientes y que su asignación es adecuada: {portal}",
    ]
    subject = "Asignación de registros para una garantía de audiencia"
    return letter("audiencia.asignacion", account.correo, subject, _greeting(account), paragraphs, contact)


def _greeting(account: Account) -> str:
    return f"Estimada(o) {account.nombre}"


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%d/%m/%Y, %H:%M} horas (centro de México)"
