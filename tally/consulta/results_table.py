"""The results as a table: one row for each project, and one for the votos nulos of each UT."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from tally.acta import Acta

HEADER = ("clave", "unidad", "demarcacion", "distrito", "proyecto", "opiniones", "acta_sha256")
NULOS = "Voto nulo"
RESERVED = "reservada"
"""Of an urn with few ballots, which is opened only together with those of the Mesa."""


def results_csv(actas: Iterable[Acta], districts: Mapping[str, str]) -> bytes:
    """CSV in UTF-8. `districts`: by clave. What a spreadsheet would take for a formula is quoted as text."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(HEADER)
    for acta in actas:
        unidad = acta.unidad
        own = [unidad.clave, unidad.nombre, unidad.demarcacion, districts[unidad.clave]]
        numbers: tuple[int | None, ...] = acta.opinions or (None,) * len(unidad.proyectos)
        rows = [*zip(unidad.proyectos, numbers, strict=True), (NULOS, acta.nulos)]
        for project, number in rows:
            shown = RESERVED if number is None else number
            writer.writerow([*map(_plain, own), _plain(project), shown, acta.sha256])
    return target.getvalue().encode()


def _plain(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@" else text
