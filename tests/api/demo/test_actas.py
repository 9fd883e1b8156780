"""What the Direcciones Distritales receive lies in their own folders, whatever a catalogue calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.demo.actas import district_folder
from api.demo.plan import Plan

PLAN = Plan(Path("ensayo"), (), 0, None)
NAMES = ["/etc/certeza", "../../fuera", "..", ".", "a/b", "-", "\x7f", "X" * 4000, "ñ" * 400]


def test_a_plain_name_is_the_folder() -> None:
    for name, folder in {"MILPA ALTA": "milpa-alta", "GUSTAVO A. MADERO": "gustavo-a.-madero"}.items():
        assert district_folder(PLAN, name) == PLAN.direcciones / folder


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out_of_the_folder(name: str) -> None:
    made = district_folder(PLAN, name)
    assert made.parent == PLAN.direcciones
    assert made.name not in ("", ".", "..")
    assert len(made.name.encode()) <= 255


def test_names_that_look_alike_keep_their_own_folders() -> None:
    names = ("A B", "A. B", "A/B", "A-B.", "A  B")
    assert len({district_folder(PLAN, name) for name in names}) == len(names)
