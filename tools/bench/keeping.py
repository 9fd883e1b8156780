"""What became of each photograph, kept as it comes: a run that was stopped goes on where it was.

One line of JSON a photograph; `card` and `degradation` name it. A file holds one seed of one measurement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from capture.specimens.draw import Specimen

Outcome = dict[str, Any]
"""What became of one card under one degradation, as a line of the file has it."""


class Kept:
    """The outcomes of a file, which may not be there yet; without one they are forgotten."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        lines = file.read_text("utf-8").splitlines() if file is not None and file.exists() else []
        self._done = {(one["card"], one["degradation"]): one for one in map(json.loads, lines)}

    def __len__(self) -> int:
        return len(self._done)

    def each(
        self,
        card: int,
        names: Sequence[str],
        draw: Callable[[], Specimen],
        look: Callable[[Specimen, str], Outcome],
    ) -> Iterator[Outcome]:
        """Of one card under these degradations; it is drawn only where one of them is not known yet."""
        missing = [name for name in names if (card, name) not in self._done]
        specimen = draw() if missing else None
        for name in names:
            if specimen is not None and name in missing:
                self._add(card, name, look(specimen, name))
            yield self._done[card, name]

    def _add(self, card: int, name: str, outcome: Outcome) -> None:
        self._done[card, name] = outcome
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(outcome, ensure_ascii=False) + "\n")


def taken(kept: Kept) -> list[str]:
    """What the page says of outcomes that were there before."""
    return ["", f"{len(kept)} photographs were taken from a run that was stopped."] if len(kept) else []
