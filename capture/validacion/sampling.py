"""Whom to telephone: a sample that anybody can draw again from its published seed (7.3.3). Pure.

The folios are ordered by SHA-256(header, seed, folio); the first ones are the sample. The seed must not be
known while Claves are issued: it is fixed and published after them (the log's checkpoint of that hour
serves).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from capture.validacion.errors import ValidacionRefusal

HEADER = "certeza/verificacion-claves/v1"
MAX_SEED_CHARS = 200


class Hallazgo(StrEnum):
    """What a call found out. The values are stored."""

    RECIBIDA = "recibida"
    NO_RECIBIDA = "no-recibida"
    NIEGA_TRAMITE = "niega-tramite"
    """The owner did not ask for it: the Clave is disabled (7.4.1)."""
    SIN_RESPUESTA = "sin-respuesta"


@dataclass(frozen=True, slots=True)
class Sorteo:
    """A sample: `folios` in the order in which they were drawn; `digest` is of the population."""

    folios: tuple[str, ...]
    population: int
    digest: bytes


def draw(seed: str, population: Iterable[str], size: int) -> Sorteo:
    """The first `size` of the population, as the seed orders it. Raises ValidacionRefusal."""
    if not (seed and len(seed) <= MAX_SEED_CHARS and seed.isprintable()):
        expected = f"texto de 1 a {MAX_SEED_CHARS} caracteres"
        raise ValidacionRefusal("verificacion.semilla", "semilla", expected, f"{len(seed)} caracteres")
    folios = sorted(set(population))
    if not 1 <= size <= len(folios):
        expected = f"de 1 a {len(folios)} personas con Clave"
        raise ValidacionRefusal("verificacion.tamano", "tamaño", expected, size)
    ordered = sorted(folios, key=lambda folio: place(seed, folio))
    return Sorteo(tuple(ordered[:size]), len(folios), population_digest(folios))


def place(seed: str, folio: str) -> bytes:
    """Where the seed puts a folio."""
    return sha256(f"{HEADER}\n{seed}\n{folio}".encode()).digest()


def population_digest(folios: Sequence[str]) -> bytes:
    """SHA-256 of the folios, sorted, each on a line: what a sample was drawn from."""
    return sha256("".join(f"{folio}\n" for folio in sorted(folios)).encode()).digest()
