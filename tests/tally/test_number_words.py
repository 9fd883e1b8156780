"""Numbers in words, as an acta spells them."""

from __future__ import annotations

import pytest

from tally.number_words import LIMIT, in_words

pytestmark = pytest.mark.req("SEI-23")

SPELLED = {
    0: "cero",
    1: "uno",
    15: "quince",
    16: "dieciséis",
    20: "veinte",
    21: "veintiuno",
    22: "veintidós",
    26: "veintiséis",
    30: "treinta",
    31: "treinta y uno",
    99: "noventa y nueve",
    100: "cien",
    101: "ciento uno",
    123: "ciento veintitrés",
    500: "quinientos",
    700: "setecientos",
    900: "novecientos",
    1_000: "mil",
    1_001: "mil uno",
    1_100: "mil cien",
    2_021: "dos mil veintiuno",
    21_021: "veintiún mil veintiuno",
    31_000: "treinta y un mil",
    100_000: "cien mil",
    101_000: "ciento un mil",
    121_131: "ciento veintiún mil ciento treinta y uno",
    999_999: "novecientos noventa y nueve mil novecientos noventa y nueve",
    1_000_000: "un millón",
    1_000_001: "un millón uno",
    21_000_000: "veintiún millones",
    2**30: "mil setenta y tres millones setecientos cuarenta y un mil ochocientos veinticuatro",
}
VALUES = {
    word: value for value in [*range(30), *range(30, 100, 10), 100] if " " not in (word := in_words(value))
} | {"ciento": 100, "un": 1, "veintiún": 21}
VALUES |= {in_words(value): value for value in range(200, 1000, 100)}


def read(words: str) -> int:
    """The number that `words` spell, read word by word."""
    done, current = 0, 0
    for word in words.split():
        match word:
            case "y":
                continue
            case "mil":
                current = max(current, 1) * 1000
            case "millón" | "millones":
                done, current = done + current * 10**6, 0
            case _:
                current += VALUES[word]
    return done + current


@pytest.mark.parametrize(("number", "words"), SPELLED.items())
def test_spells_as_the_academy_does(number: int, words: str) -> None:
    assert in_words(number) == words


def test_every_number_up_to_a_million_is_read_back() -> None:
    for number in [*range(20_000), *range(20_000, 1_000_001, 7)]:
        assert read(in_words(number)) == number


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_refuses_what_it_cannot_spell(number: int) -> None:
    with pytest.raises(ValueError, match="fuera"):
        in_words(number)
