"""A trustee who forges on purpose: a useless factor whose proof verifies, made with the own key.

The challenge hashes the commitments A and B but not the factor F. So B is chosen first, then F so that
alpha^response F^challenge = B: F = (B alpha^-response)^(1/challenge).
"""

from __future__ import annotations

import json
from pathlib import Path

from keys import canonical
from keys.group import Group
from keys.proofs import Proof, decryption
from keys.proofs.claim import hash_to_exponent
from keys.randomness import SystemRandomness
from tally.receiving import Opening, read_closed_file


def forge(
    opening: Opening, group: Group, owner: int, secret: int, file: Path, line: int, answer: int
) -> Path:
    """The trustee's `file` with one factor forged: of the urn in `line`, its first question, `answer`."""
    lines = file.read_bytes().splitlines(keepends=True)
    share = json.loads(lines[line])
    urn = next(u for u in opening.consultation.urns if u.uuid == share["uuid"])
    closed = read_closed_file(opening.public, urn)
    (public,) = group.encoded_powers(group.tables([group.generator]), [[secret]])
    prefix = decryption.prefix(closed.election.fingerprint, public)
    factor, proof = _forged(group, prefix, secret, closed.tally.rows[0][answer][0])
    share["partial_decryption"]["decryption_factors"][0][answer] = factor
    share["partial_decryption"]["decryption_proofs"][0][answer] = proof.to_json()
    lines[line] = canonical.encode_bytes(share) + b"\n"
    made = file.with_name(f"falsa-{owner}-{line}.jsonl")
    made.write_bytes(b"".join(lines))
    return made


def _forged(group: Group, prefix: str, secret: int, alpha_text: str) -> tuple[str, Proof]:
    random, tables = SystemRandomness(), group.tables([group.generator])
    (alpha,) = group.decode([alpha_text], "alpha")
    witness, other, shift = (random.below(group.order) for _ in range(3))
    (first,) = group.encoded_powers(tables, [[witness]])
    (second,) = group.products(tables, [((shift,), (alpha,), (other,))])
    challenge = hash_to_exponent(group.order, prefix, [first, *group.encode([second])])
    response = (witness - secret * challenge) % group.order
    inverse = pow(challenge, -1, group.order)
    exponents = (inverse, -response * inverse % group.order)
    factors = group.products(tables, [((0,), (second, alpha), exponents)])
    return group.encode(factors)[0], Proof(challenge, response)
