"""The results as a table that a spreadsheet opens without running anything of it (SEI-25)."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from tally.acta import Acta
from tally.consulta.results_table import HEADER, NULOS, RESERVED, results_csv
from tests.tally.acta_making import PROJECTS, UNIDAD, make_acta, make_reserve


def rows_of(acta: Acta) -> list[dict[str, str]]:
    data = results_csv([acta], {acta.unidad.clave: "07"})
    reader = csv.DictReader(io.StringIO(data.decode()))
    assert tuple(reader.fieldnames or ()) == HEADER
    return list(reader)


def test_each_project_and_the_votos_nulos_have_a_row_with_the_hash_of_the_acta() -> None:
    acta = make_acta([1, 4, 0, 7])
    rows = rows_of(acta)
    assert [row["proyecto"] for row in rows] == [*PROJECTS, NULOS]
    assert sum(int(row["opiniones"]) for row in rows) == acta.total
    assert {row["acta_sha256"] for row in rows} == {acta.sha256}


def test_an_urn_that_stays_closed_says_so_instead_of_a_number() -> None:
    assert {row["opiniones"] for row in rows_of(make_reserve(2))} == {RESERVED}


def test_what_a_spreadsheet_would_run_is_text() -> None:
    unidad = replace(UNIDAD, proyectos=("=1+1", "@suma", "-2"))
    rows = rows_of(make_reserve(2, unidad))
    assert [row["proyecto"] for row in rows] == ["'=1+1", "'@suma", "'-2", NULOS]
