"""CMS AuthEnvelopedData for one certificate, written as a stream: AES-256-GCM, RSA-OAEP or ECDH.

The content is in BER with pieces of 64 KiB, as `openssl cms -stream` writes it, so that a package of many
gigabytes is never in memory. The tag comes last: who reads must believe nothing before it.
"""

from __future__ import annotations

import os
from typing import Any, BinaryIO

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from keys.recipients import cms_parts as parts
from keys.recipients.errors import RecipientRefusal


def encrypt(certificate: x509.Certificate, source: BinaryIO, target: BinaryIO) -> None:
    """Read `source` to its end and write the whole message to `target`."""
    key, nonce = os.urandom(parts.KEY_BYTES), os.urandom(parts.NONCE_BYTES)
    target.write(_opening(certificate, key, nonce))
    sealer = Cipher(AES(key), GCM(nonce)).encryptor()
    total = 0
    while chunk := source.read(parts.CHUNK_BYTES):
        total += len(chunk)
        if total > parts.MAX_CONTENT_BYTES:
            expected = f"a lo más {parts.MAX_CONTENT_BYTES} bytes; registre una llave age"
            raise RecipientRefusal("cms.tamano", "paquete", expected, "más")
        target.write(core.OctetString(sealer.update(chunk)).dump())
    sealer.finalize()
    # End of the content, of EncryptedContentInfo; the tag; end of the three outer ones.
    target.write(parts.END * 2 + core.OctetString(sealer.tag).dump() + parts.END * 3)


def _opening(certificate: x509.Certificate, key: bytes, nonce: bytes) -> bytes:
    recipients = parts.RecipientInfos([_recipient(certificate, key)]).dump()
    gcm = parts.GcmParameters({"nonce": nonce, "icv_length": parts.TAG_BYTES})
    begin = parts.INDEFINITE
    return b"".join(
        [
            bytes([parts.SEQUENCE, begin]) + parts.oid(parts.AUTH_ENVELOPED),
            bytes([parts.CONTEXT_0, begin, parts.SEQUENCE, begin]),
            core.Integer(0).dump() + recipients,
            bytes([parts.SEQUENCE, begin]) + parts.oid(parts.DATA),
            parts.algorithm(parts.AES_256_GCM, gcm).dump(),
            bytes([parts.CONTEXT_0, begin]),
        ]
    )


def _recipient(certificate: x509.Certificate, key: bytes) -> parts.RecipientInfo:
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return parts.RecipientInfo("ktri", _transport(certificate, public, key))
    if isinstance(public, ec.EllipticCurvePublicKey):
        return parts.RecipientInfo("kari", _agreement(certificate, public, key))
    raise RecipientRefusal("destinatario.algoritmo", "certificado", "RSA o EC", type(public).__name__)


def _issuer(certificate: x509.Certificate) -> cms.IssuerAndSerialNumber:
    parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    return cms.IssuerAndSerialNumber({"issuer": parsed.issuer, "serial_number": parsed.serial_number})


def _transport(
    certificate: x509.Certificate, public: rsa.RSAPublicKey, key: bytes
) -> cms.KeyTransRecipientInfo:
    return cms.KeyTransRecipientInfo(
        {
            "version": "v0",
            "rid": cms.RecipientIdentifier("issuer_and_serial_number", _issuer(certificate)),
            "key_encryption_algorithm": {
                "algorithm": "rsaes_oaep",
                "parameters": parts.oaep_algorithm(),
            },
            "encrypted_key": public.encrypt(key, parts.OAEP),
        }
    )


def _agreement(certificate: x509.Certificate, public: ec.EllipticCurvePublicKey, key: bytes) -> Any:
    ephemeral = ec.generate_private_key(public.curve)
    point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    curve = public.curve.name
    wrapped = aes_key_wrap(parts.agreed_key(ephemeral.exchange(ec.ECDH(), public), curve), key)
    originator = parts.OriginatorKey({"algorithm": parts.algorithm(parts.EC_PUBLIC_KEY), "public_key": point})
    rid = cms.KeyAgreementRecipientIdentifier("issuer_and_serial_number", _issuer(certificate))
    return parts.KeyAgreement(
        {
            "version": 3,
            "originator": parts.Originator("ephemeral", originator),
            "algorithm": parts.algorithm(parts.KDFS[curve][0], parts.algorithm(parts.AES_256_WRAP)),
            "keys": [{"rid": rid, "encrypted_key": wrapped}],
        }
    )
