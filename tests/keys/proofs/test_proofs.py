"""Every proof convinces when it is right, and no longer when any of its numbers is another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import FormatRefusal, ProofRefusal
from keys.group import Group
from keys.proofs import Claim, Proof, blank, decryption, interval, schnorr, settle
from keys.proofs.claim import failures, hash_to_exponent
from keys.randomness import SeededRandomness

SEEDS = st.integers(0, 2**32)
Remake = Callable[[list[Proof]], Claim]


def encrypt(group: Group, key: int, message: int, random: SeededRandomness):  # type: ignore[no-untyped-def]
    """(r, ciphertext) of g^message under the key y = g^key."""
    r = random.below(group.order)
    alpha, beta = group.powers(group.tables([group.generator]), [[r], [(message + key * r) % group.order]])
    return r, (alpha, beta)


class Scene:
    """A key, and the fixed bases (g, y)."""

    def __init__(self, group: Group, seed: int) -> None:
        self.group = group
        self.random = SeededRandomness(str(seed))
        self.secret = 1 + self.random.below(group.order - 1)
        (self.public,) = group.powers(group.tables([group.generator]), [[self.secret]])
        self.tables = group.tables([group.generator, self.public])

    def close(self, making: interval.Branches, prefix: str, secret: int) -> list[Proof]:
        texts = self.group.encoded_powers(self.tables, making.rows)
        return making.finish(self.group.order, prefix, texts, secret)


def interval_proof(scene: Scene, message: int, values: range) -> tuple[list[Proof], Remake]:
    group = scene.group
    r, pair = encrypt(group, scene.secret, message, scene.random)
    prefix = interval.prefix("S", *group.encode(pair))
    making = interval.branches(
        group.order, [(r, message - v) for v in values], values.index(message), scene.random
    )
    return scene.close(making, prefix, r), lambda proofs: interval.claim(
        group, "p", prefix, pair, values, proofs
    )


def blank_proof(scene: Scene, mark: int, chosen: int) -> tuple[list[Proof], Remake]:
    group = scene.group
    (r, first), (s, rest) = (encrypt(group, scene.secret, m, scene.random) for m in (mark, chosen))
    making = blank.blank_branches(group.order, (r, mark), (s, chosen), scene.random)
    proofs = scene.close(making, blank.blank_prefix("S"), r if making.true_branch == 0 else s)
    return proofs, lambda p: blank.blank_claim(group, "p", "S", first, rest, p)


def overall_proof(scene: Scene, mark: int, chosen: int, values: range) -> tuple[list[Proof], Remake]:
    group = scene.group
    (r, first), (s, rest) = (encrypt(group, scene.secret, m, scene.random) for m in (mark, chosen))
    making = blank.overall_branches(group.order, (r, mark), (s, chosen), values, scene.random)
    proofs = scene.close(making, blank.overall_prefix("S"), r if making.true_branch == 0 else s)
    return proofs, lambda p: blank.overall_claim(group, "p", "S", first, rest, values, p)


def decryption_proof(scene: Scene) -> tuple[list[Proof], Remake]:
    group = scene.group
    _, (alpha, _) = encrypt(group, scene.secret, 1, scene.random)
    prefix = decryption.prefix("φ", group.encode([scene.public])[0])
    (factor,), proofs = decryption.factors(group, prefix, scene.secret, [alpha], scene.random)
    return proofs, lambda p: over_both_bases(decryption.claim("p", prefix, scene.public, alpha, factor, p[0]))


def schnorr_proof(scene: Scene, prefix: str) -> tuple[list[Proof], Remake]:
    group = scene.group
    proof = schnorr.prove(group, prefix, scene.secret, scene.random)
    return [proof], lambda p: schnorr.claim("regla", "p", prefix, scene.public, p[0], bases=2)


def over_both_bases(claim: Claim) -> Claim:
    """A claim of decryption, which is over the generator alone, over (g, y): the exponent of y is 0."""
    jobs = [((*fixed, 0), elements, exponents) for fixed, elements, exponents in claim.jobs]
    return Claim(claim.rule, claim.place, claim.prefix, jobs, claim.challenges)


KINDS: dict[str, Callable[[Scene], tuple[list[Proof], Remake]]] = {
    "intervalo 0": lambda s: interval_proof(s, 0, range(2)),
    "intervalo 1": lambda s: interval_proof(s, 1, range(2)),
    "intervalo 3 de 2 a 5": lambda s: interval_proof(s, 3, range(2, 6)),
    "un solo valor": lambda s: interval_proof(s, 1, range(1, 2)),
    "no nulo": lambda s: blank_proof(s, 0, 1),
    "nulo": lambda s: blank_proof(s, 1, 0),
    "nada": lambda s: blank_proof(s, 0, 0),
    "global nulo": lambda s: overall_proof(s, 1, 0, range(1, 2)),
    "global no nulo": lambda s: overall_proof(s, 0, 1, range(1, 2)),
    "global 2 de 0 a 3": lambda s: overall_proof(s, 0, 2, range(4)),
    "descifrado": decryption_proof,
    "pok": lambda s: schnorr_proof(s, schnorr.pok_prefix(s.group, s.group.encode([s.public])[0])),
    "firma de mensaje": lambda s: schnorr_proof(s, schnorr.message_prefix("hola")),
    "firma de boleta": lambda s: schnorr_proof(s, schnorr.ballot_prefix("digest")),
}


def altered(proofs: list[Proof], order: int) -> Iterator[list[Proof]]:
    """Each number of each proof another, and proofs in other places."""
    for index, proof in enumerate(proofs):
        for field in Proof._fields:
            value = getattr(proof, field)
            for other in (value + 1, value - 1, 0, -value, order - 1):
                if other % order != value:
                    changed = proof._replace(**{field: other % order})
                    yield [*proofs[:index], changed, *proofs[index + 1 :]]
        swapped = Proof(proof.response, proof.challenge)
        yield [*proofs[:index], swapped, *proofs[index + 1 :]]
    if len(proofs) > 1:
        yield proofs[1:] + proofs[:1]


def test_the_shape_of_the_rows_does_not_tell_the_vote(group: Group) -> None:
    """How many bases a row raises can be seen from outside; which branch is the true one must not be."""
    shapes = set()
    for true_branch in range(3):
        statements = [(5, 0 if j == true_branch else 1) for j in range(3)]
        made = interval.branches(group.order, statements, true_branch, SeededRandomness("1"))
        shapes.add(tuple(len(row) for row in made.rows))
    assert shapes == {(1, 2, 1, 2, 1, 2)}


@pytest.mark.req("SEI-28")
@pytest.mark.parametrize("kind", KINDS)
def test_a_right_proof_settles_and_any_other_number_is_refused(group: Group, kind: str) -> None:
    scene = Scene(group, 7)
    proofs, remake = KINDS[kind](scene)
    settle(group, scene.tables, [remake(proofs)])
    wrong = [remake(other) for other in altered(proofs, group.order)]
    assert len(wrong) > 5
    assert len(failures(group, scene.tables, wrong)) == len(wrong)


@given(seed=SEEDS, kind=st.sampled_from(sorted(KINDS)))
def test_right_proofs_settle_whatever_the_randomness(fast: Group, seed: int, kind: str) -> None:
    scene = Scene(fast, seed)
    proofs, remake = KINDS[kind](scene)
    settle(fast, scene.tables, [remake(proofs)])


@pytest.mark.parametrize("kind", KINDS)
def test_a_proof_is_bound_to_its_prefix(fast: Group, kind: str) -> None:
    scene = Scene(fast, 8)
    proofs, remake = KINDS[kind](scene)
    right = remake(proofs)
    other = Claim(right.rule, right.place, right.prefix + "x", right.jobs, right.challenges)
    with pytest.raises(ProofRefusal):
        settle(fast, scene.tables, [other])


def test_a_prover_cannot_claim_what_is_not_so(group: Group) -> None:
    scene = Scene(group, 9)
    r, pair = encrypt(group, scene.secret, 2, scene.random)
    prefix = interval.prefix("S", *group.encode(pair))
    for pretended in (0, 1):
        making = interval.branches(group.order, [(r, 2 % group.order), (r, 1)], pretended, scene.random)
        proofs = scene.close(making, prefix, r)
        with pytest.raises(ProofRefusal):
            settle(group, scene.tables, [interval.claim(group, "p", prefix, pair, range(2), proofs)])


def test_a_decryption_with_another_key_is_refused(group: Group) -> None:
    scene, other = Scene(group, 10), Scene(group, 11)
    _, (alpha, _) = encrypt(group, scene.secret, 1, scene.random)
    prefix = decryption.prefix("φ", group.encode([scene.public])[0])
    (factor,), (proof,) = decryption.factors(group, prefix, other.secret, [alpha], scene.random)
    claim = over_both_bases(decryption.claim("p", prefix, scene.public, alpha, factor, proof))
    with pytest.raises(ProofRefusal):
        settle(group, scene.tables, [claim])


def test_decryption_of_the_identity_has_a_proof_all_the_same(group: Group) -> None:
    scene = Scene(group, 12)
    (factor,), (proof,) = decryption.factors(group, "p", scene.secret, [group.identity], scene.random)
    assert factor == group.identity
    settle(
        group,
        scene.tables,
        [over_both_bases(decryption.claim("p", "p", scene.public, group.identity, factor, proof))],
    )


def test_settle_names_the_first_claim_that_fails_among_many(fast: Group) -> None:
    scene = Scene(fast, 13)
    claims = []
    for index in range(6):
        (proof,), remake = schnorr_proof(scene, f"p{index}")
        bad = proof._replace(response=(proof.response + 1) % fast.order)
        claim = remake([bad if index in (3, 5) else proof])
        claims.append(Claim(claim.rule, f"lugar {index}", claim.prefix, claim.jobs, claim.challenges))
    with pytest.raises(ProofRefusal) as refused:
        settle(fast, scene.tables, claims)
    assert refused.value.place == "lugar 3"
    assert [f.place for f in failures(fast, scene.tables, claims)] == ["lugar 3", "lugar 5"]


def test_no_claims_settle(group: Group) -> None:
    settle(group, group.tables([]), [])


def test_the_hash_is_the_one_of_the_specification(group: Group) -> None:
    import hashlib

    digest = int.from_bytes(hashlib.sha256(b"p|A,B").digest(), "big")
    assert hash_to_exponent(group.order, "p", ["A", "B"]) == digest % group.order


@given(values=st.tuples(st.integers(0), st.integers(0)))
def test_a_proof_is_written_and_read_the_same(fast: Group, values: tuple[int, int]) -> None:
    proof = Proof(*(v % fast.order for v in values))
    assert Proof.from_json(proof.to_json(), "p", fast.order) == proof


@pytest.mark.parametrize("value", ["00", "-1", "+1", "1.0", "", "x", 1, None, True, "1" * 90, "٣"])
def test_other_numbers_are_refused(fast: Group, value: object) -> None:
    for fields in ({"challenge": value, "response": "1"}, {"challenge": "1", "response": value}):
        with pytest.raises(FormatRefusal):
            Proof.from_json(fields, "p", fast.order)


def test_the_order_itself_is_refused(group: Group) -> None:
    with pytest.raises(FormatRefusal):
        Proof.from_json({"challenge": str(group.order), "response": "0"}, "p", group.order)
    last = {"challenge": str(group.order - 1), "response": "0"}
    assert Proof.from_json(last, "p", group.order).challenge == group.order - 1
