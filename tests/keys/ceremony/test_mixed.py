"""Our code in the place of one trustee of a ceremony held with belenios-tool, by its seed."""

from __future__ import annotations

import pytest

from keys.ceremony import steps, verify_trustees
from keys.ceremony.certificate import gamma_fingerprint
from keys.ceremony.messages import VOutput
from keys.randomness import SeededRandomness

from .vectors import NAMES, ROOT, held

pytestmark = [
    pytest.mark.req("SEI-22"),
    pytest.mark.skipif(not ROOT.exists(), reason="AVISO: faltan tests/vectors/belenios: NADA se comparó"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ours", [1, 2])
def test_a_new_polynomial_of_ours_among_theirs(name: str, ours: int) -> None:
    c = held(name)
    random = SeededRandomness(f"{name} {ours}")
    made = steps.make_polynomial(c.group, c.terms, c.keys(ours), c.gamma, ours, random)
    polynomials = [*c.polynomials[: ours - 1], made, *c.polynomials[ours:]]
    gamma = gamma_fingerprint(c.gamma)
    voutputs = []
    for index in c.terms.indices():
        vinput = steps.make_vinput(polynomials, index)
        voutputs.append(
            steps.make_voutput(c.group, c.terms, c.keys(index), c.gamma, gamma, vinput, index, random)
        )
    trustees = steps.threshold_parameters(c.group, c.terms, c.gamma, polynomials, voutputs)
    verify_trustees(c.group, trustees.encode())
    theirs = VOutput.decode(c.group, c.file(1, "voutput"), "voutput").public_key.public_key
    assert trustees.verification_keys[0].public_key != theirs


@pytest.mark.parametrize("name", NAMES)
def test_the_certificate_of_a_seed_has_their_message(name: str) -> None:
    c = held(name)
    for index in c.terms.indices():
        made = steps.make_certificate(c.group, c.terms, c.keys(index), index, SeededRandomness("x"))
        assert made.signed.message == c.gamma[index - 1].signed.message
        assert made.belenios_name == c.names[index - 1]
