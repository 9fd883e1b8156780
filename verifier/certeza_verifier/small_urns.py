"""Small urns: what a Mesa hands in, its sum with the urn, and what that opens to (docs/formats.md).

Everything that can be is computed again: the ciphertexts of the totals from their bits, the sum as a product,
the result from the shares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from certeza_verifier import claims, tally
from certeza_verifier.actas import is_small
from certeza_verifier.ballots import compact64
from certeza_verifier.claims import Claim
from certeza_verifier.consulta import Consultation, Unit
from certeza_verifier.errors import Failure
from certeza_verifier.groups import AnyGroup, Job
from certeza_verifier.messages.common import Ciphertext, Proof
from certeza_verifier.messages.mesas import Mesa, Opened, parse_mesa, parse_opened, parse_sum
from certeza_verifier.messages.tally import parse_partial
from certeza_verifier.report import UrnReport
from certeza_verifier.tlog.note import signed
from certeza_verifier.trustees import Board, elements

Pair = tuple[Any, Any]


def sha(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class SmallUrn:
    """Checks the documents of one small urn. Everything raises Failure."""

    def __init__(
        self, consultation: Consultation, unit: Unit, urn: UrnReport, group: AnyGroup, key: str | None
    ) -> None:
        self._consultation, self._unit, self._urn, self._group = consultation, unit, urn, group
        self._mesa_key = key
        (self._public,) = elements(group, [consultation.public_key], "llave_publica")
        election, digest = urn.facts.election, urn.facts.election_digest
        if election is None or digest is None or urn.facts.tally is None:
            raise Failure("urna-etapa", unit.file, "sumada", urn.stage)
        self._fingerprint = compact64(bytes.fromhex(digest))
        self._tally = urn.facts.tally

    def mesa(self, data: bytes) -> tuple[Mesa, list[Pair]]:
        """A Mesa's document, and the ciphertexts of its totals once signature and proofs hold."""
        mesa = parse_mesa(data, self._group.order)
        got = mesa.fields
        expected = {
            "acta": "mesa",
            "clave": self._unit.clave,
            "consulta": self._consultation.id,
            "llave": self._mesa_key,
            "uuid": self._unit.uuid,
            "version": 1,
        }
        for name, value in expected.items():
            if got[name] != value or type(got[name]) is not type(value):
                raise Failure("mesa-valor", f"mesa.{name}", value, got[name])
        given = got["recibidas"] - got["sobrantes"]
        if mesa.total > given:
            raise Failure("mesa-valor", "mesa.total", f"a lo más {given}", mesa.total)
        if not signed(bytes.fromhex(mesa.key), mesa.message, bytes.fromhex(mesa.signature)):
            raise Failure("mesa-firma", "mesa.firma", "la firma de esa llave", mesa.signature)
        return mesa, self._proved(mesa)

    def _proved(self, mesa: Mesa) -> list[Pair]:
        size = max(1, mesa.total.bit_length())
        shape, wanted = [len(row) for row in mesa.rows], [size] * (len(self._unit.projects) + 1)
        if shape != wanted:
            raise Failure("mesa-forma", "mesa.totales.opciones", wanted, shape)
        context = f"certeza/mesa/v1|{self._fingerprint}|{mesa.key}|{mesa.total}"
        texts = [text for row in mesa.rows for bit in row for text in bit.ciphertext]
        points = elements(self._group, texts, "mesa.totales.opciones")
        pairs = list(zip(points[::2], points[1::2], strict=True))
        stated: list[Claim] = []
        products: list[Pair] = []
        for i, row in enumerate(mesa.rows):
            own = pairs[i * size : (i + 1) * size]
            stated += [self._bit(f"{context}|{i}|{j}", i, j, bit, own[j]) for j, bit in enumerate(row)]
            products.append(self._weighted(own))
        stated.append(self._total(context, products, mesa))
        claims.check(self._group, (self._group.generator, self._public), stated)
        return products

    def _bit(self, context: str, i: int, j: int, bit: Any, pair: Pair) -> Claim:
        prefix = f"prove|{context}|{bit.ciphertext.alpha},{bit.ciphertext.beta}|"
        place = f"mesa.totales.opciones[{i}][{j}]"
        return self._claim("mesa-prueba-bit", place, prefix, pair, (0, 1), bit.proofs)

    def _total(self, context: str, products: Sequence[Pair], mesa: Mesa) -> Claim:
        """The product of all options encrypts the number of ballots."""
        whole = tuple(self._group.combine([pair[side] for pair in products]) for side in (0, 1))
        alpha, beta = (self._group.text(element) for element in whole)
        prefix = f"prove|{context}|total|{alpha},{beta}|"
        proofs = [mesa.total_proof]
        place = "mesa.totales.prueba_total"
        return self._claim("mesa-prueba-total", place, prefix, (whole[0], whole[1]), (mesa.total,), proofs)

    def _claim(
        self, rule: str, place: str, prefix: str, pair: Pair, values: Sequence[int], proofs: Sequence[Proof]
    ) -> Claim:
        """A = g^response · alpha^challenge and B = y^response · (beta / g^value)^challenge for each value."""
        jobs: list[Job[Any]] = []
        for value, (challenge, response) in zip(values, proofs, strict=True):
            jobs.append(((response, 0), (pair[0],), (challenge,)))
            jobs.append(((-value * challenge % self._group.order, response), (pair[1],), (challenge,)))
        return Claim(rule, place, prefix, jobs, sum(proof.challenge for proof in proofs))

    def _weighted(self, bits: Sequence[Pair]) -> Pair:
        """The number that some bits make: each to its power of two."""
        powers = [2**j for j in range(len(bits))]
        jobs: list[Job[Any]] = [((0,), [pair[side] for pair in bits], powers) for side in (0, 1)]
        alpha, beta = self._group.multiply((self._group.generator,), jobs)
        return alpha, beta

    def sum(self, data: bytes, mesa_data: bytes, mesa: Mesa, pairs: Sequence[Pair]) -> list[Ciphertext]:
        """The published sum is the product, and opens or stays closed as k says."""
        got, _ = parse_sum(data)
        ballots = self._urn.ballots + mesa.total
        product = list(self._product(pairs))
        expected = {
            "boletas": ballots,
            "boletas_internet": self._urn.ballots,
            "boletas_mesa": mesa.total,
            "cifrada": [{"alpha": a, "beta": b} for a, b in product],
            "clave": self._unit.clave,
            "computo": self._urn.facts.tally_digest,
            "consulta": self._consultation.id,
            "mesa": sha(mesa_data),
            "suma": "reservada" if is_small(ballots, self._consultation.k) else "por-abrir",
            "uuid": self._unit.uuid,
            "version": 1,
        }
        for name, value in expected.items():
            if got[name] != value or type(got[name]) is not type(value):
                raise Failure("suma-producto", f"suma.{name}", value, got[name])
        return product

    def _product(self, pairs: Sequence[Pair]) -> Iterator[Ciphertext]:
        texts = [text for choice in self._tally for text in choice]
        own = elements(self._group, texts, "encrypted_tally", allow_identity=True)
        for n, pair in enumerate(pairs):
            both = [self._group.combine([own[2 * n + side], pair[side]]) for side in (0, 1)]
            yield Ciphertext(self._group.text(both[0]), self._group.text(both[1]))

    def opened(
        self, data: bytes, sum_data: bytes, product: list[Ciphertext], board: Board, most: int
    ) -> Opened:
        """What the sum opened to: proofs of all shares, enough of them, and the numbers that they give.

        `most`: ballots of internet and of the Mesa together.
        """
        found = parse_opened(data)
        expected = {
            "clave": self._unit.clave,
            "consulta": self._consultation.id,
            "suma": sha(sum_data),
            "uuid": self._unit.uuid,
            "version": 1,
        }
        for name, value in expected.items():
            if found.fields[name] != value or type(found.fields[name]) is not type(value):
                raise Failure("suma-abierta-valor", f"suma-abierta.{name}", value, found.fields[name])
        owners = [owner for owner, _ in found.shares]
        if owners != sorted(set(owners)) or not all(1 <= owner <= len(board.keys) for owner in owners):
            raise Failure("suma-abierta-valor", "aportaciones", f"de 1 a {len(board.keys)}, en orden", owners)
        self._result(found, sum_data, product, board, most)
        return found

    def _result(
        self, found: Opened, sum_data: bytes, product: list[Ciphertext], board: Board, most: int
    ) -> None:
        group, rows = self._group, [product]
        points = tally.tally_elements(rows, group)
        context = compact64(hashlib.sha256(b"certeza/suma/v1\n" + sum_data).digest())
        factors = {}
        for owner, data in found.shares:
            partial = parse_partial(data, group.order)
            for part in (partial.factors, partial.proofs):
                if [len(row) for row in part] != [len(product)]:
                    raise Failure(
                        "parcial-forma", f"aportaciones, custodio {owner}", len(product), "otra forma"
                    )
            factors[owner] = tally.verify_partial(partial, board.keys[owner - 1], points, context, group)
        if len(found.result) != len(product):
            raise Failure("resultado-forma", "resultado", len(product), len(found.result))
        exponents = tally.coefficients(board, set(factors), group.order)
        tally.verify_result([found.result], rows, factors, exponents, group, most)
        if sum(found.result) != most:
            raise Failure("suma-abierta-valor", "resultado", f"números que suman {most}", sum(found.result))
