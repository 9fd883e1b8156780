"""CURP, clave, names and machine-readable lines of drawn people agree; with a flaw they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from capture.credential.crosschecks import (
    contradictions,
    initials_agree,
    names_agree,
    same_birth,
    with_tildes,
)
from capture.credential.values import read_values
from capture.identity.mrz import Mrz, read_mrz
from capture.reading.results import Found, Side
from capture.specimens.flaws import Flaw, flawed
from capture.specimens.people import Person
from tests.capture.credential.pages import person_of, shown_of

MODELS = "DEFGHIJ"
SEEDS = [f"cruce-{at}" for at in range(12)]


def read(person: Person) -> tuple[set[str], object]:
    values = read_values(shown_of(person, Side.ANVERSO), shown_of(person, Side.REVERSO))
    return {one.rule for one in values.contradictions}, values


def mrz_of(person: Person) -> Mrz:
    made = read_mrz(person.mrz)
    assert made is not None
    return made


@pytest.mark.req("SEI-04")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_card_that_agrees_has_no_contradiction(seed: str) -> None:
    for model in MODELS:
        person = person_of(model, seed)
        values = read_values(shown_of(person, Side.ANVERSO), shown_of(person, Side.REVERSO))
        assert values.contradictions == ()
        assert names_agree(values.person, mrz_of(person)) is True
        assert same_birth(values.person, mrz_of(person))
        assert initials_agree(values.person)


@pytest.mark.req("SEI-04")
@pytest.mark.parametrize(
    ("flaw", "rules"),
    [
        (Flaw.CURP_DIGIT, {"curp.digito"}),
        (Flaw.CURP_BIRTH, {"cruce.fecha"}),
        (Flaw.SECTION, {"cruce.seccion"}),
        (Flaw.MRZ_CIC, {"mrz.cic", "mrz.compuesto"}),
        (Flaw.MRZ_BIRTH, {"mrz.compuesto"}),
        (Flaw.MRZ_COMPOSITE, {"mrz.compuesto"}),
        (Flaw.QR_CIC, {"cruce.cic"}),
    ],
)
def test_each_flaw_is_noticed(flaw: Flaw, rules: set[str]) -> None:
    for model in flaw.models:
        if model != "C":
            found, _ = read(flawed(person_of(model), flaw))
            assert found >= rules, model


@pytest.mark.parametrize("model", MODELS)
def test_the_back_of_somebody_else_contradicts(model: str) -> None:
    front, back = person_of(model), person_of(model, "otra")
    values = read_values(shown_of(front, Side.ANVERSO), shown_of(back, Side.REVERSO))
    found = {one.rule for one in values.contradictions}
    assert {"cruce.nombre", "cruce.fecha", "cruce.seccion"} <= found


def named(**names: str | None) -> Person:
    person = person_of("G")
    return replace(person, printed={**person.printed, **names})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "coded", "alike"),
    [
        (("MADROÑO", "NUÑO", "BEGOÑA"), "MADRONO<NUNO<<BEGONA<<<<<<<<<<", True),
        (("MADROÑO", "NUÑO", "BEGOÑA"), "MADROXO<NUXO<<BEGOXA<<<<<<<<<<", True),
        (("AGÜERO", "PÉREZ-LÓPEZ", "JOSÉ MARÍA"), "AGUERO<PEREZ<LOPEZ<<JOSE<MARIA", True),
        (("DE LA CEIBA", "O'OLMO", "MA. ELENA"), "DE<LA<CEIBA<OOLMO<<MA<ELENA<<<", True),
        (("CEDRO", "OLMO", "ELENA"), "CEDRO<OLMO<<ELEMA<<<<<<<<<<<<<", False),
        (("CEDRO", "OLMO", "ELENA"), "OLMO<CEDRO<<ELENA<<<<<<<<<<<<<", False),
        (("CEDRO", "OLMO ELENA", "IRENE"), "CEDRO<OLMO<<ELENA<IRENE<<<<<<<", False),
        (("HUANACAXTLE", "PALOVERDE", "XIMENA SOFÍA"), "HUANACAXTLE<PALOVERDE<<XIMENA<", True),
        (("HUANACAXTLE", "PALOVERDE", "XIMENAS"), "HUANACAXTLE<PALOVERDE<<IRENE<<", False),
    ],
)
def test_names_beside_their_machine_readable_line(
    written: tuple[str, str, str], coded: str, alike: bool
) -> None:
    paternal, maternal, name = written
    person = named(apellido_paterno=paternal, apellido_materno=maternal, nombre=name)
    values = read_values(shown_of(person, Side.ANVERSO), None)
    mrz = read_mrz((*mrz_of_lines(person), coded))
    assert names_agree(values.person, mrz) is alike


def mrz_of_lines(person: Person) -> tuple[str, str]:
    return person.mrz[0], person.mrz[1]


def test_without_names_or_lines_nothing_is_said() -> None:
    person = person_of("G")
    values = read_values(shown_of(person, Side.ANVERSO), None)
    assert names_agree(values.person, None) is None
    empty = Found(None)
    nameless = replace(values.person, names=dict.fromkeys(values.person.names, empty))
    assert names_agree(nameless, mrz_of(person)) is None
    assert not initials_agree(nameless)
    assert list(contradictions(replace(nameless, clave=empty, curp=empty), None)) == []


def test_initials_of_somebody_else_do_not_agree() -> None:
    person = named(apellido_paterno="XOCOYOTZIN")
    values = read_values(shown_of(person, Side.ANVERSO), None)
    assert not initials_agree(values.person)


@pytest.mark.parametrize(
    ("read", "initials", "meant"),
    [
        ("ÍNIGO", "IX", "ÍÑIGO"),
        ("MUNOZ", "MX", "MUÑOZ"),
        ("NÚNEZ", "NX", "NÚÑEZ"),
        ("RUBEN", "RX", "RUBEN"),
        ("NUNEZ", "XN", "ÑUNEZ"),
        ("DE LA PENA", "PX", "DE LA PEÑA"),
        ("LUNA", "LN", "LUNA"),
        ("MUÑOZ", "MX", "MUÑOZ"),
        ("MUNOZ", "PX", "MUNOZ"),
    ],
)
@pytest.mark.parametrize("sure", [0.99, 0.5])
def test_an_enye_is_restored_only_where_a_clear_clave_has_its_x(
    read: str, initials: str, meant: str, sure: float
) -> None:
    person = person_of("G")
    values = read_values(shown_of(person, Side.ANVERSO), None)
    clave = f"{person.printed['clave_elector'][:4]}{initials}{person.printed['clave_elector'][6:]}"
    made = replace(
        values.person,
        names={**values.person.names, "nombre": Found(read, sure=0.6)},
        clave=Found(clave, sure=sure),
    )
    found = with_tildes(made).names["nombre"]
    assert found.value == (meant if sure > 0.9 else read)
    assert found.sure == 0.6
