"""The fields that all text formats of the log share, each with exactly one accepted spelling."""

from __future__ import annotations

import base64
import binascii
import re

from ledger.errors import FormatRefusal
from ledger.limits import HASH_BYTES

_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_MAX_DIGITS = 20


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str, place: str) -> bytes:
    """The bytes of canonical base64: padded, no white space, unused bits zero."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise FormatRefusal("formato.base64", place, "base64 con relleno", text) from None
    if encode_base64(data) != text:
        raise FormatRefusal("formato.base64", place, "base64 canónico", text)
    return data


def decode_hash(text: str, place: str) -> bytes:
    """A SHA-256 in base64: 44 characters."""
    data = decode_base64(text, place)
    if len(data) != HASH_BYTES:
        raise FormatRefusal("formato.hash", place, f"{HASH_BYTES} bytes", f"{len(data)} bytes")
    return data


def decode_decimal(text: str, place: str, least: int, most: int) -> int:
    """An ASCII decimal without sign or leading zeros, from `least` to `most`."""
    if len(text) > _MAX_DIGITS or not _DECIMAL.fullmatch(text):
        raise FormatRefusal("formato.decimal", place, "decimal sin signo ni ceros a la izquierda", text)
    number = int(text)
    if not least <= number <= most:
        raise FormatRefusal("formato.decimal", place, f"de {least} a {most}", text)
    return number


def decode_utf8(data: bytes, place: str) -> str:
    """Text in UTF-8. The refusal names the line of the first byte that is not."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte {data[error.start]:02x}"
        raise FormatRefusal("formato.utf8", f"{place}, línea {line}", "UTF-8", found) from None


def require_size(data: bytes | str, most: int, place: str) -> None:
    """Refuse what is longer than `most` (bytes, or characters of a text) before reading it."""
    if len(data) > most:
        raise FormatRefusal("limite.tamano", place, f"a lo más {most}", len(data))
