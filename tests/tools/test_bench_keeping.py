"""Outcomes of photographs are kept: a run that was stopped goes on, and draws nothing that it need not."""

from __future__ import annotations

from pathlib import Path

import pytest

from capture.specimens.draw import Specimen
from tests.capture.specimens.making import specimen
from tools.bench.keeping import Kept, Outcome, taken

CARD, NAMES = 3, ("mesa", "sombra")


def look(_specimen: Specimen, name: str) -> Outcome:
    return {"card": CARD, "degradation": name, "read": "Ñ"}


def refuse(*_given: object) -> Specimen:
    raise AssertionError("there was nothing to draw")


def test_what_was_looked_at_before_a_stop_is_not_looked_at_again(tmp_path: Path) -> None:
    file, looked = tmp_path / "vistas.jsonl", list[str]()

    def looking(drawn: Specimen, name: str) -> Outcome:
        looked.append(name)
        return look(drawn, name)

    first = next(Kept(file).each(CARD, NAMES, lambda: specimen("G"), looking))
    again = Kept(file)
    assert taken(again) == ["", "1 photographs were taken from a run that was stopped."]
    every = list(again.each(CARD, NAMES, lambda: specimen("G"), looking))
    assert every[0] == first
    assert looked == list(NAMES)
    assert list(Kept(file).each(CARD, NAMES, refuse, looking)) == every


def test_without_a_file_everything_is_looked_at(tmp_path: Path) -> None:
    for kept in (Kept(None), Kept(tmp_path / "none.jsonl")):
        assert len(kept) == 0
        assert taken(kept) == []
        with pytest.raises(AssertionError, match="nothing to draw"):
            next(kept.each(CARD, NAMES, refuse, look))
