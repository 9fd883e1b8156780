"""Signed notes and verifier keys (C2SP signed-note)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS

ED25519, COSIGNATURE, ML_DSA = 1, 4, 6
_KEY_SIZES = {ED25519: 32, COSIGNATURE: 32, ML_DSA: 1312}
_ID = re.compile("[0-9a-f]{8}")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_DASH = "— "


def decode64(text: str) -> bytes | None:
    """Standard base64 with padding, in its only spelling; None for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if encode64(data) == text else None


def encode64(data: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(data).decode()


def good_name(name: str) -> bool:
    """Whether a note may carry it as the name of a key."""
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " for c in name)


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key: who signs, the four bytes that say with which key, and the key."""

    name: str
    id: bytes
    kind: int
    public: bytes

    @property
    def text(self) -> str:
        """The vkey."""
        return f"{self.name}+{self.id.hex()}+{encode64(bytes([self.kind]) + self.public)}"


def parse_key(text: str, place: str) -> Key:
    """A vkey: name + id + base64(type and key), with the id that follows from the rest."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not good_name(parts[0]) or not _ID.fullmatch(parts[1]):
        raise Failure("llave-forma", place, "nombre+8 cifras hexadecimales+base64", text)
    material = decode64(parts[2])
    if not material:
        raise Failure("llave-forma", place, "base64 estándar con relleno", parts[2])
    if len(material) - 1 != _KEY_SIZES.get(material[0]):
        known = ", ".join(f"{kind:02x} ({size} bytes)" for kind, size in _KEY_SIZES.items())
        raise Failure("llave-tipo", place, known, f"{material[0]:02x} ({len(material) - 1} bytes)")
    try:
        name = parts[0].encode()
    except UnicodeEncodeError:
        raise Failure("llave-forma", place, "nombre en UTF-8", parts[0]) from None
    expected = hashlib.sha256(name + b"\n" + material).digest()[:4]
    if expected.hex() != parts[1]:
        raise Failure("llave-forma", place, f"identificador {expected.hex()}", parts[1])
    return Key(parts[0], expected, material[0], material[1:])


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature line, at `line` of the note."""

    name: str
    id: bytes
    value: bytes
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    """`text` is what is signed, with its final line feed."""

    text: bytes
    signatures: tuple[Signature, ...]

    def render(self) -> bytes:
        """The same note in bytes."""
        lines = [f"{_DASH}{s.name} {encode64(s.id + s.value)}\n" for s in self.signatures]
        return self.text + b"\n" + "".join(lines).encode()

    def of(self, key: Key) -> list[Signature]:
        """Lines that say to be of this key."""
        return [s for s in self.signatures if (s.name, s.id) == (key.name, key.id)]


def lines_of(data: bytes, limit: int, place: str, rule: str) -> str:
    """UTF-8 text of whole lines without control characters, of at most `limit` bytes."""
    if len(data) > limit:
        raise Failure("bitacora-tamano", place, f"{limit} bytes como máximo", len(data))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Failure(rule, f"{place}, línea {line}", "UTF-8", f"byte {error.start}") from None
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise Failure(rule, f"{place}, línea {line}", "sin caracteres de control", repr(control.group()))
    if not text.endswith("\n"):
        raise Failure(rule, f"{place}, línea {text.count(chr(10)) + 1}", "salto de línea al final", "nada")
    return text


def parse_note(data: bytes, place: str) -> Note:
    """A note in its exact form. Nothing is verified yet."""
    text = lines_of(data, LIMITS.note, place, "nota-forma")
    at = text.rfind("\n\n")
    first = text.count("\n", 0, at + 2) + 1
    if at < 0:
        raise Failure("nota-forma", f"{place}, última línea", "línea vacía y firmas", "ninguna línea vacía")
    lines = text[at + 2 :].split("\n")[:-1]
    if not lines:
        raise Failure("nota-forma", f"{place}, línea {first}", "una firma", "fin de la nota")
    if len(lines) > LIMITS.signatures:
        raise Failure("bitacora-tamano", place, f"{LIMITS.signatures} firmas como máximo", len(lines))
    signatures = tuple(_signature(line, first + i, place) for i, line in enumerate(lines))
    return Note(text[: at + 1].encode(), signatures)


def _signature(line: str, number: int, place: str) -> Signature:
    where = f"{place}, línea {number}"
    name, space, value = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not good_name(name):
        raise Failure("nota-forma", where, "— nombre base64", line)
    data = decode64(value)
    if data is None or len(data) < 5:
        raise Failure("nota-forma", where, "base64 de un identificador y una firma", value)
    return Signature(name, data[:4], data[4:], number)


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is valid."""
    try:
        VerifyKey(public).verify(message, signature)
    except (CryptoError, ValueError):
        return False
    return True
