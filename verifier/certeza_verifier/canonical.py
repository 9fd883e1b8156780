"""Strict JSON: values of exactly known shape, and one spelling of each (habit: decode, encode, same bytes).

Two spellings are in use: the one of Belenios (field order of the specification, compact, UTF-8) for
everything in an archive, and the one of docs/formats.md (RFC 8785 without floats: sorted ASCII keys) for our
own documents. A message is parsed into typed values, written again and compared: that is what refuses
duplicate keys, spaces, comments, other escapes, leading zeros and the like, without a rule for each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\t": "\\t"}
_BELENIOS = re.compile('["\\\\\x00-\x1f\x7f]')
_RFC8785 = re.compile('["\\\\\x00-\x1f]')
_HASH = re.compile("[0-9a-f]{64}")
_LARGE = re.compile("[1-9][0-9]*")
_SAFE = 2**53 - 1
_SMALL = 2**30 - 1


def load(data: bytes, place: str) -> Any:
    """The JSON value of `data` in UTF-8; JSON-level errors only."""
    _sparse(data, place)
    try:
        return json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Failure("json-utf8", place, got=f"byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise Failure("json-sintaxis", place, got=f"{error.msg}, posición {error.pos}") from None
    except (ValueError, RecursionError) as error:
        raise Failure("json-sintaxis", place, got=type(error).__name__) from None


def _sparse(data: bytes, place: str) -> None:
    """Python needs dozens of bytes for `{},`: a text of nothing else would fill the memory."""
    if len(data) > LIMITS.sparse:
        most = len(data) // LIMITS.spread
        values = data.count(b",") + data.count(b"[") + data.count(b"{")
        if values > most:
            raise Failure("json-denso", place, f"{most} valores como máximo en {len(data)} bytes", values)


def same(data: bytes, text: str, place: str) -> None:
    """Raises `json-canonico` unless `text` in UTF-8 is exactly `data`."""
    try:
        written = text.encode("utf-8")
    except UnicodeEncodeError:
        raise Failure("json-utf8", place, got="sustituto UTF-16 suelto") from None
    if written != data:
        pairs = enumerate(zip(written, data, strict=False))
        at = next((i for i, (a, b) in pairs if a != b), min(len(written), len(data)))
        window = slice(max(0, at - 10), at + 20)
        raise Failure("json-canonico", f"{place}, byte {at}", _peek(written[window]), _peek(data[window]))


def _peek(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def fields(value: Any, names: Sequence[str], place: str) -> list[Any]:
    """Values of an object whose fields are exactly `names`, in that order."""
    if type(value) is not dict:
        raise Failure("json-tipo", place, "objeto", kind(value))
    if tuple(value) != tuple(names):
        raise Failure("json-campos", place, ", ".join(names), ", ".join(value))
    return list(value.values())


def array(value: Any, place: str, size: int | None = None) -> list[Any]:
    """An array, of `size` items when given."""
    if type(value) is not list:
        raise Failure("json-tipo", place, "arreglo", kind(value))
    if size is not None and len(value) != size:
        raise Failure("json-largo", place, size, len(value))
    return value


def string(value: Any, place: str) -> str:
    """A string."""
    if type(value) is not str:
        raise Failure("json-tipo", place, "texto", kind(value))
    return value


def integer(value: Any, place: str, low: int = 0, high: int = _SAFE) -> int:
    """A small integer in [low, high]."""
    if type(value) is not int:
        raise Failure("json-tipo", place, "entero", kind(value))
    if not low <= value <= high:
        raise Failure("json-rango", place, f"de {low} a {high}", value)
    return value


def weight(value: Any, place: str) -> int:
    """A weight or a count of weights: Belenios writes a number up to 2^30 - 1, and from there a string."""
    if type(value) is not str:
        return integer(value, place, high=_SMALL)
    if len(value) > LIMITS.digits or not _LARGE.fullmatch(value) or int(value) <= _SMALL:
        raise Failure("json-tipo", place, f"entero, o texto decimal si es mayor que {_SMALL}", value)
    return int(value)


def write_weight(value: int) -> str:
    """The one spelling of a weight."""
    return str(value) if value <= _SMALL else f'"{value}"'


def boolean(value: Any, place: str) -> bool:
    """A boolean."""
    if type(value) is not bool:
        raise Failure("json-tipo", place, "booleano", kind(value))
    return value


def digest(value: Any, place: str) -> str:
    """A SHA-256 in lower-case hexadecimal."""
    if type(value) is not str or not _HASH.fullmatch(value):
        raise Failure("json-hash", place, "64 cifras hexadecimales minúsculas", value)
    return value


def scalar(value: Any, order: int, place: str) -> int:
    """A decimal string below `order` (Z_q of the specification). Its spelling is settled by `same`."""
    if type(value) is not str or len(value) > LIMITS.digits:
        raise Failure("json-tipo", place, "número decimal como texto", kind(value))
    try:
        number = int(value)
    except ValueError:
        raise Failure("json-numero", place, "número decimal", value) from None
    if not 0 <= number < order:
        raise Failure("json-numero", place, "número de 0 al orden del grupo menos 1", value)
    return number


def kind(value: Any) -> str:
    """Spanish name of a JSON value's type."""
    names = {dict: "objeto", list: "arreglo", str: "texto", bool: "booleano", int: "entero", float: "decimal"}
    return names.get(type(value), "nulo")


def quote(text: str) -> str:
    """A JSON string as Belenios writes it: UTF-8 as it is, short escapes, \\u00xx for other controls and
    0x7f.
    """
    return f'"{_BELENIOS.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return _ESCAPES.get(char) or f"\\u{ord(char):04x}"


def write_sorted(value: Any) -> str:
    """Canonical JSON of docs/formats.md. Raises `json-tipo` for what that subset does not have."""
    if value is None or type(value) is bool:
        return {None: "null", True: "true", False: "false"}[value]
    if type(value) is int and abs(value) <= _SAFE:
        return str(value)
    if type(value) is str:
        return f'"{_RFC8785.sub(_escape, value)}"'
    if type(value) is list:
        return "[" + ",".join([write_sorted(item) for item in value]) + "]"
    if type(value) is dict and all(key.isascii() for key in value):
        return "{" + ",".join([f"{write_sorted(k)}:{write_sorted(value[k])}" for k in sorted(value)]) + "}"
    raise Failure("json-tipo", "", "valor de JSON canónico", value)


def load_sorted(data: bytes, place: str) -> Any:
    """A document of ours: strict canonical JSON."""
    value = load(data, place)
    try:
        text = write_sorted(value)
    except RecursionError:
        raise Failure("json-sintaxis", place, got="demasiados niveles") from None
    same(data, text, place)
    return value
