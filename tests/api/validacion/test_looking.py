"""The operator sees what the engines read beside what the person typed, and where (SEI-06)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from api.accounts.permissions import Actor, Role
from api.acts.tables import actos
from api.validacion.forms_looking import NOT_ASKED
from capture.imaging.picture import Box
from capture.preregistro.tables import preregistro_intentos
from capture.preregistro.verdict import Biometrics
from capture.reading.errors import NoReader, Unread
from capture.reading.results import Found, Side
from capture.reading.sandbox.cropping import Cut
from capture.reading.suggestion import Plane
from tests.api.preregistro.house import DURING, URL, House
from tests.capture.preregistro.asking import IMAGES, biometrics, fields_of

ANA, EVA = Actor("ana", Role.DEOEYG, verified=DURING), Actor("eva", Role.DEOEYG, verified=DURING)
QUEUE = f"{URL}/validacion/solicitudes"
PLACE = Box(0.25, 0.5, 0.25, 0.125)


class CutsOrNot:
    """In the place of the confined cropper, which tests/api/reading has at work: says what it is asked."""

    def __init__(self, answer: bytes | Unread | None) -> None:
        self.answer, self.asked = answer, list[tuple[bytes, Cut]]()

    def cut(self, image: bytes, cut: Cut) -> bytes | Unread:
        """See `Cropper`."""
        self.asked.append((image, cut))
        if self.answer is None:
            raise NoReader("no hay con qué")
        return self.answer

    def close(self) -> None:
        """Nothing runs."""


def read_otherwise(number: int) -> Biometrics:
    """Another OCR than the typed one, at a place of the back, whose card was found on its head."""
    seen = biometrics(fields_of(number), values={"ocr": None})
    assert seen.reading is not None
    card = seen.reading.card
    values = {**card.values, "ocr": Found("1111111111111", None, 0.97, Side.REVERSO, PLACE)}
    sides = {**card.sides, Side.REVERSO: replace(card.sides[Side.ANVERSO], figures={"girada": 1.0})}
    turned = replace(card, values=values, sides=sides)
    reading = replace(seen.reading, card=turned, prints={"anverso.jpg": b"12345678"})
    return replace(seen, reading=replace(reading, face=replace(reading.face, embedding=bytes(512))))


@pytest.mark.req("SEI-06")
def test_the_operator_sees_what_was_read_beside_what_was_typed(house: House) -> None:
    phone = house.asked(60, read_otherwise(60))
    assert house.hold(ANA) == phone.folio
    told = house.done(ANA, "GET", f"{QUEUE}/{phone.folio}/datos")
    rows = {one["nombre"]: one for one in told["datos"]}
    assert (rows["ocr"]["valor"], rows["ocr"]["coincide"]) == (fields_of(60)["ocr"], False)
    read = {"valor": "1111111111111", "certeza": 0.97, "fuente": None, "lado": "reverso"}
    assert rows["ocr"]["leido"] == {**read, "falta": None, "recorte": True}
    assert rows["clave_elector"]["coincide"] is True
    nothing = {"valor": None, "certeza": 0.0, "fuente": None, "lado": None}
    assert rows["nombre"]["leido"] == {**nothing, "falta": "no-se-encontro", "recorte": False}
    assert rows["nombre"]["coincide"] is None
    assert rows["unidad"]["leido"]["falta"] == "no-lo-tiene-el-modelo"
    assert (told["lectura"]["aviso"], told["lectura"]["rostro"]) == (None, "coincide")
    assert [one["lado"] for one in told["lectura"]["lados"]] == ["anverso", "reverso"]


def test_the_reading_rests_sealed_without_the_face_and_the_prints(house: House) -> None:
    phone = house.asked(61, read_otherwise(61))
    c = preregistro_intentos.c
    with house.database.reading() as db:
        sealed = db.execute(select(c.lectura).where(c.folio == phone.folio)).scalar_one()
    assert b"1111111111111" not in sealed
    text = house.services.chamber.open("presupuesto-2027", sealed)
    assert b"1111111111111" in text
    assert b'"vector":null' in text
    assert b'"huellas":{}' in text


@pytest.mark.req("SEI-06")
def test_a_part_of_the_credential_is_cut_out_for_whoever_holds_the_request(house: House) -> None:
    cuts = CutsOrNot(b"recorte")
    object.__setattr__(house, "services", replace(house.services, cropper=cuts))
    phone = house.asked(62, read_otherwise(62))
    path = f"{QUEUE}/{phone.folio}/recortes"
    assert house.ask(ANA, "GET", f"{path}/ocr").status_code == 404, "nobody holds it yet"
    house.hold(ANA)
    shown = house.ask(ANA, "GET", f"{path}/ocr")
    assert (shown.content, shown.headers["cache-control"]) == (b"recorte", "no-store")
    assert cuts.asked == [(IMAGES["reverso.jpg"], Cut(PLACE, Plane.CARD, turned=True))]
    for field in ("nombre", "unidad", "telefono", "nada"):
        assert house.ask(ANA, "GET", f"{path}/{field}").status_code == 404
    assert house.ask(EVA, "GET", f"{path}/ocr").status_code == 404
    assert house.ask(Role.CAT, "GET", f"{path}/ocr").status_code == 403
    cuts.answer = Unread.FAULT
    assert house.ask(ANA, "GET", f"{path}/ocr").status_code == 404
    cuts.answer = None
    assert house.ask(ANA, "GET", f"{path}/ocr").status_code == 503
    with house.database.reading() as db:
        kinds = list(db.execute(select(actos.c.tipo).where(actos.c.objeto == phone.folio)).scalars())
    assert "validacion.recorte" in kinds


@pytest.mark.req("SEI-06")
def test_where_nothing_was_read_the_operator_is_told_why(house: House) -> None:
    cases = ((63, Biometrics(None, None, Unread.TIME), "tardó demasiado"), (64, Biometrics(None, None), ""))
    for number, said, why in cases:
        phone = house.asked(number, said)
        assert house.hold(ANA) == phone.folio
        told = house.done(ANA, "GET", f"{QUEUE}/{phone.folio}/datos")
        assert why in told["lectura"]["aviso"]
        assert all(one["leido"] is None and one["coincide"] is None for one in told["datos"])
        house.done(ANA, "POST", f"{QUEUE}/{phone.folio}/rechazo", json={"causa": 8})
    assert told["lectura"]["aviso"] == NOT_ASKED
