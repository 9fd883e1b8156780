"""To citizens of «Mi Apoyo»: the activation code, and their acuse (002 §5.9, §5.10, §5.21)."""

from __future__ import annotations

from datetime import datetime

from api.messages.letter import facts, letter
from api.outbox.message import Message
from capture.mi_apoyo.acuse import MiApoyoAcuse
from capture.mi_apoyo.code import spoken
from capture.processes.period import centro_text


def activation_code(to: str, code: str, expires: datetime, contact: str) -> Message:
    """The code, until when it holds and where it is written."""
    paragraphs = [
        "Su código de activación para la modalidad «Mi Apoyo» fue generado con éxito:",
        f"  {spoken(code)}",
        "Escríbalo en la aplicación, en el apartado «Introduce el código de activación», y pulse "
        "«Siguiente». "
        f"Tiene una vigencia de 24 horas, hasta el {centro_text(expires)}, y solo puede usarse en el "
        "dispositivo "
        "móvil con el que lo solicitó.",
        "No comparta este código. Con él se vinculan un correo electrónico, un dispositivo móvil y una "
        "persona.",
    ]
    subject = "Código de activación de «Mi Apoyo»"
    return letter(
        "mi-apoyo.codigo", to, subject, "Estimada ciudadana, estimado ciudadano", paragraphs, contact
    )


def activation_taken(to: str, contact: str) -> Message:
    """Why there is no code. Only the owner of the e-mail reads it: who asks is answered as ever."""
    paragraphs = [
        "Se solicitó un código de activación para la modalidad «Mi Apoyo» con este correo electrónico. No se "
        "generó: este correo, o la Credencial para Votar que se presentó, ya tiene una activación vigente. "
        "En esta modalidad es «un correo electrónico, un dispositivo móvil para una persona».",
        "Si cambió de dispositivo móvil, en el anterior elija «Baja de dispositivo» y solicite después otro "
        "código. Si ya no lo tiene, repórtelo en la página que se indica abajo.",
        "Si usted no lo solicitó, no tiene que hacer nada.",
    ]
    subject = "Sobre su código de activación de «Mi Apoyo»"
    greeting = "Estimada ciudadana, estimado ciudadano"
    return letter("mi-apoyo.ocupado", to, subject, greeting, paragraphs, contact)


def mi_apoyo_acuse(acuse: MiApoyoAcuse, page: str, contact: str) -> Message:
    """The acuse with the fields of 002 §5.21. `page`: where its code is checked."""
    paragraphs = [
        "El registro de su apoyo fue recibido. Estos son los datos de su acuse:",
        facts(list(acuse.rows())),
        f"Con el código de integridad puede comprobar su registro en {page}. Para garantizar la "
        "confidencialidad "
        "de la información, este acuse no contiene datos personales, salvo el CIC de quien brindó su apoyo.",
    ]
    subject = f"Acuse de recibo de su apoyo, folio {acuse.folio}"
    greeting = "Estimada ciudadana, estimado ciudadano"
    return letter("mi-apoyo.acuse", acuse.correo, subject, greeting, paragraphs, contact)
