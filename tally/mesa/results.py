"""The results of the consultation, internet and Mesas together, as JSON and CSV (SEI-25)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keys import canonical
from tally.acta import written
from tally.archive import sha256
from tally.mesa.count import require
from tally.mesa.escrutinio import RESERVED, WORDS, Escrutinio
from tally.setup import Unidad

VERSION = 1
JSON_PLACE, CSV_PLACE = "computo.json", "computo.csv"
NULOS = "Votos nulos"
COLUMNS = ("clave", "demarcacion", "unidad", "modo", "numero", "opcion", *WORDS)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Computo:
    """All actas de escrutinio, in order of their claves."""

    consultation: str
    instant: datetime
    actas: tuple[Escrutinio, ...]

    @property
    def data(self) -> bytes:
        """The canonical bytes of computo.json."""
        return canonical.encode_sorted(
            {
                "version": VERSION,
                "consulta": self.consultation,
                "instante": written(self.instant),
                "unidades": [_line(acta) for acta in self.actas],
                "total": self._total(),
            }
        )

    def _total(self) -> dict[str, int]:
        return {
            "unidades": len(self.actas),
            "reservadas": sum(a.mode == RESERVED for a in self.actas),
            "internet": sum(a.remote for a in self.actas),
            "mesa": sum(a.paper for a in self.actas),
            "total": sum(a.total for a in self.actas),
        }

    @property
    def sha256(self) -> str:
        """Hash of the canonical bytes."""
        return sha256(self.data)

    @property
    def csv(self) -> bytes:
        """RFC 4180, UTF-8 with a byte order mark; a line for each option; empty where nothing is told."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for acta in self.actas:
            unidad = acta.unidad
            names = (NULOS, *unidad.proyectos)
            order = [*range(1, len(names)), 0]
            for number in order:
                head = [unidad.clave, unidad.demarcacion, unidad.nombre, acta.mode, number, names[number]]
                values = ["" if n is None else n for n in acta.rows[number]]
                writer.writerow([_cell(value) for value in (*head, *values)])
        return text.getvalue().encode("utf-8-sig")


def _line(acta: Escrutinio) -> dict[str, Any]:
    return {
        "clave": acta.unidad.clave,
        "modo": acta.mode,
        "internet": acta.remote,
        "mesa": acta.paper,
        "total": acta.total,
        "escrutinio": acta.sha256,
    }


def _cell(value: object) -> object:
    """A spreadsheet must not take a project's name for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def computo_of(
    consultation: str, unidades: Sequence[Unidad], actas: Iterable[Escrutinio], moment: datetime
) -> Computo:
    """All actas: exactly one for each UT with projects. Raises MesaRefusal."""
    ordered = sorted(actas, key=lambda acta: acta.unidad.clave)
    expected = sorted(u.clave for u in unidades if u.proyectos)
    got = [acta.unidad.clave for acta in ordered]
    missing = sorted(set(expected) - set(got))
    require(
        got == expected,
        "computo.unidades",
        JSON_PLACE,
        "un acta por UT",
        f"faltan {missing}" if missing else got,
    )
    for acta in ordered:
        own = acta.consultation == consultation and acta.instant <= moment
        require(own, "computo.acta", acta.place, (consultation, written(moment)), acta.consultation)
    return Computo(consultation, moment.replace(microsecond=0), tuple(ordered))
