"""Records go from para-envio-a-compulsa to compulsado with what the padrón says, once and whatever fails."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest

from capture.compulsa.again import send_back
from capture.compulsa.compulsa import Compulsa, Tools
from capture.padron.errors import PadronRefusal
from capture.padron.keyed import PadronKey
from capture.padron.loading import Loading, Source
from capture.padron.situacion import Situacion
from capture.padron.store_sql import SqlPadron
from capture.processing.datos import Datos, Fuente, Valor
from capture.records.moves import SISTEMA, Changes, Move
from capture.records.reading_sql import SqlRecordReading
from capture.records.states import Causa, Estado
from capture.records.store_sql import SqlRecords
from ledger.database import Database
from tests.capture.processes_made import PROCESO, make_process
from tests.capture.records.making import AUDIENCIA, DERFE, OPERADOR, ListedActs, folio, new_record

KEY = PadronKey(bytes(32))
NOW = datetime(2022, 12, 20, 12, tzinfo=UTC)
HEADER = "clave_elector,cic,ocr,situacion,entidad\n"


def clave(number: int) -> str:
    return f"PRPRLZ800101{number % 32 + 1:02d}M{number % 1000:03d}"


class Boveda:
    """Seals by writing what it is; what is sealed to a process that was lost cannot be opened."""

    lost: frozenset[str] = frozenset()

    def unseal(self, proceso: str, data: bytes) -> bytes:
        if proceso in self.lost:
            raise OSError("no responde")
        return data


class Desk:
    """A database with a process, records that wait for compulsa, and a padrón."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.boveda = Boveda()
        tools = Tools(database, lambda c: SqlPadron(c, KEY), self.boveda, ListedActs(), lambda: NOW)
        self.compulsa = Compulsa(tools)
        with database.writing() as connection:
            make_process(connection)

    def load(self, *lines: str, fecha: date = date(2022, 12, 1)) -> None:
        text = (HEADER + "".join(f"{line}\n" for line in lines)).encode()
        work = Loading(self.database, KEY, lambda _: None, lambda _: None, lambda: NOW)
        work.run(Source(io.BytesIO(text), "padron.csv", fecha))

    def waiting(self, number: int, **values: str) -> None:
        """A record whose data have these values."""
        data = Datos({name: Valor(value, Fuente.QR, 1.0) for name, value in values.items()}).encode()
        with self.database.writing() as connection:
            records = SqlRecords(connection, ListedActs())
            records.create(new_record(number))
            steps = [
                Move(
                    folio(number), Estado.RECIBIDO, Estado.EN_PROCESAMIENTO, SISTEMA, NOW, Causa.PROCESAMIENTO
                ),
                Move(
                    folio(number),
                    Estado.EN_PROCESAMIENTO,
                    Estado.EN_MESA,
                    SISTEMA,
                    NOW,
                    Causa.PROCESADO,
                    changes=Changes(datos=data),
                ),
                Move(folio(number), Estado.EN_MESA, Estado.PARA_COMPULSA, OPERADOR, NOW, Causa.REVISION),
            ]
            for step in steps:
                records.transition(step)

    def situacion(self, number: int) -> tuple[Estado, str | None]:
        with self.database.reading() as connection:
            record = SqlRecordReading(connection).get(folio(number))
        return record.estado, record.situacion


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


@pytest.mark.req("APO-19")
def test_each_record_gets_what_the_padron_says_and_when(desk: Desk) -> None:
    desk.load(
        f"{clave(1)},000000001,,lista-nominal,32",
        f"{clave(2)},000000002,,defuncion,32",
        f"{clave(3)},000000003,,lista-nominal,09",
        f"{clave(4)},999999999,,lista-nominal,32",
    )
    for number in range(1, 6):
        desk.waiting(number, clave_elector=clave(number))
    run = desk.compulsa.run()
    assert run.done == 5
    assert [desk.situacion(number)[1] for number in range(1, 6)] == [
        "lista-nominal",
        "defuncion",
        "otra-entidad",
        "datos-no-encontrados",
        "registro-no-encontrado",
    ]
    with desk.database.reading() as connection:
        last = SqlRecordReading(connection).history(folio(1))[-1]
    assert (last.causa, last.detalle) == ("compulsa", "corte 2022-12-01")


