"""Our own judgement of one archive that brings its own trustees, as an observer has it."""

from __future__ import annotations

import io
from functools import lru_cache

from keys.ceremony import Trustees, verify_trustees
from keys.errors import Refusal
from keys.group import Group
from tally.archive import members
from tally.audit import UrnaAudit, UrnaAuditor
from tally.election import Election
from tally.urna import Step, UrnaRecord


@lru_cache(maxsize=8)
def _trustees(group: Group, data: bytes) -> Trustees:
    return verify_trustees(group, data)


def first_step(archive: bytes) -> Step:
    """The Setup of an archive. Raises Refusal when there is none."""
    record = UrnaRecord("urna")
    for member in members(io.BytesIO(archive), "urna"):
        step = record.advance(member)
        if step is not None:
            return step
    record.finish()
    raise AssertionError("finish refuses an archive without events")


def judge(group: Group, archive: bytes) -> UrnaAudit:
    """Verify the trustees that the archive names, then audit it. Raises Refusal."""
    data = first_step(archive).data["trustees"]
    return UrnaAuditor(group, _trustees(group, data), data).audit(io.BytesIO(archive), "urna")


def group_of(archive: bytes) -> str:
    """The name of the group of an archive's election."""
    return Election.from_bytes(first_step(archive).data["election"], "eleccion").group


def refusal(group: Group, archive: bytes) -> Refusal | None:
    """The refusal of an archive, or None when it is accepted. Any other exception goes through."""
    try:
        judge(group, archive)
    except Refusal as refused:
        return refused
    return None
