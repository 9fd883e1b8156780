"""Election and trustees: each field altered, with everything else remade to fit."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bel import Parts, dump, edited
from certeza_verifier.trustees import verify_trustees
from checking import check, refused, rules
from forge import Ceremony, Keys, Maker, Urn, keys_of, question, signed, single

pytestmark = pytest.mark.req("VER-03")
Change = Callable[[Any], Any]


@pytest.fixture(scope="module")
def urn() -> Urn:
    m = Maker(seed=21)
    return Urn(m, keys_of(m, None, (3, 2)), [question()])


def setup_of(urn: Urn, **changed: bytes) -> Parts:
    return Parts(*[changed.get(n, getattr(urn.parts, n)) for n in ("election", "trustees", "credentials")])


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda e: e.update(version=2), "eleccion-version"),
        (lambda e: e.update(version="1"), "json-tipo"),
        (lambda e: e.update(description=5), "json-tipo"),
        (lambda e: e.update(name=None), "json-tipo"),
        (lambda e: e.update(group="BELENIOS-4096"), "eleccion-grupo"),
        (lambda e: e.update(group="BELENIOS-2048"), "punto-forma"),
        (lambda e: e.update(uuid="1abcDEFGHiJKL"), "eleccion-uuid"),
        (lambda e: e.update(uuid="0abcDEFGHiJKLM"), "eleccion-uuid"),
        (lambda e: e.update(uuid="labcDEFGHiJKLM"), "eleccion-uuid"),
        (lambda e: e.update(administrator=None), "json-tipo"),
        (lambda e: e.update(questions={}), "json-tipo"),
        (lambda e: e["questions"][0].update(min=1.0), "json-tipo"),
        (lambda e: e["questions"][0].update(max=True), "json-tipo"),
        (lambda e: e["questions"][0].update(max=2**53), "json-rango"),
        (lambda e: e["questions"][0].update(blank=1), "json-tipo"),
        (lambda e: e["questions"][0].update(question=[]), "json-tipo"),
        (lambda e: e["questions"][0].update(answers=["a", 1]), "json-tipo"),
        (lambda e: e["questions"][0].pop("min"), "json-campos"),
    ],
)
def test_election_fields(urn: Urn, tmp_path: Path, change: Change, rule: str) -> None:
    refused(setup_of(urn, election=edited(urn.election, lambda e: change(e) and None)), tmp_path, rule)


def test_optional_fields_of_an_election(urn: Urn, tmp_path: Path) -> None:
    for extra in (
        {"administrator": "a"},
        {"credential_authority": "b"},
        {"administrator": "a", "credential_authority": "b"},
    ):
        election = edited(urn.election, lambda e, x=extra: e.update(x))
        assert check(setup_of(urn, election=election), tmp_path).findings == []
    wrong = edited(urn.election, lambda e: e.update(credential_authority="b", administrator="a"))
    refused(setup_of(urn, election=wrong), tmp_path, "json-campos")


def test_election_key_is_the_product(urn: Urn, tmp_path: Path) -> None:
    m = urn.m
    for text, rule in (
        (m.text(m.power((m.g, 5))), "eleccion-llave"),
        (f"{1:064x}", "punto-identidad"),
        (f"{2**255 - 20:064x}", "punto-fuera-del-grupo"),
    ):
        election = edited(urn.election, lambda e, t=text: e.update(public_key=t))
        refused(setup_of(urn, election=election), tmp_path, rule)


def test_non_homomorphic_questions_are_not_supported(urn: Urn, tmp_path: Path) -> None:
    from certeza_verifier.errors import NotSupported

    value = {"type": "NonHomomorphic", "value": {"answers": ["a"], "question": "q"}}
    election = edited(urn.election, lambda e: e.update(questions=[value]))
    with pytest.raises(NotSupported, match="no soportado"):
        check(setup_of(urn, election=election), tmp_path)
    refused(setup_of(urn, election=election), tmp_path, "perfil-pregunta", strict=True)


def other(text: str) -> str:
    """Another element of the group."""
    m = Maker(seed=99)
    return m.text(m.power((m.parse(text), 2)))


def number(text: str) -> str:
    return str((int(text) + 1) % 7 + 1)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda t: t[0].__setitem__(0, "Otro"), "custodios-tipo"),
        (lambda t: t[0].append(1), "json-largo"),
        (lambda t: t.clear(), "custodios-tamano"),
        (lambda t: t[0][1]["pok"].update(challenge="1"), "custodios-pok"),
        (lambda t: t[0][1]["pok"].update(response="1"), "custodios-pok"),
        (lambda t: t[0][1].update(public_key=other(t[0][1]["public_key"])), "custodios-pok"),
        (lambda t: t[1][1].update(threshold=3), "custodios-contexto"),
        (lambda t: t[1][1].update(threshold=0), "custodios-umbral"),
        (lambda t: t[1][1].update(threshold=4), "custodios-umbral"),
        (lambda t: t[1][1]["certs"].pop(), "custodios-tamano"),
        (lambda t: t[1][1]["coefexps"].pop(), "custodios-tamano"),
        (lambda t: t[1][1]["signatures"].pop(), "custodios-tamano"),
        (lambda t: t[1][1]["verification_keys"].pop(), "custodios-tamano"),
        (lambda t: t[1][1]["verification_keys"].append(t[1][1]["verification_keys"][0]), "custodios-tamano"),
        (lambda t: t[1][1]["certs"].reverse(), "custodios-contexto"),
        (lambda t: t[1][1]["coefexps"].reverse(), "custodios-firma-coeficientes"),
        (lambda t: t[1][1]["signatures"].reverse(), "custodios-firma"),
        (lambda t: t[1][1]["verification_keys"].reverse(), "custodios-llave"),
        (lambda t: t[1][1]["certs"][1]["signature"].update(challenge="1"), "custodios-certificado"),
        (lambda t: t[1][1]["certs"][1]["signature"].update(response="1"), "custodios-certificado"),
        (lambda t: t[1][1]["certs"][1].update(message="hola"), "json-sintaxis"),
        (lambda t: t[1][1]["certs"][1].update(message="\ud800"), "json-utf8"),
        (lambda t: t[1][1]["certs"][1].update(message=t[1][1]["certs"][1]["message"] + " "), "json-canonico"),
        (lambda t: t[1][1]["coefexps"][2]["signature"].update(response="1"), "custodios-firma-coeficientes"),
        (lambda t: t[1][1]["signatures"][2].update(challenge="1"), "custodios-firma"),
        (lambda t: t[1][1]["signatures"][0].update(response="1"), "custodios-firma"),
        (lambda t: t[1][1]["verification_keys"][0]["pok"].update(response="1"), "custodios-pok"),
        (
            lambda t: t[1][1]["verification_keys"][0].update(public_key=other(t[0][1]["public_key"])),
            "custodios-llave",
        ),
    ],
)
def test_trustees_fields(urn: Urn, tmp_path: Path, change: Change, rule: str) -> None:
    value = json.loads(urn.parts.trustees)
    change(value)
    text = json.dumps(value, separators=(",", ":")).encode()
    refused(setup_of(urn, trustees=text), tmp_path, rule)


def with_ceremony(m: Maker, ceremony: Ceremony) -> Parts:
    keys = Keys(
        dump([["Pedersen", ceremony.item()]]), m.text(m.power((m.g, ceremony.secret()))), ceremony.private, []
    )
    return Urn(m, keys, [question()]).parts


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda k: k["context"].update(group="BELENIOS-2048"), "custodios-contexto"),
        (lambda k: k["context"].update(size=4), "custodios-contexto"),
        (lambda k: k["context"].update(threshold=3), "custodios-contexto"),
        (lambda k: k["context"].update(index=3), "custodios-contexto"),
        (lambda k: k["context"].update(index="2"), "json-tipo"),
        (lambda k: k.update(verification=other(k["verification"])), "custodios-certificado"),
        (lambda k: k.update(verification=f"{1:064x}"), "punto-identidad"),
        (lambda k: k.update(encryption=f"{1:064x}"), "punto-identidad"),
        (lambda k: k.update(encryption=f"{2**255 - 20:064x}"), "punto-fuera-del-grupo"),
        (lambda k: k.update(encryption=f"{2**255 - 18:064x}"), "punto-no-canonico"),
        (lambda k: k.update(encryption=k["encryption"].upper()), "punto-forma"),
        (lambda k: k.update(otro=1), "json-campos"),
    ],
)
def test_point_7_in_certificates_that_are_well_signed(tmp_path: Path, change: Change, rule: str) -> None:
    m = Maker(seed=22)
    ceremony = Ceremony(m, 3, 2, edit_cert=lambda i, keys: change(keys) if i == 1 else None)
    refused(with_ceremony(m, ceremony), tmp_path, rule)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda c: c["coefexps"].pop(), "custodios-coeficientes"),
        (lambda c: c["coefexps"].append(c["coefexps"][0]), "custodios-coeficientes"),
        (lambda c: c["coefexps"].reverse(), "custodios-llave"),
        (lambda c: c["coefexps"].__setitem__(1, f"{1:064x}"), "punto-identidad"),
        (lambda c: c["coefexps"].__setitem__(1, f"{2**255 - 20:064x}"), "punto-fuera-del-grupo"),
        (lambda c: c.update(otro=1), "json-campos"),
    ],
)
def test_point_7_in_coefficients_that_are_well_signed(tmp_path: Path, change: Change, rule: str) -> None:
    m = Maker(seed=23)
    ceremony = Ceremony(m, 3, 2, edit_coefexps=lambda i, raw: change(raw) if i == 2 else None)
    refused(with_ceremony(m, ceremony), tmp_path, rule)


def test_point_7_each_commitment_and_not_only_their_product(tmp_path: Path) -> None:
    """Two trustees add the same point of order two: the product is as it should be, the parts are not."""
    m = Maker(seed=24)

    def shift(i: int, raw: Any) -> None:
        z = int(raw["coefexps"][1], 16)
        y, sign = z & (2**255 - 1), z >> 255
        if i < 2:
            raw["coefexps"][1] = f"{((1 - sign) << 255) | (2**255 - 19 - y):064x}"

    ceremony = Ceremony(m, 3, 2, edit_coefexps=shift)
    refused(with_ceremony(m, ceremony), tmp_path, "punto-fuera-del-grupo")


def test_a_certificate_signed_by_another(tmp_path: Path) -> None:
    m = Maker(seed=25)
    ceremony = Ceremony(m, 3, 2)
    item = ceremony.item()
    item["certs"][0] = signed(m, ceremony.signing[1], item["certs"][0]["message"])
    keys = Keys(dump([["Pedersen", item]]), m.text(m.power((m.g, ceremony.secret()))), [], [])
    assert "custodios-certificado" in rules(check(Urn(m, keys, [question()]).parts, tmp_path))


def test_keys_of_the_strict_profile(tmp_path: Path) -> None:
    m = Maker(seed=26)
    for shape in ([None], [None, (3, 2)], [(3, 2), (3, 2)], [(3, 3)]):
        parts = Urn(m, keys_of(m, *shape), [question()]).parts
        assert check(parts, tmp_path).findings == []
        refused(parts, tmp_path, "perfil-custodios", strict=True)


@pytest.mark.parametrize(
    "questions",
    [
        [],
        [question(), question()],
        [question(blank=None)],
        [question(low=0)],
        [question(high=2)],
        [question(0)],
        [question(1001)],
    ],
)
def test_questions_of_the_strict_profile(tmp_path: Path, questions: list[Any]) -> None:
    m = Maker(seed=27)
    parts = Urn(m, keys_of(m, (3, 2)), questions).parts
    assert check(parts, tmp_path).findings == []
    refused(parts, tmp_path, "perfil-pregunta", strict=True)


def test_a_result_of_no_question_is_judged(tmp_path: Path) -> None:
    m = Maker(seed=29)
    urn = Urn(m, keys_of(m, (3, 2)), [])
    urn.parts.ballots.append(urn.ballot(0, []))
    urn.plain.append([])
    urn.close()
    urn.open(1, 2)
    assert check(urn.parts, tmp_path).facts.result == []
    assert rules(check(urn.parts, tmp_path, strict=True)) == {"perfil-pregunta", "perfil-total"}


def twice(name: str, other: int) -> Callable[[Ceremony], None]:
    """The second trustee certifies as `name` a key of trustee `other`."""

    def change(ceremony: Ceremony) -> None:
        m = ceremony.m
        own = m.text(m.power((m.g, ceremony.signing[other])))
        ceremony.edit_cert = lambda i, keys: keys.update({name: own}) if i == 1 else None
        if name == "verification":
            ceremony.signing[1] = ceremony.signing[other]

    return change


@pytest.mark.parametrize("change", [twice("verification", 0), twice("encryption", 0), twice("encryption", 1)])
def test_nobody_has_two_places_in_the_strict_profile(
    tmp_path: Path, change: Callable[[Ceremony], None]
) -> None:
    m = Maker(seed=30)
    ceremony = Ceremony(m, 3, 2)
    change(ceremony)
    keys = Keys(dump([["Pedersen", ceremony.item()]]), m.text(m.power((m.g, ceremony.secret()))), [], [])
    parts = Urn(m, keys, [question()]).parts
    assert check(parts, tmp_path).findings == []
    refused(parts, tmp_path, "perfil-llaves", strict=True)


@pytest.mark.parametrize("path", [[0, 1], [1, 1, "verification_keys", 2]])
def test_names_that_the_server_of_belenios_writes(urn: Urn, tmp_path: Path, path: list[Any]) -> None:
    def named(trustees: Any, name: Any) -> None:
        for step in path:
            trustees = trustees[step]
        trustees["name"] = name

    for name, rule in (('Ñandú "1"', None), ("", None), (None, "json-tipo"), (1, "json-tipo")):
        parts = setup_of(urn, trustees=edited(urn.parts.trustees, lambda t, n=name: named(t, n)))
        assert rules(check(parts, tmp_path)) == ({rule} if rule else set())


def test_names_are_refused_in_the_strict_profile(tmp_path: Path) -> None:
    m = Maker(seed=31)
    urn = Urn(m, keys_of(m, (3, 2)), [question()])
    trustees = edited(
        urn.parts.trustees, lambda t: t[0][1]["verification_keys"][0].update(name="Ana") and None
    )
    refused(setup_of(urn, trustees=trustees), tmp_path, "perfil-nombres", strict=True)


def test_signatures_of_many_trustees_are_checked_one_at_a_time(tmp_path: Path) -> None:
    """Each one signs the certificates of all: all messages at once would be the square of their number."""
    m = Maker(seed=32)
    data = keys_of(m, (60, 1)).message
    tracemalloc.start()
    try:
        verify_trustees(data, m.group)
        assert tracemalloc.get_traced_memory()[1] < 20 * len(data)
    finally:
        tracemalloc.stop()


def test_more_trustees_than_any_honest_item(urn: Urn, tmp_path: Path) -> None:
    def many(trustees: Any) -> None:
        trustees[1][1]["certs"] *= 334

    parts = setup_of(urn, trustees=edited(urn.parts.trustees, many))
    report = refused(parts, tmp_path, "custodios-tamano")
    assert (report.findings[0].expected, report.findings[0].got) == ("1000 como máximo", "1002")


def test_a_single_trustee_is_accepted(tmp_path: Path) -> None:
    m = Maker(seed=28)
    urn = Urn(m, keys_of(m, None, None), [question(2, 0, 2, None)])
    urn.vote(0, [1, 1])
    urn.close()
    urn.open(2, 1)
    assert check(urn.parts, tmp_path).facts.result == [[1, 1]]
    urn.parts.shares = urn.parts.shares[:1]
    refused(urn.parts, tmp_path, "resultado-insuficiente")
    assert single(m, 5)["public_key"] == m.text(m.power((m.g, 5)))
