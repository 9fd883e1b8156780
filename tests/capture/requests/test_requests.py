"""Requests of authorities: 72 hours, only what was asked for, every access written down before it happens."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from capture.blobs import FolderBlobs
from capture.calendar import months_after
from capture.records.states import Estado
from capture.requests.answer import Answering
from capture.requests.errors import RequestRefusal
from capture.requests.request import Form
from capture.requests.store_sql import Requests
from capture.results.checking import check_folder
from capture.results.generation import Workshop
from capture.results.keys_sql import Doer
from capture.results.opening import open_package
from capture.results.store_sql import Deliveries, Package
from capture.retention.backup import Backup, BodiesWithBackup
from capture.retention.errors import RetentionRefusal
from capture.retention.purge import Purge, PurgeTools, order
from keys.errors import Refusal
from keys.recipients import identity
from ledger.database import Database
from ledger.issuing import issue
from tests.capture.results.making import AUTHORITY, END, IMAGES, OPL, OTHER, PERIODO, PROCESO, World, world
from tests.document_authority import Authority

pytestmark = pytest.mark.req("APO-24")
COURT, _ = identity.new_age(END)
WHO = Doer("derfe-1", "derfe_operador")
NOW = END + timedelta(days=40)
ID = "0190a0b0-0000-4000-8000-0000000000f1"


def form(*folios: str) -> Form:
    return Form(
        PROCESO, "OPL/55/2026", date(2026, 5, 11), "Tribunal de prueba", "JDC-1/2026", "Artículo 80", folios
    )


def receive(made: World, wanted: Form, now: datetime = NOW, id_: str = ID) -> datetime:
    with made.database.writing() as connection:
        return Requests(connection, made.acts).receive(id_, wanted, COURT.recipient, WHO, now)


def answering(made: World, folder: Path, bodies: object = None, now: datetime = NOW) -> Answering:
    shop = Workshop(
        made.database,
        made.vault,
        bodies or made.bodies,  # type: ignore[arg-type]
        FolderBlobs(folder / "paquetes"),
        made.leaves,
        AUTHORITY,
        made.acts,
        os.urandom,
        lambda: now,
        folder / "taller",
        AUTHORITY.key.encode(),
    )
    authority = Authority()
    signers, stamps = (authority.person("TITULAR"),), authority.stamps()
    return Answering(shop, "Instituto de prueba", lambda cedula: issue(cedula, signers, stamps).pdf)


def order_it(made: World, now: datetime) -> None:
    with made.database.writing() as connection:
        order(connection, made.acts, PROCESO, WHO, "fin del plazo", now)


@pytest.fixture
def made(database: Database, tmp_path: Path) -> World:
    return world(database, tmp_path)


def test_a_request_is_answered_with_the_cedulas_it_asks_for(made: World, tmp_path: Path) -> None:
    wanted, other = made.add(1, Estado.CON_INCONSISTENCIA, inciso="m"), made.add(2, Estado.COMPULSADO)
    assert receive(made, form(wanted)) == NOW + timedelta(hours=72)
    package = answering(made, tmp_path).answer(ID, WHO)
    folder = open_package(COURT, tmp_path / "paquetes" / package.ruta, tmp_path / "juzgado", lambda _: None)
    assert check_folder(folder, AUTHORITY.verifier, None, lambda _: None).manifest == package.manifiesto
    assert [path.name for path in (folder / "cedulas").iterdir()] == [wanted]
    names = {path.name for path in (folder / "cedulas" / wanted).iterdir()}
    assert names == {*IMAGES, "registro.json", "acuse.txt", "cedula.pdf"}
    pdf = folder / "cedulas" / wanted / "cedula.pdf"
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    assert "Cédula electrónica" in text.stdout and "PATERNO" in text.stdout
    said = json.loads((folder / "cedulas" / wanted / "registro.json").read_bytes())
    assert said["contexto"] == {"latitud": "22.77", "longitud": "-102.58"}
    assert other not in str(list(folder.rglob("*")))


def test_every_access_is_an_act_even_when_it_fails(made: World, tmp_path: Path) -> None:
    folios = [made.add(1, Estado.COMPULSADO), made.add(2, Estado.COMPULSADO)]
    receive(made, form(*folios))
    made.bodies.delete(f"{PROCESO}/{folios[1]}")
    with pytest.raises(Refusal):
        answering(made, tmp_path).answer(ID, WHO)
    accesses = [act for act in made.acts.done if act.kind == "requerimiento.acceso"]
    assert [act.target for act in accesses] == folios
    assert {act.detail["requerimiento"] for act in accesses} == {ID}
    assert list((tmp_path / "taller").iterdir()) == []


def test_a_request_is_answered_once(made: World, tmp_path: Path) -> None:
    folio = made.add(1, Estado.COMPULSADO)
    receive(made, form(folio))
    answering(made, tmp_path).answer(ID, WHO)
    with pytest.raises(RequestRefusal, match=r"requerimiento\.estado"):
        answering(made, tmp_path).answer(ID, WHO)
    with made.database.writing() as connection, pytest.raises(RequestRefusal, match=r"requerimiento\.estado"):
        Requests(connection, made.acts).refuse(ID, "tarde", WHO, NOW)


def test_a_refused_request_says_why(made: World) -> None:
    receive(made, form(made.add(1, Estado.COMPULSADO)))
    with made.database.writing() as connection:
        requests = Requests(connection, made.acts)
        with pytest.raises(RequestRefusal, match=r"requerimiento\.motivo"):
            requests.refuse(ID, " ", WHO, NOW)
        requests.refuse(ID, "El oficio no está firmado", WHO, NOW)
        assert requests.held(PROCESO) == 0
    assert made.acts.done[-1].reason == "El oficio no está firmado"


def test_records_of_another_process_and_empty_forms_are_refused(made: World) -> None:
    mine, other = made.add(1, Estado.COMPULSADO), made.add(2, Estado.COMPULSADO, OTHER)
    with pytest.raises(RequestRefusal, match=r"requerimiento\.folios"):
        receive(made, form(mine, other))
    for wrong in ({"oficio": " "}, {"autoridad": "x" * 301}, {"folios": ()}, {"folios": (mine, mine)}):
        with pytest.raises(RequestRefusal):
            replace(form(mine), **wrong)  # type: ignore[arg-type]


def test_a_request_in_backup_is_answered_and_holds_the_destruction_back(made: World, tmp_path: Path) -> None:
    folio = made.add(1, Estado.COMPULSADO)
    row = Package(
        "p1", "definitivo", OPL, PERIODO, PROCESO, None, "paquetes/p1", "x", "a", "b", "c", 1, "v", END
    )
    with made.database.writing() as connection:
        Deliveries(connection, made.acts).keep(row, WHO)
    later = months_after(END, 4)
    backup, packages = FolderBlobs(tmp_path / "respaldo"), FolderBlobs(tmp_path / "paquetes")
    Backup(made.database, made.bodies, backup, made.acts, lambda: later).run(PROCESO, WHO)
    receive(made, form(folio), later)
    tools = PurgeTools(
        made.database,
        made.vault.chamber,
        (made.bodies, backup, packages),
        made.acts,
        lambda _c, _k, _e: None,
        lambda: later,
    )
    with pytest.raises(RetentionRefusal, match=r"retencion\.requerimientos"):
        order_it(made, later)
    package = answering(made, tmp_path, BodiesWithBackup(made.bodies, backup), later).answer(ID, WHO)
    order_it(made, later)
    Purge(tools).run(PROCESO)
    assert not packages.exists(package.ruta)
    with pytest.raises(RequestRefusal, match=r"requerimiento\.fase"):
        receive(made, form(folio), later, ID.replace("f1", "f2"))
