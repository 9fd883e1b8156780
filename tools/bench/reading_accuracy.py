"""How well drawn credentials are read: models C to J in turn, each photographed in several ways.

    python -m tools.bench.reading_accuracy --cards N --seed S [--each 3] [--folder DIR] [--only NAMES]

Both sides of a card get the same degradation. A field counts as readable where every side that shows it
passes the verdict of quality. What was read is kept in `DIR/lectura-S.jsonl`, one line a card and
degradation: a run that was stopped goes on there. The people are drawn, so what differs is shown.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from capture.credential.card import CardReader
from capture.credential.layouts import DRAWN_MODELS, layout
from capture.credential.quality import judge
from capture.credential.rapid_text import RapidTextReader
from capture.packet.record import FIELDS
from capture.reading.results import SURE, CardReading, Found, Side
from capture.specimens.degradations import DEGRADATIONS
from capture.specimens.draw import Specimen, draw
from capture.specimens.people import Person, invent_person
from keys.randomness import SeededRandomness

Row = tuple[str, str, str]
Outcome = dict[str, Any]
"""What became of one card under one degradation, as a line of the file has it."""
EXACT, WRONG, UNREAD, INVENTED = "exacto", "equivocado", "sin-leer", "inventado"
_ON_BACK = frozenset({"cic", "ocr"})
_SHOWN = 12  # of what differs


def outcomes(
    cards: int, seed: str, each: int, kept: Path | None = None, only: Sequence[str] = ()
) -> Iterator[Outcome]:
    """One for each card and degradation; those of the file `kept` are not read again."""
    done = {} if kept is None or not kept.exists() else _kept(kept)
    reader = CardReader(RapidTextReader(), judge)
    names = tuple(only) or tuple(DEGRADATIONS)
    for card in range(cards):
        chosen = [names[(card * each + at) % len(names)] for at in range(min(each, len(names)))]
        missing = [name for name in chosen if (card, name) not in done]
        specimen = drawn(seed, card) if missing else None
        for name in chosen:
            if specimen is not None and name in missing:
                done[card, name] = read_one(reader, specimen, seed, card, name)
                if kept is not None:
                    with kept.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(done[card, name], ensure_ascii=False) + "\n")
            yield done[card, name]


def drawn(seed: str, card: int) -> Specimen:
    """The card of that number, of the model whose turn it is."""
    source = SeededRandomness(f"{seed}/{card}")
    person = invent_person(source.child("persona"), DRAWN_MODELS[card % len(DRAWN_MODELS)])
    return draw(person, source.child("dibujo"))


def read_one(reader: CardReader, specimen: Specimen, seed: str, card: int, name: str) -> Outcome:
    """Photograph both sides, read them, and compare."""
    model, source = specimen.person.model, SeededRandomness(f"{seed}/{card}/{name}")
    pictures = [
        DEGRADATIONS[name].apply(pixels, layout(model, side), source.child(side.value)).pixels
        for side, pixels in zip(Side, (specimen.front, specimen.back), strict=True)
    ]
    begun = time.process_time()
    reading = reader.read(*pictures)
    return {
        "card": card,
        "degradation": name,
        "model": model,
        "seconds": round(time.process_time() - begun, 3),
        "model_read": reading.model,
        "same_card": reading.same_card,
        "contradictions": [one.rule for one in reading.contradictions],
        "passes": {side.value: quality.passes for side, quality in reading.sides.items()},
        "defects": {side.value: list(quality.defects) for side, quality in reading.sides.items()},
        "fields": dict(_compared(specimen.person, reading)),
    }


def _compared(person: Person, reading: CardReading) -> Iterator[tuple[str, Outcome]]:
    for name in FIELDS:
        yield name, _judged(person.values.get(name), reading.values[name])
    for name, text in _address(person).items():
        yield name, _judged(text, reading.address.get(name, Found(None)))


def _address(person: Person) -> dict[str, str]:
    if "domicilio" not in person.shown:
        return {}
    street, quarter, town = person.shown["domicilio"].split("\n")
    said = (*street.rsplit(" ", 1), *quarter.rsplit(" ", 1), *town.split(", "))
    names = ("calle", "numero_exterior", "colonia", "codigo_postal", "demarcacion", "estado")
    return dict(zip(names, (text.rstrip(".") for text in said), strict=True))


def _judged(truth: str | None, found: Found) -> Outcome:
    if found.value is None:
        kind = UNREAD if truth is not None else ""
        why = None if found.missing is None else found.missing.value
        return {"kind": kind, "sure": 0.0, "why": why}
    kind = EXACT if found.value == truth else INVENTED if truth is None else WRONG
    made: Outcome = {
        "kind": kind,
        "sure": round(found.sure, 3),
        "source": found.source and found.source.value,
    }
    return made if kind == EXACT else made | {"read": found.value, "truth": truth}


def _kept(file: Path) -> dict[tuple[int, str], Outcome]:
    made = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return {(one["card"], one["degradation"]): one for one in made}


class Tally:
    """What became of fields: of all readable ones, and by field, degradation and model."""

    def __init__(self, every: Iterable[Outcome]) -> None:
        self.seconds: list[float] = []
        self.by: dict[str, Counter[str]] = {}
        self.reasons: Counter[str] = Counter()
        self.models = self.pictures = 0
        for outcome in every:
            self._add(outcome)

    def _add(self, outcome: Outcome) -> None:
        self.seconds.append(outcome["seconds"])
        if all(outcome["passes"].values()):
            self.pictures += 1
            self.models += outcome["model"] == outcome["model_read"]
        for name, field in outcome["fields"].items():
            readable = field["kind"] and passes(outcome, name)
            wrong = field["kind"] in (WRONG, INVENTED) and field["sure"] >= SURE
            for group in ("todo", f"campo {name}", _of(outcome, "degradation"), _of(outcome, "model")):
                count = self.by.setdefault(group, Counter())
                count["seguros"] += field["sure"] >= SURE
                count["seguros-mal"] += wrong
                if readable:
                    count[field["kind"]] += 1
                    count["legibles"] += 1
            if readable and field["kind"] == UNREAD:
                self.reasons[f"{name}: {field['why']}"] += 1

    def rows(self) -> Iterator[Row]:
        """Group, fields exact of the readable ones, and values that are sure and wrong."""
        for group in sorted(self.by, key=_order):
            count = self.by[group]
            exact = _share(count[EXACT], count["legibles"])
            parts = ", ".join(f"{count[k]} {k}" for k in (WRONG, UNREAD, INVENTED) if count[k])
            remark = f"seguros y mal {count['seguros-mal']} de {count['seguros']}"
            yield group, f"{exact} ({count[EXACT]}/{count['legibles']})", f"{parts or '-'}; {remark}"
        yield "modelo reconocido", _share(self.models, self.pictures), f"de {self.pictures} que pasan"
        yield "segundos por tarjeta", f"{median(self.seconds):.2f}", f"p90 {_ninth(self.seconds):.2f}"


def passes(outcome: Outcome, name: str) -> bool:
    """Whether the side that shows a field is good enough."""
    side = Side.REVERSO if name in _ON_BACK else Side.ANVERSO
    return bool(outcome["passes"][side.value])


def differences(every: Iterable[Outcome]) -> Iterator[str]:
    """What was read wrong, or not read although the picture passes; sure values first."""
    made = [(outcome, name, field) for outcome in every for name, field in outcome["fields"].items()]
    bad = [one for one in made if one[2]["kind"] in (WRONG, INVENTED, UNREAD)]
    kept = [(o, n, f) for o, n, f in bad if f["sure"] >= SURE or passes(o, n)]
    for outcome, name, field in sorted(kept, key=lambda one: -one[2]["sure"]):
        where = f"{outcome['card']} {outcome['model']} {outcome['degradation']}"
        said = f"{field.get('read')!r} != {field.get('truth')!r}" if "read" in field else f"{field['why']}"
        yield f"{where} {name}: {field['kind']} {field['sure']} {said}"


def _of(outcome: Mapping[str, Any], what: str) -> str:
    return f"{'fotografía' if what == 'degradation' else 'modelo'} {outcome[what]}"


def _order(group: str) -> tuple[int, str]:
    return ("todo", "campo", "fotografía", "modelo").index(group.split(" ", maxsplit=1)[0]), group


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "-"


def _ninth(values: Sequence[float]) -> float:
    return quantiles(values, n=10)[-1] if len(values) > 1 else values[0]


def main() -> None:
    """Read, show the progress, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cards", type=int, default=40)
    parser.add_argument("--seed", default="banco")
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--only", default="", help="names of degradations, separated by commas")
    options = parser.parse_args()
    only = [name for name in options.only.split(",") if name]
    kept, every = options.folder / f"lectura-{options.seed}.jsonl", []
    for outcome in outcomes(options.cards, options.seed, options.each, kept, only):
        every.append(outcome)
        wrong = [n for n, f in outcome["fields"].items() if f["kind"] in (WRONG, UNREAD, INVENTED)]
        verdict = "/".join("pasa" if good else "no" for good in outcome["passes"].values())
        where = f"{outcome['card']} {outcome['model']} {outcome['degradation']}"
        print(f"{where}: {verdict} {outcome['seconds']} s {' '.join(wrong)}", flush=True)
        if len(every) % 20 == 0:
            print("   ", next(Tally(every).rows()), flush=True)
    tally = Tally(every)
    for row in tally.rows():
        print(" | ".join(row))
    for reason, count in tally.reasons.most_common(_SHOWN):
        print(f"sin leer {reason}: {count}")
    print(*differences(every), sep="\n")


if __name__ == "__main__":
    main()
