"""`trustees`: keys that can open the urn (specification, «Verification keys» to «Trustees»)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from certeza_verifier import canonical
from certeza_verifier.errors import Failure
from certeza_verifier.messages.common import (
    Proof,
    Signed,
    proof,
    proofs,
    signed,
    strings,
    write_proof,
    write_proofs,
    write_signed,
    write_texts,
)


class TrusteeKey(NamedTuple):
    """`trustee_public_key`: a key and the proof of knowledge of its private part.

    `name` is not in the specification: Belenios' server writes it (belenios-tool does not).
    """

    pok: Proof
    public_key: str
    name: str | None


class Single(NamedTuple):
    """One trustee whose share is always needed."""

    key: TrusteeKey


class Pedersen(NamedTuple):
    """`threshold_parameters`: trustees of which any `threshold` are enough."""

    threshold: int
    certs: list[Signed]
    coefexps: list[Signed]
    signatures: list[Proof]
    verification_keys: list[TrusteeKey]


class CertKeys(NamedTuple):
    """`cert_keys` with its context."""

    group: str
    size: int
    threshold: int
    number: int
    verification: str
    encryption: str


Trustees = list[Single | Pedersen]


def parse_trustees(data: bytes, order: int) -> Trustees:
    """`trustees` in canonical form."""
    place = "trustees"
    items = canonical.array(canonical.load(data, place), place)
    trustees = [_item(item, order, f"{place}[{i}]") for i, item in enumerate(items)]
    canonical.same(data, "[" + ",".join([_write_item(item) for item in trustees]) + "]", place)
    return trustees


def _item(value: Any, order: int, place: str) -> Single | Pedersen:
    kind, body = canonical.array(value, place, 2)
    if kind == "Single":
        return Single(_key(body, order, place))
    if kind == "Pedersen":
        return _pedersen(body, order, place)
    raise Failure("custodios-tipo", place, "Single o Pedersen", kind)


def _key(value: Any, order: int, place: str) -> TrusteeKey:
    named = isinstance(value, dict) and "name" in value
    pok, key, *name = canonical.fields(value, TrusteeKey._fields[: 2 + named], place)
    return TrusteeKey(
        proof(pok, order, f"{place}.pok"),
        canonical.string(key, f"{place}.public_key"),
        canonical.string(name[0], f"{place}.name") if named else None,
    )


def _pedersen(value: Any, order: int, place: str) -> Pedersen:
    threshold, certs, coefexps, signatures, keys = canonical.fields(value, Pedersen._fields, place)
    return Pedersen(
        canonical.integer(threshold, f"{place}.threshold"),
        _signeds(certs, order, f"{place}.certs"),
        _signeds(coefexps, order, f"{place}.coefexps"),
        proofs(signatures, order, f"{place}.signatures"),
        [
            _key(item, order, f"{place}.verification_keys[{i}]")
            for i, item in enumerate(canonical.array(keys, f"{place}.verification_keys"))
        ],
    )


def _signeds(value: Any, order: int, place: str) -> list[Signed]:
    return [signed(item, order, f"{place}[{i}]") for i, item in enumerate(canonical.array(value, place))]


def _write_key(key: TrusteeKey) -> str:
    name = "" if key.name is None else f',"name":{canonical.quote(key.name)}'
    return f'{{"pok":{write_proof(key.pok)},"public_key":{canonical.quote(key.public_key)}{name}}}'


def write_certs(certs: Sequence[Signed]) -> str:
    """Canonical text of an array of signed messages."""
    return "[" + ",".join([write_signed(cert) for cert in certs]) + "]"


def _write_item(item: Single | Pedersen) -> str:
    if isinstance(item, Single):
        return f'["Single",{_write_key(item.key)}]'
    keys = ",".join([_write_key(key) for key in item.verification_keys])
    return (
        f'["Pedersen",{{"threshold":{item.threshold},"certs":{write_certs(item.certs)},'
        f'"coefexps":{write_certs(item.coefexps)},"signatures":{write_proofs(item.signatures)},'
        f'"verification_keys":[{keys}]}}]'
    )


def parse_cert_keys(message: str, place: str) -> CertKeys:
    """The message inside a certificate, canonical as well (specification, «Certificates»)."""
    data = message.encode("utf-8", "surrogatepass")
    context, verification, encryption = canonical.fields(
        canonical.load(data, place), ("context", "verification", "encryption"), place
    )
    group, size, threshold, index = canonical.fields(
        context, ("group", "size", "threshold", "index"), f"{place}.context"
    )
    keys = CertKeys(
        canonical.string(group, f"{place}.context.group"),
        canonical.integer(size, f"{place}.context.size"),
        canonical.integer(threshold, f"{place}.context.threshold"),
        canonical.integer(index, f"{place}.context.index"),
        canonical.string(verification, f"{place}.verification"),
        canonical.string(encryption, f"{place}.encryption"),
    )
    text = (
        f'{{"context":{{"group":{canonical.quote(keys.group)},"size":{keys.size},"threshold":{keys.threshold},'
        f'"index":{keys.number}}},"verification":{canonical.quote(keys.verification)},'
        f'"encryption":{canonical.quote(keys.encryption)}}}'
    )
    canonical.same(data, text, place)
    return keys


def parse_coefexps(message: str, place: str) -> list[str]:
    """`raw_coefexps` inside a signed message (specification, «Polynomials»)."""
    data = message.encode("utf-8", "surrogatepass")
    (values,) = canonical.fields(canonical.load(data, place), ("coefexps",), place)
    coefexps = strings(values, f"{place}.coefexps")
    canonical.same(data, f'{{"coefexps":{write_texts(coefexps)}}}', place)
    return coefexps
