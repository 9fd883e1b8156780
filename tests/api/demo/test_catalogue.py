"""The catalogue of Unidades Territoriales is read whole or refused with the line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from api.demo.catalogue import MAX_PROJECT, of_demarcacion, parse_catalogue, read_catalogue
from api.demo.people import require_urns, unidades_of
from keys.errors import Refusal
from keys.randomness import SeededRandomness

HEADER = "clave,demarcacion,nombre,poblacion,proyecto_1,proyecto_2\n"
SHARED = Path(os.environ.get("CERTEZA_SHARED", Path(__file__).parents[4] / "shared"))
REAL = SHARED / "data" / "unidades_territoriales.csv"


def test_own_catalogue_holds_the_twelve_pueblos_of_milpa_alta() -> None:
    rows = read_catalogue(None)
    assert len(rows) == 12
    assert {r.demarcacion for r in rows} == {"MILPA ALTA"}
    assert all(r.projects and r.population > 0 for r in rows)


def test_columns_are_found_by_name_whatever_accents_case_and_order() -> None:
    text = "Proyecto único,POBLACIÓN 2010,Nombre,Demarcación,CLAVE\nParque,120,Centro,TLALPAN,12-001\n"
    (row,) = parse_catalogue(text, "x.csv")
    assert (row.clave, row.demarcacion, row.nombre, row.population) == ("12-001", "TLALPAN", "Centro", 120)
    assert row.projects == ("Parque",)


def test_description_is_preferred_to_the_class_of_a_project() -> None:
    header = "clave,demarcacion,nombre,poblacion,proyecto_clase,proyecto_descripcion\n"
    text = f"{header}1,D,N,5,Clase,Lo que se hará\n"
    assert parse_catalogue(text, "x.csv")[0].projects == ("Lo que se hará",)


def test_long_projects_are_cut_at_a_word_and_control_characters_become_spaces() -> None:
    (row,) = parse_catalogue(HEADER + f'1,D,N,5,"{"palabra " * 60}\n\tfin",\n', "x.csv")
    assert len(row.projects[0]) <= MAX_PROJECT
    assert row.projects[0].endswith("palabra…")


@pytest.mark.parametrize(
    ("text", "rule", "place"),
    [
        ("", "catalogo.filas", "x.csv"),
        (HEADER, "catalogo.filas", "x.csv"),
        ("clave,nombre,poblacion\n1,N,5\n", "catalogo.columnas", "línea 1"),
        (HEADER + "1,D,N,5,P\n", "catalogo.columnas", "línea 2"),
        (HEADER + "1,D,N,muchas,P,\n", "catalogo.poblacion", "línea 2"),
        (HEADER + "1,D,N,-5,P,\n", "catalogo.poblacion", "línea 2"),
        (HEADER + "1,D,N,5,P,\n1,D,M,6,P,\n", "catalogo.clave", "línea 3"),
        (HEADER + "../1,D,N,5,P,\n", "consulta.clave", "línea 2"),
        (HEADER + "1,,N,5,P,\n", "catalogo.vacio", "línea 2"),
        (HEADER + '1,D,N,5,"P,\n', "catalogo.csv", "línea 2"),
        (HEADER + '1,D,N,5,"P"x,\n', "catalogo.csv", "línea 2"),
        (HEADER + "1,D,N,5," + "P" * 200_000 + ",\n", "catalogo.csv", "línea 2"),
        (HEADER.replace(",", ";") + "1;D;N;5;P;\n", "catalogo.columnas", "línea 1"),
    ],
)
def test_flaws_are_refused_with_rule_and_line(text: str, rule: str, place: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_catalogue(text, "x.csv")
    assert caught.value.rule == rule
    assert place in caught.value.place


def test_missing_file_and_other_encodings_are_refused_not_crashed(tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes((HEADER + "1,D,Ñu,5,P,\n").encode("latin-1"))
    for path, rule in ((tmp_path / "no.csv", "catalogo.archivo"), (latin, "catalogo.utf8")):
        with pytest.raises(Refusal) as caught:
            read_catalogue(path)
        assert caught.value.rule == rule


@pytest.mark.parametrize("text", [HEADER + '1,D,N,5,"P,\n', HEADER.replace(",", ";") + "1;D;N;5;P;\n"])
def test_refusals_are_spanish_and_say_what_to_do(text: str) -> None:
    with pytest.raises(Refusal, match=r"comillas que se abren|separada por comas"):
        parse_catalogue(text, "x.csv")


def test_what_is_not_a_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tubo")
    (tmp_path / "vueltas").symlink_to(tmp_path / "vueltas")
    cases = {
        tmp_path / "tubo": "tubería",
        Path("/dev/zero"): "dispositivo",
        tmp_path: "una carpeta",
        tmp_path / "no.csv": "no existe",
        tmp_path / "vueltas": "los enlaces dan vueltas",
    }
    for path, said in cases.items():
        with pytest.raises(Refusal, match=said) as caught:
            read_catalogue(path)
        assert caught.value.rule == "catalogo.archivo"


def test_names_cannot_steer_the_terminal() -> None:
    (row,) = parse_catalogue(HEADER + "1,D\x00\x1b[2J,N\u202e  x,5,P\x1b,\n", "x.csv")
    assert (row.demarcacion, row.nombre, row.projects) == ("D [2J", "N x", ("P",))


@pytest.mark.parametrize(
    ("rows", "rule"), [("1,D,N,0,P,\n", "catalogo.poblacion"), ("1,D,N,5,,\n", "catalogo.proyectos")]
)
def test_catalogue_without_any_urn_is_refused_before_anything_begins(rows: str, rule: str) -> None:
    with pytest.raises(Refusal) as caught:
        require_urns(parse_catalogue(HEADER + rows, "x.csv"))
    assert caught.value.rule == rule


def test_line_ends_of_any_system_are_read() -> None:
    lines = (HEADER + '1,D,N,5,"dos\nlíneas",\n2,D,M,5,P,\n').replace("\n", "\r")
    for text in (lines, lines.replace("\r", "\r\n")):
        assert [r.projects for r in parse_catalogue(text, "x.csv")] == [("dos líneas",), ("P",)]


def test_projects_of_an_empty_unit_are_not_denied() -> None:
    rows = parse_catalogue(HEADER + "1,D,N,0,P,Q\n2,D,M,0,,\n3,D,L,9,P,\n", "x.csv")
    listed = {u.clave: u.proyectos for u in unidades_of(rows, SeededRandomness("x"))}
    assert listed["1"][:2] == ("P", "Q")
    assert listed["2"] == ()


def test_spellings_of_one_demarcacion_are_one() -> None:
    rows = parse_catalogue(HEADER + "1,Coyoacán,N,5,P,\n2,COYOACAN,M,5,P,\n", "x.csv")
    assert {r.demarcacion for r in rows} == {"Coyoacán"}


def test_unknown_demarcacion_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refusal, match="MILPA ALTA"):
        of_demarcacion(read_catalogue(None), "Narnia")


def test_missing_population_is_taken_from_the_median_of_the_demarcacion() -> None:
    rows = parse_catalogue(HEADER + "1,D,N,10,P,\n2,D,N,,P,\n3,D,N,30,P,\n4,E,N,,P,\n", "x.csv")
    assert [r.population for r in rows] == [10, 20, 30, 0]


@pytest.mark.skipif(not REAL.is_file(), reason="OMITIDA: falta el catálogo real; defina CERTEZA_SHARED")
def test_real_catalogue_of_mexico_city_has_1816_units_in_16_demarcaciones() -> None:
    rows = read_catalogue(REAL)
    assert len(rows) == 1816
    assert len({r.demarcacion for r in rows}) == 16
    assert len(of_demarcacion(rows, "Cuauhtémoc")) == 64


@pytest.mark.skipif(not REAL.is_file(), reason="OMITIDA: falta el catálogo real; defina CERTEZA_SHARED")
def test_every_unit_of_the_real_catalogue_gets_projects_for_its_ballot() -> None:
    unidades = unidades_of(read_catalogue(REAL), SeededRandomness("ciudad"))
    assert len(unidades) == 1816
    assert all(3 <= len(u.proyectos) <= 10 for u in unidades)
