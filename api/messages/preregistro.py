"""To people who ask for a Clave (source 000, 7.2 and 7.3): in validation, rejected, not eligible, invited.

What is said of eligibility is the same for every reason in the lista nominal: whoever typed somebody's clave
de elector learns nothing about them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from api.messages.letter import facts, letter
from api.outbox.message import Channel, Message
from capture.preregistro.eligibility import Ineligible
from capture.processes.period import centro_text

INVITATION = "sei.invitacion"
"""The kind of the letter that invites."""
_GREETING = "Ciudadana, ciudadano"
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What messages say of a consultation. `cat`: telephone; `contact`: where people are attended."""

    nombre: str
    corte: date
    mesa_inicio: datetime
    mesa_fin: datetime
    cat: str
    contact: str

    @property
    def mesa(self) -> str:
        """When the Mesas take opinions."""
        first, last = self.mesa_inicio, self.mesa_fin
        return f"el {spoken(first.date())}, de {first:%-H:%M} a {last:%-H:%M} horas"

    @property
    def invitation(self) -> str:
        """To the Mesa."""
        return (
            "Le invitamos a asistir directamente a la Mesa de su Unidad Territorial para opinar de forma "
            f"presencial {self.mesa}."
        )


def spoken(day: date) -> str:
    """«28 de febrero de 2027»; the first of a month is «1º»."""
    number = "1º" if day.day == 1 else str(day.day)
    return f"{number} de {_MONTHS[day.month - 1]} de {day.year}"


def in_validation(to: str, folio: str, told: Told) -> Message:
    """The folio of a request that a person looks at."""
    paragraphs = [
        "Su solicitud de Pre-registro para opinar por Internet pasó a un módulo de validación, en el cual se "
        "revisará la información y se determinará si procede o no la solicitud.",
        facts([("Consulta", told.nombre), ("Folio", folio)]),
        "El resultado se le comunicará por este medio.",
    ]
    return _letter("preregistro-folio", to, f"Folio de Pre-registro. {told.nombre}", paragraphs, told)


def rejected(to: str, folio: str, cause: str, told: Told) -> Message:
    """The cause, and the invitation to the Mesa."""
    paragraphs = [
        "Su solicitud de Pre-registro para opinar por Internet no fue procedente, por la causa siguiente:",
        cause,
        facts([("Consulta", told.nombre), ("Folio", folio)]),
        told.invitation,
    ]
    return _letter(
        "preregistro-rechazo", to, f"No procedencia de su solicitud. {told.nombre}", paragraphs, told
    )


def not_eligible(to: str, folio: str, why: Ineligible, told: Told) -> Message:
    """No Clave, and what can be done."""
    paragraphs = [
        "Su solicitud de Pre-registro para opinar por Internet no fue procedente:",
        _reason(why, told),
        facts([("Consulta", told.nombre), ("Folio", folio)]),
        f"Si considera que hay un error, llame al CAT ({told.cat}) o realice un nuevo Pre-registro con los "
        "datos correctos, dentro de su periodo.",
    ]
    subject = f"No procedencia de su solicitud. {told.nombre}"
    return _letter("preregistro-no-elegible", to, subject, paragraphs, told)


def _reason(why: Ineligible, told: Told) -> str:
    if why is Ineligible.DUPLICADA:
        return (
            "Ya se había recibido una solicitud con los datos de esa Credencial para votar. Si usted no la "
            f"realizó, comuníquelo al CAT ({told.cat})."
        )
    if why is Ineligible.SECCION:
        return "La sección electoral registrada no corresponde a una Unidad Territorial de la consulta."
    if why is Ineligible.VIGENCIA:
        return "La Credencial para votar registrada no está vigente."
    return (
        "Los datos registrados no corresponden a una persona de 18 años o más, con Credencial para votar "
        "vigente y domicilio en la Ciudad de México, en la Lista Nominal con corte al "
        f"{spoken(told.corte)}."
    )


def invited(to: str, link: str, until: datetime, told: Told) -> Message:
    """To somebody who had a Clave: confirm that nothing changed (7.2)."""
    paragraphs = [
        f"Le informamos de la celebración de la {told.nombre}, en la que nuevamente podrá participar "
        "opinando por Internet, a través del SEI Vía remota.",
        "Usted obtuvo su Clave para participar por Internet en una consulta anterior. Para recibir una nueva "
        "Clave sin necesidad de solicitar su Pre-registro, confirme que los datos de su Credencial para "
        f"votar son vigentes al {spoken(told.corte)}, y que mantiene su correo electrónico y su número "
        "telefónico:",
        facts([("Confirmar", link), ("A más tardar", centro_text(until))]),
        "En caso de haber modificado sus datos de la Credencial para votar, correo electrónico y/o número "
        "telefónico, deberá solicitar nuevamente su Pre-registro.",
    ]
    return _letter("invitacion", to, f"Opine por Internet. {told.nombre}", paragraphs, told)


def undelivered_sms(phone: str, folio: str | None, told: Told) -> Message:
    """That an e-mail could not be delivered, and the invitation to the Mesa (7.3.2)."""
    which = f" de su solicitud {folio}" if folio else ""
    text = (
        f"No fue posible entregar el correo electrónico{which}. Le invitamos a opinar de forma presencial en "
        f"la Mesa de su Unidad Territorial {told.mesa}. {told.nombre}."
    )
    return Message("sei.correo-no-entregado", Channel.SMS, phone, "Correo no entregado", text[:480])


def uninvited_sms(phone: str, told: Told) -> Message:
    """That an invitation could not be delivered: with another e-mail, pre-registro is the way (7.2)."""
    text = (
        "No fue posible entregar el correo electrónico con que se le invita a opinar por Internet. Si cambió "
        f"de correo, deberá solicitar su Pre-registro dentro de su periodo. {told.nombre}."
    )
    return Message("sei.correo-no-entregado", Channel.SMS, phone, "Correo no entregado", text[:480])


def _letter(kind: str, to: str, subject: str, paragraphs: list[str], told: Told) -> Message:
    return letter(f"sei.{kind}", to, subject, _GREETING, paragraphs, told.contact)
