"""A period of capture (001 §5.A): whose, of what, where and when."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from capture.identity.dates import CENTRO
from capture.identity.entidades import entidad
from capture.identity.findings import Findings
from capture.identity.names import line
from capture.processes.errors import ProcessRefusal
from capture.processes.kinds import NATIONAL, Ambito, Tipo, ambito, tipo

LONGEST = timedelta(days=2 * 366)
"""No law gives more than two years; a longer one is a typing error."""
GRACE = timedelta(hours=24)
"""After the end, for sending what was captured before (001 §10.5; 002 §4.11)."""
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
_MUNICIPALITY = re.compile(r"\d\d-\d\d\d")
_MAX_CRITERIA_CHARS = 100_000


@dataclass(frozen=True, slots=True)
class PeriodForm:
    """What is typed. Instants are `AAAA-MM-DDTHH:MM`, hora centro."""

    tipo: str = ""
    nombre: str = ""
    cargo: str = ""
    ambito: str = ""
    entidad: str = ""
    inicio: str = ""
    fin: str = ""
    mi_apoyo: bool = False
    criterios: str = "{}"
    municipios_excepcion: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """A checked period; `inicio` belongs to it and `fin` does not. `criterios`: text of a JSON object."""

    tipo: Tipo
    nombre: str
    cargo: str | None
    ambito: Ambito
    entidad: str
    inicio: datetime
    fin: datetime
    mi_apoyo: bool
    criterios: str
    municipios_excepcion: tuple[str, ...]

    def is_open(self, instant: datetime) -> bool:
        """Whether support may be captured at the instant."""
        return self.inicio <= instant < self.fin

    def accepts(self, instant: datetime) -> bool:
        """Whether what was captured in time may be received at the instant."""
        return self.inicio <= instant < self.fin + GRACE


def read_period(form: PeriodForm) -> Period:
    """Check a form. Raises FormRefusal with every field at fault."""
    findings = Findings()
    kind = findings.take(tipo, form.tipo, "Tipo de proceso")
    nombre = findings.take(lambda text, field: line(text, field, 200), form.nombre, "Nombre del periodo")
    cargo = findings.take_optional(lambda text, field: line(text, field, 200), form.cargo, "Cargo")
    scope = findings.take(ambito, form.ambito, "Ámbito")
    place = findings.take(_place, form.entidad, "Entidad")
    inicio = findings.take(centro_instant, form.inicio, "Inicio del periodo")
    fin = findings.take(centro_instant, form.fin, "Fin del periodo")
    criteria = findings.take(_criteria, form.criterios, "Criterios de revisión")
    municipalities = findings.run(lambda: _municipalities(form.municipios_excepcion))
    findings.settle()
    findings.run(lambda: require_order(inicio, fin))
    if kind is Tipo.CANDIDATURA and cargo is None:
        cargo = nombre  # 001: «Nombre del periodo correspondiente al cargo del aspirante»
    findings.settle()
    return Period(kind, nombre, cargo, scope, place, inicio, fin, form.mi_apoyo, criteria, municipalities)


def require_order(inicio: datetime, fin: datetime) -> None:
    """Refuse an end that is not after the beginning, or two years after it."""
    if fin <= inicio:
        expected = f"un instante posterior al inicio ({centro_text(inicio)})"
        raise ProcessRefusal("periodo.orden", "Fin del periodo", expected, centro_text(fin))
    if fin - inicio > LONGEST:
        got = f"{(fin - inicio).days} días"
        raise ProcessRefusal("periodo.duracion", "Fin del periodo", f"a lo más {LONGEST.days} días", got)


def require_change(old: Period, new: Period, now: datetime, used: bool) -> None:
    """Refuse a change that would move the ground under what was already registered or captured.

    `used`: whether a process belongs to the period. The beginning stays once it has come; the end may be
    moved while there is grace, never to before now; a used period keeps its kind and its entidad."""
    if used and (old.tipo, old.entidad) != (new.tipo, new.entidad):
        expected = "el tipo y la entidad con que se registraron sus procesos"
        raise ProcessRefusal("periodo.usado", "Tipo de proceso y entidad", expected, "otros")
    if now >= old.inicio and new.inicio != old.inicio:
        raise ProcessRefusal(
            "periodo.iniciado", "Inicio del periodo", centro_text(old.inicio), centro_text(new.inicio)
        )
    if now >= old.fin + GRACE and new.fin != old.fin:
        raise ProcessRefusal(
            "periodo.concluido", "Fin del periodo", centro_text(old.fin), centro_text(new.fin)
        )
    if new.fin != old.fin and new.fin < now:
        expected = f"un instante posterior a {centro_text(now)}"
        raise ProcessRefusal("periodo.pasado", "Fin del periodo", expected, centro_text(new.fin))


def centro_instant(text: str, field: str) -> datetime:
    """An instant typed as `AAAA-MM-DDTHH:MM[:SS]` in the hora centro."""
    typed = text.strip()
    expected = "una fecha y hora AAAA-MM-DDTHH:MM, hora centro"
    if not _LOCAL.fullmatch(typed):
        raise ProcessRefusal("periodo.instante", field, expected, "otra forma" if typed else "nada")
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=CENTRO)
    except ValueError:
        raise ProcessRefusal("periodo.instante", field, "un día y una hora que existan", typed) from None


def centro_text(instant: datetime) -> str:
    """For people: «14/12/2022 11:58 horas (hora centro)»."""
    return f"{instant.astimezone(CENTRO):%d/%m/%Y %H:%M} horas (hora centro)"


def _place(text: str, field: str) -> str:
    return NATIONAL if text.strip() == NATIONAL else entidad(text, field)


def _criteria(text: str, field: str) -> str:
    try:
        value = json.loads(text[: _MAX_CRITERIA_CHARS + 1])
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ProcessRefusal("periodo.criterios", field, "un objeto JSON", "otra cosa")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _municipalities(keys: Sequence[str]) -> tuple[str, ...]:
    for key in keys:
        if not _MUNICIPALITY.fullmatch(key):
            expected = "claves «EE-MMM» (entidad y municipio)"
            raise ProcessRefusal("periodo.municipios", "Municipios del régimen de excepción", expected, key)
    return tuple(sorted(set(keys)))
