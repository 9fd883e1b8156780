"""What belenios-tool says of the archive of a small urn, which ends at its encrypted tally."""

from __future__ import annotations

from pathlib import Path

import pytest

from keys.group import group_named
from tally.public_folder import PublicFolder
from tally.receiving import Opening
from tests.tally.making import OPENING
from tests.tally.mesa_making import first_share, with_mesas

from .judges import tool_for

pytestmark = [pytest.mark.req("VER-05"), pytest.mark.req("SEI-28")]


@pytest.mark.parametrize("name", ["Ed25519", "BELENIOS-2048"])
def test_a_small_urn_is_right_and_without_result_and_the_others_are_complete(
    name: str, tmp_path: Path
) -> None:
    group, root = group_named(name), tmp_path / "p"
    board, consultation = with_mesas(group, root, k=3)
    public = PublicFolder(root)
    opening = Opening(public, consultation)
    for owner in (1, 2):
        file = tmp_path / f"{owner}.jsonl"
        file.write_bytes(first_share(root, board, owner).data)
        assert opening.receive(file, OPENING).accepted
    opening.open_all()
    tool = tool_for(name)
    said = {}
    for urn in consultation.urns:
        archive = public.read(public.urn_file(urn.unidad))
        accepted, said[urn.unidad.clave] = tool.accepts(archive, tmp_path / "x", uuid=urn.uuid)
        assert accepted, said[urn.unidad.clave]
    assert "no result to check" in said["01-002"] and "no result to check" not in said["01-001"]
