"""To people with a right to opine in the SEI: the Clave by e-mail, the token and notices by SMS.

The Clave and the token never take the same channel (sei.md, "Clave and entry"). Nothing here says how anybody
opined, and the notice of an opinion not even in which Unidad Territorial (SEI-19).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.messages.letter import facts, letter
from api.outbox.message import CONFIDENTIAL, Channel, Message
from capture.processes.period import centro_text


@dataclass(frozen=True, slots=True)
class Process:
    """What a message says of the consultation: its name, when opinions are taken, whom to call."""

    nombre: str
    inicio: datetime
    fin: datetime
    cat: str


_GREETING = "Ciudadana, ciudadano"
_PRIVACY = (
    "Sus datos personales se usan solamente para esta consulta y se protegen conforme al aviso de privacidad "
    "del Instituto Electoral. Nadie del Instituto Electoral le pedirá su Clave: no la comparta con nadie."
)


def clave_letter(
    to: str, clave: str, process: Process, *, replaced: bool, contact: str, folio: str | None = None
) -> Message:
    """The Clave de Opinión, in the only message that has it (SEI-07)."""
    first = (
        "Esta es su nueva Clave de Opinión por Internet. La anterior ya no sirve."
        if replaced
        else "Su solicitud fue procedente. Esta es su Clave de Opinión por Internet:"
    )
    paragraphs = [
        first,
        facts([("Consulta", process.nombre), ("Folio", folio), ("Clave de Opinión", clave)]),
        f"Podrá emitir su opinión Vía Remota desde el {centro_text(process.inicio)} hasta el "
        f"{centro_text(process.fin)}. Tenga a la mano su Credencial para Votar: se le pedirán la clave de "
        "elector y el OCR, y recibirá un token por SMS en el celular que registró.",
        f"Si extravía su Clave, puede solicitar una nueva por única ocasión llamando al CAT ({process.cat}).",
        _PRIVACY,
    ]
    subject = f"Clave de Opinión por Internet. {process.nombre}"
    kind = f"{CONFIDENTIAL}clave-reposicion" if replaced else f"{CONFIDENTIAL}clave"
    return letter(kind, to, subject, _GREETING, paragraphs, contact)


def clave_notice(phone: str, process: Process, *, replaced: bool) -> Message:
    """That the Clave was sent by e-mail, without it (SEI-06)."""
    what = "Su nueva Clave" if replaced else "Su Clave"
    text = f"{what} de Opinión por Internet se envió a su correo electrónico. {process.nombre}."
    return Message("sei.clave-aviso", Channel.SMS, phone, "Clave de Opinión", text)


def token_sms(phone: str, code: str, until: datetime) -> Message:
    """The token (SEI-14)."""
    text = f"Su token para ingresar al SEI es {code}. Vence el {centro_text(until)}. No lo comparta."
    return Message(f"{CONFIDENTIAL}token", Channel.SMS, phone, "Token", text)


def received_sms(phone: str, at: datetime) -> Message:
    """That the opinion was received, and only that (SEI-19). It leaves when the session ends."""
    text = "Fue recibida su opinión por internet. Gracias por su participación."
    return Message("sei.opinion-recibida", Channel.SMS, phone, "Opinión", text, not_before=at)
