"""`mesas/`, `sumas/` and `sumas-abiertas/`: documents of small urns (docs/formats.md, «Small urns»)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from certeza_verifier import canonical
from certeza_verifier.consulta import instant
from certeza_verifier.errors import Failure
from certeza_verifier.messages.common import Ciphertext, Proof, ciphertexts, proof, proofs

_HEX = re.compile("[0-9a-f]*", re.ASCII)
_MESA = (
    "acta",
    "clave",
    "consulta",
    "firma",
    "instante",
    "llave",
    "recibidas",
    "sobrantes",
    "total",
    "totales",
    "uuid",
    "version",
)
_SUM = (
    "boletas",
    "boletas_internet",
    "boletas_mesa",
    "cifrada",
    "clave",
    "computo",
    "consulta",
    "mesa",
    "suma",
    "uuid",
    "version",
)
_OPENED = ("aportaciones", "clave", "consulta", "resultado", "suma", "uuid", "version")


class Bit(NamedTuple):
    """An encrypted bit and the two branches of its proof."""

    ciphertext: Ciphertext
    proofs: list[Proof]


class Mesa(NamedTuple):
    """What a Mesa handed in. `message` is what its signature is over; `fields` are the plain ones."""

    fields: dict[str, Any]
    rows: list[list[Bit]]
    total_proof: Proof
    key: str
    signature: str
    message: bytes

    @property
    def total(self) -> int:
        """Ballots that were counted."""
        return int(self.fields["total"])


class Opened(NamedTuple):
    """What a sum opened to: `shares` as canonical JSON by owner, in the order of the document."""

    fields: dict[str, Any]
    shares: list[tuple[int, bytes]]
    result: list[int]


def hexadecimal(value: Any, size: int, place: str) -> str:
    """So many bytes in lower-case hexadecimal."""
    text = canonical.string(value, place)
    if len(text) != 2 * size or not _HEX.fullmatch(text):
        raise Failure("mesa-forma", place, f"{2 * size} cifras hexadecimales minúsculas", text)
    return text


def parse_keys(data: bytes) -> tuple[str, dict[str, str]]:
    """`mesas/llaves.json`: the consultation, and a key by demarcación, in order."""
    consultation, listed, version = _fields(data, ("consulta", "llaves", "version"), "llaves")
    canonical.integer(version, "llaves.version", 1, 1)
    found: dict[str, str] = {}
    for i, item in enumerate(canonical.array(listed, "llaves.llaves")):
        place = f"llaves.llaves[{i}]"
        name, key = canonical.fields(item, ("demarcacion", "llave"), place)
        if list(found)[-1:] >= [canonical.string(name, f"{place}.demarcacion")]:
            raise Failure("consulta-orden", place, f"después de {list(found)[-1]}", name)
        found[name] = hexadecimal(key, 32, f"{place}.llave")
    return canonical.string(consultation, "llaves.consulta"), found


def parse_mesa(data: bytes, order: int) -> Mesa:
    """`mesas/<clave>.json`."""
    got = dict(zip(_MESA, _fields(data, _MESA, "mesa"), strict=True))
    for name in ("recibidas", "sobrantes", "total"):
        canonical.integer(got[name], f"mesa.{name}")
    instant(got["instante"], "mesa.instante")
    rows, closing = canonical.fields(got["totales"], ("opciones", "prueba_total"), "mesa.totales")
    bits = [
        [
            _bit(bit, order, f"mesa.totales.opciones[{i}][{j}]")
            for j, bit in enumerate(canonical.array(row, "mesa"))
        ]
        for i, row in enumerate(canonical.array(rows, "mesa.totales.opciones"))
    ]
    message = canonical.write_sorted({name: value for name, value in got.items() if name != "firma"})
    return Mesa(
        got,
        bits,
        proof(closing, order, "mesa.totales.prueba_total"),
        hexadecimal(got["llave"], 32, "mesa.llave"),
        hexadecimal(got["firma"], 64, "mesa.firma"),
        f"certeza/mesa/v1\n{message}".encode(),
    )


def _bit(value: Any, order: int, place: str) -> Bit:
    alpha, beta, proved = canonical.fields(value, ("alpha", "beta", "prueba"), place)
    found = proofs(proved, order, f"{place}.prueba")
    if len(found) != 2:
        raise Failure("mesa-forma", f"{place}.prueba", 2, len(found))
    _spelled(proved, found, place)
    return Bit(Ciphertext(canonical.string(alpha, place), canonical.string(beta, place)), found)


def _spelled(values: Any, found: list[Proof], place: str) -> None:
    """Numbers of a proof have one spelling each."""
    for value, one in zip(values, found, strict=True):
        if list(value.values()) != [str(one[0]), str(one[1])]:
            raise Failure("json-canonico", place, str(one[0]), value["challenge"])


def parse_sum(data: bytes) -> tuple[dict[str, Any], list[Ciphertext]]:
    """`sumas/<clave>.json`: its fields, and the ciphertexts among them."""
    got = dict(zip(_SUM, _fields(data, _SUM, "suma"), strict=True))
    return got, ciphertexts(got["cifrada"], "suma.cifrada")


def parse_opened(data: bytes) -> Opened:
    """`sumas-abiertas/<clave>.json`."""
    got = dict(zip(_OPENED, _fields(data, _OPENED, "suma-abierta"), strict=True))
    shares = []
    for i, item in enumerate(canonical.array(got["aportaciones"], "aportaciones")):
        owner, partial = canonical.fields(item, ("custodio", "descifrado"), f"aportaciones[{i}]")
        shares.append((canonical.integer(owner, f"aportaciones[{i}].custodio"), _encoded(partial)))
    result = canonical.array(got["resultado"], "resultado")
    votes = [canonical.integer(count, f"resultado[{i}]") for i, count in enumerate(result)]
    return Opened(got, shares, votes)


def _encoded(value: Any) -> bytes:
    return canonical.write_sorted(value).encode("utf-8", "surrogatepass")


def _fields(data: bytes, names: tuple[str, ...], place: str) -> list[Any]:
    return canonical.fields(canonical.load_sorted(data, place), names, place)
