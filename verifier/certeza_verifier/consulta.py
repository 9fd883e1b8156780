"""`consulta.json`: what a consultation promises about itself (docs/formats.md)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from certeza_verifier import canonical, groups
from certeza_verifier.errors import Failure
from certeza_verifier.messages.common import strings
from certeza_verifier.tlog.note import ED25519, ML_DSA, Key, parse_key

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ID = re.compile("[a-z0-9-]{1,64}")
_CLAVE = re.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,63}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
_FIELDS = (
    "bitacora",
    "calendario",
    "custodios",
    "grupo",
    "id",
    "k",
    "llave_publica",
    "nombre",
    "trustees",
    "umbral",
    "unidades",
    "version",
)
_UNIT = ("clave", "demarcacion", "nombre", "proyectos")
_UNIT_WITH_URN = ("archivo", "clave", "demarcacion", "nombre", "proyectos", "setup", "uuid")


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant as written and as a moment."""

    text: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Custodian:
    """A trustee: index from 1, office, SHA-256 of the compact JSON of the certificate."""

    index: int
    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A Unidad Territorial; without projects it has no urn and `uuid`, `file` and `setup` are empty."""

    clave: str
    name: str
    demarcation: str
    projects: tuple[str, ...]
    uuid: str = ""
    file: str = ""
    setup: str = ""

    @property
    def has_urn(self) -> bool:
        """Whether there is something to vote on."""
        return bool(self.projects)


@dataclass(frozen=True, slots=True)
class LogReference:
    """The public log: its key, whose name is its origin, and the SHA-256 of its policy."""

    key: Key
    policy: str


@dataclass(frozen=True, slots=True)
class Consultation:
    """The parsed document."""

    id: str
    name: str
    group: str
    start: Instant
    end: Instant
    opening: Instant
    public_key: str
    trustees: str
    threshold: int
    custodians: tuple[Custodian, ...]
    log: LogReference
    k: int
    units: tuple[Unit, ...]

    @property
    def urns(self) -> tuple[Unit, ...]:
        """Units with an urn, in order."""
        return tuple(unit for unit in self.units if unit.has_urn)


def derive_uuid(consultation: str, clave: str) -> str:
    """The uuid of a unit's urn: the first 14 Base58 digits of 16 bytes of a hash, padded to 22."""
    seed = f"certeza/uuid/v1\n{consultation}\n{clave}".encode()
    number = int.from_bytes(hashlib.sha256(seed).digest()[:16], "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    return digits.rjust(22, "1")[:14]


def instant(value: Any, place: str) -> Instant:
    """An RFC 3339 instant with numeric offset and whole seconds."""
    text = canonical.string(value, place)
    try:
        if not _INSTANT.fullmatch(text):
            raise ValueError(text)
        return Instant(text, datetime.fromisoformat(text))
    except ValueError:
        raise Failure("consulta-valor", place, "AAAA-MM-DDThh:mm:ss±hh:mm", text) from None


def parse_consulta(data: bytes) -> Consultation:
    """`consulta.json` in canonical form and consistent in itself."""
    value = canonical.load_sorted(data, "consulta.json")
    got = dict(zip(_FIELDS, canonical.fields(value, _FIELDS, "consulta.json"), strict=True))
    if canonical.integer(got["version"], "version") != 1:
        raise Failure("consulta-valor", "version", 1, got["version"])
    start, end, opening = _calendar(got["calendario"])
    return Consultation(
        id=_matching(_ID, got["id"], "id"),
        name=canonical.string(got["nombre"], "nombre"),
        group=_one_of(groups.NAMES[:2], got["grupo"], "grupo"),
        start=start,
        end=end,
        opening=opening,
        public_key=canonical.string(got["llave_publica"], "llave_publica"),
        trustees=canonical.digest(got["trustees"], "trustees"),
        threshold=canonical.integer(got["umbral"], "umbral", 1),
        custodians=_custodians(got["custodios"]),
        log=_log(got["bitacora"]),
        k=canonical.integer(got["k"], "k"),
        units=_units(got["unidades"], got["id"]),
    )


def _matching(pattern: re.Pattern[str], value: Any, place: str) -> str:
    text = canonical.string(value, place)
    if not pattern.fullmatch(text):
        raise Failure("consulta-valor", place, pattern.pattern, text)
    return text


def _one_of(names: tuple[str, ...], value: Any, place: str) -> str:
    text = canonical.string(value, place)
    if text not in names:
        raise Failure("consulta-valor", place, " o ".join(names), text)
    return text


def _calendar(value: Any) -> tuple[Instant, Instant, Instant]:
    names = ("apertura_urna", "opinion_fin", "opinion_inicio")
    opening, end, start = [
        instant(item, f"calendario.{name}")
        for name, item in zip(names, canonical.fields(value, names, "calendario"), strict=True)
    ]
    if not start.moment < end.moment <= opening.moment:
        got = f"{start.text}, {end.text}, {opening.text}"
        raise Failure(
            "consulta-calendario", "calendario", "opinion_inicio < opinion_fin ≤ apertura_urna", got
        )
    return start, end, opening


def _custodians(value: Any) -> tuple[Custodian, ...]:
    result = []
    for i, item in enumerate(canonical.array(value, "custodios")):
        place = f"custodios[{i}]"
        fingerprint, index, name = canonical.fields(item, ("huella", "indice", "nombre"), place)
        if canonical.integer(index, f"{place}.indice") != i + 1:
            raise Failure("consulta-orden", f"{place}.indice", i + 1, index)
        digest = canonical.digest(fingerprint, f"{place}.huella")
        result.append(Custodian(index, canonical.string(name, f"{place}.nombre"), digest))
    return tuple(result)


def _log(value: Any) -> LogReference:
    text, policy = canonical.fields(value, ("llave", "politica"), "bitacora")
    key = parse_key(canonical.string(text, "bitacora.llave"), "bitacora.llave")
    if key.kind not in (ED25519, ML_DSA):
        raise Failure("llave-tipo", "bitacora.llave", f"{ED25519:02x} o {ML_DSA:02x}", f"{key.kind:02x}")
    return LogReference(key, canonical.digest(policy, "bitacora.politica"))


def _units(value: Any, consultation: str) -> tuple[Unit, ...]:
    items = canonical.array(value, "unidades")
    units = tuple(_unit(item, consultation, f"unidades[{i}]") for i, item in enumerate(items))
    for i in range(1, len(units)):
        if units[i - 1].clave >= units[i].clave:
            place = f"unidades[{i}].clave"
            raise Failure("consulta-orden", place, f"después de {units[i - 1].clave}", units[i].clave)
    return units


def _unit(value: Any, consultation: str, place: str) -> Unit:
    urn = isinstance(value, dict) and bool(value.get("proyectos"))
    names = _UNIT_WITH_URN if urn else _UNIT
    got = dict(zip(names, canonical.fields(value, names, place), strict=True))
    clave = _matching(_CLAVE, got["clave"], f"{place}.clave")
    unit = Unit(
        clave,
        canonical.string(got["nombre"], f"{place}.nombre"),
        canonical.string(got["demarcacion"], f"{place}.demarcacion"),
        tuple(strings(got["proyectos"], f"{place}.proyectos")),
    )
    return _with_urn(unit, got, consultation, place) if urn else unit


def _with_urn(unit: Unit, got: dict[str, Any], consultation: str, place: str) -> Unit:
    for name, expected, rule in (
        ("archivo", f"urna/{unit.clave}.bel", "consulta-valor"),
        ("uuid", derive_uuid(consultation, unit.clave), "consulta-uuid"),
    ):
        if got[name] != expected:
            raise Failure(rule, f"{place}.{name}", expected, got[name])
    setup = canonical.digest(got["setup"], f"{place}.setup")
    return Unit(unit.clave, unit.name, unit.demarcation, unit.projects, got["uuid"], got["archivo"], setup)
