"""What the areas of a consultation may ask for, and what is refused to each (SEI-01, SEI-22, SEI-27)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.accounts.permissions import Role
from api.tables import ALL_METADATA
from keys.ceremony import trustee_side
from keys.randomness import SystemRandomness
from ledger.database import Database, open_engine
from tests.api.consultas.town import ID, OPENING, READY, URL, Town, opened_town
from tests.tally.consulta.making import UNIDADES, asked
from tests.tally.consulta.test_form import TOML


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """On SQLite: the stores are tried on both kinds, here it is about what is answered."""
    engine = open_engine(f"sqlite:///{tmp_path / 'certeza.db'}")
    for metadata in ALL_METADATA:
        metadata.create_all(engine)
    with opened_town(Database(engine), tmp_path) as made:
        yield made
    engine.dispose()


@pytest.mark.req("SEI-01", "SEI-16", "SEI-26")
def test_everybody_sees_calendar_uts_and_projects(town: Town) -> None:
    town.done(
        Role.DEOEYG, "POST", "/v1/consultas", content=TOML, headers={"content-type": "application/toml"}
    )
    view = town.done(None, "GET", URL)
    assert (view["estado"], view["unidades"], view["urnas"]) == ("preparacion", 1, 1)
    assert len(view["cronograma"]) == 18
    opinion = next(fase for fase in view["fases"] if fase["fase"] == "opinion")
    assert (opinion["inicio"], opinion["abierta"]) == ("2027-04-22T20:00:00-06:00", False)
    assert [u["proyectos"] for u in town.done(None, "GET", f"{URL}/unidades")] == [["Agua", "Cancha"]]
    assert [u["clave"] for u in town.done(None, "GET", f"{URL}/secciones/0102")] == ["09-002"]
    assert [one["id"] for one in town.done(None, "GET", "/v1/consultas")] == [ID]


def test_a_form_that_is_not_in_order_says_where(town: Town) -> None:
    assert town.refused(Role.DEOEYG, "POST", "/v1/consultas", json=asked(umbral=9)) == (
        422,
        "consulta.umbral",
    )
    assert town.refused(Role.DEOEYG, "POST", "/v1/consultas", content=b"{") == (422, "formato.json")
    town.create()
    assert town.refused(Role.DEOEYG, "POST", "/v1/consultas", json=asked()) == (409, "consulta.repetida")
    assert town.refused(None, "GET", "/v1/consultas/otra")[0] == 404


@pytest.mark.req("SEI-01")
def test_the_calendar_changes_before_the_urns_exist_and_stays_in_order(town: Town) -> None:
    town.create()
    later = {"inicio": "2027-04-30T10:00:00", "fin": "2027-05-01T00:00:00"}
    view = town.done(Role.DEOEYG, "PUT", f"{URL}/cronograma", json={"apertura": later})
    apertura = next(fase for fase in view["fases"] if fase["fase"] == "apertura")
    assert apertura["inicio"] == "2027-04-30T10:00:00-06:00"
    early = {"inicio": "2027-04-01T10:00:00", "fin": "2027-04-02T00:00:00"}
    answer = town.refused(Role.DEOEYG, "PUT", f"{URL}/cronograma", json={"apertura": early})
    assert answer == (422, "cronograma.orden")


@pytest.mark.req("SEI-27")
def test_each_area_does_its_part_and_no_other(town: Town) -> None:
    town.create()
    for role in (Role.UTSI, Role.CONSEJO_GENERAL, Role.COEG, Role.CONTRALORIA, Role.CAT, Role.DERFE_ADMIN):
        assert town.ask(role, "POST", "/v1/consultas", json=asked()).status_code == 403
        assert town.ask(role, "POST", f"{URL}/apertura").status_code == 403
        assert town.ask(role, "POST", f"{URL}/computo").status_code == 403
    for role in (Role.SECRETARIA_EJECUTIVA, Role.UTSI, Role.DEOEYG):
        assert town.ask(role, "POST", f"{URL}/aportaciones", content=b"x").status_code == 403
        assert town.ask(role, "GET", f"{URL}/distrito/paquete.tar").status_code == 403


@pytest.mark.req("SEI-22")
def test_a_custodio_hands_in_only_for_the_own_seat_and_once(town: Town) -> None:
    town.create()
    assert town.ask(town.custodio(1), "GET", f"{URL}/ceremonia").status_code == 404
    town.done(Role.UTSI, "POST", f"{URL}/ceremonia")
    announcement = town.take_folder(1).announcement()
    one, two = (trustee_side.begin(announcement, 1, SystemRandomness()) for _ in range(2))
    put = ("PUT", f"{URL}/ceremonia/buzon/certificado-1.json")
    for stranger in (town.custodio(2), town.actor(Role.CONSEJO_GENERAL, "de-otra-consulta")):
        assert town.refused(stranger, *put, content=one.certificado)[0] == 404
    assert town.refused(town.custodio(1), *put, content=b"{}")[0] == 422
    view = town.done(town.custodio(1), *put, content=one.certificado)
    assert view["faltan"] == [2, 3]
    assert view["custodios"][0]["aceptados"] == ["certificado"]
    assert town.done(town.custodio(1), *put, content=one.certificado) == view
    assert town.refused(town.custodio(1), *put, content=two.certificado) == (
        409,
        "ceremonia.mensaje.distinto",
    )
    assert town.refused(Role.SECRETARIA_EJECUTIVA, "PUT", URL, json=asked()) == (409, "consulta.modificar")


@pytest.mark.req("SEI-22")
def test_the_rehearsal_decides_whether_the_consultation_is_ready(town: Town) -> None:
    town.create()
    town.hold_ceremony()
    names = [name for name, _ in _files(town)]
    assert "trustees.json" in names
    assert town.rehearse((2,)) == {"estado": "preparacion"}
    assert not any(name.endswith("valor.json") for name, _ in _files(town))
    assert town.refused(Role.UTSI, "POST", f"{URL}/ceremonia/ensayo") == (409, "ensayo.reto")
    town.now = READY
    assert town.refused(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/apertura") == (409, "consulta.apertura")
    assert "ACTA DE LA CEREMONIA" in town.done(Role.COEG, "GET", f"{URL}/ceremonia/acta").decode()
    prints = [one["huella"] for one in town.done(None, "GET", URL)["custodios"]]
    assert len({p for p in prints if p}) == 3


def _files(town: Town) -> list[tuple[str, bytes]]:
    root = town.take_folder(1).root
    return [
        (path.relative_to(root).as_posix(), path.read_bytes()) for path in root.rglob("*") if path.is_file()
    ]


@pytest.mark.req("SEI-27")
def test_the_contraloria_seals_what_it_sees_of_the_log(town: Town) -> None:
    town.create()
    made = town.done(Role.CONTRALORIA, "POST", f"{URL}/sellos", json={"dicho": "Urna vacía a la vista."})
    assert len(made["raiz"]) == 64
    assert town.done(None, "GET", f"{URL}/sellos") == [made]
    assert town.ask(Role.UTSI, "POST", f"{URL}/sellos", json={"dicho": "x"}).status_code == 403


@pytest.mark.req("SEI-27")
def test_a_district_assigns_its_mesas_and_no_others(town: Town) -> None:
    town.create(unidades=[*UNIDADES, {**UNIDADES[0], "clave": "10-001", "distrito": "08", "secciones": []}])
    district = town.actor(Role.DIRECCION_DISTRITAL, "distrito")
    where = f"{URL}/adscripciones/mesa"
    town.done(district, "PUT", where, json={"distrito": "07", "unidad": "09-001"})
    found = town.done(Role.DEOEYG, "GET", f"{URL}/adscripciones")
    assert {"cuenta": "mesa", "distrito": "07", "unidad": "09-001"} in found
    assert town.refused(district, "PUT", where, json={"distrito": "08", "unidad": "10-001"})[0] == 404
    assert town.refused(district, "PUT", where, json={"distrito": "07", "unidad": "10-001"})[0] == 404
    assert town.refused(Role.DEOEYG, "PUT", where, json={"distrito": "07"})[0] == 422


@pytest.mark.req("SEI-26", "SEI-27")
def test_everybody_sees_where_the_mesas_are_and_a_district_says_so_of_its_own(town: Town) -> None:
    town.create(unidades=[*UNIDADES, {**UNIDADES[0], "clave": "10-001", "distrito": "08", "secciones": []}])
    district = town.actor(Role.DIRECCION_DISTRITAL, "distrito")
    town.done(Role.DEOEYG, "PUT", f"{URL}/adscripciones/distrito", json={"distrito": "07"})
    own, other = (f"{URL}/mesas/{clave}/ubicacion" for clave in ("09-001", "10-001"))
    for place in ("Escuela 5, calle Hidalgo 3", " Plaza Juárez 1, kiosco "):
        town.done(district, "PUT", own, json={"ubicaciones": [place]})
    assert town.refused(district, "PUT", other, json={"ubicaciones": ["En otra parte"]})[0] == 404
    assert town.refused(Role.UTSI, "PUT", own, json={"ubicaciones": ["En otra parte"]})[0] == 403
    town.done(Role.DEOEYG, "PUT", other, json={"ubicaciones": ["Mercado, puerta 2", "Mercado, puerta 4"]})
    found = {one["clave"]: one["ubicaciones"] for one in town.done(None, "GET", f"{URL}/ubicaciones")}
    assert found["09-001"] == ["Plaza Juárez 1, kiosco"]
    assert found["10-001"] == ["Mercado, puerta 2", "Mercado, puerta 4"]
    assert all(found[clave] == [] for clave in found.keys() - {"09-001", "10-001"})


def test_nothing_is_published_before_it_exists(town: Town) -> None:
    town.create()
    for path in (
        "resultados.json",
        "resultados.csv",
        "actas/09-001.json",
        "publico.tar",
        "apertura/acta.pdf",
    ):
        assert town.refused(None, "GET", f"{URL}/{path}")[0] == 404, path
    town.now = OPENING
    share = town.refused(town.custodio(1), "POST", f"{URL}/aportaciones", content=b"x")
    assert share == (409, "consulta.aportacion")
