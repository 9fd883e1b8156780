"""How well drawn credentials are read: models C to J in turn, each photographed in several ways.

    python -m tools.bench.reading_accuracy --cards N --seed S [--each 3] [--folder DIR] [--only NAMES]

Both sides of a card get the same degradation. What was read is kept in `DIR/lectura-S.jsonl`, one line a
card and degradation: a run that was stopped goes on there. The people are drawn, so what differs is shown.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from capture.credential.card import CardReader
from capture.credential.layouts import DRAWN_MODELS, Kind, layout
from capture.credential.quality import judge
from capture.credential.rapid_text import RapidTextReader
from capture.packet.record import FIELDS
from capture.reading.results import CardReading, Found, Side
from capture.specimens.degradations import DEGRADATIONS
from capture.specimens.draw import Specimen, draw
from capture.specimens.people import Person, invent_person
from keys.randomness import SeededRandomness
from tools.bench.keeping import Kept, Outcome, taken
from tools.bench.reading_report import (
    COLUMNS,
    EXACT,
    INVENTED,
    UNREAD,
    WRONG,
    Tally,
    differences,
)
from tools.bench.tables import table, wide

EACH = 3
"""Photographs of each card."""
_DENSE = "qr_denso"
_SHOWN = 12  # reasons


def measured(cards: int, seed: str, folder: Path) -> list[str]:
    """Lines of the page. `folder`: where readings are kept."""
    kept = Kept(kept_in(folder, seed))
    known = taken(kept)
    tally = Tally(outcomes(cards, seed, EACH, kept))
    return [*table(tally.rows()), *known, "", *wide(COLUMNS, tally.groups())]


def kept_in(folder: Path, seed: str) -> Path:
    """Where the readings of a seed are kept."""
    return folder / f"lectura-{seed}.jsonl"


def outcomes(cards: int, seed: str, each: int, kept: Kept, only: Sequence[str] = ()) -> Iterator[Outcome]:
    """One for each card and degradation; those that are `kept` are not read again."""
    reader = CardReader(RapidTextReader(), judge)
    names = tuple(only) or tuple(DEGRADATIONS)
    for card in range(cards):
        chosen = [names[(card * each + at) % len(names)] for at in range(min(each, len(names)))]
        yield from kept.each(card, chosen, partial(drawn, seed, card), partial(_read, reader, seed, card))


def _read(reader: CardReader, seed: str, card: int, specimen: Specimen, name: str) -> Outcome:
    return read_one(reader, specimen, seed, card, name)


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
        "codes": dict(_codes(specimen.person, reading)),
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


def _codes(person: Person, reading: CardReading) -> Iterator[tuple[str, tuple[int, int]]]:
    """How many of each kind were read, and drawn; dense QR can only be detected."""
    read = {(code.symbology, code.text) for code in reading.codes}
    for name, text in person.codes.items():
        yield name, (int((name, text) in read), 1)
    drawn = sum(
        region.name.startswith(_DENSE) for region in layout(person.model, Side.REVERSO).of_kind(Kind.CODE)
    )
    if drawn:
        yield "qr denso", (min(drawn, sum(code.encrypted for code in reading.codes)), drawn)


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


def main() -> None:
    """Read, show the progress, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cards", type=int, default=40)
    parser.add_argument("--seed", default="banco")
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--only", default="", help="names of degradations, separated by commas")
    options = parser.parse_args()
    only = [name for name in options.only.split(",") if name]
    kept, every = Kept(kept_in(options.folder, options.seed)), []
    for outcome in outcomes(options.cards, options.seed, options.each, kept, only):
        every.append(outcome)
        wrong = [n for n, f in outcome["fields"].items() if f["kind"] in (WRONG, UNREAD, INVENTED)]
        verdict = "/".join("pasa" if good else "no" for good in outcome["passes"].values())
        where = f"{outcome['card']} {outcome['model']} {outcome['degradation']}"
        print(f"{where}: {verdict} {outcome['seconds']} s {' '.join(wrong)}", flush=True)
        if len(every) % 20 == 0:
            print("   ", *list(Tally(every).rows())[2:4], flush=True)
    tally = Tally(every)
    table(tally.rows())
    wide(COLUMNS, tally.groups())
    for reason, count in tally.reasons.most_common(_SHOWN):
        print(f"sin leer {reason}: {count}")
    print(*differences(every), sep="\n")


if __name__ == "__main__":
    main()
