"""From a consultation that is created to results that the verifier accepts, all of it over HTTP."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import select

from api.accounts.permissions import Role
from api.acts.tables import actos
from api.demo.verdicts import reasons, verify
from ledger.database import Database
from tally.errors import CastingRefusal
from tests.api.consultas.town import (
    CLOSED,
    DURING,
    ID,
    OPENING,
    READY,
    URL,
    Town,
    opened_town,
    spoiled,
    unpacked,
)

VOTES = {
    "ana": ("09-001", 1),
    "eva": ("09-001", 2),
    "luz": ("09-001", 0),
    "leo": ("09-002", 3),
    "paz": ("09-002", 3),
}


ACTS = {
    "consulta.alta",
    "custodio.designar",
    "adscripcion.asignar",
    "distrito.llave",
    "ceremonia.anuncio",
    "ceremonia.certificado",
    "ceremonia.polinomio",
    "ceremonia.verificacion",
    "ensayo.inicio",
    "ensayo.respuesta",
    "ensayo.acta",
    "consulta.apertura",
    "consulta.cierre",
    "apertura.aportacion",
    "consulta.computo",
    "consulta.publicacion",
    "distrito.paquete",
    "listado.descarga",
}


def acts_of(town: Town) -> set[str]:
    with town.services.database.reading() as db:
        return set(db.execute(select(actos.c.tipo)).scalars())


def prepared(town: Town, k: int = 2) -> None:
    town.create(k=k)
    town.hold_ceremony()
    assert town.rehearse() == {"estado": "lista"}
    for person, (clave, _) in VOTES.items():
        town.register(person, clave)
    town.register("ida", "09-001", "09-002")


@pytest.mark.req("SEI-01", "SEI-20", "SEI-22", "SEI-23", "SEI-28", "VER-03")
def test_a_consultation_from_its_creation_to_its_results(database: Database, tmp_path: Path) -> None:
    with opened_town(database, tmp_path) as town:
        prepared(town)
        _open_urns(town)
        _opine(town)
        _close(town)
        _hand_shares_in(town)
        _compute(town)
        _deliver(town)
        assert acts_of(town) >= ACTS


def _open_urns(town: Town) -> None:
    assert town.refused(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/apertura") == (
        409,
        "cronograma.validacion.termina",
    )
    town.now = READY
    assert town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/apertura") == {"estado": "abierta"}
    acta = town.done(None, "GET", f"{URL}/apertura/acta.json")
    assert acta["tipo"] == "acta-urna-vacia"
    assert town.done(None, "GET", f"{URL}/apertura/acta.pdf").startswith(b"%PDF")
    document, code = verify("consulta", str(town.public))
    assert (code, reasons(document)) == (0, [])


def _opine(town: Town) -> None:
    with pytest.raises(CastingRefusal, match=r"calendario\.opinion"):
        town.opine("ana", "09-001", 1)
    town.now = DURING
    for person, (clave, mark) in VOTES.items():
        town.opine(person, clave, mark)
    town.look()
    assert verify("consulta", str(town.public))[1] == 0
    assert town.done(None, "GET", URL)["estado"] == "abierta"


def _close(town: Town) -> None:
    town.now = CLOSED
    town.look()
    assert town.done(None, "GET", URL)["estado"] == "cerrada"
    with pytest.raises(CastingRefusal):
        town.opine("ida", "09-001", 1)
    document, code = verify("consulta", str(town.public))
    assert (code, reasons(document)) == (0, [])


def _hand_shares_in(town: Town) -> None:
    early = b'{"aportacion":"descifrado","version":1,"consulta":"x","custodio":1,"urnas":0}\n'
    assert town.refused(town.custodio(1), "POST", f"{URL}/aportaciones", content=early) == (
        409,
        "calendario.apertura",
    )
    town.now = OPENING
    shares = {index: town.share(index) for index in (1, 2, 3)}
    wrong = town.done(town.custodio(2), "POST", f"{URL}/aportaciones", content=spoiled(shares[2]))
    assert wrong["estado"] == "rechazada"
    assert "UT 09-002" in wrong["motivo"]
    assert town.refused(town.custodio(2), "POST", f"{URL}/aportaciones", content=shares[1]) == (
        409,
        "aportacion.custodio",
    )
    first = town.done(town.custodio(1), "POST", f"{URL}/aportaciones", content=shares[1])
    assert first["estado"] == "aceptada"
    assert town.done(town.custodio(1), "POST", f"{URL}/aportaciones", content=shares[1]) == first
    assert town.refused(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/computo") == (409, "descifrado.umbral")
    view = town.done(None, "GET", f"{URL}/computo")
    assert (view["validas"], view["suficientes"]) == (1, False)
    assert [one["custodio"] for one in view["faltan"]] == [2, 3]
    assert [(one["custodio"], one["estado"]) for one in view["aportaciones"]] == [
        (2, "rechazada"),
        (1, "aceptada"),
    ]
    town.done(town.custodio(3), "POST", f"{URL}/aportaciones", content=shares[3])
    told = town.done(None, "GET", f"{URL}/computo/avisos?segundos=0").decode()
    assert told.startswith("event: computo\ndata: ")
    assert json.loads(told.removeprefix("event: computo\ndata: "))["suficientes"] is True


def _compute(town: Town) -> None:
    assert town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/computo") == {"estado": "publicada"}
    assert town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/computo") == {"estado": "publicada"}
    document, code = verify("consulta", str(town.public))
    assert (code, reasons(document)) == (0, [])
    acta = town.done(None, "GET", f"{URL}/actas/09-001.json")
    assert [one["opiniones"] for one in acta["resultados"]] == [1, 1]
    assert (acta["votos_nulos"], acta["personas_en_listado"], acta["custodios"]) == (1, 3, [1, 3])
    results = town.done(None, "GET", f"{URL}/resultados.json")
    assert results["total"] == {
        "boletas": 5,
        "unidades": 2,
        "votos_nulos": 1,
        "reservadas": 0,
    }
    rows = list(csv.DictReader(io.StringIO(town.done(None, "GET", f"{URL}/resultados.csv").decode())))
    found = {(row["clave"], row["proyecto"]): row["opiniones"] for row in rows}
    assert found[("09-002", "Huerto")] == "2"
    assert found[("09-001", "Voto nulo")] == "1"


def _deliver(town: Town) -> None:
    district = town.actor(Role.DIRECCION_DISTRITAL, "distrito")
    folder = unpacked(town.done(district, "GET", f"{URL}/distrito/paquete.tar"), town.folder / "paquete")
    encrypted = (folder / "listados" / "listado-09-002.json.age").read_bytes()
    assert town.done(district, "GET", f"{URL}/distrito/listados/09-002") == encrypted
    listado = json.loads(pyrage.decrypt(encrypted, [town.identity]))
    assert (listado["consulta"], len(listado["claves_de_elector"])) == (ID, 2)
    assert (folder / "actas" / "09-002.pdf").read_bytes().startswith(b"%PDF")
    other = town.actor(Role.DIRECCION_DISTRITAL, "otra")
    assert town.refused(other, "GET", f"{URL}/distrito/listados/09-002")[0] == 404


@pytest.mark.req("SEI-22", "SEI-28")
def test_an_urn_with_few_ballots_stays_closed_and_its_table_says_so(
    database: Database, tmp_path: Path
) -> None:
    with opened_town(database, tmp_path) as town:
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
        town.done(Role.SECRETARIA_EJECUTIVA, "POST", f"{URL}/computo")
        document, code = verify("consulta", str(town.public))
        assert (code, reasons(document)) == (0, [])
        acta = town.done(None, "GET", f"{URL}/actas/09-002.json")
        assert (acta["acta"], acta["votos_nulos"], acta["personas_en_listado"]) == ("reserva", None, 2)
        rows = list(csv.DictReader(io.StringIO(town.done(None, "GET", f"{URL}/resultados.csv").decode())))
        assert {row["opiniones"] for row in rows if row["clave"] == "09-002"} == {"reservada"}
        assert town.done(None, "GET", f"{URL}/resultados.json")["total"]["reservadas"] == 1
