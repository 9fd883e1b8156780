"""The tables about read credentials: what counts as readable, as exact, and as sure and wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tools.bench.reading_report import COLUMNS, EXACT, INVENTED, UNREAD, WRONG, Tally, differences

FIELDS = {
    "nombre": {"kind": EXACT, "sure": 0.99},
    "curp": {"kind": WRONG, "sure": 0.97, "read": "A", "truth": "B"},
    "seccion": {"kind": UNREAD, "sure": 0.0, "why": "no-se-encontro"},
    "vigencia": {"kind": "", "sure": 0.0, "why": "no-lo-tiene-el-modelo"},
    "cic": {"kind": EXACT, "sure": 0.97},
}


def outcome(card: int = 0, *, front: bool = True, back: bool = True, **changed: Any) -> dict[str, Any]:
    made = {
        "card": card,
        "degradation": "mesa",
        "model": "E",
        "model_read": "E",
        "seconds": 2.0,
        "passes": {"anverso": front, "reverso": back},
        "fields": FIELDS,
        "codes": {"qr": (1, 1), "code128": (0, 1)},
    }
    return made | changed


def sums(*every: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {what: (figure, remark) for what, figure, remark in Tally(every).rows()}


def test_fields_count_where_their_own_side_passes() -> None:
    found = sums(outcome(), outcome(1, front=False), outcome(2, back=False))
    assert found["cards drawn, both sides photographed"] == ("3", "3 photographs")
    assert found["both sides pass the verdict of quality"] == ("1", "of 3")
    whole = found["fields exact where their side passes"]
    assert whole == (f"{4 / 8:.2%}", "4 of 8; 2 not read, 2 wrong")


def test_sure_and_wrong_counts_whatever_the_verdict_was() -> None:
    found = sums(outcome(front=False, back=False))
    assert found["wrong among the values called sure"][0] == f"{1 / 3:.2%}"
    assert found["fields exact where their side passes"][0] == "-"


def test_invented_values_are_wrong_ones() -> None:
    made = {"curp": {"kind": INVENTED, "sure": 0.99, "read": "A", "truth": None}}
    assert sums(outcome(fields=made))["wrong among the values called sure"][0] == "100.00%"


def test_codes_and_model_count_where_the_back_and_both_pass() -> None:
    found = sums(outcome(), outcome(1, model_read=None), outcome(2, back=False, model_read=None))
    assert found["code read: qr"] == ("100.00%", "2 of 2 where the back passes")
    assert found["code read: code128"][0] == "0.00%"
    assert found["model recognised where both pass"] == ("50.00%", "of 2")


def test_a_row_for_each_field_photograph_and_model() -> None:
    rows = {row[0]: row for row in Tally([outcome(), outcome(1, front=False)]).groups()}
    assert next(iter(rows)) == "all"
    assert set(rows) == {"all", "photograph mesa", "model E", *(f"field {name}" for name in FIELDS)}
    assert all(len(row) == len(COLUMNS) for row in rows.values())
    assert rows["field curp"] == ("field curp", "", "1", "0.00%", "0", "1", "2", "2")
    assert rows["model E"][1:4] == ("1", "5", "60.00%")


def test_readings_of_before_without_codes_are_counted() -> None:
    old = outcome()
    del old["codes"]
    assert not [what for what in sums(old) if what.startswith("code")]


def test_differences_begin_with_the_sure_ones_and_leave_bad_pictures_out() -> None:
    told = list(differences([outcome(), outcome(1, front=False)]))
    assert [line.split()[3] for line in told] == ["curp:", "curp:", "seccion:"]
    assert "'A' != 'B'" in told[0]


def test_nothing_read_makes_no_figures() -> None:
    assert sums()["fields exact where their side passes"][0] == "-"


@pytest.mark.parametrize(
    "name", ["credenciales", "imagenes", "texto", "rostros", "firmas", "patrones", "lectura"]
)
def test_each_section_of_capture_can_be_chosen(name: str) -> None:
    from tools.bench.sections import TITLES

    assert name in TITLES
