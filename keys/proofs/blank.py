"""Proofs of possibly-blank votes (Belenios specification, section of that name).

With m_0 the blank mark and m_Σ the number of chosen answers:
`blank_proof` shows m_0 = 0 or m_Σ = 0; `overall_proof` shows m_0 = 1 or m_Σ in [min, max].
"""

from __future__ import annotations

from collections.abc import Sequence

from keys.group import Element, Group
from keys.proofs.claim import Claim, Proof
from keys.proofs.interval import Branches, branch_jobs, branches
from keys.randomness import Randomness

Ciphertext = tuple[Element, Element]


def blank_prefix(context: str) -> str:
    """Prefix of the hash of `blank_proof`; `context` is the string S of the answer."""
    return f"bproof0|{context}"


def overall_prefix(context: str) -> str:
    """Prefix of the hash of `overall_proof` when blank is allowed."""
    return f"bproof1|{context}"


def blank_branches(
    order: int, blank: tuple[int, int], chosen: tuple[int, int], randomness: Randomness
) -> Branches:
    """`blank_proof` in the making. Each pair is (randomness, plaintext): of m_0 and of m_Σ."""
    return branches(order, [blank, chosen], 0 if blank[1] == 0 else 1, randomness)


def overall_branches(
    order: int,
    blank: tuple[int, int],
    chosen: tuple[int, int],
    values: Sequence[int],
    randomness: Randomness,
) -> Branches:
    """`overall_proof` in the making: the first branch is m_0 = 1, the others m_Σ = value."""
    statements = [(blank[0], blank[1] - 1)] + [(chosen[0], chosen[1] - v) for v in values]
    true_branch = 0 if blank[1] == 1 else 1 + list(values).index(chosen[1])
    return branches(order, statements, true_branch, randomness)


def blank_claim(
    group: Group, place: str, context: str, blank: Ciphertext, chosen: Ciphertext, proofs: Sequence[Proof]
) -> Claim:
    """The claim that the ballot is not blank or chooses nothing."""
    jobs = branch_jobs(group.order, *blank, [0], proofs[:1])
    jobs += branch_jobs(group.order, *chosen, [0], proofs[1:])
    return Claim("boleta.prueba_nulo", place, blank_prefix(context), jobs, sum(p.challenge for p in proofs))


def overall_claim(
    group: Group,
    place: str,
    context: str,
    blank: Ciphertext,
    chosen: Ciphertext,
    values: Sequence[int],
    proofs: Sequence[Proof],
) -> Claim:
    """The claim that the ballot is blank or chooses a number of answers in `values`."""
    jobs = branch_jobs(group.order, *blank, [1], proofs[:1])
    jobs += branch_jobs(group.order, *chosen, values, proofs[1:])
    return Claim(
        "boleta.prueba_global", place, overall_prefix(context), jobs, sum(p.challenge for p in proofs)
    )
