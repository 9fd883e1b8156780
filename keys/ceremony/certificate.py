"""Certificates of trustees: reading one, checking one, checking all of them together (Γ)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from keys import canonical
from keys.ceremony import channel
from keys.ceremony.channel import CeremonyRefusal, Signed
from keys.ceremony.terms import Context, Terms, blame, per_trustee
from keys.group import Element, Group

_FIELDS = ("context", "verification", "encryption")


@dataclass(frozen=True, slots=True)
class Certificate:
    """`cert`, with its `cert_keys` read. Its signature is checked by `check_certificate`."""

    signed: Signed
    context: Context
    verification: str
    encryption: str
    verification_key: Element = field(repr=False, compare=False)
    encryption_key: Element = field(repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        return self.signed.to_json()

    def encode(self) -> bytes:
        return canonical.encode_bytes(self.to_json())

    @classmethod
    def from_json(cls, group: Group, value: Any, place: str) -> Certificate:
        """Keys must be elements of the prime-order subgroup other than the identity."""
        signed = Signed.from_json(value, place, group.order)
        inner = f"{place}.message"
        fields = canonical.record(canonical.parse(signed.message.encode(), inner), inner, _FIELDS)
        context = Context.from_json(fields["context"], f"{inner}.context")
        texts = [canonical.string(fields[n], f"{inner}.{n}") for n in _FIELDS[1:]]
        elements = [group.decode([t], f"{inner}.{n}")[0] for t, n in zip(texts, _FIELDS[1:], strict=True)]
        canonical.require_same(signed.message.encode(), certificate_text(context, *texts), inner)
        return cls(signed, context, texts[0], texts[1], elements[0], elements[1])

    @classmethod
    def decode(cls, group: Group, data: bytes, place: str) -> Certificate:
        """Read the canonical bytes."""
        made = cls.from_json(group, canonical.parse(data, place), place)
        canonical.require_same(data, canonical.encode(made.to_json()), place)
        return made

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical bytes: what is read aloud and what the acta prints."""
        return hashlib.sha256(self.encode()).hexdigest()

    @property
    def belenios_name(self) -> str:
        """SHA-256 of the message: how belenios-tool names the files of this trustee."""
        return hashlib.sha256(self.signed.message.encode()).hexdigest()


def certificate_text(context: Context, verification: str, encryption: str) -> str:
    """The serialized `cert_keys`, which is what a trustee signs."""
    return canonical.encode(
        {"context": context.to_json(), "verification": verification, "encryption": encryption}
    )


def check_certificate(group: Group, certificate: Certificate, expected: Context, place: str) -> None:
    """Raises CeremonyRefusal for another context, ProofRefusal for a signature that does not verify."""
    if certificate.context != expected:
        raise CeremonyRefusal(
            "ceremonia.certificado.contexto",
            f"{place}.message.context",
            canonical.encode(expected.to_json()),
            canonical.encode(certificate.context.to_json()),
        )
    channel.verify(
        group,
        "ceremonia.certificado.firma",
        f"{place}.signature",
        certificate.verification_key,
        certificate.signed.message,
        certificate.signed.signature,
    )


def check_distinct(certificates: Sequence[Certificate], place: str) -> None:
    """Raises CeremonyRefusal when a key serves twice, as verification or as encryption key."""
    seen: dict[str, int] = {}
    for certificate in certificates:
        for name in ("verification", "encryption"):
            key = getattr(certificate, name)
            if key in seen:
                raise CeremonyRefusal(
                    "ceremonia.certificado.llave_repetida",
                    f"{place} › custodio {certificate.context.index} › message.{name}",
                    f"una llave distinta de las del custodio {seen[key]}",
                    key,
                ).by(certificate.context.index)
            seen[key] = certificate.context.index


def check_certificates(group: Group, terms: Terms, certificates: Sequence[Certificate], place: str) -> None:
    """Check Γ: one certificate per trustee, in order, each valid for `terms`, no key twice."""
    terms.check(place)
    if len(certificates) != terms.size:
        raise CeremonyRefusal(
            "ceremonia.certificados.numero", place, f"{terms.size} certificados", len(certificates)
        )
    for index, certificate in zip(terms.indices(), certificates, strict=True):
        with blame(index):
            check_certificate(group, certificate, terms.context(index), f"{place}[{index - 1}]")
    check_distinct(certificates, place)


def encode_certificates(certificates: Sequence[Certificate]) -> bytes:
    """The file of Γ: one certificate per line."""
    return b"".join(c.encode() + b"\n" for c in certificates)


def decode_certificates(group: Group, data: bytes, place: str) -> list[Certificate]:
    """Read the file of Γ; `check_certificates` is still to be done."""
    lines = data.split(b"\n")
    if lines.pop() != b"":
        raise CeremonyRefusal(
            "ceremonia.certificados.lineas", place, "una línea por certificado", "otra cosa"
        )
    return per_trustee(lines, place, lambda line, p: Certificate.decode(group, line, p))


def gamma_fingerprint(certificates: Sequence[Certificate]) -> str:
    """SHA-256 of the file of Γ: it changes with any certificate and with their order."""
    return hashlib.sha256(encode_certificates(certificates)).hexdigest()


def spoken(fingerprint: str) -> str:
    """A fingerprint in groups of four digits, to be read aloud."""
    return " ".join(fingerprint[i : i + 4] for i in range(0, len(fingerprint), 4))
