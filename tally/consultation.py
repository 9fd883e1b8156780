"""The consultation as the public knows it: `consulta.json` (docs/formats.md)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from keys import canonical
from keys.ceremony.trustees import Pedersen, Trustees
from keys.errors import FormatRefusal
from keys.group import Group
from tally.archive import sha256
from tally.calendar import Calendar
from tally.election import Election
from tally.setup import Unidad, election_of, uuid_of

VERSION = 1
FIELDS = (
    "version",
    "id",
    "nombre",
    "grupo",
    "calendario",
    "llave_publica",
    "trustees",
    "umbral",
    "custodios",
    "bitacora",
    "k",
    "unidades",
)
_ID = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)
SMALL_URN = 5
"""Default k of architecture decision 3."""


@dataclass(frozen=True, slots=True)
class Urn:
    """A UT that has an urn: `setup` is the hash of its Setup event."""

    unidad: Unidad
    uuid: str
    setup: str

    @property
    def file(self) -> str:
        """Path in the public folder."""
        return f"urna/{self.unidad.clave}.bel"


@dataclass(frozen=True, slots=True)
class LogReference:
    """The public log of a consultation: its vkey, and the SHA-256 of its tlog-policy."""

    key: str
    policy: str

    def to_json(self) -> dict[str, str]:
        """The field `bitacora`."""
        return {"llave": self.key, "politica": self.policy}

    @classmethod
    def from_json(cls, value: Any, place: str) -> LogReference:
        """Raises FormatRefusal."""
        fields = canonical.record(value, place, ("llave", "politica"))
        return cls(
            canonical.string(fields["llave"], f"{place}.llave"),
            canonical.digest(fields["politica"], f"{place}.politica"),
        )


@dataclass(frozen=True)
class Consultation:
    """Everything fixed before the first opinion."""

    id: str
    nombre: str
    grupo: str
    calendar: Calendar
    llave_publica: str
    trustees: str
    umbral: int
    custodios: tuple[tuple[str, str], ...]
    """(office, fingerprint of the certificate), in order."""
    bitacora: LogReference
    unidades: tuple[Unidad, ...]
    setups: dict[str, str] = field(default_factory=dict)
    """Hash of the Setup event by clave."""
    k: int = SMALL_URN

    @property
    def urns(self) -> list[Urn]:
        """Urns in the order of their claves."""
        return [Urn(u, uuid_of(self.id, u.clave), self.setups[u.clave]) for u in self.unidades if u.proyectos]

    def election(self, group: Group, unidad: Unidad) -> Election:
        """The election of one UT."""
        return election_of(self.id, self.nombre, unidad, group, self.llave_publica)

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_sorted(
            {
                "version": VERSION,
                "id": self.id,
                "nombre": self.nombre,
                "grupo": self.grupo,
                "calendario": self.calendar.to_json(),
                "llave_publica": self.llave_publica,
                "trustees": self.trustees,
                "umbral": self.umbral,
                "custodios": [
                    {"indice": i, "nombre": n, "huella": h} for i, (n, h) in enumerate(self.custodios, 1)
                ],
                "bitacora": self.bitacora.to_json(),
                "k": self.k,
                "unidades": [self._unidad_json(u) for u in self.unidades],
            }
        )

    def _unidad_json(self, unidad: Unidad) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "clave": unidad.clave,
            "nombre": unidad.nombre,
            "demarcacion": unidad.demarcacion,
            "proyectos": list(unidad.proyectos),
        }
        if unidad.proyectos:
            fields |= {
                "uuid": uuid_of(self.id, unidad.clave),
                "archivo": f"urna/{unidad.clave}.bel",
                "setup": self.setups[unidad.clave],
            }
        return fields

    @classmethod
    def from_bytes(cls, data: bytes, place: str = "consulta.json") -> Consultation:
        """Read strictly; the bytes must be canonical. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, FIELDS)
        custodios = canonical.items(fields["custodios"], f"{place}.custodios", _custodio)
        unidades = canonical.items(fields["unidades"], f"{place}.unidades", _unidad)
        for before, after in pairwise(u.clave for u, _ in unidades):
            if before >= after:
                raise FormatRefusal("consulta.orden", f"{place}.unidades", f"después de {before}", after)

        def text(name: str) -> str:
            return canonical.string(fields[name], f"{place}.{name}")

        made = cls(
            id=require_id(text("id"), f"{place}.id"),
            nombre=text("nombre"),
            grupo=text("grupo"),
            calendar=Calendar.from_json(fields["calendario"], f"{place}.calendario"),
            llave_publica=text("llave_publica"),
            trustees=canonical.digest(fields["trustees"], f"{place}.trustees"),
            umbral=canonical.small_int(fields["umbral"], f"{place}.umbral"),
            custodios=tuple(custodios),
            bitacora=LogReference.from_json(fields["bitacora"], f"{place}.bitacora"),
            unidades=tuple(u for u, _ in unidades),
            setups={u.clave: setup for u, setup in unidades if setup is not None},
            k=canonical.small_int(fields["k"], f"{place}.k"),
        )
        canonical.require_same(data, made.data.decode(), place)
        return made


def require_id(text: str, place: str) -> str:
    """The name of a consultation's folder."""
    if not _ID.fullmatch(text):
        raise FormatRefusal("consulta.id", place, "de 1 a 64 letras minúsculas, cifras o guiones", text)
    return text


def trustees_part(group: Group, trustees: Trustees, names: Sequence[str]) -> dict[str, Any]:
    """The fields of a Consultation that follow from the ceremony, for keyword arguments.

    Raises FormatRefusal unless the ceremony is one Pedersen item whose threshold is below its size.
    """
    if len(trustees.items) != 1 or not isinstance(trustees.items[0], Pedersen):
        raise FormatRefusal(
            "ceremonia.forma", "trustees", "una sola ceremonia con umbral", len(trustees.items)
        )
    item = trustees.items[0]
    if item.threshold >= len(item.certs):
        raise FormatRefusal("ceremonia.umbral", "trustees", f"menos de {len(item.certs)}", item.threshold)
    (key,) = group.encode([trustees.election_key(group)])
    return {
        "grupo": group.name,
        "llave_publica": key,
        "trustees": sha256(trustees.encode()),
        "umbral": item.threshold,
        "custodios": tuple(zip(names, (c.fingerprint for c in item.certs), strict=True)),
    }


def _custodio(value: Any, place: str) -> tuple[str, str]:
    fields = canonical.record(value, place, ("indice", "nombre", "huella"))
    canonical.small_int(fields["indice"], f"{place}.indice")
    return (
        canonical.string(fields["nombre"], f"{place}.nombre"),
        canonical.digest(fields["huella"], f"{place}.huella"),
    )


def _unidad(value: Any, place: str) -> tuple[Unidad, str | None]:
    own = ("clave", "nombre", "demarcacion", "proyectos")
    urn = ("uuid", "archivo", "setup")
    with_urn = isinstance(value, dict) and bool(value.get("proyectos"))
    fields = canonical.record(value, place, own + urn if with_urn else own)
    clave, nombre, demarcacion = (canonical.string(fields[n], f"{place}.{n}") for n in own[:3])
    proyectos = canonical.items(fields["proyectos"], f"{place}.proyectos", canonical.string)
    unidad = Unidad(clave, nombre, demarcacion, tuple(proyectos))
    setup = canonical.digest(fields["setup"], f"{place}.setup") if "setup" in fields else None
    return unidad, setup