@pytest.mark.req("APO-19")
def test_corrected_data_are_the_ones_that_are_asked(desk: Desk) -> None:
    desk.load(f"{clave(1)},123456789,,lista-nominal,32")
    desk.waiting(1, clave_elector=f" {clave(1).lower()} ", cic="123456789")
    desk.compulsa.run()
    assert desk.situacion(1) == (Estado.COMPULSADO, "lista-nominal")


def test_a_record_without_a_clave_has_no_data_to_find(desk: Desk) -> None:
    desk.load(f"{clave(1)},000000001,,lista-nominal,32")
    desk.waiting(1, nombre="Ana")
    desk.waiting(2, clave_elector=clave(1), cic="000000001")
    desk.compulsa.run()
    assert desk.situacion(1) == (Estado.COMPULSADO, "datos-no-encontrados")
    assert desk.situacion(2) == (Estado.COMPULSADO, "lista-nominal")


def test_more_than_one_batch_is_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capture.compulsa.compulsa.BATCH", 3)
    desk.load(*(f"{clave(n)},{n:09d},,lista-nominal,32" for n in range(1, 9)))
    for number in range(1, 9):
        desk.waiting(number, clave_elector=clave(number))
    assert desk.compulsa.run((PROCESO,)).situaciones == {Situacion.LISTA_NOMINAL: 8}
    assert desk.compulsa.run().done == 0


def test_without_a_corte_nothing_moves(desk: Desk) -> None:
    desk.waiting(1, clave_elector=clave(1))
    with pytest.raises(PadronRefusal, match=r"padron\.sin-corte"):
        desk.compulsa.run()
    assert desk.situacion(1) == (Estado.PARA_COMPULSA, None)


def test_what_cannot_be_opened_waits_and_stops_no_other(desk: Desk) -> None:
    desk.load(f"{clave(1)},000000001,,lista-nominal,32")
    desk.waiting(1, clave_elector=clave(1))
    desk.boveda.lost = frozenset({PROCESO})
    assert desk.compulsa.run().waiting == (folio(1),)
    assert desk.situacion(1) == (Estado.PARA_COMPULSA, None)
    desk.boveda.lost = frozenset()
    assert desk.compulsa.run().done == 1


@pytest.mark.req("APO-19")
def test_the_newest_corte_answers_again_but_not_over_a_document(desk: Desk) -> None:
    desk.load(f"{clave(1)},000000001,,lista-nominal,32", f"{clave(2)},000000002,,cancelacion-de-tramite,32")
    for number in (1, 2):
        desk.waiting(number, clave_elector=clave(number))
    desk.compulsa.run()
    shown = Move(
        folio(2),
        Estado.COMPULSADO,
        Estado.COMPULSADO,
        AUDIENCIA,
        NOW,
        Causa.DOCUMENTO_PRESENTADO,
        changes=Changes(acreditado="audiencia-1"),
    )
    with desk.database.writing() as connection:
        SqlRecords(connection, ListedActs()).transition(shown)
    desk.load(f"{clave(1)},000000001,,defuncion,32", fecha=date(2022, 12, 15))
    assert send_back(desk.database, ListedActs(), PROCESO, DERFE, NOW) == 1
    assert desk.compulsa.run().situaciones == {Situacion.DEFUNCION: 1}
    assert desk.situacion(2) == (Estado.COMPULSADO, "cancelacion-de-tramite")


def test_a_record_that_was_moved_meanwhile_is_left_alone(desk: Desk) -> None:
    desk.load(f"{clave(1)},000000001,,lista-nominal,32")
    desk.waiting(1, clave_elector=clave(1))
    with desk.database.reading() as connection:
        stale = SqlRecordReading(connection).get(folio(1))
    assert desk.compulsa.run().done == 1
    assert desk.compulsa._settle([(stale, None)], SISTEMA) == []
    assert desk.situacion(1) == (Estado.COMPULSADO, "lista-nominal")
