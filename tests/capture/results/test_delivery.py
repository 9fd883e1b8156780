"""A delivery from the key of the OPL to its receipt: every figure counted, every step an act."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from capture.blobs import FolderBlobs
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Filter
from capture.records.states import Estado
from capture.results.checking import check_folder
from capture.results.deadlines import key_due
from capture.results.errors import ResultsRefusal
from capture.results.evidence import EvidenceOf
from capture.results.generation import Generation, Workshop
from capture.results.keys_sql import MAX_TRIES, Doer, ResultsKeys, key_in_force
from capture.results.opening import open_package
from capture.results.source_sql import SqlSource, snapshot
from capture.results.steps import Corte, Step
from capture.results.store_sql import Deliveries, Package
from keys.recipients import identity
from keys.recipients.possession import HOURS, parse_challenge
from ledger.database import Database
from tests.capture.results.making import (
    AUTHORITY,
    END,
    OPL,
    OTHER,
    PERIODO,
    PROCESO,
    START,
    World,
    every_kind,
    world,
)

pytestmark = pytest.mark.req("APO-23")
MADE, _ = identity.new_age(START)
ENLACE, DERFE = Doer("enlace-1", "opl_enlace"), Doer("derfe-1", "derfe_operador")
IN_TIME = key_due(START) - timedelta(days=1)
DELIVERY = "0190a0b0-0000-4000-8000-0000000000d1"


@pytest.fixture
def made(database: Database, tmp_path: Path) -> Iterator[World]:
    yield world(database, tmp_path)


def ask(made: World, now: datetime = IN_TIME, key: bytes | None = None) -> tuple[str, str]:
    """The id of a challenge and its right answer."""
    with made.database.writing() as connection:
        keys = ResultsKeys(connection, made.acts, os.urandom)
        asked = keys.ask(PERIODO, key or MADE.recipient.text.encode(), ENLACE, now)
    opened = io.BytesIO()
    MADE.decrypt(io.BytesIO(asked.sealed), opened, "reto")
    return asked.id, parse_challenge(opened.getvalue()).answer


def respond(made: World, id_: str, typed: str, now: datetime = IN_TIME) -> str | None:
    with made.database.writing() as connection:
        refusal = ResultsKeys(connection, made.acts, os.urandom).answer(id_, typed, ENLACE, now)
    return None if refusal is None else refusal.rule


def workshop(made: World, tmp_path: Path, now: datetime) -> Workshop:
    return Workshop(
        made.database,
        made.vault,
        made.bodies,
        FolderBlobs(tmp_path / "paquetes"),
        made.leaves,
        AUTHORITY,
        made.acts,
        os.urandom,
        lambda: now,
        tmp_path / "taller",
        AUTHORITY.key.encode(),
    )


def steps(made: World, upto: Step, now: datetime = END) -> None:
    """Do the steps from A to `upto` of DELIVERY with the evidence that is counted."""
    with snapshot(made.database) as connection:
        evidence = EvidenceOf(connection, PROCESO, DERFE.account, now)
        source = SqlSource(connection, made.vault, made.bodies)
        found = {
            Step.A: evidence.reception(),
            Step.B: evidence.mesa("OPL/9/2026"),
            Step.C: evidence.processing("2026-03-31"),
            Step.D: evidence.conciliation(source, made.leaves()),
        }
    for step in (s for s in found if s <= upto):
        with made.database.writing() as connection:
            Deliveries(connection, made.acts).do(DELIVERY, step, found[step], DERFE.role)


def start(made: World, corte: Corte = Corte.DEFINITIVO) -> None:
    with made.database.writing() as connection:
        told = (END, "OPL/8/2026") if corte is Corte.DEFINITIVO else None
        Deliveries(connection, made.acts).start(DELIVERY, PROCESO, corte, END, told)


def test_a_key_counts_only_once_its_owner_answered(made: World) -> None:
    id_, answer = ask(made)
    with made.database.reading() as connection, pytest.raises(ResultsRefusal, match=r"resultados\.sin_llave"):
        key_in_force(connection, PERIODO)
    assert respond(made, id_, "0" * 64) == "posesion.respuesta"
    assert respond(made, id_, f" {answer[:32].upper()} {answer[32:]}\n") is None
    with made.database.reading() as connection:
        assert key_in_force(connection, PERIODO).text == MADE.recipient.text
    with pytest.raises(ResultsRefusal, match=r"resultados\.reto"):
        respond(made, id_, answer)
    assert [act.kind for act in made.acts.done] == [
        "resultados.llave-presentada",
        "resultados.llave-registrada",
    ]


def test_a_second_key_takes_the_place_of_the_first(made: World) -> None:
    for _ in range(2):
        id_, answer = ask(made)
        assert respond(made, id_, answer) is None
    with made.database.reading() as connection:
        assert key_in_force(connection, PERIODO)


def test_guessing_an_answer_ends(made: World) -> None:
    id_, answer = ask(made)
    for _ in range(MAX_TRIES):
        assert respond(made, id_, "1" * 64) == "posesion.respuesta"
    with pytest.raises(ResultsRefusal, match=r"resultados\.reto"):
        respond(made, id_, answer)


def test_late_keys_and_late_answers_are_refused(made: World) -> None:
    with pytest.raises(ResultsRefusal, match=r"resultados\.llave_tarde"):
        ask(made, key_due(START) + timedelta(seconds=1))
    id_, answer = ask(made, key_due(START) - timedelta(hours=HOURS + 2))
    assert respond(made, id_, answer, key_due(START) - timedelta(hours=1)) == "posesion.vencida"
    id_, answer = ask(made, key_due(START))
    with pytest.raises(ResultsRefusal, match=r"resultados\.llave_tarde"):
        respond(made, id_, answer, key_due(START) + timedelta(hours=1))


def deliver(made: World, tmp_path: Path) -> Package:
    respond(made, *ask(made))
    every_kind(made)
    start(made)
    steps(made, Step.D)
    return Generation(workshop(made, tmp_path, END)).process(DELIVERY, DERFE)


def test_a_delivery_goes_from_the_key_to_the_receipt(made: World, tmp_path: Path) -> None:
    package = deliver(made, tmp_path)
    assert package.nombre == f"{PROCESO}-definitivo.tar.age"
    folder = open_package(MADE, tmp_path / "paquetes" / package.ruta, tmp_path / "opl", lambda _: None)
    checked = check_folder(folder, AUTHORITY.verifier, None, lambda _: None)
    assert (checked.manifest, checked.leaves) == (package.manifiesto, made.added)

    with made.database.writing() as connection:
        deliveries = Deliveries(connection, made.acts)
        with pytest.raises(ResultsRefusal, match=r"resultados\.acuse"):
            deliveries.receive(package.id, "0" * 64, ENLACE, END)
        receipt = deliveries.receive(package.id, checked.manifest, ENLACE, END)
        again = deliveries.receive(
            package.id, checked.manifest, Doer("otra", "opl_enlace"), END + timedelta(1)
        )
        assert again == receipt and again.entry == receipt.entry
        assert deliveries.delivered(PROCESO) == END
        assert list(deliveries.done(DELIVERY)) == list(Step)
        with pytest.raises(ResultsRefusal, match=r"resultados\.entregada"):
            deliveries.abandon(DELIVERY, DERFE, "prueba", END)
    kinds = [act.kind for act in made.acts.done]
    assert kinds[2:] == [
        *(f"resultados.paso-{letter}" for letter in "abcde"),
        "resultados.paquete",
        "resultados.recepcion",
    ]


def test_what_was_settled_becomes_final_and_figures_stay(made: World, tmp_path: Path) -> None:
    deliver(made, tmp_path)
    which = Filter(procesos=(PROCESO,))
    with made.database.reading() as connection:
        before = SqlRecordReading(connection).figures(which)
    generation = Generation(workshop(made, tmp_path, END))
    assert (generation.finish(PROCESO), generation.finish(PROCESO)) == (4, 0)
    with made.database.reading() as connection:
        reading = SqlRecordReading(connection)
        assert reading.figures(which) == before
        assert reading.counts(which)[Estado.COMPULSADO] == 0


def test_a_record_that_came_after_the_conciliation_stops_the_package(made: World, tmp_path: Path) -> None:
    respond(made, *ask(made))
    every_kind(made)
    start(made)
    steps(made, Step.D)
    made.add(99, Estado.RECIBIDO)
    with pytest.raises(ResultsRefusal, match=r"resultados\.cambio"):
        Generation(workshop(made, tmp_path, END)).process(DELIVERY, DERFE)
    assert list((tmp_path / "taller").iterdir()) == []


def test_records_in_the_mesa_or_without_compulsa_stop_a_delivery(made: World) -> None:
    start(made, Corte.PRELIMINAR)
    folio = made.add(1, Estado.EN_MESA)
    with pytest.raises(ResultsRefusal, match=r"resultados\.pendientes"):
        steps(made, Step.B)
    with made.database.reading() as connection:
        assert list(Deliveries(connection, made.acts).done(DELIVERY)) == [Step.A]
        assert SqlRecordReading(connection).get(folio).estado is Estado.EN_MESA


def test_an_acuse_that_was_altered_stops_the_conciliation(made: World) -> None:
    every_kind(made)
    made.add(50, Estado.DUPLICADO, acuse=b"otro texto")
    start(made)
    with pytest.raises(ResultsRefusal, match=r"acuses_integros"):
        steps(made, Step.D)


def test_a_delivery_begins_after_the_end_and_the_audiencias(made: World) -> None:
    with made.database.writing() as connection:
        deliveries = Deliveries(connection, made.acts)
        with pytest.raises(ResultsRefusal, match=r"resultados\.periodo_abierto"):
            deliveries.start(DELIVERY, PROCESO, Corte.PRELIMINAR, END - timedelta(seconds=1))
        with pytest.raises(ResultsRefusal, match=r"resultados\.audiencias"):
            deliveries.start(DELIVERY, PROCESO, Corte.DEFINITIVO, END)
        deliveries.start(DELIVERY, PROCESO, Corte.PRELIMINAR, END)
        with pytest.raises(ResultsRefusal, match=r"resultados\.en_curso"):
            deliveries.start(DELIVERY.replace("d1", "d2"), PROCESO, Corte.PRELIMINAR, END)
        deliveries.abandon(DELIVERY, DERFE, "cifras corregidas", END)
        deliveries.start(DELIVERY.replace("d1", "d3"), PROCESO, Corte.PRELIMINAR, END)


@pytest.mark.req("APO-20")
def test_the_crossing_is_delivered_as_a_package_of_its_own(made: World, tmp_path: Path) -> None:
    respond(made, *ask(made))
    made.add(1, Estado.COMPULSADO, clave="AAAAAA00010109M100")
    made.add(2, Estado.COMPULSADO, OTHER, clave="AAAAAA00010109M100")
    package = Generation(workshop(made, tmp_path, END)).crossing(PERIODO, OPL, DERFE)
    folder = open_package(MADE, tmp_path / "paquetes" / package.ruta, tmp_path / "opl", lambda _: None)
    assert check_folder(folder, AUTHORITY.verifier, None, lambda _: None).head.registros == 2
    assert PROCESO in (folder / "cruce.csv").read_text("utf-8-sig")
