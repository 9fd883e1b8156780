"""The figures about images: what counts as suspected, as a false alarm, as a code that was read."""

from __future__ import annotations

from typing import Any

from tests.capture.specimens.making import specimen
from tools.bench.reading_codes import ENGINES, KINDS, OURS, told
from tools.bench.reading_images import copies, false_alarms, verdicts


def outcome(degradation: str, *defects: str) -> dict[str, Any]:
    return {"degradation": degradation, "defects": list(defects), "codes": {}}


def test_a_copy_that_is_suspected_by_another_name_is_counted_apart() -> None:
    every = [
        outcome("fotocopia", "fotocopia"),
        outcome("fotocopia-color", "cortada", "pantalla"),
        outcome("fotocopia-color", "cortada"),
    ]
    rows = {what: (figure, remark) for what, figure, remark in copies(every)}
    assert rows["fotocopia: suspected"] == ("100.0% (1/1)", "by its name 100.0% (1/1)")
    assert rows["fotocopia-color: suspected"] == ("50.0% (1/2)", "by its name 0.0% (0/2)")
    assert rows["all photocopies: suspected"] == ("66.7% (2/3)", "by its name 33.3% (1/3)")


def test_only_an_original_that_passes_otherwise_can_be_a_false_alarm() -> None:
    every = [
        outcome("mesa"),
        outcome("mesa", "pantalla"),
        outcome("movida", "borrosa", "fotocopia"),
        outcome("pantalla", "pantalla"),
    ]
    rows = {what: (figure, remark) for what, figure, remark in false_alarms(every)}
    assert rows == {
        "all originals: falsely suspected": ("50.0% (1/2)", "pantalla 1"),
        "mesa: falsely suspected": ("50.0% (1/2)", "pantalla 1"),
    }


def test_a_verdict_stands_beside_what_is_true() -> None:
    every = [outcome("movida", "borrosa"), outcome("movida"), outcome("sombra"), outcome("mesa")]
    assert list(verdicts(every)) == [
        ("movida: passes", "50.0% (1/2)", "must be «borrosa»; borrosa 1, passes 1"),
        ("sombra: passes", "100.0% (1/1)", "may fail; passes 1"),
        ("mesa: passes", "100.0% (1/1)", "must pass; passes 1"),
    ]


def test_codes_of_a_scan_are_read_by_all_that_know_them() -> None:
    drawn = specimen("G")
    read = told(drawn.person, drawn.back, None)
    assert set(read) == set(ENGINES)
    assert read[OURS] == {"qr": [1, 1], "qr denso": [2, 2]}
    assert read["zxing-cpp"]["qr"] == read["OpenCV"]["qr"] == read["pyzbar"]["qr"] == [1, 1]
    assert {kind for codes in read.values() for kind in codes} <= set(KINDS)
