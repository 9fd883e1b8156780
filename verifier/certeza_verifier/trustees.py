"""Checks of the trustees and of the election key (specification, «Verification keys» to «Trustees»).

Careful verifier, point 7: each certificate key and each coefficient commitment is a canonical element of the
prime-order group other than the identity, not only their products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from certeza_verifier import claims
from certeza_verifier.claims import Claim
from certeza_verifier.errors import Failure
from certeza_verifier.groups import AnyGroup, PointError
from certeza_verifier.limits import LIMITS
from certeza_verifier.messages.common import write_texts
from certeza_verifier.messages.trustees import (
    Pedersen,
    Single,
    TrusteeKey,
    parse_cert_keys,
    parse_coefexps,
    parse_trustees,
    write_certs,
)


@dataclass(frozen=True, slots=True)
class Item:
    """A verified item: keys of its trustees (texts), how many shares it needs, and its part of the election
    key.
    """

    kind: str
    keys: tuple[str, ...]
    threshold: int
    part: str
    certified: tuple[str, ...] = ()
    """Keys of the certificates, two of each trustee."""
    named: bool = False
    """Whether a trustee's name is written beside the key."""


@dataclass(frozen=True, slots=True)
class Board:
    """The verified trustees structure; `public_key` is the product of the parts."""

    items: tuple[Item, ...]
    public_key: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all trustees; owner k of a share has keys[k - 1]."""
        return tuple(key for item in self.items for key in item.keys)


def elements(
    group: AnyGroup, texts: Sequence[str], place: str, *, allow_identity: bool = False, threads: int = 1
) -> list[Any]:
    """Decoded elements; a bad one is a Failure at `place`[index]."""
    try:
        return group.parse(texts, allow_identity=allow_identity, threads=threads)
    except PointError as error:
        raise Failure(error.rule, f"{place}[{error.index}]", got=texts[error.index]) from None


def verify_trustees(data: bytes, group: AnyGroup) -> Board:
    """Every signature, proof and product of a trustees structure."""
    items = []
    for i, item in enumerate(parse_trustees(data, group.order)):
        place = f"trustees[{i}]"
        items.append(
            _single(item, group, place) if isinstance(item, Single) else _pedersen(item, group, place)
        )
    if not items:
        raise Failure("custodios-tamano", "trustees", "al menos uno", 0)
    parts = elements(group, [item.part for item in items], "trustees")
    return Board(tuple(items), group.text(group.combine(parts)))


def _single(item: Single, group: AnyGroup, place: str) -> Item:
    key = elements(group, [item.key.public_key], f"{place}.public_key")
    claims.check(group, (group.generator,), [_pok(item.key, key[0], group, place)])
    return Item("Single", (item.key.public_key,), 1, item.key.public_key, named=item.key.name is not None)


def _pok(key: TrusteeKey, element: Any, group: AnyGroup, place: str) -> Claim:
    return claims.schnorr("custodios-pok", place, f"pok|{group.name}|{key.public_key}|", element, key.pok)


def _pedersen(item: Pedersen, group: AnyGroup, place: str) -> Item:
    size = len(item.certs)
    if size > LIMITS.trustees_of_item:
        raise Failure("custodios-tamano", f"{place}.certs", f"{LIMITS.trustees_of_item} como máximo", size)
    if not 1 <= item.threshold <= size:
        raise Failure("custodios-umbral", f"{place}.threshold", f"de 1 a {size}", item.threshold)
    for name in ("coefexps", "signatures", "verification_keys"):
        if len(getattr(item, name)) != size:
            raise Failure("custodios-tamano", f"{place}.{name}", size, len(getattr(item, name)))
    signers, certified = _certificates(item, group, place)
    texts, commitments = _commitments(item, group, place)
    _signatures(item, group, place, signers, texts)
    _keys(item, group, place, commitments)
    part = group.text(group.combine([row[0] for row in commitments]))
    keys = tuple(key.public_key for key in item.verification_keys)
    named = any(key.name is not None for key in item.verification_keys)
    return Item("Pedersen", keys, item.threshold, part, certified, named)


def _certificates(item: Pedersen, group: AnyGroup, place: str) -> tuple[list[Any], tuple[str, ...]]:
    """Context, keys and signature of each certificate; returns the verification keys, and all as texts."""
    statements, signers, texts = [], [], []
    for i, cert in enumerate(item.certs):
        where = f"{place}.certs[{i}]"
        keys = parse_cert_keys(cert.message, f"{where}.message")
        expected = (group.name, len(item.certs), item.threshold, i + 1)
        if keys[:4] != expected:
            raise Failure("custodios-contexto", f"{where}.context", expected, keys[:4])
        verification, _ = elements(group, [keys.verification, keys.encryption], f"{where}.keys")
        signers.append(verification)
        texts += [keys.verification, keys.encryption]
        statements.append(
            claims.signature("custodios-certificado", where, verification, cert.message, cert.signature)
        )
    claims.check(group, (group.generator,), statements)
    return signers, tuple(texts)


def _commitments(item: Pedersen, group: AnyGroup, place: str) -> tuple[list[list[str]], list[list[Any]]]:
    """Commitments to the coefficients of each trustee's polynomial, `threshold` of them each."""
    texts = [
        parse_coefexps(msg.message, f"{place}.coefexps[{i}].message") for i, msg in enumerate(item.coefexps)
    ]
    for i, row in enumerate(texts):
        if len(row) != item.threshold:
            raise Failure("custodios-coeficientes", f"{place}.coefexps[{i}]", item.threshold, len(row))
    return texts, [elements(group, row, f"{place}.coefexps[{i}]") for i, row in enumerate(texts)]


def _signatures(
    item: Pedersen, group: AnyGroup, place: str, signers: list[Any], texts: list[list[str]]
) -> None:
    """Each trustee signed the own commitments, and them together with all certificates.

    One trustee at a time: each message has all the certificates in it.
    """
    certs = write_certs(item.certs)
    for i, signer in enumerate(signers):
        own, where = item.coefexps[i], f"{place}.coefexps[{i}]"
        message = f'certs_sig|{{"certs":{certs},"coefexps":{write_texts(texts[i])}}}'
        statements = [
            claims.signature("custodios-firma-coeficientes", where, signer, own.message, own.signature),
            claims.signature(
                "custodios-firma", f"{place}.signatures[{i}]", signer, message, item.signatures[i]
            ),
        ]
        claims.check(group, (group.generator,), statements)


def _keys(item: Pedersen, group: AnyGroup, place: str, commitments: list[list[Any]]) -> None:
    """Each verification key is the product over all polynomials at its index, with its proof of knowledge."""
    texts = [key.public_key for key in item.verification_keys]
    keys = elements(group, texts, f"{place}.verification_keys")
    columns = [group.combine(column) for column in zip(*commitments, strict=True)]
    powers = [[pow(j, k, group.order) for k in range(item.threshold)] for j in range(1, len(texts) + 1)]
    products = group.multiply_text((group.generator,), [((0,), columns, row) for row in powers])
    for i, (text, product) in enumerate(zip(texts, products, strict=True)):
        if text != product:
            raise Failure("custodios-llave", f"{place}.verification_keys[{i}]", product, text)
    statements = [
        _pok(key, keys[i], group, f"{place}.verification_keys[{i}]")
        for i, key in enumerate(item.verification_keys)
    ]
    claims.check(group, (group.generator,), statements)
