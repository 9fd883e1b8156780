"""The verdict over drawn photographs: copies suspected, false alarms, defects by their name; and the codes.

    python -m tools.bench.reading_images --cards N --seed S [--raw] [--folder DIR] [--only NAMES]

Models C to J in turn, each card photographed in all ways, its sides in turn, as a phone's camera writes it
(`--raw`: without the JPEG). What was found is kept in `DIR/imagenes-S.jsonl`, one line a photograph: a run
that was stopped goes on there. All of it is drawn (`capture.specimens`): what it says of plastic before real
cameras is not known.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from capture.credential.finding import rectify
from capture.credential.layouts import layout
from capture.credential.quality import judge
from capture.imaging.picture import Pixels
from capture.reading.results import Defect, Side
from capture.specimens.degradations import DEGRADATIONS
from capture.specimens.draw import Specimen
from capture.specimens.records import jpeg
from keys.randomness import SeededRandomness
from tools.bench import reading_codes
from tools.bench.keeping import Kept, Outcome, taken
from tools.bench.reading_accuracy import drawn
from tools.bench.tables import Row, table

COPIES = ("pantalla", "fotocopia", "fotocopia-color", "fotocopia-recortada", "sobrepuesta")
_SUSPECTED = frozenset({Defect.SCREEN.value, Defect.PHOTOCOPY.value, Defect.OVERLAID.value})
_LIKE = {"pantalla": "screens", "fotocopia": "photocopies", "sobrepuesta": "overlaid"}


def outcomes(
    cards: int, seed: str, kept: Kept, only: Sequence[str] = (), *, raw: bool = False
) -> Iterator[Outcome]:
    """One for each card and degradation; those that are `kept` are not looked at again."""
    names = tuple(only) or tuple(DEGRADATIONS)
    for card in range(cards):
        yield from kept.each(card, names, partial(drawn, seed, card), partial(look, seed, card, raw=raw))


def kept_in(folder: Path, seed: str, *, raw: bool = False) -> Path:
    """Where what became of the photographs of a seed is kept."""
    return folder / f"imagenes-{seed}{'-sin-jpeg' if raw else ''}.jsonl"


def look(seed: str, card: int, specimen: Specimen, name: str, *, raw: bool) -> Outcome:
    """Photograph one side, judge it, and read the codes of a back that is an original."""
    model = specimen.person.model
    side = tuple(Side)[(card + card // 8 + tuple(DEGRADATIONS).index(name)) % 2]
    photograph = _photographed(specimen, side, name, SeededRandomness(f"{seed}/{card}/{name}"), raw=raw)
    found = rectify(photograph)
    verdict = judge(photograph, found)
    codes: Mapping[str, Any] = {}
    if side is Side.REVERSO and name not in COPIES:
        codes = reading_codes.told(specimen.person, photograph, found)
    return {
        "card": card,
        "degradation": name,
        "model": model,
        "side": side.value,
        "defects": list(verdict.defects),
        "figures": dict(verdict.figures),
        "codes": codes,
    }


def _photographed(
    specimen: Specimen, side: Side, name: str, source: SeededRandomness, *, raw: bool
) -> Pixels:
    pixels = specimen.front if side is Side.ANVERSO else specimen.back
    taken = DEGRADATIONS[name].apply(pixels, layout(specimen.person.model, side), source).pixels
    if raw:
        return taken
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg(taken), np.uint8), cv2.IMREAD_COLOR), np.uint8)


def measured(cards: int, seed: str, folder: Path) -> list[str]:
    """Lines of the page. `folder`: where outcomes are kept."""
    kept = Kept(kept_in(folder, seed))
    known = taken(kept)
    return [*table(tables(list(outcomes(cards, seed, kept)))), *known]


def tables(every: Sequence[Outcome]) -> Iterator[Row]:
    """What, figure, remark: copies, false alarms, the verdict, the codes."""
    yield from chain(copies(every), false_alarms(every), verdicts(every), reading_codes.rows(every))


def copies(every: Sequence[Outcome]) -> Iterator[Row]:
    """Copies that are suspected, by kind; and called by their name."""
    for name in COPIES:
        yield from _suspected(name, [one for one in every if one["degradation"] == name])
    for start, what in _LIKE.items():
        chosen = [one for one in every if one["degradation"].startswith(start)]
        yield from _suspected(f"all {what}", chosen)


def _suspected(what: str, chosen: Sequence[Outcome]) -> Iterator[Row]:
    if chosen:
        named = sum(DEGRADATIONS[one["degradation"]].defect in one["defects"] for one in chosen)
        found = sum(bool(_SUSPECTED & {*one["defects"]}) for one in chosen)
        yield f"{what}: suspected", _share(found, len(chosen)), f"by its name {_share(named, len(chosen))}"


def false_alarms(every: Sequence[Outcome]) -> Iterator[Row]:
    """Originals that are suspected although nothing else is said against them, by degradation."""
    originals = [one for one in every if one["degradation"] not in COPIES]
    groups = {"all originals": originals}
    for one in originals:
        groups.setdefault(one["degradation"], []).append(one)
    for name, chosen in groups.items():
        clear = [one for one in chosen if not {*one["defects"]} - _SUSPECTED]
        wrong = Counter(defect for one in clear for defect in one["defects"])
        if clear:
            count = sum(bool(one["defects"]) for one in clear)
            yield f"{name}: falsely suspected", _share(count, len(clear)), _counted(wrong)


def verdicts(every: Sequence[Outcome]) -> Iterator[Row]:
    """What passes under each degradation, and the defects that are named against what is true."""
    for name in dict.fromkeys(one["degradation"] for one in every):
        chosen, made = [one for one in every if one["degradation"] == name], DEGRADATIONS[name]
        named = Counter("+".join(one["defects"]) or "passes" for one in chosen)
        truth = {True: "must pass", False: f"must be «{made.defect}»", None: f"may be «{made.defect}»"}
        passing = sum(not one["defects"] for one in chosen)
        said = truth[made.passes] if made.passes is not None or made.defect else "may fail"
        yield f"{name}: passes", _share(passing, len(chosen)), f"{said}; {_counted(named)}"


def _counted(named: Mapping[str, int]) -> str:
    return ", ".join(f"{what} {count}" for what, count in named.items()) or "-"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} ({part}/{whole})"


def main() -> None:
    """Look, show the progress, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cards", type=int, default=24)
    parser.add_argument("--seed", default="banco")
    parser.add_argument("--raw", action="store_true")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--only", default="", help="names of degradations, separated by commas")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    only = [name for name in options.only.split(",") if name]
    kept = Kept(kept_in(options.folder, options.seed, raw=options.raw))
    every = []
    for outcome in outcomes(options.cards, options.seed, kept, only, raw=options.raw):
        every.append(outcome)
        where = f"{outcome['card']} {outcome['model']} {outcome['side']} {outcome['degradation']}"
        print(f"{where}: {' '.join(outcome['defects']) or 'pasa'}", flush=True)
    table(tables(every))


if __name__ == "__main__":
    main()
