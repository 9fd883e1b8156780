"""Every way to change one place of a JSON text: typed by what the place holds.

Documents are trees of `Obj` (pairs, so that keys may repeat), lists and plain values; `Raw` is written as is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.keys.group import curve

ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19
_POINT = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,79}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{43}")

# Encodings of y that are not below p, or of x = 0 with the sign set: second spellings of small points.
NON_CANONICAL = {
    "neutro + p": FIELD + 1,
    "neutro con signo": (1 << 255) | 1,
    "orden 2 con signo": (1 << 255) | (FIELD - 1),
    "y = p": FIELD,
    "y = 2^255 - 1": 2**255 - 1,
}
OFF_CURVE = 2
OTHER_POINT = curve.text(curve.multiply(curve.BASE, 7))


class Obj(list):  # type: ignore[type-arg]
    """An object as pairs."""


class Raw(str):
    """Text to be written as it is."""

    __slots__ = ()


def load(data: bytes | str) -> Any:
    """A tree."""
    return json.loads(data, object_pairs_hook=Obj)


def dump(value: Any) -> str:
    """Compact text of a tree."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Obj):
        return "{" + ",".join(f"{dump(k)}:{dump(v)}" for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dump, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class Change:
    """One change: where, of which family, what it is called, and the text of the whole document."""

    path: str
    family: str
    name: str
    text: str


def changes(document: str) -> Iterator[Change]:
    """All changes of all places of a document, and of the document as text."""
    tree = load(document)
    for path, value in places(tree):
        alternatives = _of_container(value) if isinstance(value, list) else _of_leaf(value)
        for family, name, other in alternatives:
            text = dump(replaced(tree, path, other))
            if text != document:
                yield Change(spelled(path), family, name, text)
    for name, text in _of_text(document):
        yield Change("", "texto", name, text)


Path = tuple[int, ...]


def places(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value with its path: positions in objects and arrays."""
    yield path, tree
    if isinstance(tree, Obj):
        for i, (_, value) in enumerate(tree):
            yield from places(value, (*path, i))
    elif isinstance(tree, list):
        for i, value in enumerate(tree):
            yield from places(value, (*path, i))


def replaced(tree: Any, path: Path, value: Any) -> Any:
    """A copy of the tree with another value at `path`."""
    if not path:
        return value
    made = type(tree)(tree)
    if isinstance(tree, Obj):
        key, old = tree[path[0]]
        made[path[0]] = (key, replaced(old, path[1:], value))
    else:
        made[path[0]] = replaced(tree[path[0]], path[1:], value)
    return made


def spelled(path: Path) -> str:
    return ".".join(map(str, path))


Alternative = tuple[str, str, Any]


def _of_container(value: Any) -> Iterator[Alternative]:
    if isinstance(value, Obj):
        yield from _of_object(value)
    else:
        yield from _of_array(value)
    for name, other in (("nulo", None), ("cadena", "x"), ("número", 1)):
        yield "tipo", name, other


def _of_object(value: Obj) -> Iterator[Alternative]:
    for i, (key, old) in enumerate(value):
        yield "campos", f"sin {key}", Obj([*value[:i], *value[i + 1 :]])
        yield "campos", f"{key} dos veces", Obj([*value[: i + 1], (key, old), *value[i + 1 :]])
        yield "campos", f"{key} antes con otro valor", Obj([(key, "0"), *value])
    yield "campos", "uno de más", Obj([*value, ("extra", "1")])
    yield "campos", "uno nulo de más", Obj([*value, ("extra", None)])
    yield "campos", "al revés", Obj(reversed(value))
    if value:
        key, old = value[0]
        yield (
            "ortografía",
            "llave con escape",
            Obj([(Raw(f'"\\u{ord(key[0]):04x}{key[1:]}"'), old), *value[1:]]),
        )
    yield "tipo", "arreglo", [old for _, old in value]


def _of_array(value: list[Any]) -> Iterator[Alternative]:
    yield "largo", "vacío", []
    if value:
        yield "largo", "sin el último", value[:-1]
        yield "largo", "sin el primero", value[1:]
        yield "largo", "el último dos veces", [*value, value[-1]]
        yield "orden", "al revés", value[::-1]
        yield "tipo", "objeto", Obj([("0", value[0])])
    yield "largo", "con un nulo", [*value, None]


def _of_leaf(value: Any) -> Iterator[Alternative]:
    for name, other in (("nulo", None), ("arreglo", [value]), ("objeto", Obj()), ("decimal", Raw("1.5"))):
        yield "tipo", name, other
    if isinstance(value, bool):
        yield "valor", "negado", not value
        yield "tipo", "número", int(value)
    elif isinstance(value, int):
        yield from _of_integer(value)
    elif isinstance(value, str):
        yield from _of_string(value)


def _of_integer(value: int) -> Iterator[Alternative]:
    yield "valor", "más uno", value + 1
    yield "valor", "menos uno", value - 1
    yield "valor", "negativo", -value - 1
    yield "valor", "enorme", 2**70
    yield "valor", "miles de cifras", Raw("9" * 5000)
    yield "tipo", "cadena", str(value)
    yield "tipo", "booleano", bool(value)
    yield "ortografía", "punto cero", Raw(f"{value}.0")
    yield "ortografía", "exponente", Raw(f"{value}e0")
    yield "ortografía", "cero antes", Raw(f"0{value}")
    yield "ortografía", "menos cero", Raw("-0") if value == 0 else Raw(f"+{value}")


def _of_string(value: str) -> Iterator[Alternative]:
    yield "tipo", "número", 7
    yield "tipo", "booleano", True
    yield "valor", "vacía", ""
    yield "ortografía", "con espacio", f"{value} "
    yield "valor", "medio sustituto", Raw('"\\ud800"')
    if value:
        escaped = json.dumps(value, ensure_ascii=False)[1:-1]
        first = value[0]
        if escaped.startswith(first):
            yield "escape", "letra escapada", Raw(f'"\\u{ord(first):04x}{escaped[1:]}"')
    if _POINT.fullmatch(value):
        yield from _of_hexadecimal(value)
    elif _NUMBER.fullmatch(value):
        yield from _of_decimal(int(value))
    elif _BASE64.fullmatch(value):
        yield "ortografía", "con relleno", f"{value}="
        yield "valor", "otro", ("A" if value[0] != "A" else "B") + value[1:]
    elif value.startswith("{") and value.endswith("}"):
        for change in changes(value):
            yield f"interior {change.family}", f"{change.path} {change.name}", change.text
    else:
        yield "valor", "otro", f"{value}x"


def _of_hexadecimal(value: str) -> Iterator[Alternative]:
    def hexadecimal(number: int) -> str:
        return f"{number % 2**256:064x}"

    yield "valor", "más uno", hexadecimal(int(value, 16) + 1)
    yield "valor", "otro punto", OTHER_POINT
    yield "valor", "el generador", curve.text(curve.BASE)
    yield "ortografía", "mayúsculas", value.upper()
    yield "ortografía", "cero antes", f"0{value}"
    yield "ortografía", "0x", f"0x{value}"
    yield "ortografía", "sin la primera", value[1:]
    yield "ortografía", "con salto", f"{value}\n"
    yield "valor", "negado", hexadecimal(int(value, 16) ^ (1 << 255))
    for index, point in enumerate(curve.torsion()):
        yield "elemento", f"de torsión {index}", curve.text(point)
    yield "elemento", "fuera de la curva", hexadecimal(OFF_CURVE)
    for name, number in NON_CANONICAL.items():
        yield "elemento", name, hexadecimal(number)
    for order in (2, 4, 8):
        mixed = curve.plus_torsion(value, order)
        if mixed is not None:
            yield "elemento", f"orden mixto {order}", mixed


def _of_decimal(value: int) -> Iterator[Alternative]:
    yield "valor", "más uno", str((value + 1) % ORDER)
    yield "valor", "cero", "0"
    yield "valor", "negado", str(-value % ORDER)
    yield "ortografía", "más q", str(value + ORDER)
    yield "ortografía", "menos q", str(value - ORDER)
    yield "ortografía", "cero antes", f"0{value}"
    yield "ortografía", "signo más", f"+{value}"
    yield "ortografía", "hexadecimal", hex(value)
    yield "ortografía", "guión bajo", f"{str(value)[0]}_{str(value)[1:]}"
    yield "ortografía", "cifras de otra escritura", str(value).translate({ord("1"): "١", ord("0"): "٠"})
    yield "ortografía", "enorme", "9" * 5000
    yield "tipo", "entero", value


def _of_text(text: str) -> Iterator[tuple[str, str]]:
    yield "espacio antes", f" {text}"
    yield "salto después", f"{text}\n"
    yield "cero después", f"{text}\0"
    yield "otro valor después", f"{text}{{}}"
    yield "comentario", f"/* nada */{text}"
    yield "comentario después", f"{text}//"
    yield "marca de orden", f"\ufeff{text}"
    yield "sin el último", text[:-1]
    yield "vacío", ""
    yield "hondo", "[" * 100_000
    yield "espacios", re.sub(r"([,:])", r"\1 ", text, count=1)
    yield "sangría", json.dumps(json.loads(text), ensure_ascii=False, indent=1)
