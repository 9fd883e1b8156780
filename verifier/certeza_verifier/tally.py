"""The encrypted tally, the shares and the result (specification, «Encrypted tally» to «Election result»;
careful verifier, points 3 and 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from certeza_verifier import claims
from certeza_verifier.claims import Claim
from certeza_verifier.errors import Failure
from certeza_verifier.groups import AnyGroup, Job
from certeza_verifier.messages.common import Ciphertext
from certeza_verifier.messages.election import Question
from certeza_verifier.messages.setup import SizedTally
from certeza_verifier.messages.tally import PartialDecryption
from certeza_verifier.trustees import Board, elements

Tally = list[list[Ciphertext]]
_SEARCH = 100_000


def shape(tally: Sequence[Sequence[object]], questions: Sequence[Question], rule: str, place: str) -> None:
    """One row per question with one item per choice."""
    expected = [question.choices for question in questions]
    got = [len(row) for row in tally]
    if got != expected:
        raise Failure(rule, place, expected, got)


def verify_sized(sized: SizedTally, count: int, weight: int) -> None:
    """Number of ballots counted and their total weight."""
    place = "sized_encrypted_tally"
    if sized.num_tallied != count:
        raise Failure("suma-numero", f"{place}.num_tallied", count, sized.num_tallied)
    if sized.total_weight != weight:
        raise Failure("suma-peso", f"{place}.total_weight", weight, sized.total_weight)


def verify_tally(tally: Tally, sums: Sequence[str]) -> None:
    """The published tally is the product of the ballots: `sums` has alpha and beta of each choice."""
    flat = [(f"[{i}][{j}]", c) for i, row in enumerate(tally) for j, c in enumerate(row)]
    pairs = zip(sums[::2], sums[1::2], strict=True)
    for (place, got), (alpha, beta) in zip(flat, pairs, strict=True):
        for name, expected, text in (("alpha", alpha, got.alpha), ("beta", beta, got.beta)):
            if text != expected:
                raise Failure("suma-cifrada", f"encrypted_tally{place}.{name}", expected, text)


def tally_elements(tally: Tally, group: AnyGroup) -> list[list[tuple[Any, Any]]]:
    """Decoded tally. Only here the identity is allowed: it is the sum of no ballots."""
    rows = []
    for i, row in enumerate(tally):
        texts = [text for pair in row for text in pair]
        points = elements(group, texts, f"encrypted_tally[{i}]", allow_identity=True)
        rows.append(list(zip(points[::2], points[1::2], strict=True)))
    return rows


def verify_partial(
    partial: PartialDecryption, key: str, rows: list[list[tuple[Any, Any]]], fingerprint: str, group: AnyGroup
) -> list[list[Any]]:
    """Each factor is alpha to the trustee's private key; returns the factors, by question and choice."""
    place = "partial_decryption"
    (public,) = elements(group, [key], "trustees")
    prefix = f"decrypt|{fingerprint}|{key}|"
    factors, statements = [], []
    for i, row in enumerate(rows):
        where = f"{place}.decryption_factors[{i}]"
        decoded = elements(group, partial.factors[i], where, allow_identity=True)
        for j, ((alpha, _), factor) in enumerate(zip(row, decoded, strict=True)):
            if group.is_identity(alpha) != group.is_identity(factor):
                raise Failure(
                    "parcial-factor",
                    f"{where}[{j}]",
                    "identidad si y solo si alpha lo es",
                    partial.factors[i][j],
                )
            challenge, response = partial.proofs[i][j]
            jobs: list[Job[Any]] = [
                ((response, challenge), (), ()),
                ((0, 0), (alpha, factor), (response, challenge)),
            ]
            statements.append(Claim("parcial-prueba", f"{where}[{j}]", prefix, jobs, challenge))
        factors.append(decoded)
    claims.check(group, (group.generator, public), statements)
    return factors


def coefficients(board: Board, owners: set[int], order: int) -> dict[int, int]:
    """For each owner used, the exponent of the own factor. Raises `resultado-insuficiente` when too few.

    Of the shares at hand the ones with the smallest index are used: all are verified, so any choice is the
    same.
    """
    result: dict[int, int] = {}
    first = 1
    for i, item in enumerate(board.items):
        mine = [k for k in range(1, len(item.keys) + 1) if first + k - 1 in owners][: item.threshold]
        if len(mine) < item.threshold:
            raise Failure(
                "resultado-insuficiente", f"trustees[{i}]", f"{item.threshold} descifrados", len(mine)
            )
        for k in mine:
            result[first + k - 1] = 1 if item.kind == "Single" else lagrange(k, mine, order)
        first += len(item.keys)
    return result


def lagrange(index: int, indices: Sequence[int], order: int) -> int:
    """Lagrange coefficient at 0 of `index` among `indices` (specification, «Election result»)."""
    above = below = 1
    for other in indices:
        if other != index:
            above = above * other % order
            below = below * (other - index) % order
    return above * pow(below, -1, order) % order


def verify_result(
    result: list[list[int]],
    tally: Tally,
    shares: Mapping[int, list[list[Any]]],
    exponents: Mapping[int, int],
    group: AnyGroup,
    weight: int,
) -> None:
    """Each count n in [0, weight] gives g^n · F = beta, F being the combined factor."""
    owners = list(exponents)
    powers = [exponents[k] for k in owners]
    cells = [(i, j) for i, row in enumerate(tally) for j in range(len(row))]
    for i, j in cells:
        if not 0 <= result[i][j] <= weight:
            raise Failure("resultado-valor", f"result[{i}][{j}]", f"de 0 a {weight}", result[i][j])
    jobs = [((result[i][j] % group.order,), [shares[k][i][j] for k in owners], powers) for i, j in cells]
    for (i, j), text in zip(cells, group.multiply_text((group.generator,), jobs), strict=True):
        if text != tally[i][j].beta:
            factors = [shares[k][i][j] for k in owners]
            right = _search(tally[i][j].beta, factors, powers, group, weight)
            raise Failure("resultado-valor", f"result[{i}][{j}]", right, result[i][j])


def _search(beta: str, factors: Sequence[Any], powers: Sequence[int], group: AnyGroup, weight: int) -> str:
    """What the published count should have been, for the report: tried one by one up to a bound."""
    g = group.generator
    (current,) = group.multiply((g,), [((0,), factors, powers)])
    for count in range(min(weight, _SEARCH) + 1):
        if group.text(current) == beta:
            return str(count)
        current = group.combine([current, g])
    return "otro valor"
