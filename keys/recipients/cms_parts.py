"""The pieces of CMS that are the same for writing and reading: identifiers, BER framing, key derivation.

RFC 5652 (CMS), RFC 5083 and 5084 (AuthEnvelopedData with AES-GCM), RFC 4056/3560 (RSAES-OAEP), RFC 5753 (EC:
one ephemeral key, X9.63 with SHA-2, AES-256 key wrap). Structures are those of asn1crypto.
"""

from __future__ import annotations

from asn1crypto import algos, cms, core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

AUTH_ENVELOPED = "1.2.840.113549.1.9.16.1.23"
DATA = "1.2.840.113549.1.7.1"
EC_PUBLIC_KEY = "1.2.840.10045.2.1"
AES_256_GCM = "2.16.840.1.101.3.4.1.46"
AES_256_WRAP = "2.16.840.1.101.3.4.1.45"
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
CHUNK_BYTES = 1 << 16
MAX_CONTENT_BYTES = (1 << 36) - 32
"""Of one AES-GCM message (NIST SP 800-38D)."""
SEQUENCE, SET, OCTETS, CONTEXT_0 = 0x30, 0x31, 0x04, 0xA0
"""First bytes of an element."""
INDEFINITE = 0x80
END = b"\x00\x00"
OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
KDFS: dict[str, tuple[str, hashes.HashAlgorithm]] = {
    "secp256r1": ("1.3.132.1.11.1", hashes.SHA256()),
    "secp384r1": ("1.3.132.1.11.2", hashes.SHA384()),
    "secp521r1": ("1.3.132.1.11.3", hashes.SHA512()),
}
"""dhSinglePass-stdDH-*kdf-scheme, with a hash as strong as the curve."""


class Algorithm(core.Sequence):  # type: ignore[misc]
    """An AlgorithmIdentifier whose parameters, if any, are another one."""

    _fields = [  # noqa: RUF012 - asn1crypto's way to declare
        ("algorithm", core.ObjectIdentifier),
        ("parameters", core.Any, {"optional": True}),
    ]


class OriginatorKey(core.Sequence):  # type: ignore[misc]
    """The ephemeral key of a key agreement."""

    _fields = [("algorithm", Algorithm), ("public_key", core.OctetBitString)]  # noqa: RUF012


class Originator(core.Choice):  # type: ignore[misc]
    """Whose key it is; always an ephemeral one here."""

    _alternatives = [  # noqa: RUF012
        ("issuer", cms.IssuerAndSerialNumber),
        ("key_id", core.OctetString, {"implicit": 0}),
        ("ephemeral", OriginatorKey, {"implicit": 1}),
    ]


class KeyAgreement(core.Sequence):  # type: ignore[misc]
    """KeyAgreeRecipientInfo. asn1crypto has one, without the derivation's identifiers."""

    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("originator", Originator, {"explicit": 0}),
        ("ukm", core.OctetString, {"explicit": 1, "optional": True}),
        ("algorithm", Algorithm),
        ("keys", cms.RecipientEncryptedKeys),
    ]


class RecipientInfo(core.Choice):  # type: ignore[misc]
    """The two kinds that are written and read here."""

    _alternatives = [  # noqa: RUF012
        ("ktri", cms.KeyTransRecipientInfo),
        ("kari", KeyAgreement, {"implicit": 1}),
    ]


class RecipientInfos(core.SetOf):  # type: ignore[misc]
    """One recipient, in what we write."""

    _child_spec = RecipientInfo


class EccCmsSharedInfo(core.Sequence):  # type: ignore[misc]
    """What the key derivation binds (RFC 5753, section 7.2)."""

    _fields = [  # noqa: RUF012
        ("key_info", Algorithm),
        ("entity_u_info", core.OctetString, {"explicit": 0, "optional": True}),
        ("supp_pub_info", core.OctetString, {"explicit": 2}),
    ]


class GcmParameters(core.Sequence):  # type: ignore[misc]
    """RFC 5084, section 3.2."""

    _fields = [  # noqa: RUF012
        ("nonce", core.OctetString),
        ("icv_length", core.Integer, {"default": 12}),
    ]


def algorithm(dotted: str, parameters: core.Asn1Value | None = None) -> Algorithm:
    """An AlgorithmIdentifier."""
    value = {"algorithm": dotted}
    return Algorithm(value if parameters is None else {**value, "parameters": parameters})


def oaep_algorithm() -> algos.RSAESOAEPParams:
    """RSAES-OAEP with SHA-256 for both of its hashes."""
    digest = {"algorithm": "sha256"}
    return algos.RSAESOAEPParams(
        {"hash_algorithm": digest, "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": digest}}
    )


def agreed_key(secret: bytes, curve: str) -> bytes:
    """The key-encryption key of an ECDH secret."""
    info = EccCmsSharedInfo(
        {
            "key_info": algorithm(AES_256_WRAP),
            "supp_pub_info": (KEY_BYTES * 8).to_bytes(4, "big"),
        }
    )
    return X963KDF(algorithm=KDFS[curve][1], length=KEY_BYTES, sharedinfo=info.dump()).derive(secret)


def oid(dotted: str) -> bytes:
    """The DER of an object identifier."""
    return bytes(core.ObjectIdentifier(dotted).dump())
