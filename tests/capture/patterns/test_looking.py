"""Patterns are found as records arrive, with all the records that they touch, by any number of workers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from capture.patterns import looking, store_sql
from capture.patterns.rules import Regla
from capture.patterns.seen import Place
from capture.patterns.tables import indices_vistos, patrones, segmentos_vistos, vistos
from capture.patterns.views import EXACT
from capture.records.tables import registros
from ledger.database import Database
from tests.capture.patterns.making import LIMITS, Boveda, face, found, patterns, see, some_print
from tests.capture.records.making import PROCESO, START, folio, fresh

FRONT = "anverso.jpg"
IDENTICAL = (Regla.IMAGEN_IDENTICA.value, FRONT, folio(0))


@pytest.mark.req("APO-25")
def test_the_same_image_in_several_records_is_found_while_it_happens(database: Database) -> None:
    mine = patterns(database)
    for number in range(5):
        image = some_print(7) if number in {0, 2, 3} else some_print(100 + number)
        see(database, number, {EXACT + FRONT: image[:8], FRONT: image})
        assert mine.look() == 1
        expected = [one for one in (0, 2, 3) if one <= number]
        assert found(database).get(IDENTICAL, (0.0, [0]))[1] == (expected if number >= 2 else [0])
    assert found(database) == {IDENTICAL: (0.0, [0, 2, 3])}
    assert mine.look() == 0


@pytest.mark.req("APO-25")
def test_near_images_faces_and_signatures_each_with_their_measure(database: Database) -> None:
    see(
        database,
        0,
        {FRONT: some_print(1), "anverso.retrato": some_print(2), "firma.png": some_print(3)},
        face(1),
    )
    see(database, 1, {FRONT: some_print(1, 9)})
    see(database, 2, {"anverso.retrato": some_print(2, LIMITS.near_bits)})
    see(database, 3, {"firma.png": some_print(3, 5)})
    see(database, 4, {FRONT: some_print(1, 90), "firma.png": some_print(3, 40)}, face(2, like=1, cosine=0.6))
    see(database, 5, {}, face(3, like=1, cosine=0.8))
    assert patterns(database).look() == 6
    near = Regla.IMAGEN_PARECIDA.value
    assert found(database) == {
        (near, FRONT, folio(0)): (9.0, [0, 1]),
        (near, "anverso.retrato", folio(0)): (24.0, [0, 2]),
        (Regla.FIRMA.value, "firma.png", folio(0)): (5.0, [0, 3]),
        (Regla.ROSTRO.value, "rostro", folio(0)): (pytest.approx(0.8, abs=0.01), [0, 5]),
    }


def test_the_same_card_photographed_twice_and_the_same_face_twice_are_of_one_person(
    database: Database,
) -> None:
    for number in range(2):
        see(
            database, number, {FRONT: some_print(number), "anverso.retrato": some_print(9)}, face(4), person=1
        )
    see(database, 2, {FRONT: some_print(2), "anverso.retrato": some_print(9, 3)}, face(4), person=2)
    patterns(database).look()
    assert {key[1]: numbers for key, (_, numbers) in found(database).items()} == {
        "anverso.retrato": [0, 1, 2],
        "rostro": [0, 1, 2],
    }


def test_what_is_told_of_the_image_is_not_told_again_of_its_portrait(database: Database) -> None:
    for number in range(3):
        prints = {EXACT + FRONT: b"exactame", FRONT: some_print(1), "anverso.retrato": some_print(2)}
        see(database, number, prints)
    patterns(database).look()
    assert found(database) == {IDENTICAL: (0.0, [0, 1, 2])}


@pytest.mark.req("APO-25")
def test_pace_distance_night_and_shared_devices(database: Database) -> None:
    limits = replace(
        LIMITS,
        captures_per_hour_device=3,
        captures_per_hour_auxiliar=3,
        night_captures=2,
        devices_per_auxiliar=2,
    )
    for number in range(5):  # one device, a minute each
        at = START + timedelta(minutes=number)
        see(database, number, captured=at, dispositivo="rapido", auxiliar="A1")
    at = START + timedelta(days=1)
    see(database, 5, place=Place(22.77, -102.58), captured=at, dispositivo="lejos", auxiliar="A2")
    see(
        database,
        6,
        place=Place(20.66, -103.35),
        captured=at + timedelta(hours=1),
        dispositivo="lejos",
        auxiliar="A2",
    )
    see(
        database,
        7,
        place=Place(20.66, -103.35),
        captured=at + timedelta(hours=9),
        dispositivo="lejos",
        auxiliar="A3",
    )
    night = START + timedelta(days=2, hours=13)  # one o'clock
    for number in (8, 9):
        see(
            database, number, captured=night + timedelta(hours=number - 8), dispositivo="noche", auxiliar="A4"
        )
    see(database, 10, captured=START + timedelta(days=9), dispositivo="otro", auxiliar="A4")
    mine = patterns(database, limits=limits)
    mine.look()
    assert found(database) == {
        ("ritmo-imposible", "dispositivo", "rapido"): (5.0, [0, 1, 2, 3, 4]),
        ("ritmo-imposible", "auxiliar", "A1"): (5.0, [0, 1, 2, 3, 4]),
        ("distancia-imposible", "dispositivo", "lejos"): (pytest.approx(248, abs=3), [5, 6]),
        ("dispositivo-compartido", "dispositivo", "lejos"): (2.0, [5, 6, 7]),
        ("capturas-de-noche", "dispositivo", "noche"): (2.0, [8, 9]),
        ("auxiliar-con-muchos-dispositivos", "auxiliar", "A4"): (2.0, [8, 9, 10]),
    }
    see(database, 11, captured=START + timedelta(days=10), dispositivo="lejos", auxiliar="A2")
    mine.look()
    assert found(database)["dispositivo-compartido", "dispositivo", "lejos"] == (2.0, [5, 6, 7, 11])


def test_a_record_that_is_like_two_patterns_comes_into_both(database: Database) -> None:
    prints = {0: (1, 0), 1: (1, 20), 2: (1, 60), 3: (1, 44), 4: (1, 40)}
    for number, (base, flipped) in prints.items():
        see(database, number, {FRONT: some_print(base, flipped)})
    patterns(database).look()
    # 0-1 are near, 2-3 are near; 4 is near 1 (20), 2 (20) and 3 (4); 1-3 are 24 apart.
    groups = [numbers for _, numbers in found(database).values()]
    assert groups == [[0, 1, 3, 4], [2, 3, 4]]


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=25),
    st.lists(st.integers(1, 6), max_size=8),
    st.integers(2, 7),
)
@settings(max_examples=15)
def test_restarts_and_segments_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, images: list[int], stops: list[int], size: int
) -> None:
    database, boveda = fresh(tmp_path_factory.mktemp("db")), Boveda()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(looking, "SEGMENT", size)
        patch.setattr(looking, "BATCH", 2)
        mine, until = patterns(database, boveda), set(stops)
        for number, image in enumerate(images):
            see(database, number, {EXACT + FRONT: some_print(image)[:8]})
            if number % 7 in until:
                mine = patterns(database, boveda)
            if number % 2:
                mine.look()
        mine.look()
    groups = [[at for at, one in enumerate(images) if one == image] for image in range(4)]
    assert sorted(numbers for _, numbers in found(database).values()) == sorted(
        g for g in groups if len(g) > 1
    )
    with database.reading() as connection:
        segments = connection.execute(select(func.count()).select_from(segmentos_vistos)).scalar_one()
        loose = connection.execute(select(func.count(vistos.c.sellado))).scalar_one()
        orden = connection.execute(select(vistos.c.orden).order_by(vistos.c.folio)).scalars().all()
    assert (segments, loose) == divmod(len(images), size)
    assert orden == list(range(len(images)))
    database.engine.dispose()


def test_workers_at_once_find_what_one_would(database: Database) -> None:
    workers = [patterns(database) for _ in range(3)]
    for number in range(30):
        see(database, number, {EXACT + FRONT: some_print(number % 3)[:8]})
        if number == 9:
            assert sum(worker.look() for worker in workers) == 10
    with ThreadPoolExecutor(3) as pool:
        while sum(pool.map(lambda worker: worker.look(), workers)):
            pass
    assert {tuple(numbers) for _, numbers in found(database).values()} == {
        tuple(range(start, 30, 3)) for start in range(3)
    }
    assert len(found(database)) == 3


def test_a_failure_undoes_the_look_and_the_next_one_ends_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, advance = patterns(database), store_sql.SqlSeen.advance
    for number in range(4):
        see(database, number, {EXACT + FRONT: b"el mismo"})

    def fails(*_: object) -> None:
        raise OSError("disco lleno")

    monkeypatch.setattr(store_sql.SqlSeen, "advance", fails)
    with pytest.raises(OSError, match="disco"):
        mine.look()
    assert found(database) == {}
    monkeypatch.setattr(store_sql.SqlSeen, "advance", advance)
    assert mine.look() == 4
    assert found(database) == {IDENTICAL: (0.0, [0, 1, 2, 3])}


def test_one_row_that_does_not_open_stops_no_other_and_a_boveda_out_of_reach_loses_none(
    database: Database,
) -> None:
    boveda = Boveda()
    for number in range(3):
        see(database, number, {EXACT + FRONT: b"el mismo"})
    with database.reading() as connection:
        sealed = connection.execute(select(vistos.c.sellado).where(vistos.c.folio == folio(1))).scalar_one()
    boveda.lost.add(sealed)
    mine, boveda.down = patterns(database, boveda), True
    with pytest.raises(OSError, match="respuesta"):
        mine.look()
    boveda.down = False
    assert mine.look() == 3
    assert found(database) == {IDENTICAL: (0.0, [0, 2])}


def test_a_record_that_is_kept_twice_is_looked_for_once(database: Database) -> None:
    mine = patterns(database)
    see(database, 0)
    mine.look()
    with database.writing() as connection:
        record = connection.execute(select(vistos)).one()
        store_sql.SqlSeen(connection).keep(record, b"otra", False)  # type: ignore[arg-type]
    assert mine.look() == 0


@pytest.mark.req("APO-14", "APO-25")
def test_prints_rest_sealed_and_are_gone_after_the_process(database: Database) -> None:
    mark = some_print(1)
    for number in range(2):
        see(database, number, {FRONT: mark, EXACT + FRONT: mark[:8]}, face(1), place=Place(22.5, -102.5))
    mine = patterns(database)
    mine.look()
    with database.reading() as connection:
        kept = [bytes(one) for one in connection.execute(select(vistos.c.sellado)).scalars()]
    assert all(
        mark not in one and face(1)[:16] not in one and one.startswith(PROCESO.encode()) for one in kept
    )
    with database.writing() as connection:
        store_sql.forget(connection, PROCESO)
    mine.look()
    assert not mine._open
    with database.reading() as connection:
        for table in (vistos, patrones, indices_vistos, segmentos_vistos):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(registros)).scalar_one() == 2


@pytest.mark.req("APO-25")
def test_looking_changes_no_record(database: Database) -> None:
    for number in range(2):
        see(database, number, {EXACT + FRONT: b"el mismo"})
    with database.writing() as connection:
        connection.execute(
            update(registros).where(registros.c.folio == folio(1)).values(estado="en-procesamiento")
        )
        before = connection.execute(select(registros).order_by(registros.c.folio)).all()
    patterns(database).look()
    with database.reading() as connection:
        assert connection.execute(select(registros).order_by(registros.c.folio)).all() == before
