"""Each value of a ballot altered and the ballot signed again: the intended proof refuses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from bel import Parts, dump, edited
from checking import check, refused, rules
from forge import Maker, Urn, keys_of, question, small_urn

pytestmark = [pytest.mark.req("VER-03"), pytest.mark.req("SEI-28")]
VOTE = [[0, 1, 0, 0], [1, 0, 1]]


@pytest.fixture(scope="module", params=["Ed25519", "BELENIOS-2048"])
def urn(request: pytest.FixtureRequest) -> Urn:
    m = Maker(request.param, 31)
    return Urn(m, keys_of(m, (2, 1)), [question(), question(3, 1, 2, None)], voters=2)


def one(urn: Urn, ballot: bytes) -> Parts:
    return Parts(urn.election, urn.parts.trustees, urn.parts.credentials, [ballot])


def bump(value: Any, name: str) -> None:
    value[name] = str(int(value[name]) % 1000 + 1)


@pytest.mark.parametrize("name", ["challenge", "response"])
@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ((0, "individual_proofs", 0, 0), "boleta-prueba-individual"),
        ((0, "individual_proofs", 3, 1), "boleta-prueba-individual"),
        ((1, "individual_proofs", 2, 0), "boleta-prueba-individual"),
        ((0, "overall_proof", 0), "boleta-prueba-global"),
        ((0, "overall_proof", 1), "boleta-prueba-global"),
        ((1, "overall_proof", 1), "boleta-prueba-global"),
        ((0, "blank_proof", 0), "boleta-prueba-blanco"),
        ((0, "blank_proof", 1), "boleta-prueba-blanco"),
    ],
)
def test_each_proof(urn: Urn, tmp_path: Path, path: tuple[Any, ...], name: str, rule: str) -> None:
    def change(ballot: Any) -> None:
        value = ballot["answers"]
        for key in path:
            value = value[key]
        bump(value, name)

    refused(one(urn, urn.ballot(0, VOTE, edit=change)), tmp_path, rule)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda b: b.update(election_uuid="1abcDEFGHiJKLN"), "boleta-uuid"),
        (lambda b: b.update(election_hash=b["election_hash"] + "="), "boleta-eleccion"),
        (lambda b: b.update(election_hash=b["election_hash"][:-1]), "boleta-eleccion"),
        (lambda b: b.update(credential=b["answers"][0]["choices"][0]["alpha"]), "boleta-credencial"),
        (lambda b: b.update(credential=""), "boleta-credencial"),
        (lambda b: b["answers"].reverse(), "boleta-forma"),
        (lambda b: b["answers"][0]["choices"].reverse(), "boleta-prueba-individual"),
        (lambda b: swap(b["answers"][0]["choices"][1]), "boleta-prueba-individual"),
    ],
)
def test_each_field(urn: Urn, tmp_path: Path, change: Callable[[Any], Any], rule: str) -> None:
    refused(one(urn, urn.ballot(0, VOTE, edit=lambda b: change(b) and None)), tmp_path, rule)


def swap(cell: dict[str, str]) -> None:
    cell["alpha"], cell["beta"] = cell["beta"], cell["alpha"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda s: s.update(hash=s["hash"][:-1] + "A"), "boleta-firma-hash"),
        (lambda s: s.update(hash=s["hash"] + "="), "boleta-firma-hash"),
        (lambda s: bump(s["proof"], "challenge"), "boleta-firma"),
        (lambda s: bump(s["proof"], "response"), "boleta-firma"),
    ],
)
def test_signature(urn: Urn, tmp_path: Path, change: Callable[[Any], Any], rule: str) -> None:
    ballot = edited(urn.ballot(0, VOTE), lambda b: change(b["signature"]) and None)
    refused(one(urn, ballot), tmp_path, rule)


def test_the_signature_of_another_voter(urn: Urn, tmp_path: Path) -> None:
    value = json.loads(urn.ballot(0, VOTE))
    value.pop("signature")
    refused(one(urn, urn.sign(value, urn.secrets[1])), tmp_path, "boleta-firma")


def test_a_ballot_copied_under_another_credential(urn: Urn, tmp_path: Path) -> None:
    """Proofs are bound to the credential: replaying somebody's ciphertexts fails."""
    value = json.loads(urn.ballot(0, VOTE))
    value.pop("signature")
    value["credential"] = urn.public[1]
    refused(one(urn, urn.sign(value, urn.secrets[1])), tmp_path, "boleta-prueba-individual")


