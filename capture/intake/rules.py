"""Whether a packet is taken, and in which state its record begins: one table of rules, in order. Pure.

A packet is refused when it cannot be told whose it is or when the law says that the server does not take
it. What comes from a registered device in time, but does not count, is taken and says so from its first
state on: nobody can claim later that it was lost (002 §2.6, §3.7, §3.8, §4.11).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from capture.intake.errors import IntakeRefusal
from capture.intake.sender import Sender, Term
from capture.limits import CaptureLimits
from capture.packet.envelope import Envelope
from capture.records.states import Causa, Estado


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet at the door: its envelope, from whom, for what, and when."""

    envelope: Envelope
    sender: Sender
    term: Term
    now: datetime
    limits: CaptureLimits


@dataclass(frozen=True, slots=True)
class Verdict:
    """Taken, in this first state and for this reason."""

    estado: Estado
    causa: Causa


Found = tuple[object, object] | None
Check = Callable[[Arrival], Found]
"""Expected and found when the rule is broken; None when it holds."""


def _owner(a: Arrival) -> Found:
    given = (a.envelope.emisor, a.envelope.modalidad)
    return None if given == (a.sender.emisor, a.sender.modalidad) else (a.sender.emisor, a.envelope.emisor)


def _same_process(a: Arrival) -> Found:
    own = a.sender.proceso
    return None if own is None or own == a.envelope.proceso else (own, a.envelope.proceso)


def _own_credential(a: Arrival) -> Found:
    if a.sender.cic is None or (a.envelope.credencial, a.envelope.numero) == ("cic", a.sender.cic):
        return None
    return "la credencial con la que se activó el dispositivo", "otra"


def _mi_apoyo(a: Arrival) -> Found:
    if a.envelope.modalidad != "mi-apoyo" or a.term.mi_apoyo:
        return None
    return "un proceso que admite «Mi Apoyo»", a.envelope.proceso


def _size(a: Arrival) -> Found:
    most = a.limits.body_bytes
    return None if 0 < a.envelope.tamano <= most else (f"de 1 a {most} bytes", f"{a.envelope.tamano} bytes")


def _clock(a: Arrival) -> Found:
    latest = a.now + a.limits.clock_skew
    return (
        None
        if a.envelope.capturado <= latest
        else (f"a más tardar {shown(latest)}", shown(a.envelope.capturado))
    )


def _active(a: Arrival) -> Found:
    return None if a.term.activo else ("un proceso activo", "inactivo")


def _begun(a: Arrival) -> Found:
    return None if a.now >= a.term.inicio else (f"a partir de {shown(a.term.inicio)}", shown(a.now))


def _in_time(a: Arrival) -> Found:
    latest = a.term.fin + a.limits.grace
    return None if a.now <= latest else (f"a más tardar {shown(latest)}", shown(a.now))


REFUSALS: tuple[tuple[str, str, Check], ...] = (
    ("paquete.emisor", "emisor", _owner),
    ("paquete.ajeno", "proceso", _same_process),
    ("paquete.credencial-ajena", "credencial", _own_credential),
    ("paquete.modalidad", "modalidad", _mi_apoyo),
    ("paquete.tamano", "tamano", _size),
    ("paquete.reloj", "capturado", _clock),
    ("paquete.inactivo", "proceso", _active),
    ("paquete.no-ha-comenzado", "periodo", _begun),
    ("paquete.fuera-de-plazo", "periodo", _in_time),
)
"""Rule, place and check, in the order in which they are asked; the device's signature comes before all."""


def judge(arrival: Arrival) -> Verdict:
    """The first state of the record.

    Raises PacketRefusal for the signature and IntakeRefusal for the rest.
    """
    envelope = arrival.envelope
    envelope.verify(arrival.sender.key)
    for rule, place, check in REFUSALS:
        if broken := check(arrival):
            raise IntakeRefusal(rule, f"sobre {envelope.folio}, {place}", *broken)
    return next(_not_counted(arrival), Verdict(Estado.RECIBIDO, Causa.RECEPCION))


def _not_counted(a: Arrival) -> Iterator[Verdict]:
    """002 §2.6: «envíos o recepción … con fecha posterior a la baja»: the earlier of both decides."""
    if a.sender.emisor_baja is not None and a.now >= a.sender.emisor_baja:
        yield Verdict(Estado.BAJA_DE_AUXILIAR, Causa.BAJA_DE_AUXILIAR)
    if a.sender.dispositivo_baja is not None and a.now >= a.sender.dispositivo_baja:
        yield Verdict(Estado.DISPOSITIVO_NO_AUTORIZADO, Causa.DISPOSITIVO_NO_AUTORIZADO)
    if not a.term.inicio <= a.envelope.capturado <= a.term.fin:
        yield Verdict(Estado.FUERA_DE_PERIODO, Causa.FUERA_DE_PERIODO)


def shown(moment: datetime) -> str:
    """An instant for people."""
    return moment.isoformat(timespec="seconds")
