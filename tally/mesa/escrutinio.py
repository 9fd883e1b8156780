"""The acta de escrutinio y cómputo of a Unidad Territorial: opinions of internet and of the Mesa (SEI-25).

Three modes. «separado»: both are public, and their sum. «conjunto»: of a small urn, only the sum, which the
trustees opened. «reservado»: the sum itself has too few ballots, and only how many they are is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keys import canonical
from tally.acta import Acta, written
from tally.archive import sha256
from tally.mesa.count import MesaCount, require
from tally.setup import Unidad
from tally.small_urns_sum import EncryptedSum, OpenedSum

KIND, VERSION = "escrutinio", 1
SEPARATE, TOGETHER, RESERVED = "separado", "conjunto", "reservado"
WORDS = ("internet", "mesa", "total")
Row = tuple[int | None, int | None, int | None]
"""Of internet, of the Mesa, and both together; None where it must not be told."""


@dataclass(frozen=True, slots=True)
class Escrutinio:
    """`rows`: nulos first, then the projects. `source`: hash of the acta; `opened`: of the sum."""

    consultation: str
    unidad: Unidad
    mode: str
    received: int
    spare: int
    rows: tuple[Row, ...]
    remote: int
    paper: int
    source: str
    opened: str | None
    instant: datetime

    @property
    def total(self) -> int:
        """Opinions of internet and of the Mesa, nulos included."""
        return self.remote + self.paper

    @property
    def place(self) -> str:
        """Its path in the public folder."""
        return f"escrutinio/{self.unidad.clave}.json"

    @property
    def sha256(self) -> str:
        """Hash of the canonical bytes."""
        return sha256(self.data)

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        nulos, *projects = [dict(zip(WORDS, row, strict=True)) for row in self.rows]
        unidad = self.unidad
        return canonical.encode_sorted(
            {
                "acta": KIND,
                "version": VERSION,
                "consulta": self.consultation,
                "unidad": {
                    "clave": unidad.clave,
                    "nombre": unidad.nombre,
                    "demarcacion": unidad.demarcacion,
                },
                "modo": self.mode,
                "boletas": {"recibidas": self.received, "sobrantes": self.spare},
                "resultados": [
                    {"proyecto": name} | row for name, row in zip(unidad.proyectos, projects, strict=True)
                ],
                "votos_nulos": nulos,
                "total": dict(zip(WORDS, (self.remote, self.paper, self.total), strict=True)),
                "acta_internet": self.source,
                "suma": self.opened,
                "instante": written(self.instant),
            }
        )


def separate(acta: Acta, count: MesaCount, moment: datetime) -> Escrutinio:
    """Of an urn that was opened alone. Raises MesaRefusal."""
    count.require_fits(acta.unidad)
    require(not acta.reserved, "escrutinio.modo", count.place, SEPARATE, "una urna que no se abre sola")
    remote = (acta.nulos or 0, *(acta.opinions or ()))
    rows: tuple[Row, ...] = tuple((a, b, a + b) for a, b in zip(remote, count.numbers, strict=True))
    papers = (count.received, count.spare)
    return _made(acta, SEPARATE, papers, rows, count.total, None, moment)


def together(
    acta: Acta, total: EncryptedSum, papers: tuple[int, int], opened: OpenedSum | None, moment: datetime
) -> Escrutinio:
    """Of a small urn. `papers`: ballots received and spare; `opened` is None when the sum stays closed.

    Raises MesaRefusal.
    """
    require(acta.reserved, "escrutinio.modo", total.place, TOGETHER, "una urna que se abrió sola")
    require(
        total.clave == acta.unidad.clave, "escrutinio.unidad", total.place, acta.unidad.clave, total.clave
    )
    require((opened is not None) == total.to_open, "escrutinio.suma", total.place, total.to_open, opened)
    votes: Sequence[int | None] = (None,) * (len(acta.unidad.proyectos) + 1)
    digest = None
    if opened is not None:
        same = opened.sum_hash == total.sha256
        require(same, "escrutinio.suma", opened.place, total.sha256, opened.sum_hash)
        votes, digest = opened.votes, opened.sha256
    mode = TOGETHER if opened is not None else RESERVED
    rows: tuple[Row, ...] = tuple((None, None, votes_of) for votes_of in votes)
    return _made(acta, mode, papers, rows, total.paper, digest, moment)


def _made(
    acta: Acta,
    mode: str,
    papers: tuple[int, int],
    rows: tuple[Row, ...],
    paper: int,
    opened: str | None,
    moment: datetime,
) -> Escrutinio:
    in_time = moment >= acta.instant
    require(in_time, "escrutinio.instante", acta.place, f"desde {written(acta.instant)}", written(moment))
    return Escrutinio(
        consultation=acta.consultation,
        unidad=acta.unidad,
        mode=mode,
        received=papers[0],
        spare=papers[1],
        rows=rows,
        remote=acta.urn.ballots,
        paper=paper,
        source=acta.sha256,
        opened=opened,
        instant=moment.replace(microsecond=0),
    )
