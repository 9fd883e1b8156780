"""A `Signer` as pyHanko asks for it."""

from __future__ import annotations

import asyncio

from asn1crypto import x509
from pyhanko.sign.signers import Signer as PyHankoSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from keys.documents.ports import Signer

DIGEST = "sha256"


class CmsSigner(PyHankoSigner):
    """CMS signatures with the key of a `Signer`. Roots are not embedded: whoever checks has their own."""

    def __init__(self, signer: Signer) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([x509.Certificate.load(one) for one in signer.chain])
        certificate = x509.Certificate.load(signer.certificate)
        super().__init__(signing_cert=certificate, cert_registry=store, embed_roots=False)
        self._signer = signer
        algorithm = certificate.public_key.algorithm
        self._blank = bytes(certificate.public_key.byte_size if algorithm == "rsa" else 144)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The signature; as many zeros as it may take when only its size is asked for."""
        if dry_run:
            return self._blank
        return await asyncio.to_thread(self._signer.sign, data, digest_algorithm)
