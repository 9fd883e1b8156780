"""Reading what `cms_write` writes, as a stream. Only that one framing is read; `openssl cms` reads any.

What has been written to the target before the tag was checked is not to be believed: whoever calls this
writes to a place that nobody looks at until it returns.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from asn1crypto import core
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from keys.recipients import cms_parts as parts
from keys.recipients.errors import DecryptionRefusal

MAX_HEAD_BYTES = 64 * 1024
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def decrypt(key: PrivateKey, source: BinaryIO, target: BinaryIO, place: str) -> None:
    """Write the content to `target`. Raises DecryptionRefusal: another key, or an altered file."""
    reader = _Reader(source, place)
    content_key, nonce = _opening(key, reader)
    opener = Cipher(AES(content_key), GCM(nonce)).decryptor()
    while (chunk := reader.piece()) is not None:
        target.write(opener.update(chunk))
    reader.expect(parts.END)
    tag = reader.element(parts.OCTETS)[1]
    reader.expect(parts.END * 3)
    if source.read(1):
        raise reader.refusal("bytes de más después del final")
    try:
        opener.finalize_with_tag(tag)
    except (InvalidTag, ValueError):
        raise DecryptionRefusal("cms.sello", place, "el contenido tal como se cifró", "otro") from None


def _opening(key: PrivateKey, reader: _Reader) -> tuple[bytes, bytes]:
    begin = parts.INDEFINITE
    reader.expect(bytes([parts.SEQUENCE, begin]) + parts.oid(parts.AUTH_ENVELOPED))
    reader.expect(bytes([parts.CONTEXT_0, begin, parts.SEQUENCE, begin]) + core.Integer(0).dump())
    recipients = reader.element(parts.SET)[0]
    reader.expect(bytes([parts.SEQUENCE, begin]) + parts.oid(parts.DATA))
    algorithm = reader.element(parts.SEQUENCE)[0]
    reader.expect(bytes([parts.CONTEXT_0, begin]))
    try:
        return _content_key(key, parts.RecipientInfos.load(recipients)), _nonce(algorithm)
    except (ValueError, TypeError, KeyError, IndexError, InvalidUnwrap):
        # Which of these it was would tell whoever tampers with files more than its owner.
        raise DecryptionRefusal(
            "cms.llave",
            reader.place,
            "un archivo cifrado para esta llave",
            "otra llave, o un archivo alterado",
        ) from None


def _nonce(algorithm: bytes) -> bytes:
    found = parts.Algorithm.load(algorithm)
    if found["algorithm"].native != parts.AES_256_GCM:
        raise ValueError("algorithm")
    gcm = found["parameters"].parse(parts.GcmParameters)
    if gcm["icv_length"].native != parts.TAG_BYTES or len(gcm["nonce"].native) != parts.NONCE_BYTES:
        raise ValueError("parameters")
    return bytes(gcm["nonce"].native)


def _content_key(key: PrivateKey, recipients: Any) -> bytes:
    info = recipients[0]
    if isinstance(key, rsa.RSAPrivateKey):
        if info.name != "ktri":
            raise ValueError("kind")
        found = key.decrypt(info.chosen["encrypted_key"].native, parts.OAEP)
    else:
        found = _agreed(key, info)
    if len(found) != parts.KEY_BYTES:
        raise ValueError("size")
    return found


def _agreed(key: ec.EllipticCurvePrivateKey, info: Any) -> bytes:
    if info.name != "kari":
        raise ValueError("kind")
    agreement = info.chosen
    point = agreement["originator"].chosen["public_key"].native
    ephemeral = ec.EllipticCurvePublicKey.from_encoded_point(key.curve, point)
    if agreement["algorithm"]["algorithm"].native != parts.KDFS[key.curve.name][0]:
        raise ValueError("kdf")
    wrapped = agreement["keys"][0]["encrypted_key"].native
    secret = key.exchange(ec.ECDH(), ephemeral)
    return aes_key_unwrap(parts.agreed_key(secret, key.curve.name), wrapped)


class _Reader:
    """BER elements with definite lengths, and the exact bytes in between."""

    def __init__(self, source: BinaryIO, place: str) -> None:
        self._source = source
        self.place = place

    def refusal(self, found: str) -> DecryptionRefusal:
        expected = "un paquete CMS entero, como lo escribe certeza (otros, con openssl cms)"
        return DecryptionRefusal("cms.forma", self.place, expected, found)

    def take(self, count: int) -> bytes:
        """Exactly `count` bytes."""
        data = bytearray()
        while len(data) < count:
            if not (more := self._source.read(count - len(data))):
                raise self.refusal("el archivo se corta")
            data += more
        return bytes(data)

    def expect(self, data: bytes) -> None:
        """Those bytes and no others."""
        if self.take(len(data)) != data:
            raise self.refusal("otros bytes")

    def element(self, tag: int) -> tuple[bytes, bytes]:
        """A whole element of that tag, and its content."""
        self.expect(bytes([tag]))
        header, length = self._length()
        if length > MAX_HEAD_BYTES:
            raise self.refusal("un elemento demasiado largo")
        content = self.take(length)
        return bytes([tag]) + header + content, content

    def piece(self) -> bytes | None:
        """The next piece of the content, None at its end."""
        first = self.take(1)
        if first == parts.END[:1]:
            self.expect(parts.END[1:])
            return None
        if first[0] != parts.OCTETS:
            raise self.refusal("otros bytes")
        length = self._length()[1]
        if length > parts.CHUNK_BYTES:
            raise self.refusal("una pieza demasiado larga")
        return self.take(length)

    def _length(self) -> tuple[bytes, int]:
        first = self.take(1)
        if first[0] < parts.INDEFINITE:
            return first, first[0]
        count = first[0] - parts.INDEFINITE
        if not 1 <= count <= 4:
            raise self.refusal("una longitud de otra forma")
        rest = self.take(count)
        return first + rest, int.from_bytes(rest, "big")
