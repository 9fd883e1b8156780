"""Signing and encrypting between trustees (Belenios specification, "Public key infrastructure", "Channels").

A trustee's seed gives a signing and a decryption key. `send` wraps a message as channel_msg (with its
recipient), signs it and encrypts it; `receive` undoes this and checks recipient and signature. What is
decrypted is secret: no refusal made here repeats any of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from keys import canonical
from keys.errors import FormatRefusal, Refusal
from keys.group import Element, Group
from keys.proofs import Proof, schnorr, settle
from keys.randomness import BASE58, Randomness, base58

SEED_LENGTH = 22
TAG_LENGTH = 8
NONCE_LENGTH = 13
MAX_MESSAGE = 2**16 - 1 - TAG_LENGTH
HIDDEN = "contenido secreto, no se muestra"
_SEED = re.compile(rf"[{BASE58}]{{{SEED_LENGTH}}}", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-f]{2})*", re.ASCII)


class CeremonyRefusal(Refusal):
    """A message of the key ceremony that contradicts the others or what was announced."""


@dataclass(frozen=True, slots=True)
class TrusteeKeys:
    """The four keys of a trustee. The exponents never appear in a representation."""

    signing: int = field(repr=False)
    decryption: int = field(repr=False)
    verification: str
    encryption: str
    recipient: Element


def new_seed(randomness: Randomness) -> str:
    """A fresh secret seed, 128 bits of entropy."""
    return base58(randomness, SEED_LENGTH)


def derive_keys(group: Group, seed: str) -> TrusteeKeys:
    """The keys of a seed. Raises FormatRefusal, without repeating the seed, when it has another form."""
    if not _SEED.fullmatch(seed):
        raise FormatRefusal("ceremonia.semilla.forma", "semilla", "22 caracteres Base58", HIDDEN)
    signing, decryption = (_number(f"{label}|{seed}") % group.order for label in ("sk", "dk"))
    public = group.powers(group.tables([group.generator]), [[signing], [decryption]])
    verification, encryption = group.encode(public)
    return TrusteeKeys(signing, decryption, verification, encryption, public[1])


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _number(text: str) -> int:
    return int.from_bytes(_hash(text), "big")


class Signed(NamedTuple):
    """`signed_msg`: a text and its signature."""

    message: str
    signature: Proof

    def to_json(self) -> dict[str, Any]:
        return {"message": self.message, "signature": self.signature.to_json()}

    @classmethod
    def from_json(cls, value: Any, place: str, order: int) -> Signed:
        fields = canonical.record(value, place, ("message", "signature"))
        message = canonical.string(fields["message"], f"{place}.message")
        return cls(message, Proof.from_json(fields["signature"], f"{place}.signature", order))


def sign(group: Group, signing: int, message: str, randomness: Randomness) -> Proof:
    """The signature of `message`."""
    return schnorr.prove(group, schnorr.message_prefix(message), signing, randomness)


def verify(
    group: Group, rule: str, place: str, verification: Element, message: str, signature: Proof
) -> None:
    """Raises ProofRefusal with `rule` unless `signature` is of `message` under `verification`."""
    claim = schnorr.claim(rule, place, schnorr.message_prefix(message), verification, signature)
    settle(group, schnorr.generator_tables(group), [claim])


@dataclass(frozen=True, slots=True)
class Encrypted:
    """`encrypted_msg`, whose form is checked: two elements and hexadecimal data."""

    alpha: str
    beta: str
    data: str
    elements: tuple[Element, Element] = field(repr=False, compare=False)

    def to_json(self) -> dict[str, str]:
        return {"alpha": self.alpha, "beta": self.beta, "data": self.data}

    @classmethod
    def read(cls, group: Group, text: str, place: str) -> Encrypted:
        """Read the serialized form; its spelling must be the canonical one."""
        fields = canonical.record(canonical.parse(text.encode(), place), place, ("alpha", "beta", "data"))
        alpha, beta, data = (canonical.string(fields[n], f"{place}.{n}") for n in ("alpha", "beta", "data"))
        if not _HEX.fullmatch(data) or not 2 * TAG_LENGTH <= len(data) <= 2 * (MAX_MESSAGE + TAG_LENGTH):
            raise FormatRefusal("ceremonia.canal.datos", f"{place}.data", "hexadecimal", data)
        (first,) = group.decode([alpha], f"{place}.alpha")
        (second,) = group.decode([beta], f"{place}.beta")
        made = cls(alpha, beta, data, (first, second))
        canonical.require_same(text.encode(), canonical.encode(made.to_json()), place)
        return made


def encrypt(group: Group, recipient: Element, message: str, randomness: Randomness) -> str:
    """A serialized encrypted_msg that only the owner of `recipient` can read."""
    plain = message.encode()
    if len(plain) > MAX_MESSAGE:
        raise CeremonyRefusal("ceremonia.canal.longitud", "mensaje", f"hasta {MAX_MESSAGE} bytes", len(plain))
    r, s = randomness.below(group.order), randomness.below(group.order)
    first, shared = group.powers(group.tables([group.generator]), [[r], [s]])
    second = group.product([*group.power_each([recipient], r), shared])
    alpha, beta, secret = group.encode([first, second, shared])
    data = _cipher(secret).encrypt(_nonce(alpha), plain, None).hex()
    return canonical.encode({"alpha": alpha, "beta": beta, "data": data})


def decrypt(group: Group, decryption: int, message: Encrypted, place: str) -> str:
    """The text that `encrypt` received. Raises CeremonyRefusal when it is not for this key or was altered."""
    alpha, beta = message.elements
    mask = group.power_each([alpha], -decryption % group.order)
    (secret,) = group.encode([group.product([beta, *mask])])
    try:
        return _cipher(secret).decrypt(_nonce(message.alpha), bytes.fromhex(message.data), None).decode()
    except (InvalidTag, UnicodeDecodeError):
        raise CeremonyRefusal(
            "ceremonia.canal.cifrado", place, "un mensaje cifrado a esta llave", "otro, o alterado"
        ) from None


def _cipher(shared: str) -> AESCCM:
    return AESCCM(_hash(f"key|{shared}"), tag_length=TAG_LENGTH)


def _nonce(alpha: str) -> bytes:
    return _hash(f"iv|{alpha}")[:NONCE_LENGTH]


@contextmanager
def hidden(place: str) -> Iterator[None]:
    """Refusals raised inside keep their rule and lose every trace of the secret they quote."""
    try:
        yield
    except Refusal as refusal:
        raise type(refusal)(refusal.rule, place, "un mensaje secreto bien formado", HIDDEN) from None


def send(
    group: Group, signing: int, recipient: str, key: Element, message: str, randomness: Randomness
) -> str:
    """`send(sk, recipient, message)` of the specification; `key` is the element of the text `recipient`."""
    inner = canonical.encode({"recipient": recipient, "message": message})
    signed = Signed(inner, sign(group, signing, inner, randomness))
    return encrypt(group, key, canonical.encode(signed.to_json()), randomness)


def receive(group: Group, keys: TrusteeKeys, sender: Element, message: Encrypted, place: str) -> str:
    """The message sent by the owner of `sender` to `keys`. Raises CeremonyRefusal or ProofRefusal."""
    plain = decrypt(group, keys.decryption, message, place)
    with hidden(place):
        signed = Signed.from_json(canonical.parse(plain.encode(), place), place, group.order)
        canonical.require_same(plain.encode(), canonical.encode(signed.to_json()), place)
    verify(group, "ceremonia.canal.firma", place, sender, signed.message, signed.signature)
    with hidden(place):
        value = canonical.parse(signed.message.encode(), place)
        inner = canonical.record(value, place, ("recipient", "message"))
        text = canonical.string(inner["message"], place)
        recipient = canonical.string(inner["recipient"], place)
        canonical.require_same(signed.message.encode(), canonical.encode(inner), place)
    if recipient != keys.encryption:
        raise CeremonyRefusal("ceremonia.canal.destinatario", place, keys.encryption, recipient)
    return text
