"""Who asks for a Clave: everybody who will opine, one more for each cause of rejection, and a stranger."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

from api.demo.catalogue import read_catalogue
from api.demo.plan import Plan
from api.demo.sei import applicants
from api.demo.sei.applicants import FLAWS, applicants_of
from api.demo.sei.people import voters_of
from api.demo.sei.plan import SeiPlan, chosen_for_service, territory_of
from api.reading.opening import absent
from capture.preregistro.form import read_data
from capture.validacion.causes import CAUSES


@pytest.fixture
def plan() -> SeiPlan:
    rows = tuple(chosen_for_service(read_catalogue(None)))
    return SeiPlan(Plan(Path("nada"), rows, 12, "solicitudes"))


@pytest.fixture
def workers() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.mark.req("SEI-06")
def test_each_cause_has_its_request_and_nobody_is_there_twice(
    plan: SeiPlan, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applicants, "absent", lambda: ["dibujar"])
    territory = territory_of(plan.base)
    voters = voters_of(plan.base, territory)
    found = applicants_of(plan, territory, voters, workers)
    assert sorted(one.flaw.cause for one in found if one.flaw is not None) == sorted(CAUSES)
    assert [one.who for one in found if one.flaw is None and one.listed] == voters
    assert sum(not one.listed for one in found) == 1
    for number in ("clave_elector", "telefono", "correo"):
        assert len({getattr(one.who, number) for one in found}) == len(found)
    without = next(one for one in found if one.flaw is not None and one.flaw.drawing is None)
    assert without.files == {}


@pytest.mark.req("SEI-03")
def test_what_they_type_is_a_form_in_order(
    plan: SeiPlan, workers: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applicants, "absent", lambda: ["dibujar"])
    territory = territory_of(plan.base)
    for one in applicants_of(plan, territory, voters_of(plan.base, territory), workers):
        data = read_data(one.fields)
        assert data.clave_elector == one.who.clave_elector and data.ocr == one.who.ocr
        assert data.seccion in territory.sections[one.who.unidad]


@pytest.mark.slow
def test_the_rejected_show_drawn_credentials(plan: SeiPlan, workers: Executor) -> None:
    if absent():
        pytest.skip("AVISO: falta con qué dibujar: NINGUNA credencial se dibujó")
    territory = territory_of(plan.base)
    found = applicants_of(plan, territory, [], workers)
    drawn = [one for one in found if one.flaw is not None and one.flaw.drawing is not None]
    assert len(drawn) == len(FLAWS) - 1
    fronts = [one.files["anverso.jpg"] for one in drawn]
    assert all(data.startswith(b"\xff\xd8") and len(data) > 20_000 for data in fronts)
