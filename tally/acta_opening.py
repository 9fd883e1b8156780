"""The acta of the opening (docs/formats.md, actas/apertura.json; SEI-22), and that of the sums of small urns.

It tells which shares arrived, which were refused and why, and who is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keys import canonical
from keys.errors import Refusal
from tally.acta import VERSION, Opening, ascending, require, require_heading, require_whole_seconds, written
from tally.archive import sha256
from tally.calendar import instant

KIND, SUMS = "apertura", "apertura-sumas"
PLACE = "actas/apertura.json"
ACCEPTED = "aceptada"
REFUSED = "rechazada"
FIELDS = ("acta", "version", "consulta", "instante", "umbral", "aportaciones", "ausentes")
CONTRIBUTION_FIELDS = ("custodio", "estado", "sha256", "motivo")


@dataclass(frozen=True, slots=True)
class Contribution:
    """A file that a trustee handed in: its hash, and why it was refused (None: it was accepted)."""

    trustee: int
    sha256: str
    reason: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the share is valid."""
        return self.reason is None

    def to_json(self) -> dict[str, Any]:
        """One item of `aportaciones`."""
        state = ACCEPTED if self.accepted else REFUSED
        return {"custodio": self.trustee, "estado": state, "sha256": self.sha256, "motivo": self.reason}

    @classmethod
    def refused(cls, trustee: int, digest: str, refusal: Refusal) -> Contribution:
        """A refused file: the rule and the place in words."""
        return cls(trustee, digest, str(refusal))

    @classmethod
    def from_json(cls, value: Any, place: str) -> Contribution:
        """Raises Refusal."""
        fields = canonical.record(value, place, CONTRIBUTION_FIELDS)
        reason = fields["motivo"]
        made = cls(
            canonical.small_int(fields["custodio"], f"{place}.custodio"),
            canonical.digest(fields["sha256"], f"{place}.sha256"),
            None if reason is None else canonical.string(reason, f"{place}.motivo"),
        )
        state = made.to_json()["estado"]
        require(fields["estado"] == state, "apertura.estado", f"{place}.estado", state, fields["estado"])
        return made


@dataclass(frozen=True, slots=True)
class OpeningActa:
    """The acta of an opening. `contributions` in order of arrival; `absent`: those without a valid share."""

    consultation: str
    instant: datetime
    threshold: int
    contributions: tuple[Contribution, ...]
    absent: tuple[int, ...]
    kind: str = KIND

    def __post_init__(self) -> None:
        canonical.string(self.consultation, PLACE)
        known = self.kind in (KIND, SUMS)
        require(known, "acta.version", PLACE, f"acta {KIND} o {SUMS}", self.kind)
        require_whole_seconds(self.instant, f"{PLACE}.instante")
        for number, given in enumerate(self.contributions):
            where = f"{PLACE}.aportaciones[{number}]"
            canonical.digest(given.sha256, f"{where}.sha256")
            require(given.reason != "", "apertura.motivo", f"{where}.motivo", "un motivo", "nada")
        self._require_complete()

    @property
    def accepted(self) -> list[int]:
        """Trustees with a valid share, ascending."""
        return sorted(c.trustee for c in self.contributions if c.accepted)

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_sorted(
            {
                "acta": self.kind,
                "version": VERSION,
                "consulta": self.consultation,
                "instante": written(self.instant),
                "umbral": self.threshold,
                "aportaciones": [c.to_json() for c in self.contributions],
                "ausentes": list(self.absent),
            }
        )

    @property
    def sha256(self) -> str:
        """Hash of the canonical bytes."""
        return sha256(self.data)

    @classmethod
    def from_bytes(cls, data: bytes, place: str = PLACE) -> OpeningActa:
        """Read strictly; the bytes must be canonical. Raises Refusal."""
        fields = canonical.record(canonical.parse(data, place), place, FIELDS)
        kind = SUMS if fields["acta"] == SUMS else KIND
        require_heading(fields, kind, place)
        made = cls(
            canonical.string(fields["consulta"], f"{place}.consulta"),
            instant(fields["instante"], f"{place}.instante"),
            canonical.small_int(fields["umbral"], f"{place}.umbral"),
            tuple(canonical.items(fields["aportaciones"], f"{place}.aportaciones", Contribution.from_json)),
            tuple(canonical.items(fields["ausentes"], f"{place}.ausentes", canonical.small_int)),
            kind,
        )
        canonical.require_same(data, made.data.decode(), place)
        return made

    def _require_complete(self) -> None:
        """Every trustee is either accepted, once, or absent, and enough are accepted."""
        accepted, everyone = self.accepted, range(1, len(self.accepted) + len(self.absent) + 1)
        require(
            ascending(accepted), "apertura.repetida", PLACE, "una aportación válida de cada uno", accepted
        )
        require(ascending(self.absent), "apertura.ausentes", PLACE, "índices en orden", self.absent)
        whole = sorted([*accepted, *self.absent]) == list(everyone)
        require(whole, "apertura.ausentes", PLACE, "cada custodio aceptado o ausente", self.absent)
        known = all(c.trustee in everyone for c in self.contributions)
        require(known, "apertura.custodio", PLACE, f"de 1 a {len(everyone)}", "otro índice")
        enough = 1 <= self.threshold <= len(accepted)
        require(enough, "apertura.umbral", PLACE, f"al menos {self.threshold} aportaciones", len(accepted))


def opening_acta_of(opening: Opening, contributions: Iterable[Contribution], kind: str = KIND) -> OpeningActa:
    """The acta of an opening. `contributions` in order of arrival. Raises ActaRefusal."""
    given = tuple(contributions)
    valid = {c.trustee for c in given if c.accepted}
    absent = tuple(i for i in range(1, opening.trustees + 1) if i not in valid)
    known = all(1 <= c.trustee <= opening.trustees for c in given)
    require(known, "apertura.custodio", PLACE, f"de 1 a {opening.trustees}", [c.trustee for c in given])
    return OpeningActa(opening.consultation, opening.instant, opening.threshold, given, absent, kind)
