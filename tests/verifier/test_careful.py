"""The nine points in which a verifier must be stricter.

Each altered archive is remade so that only the intended check can fail, and is refused by that rule.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from bel import Parts, Writer, dump, edited, sha, write
from certeza_verifier import chunks, groups
from checking import check, refused, rules
from forge import Maker, Urn, keys_of, question, small_urn

pytestmark = pytest.mark.req("VER-03")
Q = groups.group("Ed25519").order


@pytest.fixture(scope="module")
def urn() -> Urn:
    return small_urn()


@pytest.fixture
def parts(urn: Urn) -> Parts:
    return deepcopy(urn.parts)


def test_the_forged_urn_is_sound(parts: Parts, tmp_path: Path) -> None:
    report = check(parts, tmp_path, strict=True)
    assert report.findings == []
    assert report.facts.result == [[1, 1, 0, 1]]


# --- point 1: order of events ---


def reorder(parts: Parts, script: list[str]) -> Writer:
    """Events in the order of a script, with the payloads of `parts`, each as often as the script says."""
    w = Writer(parts.timestamp)
    ballots = iter(parts.ballots * 2)
    shares = iter(parts.shares * 2)
    for kind in script:
        if kind == "Setup":
            hashes = {n: w.data(getattr(parts, n)) for n in ("election", "trustees", "credentials")}
            w.event(kind, w.data(dump(hashes)))
        elif kind == "Ballot":
            w.event(kind, w.data(next(ballots)))
        elif kind == "EncryptedTally":
            sized = {
                "num_tallied": parts.sized[0],
                "total_weight": parts.sized[1],
                "encrypted_tally": w.data(parts.tally),
            }
            w.event(kind, w.data(dump(sized)))
        elif kind == "PartialDecryption":
            owner, share = next(shares)
            w.event(kind, w.data(dump({"owner": owner, "payload": w.data(share)})))
        elif kind == "Result":
            w.event(kind, w.data(parts.result))
        else:
            w.event(kind, None)
    return w


WHOLE = "Setup Ballot Ballot Ballot EndBallots EncryptedTally PartialDecryption PartialDecryption Result"


@pytest.mark.parametrize(
    "script",
    [
        "Ballot",
        "EndBallots",
        "Setup Setup",
        "Setup EncryptedTally",
        "Setup Result",
        "Setup Ballot Setup Ballot",
        "Setup Ballot EndBallots Ballot",
        "Setup Ballot EndBallots EndBallots",
        "Setup Ballot EncryptedTally Ballot Ballot EndBallots",
        "Setup Ballot EndShuffles Ballot",
        "Setup Ballot Shuffle Ballot",
        "Setup Ballot Result Ballot",
        "Setup Ballot PartialDecryption Ballot",
        "Setup Ballot Ballot Ballot EndBallots Result",
        "Setup Ballot Ballot Ballot EndBallots EncryptedTally EncryptedTally",
        "Setup Ballot Ballot Ballot EndBallots EncryptedTally Result",
        "Setup Ballot Ballot Ballot EndBallots EncryptedTally EndShuffles PartialDecryption",
        "Setup Ballot Ballot Ballot EndBallots EncryptedTally PartialDecryption Ballot",
        f"{WHOLE} Result",
        f"{WHOLE} EndBallots",
        f"{WHOLE} PartialDecryption",
        "Setup Ballot Otro",
    ],
)
def test_point_1_order_of_events(parts: Parts, tmp_path: Path, script: str) -> None:
    assert rules(check(reorder(parts, WHOLE.split()), tmp_path)) == set()
    refused(reorder(parts, script.split()), tmp_path, "cadena-orden")


# --- point 2: every ballot is verified ---


def test_point_2_a_replaced_ballot_is_verified_too(urn: Urn, tmp_path: Path) -> None:
    parts = deepcopy(urn.parts)
    bad = edited(parts.ballots[0], lambda b: b["signature"]["proof"].update(response="1"))
    parts.ballots.insert(0, bad)
    assert "boleta-firma" in rules(check(parts, tmp_path))


def test_point_2_of_two_good_ballots_the_last_counts(tmp_path: Path) -> None:
    urn = small_urn(seed=7)
    urn.parts.ballots.append(urn.ballot(0, [[0, 0, 1, 0]]))
    urn.plain.append([[0, 0, 1, 0]])
    urn.close([1, 2, 3])
    urn.open(2, 3)
    assert check(urn.parts, tmp_path).facts.result == [[1, 0, 1, 1]]
    assert check(urn.parts, tmp_path).findings == []
    report = check(urn.parts, tmp_path, strict=True)
    assert "boleta-repetida" in rules(report)
    urn.close([0, 1, 2])
    urn.open(2, 3)
    assert rules(check(urn.parts, tmp_path)) == {"suma-cifrada"}


def test_point_2_a_copied_ballot(parts: Parts, tmp_path: Path) -> None:
    parts.ballots.append(parts.ballots[0])
    refused(parts, tmp_path, "boleta-copiada")


def test_other_ballots_are_checked_after_a_bad_one(parts: Parts, tmp_path: Path) -> None:
    for i in (0, 2):
        parts.ballots[i] = edited(parts.ballots[i], lambda b: b["signature"]["proof"].update(challenge="5"))
    report = refused(parts, tmp_path, "boleta-firma")
    assert [finding.height for finding in report.findings] == [1, 3]
    assert report.done["boletas"] == 1


# --- point 3: the tally is recomputed ---


def without_opening(parts: Parts) -> Parts:
    parts.shares, parts.result = [], None
    return parts


@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_point_3_tally_altered(parts: Parts, tmp_path: Path, name: str) -> None:
    def change(tally: list[list[dict[str, str]]]) -> None:
        tally[0][1][name] = tally[0][2][name]

    parts.tally = edited(parts.tally, change)
    refused(without_opening(parts), tmp_path, "suma-cifrada")


def test_point_3_numbers(parts: Parts, tmp_path: Path) -> None:
    parts.sized = (4, 3)
    refused(without_opening(parts), tmp_path, "suma-numero")
    parts.sized = (3, 4)
    refused(parts, tmp_path, "suma-peso")


def test_point_3_a_ballot_left_out_of_the_tally(tmp_path: Path) -> None:
    cheat = small_urn()
    cheat.close([0, 1])
    cheat.open(1, 2)
    assert rules(check(cheat.parts, tmp_path)) == {"suma-numero"}
    cheat.parts.sized = (3, 3)
    assert rules(check(cheat.parts, tmp_path)) == {"suma-cifrada"}


@pytest.mark.parametrize("change", [lambda t: t[0].pop(), lambda t: t.append([]), lambda t: t.clear()])
def test_point_3_shape(parts: Parts, tmp_path: Path, change: Callable[[list[list[object]]], object]) -> None:
    def apply(tally: list[list[object]]) -> None:
        change(tally)

    parts.tally = edited(parts.tally, apply)
    refused(without_opening(parts), tmp_path, "suma-forma")


# --- point 4: shares are verified as soon as they are there ---


def test_point_4_bad_share_without_result(urn: Urn, parts: Parts, tmp_path: Path) -> None:
    parts.result = None
    parts.shares = [(1, urn.share(2))]
    refused(parts, tmp_path, "parcial-prueba")


def test_point_4_surplus_shares_are_verified(urn: Urn, parts: Parts, tmp_path: Path) -> None:
    parts.shares = [(1, urn.share(1)), (3, urn.share(3)), (2, urn.share(2))]
    assert rules(check(parts, tmp_path)) == set()
    parts.shares[2] = (2, urn.share(2, x=5))
    refused(parts, tmp_path, "parcial-prueba")


def test_point_4_one_owner_one_share(urn: Urn, parts: Parts, tmp_path: Path) -> None:
    parts.shares.append((1, urn.share(1)))
    refused(parts, tmp_path, "parcial-repetido")


@pytest.mark.parametrize("owner", [0, 4, 1000])
def test_point_4_owner_out_of_range(urn: Urn, parts: Parts, tmp_path: Path, owner: int) -> None:
    parts.shares.insert(0, (owner, urn.share(2)))
    refused(parts, tmp_path, "parcial-custodio")


def test_point_4_shapes(parts: Parts, tmp_path: Path) -> None:
    parts.result, owner, share = None, *parts.shares[0]
    for name in ("decryption_factors", "decryption_proofs"):
        for change in (lambda rows: rows[0].pop(), lambda rows: rows.append([]), lambda rows: rows.pop()):
            parts.shares = [(owner, edited(share, lambda v, n=name, c=change: c(v[n]) and None))]
            refused(parts, tmp_path, "parcial-forma")


def test_point_4_factor_altered(parts: Parts, tmp_path: Path) -> None:
    def change(value: dict[str, list[list[str]]]) -> None:
        row = value["decryption_factors"][0]
        row[0], row[1] = row[1], row[0]

    parts.result = None
    parts.shares[0] = (parts.shares[0][0], edited(parts.shares[0][1], change))
    refused(parts, tmp_path, "parcial-prueba")


def test_point_4_factor_of_an_empty_sum(tmp_path: Path) -> None:
    """With alpha the identity the proof alone would allow other factors; they are refused."""
    m = Maker(seed=9)
    urn = Urn(m, keys_of(m, (3, 2)), [question()])
    urn.close()
    urn.open(1, 2)
    assert check(urn.parts, tmp_path).findings == []
    identity = m.power((m.g, 0))
    w, b = m.scalar(), m.scalar()
    key = m.text(m.power((m.g, urn.keys.private[0])))
    commitments = f"{m.text(m.power((m.g, w)))},{m.text(m.power((m.g, b)))}"
    c = m.hash(f"decrypt|{urn.phi}|{key}|{commitments}")
    factor = m.power((m.g, b * pow(c, -1, m.q)))

    def change(value: dict[str, list[list[object]]]) -> None:
        value["decryption_factors"][0][0] = m.text(factor)
        value["decryption_proofs"][0][0] = m.proof(c, w - urn.keys.private[0] * c)

    assert m.group.is_identity(identity)
    urn.parts.result = None
    urn.parts.shares = [(1, edited(urn.parts.shares[0][1], change))]
    refused(urn.parts, tmp_path, "parcial-factor")


# --- point 5: the form of a ballot fits its question ---


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.pop("blank_proof"),
        lambda a: a["choices"].pop(0),
        lambda a: a["choices"].append(a["choices"][0]),
        lambda a: a["individual_proofs"].pop(),
        lambda a: a["individual_proofs"].append(a["individual_proofs"][0]),
        lambda a: a["individual_proofs"][1].pop(),
        lambda a: a["individual_proofs"][1].append(a["individual_proofs"][1][0]),
        lambda a: a["individual_proofs"][1].clear(),
        lambda a: a["overall_proof"].pop(),
        lambda a: a["overall_proof"].append(a["overall_proof"][0]),
        lambda a: a["overall_proof"].clear(),
        lambda a: a["blank_proof"].pop(),
        lambda a: a["blank_proof"].append(a["blank_proof"][0]),
        lambda a: a["choices"].clear(),
    ],
)
def test_point_5_lists_too_short_or_long(
    urn: Urn, tmp_path: Path, change: Callable[[dict[str, object]], object]
) -> None:
    parts = Parts(urn.election, urn.parts.trustees, urn.parts.credentials)
    parts.ballots = [urn.ballot(1, [[0, 1, 0, 0]], edit=lambda b: change(b["answers"][0]) and None)]
    refused(parts, tmp_path, "boleta-forma")


def test_point_5_answers_missing_or_more(urn: Urn, tmp_path: Path) -> None:
    parts = Parts(urn.election, urn.parts.trustees, urn.parts.credentials)
    for change in (lambda b: b["answers"].clear(), lambda b: b["answers"].append(b["answers"][0])):
        parts.ballots = [urn.ballot(1, [[0, 1, 0, 0]], edit=change)]
        refused(parts, tmp_path, "boleta-forma")


@pytest.mark.parametrize(("asked", "given"), [(True, None), (None, True)])
def test_point_5_blank_where_it_is_not_asked(tmp_path: Path, asked: bool | None, given: bool | None) -> None:
    """A ballot with sound proofs for the other kind of question."""
    m = Maker(seed=11)
    urn = Urn(m, keys_of(m, (3, 2)), [question(3, blank=asked)])
    urn.questions = [question(4 if asked else 2, blank=given)]
    urn.vote(0, [0, 1, 0, 0] if asked else [0, 1, 0])
    assert json.loads(urn.parts.ballots[0])["answers"][0].get("blank_proof", None) is None or given
    refused(urn.parts, tmp_path, "boleta-forma")


# --- point 7: elements ---

IDENTITY = f"{1:064x}"
ORDER_2 = f"{2**255 - 20:064x}"
ORDER_8 = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")[::-1].hex()
SECOND_IDENTITY = f"{2**255 - 18:064x}"
SIGNED_ZERO = f"{2**255 + 1:064x}"
OFF_CURVE = f"{2:064x}"

BAD_POINTS = {
    IDENTITY: "punto-identidad",
    ORDER_2: "punto-fuera-del-grupo",
    ORDER_8: "punto-fuera-del-grupo",
    SECOND_IDENTITY: "punto-no-canonico",
    SIGNED_ZERO: "punto-no-canonico",
    OFF_CURVE: "punto-fuera-de-la-curva",
    "": "punto-forma",
    "00": "punto-forma",
    "A" * 64: "punto-forma",
    "g" * 64: "punto-forma",
    "0" * 66: "punto-forma",
    "é" * 64: "punto-forma",
}


@pytest.mark.parametrize("text", BAD_POINTS)
def test_point_7_in_a_group_alone(text: str, arithmetic: str) -> None:
    with pytest.raises(groups.PointError) as caught:
        groups.group("Ed25519", arithmetic).parse([good(), text, good()])
    assert (caught.value.index, caught.value.rule) == (1, BAD_POINTS[text])


def good() -> str:
    m = Maker()
    return m.text(m.g)


def mixed(text: str) -> str:
    """The point plus one of order 2: (x, y) -> (-x, -y), on the curve, outside the prime-order group."""
    z = int(text, 16)
    y, sign = z & (2**255 - 1), z >> 255
    return f"{((1 - sign) << 255) | (2**255 - 19 - y):064x}"


def test_point_7_mixed_order(arithmetic: str) -> None:
    with pytest.raises(groups.PointError) as caught:
        groups.group("Ed25519", arithmetic).parse([mixed(good())])
    assert caught.value.rule == "punto-fuera-del-grupo"


@pytest.mark.parametrize("name", ["alpha", "beta"])
@pytest.mark.parametrize("text", [*BAD_POINTS, "mixto"])
def test_point_7_in_a_ballot(urn: Urn, tmp_path: Path, name: str, text: str) -> None:
    def change(ballot: dict[str, object]) -> None:
        cell = ballot["answers"][0]["choices"][2]
        cell[name] = mixed(cell[name]) if text == "mixto" else text

    parts = Parts(urn.election, urn.parts.trustees, urn.parts.credentials)
    parts.ballots = [urn.ballot(1, [[0, 1, 0, 0]], edit=change)]
    report = refused(parts, tmp_path, BAD_POINTS.get(text, "punto-fuera-del-grupo"))
    assert report.findings[0].place == f"answers[0].choices[2].{name}"


def test_point_7_identity_with_sound_proofs(urn: Urn, tmp_path: Path) -> None:
    """r = 0 gives alpha = 1 and proofs that hold: only the rule refuses it."""
    parts = Parts(urn.election, urn.parts.trustees, urn.parts.credentials)
    parts.ballots = [urn.ballot(1, [[0, 1, 0, 0]], rs=[5, 0, 7, 8])]
    refused(parts, tmp_path, "punto-identidad")


@pytest.mark.parametrize("text", BAD_POINTS)
def test_points_7_and_8_in_credentials_without_ballots(urn: Urn, tmp_path: Path, text: str) -> None:
    parts = Parts(urn.election, urn.parts.trustees, edited(urn.parts.credentials, lambda c: [text, *c[1:]]))
    refused(parts, tmp_path, BAD_POINTS[text])


# --- point 8: credentials ---


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda c: [c[0], *c], "credencial-repetida"),
        (lambda c: c[::-1], "credencial-orden"),
        (lambda c: [c[1], c[0], *c[2:]], "credencial-orden"),
        (lambda c: [f"{x},0" for x in c], "credencial-peso"),
        (lambda c: [f"{x},-1" for x in c], "credencial-peso"),
        (lambda c: [f"{x},01" for x in c], "credencial-peso"),
        (lambda c: [f"{x}, 1" for x in c], "credencial-peso"),
        (lambda c: [f"{x}," for x in c], "credencial-peso"),
        (lambda c: [f"{x},1,v" for x in c], "credencial-peso"),
        (lambda c: [f"{c[0]},2", *c[1:]], "credencial-peso"),
        (lambda c: {"a": c}, "json-tipo"),
        (lambda c: [1, *c], "json-tipo"),
    ],
)
def test_point_8_credentials(
    urn: Urn, tmp_path: Path, change: Callable[[list[str]], object], rule: str
) -> None:
    parts = Parts(urn.election, urn.parts.trustees, edited(urn.parts.credentials, change))
    refused(parts, tmp_path, rule)


def test_point_8_weights_are_not_ours(tmp_path: Path) -> None:
    m = Maker(seed=12)
    urn = Urn(m, keys_of(m, (3, 2)), [question()], weights=[1, 3, 1, 2])
    urn.vote(1, [0, 1, 0, 0])
    urn.vote(3, [1, 0, 0, 0])
    urn.close([0, 1], [3, 2])
    urn.open(1, 2)
    assert check(urn.parts, tmp_path).facts.result == [[2, 3, 0, 0]]
    assert check(urn.parts, tmp_path).findings == []
    assert rules(check(urn.parts, tmp_path, strict=True)) == {"credencial-peso"}


def test_a_ballot_of_an_unlisted_credential(urn: Urn, tmp_path: Path) -> None:
    parts = deepcopy(urn.parts)
    parts.credentials = edited(parts.credentials, lambda c: c[1:])
    without_opening(parts).tally, parts.closed = None, False
    report = refused(parts, tmp_path, "boleta-credencial")
    assert report.findings[0].height == 1


# --- the container and the chain ---


def test_layout_must_be_exact(urn: Urn, tmp_path: Path) -> None:
    w = write(urn.parts)
    orphan = ("data", b'{"x":1}')
    for at in (0, 4, 5, 6, len(w.members)):
        changed = Writer(w.timestamp, [*w.members[:at], orphan, *w.members[at:]])
        assert rules(check(changed, tmp_path)) == {"cadena-huerfano"}, at
    swapped = Writer(w.timestamp, [w.members[1], w.members[0], *w.members[2:]])
    refused(swapped, tmp_path, "cadena-carga")
    missing = Writer(w.timestamp, w.members[1:])
    refused(missing, tmp_path, "cadena-carga")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda e: e.update(height=e["height"] + 1), "cadena-altura"),
        (lambda e: e.update(parent="0" * 64), "cadena-padre"),
        (lambda e: e.pop("parent"), "cadena-padre"),
        (lambda e: e.update(payload="0" * 64), "cadena-carga"),
        (lambda e: e.pop("payload"), "cadena-carga"),
        (lambda e: e.update(type=5), "json-tipo"),
        (lambda e: e.update(height="1"), "json-tipo"),
        (lambda e: e.update(height=True), "json-tipo"),
        (lambda e: e.update(payload=None), "json-hash"),
        (lambda e: e.update(payload="A" * 64), "json-hash"),
        (lambda e: e.update(otro=1), "json-campos"),
    ],
)
def test_chain(urn: Urn, tmp_path: Path, change: Callable[[dict[str, object]], object], rule: str) -> None:
    w = write(urn.parts)
    at = next(i for i, (kind, c) in enumerate(w.members) if b'"height":2' in c)

    def apply(event: dict[str, object]) -> None:
        change(event)

    w.members[at] = ("event", edited(w.members[at][1], apply))
    assert rules(check(w, tmp_path)) == {rule}


@pytest.mark.parametrize("name", ["election", "trustees", "credentials"])
def test_setup_refers_to_its_data(urn: Urn, tmp_path: Path, name: str) -> None:
    w = Writer(1)
    hashes = {n: w.data(getattr(urn.parts, n)) for n in ("election", "trustees", "credentials")}
    w.event("Setup", w.data(dump(hashes | {name: "0" * 64})))
    refused(w, tmp_path, "cadena-carga")


def test_setup_of_an_empty_urn_is_judged_alone(urn: Urn, tmp_path: Path) -> None:
    report = check(Parts(urn.election, urn.parts.trustees, urn.parts.credentials), tmp_path, strict=True)
    assert (report.findings, report.stage, report.done["credenciales"]) == ([], "instalada", 4)


def test_chunks_of_one_ballot_give_the_same(
    urn: Urn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "SIZE", dict.fromkeys(chunks.SIZE, 1))
    assert check(urn.parts, tmp_path).findings == []


def test_hash_of_the_helpers() -> None:
    assert sha(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
