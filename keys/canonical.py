"""Compact JSON as the Belenios specification writes it ("Conventions"): one spelling of each value.

A message is read with `parse`, turned into typed values with the readers below, written again with
`encode` and compared with what was read (`require_same`): unknown or duplicate fields, another
order, white space, comments and second spellings of a value all show as a difference there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

from keys.errors import FormatRefusal

T = TypeVar("T")
MAX_SMALL_INT = 2**30 - 1
# No message that an honest program writes is longer than this and denser: points and numbers are long.
_DENSE_BYTES = 2**20
_BYTES_PER_VALUE = 12
_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NOT_A_NUMBER = "número no permitido"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def encode(value: Any) -> str:
    """Compact JSON, fields in the order of the mapping; DEL is escaped as Belenios' writer does."""
    return _ENCODER.encode(value).replace("\x7f", "\\u007f")


def encode_bytes(value: Any) -> bytes:
    """`encode` as UTF-8."""
    return encode(value).encode()


def encode_sorted(value: Any) -> bytes:
    """RFC 8785 for objects with ASCII keys, arrays, strings, integers, booleans and null: keys sorted.

    The form of our own documents (docs/formats.md); messages of the Belenios specification use `encode`.
    """
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True
    ).encode()


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{_NOT_A_NUMBER}: {text}")


def parse(data: bytes, place: str) -> Any:
    """Read one JSON value. Raises FormatRefusal for anything but UTF-8 JSON with integers only."""
    _require_sparse(data, place)
    try:
        return json.loads(data.decode("utf-8"), parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise FormatRefusal("formato.json", place, "JSON en UTF-8", _flaw(error)) from None


def _flaw(error: Exception) -> str:
    """What is wrong with the text, and where; the interpreter's own words are not for people."""
    match error:
        case UnicodeDecodeError():
            return f"otros bytes a partir del {error.start}"
        case json.JSONDecodeError():
            return f"otra cosa en la posición {error.pos}"
        case RecursionError():
            return "demasiados niveles"
    return str(error) if str(error).startswith(_NOT_A_NUMBER) else "un número demasiado largo"


def _require_sparse(data: bytes, place: str) -> None:
    """Python needs dozens of bytes for `{},`: a long text of nothing else would fill the memory."""
    if len(data) <= _DENSE_BYTES:
        return
    values = sum(data.count(mark) for mark in (b",", b"[", b"{"))
    if values * _BYTES_PER_VALUE > len(data):
        expected = f"a lo más un valor cada {_BYTES_PER_VALUE} bytes"
        raise FormatRefusal("formato.denso", place, expected, f"{values} valores en {len(data)} bytes")


def require_same(data: bytes, canonical: str, place: str) -> None:
    """Refuse `data` unless it is the canonical spelling. Raises FormatRefusal with the first difference."""
    expected = canonical.encode()
    if data == expected:
        return
    at = next((i for i, (a, b) in enumerate(zip(data, expected, strict=False)) if a != b), None)
    at = min(len(data), len(expected)) if at is None else at
    raise FormatRefusal(
        "formato.canonico",
        f"{place}, byte {at}",
        expected[at : at + 24].decode("utf-8", "replace") or "fin",
        data[at : at + 24].decode("utf-8", "replace") or "fin",
    )


def record(value: Any, place: str, names: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    """An object with exactly the fields `names`, those in `optional` allowed to be absent."""
    if not isinstance(value, dict):
        raise FormatRefusal("formato.tipo", place, f"objeto con {', '.join(names)}", value)
    missing = [n for n in names if n not in value and n not in optional]
    unknown = [n for n in value if n not in names]
    if missing or unknown:
        raise FormatRefusal("formato.campos", place, ", ".join(names), ", ".join(value))
    return value


def items(value: Any, place: str, read: Callable[[Any, str], T], count: int | None = None) -> list[T]:
    """An array, each item read with `read(item, place)`; of exactly `count` items when given."""
    if not isinstance(value, list):
        raise FormatRefusal("formato.tipo", place, "arreglo", value)
    if count is not None and len(value) != count:
        raise FormatRefusal("formato.longitud", place, f"{count} elementos", f"{len(value)} elementos")
    return [read(item, f"{place}[{i}]") for i, item in enumerate(value)]


def string(value: Any, place: str) -> str:
    """A JSON string without lone surrogates."""
    if not isinstance(value, str) or not (value.isascii() or not _SURROGATE.search(value)):
        raise FormatRefusal("formato.tipo", place, "cadena", value)
    return value


def small_int(value: Any, place: str) -> int:
    """A small non-negative integer (at most 2^30 - 1)."""
    if type(value) is not int or not 0 <= value <= MAX_SMALL_INT:
        raise FormatRefusal("formato.tipo", place, "entero pequeño", value)
    return value


def boolean(value: Any, place: str) -> bool:
    """A JSON boolean."""
    if type(value) is not bool:
        raise FormatRefusal("formato.tipo", place, "booleano", value)
    return value


def digest(value: Any, place: str) -> str:
    """A SHA-256 in lower-case hexadecimal."""
    if not isinstance(value, str) or not _HEX64.fullmatch(value):
        raise FormatRefusal("formato.hash", place, "SHA-256 en hexadecimal", value)
    return value


def exponent(value: Any, place: str, order: int) -> int:
    """A number of Z_q as a decimal string without sign or leading zeros, below `order`."""
    if not isinstance(value, str) or len(value) > 80 or not _DECIMAL.fullmatch(value):
        raise FormatRefusal("formato.exponente", place, "decimal en una cadena", value)
    number = int(value)
    if number >= order:
        raise FormatRefusal("formato.exponente", place, "un número menor que el orden del grupo", value)
    return number
