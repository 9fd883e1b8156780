"""A consultation with a small urn, over HTTP: it is opened only with its Mesa, and all of it verifies."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from api.accounts.permissions import Actor, Role
from api.demo.verdicts import reasons, verify
from ledger.database import Database
from tests.api.consultas.test_whole_path import VOTES, acts_of, prepared
from tests.api.consultas.town import (
    CLOSED,
    COUNTING,
    DURING,
    MESAS,
    OPENING,
    READY,
    URL,
    Town,
    opened_town,
    spoiled,
)

pytestmark = [pytest.mark.req("SEI-24"), pytest.mark.req("SEI-25"), pytest.mark.req("SEI-28")]
LARGE, SMALL = "09-001", "09-002"
ACTS = {
    "mesa.llave",
    "mesa.consulta-listado",
    "mesa.captura",
    "sumas.publicacion",
    "sumas.aportacion",
    "sumas.apertura",
    "mesa.escrutinio",
    "mesas.computo",
}
"""What the Mesas and their sums leave in the bitácora."""
COUNT = {"recibidas": 50, "sobrantes": 40, "opiniones": [6, 3], "nulas": 1, "total": 10}


def _verified(town: Town) -> None:
    document, code = verify("consulta", str(town.public))
    assert (code, reasons(document)) == (0, [])


def _published(town: Town) -> None:
    """Three opinions in one urn and two in the other, with k = 3; the first opening is over."""
    prepared(town, k=3)
    town.now = READY
    town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/apertura")
    town.now = DURING
    for person, (clave, mark) in VOTES.items():
        town.opine(person, clave, mark)
    town.now = CLOSED
    town.look()
    town.now = OPENING
    for index in (2, 3):
        town.done(town.custodio(index), "POST", f"{URL}/aportaciones", content=town.share(index))
    assert town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/computo") == {"estado": "publicada"}
    _verified(town)


def _district(town: Town) -> Actor:
    return town.actor(Role.DIRECCION_DISTRITAL, "distrito")


def test_a_small_urn_is_opened_with_its_mesa_and_the_verifier_agrees(
    database: Database, tmp_path: Path
) -> None:
    with opened_town(database, tmp_path) as town:
        _published(town)
        _look_up(town)
        _capture(town)
        _sum(town)
        _scrutinise(town)


def _look_up(town: Town) -> None:
    mesa = town.mesa_of(LARGE)
    asked = f"{URL}/mesas/{LARGE}/personas"
    assert town.refused(mesa, "POST", asked, json={"clave_elector": "XXXXXX90010100H100"}) == (
        409,
        "cronograma.mesas",
    )
    town.now = MESAS
    person = town.private
    claves = {name: f"{name.upper():X<6.6}900101{i:02d}H100"[:18] for i, name in enumerate(person)}
    answers = {
        name: town.done(mesa, "POST", asked, json={"clave_elector": clave}) for name, clave in claves.items()
    }
    for name in ("ana", "luz", "paz"):
        assert answers[name] == {"puede_opinar": False}, name
    assert answers["ida"] == {"puede_opinar": True}
    nobody = town.done(mesa, "POST", asked, json={"clave_elector": " nadiex 900101 99 H 100 "})
    assert nobody == answers["ida"]
    status, rule = town.refused(mesa, "POST", asked, json={"clave_elector": "ABC"})
    assert (status, rule) == (422, "listado.clave")
    assert town.refused(mesa, "POST", f"{URL}/mesas/{SMALL}/personas", json={"clave_elector": "X"})[0] == 404


def _capture(town: Town) -> None:
    town.now = COUNTING
    mesa, district = town.mesa_of(LARGE), _district(town)
    put = f"{URL}/mesas/{LARGE}/resultados"
    wrong = town.refused(mesa, "PUT", put, json={**COUNT, "total": 9})
    assert wrong == (422, "mesa.suma")
    assert town.refused(mesa, "PUT", put, json={**COUNT, "sobrantes": 45}) == (422, "mesa.boletas")
    assert town.refused(mesa, "PUT", put, json={**COUNT, "opiniones": [6, 3, 0]}) == (422, "mesa.proyectos")
    assert town.done(mesa, "PUT", put, json={**COUNT, "opiniones": [7, 2]})["version"] == 1
    assert town.done(mesa, "PUT", put, json=COUNT) == {
        "clave": LARGE,
        "modo": "clara",
        "version": 2,
        "total": 10,
    }
    small = f"{URL}/mesas/{SMALL}/totales"
    assert town.refused(mesa, "PUT", small, content=b"{}")[0] == 404
    four = {**COUNT, "opiniones": [6, 3, 0]}
    assert town.refused(district, "PUT", f"{URL}/mesas/{SMALL}/resultados", json=four) == (422, "mesa.modo")
    assert town.refused(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/sumas") == (409, "sumas.faltan")
    sealed = town.sealed_totals(SMALL, (1, 2, 0, 4))
    assert town.done(district, "PUT", small, content=sealed)["modo"] == "cifrada"
    forged = sealed.replace(b'"recibidas":17', b'"recibidas":18')
    assert town.refused(district, "PUT", small, content=forged)[0] in (409, 422)
    states = {one["clave"]: (one["modo"], one["total"]) for one in town.done(district, "GET", f"{URL}/mesas")}
    assert states == {LARGE: ("clara", 10), SMALL: ("cifrada", 7)}
    assert not (town.public / "mesas" / f"{SMALL}.json").exists()
    _verified(town)


def _sum(town: Town) -> None:
    before = town.done(None, "GET", f"{URL}/urnas-pequenas")
    assert [(u["clave"], u["boletas_internet"], u["situacion"]) for u in before["unidades"]] == [
        (SMALL, 2, "por-sumar")
    ]
    assert town.refused(town.custodio(1), "POST", f"{URL}/sumas/aportaciones", content=b"x")[1] == (
        "mesa.aportacion"
    )
    assert town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/sumas") == {"etapa": "sumada"}
    _verified(town)
    sealed = town.sealed_totals(SMALL, (1, 2, 0, 4))
    again = town.refused(_district(town), "PUT", f"{URL}/mesas/{SMALL}/totales", content=sealed)
    assert again == (409, "mesa.sumada")
    shares = {index: town.sums_share(index) for index in (1, 2, 3)}
    post = f"{URL}/sumas/aportaciones"
    wrong = town.done(town.custodio(2), "POST", post, content=spoiled(shares[2]))
    assert (wrong["estado"], f"UT {SMALL}" in wrong["motivo"]) == ("rechazada", True)
    for index in (1, 3):
        assert town.done(town.custodio(index), "POST", post, content=shares[index])["estado"] == "aceptada"
        if index == 1:
            assert town.refused(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/sumas/apertura") == (
                409,
                "descifrado.umbral",
            )
    view = town.done(None, "GET", f"{URL}/sumas")
    assert (view["estado"], view["validas"], view["suficientes"]) == ("sumada", 2, True)
    for _ in range(2):
        opened = town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/sumas/apertura")
        assert opened == {"etapa": "abierta"}
    _verified(town)
    after = town.done(None, "GET", f"{URL}/urnas-pequenas")
    assert [(u["boletas_mesa"], u["situacion"]) for u in after["unidades"]] == [(7, "abierta")]
    assert after["razon"].startswith("Resultado reservado")


def _scrutinise(town: Town) -> None:
    district, secretaria = _district(town), Role.SECRETARIA_EJECUTIVA
    assert town.refused(secretaria, "POST", f"{URL}/escrutinio") == (409, "computo.faltan")
    made = {clave: town.done(district, "POST", f"{URL}/mesas/{clave}/escrutinio") for clave in (LARGE, SMALL)}
    assert {clave: (one["modo"], one["total"]) for clave, one in made.items()} == {
        LARGE: ("separado", 13),
        SMALL: ("conjunto", 9),
    }
    assert town.done(district, "POST", f"{URL}/mesas/{LARGE}/escrutinio") == made[LARGE]
    late = town.refused(town.mesa_of(LARGE), "PUT", f"{URL}/mesas/{LARGE}/resultados", json=COUNT)
    assert late == (409, "mesa.cerrada")
    acta = town.done(town.mesa_of(SMALL), "GET", f"{URL}/mesas/{SMALL}/escrutinio.json")
    # Two for the third project by internet; the Mesa counted 1 nula and 2, 0, 4.
    assert [row["total"] for row in acta["resultados"]] == [2, 0, 6]
    assert {row["mesa"] for row in acta["resultados"]} == {None}
    for name in ("escrutinio.pdf", "cartel.pdf"):
        assert town.done(district, "GET", f"{URL}/mesas/{LARGE}/{name}").startswith(b"%PDF")
    assert town.refused(None, "GET", f"{URL}/computo.json")[0] == 404
    for _ in range(2):
        assert town.done(secretaria, "POST", f"{URL}/escrutinio") == {"etapa": "computada"}
    _verified(town)
    computo = town.done(None, "GET", f"{URL}/computo.json")
    assert computo["total"] == {"unidades": 2, "reservadas": 0, "internet": 5, "mesa": 17, "total": 22}
    assert [one["modo"] for one in computo["unidades"]] == ["separado", "conjunto"]
    text = town.done(None, "GET", f"{URL}/computo.csv").decode("utf-8-sig")
    found = {(row["clave"], row["opcion"]): row for row in csv.DictReader(io.StringIO(text))}
    assert found[(LARGE, "Parque")]["total"] == "7"
    assert (found[(SMALL, "Huerto")]["internet"], found[(SMALL, "Huerto")]["total"]) == ("", "6")
    assert town.done(None, "GET", f"{URL}/escrutinio/{LARGE}.json")["modo"] == "separado"
    assert acts_of(town) >= ACTS
