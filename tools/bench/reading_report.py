"""What became of the fields of drawn cards: tables, and what differs. Pure.

A field counts as readable where the side that shows it passes the verdict of quality.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median, quantiles

from capture.reading.results import SURE, Side
from tools.bench.keeping import Outcome
from tools.bench.tables import Row

EXACT, WRONG, UNREAD, INVENTED = "exacto", "equivocado", "sin-leer", "inventado"
COLUMNS = ("of", "pass", "readable", "exact", "not read", "wrong", "sure", "sure and wrong")
"""Of `Tally.groups`. pass: photographs whose both sides do; sure: of all values, also of bad pictures."""
ON_BACK = frozenset({"cic", "ocr"})
"""Fields of the back."""
_ALL, _KINDS = "all", ("field", "photograph", "model")


class Tally:
    """Counts of fields: of all, and by field, kind of photograph and model."""

    def __init__(self, every: Iterable[Outcome]) -> None:
        self._seconds: list[float] = []
        self._by: dict[str, Counter[str]] = {}
        self._codes: dict[str, Counter[str]] = {}
        self._cards: set[int] = set()
        self._models = 0
        self.reasons: Counter[str] = Counter()
        for outcome in every:
            self._add(outcome)

    def _add(self, outcome: Outcome) -> None:
        groups = (_ALL, f"photograph {outcome['degradation']}", f"model {outcome['model']}")
        self._cards.add(outcome["card"])
        self._seconds.append(outcome["seconds"])
        if all(outcome["passes"].values()):
            self._models += outcome["model"] == outcome["model_read"]
            for group in groups:
                self._by.setdefault(group, Counter())["pass"] += 1
        for name, field in outcome["fields"].items():
            self._field(outcome, name, field, (*groups, f"field {name}"))
        if outcome["passes"][Side.REVERSO.value]:
            for name, (read, drawn) in outcome.get("codes", {}).items():
                self._codes.setdefault(name, Counter()).update(read=read, drawn=drawn)

    def _field(self, outcome: Outcome, name: str, field: Outcome, groups: Sequence[str]) -> None:
        sure, kind = field["sure"] >= SURE, field["kind"]
        readable = bool(kind) and passes(outcome, name)
        for group in groups:
            count = self._by.setdefault(group, Counter())
            count["sure"] += sure
            count["sure and wrong"] += sure and kind in (WRONG, INVENTED)
            count["readable"] += readable
            count[kind] += readable
        if readable and kind == UNREAD:
            self.reasons[f"{name}: {field['why']}"] += 1

    def rows(self) -> Iterator[Row]:
        """The sums."""
        count = self._by.get(_ALL, Counter())
        photographs = len(self._seconds)
        yield "cards drawn, both sides photographed", f"{len(self._cards)}", f"{photographs:,} photographs"
        yield "both sides pass the verdict of quality", f"{count['pass']:,}", f"of {photographs:,}"
        exact = f"{count[EXACT]:,} of {count['readable']:,}; {_parts(count)}"
        yield "fields exact where their side passes", _share(count[EXACT], count["readable"]), exact
        wrong = f"{count['sure and wrong']:,} of {count['sure']:,}, pictures that do not pass too"
        yield "wrong among the values called sure", _share(count["sure and wrong"], count["sure"]), wrong
        yield "model recognised where both pass", _share(self._models, count["pass"]), f"of {count['pass']:,}"
        for name, code in sorted(self._codes.items()):
            remark = f"{code['read']:,} of {code['drawn']:,} where the back passes"
            yield f"code read: {name}", _share(code["read"], code["drawn"]), remark
        if photographs:
            remark = f"p90 {_ninth(self._seconds):.2f} s, both sides, of the processor"
            yield "read a card", f"{median(self._seconds):.2f} s", remark

    def groups(self) -> Iterator[tuple[str, ...]]:
        """A row of COLUMNS for each field, kind of photograph and model."""
        for group in sorted(self._by, key=_order):
            count = self._by[group]
            numbers = (count[UNREAD], count[WRONG] + count[INVENTED], count["sure"], count["sure and wrong"])
            passing = "" if group.startswith("field") else f"{count['pass']}"
            exact = _share(count[EXACT], count["readable"])
            yield group, passing, f"{count['readable']}", exact, *map(str, numbers)


def passes(outcome: Outcome, name: str) -> bool:
    """Whether the side that shows a field is good enough."""
    side = Side.REVERSO if name in ON_BACK else Side.ANVERSO
    return bool(outcome["passes"][side.value])


def differences(every: Iterable[Outcome]) -> Iterator[str]:
    """What was read wrong, or not read although the picture passes; sure values first. Of drawn people."""
    made = [(outcome, name, field) for outcome in every for name, field in outcome["fields"].items()]
    bad = [one for one in made if one[2]["kind"] in (WRONG, INVENTED, UNREAD)]
    kept = [(o, n, f) for o, n, f in bad if f["sure"] >= SURE or passes(o, n)]
    for outcome, name, field in sorted(kept, key=lambda one: -one[2]["sure"]):
        where = f"{outcome['card']} {outcome['model']} {outcome['degradation']}"
        said = f"{field.get('read')!r} != {field.get('truth')!r}" if "read" in field else f"{field['why']}"
        yield f"{where} {name}: {field['kind']} {field['sure']} {said}"


def _parts(count: Counter[str]) -> str:
    return f"{count[UNREAD]} not read, {count[WRONG] + count[INVENTED]} wrong"


def _order(group: str) -> tuple[int, str]:
    return ((_ALL, *_KINDS).index(group.split(" ", maxsplit=1)[0]), group)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "-"


def _ninth(values: Sequence[float]) -> float:
    return quantiles(values, n=10)[-1] if len(values) > 1 else values[0]
