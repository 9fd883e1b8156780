"""Requests for use: estimates, a folio, one answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from capture.processes.errors import FormRefusal, ProcessRefusal
from capture.usage_requests.request import UsageForm, read_request
from capture.usage_requests.store_sql import UsageStore
from ledger.database import Database
from tests.capture import registration_samples as samples
from tests.capture.registration_samples import NOW, TODAY

FORM = UsageForm(
    "candidatura-independiente", "SE/1094/2026", "20/11/2026", "39", "1,500,000", "enlace@ejemplo.mx"
)


@pytest.mark.req("APO-30")
def test_an_opl_asks_with_estimates_and_gets_an_answer_with_a_folio(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
        store = UsageStore(db)
        first = store.receive("ieez", read_request(FORM, TODAY), "cuenta", NOW)
        second = store.receive("ieez", read_request(FORM, TODAY), "cuenta", NOW)
        assert (first, second) == ("USO-ZAC-2026-1", "USO-ZAC-2026-2")
        assert store.get(first).estado == "recibida"
        store.answer(first, True, "Se pondrá a disposición.", "derfe", NOW)
        stored = store.get(first)
        assert (stored.estado, stored.procedente, stored.solicitud.apoyos_estimados) == (
            "atendida",
            True,
            1_500_000,
        )
        with pytest.raises(ProcessRefusal, match=r"uso\.atendida"):
            store.answer(first, False, "No.", "derfe", NOW)
        assert {one.folio for one in store.all("ieez")} == {first, second}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"tipo": "x"}, "proceso.tipo"),
        ({"aspirantes_estimados": "0"}, "uso.estimacion"),
        ({"aspirantes_estimados": "-1"}, "uso.estimacion"),
        ({"apoyos_estimados": ""}, "uso.estimacion"),
        ({"apoyos_estimados": "1e6"}, "uso.estimacion"),
        ({"apoyos_estimados": "100000001"}, "uso.estimacion"),
        ({"fecha_oficio": "28/11/2026"}, "uso.fecha"),
        ({"correo": "nadie"}, "correo.forma"),
        ({"numero_oficio": ""}, "texto.largo"),
    ],
)
def test_a_request_without_its_data_is_refused(change: dict[str, str], rule: str) -> None:
    with pytest.raises(FormRefusal) as refused:
        read_request(replace(FORM, **change), TODAY)
    assert refused.value.rule == rule
