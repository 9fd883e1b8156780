"""Which incisos are suggested, in which words, and where they show."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.mesa.catalogue import DERFE
from capture.packet.record import IMAGES
from capture.processing.datos import Fuente, Valor
from capture.reading.document import Document, parse_document
from capture.reading.errors import ReadingRefusal, Unread
from capture.reading.merging import Difference
from capture.reading.record import FILES, unread
from capture.reading.results import (
    Band,
    CardReading,
    Contradiction,
    Defect,
    FaceDefect,
    FaceReading,
    Found,
    Missing,
    Quality,
    RecordReading,
    Side,
    SignatureDefect,
    SignatureReading,
    Unopened,
)
from capture.reading.suggestion import MAX_WHY_CHARS, Plane, Strength
from capture.reading.suggestions import suggest
from capture.reading.suggestions_files import NAMES, REASONS
from tests.capture.reading.making import CLAVE, FULL, PLACE, card, found, reading

FINE = Quality()


def _with(front: tuple[Defect, ...] = (), back: tuple[Defect, ...] = ()) -> CardReading:
    return card(sides={Side.ANVERSO: Quality(front), Side.REVERSO: Quality(back)})


def _unopened(name: str, why: Unopened) -> RecordReading:
    """What is read of a record one of whose files is no picture."""
    sides = {side: Quality((Defect.NOT_READABLE,)) if FILES[side] == name else FINE for side in Side}
    shown = {side: None if FILES[side] == name else side for side in Side}
    made = replace(reading(card(sides=sides, shown=shown)), unopened={name: why})
    face = FaceReading(()) if name == "foto.jpg" else made.face
    return replace(made, face=face, signature=SignatureReading(()))


def _told(read: RecordReading) -> list[tuple[str, str, str | None]]:
    return [(one.inciso, one.strength.value, one.file) for one in suggest(read)]


@pytest.mark.req("APO-18")
@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (reading(), []),
        (
            reading(card(shown={Side.ANVERSO: None, Side.REVERSO: Side.REVERSO})),
            [("a", "parece", "anverso.jpg")],
        ),
        (_unopened("reverso.jpg", Unopened.CUT), [("f", "parece", "reverso.jpg")]),
        (_unopened("foto.jpg", Unopened.FORMAT), [("f", "parece", "foto.jpg")]),
        (_unopened("firma.png", Unopened.DAMAGED), [("f", "parece", "firma.png")]),
        (_unopened("reverso.jpg", Unopened.ABSENT), [("b", "parece", None)]),
        (_unopened("foto.jpg", Unopened.ABSENT), [("f", "parece", None)]),
        (_unopened("firma.png", Unopened.ABSENT), [("j", "parece", None)]),
        (
            reading(card(shown=dict.fromkeys(Side, Side.ANVERSO), same_card=False)),
            [("b", "parece", "reverso.jpg")],
        ),
        (reading(card(same_card=False)), [("c", "parece", "reverso.jpg")]),
        (reading(_with((Defect.SCREEN,))), [("d", "parece", "anverso.jpg")]),
        (reading(_with((), (Defect.PHOTOCOPY,))), [("e", "parece", "reverso.jpg")]),
        (reading(_with((Defect.OVERLAID,))), [("n", "parece", "anverso.jpg")]),
        (reading(face=FaceReading((FaceDefect.NONE,))), [("h", "parece", "foto.jpg")]),
        (reading(face=FaceReading((FaceDefect.SEVERAL,))), [("h", "duda", "foto.jpg")]),
        (reading(face=FaceReading((FaceDefect.COVERED,))), [("i", "parece", "foto.jpg")]),
        (reading(face=FaceReading((), band=Band.DIFFERENT)), [("g", "parece", "anverso.jpg")]),
        (reading(face=FaceReading((), band=Band.PERSON)), [("g", "duda", "anverso.jpg")]),
        (reading(signature=SignatureReading((SignatureDefect.EMPTY,))), [("m", "parece", "firma.png")]),
        (reading(signature=SignatureReading((SignatureDefect.TICK,))), [("j", "parece", "firma.png")]),
        (reading(signature=SignatureReading((SignatureDefect.INITIALS,))), [("j", "duda", "firma.png")]),
        (reading(signature=SignatureReading((), 0.05)), [("l", "duda", "firma.png")]),
        (unread(), []),
    ],
)
def test_each_defect_has_its_inciso(read: RecordReading, expected: list[tuple[str, str, str]]) -> None:
    assert _told(read) == expected


def test_what_is_recognised_is_a_card_whatever_its_edges_and_what_is_blurred_may_be_one() -> None:
    assert suggest(reading(_with((Defect.NO_CARD,)))) == ()
    unknown = card(
        shown={Side.ANVERSO: None, Side.REVERSO: Side.REVERSO}, sides=_with((Defect.BLURRED,)).sides
    )
    assert suggest(reading(unknown)) == ()


def test_a_turned_pair_of_images_is_no_inconsistency() -> None:
    swapped = {Side.ANVERSO: Side.REVERSO, Side.REVERSO: Side.ANVERSO}
    assert suggest(reading(card(shown=swapped))) == ()


@pytest.mark.parametrize("defect", list(FaceDefect))
def test_every_defect_of_a_face_can_be_said(defect: FaceDefect) -> None:
    assert len(suggest(reading(face=FaceReading((defect,))))) == 1


@pytest.mark.parametrize("defect", list(SignatureDefect))
def test_every_defect_of_a_signature_can_be_said(defect: SignatureDefect) -> None:
    assert len(suggest(reading(signature=SignatureReading((defect,))))) == 1


def _values(**changes: Found) -> CardReading:
    return card(
        values={**card().values, **changes},
        sides={Side.ANVERSO: Quality((Defect.BLURRED, Defect.GLARE)), Side.REVERSO: FINE},
    )


def test_what_cannot_be_read_is_named_with_the_reason_and_its_place() -> None:
    gone = Found(None, side=Side.ANVERSO, where=PLACE, missing=Missing.UNCLEAR)
    (only,) = suggest(reading(_values(clave_elector=gone)))
    assert (only.inciso, only.file, only.box, only.plane) == ("f", "anverso.jpg", PLACE, Plane.CARD)
    assert only.why == (
        "No se lee con certeza la clave de elector en la imagen del anverso: la imagen está borrosa y hay un "
        "reflejo."
    )


def test_of_cic_and_ocr_one_is_enough() -> None:
    gone, none = Found(None, missing=Missing.NOT_FOUND), Found(None, missing=Missing.NOT_ON_MODEL)
    assert suggest(reading(_values(cic=gone))) == ()
    assert suggest(reading(_values(cic=none, ocr=found("0123456789012")))) == ()
    assert [one.rule for one in suggest(reading(_values(cic=none, ocr=gone)))] == ["ilegible.cic"]


def test_curp_and_clave_that_differ_are_n_and_show_where() -> None:
    one = Contradiction("cruce.curp-clave", ("curp", "clave_elector"))
    (only,) = suggest(reading(card(contradictions=(one,))))
    assert (only.inciso, only.rule, only.plane) == ("n", "no-coincide.cruce.curp-clave", Plane.CARD)
    assert only.why == "No coinciden la CURP y la clave de elector de la credencial."


def test_what_the_device_sent_otherwise_is_pointed_out_without_either_value() -> None:
    said = Valor("ZZZZZZ80010132M100", Fuente.QR, 1.0)
    (only,) = suggest(reading(), (Difference("clave_elector", said, found(CLAVE, Fuente.MRZ, 0.99)),))
    assert (only.inciso, only.strength) == ("n", Strength.SEEMS)
    assert said.valor not in only.why and CLAVE not in only.why
    guess = Difference("clave_elector", said, found(CLAVE, Fuente.OCR, 0.8))
    assert suggest(reading(), (guess,))[0].strength is Strength.DOUBT


_QUALITY = st.lists(st.sampled_from(list(Defect)), unique=True, max_size=4).map(lambda d: Quality(tuple(d)))
_VALUES = st.one_of(
    st.just(found(CLAVE)), st.sampled_from(list(Missing)).map(lambda m: Found(None, missing=m))
)


@given(
    st.fixed_dictionaries(dict.fromkeys(Side, _QUALITY)),
    st.fixed_dictionaries({side: st.sampled_from([None, *Side]) for side in Side}),
    st.fixed_dictionaries(dict.fromkeys(card().values, _VALUES)),
    st.lists(st.sampled_from(list(FaceDefect)), unique=True),
    st.sampled_from([None, *Band]),
    st.sampled_from([None, True, False]),
)
def test_whatever_was_read_is_said_in_sentences_of_incisos_that_there_are(
    sides: dict[Side, Quality],
    shown: dict[Side, Side | None],
    values: dict[str, Found],
    faces: list[FaceDefect],
    band: Band | None,
    same: bool | None,
) -> None:
    made = card(
        sides=sides, shown=shown, values=values, same_card=same, contradictions=FULL.card.contradictions
    )
    read = reading(made, FaceReading(tuple(faces), band=band))
    suggested = suggest(read)
    assert {one.inciso for one in suggested} <= {row.inciso for row in DERFE.rows} - {"k"}
    for one in suggested:
        assert one.why[0].isupper() and one.why.endswith(".") and len(one.why) <= MAX_WHY_CHARS
        assert one.why.isprintable() and CLAVE not in one.why
    document = Document(read, None, (), suggested)
    assert parse_document(document.encode()) == document


def test_the_document_keeps_differences_with_both_values() -> None:
    said = Valor("OTRA", Fuente.DISPOSITIVO, 0.5)
    document = Document(FULL, Unread.TIME, (Difference("nombre", said, found("ELENA"), False),))
    assert parse_document(document.encode()) == document
    for broken in (b"{}", document.encode().replace(b'"nombre","dispo', b'"apodo","dispo'), b"x" * 300_000):
        with pytest.raises(ReadingRefusal):
            parse_document(broken)


def test_a_side_that_is_in_no_image_is_missing_and_not_illegible() -> None:
    nothing = Found(None, missing=Missing.NOT_FOUND)
    unread = {**card().values, "cic": nothing, "ocr": nothing}
    twice = card(shown=dict.fromkeys(Side, Side.ANVERSO), values=unread)
    assert [one.inciso for one in suggest(reading(twice))] == ["b"]


@pytest.mark.req("APO-18")
@pytest.mark.parametrize(
    ("read", "words"),
    [
        (SignatureReading((SignatureDefect.DOT,)), "un punto"),
        (SignatureReading((SignatureDefect.LINE,)), "una línea"),
        (SignatureReading((SignatureDefect.CROSS,)), "una cruz o una «X»"),
        (SignatureReading((SignatureDefect.TICK,)), "una paloma"),
        (SignatureReading((SignatureDefect.INITIALS,)), "iniciales"),
        (SignatureReading((SignatureDefect.TICK,)), "se encuentra plasmado en la Credencial para Votar"),
        (
            SignatureReading((SignatureDefect.EMPTY,)),
            "apartado para la captación de la firma se observa en blanco",
        ),
        (SignatureReading((SignatureDefect.EMPTY,)), "se señala expresamente «sin firma»"),
        (SignatureReading((), 0.0), "a simple vista"),
        (SignatureReading((), 0.0), "rasgos generales de ambas firmas"),
    ],
)
def test_a_signature_is_spoken_of_in_the_words_of_the_rules(read: SignatureReading, words: str) -> None:
    (told,) = suggest(reading(signature=read))
    assert words in told.why
    assert len(told.why) <= MAX_WHY_CHARS


@pytest.mark.parametrize("why", [one for one in Unopened if one is not Unopened.STROKES])
@pytest.mark.parametrize("name", IMAGES)
def test_a_file_that_cannot_be_looked_at_is_named_with_its_reason_and_nothing_is_concluded(
    name: str, why: Unopened
) -> None:
    (told,) = suggest(_unopened(name, why))
    assert told.box is None and told.why.isprintable() and len(told.why) <= MAX_WHY_CHARS
    if why is Unopened.ABSENT:
        assert told.why.startswith("El registro no ") and told.file is None
    else:
        assert (told.inciso, told.file) == ("f", name)
        assert told.why.startswith(NAMES[name]) and told.why.endswith(f"{REASONS[why]}.")


def test_a_record_without_any_image_of_the_credential_is_no_record_of_one_side() -> None:
    both = dict.fromkeys(("anverso.jpg", "reverso.jpg"), Unopened.ABSENT)
    made = replace(reading(card(sides={}, shown={}, values={})), unopened=both)
    assert [one.inciso for one in suggest(made)] == ["a"]
