"""The job after reception: first received first, bad bodies to the mesa, stopped anywhere and run again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.processing.datos import parse_datos
from capture.processing.job import Processing
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Filter, Record
from capture.records.states import Causa, Estado
from capture.records.tables import primeros
from ledger.database import Database
from tests.capture.processing.vault import Bodies, process, receive
from tests.capture.records.making import folio, fresh

PERSONS = ["AAAAAA80010132M100", "BBBBBB80010132M100", None]


def states(database: Database) -> list[tuple[str, str, str | None]]:
    """Folio, state and original of every record."""
    with database.reading() as connection:
        page = SqlRecordReading(connection).page(Filter(), None, 500)
    return [(record.folio, record.estado.value, record.duplicado_de) for record in page]


def get(database: Database, number: int) -> Record:
    """Record `number`."""
    with database.reading() as connection:
        return SqlRecordReading(connection).get(folio(number))


def expected(persons: list[str | None]) -> list[tuple[str, str, str | None]]:
    """What the rule says, computed from all at once: of each person the first received counts."""
    firsts: dict[str, int] = {}
    found: list[tuple[str, str, str | None]] = []
    for number, person in enumerate(persons):
        first = number if person is None else firsts.setdefault(person, number)
        own = first == number
        state = "en-mesa-de-control" if own else "duplicado"
        found.append((folio(number), state, None if own else folio(first)))
    return found


@pytest.mark.req("APO-20")
@given(
    st.lists(st.sampled_from(PERSONS), min_size=1, max_size=7).flatmap(
        lambda persons: st.tuples(st.just(persons), st.permutations(range(len(persons))))
    )
)
def test_the_first_received_counts_in_whatever_order_they_are_processed(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[list[str | None], list[int]]
) -> None:
    persons, order = drawn
    database = fresh(tmp_path_factory.mktemp("db"))
    bodies = Bodies()
    for number, person in enumerate(persons):
        receive(database, bodies, number, person)
    job = process(database, bodies)
    for number in order:
        job.process(folio(number))
    assert states(database) == expected(persons)
    database.engine.dispose()


@pytest.mark.req("APO-20")
def test_workers_at_once_settle_on_the_same_first(database: Database) -> None:
    persons = [PERSONS[number % 2] for number in range(12)]
    bodies = Bodies()
    for number, person in enumerate(persons):
        receive(database, bodies, number, person)
    job, together = process(database, bodies), Barrier(4)

    def work(share: int) -> None:
        together.wait()
        for number in reversed(range(share // 2, 12, 2)):  # two workers for each record, latest first
            job.process(folio(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert states(database) == expected(persons)
    with database.reading() as connection:
        histories = [SqlRecordReading(connection).history(folio(number)) for number in range(12)]
    assert all(step.a == "en-procesamiento" for history in histories for step in history[1:2])
    assert all(len({(s.de, s.a) for s in history}) == len(history) for history in histories)


@pytest.mark.req("APO-20")
def test_several_threads_of_one_worker_end_as_one_does(database: Database) -> None:
    bodies = Bodies()
    persons = [PERSONS[number % 3] for number in range(12)]
    for number, person in enumerate(persons):
        receive(database, bodies, number, person)
    run = process(database, bodies, threads=4).process_all()
    assert (run.done, run.waiting) == (12, ())
    assert states(database) == expected(persons)


@pytest.mark.req("APO-20")
def test_the_same_credential_is_the_same_person_also_without_a_clave(database: Database) -> None:
    bodies = Bodies()
    receive(database, bodies, 1, PERSONS[0])
    receive(database, bodies, 2, None, number_of=1)
    process(database, bodies).process_all()
    assert get(database, 2).duplicado_de == folio(1)


@pytest.mark.parametrize(
    ("spoil", "causa", "detalle"),
    [
        (lambda bodies: bodies.pop(folio(2)), Causa.CUERPO_FALTA, "cuerpo.falta"),
        (lambda bodies: bodies.update({folio(2): b"corto"}), Causa.CUERPO_NO_CORRESPONDE, "cuerpo.tamano"),
        (
            lambda bodies: bodies.update({folio(2): bodies[folio(2)].replace(b"auxiliar", b"auxiliaX")}),
            Causa.CUERPO_NO_CORRESPONDE,
            "cuerpo.sha256",
        ),
    ],
)
@pytest.mark.req("APO-18")
def test_a_bad_body_goes_to_the_mesa_with_its_reason_and_stops_nobody(
    database: Database, spoil: object, causa: Causa, detalle: str
) -> None:
    bodies = Bodies()
    for number in (1, 2, 3):
        receive(database, bodies, number)
    spoil(bodies)  # type: ignore[operator]
    run = process(database, bodies).process_all()
    assert (run.done, run.waiting) == (3, ())
    assert {state for _, state, _ in states(database)} == {"en-mesa-de-control"}
    with database.reading() as connection:
        last = SqlRecordReading(connection).history(folio(2))[-1]
        assert SqlRecordReading(connection).blob(folio(2), "datos") is None
    assert (last.causa, last.detalle) == (causa.value, detalle)


@pytest.mark.parametrize("name", ["folio", "proceso", "modalidad", "credencial", "numero"])
def test_a_body_that_says_otherwise_than_its_envelope_is_seen_in_the_mesa(
    database: Database, name: str
) -> None:
    bodies = Bodies()
    receive(database, bodies, 1, None, **{name: "ocr"})
    process(database, bodies).process_all()
    with database.reading() as connection:
        last = SqlRecordReading(connection).history(folio(1))[-1]
    assert (last.causa, last.detalle) == ("cuerpo-no-corresponde", f"cuerpo.{name}")


def test_what_cannot_be_reached_waits_for_the_next_run(database: Database) -> None:
    bodies = Bodies()
    for number in (1, 2):
        receive(database, bodies, number)
    bodies.down = frozenset({folio(1)})
    run = process(database, bodies).process_all()
    assert (run.done, run.waiting) == (1, (folio(1),))
    assert get(database, 1).estado is Estado.EN_PROCESAMIENTO
    bodies.down = frozenset()
    assert process(database, bodies).process_all().done == 1
    assert get(database, 1).estado is Estado.EN_MESA


@pytest.mark.req("APO-14")
def test_the_data_rest_sealed_and_the_clave_only_as_an_hmac(database: Database) -> None:
    bodies = Bodies()
    receive(database, bodies, 1, "aaaaaa 80010132m100")
    process(database, bodies).process_all()
    with database.reading() as connection:
        reading = SqlRecordReading(connection)
        datos, huella = reading.blob(folio(1), "datos"), reading.blob(folio(1), "huella_clave")
    assert datos is not None and datos.startswith(b"sellado:")
    assert parse_datos(datos.removeprefix(b"sellado:")).text("clave_elector") == "aaaaaa 80010132m100"
    assert huella is not None and len(huella) == 32


class Stopped(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", range(1, 8))
def test_stopped_at_any_transaction_and_run_again_it_ends_the_same(
    database: Database, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    persons = [PERSONS[0], PERSONS[1], PERSONS[0]]
    bodies = Bodies()
    for number, person in enumerate(persons):
        receive(database, bodies, number, person)
    job: Processing = process(database, bodies)
    count = 0
    real = Database.writing

    def dying(self: Database) -> object:
        nonlocal count
        count += 1
        if count == step:
            raise Stopped
        return real(self)

    monkeypatch.setattr(Database, "writing", dying)
    with suppress(Stopped):
        job.process_all()
    monkeypatch.undo()
    process(database, bodies).process_all()
    assert states(database) == expected(persons)
    with database.reading() as connection:
        assert len(connection.execute(primeros.select()).all()) == 5
        assert all(len(SqlRecordReading(connection).history(folio(n))) == 3 for n in range(3))