def test_an_answer_copied_to_another_question(tmp_path: Path) -> None:
    m = Maker(seed=32)
    urn = Urn(m, keys_of(m, (2, 1)), [question(), question()])

    def change(ballot: Any) -> None:
        ballot["answers"][1] = deepcopy(ballot["answers"][0])

    report = check(one(urn, urn.ballot(0, [[0, 1, 0, 0], [0, 0, 1, 0]], edit=change)), tmp_path)
    assert report.findings == []  # the protocol does not tell questions apart; the voter signs both


def test_a_ballot_of_another_urn(tmp_path: Path) -> None:
    m = Maker(seed=33)
    keys = keys_of(m, (2, 1))
    first = Urn(m, keys, [question()])
    second = Urn(m, keys, [question()], uuid="2abcDEFGHiJKLM")
    parts = Parts(
        second.election, second.parts.trustees, first.parts.credentials, [first.ballot(0, [[0, 1, 0, 0]])]
    )
    refused(parts, tmp_path, "boleta-uuid")


@pytest.mark.parametrize(
    ("plain", "rule"),
    [
        ([0, 2, 0, 0], "boleta-prueba-individual"),
        ([0, 1, 1, 0], "boleta-prueba-global"),
        ([0, 0, 0, 0], "boleta-prueba-global"),
        ([1, 1, 0, 0], "boleta-prueba-blanco"),
    ],
)
def test_votes_that_are_not_allowed(tmp_path: Path, plain: list[int], rule: str) -> None:
    """Proofs made as well as they can be for a vote that breaks the question's rules."""
    m = Maker(seed=34)
    urn = Urn(m, keys_of(m, (2, 1)), [question()])
    real = m.disjunction

    def clipped(prefix: str, y: Any, statements: Any, true: int, r: int) -> Any:
        return real(prefix, y, statements, min(true, len(statements) - 1), r)

    m.disjunction = clipped  # type: ignore[method-assign]
    assert rules(check(one(urn, urn.ballot(0, [plain])), tmp_path)) == {rule}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda r: r[0].__setitem__(0, 2), "resultado-valor"),
        (lambda r: r[0].__setitem__(0, -1), "json-rango"),
        (lambda r: r[0].__setitem__(0, 2**252), "json-rango"),
        (lambda r: r[0].__setitem__(0, str(2**252)), "resultado-valor"),
        (lambda r: r[0].__setitem__(0, "1"), "json-tipo"),
        (lambda r: r[0].__setitem__(0, True), "json-tipo"),
        (lambda r: r[0].reverse(), "resultado-valor"),
        (lambda r: r[0].pop(), "resultado-forma"),
        (lambda r: r.append([]), "resultado-forma"),
        (lambda r: r.clear(), "resultado-forma"),
    ],
)
def test_result(tmp_path: Path, change: Callable[[Any], Any], rule: str) -> None:
    parts = small_urn().parts
    parts.result = edited(parts.result or b"", lambda v: change(v["result"]) and None)
    report = refused(parts, tmp_path, rule)
    if rule == "resultado-valor":
        assert report.findings[0].expected in {"1", "0", "de 0 a 3"}


@pytest.mark.parametrize("weights", [[2**30 - 2, 1, 1, 1], [10**12, 2**30, 7, 1]])
def test_large_weights_are_texts_as_belenios_writes_them(tmp_path: Path, weights: list[int]) -> None:
    m = Maker(seed=35)
    urn = Urn(m, keys_of(m, None), [question()], weights=weights)
    for voter, plain in ((0, [0, 1, 0, 0]), (1, [1, 0, 0, 0]), (2, [0, 1, 0, 0])):
        urn.vote(voter, plain)
    urn.close(weights=weights[:3])
    urn.open(1)
    report = check(urn.parts, tmp_path)
    assert report.findings == []
    assert report.facts.result == [[weights[1], weights[0] + weights[2], 0, 0]]


@pytest.mark.parametrize("count", [str(2**30 - 1), "0" + str(2**30), f"+{2**30}", "9" * 1001, "x"])
def test_no_other_count_is_a_text(tmp_path: Path, count: str) -> None:
    parts = small_urn().parts
    parts.result = edited(parts.result or b"", lambda v: v["result"][0].__setitem__(0, count) and None)
    refused(parts, tmp_path, "json-tipo")


def test_result_needs_enough_shares(tmp_path: Path) -> None:
    parts = small_urn().parts
    parts.shares = parts.shares[:1]
    refused(parts, tmp_path, "resultado-insuficiente")


def test_result_is_a_json_object_with_one_field(tmp_path: Path) -> None:
    parts = small_urn().parts
    parts.result = dump({"result": [[1, 1, 0, 1]], "num_tallied": 3})
    refused(parts, tmp_path, "json-campos")
