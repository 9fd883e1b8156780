"""`encrypted_tally`, `partial_decryption` and `result` (specification, sections of those names)."""

from __future__ import annotations

from typing import NamedTuple

from certeza_verifier import canonical
from certeza_verifier.messages.common import (
    Ciphertext,
    Proof,
    ciphertexts,
    proofs,
    strings,
    write_ciphertexts,
    write_proofs,
    write_texts,
)


class PartialDecryption(NamedTuple):
    """Factors (texts) and proofs, both by question and choice."""

    factors: list[list[str]]
    proofs: list[list[Proof]]


def parse_tally(data: bytes) -> list[list[Ciphertext]]:
    """`encrypted_tally`: ciphertexts by question and choice."""
    place = "encrypted_tally"
    questions = canonical.array(canonical.load(data, place), place)
    tally = [ciphertexts(item, f"{place}[{i}]") for i, item in enumerate(questions)]
    canonical.same(data, write_tally(tally), place)
    return tally


def write_tally(tally: list[list[Ciphertext]]) -> str:
    """Canonical text of an encrypted tally."""
    return "[" + ",".join([write_ciphertexts(item) for item in tally]) + "]"


def parse_partial(data: bytes, order: int) -> PartialDecryption:
    """`partial_decryption`."""
    place = "partial_decryption"
    names = ("decryption_factors", "decryption_proofs")
    factors, proved = canonical.fields(canonical.load(data, place), names, place)
    factors = canonical.array(factors, f"{place}.{names[0]}")
    proved = canonical.array(proved, f"{place}.{names[1]}")
    partial = PartialDecryption(
        [strings(item, f"{place}.{names[0]}[{i}]") for i, item in enumerate(factors)],
        [proofs(item, order, f"{place}.{names[1]}[{i}]") for i, item in enumerate(proved)],
    )
    text = (
        f'{{"decryption_factors":[{",".join([write_texts(item) for item in partial.factors])}],'
        f'"decryption_proofs":[{",".join([write_proofs(item) for item in partial.proofs])}]}}'
    )
    canonical.same(data, text, place)
    return partial


def parse_result(data: bytes) -> list[list[int]]:
    """`result`: counts by question and choice. Their bound is the total weight, checked elsewhere."""
    place = "result"
    (questions,) = canonical.fields(canonical.load(data, place), ("result",), place)
    result = [
        [
            canonical.weight(count, f"{place}[{i}][{j}]")
            for j, count in enumerate(canonical.array(item, f"{place}[{i}]"))
        ]
        for i, item in enumerate(canonical.array(questions, place))
    ]
    rows = [",".join([canonical.write_weight(count) for count in row]) for row in result]
    text = ",".join([f"[{row}]" for row in rows])
    canonical.same(data, f'{{"result":[{text}]}}', place)
    return result
