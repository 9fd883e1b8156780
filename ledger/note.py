"""Signed notes (C2SP signed-note): one spelling in, the same bytes out. Pure.

A note is text, an empty line and signature lines. Nothing in the text means anything until
`verify_note` has found the signature of a known key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.errors import FormatRefusal, SignatureRefusal
from ledger.fields import decode_base64, decode_utf8, encode_base64, require_size
from ledger.limits import MAX_KEY_NAME_BYTES, MAX_NOTE_BYTES, MAX_SIGNATURES

KEY_ID_BYTES = 4
_DASH = "— "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. `key_id` is 4 bytes; `value` is what follows, as the key's type shapes it."""

    name: str
    key_id: bytes
    value: bytes

    def encode(self) -> str:
        """The line, with its line feed."""
        return f"{_DASH}{self.name} {encode_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, its final line feed included, and its signatures. What it says is not verified."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The bytes of the note."""
        return f"{self.text}\n{''.join(s.encode() for s in self.signatures)}".encode()

    def with_signatures(self, more: Iterable[Signature]) -> Note:
        """The note with signatures appended; a line that is there already is not repeated."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *more))))


class Verifier(Protocol):
    """A public key as notes know it (`ledger.vkey` reads one from its text)."""

    @property
    def name(self) -> str:
        """The key's name."""

    @property
    def key_id(self) -> bytes:
        """Its 4-byte identifier."""

    def verify(self, text: str, value: bytes) -> None:
        """Raises SignatureRefusal (or FormatRefusal) unless `value` signs `text`."""


class Signer(Protocol):
    """A private key that signs notes. It holds whatever else a signature says, such as its time."""

    @property
    def name(self) -> str:
        """The key's name."""

    @property
    def key_id(self) -> bytes:
        """Its 4-byte identifier."""

    @property
    def verifier(self) -> Verifier:
        """What verifies its signatures."""

    def sign(self, text: str) -> bytes:
        """The value of the signature line for `text`."""


def require_key_name(name: str, place: str) -> str:
    """A key name: not empty, without `+` and without Unicode spaces or control characters."""
    if not name or any(c == "+" or c.isspace() or c < " " for c in name):
        raise FormatRefusal("nota.nombre", place, "nombre de llave sin espacios ni «+»", name)
    try:
        encoded = name.encode()
    except UnicodeEncodeError:  # a policy carries what is not UTF-8 as surrogate escapes
        raise FormatRefusal("nota.nombre", place, "nombre de llave en UTF-8", name) from None
    if len(encoded) > MAX_KEY_NAME_BYTES:
        raise FormatRefusal("nota.nombre", place, f"a lo más {MAX_KEY_NAME_BYTES} bytes", name)
    return name


def require_text(text: str, place: str) -> str:
    """A note's text: no control characters but line feed, which it ends in."""
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise FormatRefusal(
            "nota.control", f"{place}, línea {line}", "texto sin caracteres de control", found[0]
        )
    if not text.endswith("\n"):
        line = text.count("\n") + 1
        raise FormatRefusal(
            "nota.final", f"{place}, línea {line}", "fin de línea al final", text[-20:] or "nada"
        )
    return text


def parse_note(data: bytes, place: str = "nota") -> Note:
    """Read a note. Raises FormatRefusal naming the line."""
    require_size(data, MAX_NOTE_BYTES, place)
    text = require_text(decode_utf8(data, place), place)
    at = text.rfind("\n\n")
    if at < 0:
        raise FormatRefusal("nota.separador", place, "una línea vacía antes de las firmas", "ninguna")
    body, lines = text[: at + 1], text[at + 2 :].split("\n")[:-1]
    if not lines:
        raise FormatRefusal("nota.firmas", place, "al menos una firma tras la última línea vacía", "ninguna")
    if len(lines) > MAX_SIGNATURES:
        raise FormatRefusal("limite.firmas", place, f"a lo más {MAX_SIGNATURES} firmas", len(lines))
    first = body.count("\n") + 2
    signatures = [parse_signature(line, f"{place}, línea {first + i}") for i, line in enumerate(lines)]
    return Note(body, tuple(signatures))


def parse_signature(line: str, place: str) -> Signature:
    """Read a signature line, given without its line feed."""
    parts = line.removeprefix(_DASH).split(" ")
    if not line.startswith(_DASH) or len(parts) != 2:
        raise FormatRefusal("nota.firma", place, "«— nombre base64»", line)
    name = require_key_name(parts[0], place)
    value = decode_base64(parts[1], place)
    if len(value) <= KEY_ID_BYTES:
        raise FormatRefusal("nota.firma", place, f"más de {KEY_ID_BYTES} bytes", f"{len(value)} bytes")
    return Signature(name, value[:KEY_ID_BYTES], value[KEY_ID_BYTES:])


def sign_note(text: str, signers: Sequence[Signer]) -> Note:
    """The note of `text` signed by each of `signers`, in order."""
    require_text(text, "nota")
    return Note(text, tuple(Signature(s.name, s.key_id, s.sign(text)) for s in signers))


def verify_note(note: Note, verifiers: Iterable[Verifier], place: str = "nota") -> dict[Signature, Verifier]:
    """The signatures of known keys, all valid, with the key of each.

    Raises SignatureRefusal when a known key's signature fails, or when no known key signed. Lines of
    unknown (name, id) pairs are ignored. A key counts once, however many lines it has.
    """
    known = {(v.name, v.key_id): v for v in verifiers}
    valid: dict[Signature, Verifier] = {}
    seen: set[tuple[str, bytes]] = set()
    for i, signature in enumerate(note.signatures):
        pair = (signature.name, signature.key_id)
        if (verifier := known.get(pair)) is None:
            continue
        _verify_line(verifier, note, i, place)
        if pair not in seen:
            valid[signature] = verifier
        seen.add(pair)
    if not valid:
        expected = ", ".join(f"{name} ({key_id.hex()})" for name, key_id in known) or "ninguna"
        found = ", ".join(f"{s.name} ({s.key_id.hex()})" for s in note.signatures)
        raise SignatureRefusal("nota.desconocida", place, f"firma de {expected}", found)
    return valid


def _verify_line(verifier: Verifier, note: Note, at: int, place: str) -> None:
    where = f"{place}, línea {note.text.count(chr(10)) + 2 + at}"
    try:
        verifier.verify(note.text, note.signatures[at].value)
    except (SignatureRefusal, FormatRefusal) as refusal:
        raise refusal.within(where) from None
