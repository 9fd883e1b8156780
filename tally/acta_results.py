"""The results of the whole consultation (docs/formats.md, resultados.json; VER-06): the sum of its actas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keys import canonical
from tally.acta import VERSION, Acta, Opening, require, require_whole_seconds, written
from tally.archive import sha256
from tally.calendar import instant
from tally.setup import Unidad

PLACE = "resultados.json"
FIELDS = ("version", "consulta", "instante", "unidades", "demarcaciones", "total")


@dataclass(frozen=True, slots=True)
class Sums:
    """How many urns and ballots; votos nulos of the opened urns; how many urns stay closed (`reserved`)."""

    urns: int = 0
    ballots: int = 0
    nulos: int = 0
    reserved: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.urns + other.urns,
            self.ballots + other.ballots,
            self.nulos + other.nulos,
            self.reserved + other.reserved,
        )

    def to_json(self) -> dict[str, int]:
        """The fields of `total`."""
        return {
            "unidades": self.urns,
            "boletas": self.ballots,
            "votos_nulos": self.nulos,
            "reservadas": self.reserved,
        }

    @classmethod
    def read(cls, fields: dict[str, Any], place: str) -> Sums:
        """From the four fields. Raises FormatRefusal."""
        names = ("unidades", "boletas", "votos_nulos", "reservadas")
        return cls(*(canonical.small_int(fields[n], f"{place}.{n}") for n in names))


@dataclass(frozen=True, slots=True)
class UrnLine:
    """One urn's line. `acta`: hash of the canonical acta; `nulos`: None of an urn that stays closed."""

    clave: str
    ballots: int
    nulos: int | None
    acta: str

    @property
    def sums(self) -> Sums:
        """What the line adds."""
        return Sums(1, self.ballots, self.nulos or 0, int(self.nulos is None))

    def to_json(self) -> dict[str, Any]:
        """One item of `unidades`."""
        return {"clave": self.clave, "boletas": self.ballots, "votos_nulos": self.nulos, "acta": self.acta}

    @classmethod
    def from_json(cls, value: Any, place: str) -> UrnLine:
        """Raises FormatRefusal."""
        fields = canonical.record(value, place, ("clave", "boletas", "votos_nulos", "acta"))
        nulos = fields["votos_nulos"]
        return cls(
            canonical.string(fields["clave"], f"{place}.clave"),
            canonical.small_int(fields["boletas"], f"{place}.boletas"),
            None if nulos is None else canonical.small_int(nulos, f"{place}.votos_nulos"),
            canonical.digest(fields["acta"], f"{place}.acta"),
        )


@dataclass(frozen=True, slots=True)
class Results:
    """The results. `urns` by clave; `boroughs`: sums per demarcación, by name."""

    consultation: str
    instant: datetime
    urns: tuple[UrnLine, ...]
    boroughs: tuple[tuple[str, Sums], ...]

    def __post_init__(self) -> None:
        canonical.string(self.consultation, PLACE)
        require_whole_seconds(self.instant, f"{PLACE}.instante")
        _require_sorted([u.clave for u in self.urns], f"{PLACE}.unidades")
        _require_sorted([name for name, _ in self.boroughs], f"{PLACE}.demarcaciones")
        total, by_borough = self.total, sum((s for _, s in self.boroughs), Sums())
        require(total == by_borough, "resultados.suma", f"{PLACE}.demarcaciones", total, by_borough)

    @property
    def total(self) -> Sums:
        """Of the whole consultation."""
        return sum((u.sums for u in self.urns), Sums())

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_sorted(
            {
                "version": VERSION,
                "consulta": self.consultation,
                "instante": written(self.instant),
                "unidades": [u.to_json() for u in self.urns],
                "demarcaciones": [{"demarcacion": name} | sums.to_json() for name, sums in self.boroughs],
                "total": self.total.to_json(),
            }
        )

    @property
    def sha256(self) -> str:
        """Hash of the canonical bytes."""
        return sha256(self.data)

    @classmethod
    def from_bytes(cls, data: bytes, place: str = PLACE) -> Results:
        """Read strictly; the bytes must be canonical and the sums right. Raises Refusal."""
        fields = canonical.record(canonical.parse(data, place), place, FIELDS)
        require(fields["version"] == VERSION, "acta.version", place, VERSION, fields["version"])
        made = cls(
            canonical.string(fields["consulta"], f"{place}.consulta"),
            instant(fields["instante"], f"{place}.instante"),
            tuple(canonical.items(fields["unidades"], f"{place}.unidades", UrnLine.from_json)),
            tuple(canonical.items(fields["demarcaciones"], f"{place}.demarcaciones", _borough)),
        )
        stated = canonical.record(fields["total"], f"{place}.total", tuple(Sums().to_json()))
        total = Sums.read(stated, f"{place}.total")
        require(total == made.total, "resultados.suma", f"{place}.total", made.total, total)
        canonical.require_same(data, made.data.decode(), place)
        return made


def results_of(opening: Opening, unidades: Sequence[Unidad], actas: Iterable[Acta], ballots: int) -> Results:
    """The sum of `actas`: exactly one for each of `unidades` with projects, in any order.

    `ballots`: accepted in all urns, counted apart from the actas. Raises ActaRefusal when they differ, or
    when an acta is missing, strange, of another consultation or from after this opening.
    """
    expected = {u.clave: u for u in unidades if u.proyectos}
    lines: dict[str, UrnLine] = {}
    boroughs: dict[str, Sums] = {}
    for acta in actas:
        _require_belongs(acta, opening, expected, lines)
        line = UrnLine(acta.unidad.clave, acta.urn.ballots, acta.nulos, acta.sha256)
        lines[line.clave] = line
        name = acta.unidad.demarcacion
        boroughs[name] = boroughs.get(name, Sums()) + line.sums
    missing = sorted(expected.keys() - lines.keys())
    require(not missing, "resultados.faltantes", PLACE, "un acta por urna", f"faltan {', '.join(missing)}")
    made = Results(
        opening.consultation,
        opening.instant,
        tuple(lines[clave] for clave in sorted(lines)),
        tuple(sorted(boroughs.items())),
    )
    require(made.total.ballots == ballots, "resultados.boletas", PLACE, ballots, made.total.ballots)
    return made


def _require_belongs(
    acta: Acta, opening: Opening, expected: dict[str, Unidad], lines: dict[str, UrnLine]
) -> None:
    own = acta.consultation == opening.consultation
    require(own, "resultados.consulta", acta.place, opening.consultation, acta.consultation)
    unidad = expected.get(acta.unidad.clave)
    require(acta.unidad == unidad, "resultados.unidad", acta.place, unidad, acta.unidad)
    require(acta.unidad.clave not in lines, "resultados.repetida", acta.place, "un acta por urna", "dos")
    in_time = acta.instant <= opening.instant
    require(in_time, "resultados.instante", acta.place, written(opening.instant), written(acta.instant))


def _require_sorted(names: Sequence[str], place: str) -> None:
    for name in names:
        canonical.string(name, place)
    require(
        list(names) == sorted(set(names)), "resultados.orden", place, "en orden y sin repetir", "otro orden"
    )


def _borough(value: Any, place: str) -> tuple[str, Sums]:
    fields = canonical.record(value, place, ("demarcacion", *Sums().to_json()))
    return canonical.string(fields["demarcacion"], f"{place}.demarcacion"), Sums.read(fields, place)
