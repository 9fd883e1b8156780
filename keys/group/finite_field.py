"""BELENIOS-2048: the subgroup of order q of F*_p (Belenios specification, section "Finite fields").

Python's integers: not constant time. Consultations use Ed25519; this group exists so that
independent programs which know only it can judge our archives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from keys.group.interface import Element, Job, Tables, refuse

_P = int(
    "20694785691422546"
    "401013643657505008064922989295751104097100884787057374219242"
    "717401922237254497684338129066633138078958404960054389636289"
    "796393038773905722803605973749427671376777618898589872735865"
    "049081167099310535867780980030790491654063777173764198678527"
    "273474476341835600035698305193144284561701911000786737307333"
    "564123971732897913240474578834468260652327974647951137672658"
    "693582180046317922073668860052627186363386088796882120769432"
    "366149491002923444346373222145884100586421050242120365433561"
    "201320481118852408731077014151666200162313177169372189248078"
    "507711827842317498073276598828825169183103125680162072880719"
)
_G = int(
    "2402352677501852"
    "209227687703532399932712287657378364916510075318787663274146"
    "353219320285676155269678799694668298749389095083896573425601"
    "900601068477164491735474137283104610458681314511781646755400"
    "527402889846139864532661215055797097162016168270312886432456"
    "663834863635782106154918419982534315189740658186868651151358"
    "576410138882215396016043228843603930989333662772848406593138"
    "406010231675095763777982665103606822406635076697764025346253"
    "773085133173495194248967754052573659049492477631475991575198"
    "775177711481490920456600205478127054728238140972518639858334"
    "115700568353695553423781475582491896050296680037745308460627"
)
_Q = int("78571733251071885079927659812671450121821421258408794611510081919805623223441")
_DECIMAL = re.compile(r"[1-9][0-9]*", re.ASCII)
_MAX_DIGITS = len(str(_P))


class Belenios2048:
    """Elements are Python integers in [1, p)."""

    name = "BELENIOS-2048"
    order = _Q
    arithmetic = "enteros"
    generator: Element = _G
    identity: Element = 1

    def decode(self, texts: Sequence[str], place: str) -> list[Element]:
        return [_decode(text, place, index) for index, text in enumerate(texts)]

    def encode(self, elements: Sequence[Element]) -> list[str]:
        return [str(element) for element in elements]

    def sort_key(self, text: str) -> bytes:
        return int(text).to_bytes(_P.bit_length() // 8 + 1, "big")

    def product(self, elements: Sequence[Element]) -> Element:
        total = 1
        for element in elements:
            total = total * element % _P
        return total

    def tables(self, bases: Sequence[Element]) -> Tables:
        return tuple(bases)

    def products(self, tables: Tables, jobs: Sequence[Job]) -> list[Element]:
        return [
            self.product([*map(_power, tables, fixed), *map(_power, elements, exponents)])
            for fixed, elements, exponents in jobs
        ]

    def encoded_products(self, tables: Tables, jobs: Sequence[Job]) -> list[str]:
        return self.encode(self.products(tables, jobs))

    def powers(self, tables: Tables, exponents: Sequence[Sequence[int]]) -> list[Element]:
        return [self.product([*map(_power, tables, row)]) for row in exponents]

    def encoded_powers(self, tables: Tables, exponents: Sequence[Sequence[int]]) -> list[str]:
        return self.encode(self.powers(tables, exponents))

    def power_each(self, elements: Sequence[Element], exponent: int) -> list[Element]:
        return [_power(element, exponent) for element in elements]


def _power(base: int, exponent: int) -> int:
    return pow(base, exponent, _P)


def _decode(text: str, place: str, index: int) -> int:
    if not isinstance(text, str) or len(text) > _MAX_DIGITS or not _DECIMAL.fullmatch(text):
        raise refuse(place, index, "text", str(text))
    number = int(text)
    if number >= _P:
        raise refuse(place, index, "non-canonical", text)
    if number == 1:
        raise refuse(place, index, "identity", text)
    if pow(number, _Q, _P) != 1:
        raise refuse(place, index, "not-prime-order", text)
    return number
