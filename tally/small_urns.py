"""Which urns are small, and when their sum with the Mesa may be opened (docs/adr/0022-small-urns.md).

One rule, in one place: nothing is ever decrypted that is the sum of one ballot or more and fewer than k.
An urn without ballots hides nobody: it is opened like any other, and its tally says what everybody sees.
"""

from __future__ import annotations

from tally.errors import OpeningRefusal

RESERVA = (
    "Resultado reservado: esta Unidad Territorial recibió por internet menos opiniones que el mínimo que la "
    "consulta fijó para proteger el secreto, por lo que su urna no se abre sola. Su suma cifrada se agrega a "
    "la de la Mesa y sólo el total de ambas se descifra."
)
"""What the acta of an urn that is not opened alone carries, to the letter."""


def is_small(ballots: int, k: int) -> bool:
    """Whether an urn of so many ballots must not be opened alone."""
    return 0 < ballots < k


def may_be_opened(ballots: int, k: int) -> bool:
    """Whether a sum of so many ballots, of internet and of the Mesa together, may be opened."""
    return not is_small(ballots, k)


def require_not_alone(ballots: int, k: int, place: str) -> None:
    """Raises OpeningRefusal for an urn that must not be opened alone."""
    if is_small(ballots, k):
        expected = f"ninguna boleta, o al menos {k}: una urna pequeña no se abre sola"
        raise OpeningRefusal("urna.pequena", place, expected, ballots)
