"""Strict readers of parsed JSON: a refusal names the place and the form, never what was there. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from capture.imaging.picture import Box
from capture.reading.errors import ReadingRefusal

MAX_ITEMS = 64
"""Of each list and mapping."""
MAX_NAME_CHARS = 80
"""Of a measurement, a rule, an engine."""
MILLION = 1_000_000
MAX_NUMBER = 2**53
_SURROGATE = re.compile("[\ud800-\udfff]")
E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


def refuse(rule: str, place: str, expected: str, got: str = "otra cosa") -> NoReturn:
    """Raise ReadingRefusal, `lectura.<rule>`."""
    raise ReadingRefusal(f"lectura.{rule}", place, expected, got)


def record(value: Any, place: str, names: tuple[str, ...]) -> dict[str, Any]:
    """An object with exactly these fields."""
    if not isinstance(value, dict) or set(value) != set(names):
        refuse("campos", place, ", ".join(names))
    return value


def mapping(
    value: Any, place: str, names: tuple[str, ...] | None, read: Callable[[Any, str], T]
) -> dict[str, T]:
    """An object of at most MAX_ITEMS fields, all of them among `names` when given."""
    if not isinstance(value, dict) or len(value) > MAX_ITEMS:
        refuse("campos", place, f"un objeto de a lo más {MAX_ITEMS} campos")
    if names is not None and not set(value) <= set(names):
        refuse("campos", place, ", ".join(names))
    return {name(key, place): read(one, place) for key, one in value.items()}


def items(value: Any, place: str, read: Callable[[Any, str], T]) -> tuple[T, ...]:
    """A list of at most MAX_ITEMS."""
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        refuse("campo", place, f"una lista de a lo más {MAX_ITEMS}")
    return tuple(read(one, place) for one in value)


def one_of(kind: type[E], value: Any, place: str) -> E:
    """A value of an enumeration."""
    if not isinstance(value, str) or value not in tuple(one.value for one in kind):
        refuse("campo", place, " | ".join(one.value for one in kind))
    return kind(value)


def optional_one(kind: type[E], value: Any, place: str) -> E | None:
    """The same, or null."""
    return None if value is None else one_of(kind, value, place)


def all_of(kind: type[E], value: Any, place: str) -> tuple[E, ...]:
    """A list of values of an enumeration."""
    return items(value, place, lambda one, where: one_of(kind, one, where))


def optional(value: Any, read: Callable[[Any], T]) -> T | None:
    """Null, or what `read` makes of it."""
    return None if value is None else read(value)


def number(value: Any, place: str) -> float:
    """Millionths, of either sign."""
    if type(value) is not int or abs(value) > MAX_NUMBER:
        refuse("numero", place, "un entero")
    return int(value) / MILLION


def share(value: Any, place: str) -> float:
    """Millionths, from none to all."""
    if type(value) is not int or not 0 <= value <= MILLION:
        refuse("numero", place, f"de 0 a {MILLION}")
    return int(value) / MILLION


def box(value: Any, place: str) -> Box | None:
    """Left, top, width and height, or null."""
    if value is None:
        return None
    shares = items(value, f"{place}, caja", share)
    if len(shares) != 4:
        refuse("campo", f"{place}, caja", "cuatro números", f"{len(shares)}")
    return Box(*shares)


def boolean(value: Any, place: str) -> bool:
    """True or false."""
    if type(value) is not bool:
        refuse("campo", place, "true o false")
    return value


def name(value: Any, place: str) -> str:
    """A name that a program gave."""
    return line(value, place, MAX_NAME_CHARS)


def line(value: Any, place: str, most: int) -> str:
    """One line of 1 to `most` printable characters."""
    found = text(value, place, most)
    if not found or not found.isprintable():
        refuse("texto", place, "texto de una línea")
    return found


def text(value: Any, place: str, most: int) -> str:
    """At most that many characters of any kind, none of them half of one."""
    if not isinstance(value, str) or len(value) > most or _SURROGATE.search(value):
        refuse("texto", place, f"texto de a lo más {most} caracteres")
    return value


def raw(value: Any, place: str, least: int, most: int) -> bytes:
    """Bytes in hexadecimal."""
    try:
        found = bytes.fromhex(text(value, place, 2 * most))
    except ValueError:
        refuse("campo", place, "hexadecimal")
    if not least <= len(found) <= most:
        refuse("campo", place, f"de {least} a {most} bytes", f"{len(found)} bytes")
    return found


def by(kind: type[E], found: Mapping[str, T]) -> dict[E, T]:
    """Keyed by the enumeration, in its order."""
    return {one: found[one.value] for one in kind if one.value in found}
