"""Ceremonies held by other people's program: every message reads, writes back, verifies and recomputes."""

from __future__ import annotations

import json

import pytest

from keys.ceremony import lagrange, steps, verify_trustees
from keys.ceremony.certificate import check_certificates, encode_certificates, gamma_fingerprint
from keys.ceremony.channel import Encrypted, receive
from keys.ceremony.messages import VInput, VOutput
from keys.ceremony.secret import SHARE, read_number, read_polynomial
from keys.randomness import SeededRandomness

from .vectors import NAMES, ROOT, Held, held

pytestmark = [
    pytest.mark.req("SEI-22"),
    pytest.mark.skipif(not ROOT.exists(), reason="AVISO: faltan tests/vectors/belenios: NADA se comparó"),
]


@pytest.fixture(params=NAMES)
def ceremony(request: pytest.FixtureRequest) -> Held:
    return held(request.param)


def voutputs(c: Held) -> list[VOutput]:
    return [VOutput.decode(c.group, c.file(i, "voutput"), "voutput") for i in c.terms.indices()]


def test_certificates_round_trip_and_verify(ceremony: Held) -> None:
    c = ceremony
    assert encode_certificates(c.gamma) == c.public("certs.jsons")
    check_certificates(c.group, c.terms, c.gamma, "certs")
    assert [x.belenios_name for x in c.gamma] == c.names
    for index, certificate in zip(c.terms.indices(), c.gamma, strict=True):
        keys = c.keys(index)
        assert certificate.encode() == c.file(index, "cert")
        assert (certificate.verification, certificate.encryption) == (keys.verification, keys.encryption)


def test_polynomials_round_trip_and_verify(ceremony: Held) -> None:
    c = ceremony
    assert b"".join(p.encode() + b"\n" for p in c.polynomials) == c.public("polynomials.jsons")
    for index, polynomial in zip(c.terms.indices(), c.polynomials, strict=True):
        steps.check_polynomial(c.group, c.terms, c.gamma, index, polynomial, "polinomio")


def test_the_stored_polynomial_is_the_one_that_was_shared(ceremony: Held) -> None:
    c = ceremony
    for index, polynomial in zip(c.terms.indices(), c.polynomials, strict=True):
        keys, own = c.keys(index), c.gamma[index - 1].verification_key
        sealed = Encrypted.read(c.group, polynomial.polynomial, "polinomio")
        text = receive(c.group, keys, own, sealed, "polinomio")
        coefficients = read_polynomial(text, "polinomio", c.group.order, c.terms.threshold)
        for other in c.terms.indices():
            sealed = Encrypted.read(c.group, polynomial.secrets[other - 1], "parte")
            share = receive(c.group, c.keys(other), own, sealed, "parte")
            expected = steps.evaluate(coefficients, other, c.group.order)
            assert read_number(SHARE, share, "parte", c.group.order) == expected


def test_vinputs_are_what_the_polynomials_give(ceremony: Held) -> None:
    c = ceremony
    for index in c.terms.indices():
        data = c.file(index, "vinput")
        assert steps.make_vinput(c.polynomials, index).encode() == data
        assert VInput.decode(c.group, data, "vinput", c.terms.size).encode() == data


def test_our_trustee_reaches_the_same_key(ceremony: Held) -> None:
    c = ceremony
    gamma = gamma_fingerprint(c.gamma)
    for index, theirs in zip(c.terms.indices(), voutputs(c), strict=True):
        keys = c.keys(index)
        vinput = steps.make_vinput(c.polynomials, index)
        random = SeededRandomness(f"voutput {index}")
        ours = steps.make_voutput(c.group, c.terms, keys, c.gamma, gamma, vinput, index, random)
        assert ours.public_key.public_key == theirs.public_key.public_key
        assert theirs.encode() == c.file(index, "voutput")
        assert theirs.private_key.encode() == c.file(index, "dkey")
        secrets = [
            steps.open_decryption_key(c.group, keys, v.private_key, theirs.public_key.element)
            for v in (ours, theirs)
        ]
        assert secrets[0] == secrets[1]


def test_threshold_shares_give_the_key_of_the_election(ceremony: Held) -> None:
    c = ceremony
    trustees = steps.threshold_parameters(c.group, c.terms, c.gamma, c.polynomials, voutputs(c))
    secrets = {
        i: steps.open_decryption_key(c.group, c.keys(i), v.private_key, v.public_key.element)
        for i, v in zip(c.terms.indices(), voutputs(c), strict=True)
    }
    chosen = list(c.terms.indices())[-c.terms.threshold :]
    secret = sum(secrets[i] * w for i, w in lagrange(chosen, c.group.order).items()) % c.group.order
    power = c.group.powers(c.group.tables([c.group.generator]), [[secret]])
    assert power == [trustees.election_key(c.group)]


def test_threshold_parameters_are_reproduced(ceremony: Held) -> None:
    c = ceremony
    made = steps.threshold_parameters(c.group, c.terms, c.gamma, c.polynomials, voutputs(c))
    expected = b'[["Pedersen",' + c.public("threshold.json").removesuffix(b"\n") + b"]]"
    assert made.encode() == expected
    assert verify_trustees(c.group, expected) == made


@pytest.mark.parametrize("name", NAMES)
def test_trustees_of_the_archive_verify(name: str) -> None:
    c = held(name)
    (archive,) = c.folder.glob("*.bel")
    blob = archive.read_bytes()
    blocks = [blob[i : i + 512] for i in range(0, len(blob), 512)]
    # The archive is a tar: a header block, then the content padded to whole blocks.
    found, position = [], 0
    while position < len(blocks) and blocks[position].strip(b"\0"):
        size = int(blocks[position][124:136].strip(b"\0 "), 8)
        start = (position + 1) * 512
        found.append(blob[start : start + size])
        position += 1 + -(-size // 512)
    data = next(x for x in found if x.startswith((b'[["Pedersen"', b'[["Single"')))
    election = json.loads(next(x for x in found if b'"public_key":' in x and b'"questions":' in x))
    trustees = verify_trustees(c.group, data)
    assert trustees.encode() == data
    assert c.group.encode([trustees.election_key(c.group)]) == [election["public_key"]]
    kinds = [type(item).__name__ for item in trustees.items]
    assert kinds[-1] == "Pedersen"
    assert len(trustees.verification_keys) == len(kinds) - 1 + c.terms.size
