"""Drawn credentials in the rehearsal: what is shown, what engines said of it, what was decided."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from api.demo.apoyo.drawn import BACK, FRONT, LIVE, SCENES, SIGNATURE, photograph
from api.demo.apoyo.looking import Looked, table_of
from capture.credential.layouts import DRAWN_MODELS
from capture.imaging.decoding import decode
from capture.mesa.catalogue import DERFE
from keys.randomness import SeededRandomness


def test_scenes_are_of_known_models_and_incisos_and_most_are_good() -> None:
    assert {scene.model for scene in SCENES} == set(DRAWN_MODELS)
    incisos = {row.inciso for row in DERFE.rows}
    wrong = [scene for scene in SCENES if scene.inciso]
    assert {scene.inciso for scene in wrong} <= incisos
    assert 0 < len(wrong) <= len(SCENES) / 2
    assert sum(scene.borrowed for scene in SCENES) == 1 and not SCENES[0].inciso


@pytest.mark.slow
def test_each_scene_is_photographed_as_it_says() -> None:
    made = photograph(len(SCENES), SeededRandomness("escenas"))
    assert [one.scene for one in made] == list(SCENES)
    for one in made:
        assert one.citizen.person.values["clave_elector"] == one.person.values["clave_elector"]
        for name, data in one.taken.images.items():
            assert min(decode(data, place=name).shape[:2]) > 100
        assert (one.images[BACK] == one.images[FRONT]) is one.scene.one_side
        if one.scene.borrowed:
            assert [one.images[n] for n in (LIVE, SIGNATURE)] == [
                made[0].images[n] for n in (LIVE, SIGNATURE)
            ]
    _the_table_says_what_was_decided(Looked(1, made[0], right=10))


def _the_table_says_what_was_decided(good: Looked) -> None:
    copied = replace(good, shown=replace(good.shown, scene=SCENES[1]), seems=["e"], doubts=["g"])
    missed = replace(copied, seems=[])
    assert (good.agrees, copied.agrees, missed.agrees) == (True, True, False)
    assert not replace(good, seems=["f"]).agrees
    out = io.StringIO()
    Console(file=out, width=80).print(table_of([good, copied, missed]))
    lines = [line for line in out.getvalue().splitlines() if "│" in line]
    assert max(map(len, lines)) <= 80
    assert "válido" in lines[0] and "✓" in lines[0]
    assert "e, ¿g?" in lines[1] and "✓" in lines[1] and "≠" in lines[2]


def test_nothing_is_drawn_where_nothing_is_asked_for() -> None:
    assert photograph(0, SeededRandomness("ninguna")) == []
