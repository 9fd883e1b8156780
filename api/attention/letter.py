"""The mail that answers a report."""

from __future__ import annotations

import re

from api.outbox.message import Channel, Message
from capture.attention.report import Report

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


def answer_letter(report: Report) -> Message | None:
    """The mail, when the person left an address and there is an answer."""
    if report.contacto is None or report.respuesta is None or not _EMAIL.fullmatch(report.contacto):
        return None
    body = (
        f"{report.persona}:\n\n"
        f"Respondemos a su reporte {report.id}, «{report.titulo}».\n\n"
        f"{report.respuesta}\n\n"
        "Mesa de Atención Técnica y Operativa\n"
    )
    return Message(
        "atencion.respuesta", Channel.CORREO, report.contacto, f"Respuesta a su reporte {report.id}", body
    )
