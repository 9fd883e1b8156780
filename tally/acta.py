"""The acta de cómputo of a Unidad Territorial (docs/formats.md, actas/<clave>.json; SEI-23, VER-06).

That of a small urn, which is not opened alone, has no results: a «reserva» (docs/adr/0022-small-urns.md).
An `Acta` that exists is one that adds up: its invariants are checked when it is made, whether it comes
from an opened urn (`acta_of`) or from bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keys import canonical
from keys.errors import Refusal
from tally.archive import sha256
from tally.calendar import Calendar, instant
from tally.consultation import Consultation
from tally.setup import Unidad, uuid_of
from tally.small_urns import RESERVA, is_small, require_not_alone

VERSION = 1
KIND, RESERVE = "computo", "reserva"
FIELDS = (
    "acta",
    "version",
    "consulta",
    "unidad",
    "uuid",
    "urna",
    "resultados",
    "votos_nulos",
    "total",
    "personas_en_listado",
    "listado",
    "custodios",
    "umbral",
    "instante",
    "advertencia",
)


class ActaRefusal(Refusal):
    """The acta would state something that does not add up, so there is no acta."""


def require(holds: bool, rule: str, place: str, expected: object, got: object) -> None:
    """Raises ActaRefusal unless the invariant `holds`."""
    if not holds:
        raise ActaRefusal(rule, place, expected, got)


def kind_of(value: Any, place: str) -> str:
    """Which kind of acta of an urn it says to be. Raises ActaRefusal."""
    require(value in (KIND, RESERVE), "acta.version", place, f"acta {KIND} o {RESERVE}", value)
    return str(value)


def require_heading(fields: dict[str, Any], kind: str, place: str) -> None:
    """The kind and version of an acta. Raises ActaRefusal."""
    found = (fields["acta"], fields["version"])
    require(found == (kind, VERSION), "acta.version", place, f"acta {kind}, versión {VERSION}", found)


def require_whole_seconds(moment: datetime, place: str) -> None:
    """An instant as our documents can write it. Raises ActaRefusal."""
    whole = moment.tzinfo is not None and moment.microsecond == 0
    require(whole, "acta.instante", place, "un instante con zona y segundos enteros", moment.isoformat())


def written(moment: datetime) -> str:
    """RFC 3339, whole seconds, with the offset that it came with."""
    return moment.isoformat(timespec="seconds")


def ascending(indices: Sequence[int]) -> bool:
    """Positive, each once, in order."""
    return list(indices) == sorted(set(indices)) and all(i >= 1 for i in indices)


@dataclass(frozen=True, slots=True)
class Opening:
    """What all documents of one opening share. `trustees`: how many there are; `k`: size of a small urn."""

    consultation: str
    calendar: Calendar
    instant: datetime
    threshold: int
    trustees: int
    k: int

    def __post_init__(self) -> None:
        require_whole_seconds(self.instant, "apertura.instante")
        self.calendar.require_opening(self.instant)

    @classmethod
    def of(cls, consultation: Consultation, instant: datetime) -> Opening:
        """The opening of `consultation` at `instant` (no fractions). Raises Refusal when too early."""
        return cls(
            consultation.id,
            consultation.calendar,
            instant.replace(microsecond=0),
            consultation.umbral,
            len(consultation.custodios),
            consultation.k,
        )


@dataclass(frozen=True, slots=True)
class UrnEvidence:
    """What the urn's archive says: `ballots` in its chain, hashes of its EndBallots and last events.

    The last event is the Result, or of an urn that stays closed its EncryptedTally.
    """

    ballots: int
    closing: str
    last: str

    def to_json(self) -> dict[str, Any]:
        """The field `urna`."""
        return {"boletas": self.ballots, "cierre": self.closing, "ultimo_evento": self.last}

    @classmethod
    def from_json(cls, value: Any, place: str) -> UrnEvidence:
        """Raises FormatRefusal."""
        fields = canonical.record(value, place, ("boletas", "cierre", "ultimo_evento"))
        return cls(
            canonical.small_int(fields["boletas"], f"{place}.boletas"),
            canonical.digest(fields["cierre"], f"{place}.cierre"),
            canonical.digest(fields["ultimo_evento"], f"{place}.ultimo_evento"),
        )


@dataclass(frozen=True, slots=True)
class Acta:
    """One acta. `opinions`: one number per project, in ballot order; `listado`: its hash.

    `opinions` and `nulos` are None, and `trustees` empty, when the urn stays closed.
    """

    consultation: str
    unidad: Unidad
    uuid: str
    urn: UrnEvidence
    opinions: tuple[int, ...] | None
    nulos: int | None
    persons: int
    listado: str | None
    trustees: tuple[int, ...]
    threshold: int
    instant: datetime
    advertencia: str | None

    def __post_init__(self) -> None:
        self._require_form()
        self._require_sums()

    @property
    def reserved(self) -> bool:
        """Whether the urn stays closed until its sum with the Mesa."""
        return self.opinions is None

    @property
    def total(self) -> int:
        """Opinions and votos nulos together."""
        if self.opinions is None or self.nulos is None:
            return self.urn.ballots
        return sum(self.opinions) + self.nulos

    @property
    def place(self) -> str:
        """Its path in the public folder."""
        return f"actas/{self.unidad.clave}.json"

    @property
    def sha256(self) -> str:
        """Hash of the canonical bytes."""
        return sha256(self.data)

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        numbers = self.opinions or (None,) * len(self.unidad.proyectos)
        return canonical.encode_sorted(
            {
                "acta": RESERVE if self.reserved else KIND,
                "version": VERSION,
                "consulta": self.consultation,
                "unidad": {
                    "clave": self.unidad.clave,
                    "nombre": self.unidad.nombre,
                    "demarcacion": self.unidad.demarcacion,
                },
                "uuid": self.uuid,
                "urna": self.urn.to_json(),
                "resultados": [
                    {"proyecto": p, "opiniones": n}
                    for p, n in zip(self.unidad.proyectos, numbers, strict=True)
                ],
                "votos_nulos": self.nulos,
                "total": self.total,
                "personas_en_listado": self.persons,
                "listado": self.listado,
                "custodios": list(self.trustees),
                "umbral": self.threshold,
                "instante": written(self.instant),
                "advertencia": self.advertencia,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes, place: str = "acta") -> Acta:
        """Read strictly; the bytes must be canonical and the acta must add up. Raises Refusal."""
        fields = canonical.record(canonical.parse(data, place), place, FIELDS)
        reserved = kind_of(fields["acta"], place) == RESERVE
        require_heading(fields, RESERVE if reserved else KIND, place)
        results = canonical.items(
            fields["resultados"], f"{place}.resultados", _reserved if reserved else _result
        )
        made = cls(
            consultation=canonical.string(fields["consulta"], f"{place}.consulta"),
            unidad=_unidad(fields["unidad"], f"{place}.unidad", [p for p, _ in results]),
            uuid=canonical.string(fields["uuid"], f"{place}.uuid"),
            urn=UrnEvidence.from_json(fields["urna"], f"{place}.urna"),
            opinions=None if reserved else tuple(n for _, n in results),
            nulos=None if reserved else canonical.small_int(fields["votos_nulos"], f"{place}.votos_nulos"),
            persons=canonical.small_int(fields["personas_en_listado"], f"{place}.personas_en_listado"),
            listado=_optional_digest(fields["listado"], f"{place}.listado"),
            trustees=tuple(canonical.items(fields["custodios"], f"{place}.custodios", canonical.small_int)),
            threshold=canonical.small_int(fields["umbral"], f"{place}.umbral"),
            instant=instant(fields["instante"], f"{place}.instante"),
            advertencia=_optional_warning(fields["advertencia"], f"{place}.advertencia"),
        )
        require(fields["total"] == made.total, "acta.suma", f"{place}.total", made.total, fields["total"])
        canonical.require_same(data, made.data.decode(), place)
        return made

    def _require_form(self) -> None:
        unidad, place = self.unidad, self.place
        for text in (self.consultation, unidad.clave, unidad.nombre, unidad.demarcacion, *unidad.proyectos):
            canonical.string(text, place)
        for value in (self.urn.closing, self.urn.last):
            canonical.digest(value, f"{place}.urna")
        _optional_digest(self.listado, f"{place}.listado")
        require_whole_seconds(self.instant, f"{place}.instante")
        projects = len(unidad.proyectos)
        numbers = projects if self.opinions is None else len(self.opinions)
        require(0 < projects == numbers, "acta.proyectos", place, f"{projects} números", self.opinions)
        uuid = uuid_of(self.consultation, unidad.clave)
        require(self.uuid == uuid, "acta.uuid", f"{place}.uuid", uuid, self.uuid)
        require(ascending(self.trustees), "acta.custodios", place, "índices en orden", self.trustees)
        together = (self.opinions is None) == (self.nulos is None) == (self.trustees == ())
        require(together, "acta.reserva", place, "todo el resultado, o nada de él", "una parte")
        enough = self.reserved or self.threshold <= len(self.trustees)
        require(enough, "acta.umbral", place, f"al menos {self.threshold} custodios", len(self.trustees))
        require(self.threshold >= 1, "acta.umbral", place, "al menos 1", self.threshold)

    def _require_sums(self) -> None:
        place, total = self.place, self.total
        for number in (*(self.opinions or ()), self.nulos or 0, self.persons, self.urn.ballots):
            canonical.small_int(number, place)
        require(total == self.urn.ballots, "acta.boletas", f"{place}.urna.boletas", total, self.urn.ballots)
        require(total == self.persons, "acta.listado", f"{place}.personas_en_listado", total, self.persons)
        due = RESERVA if self.reserved else None
        require(self.advertencia == due, "acta.advertencia", f"{place}.advertencia", due, self.advertencia)
        require(not self.reserved or total > 0, "acta.reserva", place, "una urna con boletas", total)


def acta_of(
    opening: Opening,
    unidad: Unidad,
    urn: UrnEvidence,
    votes: Sequence[int],
    persons: int,
    trustees: Sequence[int],
    listado: str | None = None,
) -> Acta:
    """The acta of an opened urn. Raises OpeningRefusal for one that must not have been opened alone.

    `votes`: of its one question, blank (= votos nulos) first, then the projects in ballot order.
    `persons`: names on the listado de claves de elector; `trustees`: indices whose shares opened this urn, in
    any order. Raises ActaRefusal when anything does not add up.
    """
    place = f"actas/{unidad.clave}.json"
    require_not_alone(urn.ballots, opening.k, place)
    expected = len(unidad.proyectos) + 1
    require(len(votes) == expected, "acta.proyectos", place, f"{expected} números", len(votes))
    known = all(1 <= i <= opening.trustees for i in trustees)
    require(known, "acta.custodios", place, f"de 1 a {opening.trustees}", list(trustees))
    return Acta(
        consultation=opening.consultation,
        unidad=unidad,
        uuid=uuid_of(opening.consultation, unidad.clave),
        urn=urn,
        opinions=tuple(votes[1:]),
        nulos=votes[0],
        persons=persons,
        listado=listado,
        trustees=tuple(sorted(trustees)),
        threshold=opening.threshold,
        instant=opening.instant,
        advertencia=None,
    )


def reserve_of(
    opening: Opening, unidad: Unidad, urn: UrnEvidence, persons: int, listado: str | None = None
) -> Acta:
    """The acta of a small urn, which stays closed. Raises ActaRefusal, also for one that is not small."""
    place = f"actas/{unidad.clave}.json"
    small = is_small(urn.ballots, opening.k)
    require(small, "acta.reserva", place, f"de 1 a {opening.k - 1} boletas", urn.ballots)
    return Acta(
        consultation=opening.consultation,
        unidad=unidad,
        uuid=uuid_of(opening.consultation, unidad.clave),
        urn=urn,
        opinions=None,
        nulos=None,
        persons=persons,
        listado=listado,
        trustees=(),
        threshold=opening.threshold,
        instant=opening.instant,
        advertencia=RESERVA,
    )


def _result(value: Any, place: str) -> tuple[str, int]:
    fields = canonical.record(value, place, ("proyecto", "opiniones"))
    return (
        canonical.string(fields["proyecto"], f"{place}.proyecto"),
        canonical.small_int(fields["opiniones"], f"{place}.opiniones"),
    )


def _reserved(value: Any, place: str) -> tuple[str, int]:
    fields = canonical.record(value, place, ("proyecto", "opiniones"))
    require(fields["opiniones"] is None, "acta.reserva", f"{place}.opiniones", None, fields["opiniones"])
    return canonical.string(fields["proyecto"], f"{place}.proyecto"), 0


def _unidad(value: Any, place: str, projects: Sequence[str]) -> Unidad:
    names = ("clave", "nombre", "demarcacion")
    fields = canonical.record(value, place, names)
    clave, nombre, demarcacion = (canonical.string(fields[n], f"{place}.{n}") for n in names)
    return Unidad(clave, nombre, demarcacion, tuple(projects))


def _optional_digest(value: Any, place: str) -> str | None:
    return None if value is None else canonical.digest(value, place)


def _optional_warning(value: Any, place: str) -> str | None:
    return None if value is None else canonical.string(value, place)
