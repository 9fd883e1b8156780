"""Proof that a ciphertext encrypts one of some consecutive integers.

Belenios specification, section "Proofs of interval membership" (Cramer, Damgård, Schoenmakers 1994).
Tables are over (generator g, election key y). The prover knows r, so that even the simulated
commitments are powers of the fixed bases: A_j = g^e, B_j = y^e g^{(m - M_j) c_j} with e = response + r c_j.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keys.group import Element, Group, Job
from keys.proofs.claim import Claim, Proof, hash_to_exponent
from keys.randomness import Randomness


@dataclass(frozen=True, slots=True)
class Branches:
    """A disjunctive proof in the making: the rows to compute with `Group.encoded_powers`, then `finish`."""

    rows: list[tuple[int, ...]]
    true_branch: int
    simulated: list[Proof]
    """One per branch; that of the true branch holds (0, witness)."""

    def finish(self, order: int, prefix: str, commitments: Sequence[str], secret: int) -> list[Proof]:
        """The proofs, once the commitments of `rows` are known. `secret` belongs to the true branch."""
        total = hash_to_exponent(order, prefix, commitments)
        challenge = (total - sum(p.challenge for p in self.simulated)) % order
        witness = self.simulated[self.true_branch].response
        proofs = list(self.simulated)
        proofs[self.true_branch] = Proof(challenge, (witness - secret * challenge) % order)
        return proofs


def branches(
    order: int, statements: Sequence[tuple[int, int]], true_branch: int, randomness: Randomness
) -> Branches:
    """Simulate all branches but the true one. The shape of the rows does not tell which one that is.

    `statements[j]` = (r, d): branch j says that a ciphertext of randomness r encrypts the value of the
    branch; d is what it really encrypts minus that value (0 for the true branch).
    """
    rows: list[tuple[int, ...]] = []
    simulated = []
    for j, (r, difference) in enumerate(statements):
        if j == true_branch:
            witness = randomness.below(order)
            simulated.append(Proof(0, witness))
            rows += [(witness,), (0, witness)]
        else:
            proof = Proof(randomness.below(order), randomness.below(order))
            simulated.append(proof)
            e = (proof.response + r * proof.challenge) % order
            rows += [(e,), (difference * proof.challenge % order, e)]
    return Branches(rows, true_branch, simulated)


def prefix(context: str, alpha: str, beta: str) -> str:
    """Prefix of the hash; `context` is the string S of section "Homomorphic answers"."""
    return f"prove|{context}|{alpha},{beta}"


def branch_jobs(
    order: int, alpha: Element, beta: Element, values: Sequence[int], proofs: Sequence[Proof]
) -> list[Job]:
    """A_j = g^response alpha^challenge and B_j = y^response (beta / g^value)^challenge, per branch."""
    jobs: list[Job] = []
    for value, (challenge, response) in zip(values, proofs, strict=True):
        jobs.append(((response, 0), (alpha,), (challenge,)))
        jobs.append(((-value * challenge % order, response), (beta,), (challenge,)))
    return jobs


def claim(
    group: Group,
    place: str,
    hash_prefix: str,
    ciphertext: tuple[Element, Element],
    values: Sequence[int],
    proofs: Sequence[Proof],
) -> Claim:
    """The claim that `ciphertext` encrypts one of `values`; as many proofs as values."""
    jobs = branch_jobs(group.order, *ciphertext, values, proofs)
    return Claim("boleta.prueba_intervalo", place, hash_prefix, jobs, sum(p.challenge for p in proofs))
