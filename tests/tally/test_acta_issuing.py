"""The acta of an urn follows from its archive: opened, small and closed, or none yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from keys.errors import Refusal
from keys.group import Group
from tally.acta import Opening
from tally.acta_issuing import acta_of_urn
from tally.public_folder import PublicFolder
from tally.receiving import Opening as Receiving
from tally.receiving import read_closed_file
from tests.tally.making import OPENING
from tests.tally.mesa_making import first_share, with_mesas
from tests.tally.small_consultation import RESULTS

pytestmark = [pytest.mark.req("SEI-23"), pytest.mark.req("SEI-28")]


def test_an_opened_urn_gets_its_acta_and_a_small_one_a_reserve(fast: Group, tmp_path: Path) -> None:
    root = tmp_path / "p"
    board, consultation = with_mesas(fast, root, k=3)
    public, opening = PublicFolder(root), Opening.of(consultation, OPENING)
    large, small = consultation.urns
    with pytest.raises(Refusal, match=r"urna\.por_abrir"):
        acta_of_urn(opening, large.unidad, read_closed_file(public, large), 3, None)
    receiving = Receiving(public, consultation)
    for owner in (1, 2):
        file = tmp_path / f"{owner}.jsonl"
        file.write_bytes(first_share(root, board, owner).data)
        assert receiving.receive(file, OPENING).accepted
    receiving.open_all()
    acta = acta_of_urn(opening, large.unidad, read_closed_file(public, large), 3, None)
    assert [acta.nulos, *(acta.opinions or ())] == RESULTS["01-001"][0] and not acta.reserved
    closed = acta_of_urn(opening, small.unidad, read_closed_file(public, small), 2, None)
    assert closed.reserved and closed.total == 2
