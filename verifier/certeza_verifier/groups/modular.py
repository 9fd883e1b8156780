"""Prime-order subgroups of the integers modulo a prime (specification, «Finite fields»), with Python
integers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import reduce
from itertools import accumulate

from certeza_verifier.groups.base import Group, Job, PointError
from certeza_verifier.limits import LIMITS

_WINDOW = 5  # bits of an exponent per multiplication with a table
_MASK = 2**_WINDOW - 1
_WORTH_A_TABLE = 24  # uses of a base from which its table (about 20 powers' time) pays
_TABLES = 32


class ModularGroup(Group[int]):
    """Elements are integers in [1, p); texts are decimal."""

    backend = "python"

    def __init__(self, name: str, p: int, q: int, g: int) -> None:
        self.name = name
        self.order = q
        self.generator = g
        self._p = p
        self._uses: Counter[int] = Counter()
        self._tables: dict[int, list[list[int]]] = {}

    def parse(self, texts: Sequence[str], *, allow_identity: bool = False, threads: int = 1) -> list[int]:
        """Canonical decimals below p, raised to q giving 1."""
        return [self._one(i, text, allow_identity) for i, text in enumerate(texts)]

    def _one(self, index: int, text: str, allow_identity: bool) -> int:
        if not (text.isascii() and text.isdigit()) or len(text) > LIMITS.digits:
            raise PointError(index, "punto-forma")
        value = int(text)
        if str(value) != text or value >= self._p:
            raise PointError(index, "punto-no-canonico")
        if value == 1 and not allow_identity:
            raise PointError(index, "punto-identidad")
        if value == 0 or pow(value, self.order, self._p) != 1:
            raise PointError(index, "punto-fuera-del-grupo")
        return value

    def text(self, element: int) -> str:
        """Decimal, without leading zeros."""
        return str(element)

    def combine(self, elements: Sequence[int]) -> int:
        """Product modulo p."""
        return reduce(lambda a, b: a * b % self._p, elements, 1)

    def multiply(self, bases: Sequence[int], jobs: Sequence[Job[int]]) -> list[int]:
        """One power per exponent that is not zero; bases that come back get a table."""
        return [self._job(bases, job) for job in jobs]

    def _job(self, bases: Sequence[int], job: Job[int]) -> int:
        fixed, elements, exponents = job
        powers = [self._fixed(x, e) for x, e in zip(bases, fixed, strict=True) if e]
        powers += [pow(x, e, self._p) for x, e in zip(elements, exponents, strict=True) if e]
        return self.combine(powers)

    def _fixed(self, base: int, exponent: int) -> int:
        self._uses[base] += 1
        if self._uses[base] < _WORTH_A_TABLE:
            return pow(base, exponent, self._p)
        table = self._tables.get(base) or self._tabulate(base)
        factors = []
        for row in table:
            factors.append(row[exponent & _MASK])
            exponent >>= _WINDOW
        return self.combine(factors)

    def _tabulate(self, base: int) -> list[list[int]]:
        """Row i holds base^(d * 2^(WINDOW*i)) for each digit d."""
        if len(self._tables) >= _TABLES:
            self._tables.clear()
            self._uses.clear()
        table = []
        for _ in range(0, self.order.bit_length(), _WINDOW):
            row = list(accumulate([base] * _MASK, lambda a, b: a * b % self._p, initial=1))
            table.append(row)
            base = row[-1] * base % self._p
        self._tables[table[0][1]] = table
        return table

    def sort_key(self, text: str) -> int:
        """The number itself."""
        return int(text)


_P_2048 = int(
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
_G_2048 = int(
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
_Q_2048 = int("78571733251071885079927659812671450121821421258408794611510081919805623223441")

# RFC 3526, group 14: a safe prime; the generator 2 has order (p - 1) / 2.
_P_3526 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)


def belenios_2048() -> ModularGroup:
    """The group BELENIOS-2048."""
    return ModularGroup("BELENIOS-2048", _P_2048, _Q_2048, _G_2048)


def rfc_3526_2048() -> ModularGroup:
    """The group RFC-3526-2048."""
    return ModularGroup("RFC-3526-2048", _P_3526, (_P_3526 - 1) // 2, 2)
