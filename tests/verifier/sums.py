"""Mesas and sums of the small urns of a public folder, written from docs/formats.md; it can cheat too."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bel import dump, sha
from forge import Urn, compact
from nacl.signing import SigningKey

INSTANT = "2023-05-01T18:00:00-06:00"
SIGNER = SigningKey(bytes(range(32)))


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def key_of(signer: SigningKey) -> str:
    return bytes(signer.verify_key).hex()


def mesa(
    consultation: str, clave: str, urn: Urn, counts: list[int], signer: SigningKey = SIGNER, **changes: Any
) -> dict[str, Any]:
    """What a Mesa hands in. `changes` to the plain fields are signed; `stated`: another total."""
    m, total = urn.m, sum(counts)
    stated = changes.pop("stated", total)
    size = max(1, stated.bit_length())
    context = f"certeza/mesa/v1|{urn.phi}|{key_of(signer)}|{stated}"
    options, whole, secret = [], [], 0
    for i, number in enumerate(counts):
        row = []
        for j in range(size):
            r, bit = m.scalar(), number >> j & 1
            pair = (m.power((m.g, r)), m.power((urn.y, r), (m.g, bit)))
            alpha, beta = m.text(pair[0]), m.text(pair[1])
            prefix = f"prove|{context}|{i}|{j}|{alpha},{beta}|"
            proof = m.disjunction(prefix, urn.y, [(pair, 0), (pair, 1)], bit, r)
            row.append({"alpha": alpha, "beta": beta, "prueba": proof})
            whole += [(pair, 2**j)]
            secret += r * 2**j
        options.append(row)
    product = tuple(m.power(*[(pair[side], power) for pair, power in whole]) for side in (0, 1))
    prefix = f"prove|{context}|total|{m.text(product[0])},{m.text(product[1])}|"
    (closing,) = m.disjunction(prefix, urn.y, [(product, stated)], 0, secret % m.q)
    value = {
        "acta": "mesa",
        "version": 1,
        "consulta": consultation,
        "clave": clave,
        "uuid": urn.uuid,
        "instante": INSTANT,
        "recibidas": stated + 5,
        "sobrantes": 5,
        "total": stated,
        "totales": {"opciones": options, "prueba_total": closing},
        "llave": key_of(signer),
    } | changes
    return signed(value, signer)


def signed(value: dict[str, Any], signer: SigningKey = SIGNER) -> dict[str, Any]:
    plain = {name: item for name, item in value.items() if name != "firma"}
    return plain | {"firma": signer.sign(b"certeza/mesa/v1\n" + canonical(plain)).signature.hex()}


def sum_of(consultation: str, clave: str, urn: Urn, handed: dict[str, Any], k: int) -> dict[str, Any]:
    """The product of the urn's tally and of the Mesa's totals."""
    m = urn.m
    product = []
    for cell, row in zip(json.loads(urn.parts.tally or b"")[0], handed["totales"]["opciones"], strict=True):
        pair = {}
        for name in ("alpha", "beta"):
            bits = [(m.parse(bit[name]), 2**j) for j, bit in enumerate(row)]
            pair[name] = m.text(m.power((m.parse(cell[name]), 1), *bits))
        product.append(pair)
    remote, paper = len(urn.parts.ballots), handed["total"]
    return {
        "suma": "reservada" if 0 < remote + paper < k else "por-abrir",
        "version": 1,
        "consulta": consultation,
        "clave": clave,
        "uuid": urn.uuid,
        "computo": sha(urn.parts.tally or b""),
        "mesa": sha(canonical(handed)),
        "boletas_internet": remote,
        "boletas_mesa": paper,
        "boletas": remote + paper,
        "cifrada": product,
    }


def opened(urn: Urn, total: dict[str, Any], counts: list[int], owners: list[int]) -> dict[str, Any]:
    """The sum, opened by these trustees; `counts` of the Mesa."""
    m = urn.m
    context = compact(b"certeza/suma/v1\n" + canonical(total))
    given = []
    for owner in owners:
        x = urn.keys.private[owner - 1]
        key = m.text(m.power((m.g, x)))
        alphas = [m.parse(cell["alpha"]) for cell in total["cifrada"]]
        factors = [[m.text(m.power((a, x))) for a in alphas]]
        proofs = [[urn.equality(f"decrypt|{context}|{key}|", a, x) for a in alphas]]
        partial = {"decryption_factors": factors, "decryption_proofs": proofs}
        given.append({"custodio": owner, "descifrado": json.loads(dump(partial))})
    return {
        "version": 1,
        **{name: total[name] for name in ("consulta", "clave", "uuid")},
        "suma": hashlib.sha256(canonical(total)).hexdigest(),
        "aportaciones": given,
        "resultado": [a + b for a, b in zip(urn.counts[0], counts, strict=True)],
    }
