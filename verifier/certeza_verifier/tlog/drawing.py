"""The path of a proof drawn as a tree in plain characters, root above."""

from __future__ import annotations

from collections.abc import Sequence

from certeza_verifier.tlog import merkle

_SHOWN = 16


def draw(index: int, size: int, row: Sequence[bytes], proof: Sequence[bytes]) -> list[str]:
    """`row` from the leaf to the root, `proof` the siblings from the leaf upward."""
    lines = [f"* {_short(row[-1])}  raíz de {size} entradas, firmada"]
    before = ""
    steps = list(zip(merkle.path(index, size), row[:-1], proof, strict=True))
    tail: list[str] = []
    for number in range(len(steps) - 1, -1, -1):
        (side, covers), own, sibling = steps[number]
        note = "su entrada" if number == 0 else "calculado"
        other = f"o {_short(sibling)}  prueba {number + 1} ({_entries(covers)})"
        mine = f"* {_short(own)}  {note}"
        if side == "izquierda":
            lines += [f"{before}+-- {other}", f"{before}+-- {mine}"]
            before += "    "
        else:
            lines.append(f"{before}+-- {mine}")
            tail.append(f"{before}+-- {other}")
            before += "|   "
    return lines + tail[::-1]


def _short(value: bytes) -> str:
    return value.hex()[:_SHOWN]


def _entries(count: int) -> str:
    return "1 entrada" if count == 1 else f"{count} entradas"
