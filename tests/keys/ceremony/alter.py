"""Every way to alter one place of a message: values, elements, fields, lengths; inside signed texts too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from nacl import bindings as sodium
from nacl.exceptions import RuntimeError as SodiumError

GENERATOR = "66" * 31 + "58"
IDENTITY = f"{1:064x}"
ORDER_2 = f"{2**255 - 20:064x}"
ORDER_4 = "0" * 64
NON_CANONICAL = f"{2**255 - 19 + 1:064x}"
_HEX64 = re.compile(r"[0-9a-f]{64}")


def mixed_order(text: str) -> str:
    """The same point plus one of order 2: on the curve, outside the subgroup."""
    total = sodium.crypto_core_ed25519_add(bytes.fromhex(text)[::-1], bytes.fromhex(ORDER_2)[::-1])
    return str(total[::-1].hex())


def elements(text: str) -> list[str]:
    """Other elements and non-elements in the place of an element of Ed25519."""
    others = [GENERATOR, IDENTITY, ORDER_2, ORDER_4, NON_CANONICAL, text.upper()]
    try:
        return [*others, mixed_order(text)]
    except SodiumError:  # A hash, not a point.
        return others


def alterations(value: Any) -> Iterator[Any]:
    """Copies of `value`, each with one place altered."""
    match value:
        case dict():
            yield from _of_object(value)
        case list():
            yield from _of_array(value)
        case str() if value.startswith("{"):
            yield from (_text(inner) for inner in alterations(json.loads(value)))
            yield f" {value}"
        case str() if _HEX64.fullmatch(value):
            yield from elements(value)
        case str() if value.isdigit():
            yield from (str(int(value) + 1), f"0{value}", int(value), str(int(value) + 2**252 * 16))
        case str():
            yield from (("0" if value[0] != "0" else "1") + value[1:], value[:-2], f"{value}00")
        case int():
            yield from (value + 1, value - 1, str(value))


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def encode(value: Any) -> bytes:
    return _text(value).encode()


def _of_object(value: dict[str, Any]) -> Iterator[Any]:
    for name, inner in value.items():
        for altered in alterations(inner):
            yield {n: altered if n == name else v for n, v in value.items()}
        yield {n: v for n, v in value.items() if n != name}
    if len(value) > 1:
        yield dict(reversed(value.items()))
    yield {**value, "otro": 1}


def _of_array(value: list[Any]) -> Iterator[Any]:
    for position, inner in enumerate(value):
        for altered in alterations(inner):
            yield [*value[:position], altered, *value[position + 1 :]]
    yield value[:-1]
    yield [*value, value[-1]]
    if len(value) > 1:
        yield value[::-1]
