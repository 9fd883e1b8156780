"""The acta de escrutinio y cómputo: the two numbers and their sum, only the sum, or nothing."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tally.archive import sha256
from tally.ballot import Ciphertext
from tally.mesa.count import MesaCount
from tally.mesa.errors import MesaRefusal
from tally.mesa.escrutinio import separate, together
from tally.mesa.results import COLUMNS, computo_of
from tally.setup import Unidad
from tally.small_urns_sum import EncryptedSum, OpenedSum
from tests.tally.acta_making import INSTANT, PROJECTS, UNIDAD, make_acta, make_reserve

pytestmark = pytest.mark.req("SEI-25")
LATER = INSTANT + timedelta(days=2)
COUNT = MesaCount(UNIDAD.clave, 100, 70, (10, 5, 12), 3, 30)
OTHER = Unidad("02-002", "Otra", "Azcapotzalco", ("=SUMA(A1)", "Agua"))


def sum_of(paper: int, remote: int = 3, k: int = 5) -> EncryptedSum:
    """A sum of the small urn with a Mesa of so many ballots."""
    cell = Ciphertext("a", "b")
    hashes = (sha256(b"computo"), sha256(b"mesa"))
    return EncryptedSum("pp-2022", UNIDAD.clave, "uuid", *hashes, remote, paper, k, (cell,) * 4)


def opened(total: EncryptedSum, *votes: int) -> OpenedSum:
    return OpenedSum("pp-2022", UNIDAD.clave, "uuid", total.sha256, {}, votes)


def test_internet_and_mesa_are_told_apart_and_added() -> None:
    fields = json.loads(separate(make_acta([1, 20, 0, 7]), COUNT, LATER).data)
    assert fields["votos_nulos"] == {"internet": 1, "mesa": 3, "total": 4}
    assert [(r["proyecto"], r["internet"], r["mesa"], r["total"]) for r in fields["resultados"]] == [
        (PROJECTS[0], 20, 10, 30),
        (PROJECTS[1], 0, 5, 5),
        (PROJECTS[2], 7, 12, 19),
    ]
    assert fields["total"] == {"internet": 28, "mesa": 30, "total": 58}
    assert (fields["modo"], fields["suma"]) == ("separado", None)
    assert fields["acta_internet"] == make_acta([1, 20, 0, 7]).sha256


@pytest.mark.req("SEI-28")
def test_of_a_small_urn_only_the_sum_is_told() -> None:
    total = sum_of(30)
    acta = together(make_reserve(3), total, (100, 70), opened(total, 4, 11, 5, 13), LATER)
    fields = json.loads(acta.data)
    assert fields["modo"] == "conjunto"
    assert fields["votos_nulos"] == {"internet": None, "mesa": None, "total": 4}
    assert [r["total"] for r in fields["resultados"]] == [11, 5, 13]
    assert {r["mesa"] for r in fields["resultados"]} == {None}
    assert fields["total"] == {"internet": 3, "mesa": 30, "total": 33}


@pytest.mark.req("SEI-28")
def test_of_a_sum_that_stays_closed_only_the_ballots_are_told() -> None:
    fields = json.loads(together(make_reserve(3), sum_of(1), (100, 99), None, LATER).data)
    assert fields["modo"] == "reservado"
    assert {r["total"] for r in fields["resultados"]} == {None} == {fields["votos_nulos"]["total"]}
    assert fields["total"] == {"internet": 3, "mesa": 1, "total": 4}


def test_the_numbers_of_a_mesa_never_stand_beside_a_small_urn() -> None:
    with pytest.raises(MesaRefusal, match=r"escrutinio\.modo"):
        separate(make_reserve(3), COUNT, LATER)
    total = sum_of(30)
    with pytest.raises(MesaRefusal, match=r"escrutinio\.modo"):
        together(make_acta([1, 20, 0, 7]), total, (100, 70), opened(total, 4, 11, 5, 13), LATER)


def test_a_sum_of_something_else_or_not_yet_opened_is_refused() -> None:
    total = sum_of(30)
    for given in (None, replace(opened(total, 4, 11, 5, 13), sum_hash="0" * 64)):
        with pytest.raises(MesaRefusal, match=r"escrutinio\.suma"):
            together(make_reserve(3), total, (100, 70), given, LATER)
    with pytest.raises(MesaRefusal, match=r"escrutinio\.instante"):
        separate(make_acta([1, 20, 0, 7]), COUNT, INSTANT - timedelta(seconds=1))


def test_results_are_all_actas_once() -> None:
    first = separate(make_acta([1, 20, 0, 7]), COUNT, LATER)
    second = separate(make_acta([0, 2, 3], OTHER), MesaCount("02-002", 9, 2, (3, 3), 1, 7), LATER)
    made = computo_of("pp-2022", [UNIDAD, OTHER], [second, first], LATER)
    fields = json.loads(made.data)
    assert [u["clave"] for u in fields["unidades"]] == ["02-001", "02-002"]
    assert fields["total"] == {"unidades": 2, "reservadas": 0, "internet": 33, "mesa": 37, "total": 70}
    for actas in ([first], [first, first], [first, second, second]):
        with pytest.raises(MesaRefusal, match=r"computo\.unidades"):
            computo_of("pp-2022", [UNIDAD, OTHER], actas, LATER)
    with pytest.raises(MesaRefusal, match=r"computo\.acta"):
        computo_of("pp-2022", [UNIDAD, OTHER], [first, second], INSTANT)


def test_the_csv_has_a_line_for_each_option_and_no_formula() -> None:
    total = sum_of(30)
    small = together(make_reserve(3), total, (100, 70), opened(total, 4, 11, 5, 13), LATER)
    other = separate(make_acta([0, 2, 3], OTHER), MesaCount("02-002", 9, 2, (3, 3), 1, 7), LATER)
    data = computo_of("pp-2022", [UNIDAD, OTHER], [small, other], LATER).csv
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS and len(rows) == 1 + 4 + 3
    assert rows[1][4:] == ["1", PROJECTS[0], "", "", "11"]
    assert rows[4][4:] == ["0", "Votos nulos", "", "", "4"]
    assert rows[5][4:] == ["1", "'=SUMA(A1)", "2", "3", "5"]
