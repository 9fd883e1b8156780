"""Loading a padrón: what is refused and why, and that half a file never answers."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from capture.padron import store_sql
from capture.padron.errors import PadronRefusal
from capture.padron.keyed import PadronKey
from capture.padron.line import Refused
from capture.padron.loading import Loaded, Loading, Progress, Source
from capture.padron.ports import NumberKind, Pregunta
from capture.padron.situacion import Situacion
from capture.padron.store_sql import SqlPadron
from capture.padron.tables import cortes, padron
from ledger.database import Database

KEY = PadronKey(bytes(range(32)))
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CORTE = date(2026, 11, 1)
HEADER = "clave_elector,cic,ocr,situacion,entidad\n"
ANA, LUZ = "GMVLAN80010132M100", "RDSNLZ75050509M200"
GOOD = f"{ANA},123456789,,lista-nominal,32\n{LUZ},,1234567890123,defuncion,09\n"


class Clerk:
    """Loads texts and keeps what the loading tells."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.refused: list[Refused] = []
        self.progress: list[Progress] = []

    def load(self, text: str | bytes, fecha: date = CORTE, most: int = 0, key: PadronKey = KEY) -> Loaded:
        data = text.encode() if isinstance(text, str) else text
        work = Loading(self.database, key, self.refused.append, self.progress.append, lambda: NOW)
        return work.run(Source(io.BytesIO(data), "padron.csv", fecha, most))

    def ask(
        self,
        clave: str,
        kind: NumberKind | None,
        number: str | None,
        entidad: str | None = None,
        key: PadronKey = KEY,
    ) -> Situacion:
        with self.database.reading() as connection:
            return SqlPadron(connection, key).consulta(Pregunta(clave, kind, number, entidad))[0]


@pytest.fixture
def clerk(database: Database) -> Clerk:
    return Clerk(database)


@pytest.mark.req("APO-19")
def test_a_person_is_found_by_clave_and_number(clerk: Clerk) -> None:
    made = clerk.load(HEADER + GOOD)
    assert (made.accepted, made.refused) == (2, 0)
    assert made.sha256 == hashlib.sha256((HEADER + GOOD).encode()).digest()
    assert clerk.ask(ANA, "cic", "123456789") is Situacion.LISTA_NOMINAL
    assert clerk.ask(LUZ, "ocr", "1234567890123") is Situacion.DEFUNCION
    assert clerk.ask(ANA, "cic", "123456780") is Situacion.DATOS_NO_ENCONTRADOS
    assert clerk.ask(ANA, "ocr", "1234567890123") is Situacion.DATOS_NO_ENCONTRADOS
    assert clerk.ask(LUZ, None, None) is Situacion.DEFUNCION
    assert clerk.ask("XXXXXX80010132M100", "cic", "123456789") is Situacion.REGISTRO_NO_ENCONTRADO


@pytest.mark.req("APO-19")
def test_who_is_in_the_lista_nominal_of_another_entidad_is_told_apart(clerk: Clerk) -> None:
    clerk.load(HEADER + GOOD)
    assert clerk.ask(ANA, "cic", "123456789", "32") is Situacion.LISTA_NOMINAL
    assert clerk.ask(ANA, "cic", "123456789", "09") is Situacion.OTRA_ENTIDAD
    assert clerk.ask(LUZ, "ocr", "1234567890123", "32") is Situacion.DEFUNCION


def test_many_questions_are_answered_in_order(clerk: Clerk) -> None:
    lines = [f"ABCDEF800101{i % 32 + 1:02d}H{i:03d},{i:09d},,lista-nominal,32\n" for i in range(900)]
    clerk.load(HEADER + "".join(lines))
    questions = [Pregunta(line[:18], "cic", f"{i + i % 2:09d}") for i, line in enumerate(lines)]
    with clerk.database.reading() as connection:
        answers = list(SqlPadron(connection, KEY).consultas(questions).situaciones)
    expected = [Situacion.LISTA_NOMINAL, Situacion.DATOS_NO_ENCONTRADOS] * 450
    assert answers == expected


def test_nothing_personal_is_in_the_table(clerk: Clerk) -> None:
    clerk.load(HEADER + GOOD)
    with clerk.database.reading() as connection:
        held = repr(connection.execute(select(padron)).all())
        held += repr(connection.execute(select(cortes)).all())
    for personal in (ANA, LUZ, "123456789", "1234567890123"):
        assert personal not in held


@pytest.mark.parametrize(
    ("line", "columna", "encontrado"),
    [
        ("gmvlan80010132M100,123456789,,lista-nominal,32", "clave_elector", "aaaaaa99999999A999"),
        (f"{ANA},12345678,,lista-nominal,32", "cic", "99999999"),
        (f"{ANA},,12345678901,lista-nominal,32", "ocr", "99999999999"),
        (f"{ANA},,,lista-nominal,32", "cic", "los dos vacíos"),
        (f"{ANA},123456789,,otra-entidad,32", "situacion", "aaaa-aaaaaaa"),
        (f"{ANA},123456789,,lista-nominal,33", "entidad", "99"),
        (f"{ANA},123456789,lista-nominal,32", "(renglón)", "4"),
        (f'{ANA},"12,3,lista-nominal,32', "(renglón)", "otra cosa"),
        ("x" * 300, "(renglón)", "otra cosa"),
    ],
)
def test_a_refused_line_says_where_and_why_without_quoting_it(
    clerk: Clerk, line: str, columna: str, encontrado: str
) -> None:
    clerk.load(HEADER + f"{LUZ},,1234567890123,defuncion,09\n{line}\n", most=1)
    (refused,) = clerk.refused
    assert (refused.renglon, refused.columna, refused.encontrado) == (3, columna, encontrado)
    assert ANA not in repr(refused)


