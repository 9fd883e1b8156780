"""Labels are found in whatever a reader makes of them, and tell what stands beside and under them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.credential.labels import Front, Printed, compact, folded, joined, occurs, rows, same_row, union
from capture.imaging.picture import Box
from tests.capture.credential.pages import LETTER, line

boxes = st.builds(Box, *[st.floats(0, 0.5)] * 2, *[st.floats(0.01, 0.5)] * 2)


@pytest.mark.parametrize(
    ("read", "names"),
    [
        ("NOMBRE", {"nombre"}),
        ("N0MBRE", {"nombre"}),
        ("nombre:", {"nombre"}),
        ("CLAVE DE ELECTOR", {"clave_elector"}),
        ("CLAVEDEELECT0R ABCDEF80010132M100", {"clave_elector"}),
        ("CLAVE DE ELECTORABCDEF80010132M100", {"clave_elector"}),
        ("AÑO DE REGISTRO", {"registro"}),
        ("ANO DE REGISTR0 2010 02", {"registro"}),
        ("SECCION 0123 VIGENCIA 2029", {"seccion", "vigencia"}),
        ("VIGENCIA HASTA", {"vigencia"}),
        ("SECCIÓN", {"seccion"}),
        ("DESTADO 32 MUNICIPIO 021", {"entidad", "municipio"}),
        ("SEXO H", {"sexo"}),
        ("SEXOM", {"sexo"}),
        ("FECHA DE NACIMIENT0", {"fecha_nacimiento"}),
    ],
)
def test_labels_as_readers_give_them(read: str, names: set[str]) -> None:
    assert Front([line(read)]).names == names


@pytest.mark.parametrize(
    "read", ["NOMBREDO", "RENOMBRE", "ESTADOS", "AEDAD", "EL DESTADO", "EDADES", "MADROÑO", "", "123456"]
)
def test_words_that_only_contain_a_label_are_none(read: str) -> None:
    assert Front([line(read)]).names == frozenset()


def test_the_longest_label_wins_over_the_one_in_it() -> None:
    (label,) = Front([line("VIGENCIA HASTA 2024")]).labels
    assert (label.name, label.start, label.end) == ("vigencia", 0, 14)


def test_beside_a_label_on_its_own_line_and_in_the_same_one() -> None:
    glued = Front([line("SECCIÓN 0123 EMISIÓN 2014")])
    apart = Front([line("SECCIÓN"), line("0123", left=0.22), line("EMISIÓN", left=0.4), line("2014", 0.52)])
    for front in (glued, apart):
        texts = {label.name: front.beside(label) for label in front.labels}
        assert {name: text and text.text for name, text in texts.items()} == {
            "seccion": "0123",
            "emision": "2014",
        }


def test_what_is_far_away_on_the_row_is_not_beside() -> None:
    front = Front([line("SEXO"), line("M", left=0.6)])
    assert front.beside(front.labels[0]) is None


def test_the_paragraph_under_a_label_ends_at_the_next_label_or_a_gap() -> None:
    lines = [line("NOMBRE"), line("CEDRO", top=0.15), line("OLMO", top=0.2), line("DOMICILIO", top=0.26)]
    front = Front([*lines, line("C ROSAS 1", top=0.31), line("MUESTRA", top=0.7)])
    under = {label.name: [row.text for row in front.under(label)] for label in front.labels}
    assert under == {"nombre": ["CEDRO", "OLMO"], "domicilio": ["C ROSAS 1"]}


def test_another_column_is_not_part_of_the_paragraph() -> None:
    front = Front([line("NOMBRE"), line("CEDRO", top=0.15), line("01/02/1980", left=0.7, top=0.15)])
    assert [row.text for row in front.under(front.labels[0])] == ["CEDRO"]


def test_words_of_a_row_that_a_reader_cut_apart_are_joined() -> None:
    second = line("CEIBA", left=0.1 + 5 * LETTER + 0.02, top=0.15, sure=0.5)
    front = Front([line("NOMBRE"), line("DE LA", top=0.15), second])
    (row,) = front.under(front.labels[0])
    assert (row.text, row.sure) == ("DE LA CEIBA", 0.5)


@given(st.lists(boxes, min_size=1))
def test_the_union_holds_every_box(every: list[Box]) -> None:
    whole = union(every)
    for box in every:
        assert whole.left <= box.left
        assert whole.top <= box.top
        assert box.left + box.width <= whole.left + whole.width + 1e-9
        assert box.top + box.height <= whole.top + whole.height + 1e-9


@given(st.lists(st.tuples(st.floats(0, 0.9), st.floats(0, 0.9)), max_size=12))
def test_rows_lose_no_line_and_go_from_left_to_right(places: list[tuple[float, float]]) -> None:
    lines = [line("X", left, top) for left, top in places]
    made = rows(lines)
    assert sorted(id(one) for row in made for one in row) == sorted(map(id, lines))
    for row in made:
        assert [one.where.left for one in row] == sorted(one.where.left for one in row)
        assert all(same_row(row[0].where, one.where) for one in row[1:]) or len(row) == 1


def test_joined_texts_are_as_sure_as_the_least_sure() -> None:
    assert joined([]) is None
    made = joined([Printed("A", 0.9, Box(0, 0, 1, 1)), Printed("B", 0.4, Box(0, 0, 1, 1))], "\n")
    assert made is not None
    assert (made.text, made.sure) == ("A\nB", 0.4)


@given(st.text(max_size=40))
def test_compact_says_where_each_letter_was(text: str) -> None:
    letters, places = compact(text)
    assert len(letters) == len(places)
    assert places == sorted(places)
    assert all(folded(text[at])[:1] or letter for letter, at in zip(letters, places, strict=True))


def test_a_word_occurs_with_one_wrong_letter_in_six() -> None:
    assert occurs("XXDOMIC1LIO".replace("1", "T"), "DOMICILIO") == 2
    assert occurs("DQMTCILIO", "DOMICILIO") is None
    assert occurs("CURB", "CURP") is None
    assert occurs("", "CURP") is None
