"""All actas de escrutinio of a consultation: what is told of each urn follows from what is public."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from keys.errors import Refusal
from keys.group import Group
from tally.acta import Opening
from tally.acta_issuing import acta_of_urn
from tally.acta_pdf import Imprint
from tally.consultation import Consultation
from tally.errors import StoreError
from tally.mesa.count import MesaCount
from tally.mesa.issuing import MesaIssuing
from tally.mesa.results import computo_of
from tally.public_folder import PublicFolder
from tally.receiving import Opening as Receiving
from tally.receiving import read_closed_file
from tally.small_urns_receiving import SumOpening
from tests.tally.making import OPENING, Board
from tests.tally.mesa_making import first_share, sums_share, with_mesas

pytestmark = [pytest.mark.req("SEI-25"), pytest.mark.req("SEI-28")]
MOMENT = OPENING + timedelta(days=2)
COUNT = MesaCount("01-001", 20, 5, (9, 4), 2, 15)


def opened(fast: Group, root: Path, sums: bool = True) -> Consultation:
    """A consultation whose first urn was opened alone and whose second one with its Mesa."""
    board, consultation = with_mesas(fast, root, k=3)
    public = PublicFolder(root)
    _open(Receiving(public, consultation), board)
    for urn in consultation.urns:
        closed = read_closed_file(public, urn)
        acta = acta_of_urn(Opening.of(consultation, OPENING), urn.unidad, closed, closed.ballots, None)
        public.write(public.acta_file(urn.unidad), acta.data)
    if sums:
        _open(SumOpening(public, consultation), board)
    return consultation


def _open(opening: Receiving, board: Board) -> None:
    root = opening.public.root
    make = sums_share if isinstance(opening, SumOpening) else first_share
    for owner in (1, 3):
        file = root.parent / f"{opening.kind}-{owner}.jsonl"
        file.write_bytes(make(root, board, owner).data)
        assert opening.receive(file, OPENING).accepted
    opening.open_all()


def test_each_urn_gets_the_acta_that_its_size_allows(fast: Group, tmp_path: Path) -> None:
    consultation = opened(fast, tmp_path / "p")
    work = MesaIssuing(tmp_path / "p", Imprint.of(consultation), MOMENT)
    large, small = work.issue(consultation, {"01-001": COUNT}, processes=1)
    assert large.acta.mode == "separado" and large.acta.rows == ((1, 2, 3), (1, 9, 10), (1, 4, 5))
    assert small.acta.mode == "conjunto"
    assert [total for _, _, total in small.acta.rows] == [0, 3, 0, 7]
    assert (small.acta.received, small.acta.spare, small.acta.paper) == (18, 10, 8)
    assert {p[:5] for one in (large, small) for p in (one.pdf, one.cartel)} == {b"%PDF-"}
    actas = [large.acta, small.acta]
    assert computo_of(consultation.id, consultation.unidades, actas, MOMENT).data


def test_a_mesa_that_is_missing_or_a_sum_that_is_closed_stops_all(fast: Group, tmp_path: Path) -> None:
    consultation = opened(fast, tmp_path / "p")
    work = MesaIssuing(tmp_path / "p", Imprint.of(consultation), MOMENT)
    with pytest.raises(Refusal, match=r"mesa\.falta"):
        list(work.issue(consultation, {}, processes=1))
    (tmp_path / "p/mesas/01-002.json").unlink()
    with pytest.raises(StoreError):
        list(work.issue(consultation, {"01-001": COUNT}, processes=1))
    waiting = opened(fast, tmp_path / "q", sums=False)
    with pytest.raises(Refusal, match=r"escrutinio\.suma"):
        list(MesaIssuing(tmp_path / "q", work.imprint, MOMENT).issue(waiting, {"01-001": COUNT}, processes=1))
