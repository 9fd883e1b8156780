"""What devices hold against what there is: receipts, urns, marks and leaves of the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from ledger.database import Database
from tally.consulta.tables import hojas_consulta
from tally.tables import boletas, participaciones


def compared(database: Database, receipts: Sequence[Mapping[str, Any]]) -> int:
    """How many ballots there are, once the log has everything: each has its receipt, each receipt its ballot,
    each ballot its mark and its leaf."""
    c, leaf = boletas.c, hojas_consulta.c
    held = {(one["uuid"], one["altura"], one["evento"], one["rastreador"]) for one in receipts}
    with database.reading() as db:
        there = {tuple(row) for row in db.execute(select(c.uuid, c.altura, c.evento, c.tracker))}
        marks = db.execute(select(func.count()).select_from(participaciones)).scalar_one()
        placed = db.execute(select(leaf.llave).where(leaf.indice.is_not(None))).scalars()
        leaves = {bytes(key) for key in placed}
    assert len(held) == len(receipts), "one receipt was given to two"
    assert held - there == set(), "a receipt without its ballot"
    assert there - held == set(), "a ballot of which nobody has the receipt"
    assert marks == len(there), "marks and ballots differ"
    assert {f"urna/{uuid}/{height}".encode() for uuid, height, _, _ in there} <= leaves
    return len(there)
