"""Whole ceremonies held in memory, for tests."""

from __future__ import annotations

from dataclasses import dataclass

from keys.ceremony import Terms, Trustees, lagrange, steps
from keys.ceremony.certificate import Certificate, gamma_fingerprint
from keys.ceremony.channel import TrusteeKeys, derive_keys, new_seed
from keys.ceremony.messages import Polynomial, VOutput
from keys.group import Group, group_named
from keys.randomness import SeededRandomness


@dataclass
class Table:
    """Everybody's messages and secrets."""

    group: Group
    terms: Terms
    keys: list[TrusteeKeys]
    gamma: list[Certificate]
    polynomials: list[Polynomial]
    voutputs: list[VOutput]

    @property
    def trustees(self) -> Trustees:
        return steps.threshold_parameters(self.group, self.terms, self.gamma, self.polynomials, self.voutputs)

    def secret(self, index: int) -> int:
        voutput = self.voutputs[index - 1]
        return steps.open_decryption_key(
            self.group, self.keys[index - 1], voutput.private_key, voutput.public_key.element
        )

    def verify(self, index: int, polynomials: list[Polynomial] | None = None) -> VOutput:
        """Step 5 of trustee `index`, over these polynomials instead of the right ones."""
        vinput = steps.make_vinput(polynomials or self.polynomials, index)
        return steps.make_voutput(
            self.group,
            self.terms,
            self.keys[index - 1],
            self.gamma,
            gamma_fingerprint(self.gamma),
            vinput,
            index,
            SeededRandomness(f"verificar {index}"),
        )


def hold(size: int, threshold: int, group: str = "Ed25519", seed: str = "mesa") -> Table:
    """A ceremony without incidents."""
    table = Table(group_named(group), Terms(group, size, threshold), [], [], [], [])
    g, terms = table.group, table.terms
    random = SeededRandomness(f"{seed} {size} {threshold}")
    table.keys = [derive_keys(g, new_seed(random)) for _ in terms.indices()]
    table.gamma = [
        steps.make_certificate(g, terms, k, i, random)
        for i, k in zip(terms.indices(), table.keys, strict=True)
    ]
    table.polynomials = [
        steps.make_polynomial(g, terms, k, table.gamma, i, random)
        for i, k in zip(terms.indices(), table.keys, strict=True)
    ]
    table.voutputs = [table.verify(i) for i in terms.indices()]
    return table


def combine(table: Table, chosen: tuple[int, ...]) -> int:
    """The exponent that the shares of `chosen` interpolate."""
    order = table.group.order
    return sum(table.secret(i) * w for i, w in lagrange(chosen, order).items()) % order
