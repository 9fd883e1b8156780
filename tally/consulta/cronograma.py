"""The named phases of a consultation, and the hours of the CAT (SEI-01; source 000, 7.5).

Every instant is of the clock of Mexico City: a phase that begins at nine begins at nine there, whatever the
offset of that day is. In April 2022 it was UTC-05:00; since 30 October 2022 it is UTC-06:00 all year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from keys import canonical
from tally.calendar import Calendar
from tally.consulta.errors import ConsultaFormRefusal, PhaseRefusal

CENTRO = ZoneInfo("America/Mexico_City")
DAY = timedelta(days=1)


class Fase(StrEnum):
    """What may be done between two instants. The values are stored."""

    INVITACION = "invitacion"
    PREREGISTRO = "preregistro"
    VALIDACION = "validacion"
    VERIFICACION = "verificacion"
    OPINION = "opinion"
    REPOSICION = "reposicion"
    APERTURA = "apertura"
    ENTREGA = "entrega"
    MESAS = "mesas"
    COMPUTO = "computo"


NAMES = {
    Fase.INVITACION: "envío de invitaciones a quienes ya tuvieron una Clave",
    Fase.PREREGISTRO: "pre-registro para opinar por el SEI Vía Remota",
    Fase.VALIDACION: "validación, generación y envío de Claves",
    Fase.VERIFICACION: "verificación muestral aleatoria de la entrega de Claves",
    Fase.OPINION: "opinión en el SEI Vía Remota",
    Fase.REPOSICION: "generación y reposición de Claves y token en el CAT",
    Fase.APERTURA: "Apertura y Cómputo de la Urna Virtual de Opinión",
    Fase.ENTREGA: "entrega de actas y listados, e integración en cajas paquete",
    Fase.MESAS: "Jornada presencial (Mesa con boletas impresas)",
    Fase.COMPUTO: "Cómputo de la Opinión en SEI Vía Remota y en Mesas",
}
"""How each is spoken of."""
IN_CAT_HOURS = frozenset({Fase.REPOSICION})
"""Only while the CAT attends."""
WEEKDAY_HOURS, WEEKEND_HOURS = (time(9), time(17)), (time(9), time(14))
"""«De lunes a viernes de 9:00 a 17:00 horas. Sábados y domingos de 9:00 a 14:00 horas.»"""
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Plazo:
    """From `inicio` (included) to `fin` (excluded), both of the clock of Mexico City."""

    inicio: datetime
    fin: datetime

    def __contains__(self, now: datetime) -> bool:
        return self.inicio <= now < self.fin

    @property
    def words(self) -> str:
        """«del 08/04/2022 09:00 al 19/04/2022 17:00 (hora del centro)»."""
        return f"del {_spoken(self.inicio)} al {_spoken(self.fin)} (hora del centro)"


@dataclass(frozen=True, slots=True)
class Cronograma:
    """All phases. One that exists is in order: nothing is asked before what it needs."""

    fases: dict[Fase, Plazo]

    def __post_init__(self) -> None:
        missing = [fase.value for fase in Fase if fase not in self.fases]
        _require(not missing, "cronograma.faltan", "cronograma", "todas las fases", ", ".join(missing))
        for fase in Fase:
            plazo = self.fases[fase]
            words = f"del {_spoken(plazo.inicio)} al {_spoken(plazo.fin)}"
            place = f"cronograma.{fase.value}"
            _require(plazo.inicio < plazo.fin, "cronograma.orden", place, "un inicio antes del fin", words)
        for before, after in _ORDER:
            first, second = _moment(self, before), _moment(self, after)
            expected = f"{_called(before)} antes que {_called(after)}"
            got = f"{_spoken(first)} y {_spoken(second)}"
            _require(first <= second, "cronograma.orden", f"cronograma.{after[0].value}", expected, got)

    def __getitem__(self, fase: Fase) -> Plazo:
        return self.fases[fase]

    def open(self, fase: Fase, now: datetime) -> bool:
        """Whether it may be done at `now`, of whatever zone."""
        return now in self.fases[fase] and (fase not in IN_CAT_HOURS or cat_attends(now))

    def require(self, fase: Fase, now: datetime) -> None:
        """Raises PhaseRefusal with the dates of the phase and, where it keeps them, the hours of the CAT."""
        if self.open(fase, now):
            return
        hours = ", de lunes a viernes de 9:00 a 17:00 y sábados y domingos de 9:00 a 14:00 horas"
        expected = self.fases[fase].words + (hours if fase in IN_CAT_HOURS else "")
        raise PhaseRefusal(f"cronograma.{fase.value}", NAMES[fase], expected, _spoken(local(now)))

    def require_over(self, fase: Fase, now: datetime, what: str) -> None:
        """Raises PhaseRefusal, saying that `what` waits for the end of the phase, before that."""
        end = self.fases[fase].fin
        if now < end:
            expected = f"desde el {_spoken(end)} (hora del centro), al terminar: {NAMES[fase]}"
            raise PhaseRefusal(f"cronograma.{fase.value}.termina", what, expected, _spoken(local(now)))

    def during(self, now: datetime) -> list[Fase]:
        """What may be done at `now`."""
        return [fase for fase in Fase if self.open(fase, now)]

    @property
    def calendar(self) -> Calendar:
        """What the urns obey: RFC 3339 with the offsets of those days."""
        opinion = self.fases[Fase.OPINION]
        instants = (opinion.inicio, opinion.fin, self.fases[Fase.APERTURA].inicio)
        return Calendar(*(datetime.fromisoformat(i.isoformat(timespec="seconds")) for i in instants))

    def to_json(self) -> dict[str, dict[str, str]]:
        """By phase, `inicio` and `fin` as RFC 3339."""
        return {
            fase.value: {"inicio": _rfc3339(p.inicio), "fin": _rfc3339(p.fin)}
            for fase, p in ((fase, self.fases[fase]) for fase in Fase)
        }

    @classmethod
    def from_json(cls, value: Any, place: str = "cronograma") -> Cronograma:
        """Of what `to_json` gives, and of clock times without an offset. Raises ConsultaFormRefusal."""
        names = tuple(fase.value for fase in Fase)
        if not isinstance(value, dict) or set(value) - set(names):
            raise ConsultaFormRefusal("cronograma.fases", place, ", ".join(names), _keys(value))
        fases = {}
        for name, plazo in value.items():
            fields = canonical.record(plazo, f"{place}.{name}", ("inicio", "fin"))
            ends = (clock_time(fields[end], f"{place}.{name}.{end}") for end in ("inicio", "fin"))
            fases[Fase(name)] = Plazo(*ends)
        return cls(fases)

    def with_changes(self, value: Any, place: str = "cronograma") -> Cronograma:
        """These phases with those of `value`, a part of what `from_json` takes, in their place."""
        if not isinstance(value, dict):
            raise ConsultaFormRefusal("cronograma.fases", place, "fases con inicio y fin", _keys(value))
        return Cronograma.from_json({**self.to_json(), **value}, place)


End = tuple[Fase, str]
_ORDER: tuple[tuple[End, End], ...] = (
    ((Fase.PREREGISTRO, "inicio"), (Fase.VALIDACION, "fin")),
    ((Fase.PREREGISTRO, "fin"), (Fase.VALIDACION, "fin")),
    ((Fase.INVITACION, "fin"), (Fase.VALIDACION, "fin")),
    ((Fase.VALIDACION, "inicio"), (Fase.VERIFICACION, "inicio")),
    ((Fase.VALIDACION, "fin"), (Fase.OPINION, "inicio")),
    ((Fase.VERIFICACION, "fin"), (Fase.OPINION, "inicio")),
    ((Fase.VALIDACION, "fin"), (Fase.REPOSICION, "inicio")),
    ((Fase.REPOSICION, "fin"), (Fase.APERTURA, "inicio")),
    ((Fase.OPINION, "fin"), (Fase.APERTURA, "inicio")),
    ((Fase.APERTURA, "inicio"), (Fase.ENTREGA, "fin")),
    ((Fase.APERTURA, "fin"), (Fase.MESAS, "inicio")),
    ((Fase.ENTREGA, "inicio"), (Fase.MESAS, "inicio")),
    ((Fase.MESAS, "inicio"), (Fase.COMPUTO, "inicio")),
)
"""What never comes after what: Claves before opinions, the close before the opening, the actas before the
Mesas that add to them."""


def cat_attends(now: datetime) -> bool:
    """Whether `now` is within the hours in which the CAT replaces Claves and tokens."""
    here = local(now)
    first, last = WEEKEND_HOURS if here.weekday() >= SATURDAY else WEEKDAY_HOURS
    return first <= here.time() < last


def local(now: datetime) -> datetime:
    """An instant on the clock of Mexico City."""
    return now.astimezone(CENTRO)


def clock_time(value: Any, place: str) -> datetime:
    """Whole seconds: «2027-04-21T20:00:00» of Mexico City, or with a numeric offset. Raises FormatRefusal.

    A clock time that the city skipped or had twice is refused: nobody would know which instant it is.
    """
    text = value.isoformat() if isinstance(value, datetime) else canonical.string(value, place)
    expected = "2027-04-21T20:00:00, de la hora del centro"
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ConsultaFormRefusal("cronograma.instante", place, expected, text) from None
    if found.microsecond:
        raise ConsultaFormRefusal("cronograma.instante", place, "segundos enteros", text)
    if found.tzinfo is not None:
        return found.astimezone(CENTRO)
    here = found.replace(tzinfo=CENTRO)
    if here.utcoffset() != here.replace(fold=1).utcoffset():
        raise ConsultaFormRefusal("cronograma.instante", place, "una hora que ocurre una sola vez", text)
    return here


def at(day: date, hour: int = 0) -> datetime:
    """A day of the city at an hour."""
    return datetime.combine(day, time(hour), CENTRO)


def _moment(plan: Cronograma, end: End) -> datetime:
    plazo = plan.fases[end[0]]
    return plazo.inicio if end[1] == "inicio" else plazo.fin


def _called(end: End) -> str:
    return f"el {end[1]} de «{NAMES[end[0]]}»"


def _spoken(moment: datetime) -> str:
    here = local(moment)
    return f"{here:%d/%m/%Y %H:%M:%S}" if here.second else f"{here:%d/%m/%Y %H:%M}"


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _keys(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, dict) else type(value).__name__


def _require(holds: bool, rule: str, place: str, expected: str, got: str) -> None:
    if not holds:
        raise ConsultaFormRefusal(rule, place, expected, got)