def test_bytes_that_are_not_utf8_refuse_their_line_only(clerk: Clerk) -> None:
    made = clerk.load(HEADER.encode() + b"\xff,1,2,3,4\n" + GOOD.encode(), most=1)
    assert (made.accepted, made.refused) == (2, 1)


def test_a_clave_written_twice_keeps_its_first_line(clerk: Clerk) -> None:
    clerk.load(HEADER + GOOD + f"{ANA},987654321,,defuncion,32\n", most=1)
    assert clerk.ask(ANA, "cic", "123456789") is Situacion.LISTA_NOMINAL
    assert clerk.refused == [
        Refused(4, "clave_elector", "una clave que no esté ya en el archivo", "la misma del renglón 2")
    ]


def test_a_file_with_another_header_is_refused(clerk: Clerk) -> None:
    with pytest.raises(PadronRefusal, match=r"padron\.encabezado"):
        clerk.load("cic,clave_elector\n")


def test_a_byte_order_mark_and_quotes_are_read(clerk: Clerk) -> None:
    clerk.load(f'\ufeff{HEADER}"{ANA}","123456789","","lista-nominal","32"\r\n')
    assert clerk.ask(ANA, "cic", "123456789") is Situacion.LISTA_NOMINAL


@pytest.mark.parametrize("fault", ["too many refused", "empty", "unreadable", "interrupted"])
@pytest.mark.req("APO-19")
def test_a_failed_load_leaves_the_corte_before(clerk: Clerk, fault: str) -> None:
    clerk.load(HEADER + GOOD)
    later = date(2026, 12, 1)
    other = HEADER + f"{ANA},987654321,,defuncion,32\n"
    if fault == "too many refused":
        with pytest.raises(PadronRefusal, match=r"padron\.rechazados"):
            clerk.load(other + "x\n", later)
    elif fault == "empty":
        with pytest.raises(PadronRefusal, match=r"padron\.vacio"):
            clerk.load(HEADER, later)
    elif fault == "unreadable":
        with pytest.raises(PadronRefusal, match=r"padron\.encabezado"):
            clerk.load(b"\x00", later)
    else:
        _interrupt(clerk, other, later)
    assert clerk.ask(ANA, "cic", "123456789") is Situacion.LISTA_NOMINAL
    with clerk.database.reading() as connection:
        assert SqlPadron(connection, KEY).consultas([]).corte == CORTE
        assert store_sql.history(connection)[0].estado == "fallido"


def _interrupt(clerk: Clerk, text: str, fecha: date) -> None:
    def stop(progress: Progress) -> None:
        if progress.stage == "guardar":
            raise KeyboardInterrupt

    work = Loading(clerk.database, KEY, clerk.refused.append, stop, lambda: NOW)
    with pytest.raises(KeyboardInterrupt):
        work.run(Source(io.BytesIO(text.encode()), "padron.csv", fecha))


@pytest.mark.req("APO-19")
def test_a_new_corte_takes_the_place_of_the_one_before(clerk: Clerk) -> None:
    clerk.load(HEADER + GOOD)
    clerk.load(HEADER + f"{ANA},987654321,,defuncion,32\n", date(2026, 12, 1))
    assert clerk.ask(ANA, "cic", "987654321") is Situacion.DEFUNCION
    assert clerk.ask(LUZ, "ocr", "1234567890123") is Situacion.REGISTRO_NO_ENCONTRADO
    with clerk.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(padron)).scalar_one() == 1
        assert [one.estado for one in store_sql.history(connection)] == ["vigente", "anterior"]


def test_what_an_interrupted_program_left_is_removed_by_the_next_load(clerk: Clerk) -> None:
    with clerk.database.writing() as connection:
        left = store_sql.begin(connection, CORTE, "padron.csv", KEY, NOW)
        store_sql.write_rows(connection, left, [(bytes(16), bytes(8), None, 1, 32)])
    clerk.load(HEADER + GOOD)
    with clerk.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(padron)).scalar_one() == 2
        assert [one.estado for one in store_sql.history(connection)] == ["vigente", "fallido"]


def test_an_earlier_cut_off_is_refused(clerk: Clerk) -> None:
    clerk.load(HEADER + GOOD)
    with pytest.raises(PadronRefusal, match=r"padron\.corte"):
        clerk.load(HEADER + GOOD, date(2026, 10, 31))


def test_without_a_corte_nothing_is_answered(clerk: Clerk) -> None:
    with pytest.raises(PadronRefusal, match=r"padron\.sin-corte"):
        clerk.ask(ANA, "cic", "123456789")


def test_another_key_does_not_turn_everybody_into_unknown(clerk: Clerk) -> None:
    clerk.load(HEADER + GOOD)
    with pytest.raises(PadronRefusal, match=r"padron\.llave"):
        clerk.ask(ANA, "cic", "123456789", key=PadronKey(bytes(32)))
