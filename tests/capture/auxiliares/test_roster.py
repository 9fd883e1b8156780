"""Rosters of auxiliares: CSV and XLSX, each kind of bad row, and files made to hurt."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from capture.auxiliares.errors import FormRefusal, RosterRefusal
from capture.auxiliares.form import LABELS, AuxiliarForm, read_auxiliar
from capture.auxiliares.roster import MAX_BYTES, RosterReport, Taken, check_roster, read_roster
from capture.auxiliares.roster_row import MAX_ROWS
from tests.capture.registration_samples import TODAY, auxiliar_form, changed, clave, curp

HEADER = list(LABELS.values())


def row(form: AuxiliarForm) -> list[str]:
    return list(asdict(form).values())


def csv_file(rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEADER, *rows])
    return text.getvalue().encode(encoding)


def xlsx_file(rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER) -> bytes:
    book = Workbook()
    for cells in [header, *rows]:
        book.active.append(list(cells))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def check(data: bytes, taken: Taken | None = None) -> RosterReport:
    return check_roster(read_roster(data), TODAY, taken or Taken())


@pytest.mark.req("APO-04")
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_of_any_spreadsheet_is_read(delimiter: str, encoding: str) -> None:
    forms = [changed(auxiliar_form(n), nombre="Ñandú María") for n in range(3)]
    report = check(csv_file([row(form) for form in forms], delimiter, encoding))
    assert report.findings == ()
    assert report.people == tuple(read_auxiliar(form, TODAY) for form in forms)


@pytest.mark.req("APO-04")
def test_an_xlsx_with_dates_and_numbers_as_excel_keeps_them_is_read() -> None:
    cells: list[object] = list(row(auxiliar_form()))
    cells[3], cells[4] = date(1980, 1, 1), 4921234567
    empty = [None] * len(cells)
    report = check(xlsx_file([cells, empty, row(auxiliar_form(1))]))
    assert report.findings == ()
    assert report.people == tuple(read_auxiliar(auxiliar_form(n), TODAY) for n in range(2))


@pytest.mark.req("APO-04")
@pytest.mark.parametrize("make", [csv_file, xlsx_file])
@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"nombre": ""}, "Nombre(s)", "nombre.vacio"),
        ({"apellido_paterno": "4"}, "Apellido Paterno", "nombre.vacio"),
        ({"fecha_nacimiento": "31/02/1980"}, "Fecha de nacimiento", "fecha.calendario"),
        ({"fecha_nacimiento": "02/01/1980"}, "Fecha de nacimiento", "cruce.fecha"),
        (
            {"fecha_nacimiento": "28/11/2008", "clave_elector": clave(birth="081128")},
            "Fecha de nacimiento",
            "edad",
        ),
        ({"telefono": "123"}, "Número telefónico", "telefono"),
        ({"correo": "nadie"}, "Correo electrónico", "correo.forma"),
        ({"autenticacion": "otro"}, "Tipo de autenticación", "autenticacion"),
        ({"clave_elector": "ABC"}, "Clave de elector", "clave.largo"),
        ({"curp": curp()[:-1] + "x"}, "CURP", "curp.forma"),
        ({"curp": curp(sexo="M")}, "CURP", "cruce.sexo"),
        ({"zona": "z" * 101}, "Zona de Referencia", "texto.largo"),
        ({"correo": "auxiliar0@EJEMPLO.mx"}, "Correo electrónico", "auxiliar.correo"),
        ({"clave_elector": clave(0)}, "Clave de elector", "auxiliar.clave_elector"),
    ],
)
def test_each_bad_row_is_reported_with_its_number_and_nobody_is_registered(
    make: object, change: dict[str, str], field: str, rule: str
) -> None:
    bad = changed(auxiliar_form(1), **change)
    report = check(make([row(auxiliar_form(0)), row(bad), row(auxiliar_form(2))]))  # type: ignore[operator]
    assert [(found.row, found.field, found.rule) for found in report.findings] == [(3, field, rule)]
    assert (report.rows, report.people) == (3, ())


@pytest.mark.req("APO-04")
def test_who_the_process_has_already_is_reported() -> None:
    taken = Taken(frozenset({"auxiliar1@ejemplo.mx"}), frozenset({clave(2)}))
    report = check(csv_file([row(auxiliar_form(n)) for n in range(3)]), taken)
    assert [(found.row, found.rule) for found in report.findings] == [
        (3, "auxiliar.correo"),
        (4, "auxiliar.clave_elector"),
    ]


def test_the_report_for_download_has_no_formula_and_none_of_the_data() -> None:
    bad = changed(auxiliar_form(), nombre="@SUM", telefono="666")
    text = check(csv_file([row(bad)])).as_csv().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0] == ["Renglón", "Dato", "Se esperaba", "Se encontró", "Regla"]
    assert {line[0] for line in lines[1:]} == {"2"}
    assert all(cell[:1] not in "=+-@" for line in lines for cell in line if cell)
    assert "666" not in text


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "archivo.vacio"),
        (",".join(HEADER).encode(), "archivo.vacio"),
        (b"a,b\n1,2\n", "archivo.columna"),
        (",".join([*HEADER, "CURP"]).encode() + b"\n", "archivo.columna"),
        (",".join(HEADER[1:]).encode() + b"\nx\n", "archivo.columna"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "archivo.tipo"),
        (b"%PDF-1.7\x00", "archivo.tipo"),
        (",".join(HEADER).encode("cp1252") + b"\n\x81", "archivo.codificacion"),
        (",".join(HEADER).encode() + b'\n"abierto', "archivo.csv"),
        (",".join(HEADER).encode() + b"\n" + b"," * 60 + b"\n", "archivo.columnas"),
        (csv_file([[*row(auxiliar_form()), "de más"]]), "archivo.columnas"),
        (csv_file([["=1+1", *row(auxiliar_form())[1:]]]), "archivo.formula"),
        (csv_file([["a" * 501, *row(auxiliar_form())[1:]]]), "archivo.celda"),
        (csv_file([["a"]] * (MAX_ROWS + 1)), "archivo.renglones"),
        (bytes(MAX_BYTES + 1), "archivo.tamano"),
        (xlsx_file([["=1+1", *row(auxiliar_form())[1:]]]), "archivo.formula"),
        (xlsx_file([["a"]] * (MAX_ROWS + 1)), "archivo.renglones"),
        (xlsx_file([]), "archivo.vacio"),
        (b"PK\x03\x04" + bytes(50), "archivo.xlsx"),
        (xlsx_file([row(auxiliar_form())])[:-100], "archivo.xlsx"),
    ],
)
def test_what_is_no_roster_is_refused_whole(data: bytes, rule: str) -> None:
    with pytest.raises(RosterRefusal) as refused:
        read_roster(data)
    assert refused.value.rule == rule


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("xl/worksheets/sheet1.xml", b"<a>" + b" " * 25_000_000 + b"</a>", "archivo.bomba"),
        ("xl/sharedStrings.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "archivo.entidades"),
        ("xl/sharedStrings.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"), "archivo.entidades"),
        ("xl/vbaProject.bin", b"macro", "archivo.macros"),
        ("xl/worksheets/sheet1.xml", b"<nada", "archivo.xlsx"),
        ("xl/workbook.xml", b"<workbook/>", "archivo.xlsx"),
        ("[Content_Types].xml", b"", "archivo.xlsx"),
    ],
)
def test_a_workbook_made_to_hurt_is_refused(name: str, content: bytes, rule: str) -> None:
    with pytest.raises(RosterRefusal) as refused:
        read_roster(repacked(xlsx_file([row(auxiliar_form())]), name, content))
    assert refused.value.rule == rule


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_is_refused_or_read_and_never_breaks(at: int, damage: bytes) -> None:
    data = bytearray(WORKBOOK)
    at %= len(data)
    data[at : at + len(damage)] = damage
    try:
        check(bytes(data))
    except RosterRefusal as refusal:
        assert refusal.rule.startswith("archivo.")


WORKBOOK = xlsx_file([row(auxiliar_form())])


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_or_read_and_never_break(data: bytes) -> None:
    with pytest.raises(RosterRefusal):
        read_roster(data)


def test_one_surname_is_enough_and_the_optional_data_may_be_missing() -> None:
    header = [label for name, label in LABELS.items() if name not in {"apellido_materno", "curp", "zona"}]
    cells = [v for k, v in asdict(auxiliar_form()).items() if k not in {"apellido_materno", "curp", "zona"}]
    (person,) = check(xlsx_file([cells], header)).people
    assert (person.apellido_materno, person.curp, person.zona) == ("", None, None)
    with pytest.raises(FormRefusal):
        read_auxiliar(changed(auxiliar_form(), apellido_paterno=""), TODAY)
