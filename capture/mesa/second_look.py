"""A second, independent look at a sample that anybody can draw again, and how far two reviewers agree. Pure.

A record is in the sample when SHA-256(header, seed, folio), read as a number of 64 bits, is below the share:
the same records for the same seed, whoever computes it and in whatever order. The seed must not be known when
the first reviews are made: it is fixed and published after them (the log's checkpoint of that hour serves).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from capture.mesa.errors import MesaRefusal

HEADER = "certeza/segunda-revision/v1"
PER_MILLE = 1000
MAX_SEED_CHARS = 200
VALID = "valido"
"""The category of a record without inciso."""


def require_sample(seed: str, per_mille: int) -> None:
    """Refuse a seed or a share that makes no sample. Raises MesaRefusal."""
    if not (seed and len(seed) <= MAX_SEED_CHARS and seed.isprintable()):
        raise MesaRefusal("mesa.semilla", "muestra", f"texto de 1 a {MAX_SEED_CHARS} caracteres", len(seed))
    if not 1 <= per_mille <= PER_MILLE:
        raise MesaRefusal("mesa.proporcion", "muestra", f"de 1 a {PER_MILLE} por millar", per_mille)


def in_sample(seed: str, folio: str, per_mille: int) -> bool:
    """Whether the seed picks this record; of many records it picks `per_mille` of each 1000."""
    digest = sha256(f"{HEADER}\n{seed}\n{folio}".encode()).digest()
    return int.from_bytes(digest[:8], "big") * PER_MILLE < per_mille << 64


def draw(seed: str, folios: Iterable[str], per_mille: int) -> list[str]:
    """The records of the sample, sorted. Raises MesaRefusal."""
    require_sample(seed, per_mille)
    return sorted(folio for folio in folios if in_sample(seed, folio, per_mille))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far first and second reviews agree. `kappa` is None where chance alone would agree always."""

    pairs: int
    agreed: int
    kappa: float | None

    @property
    def percentage(self) -> float | None:
        """Of the pairs, those that agree, in percent."""
        return 100 * self.agreed / self.pairs if self.pairs else None


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Of (first, second) categories: an inciso, or VALID. Cohen's kappa (1960): (po - pe) / (1 - pe)."""
    total, agreed = len(pairs), sum(first == second for first, second in pairs)
    firsts = Counter(first for first, _ in pairs)
    seconds = Counter(second for _, second in pairs)
    chance = sum(count * seconds[category] for category, count in firsts.items())
    # In whole numbers (times total squared), so that «always by chance» is exact.
    rest = total * total - chance
    return Agreement(total, agreed, (agreed * total - chance) / rest if rest else None)
