"""Small urns from the first opening to their sums: never alone, never two sets, nothing unchecked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keys import canonical
from keys.errors import Refusal
from keys.group import Group
from keys.randomness import SystemRandomness
from tally import decryption
from tally.archive import sha256
from tally.consultation import Consultation, Urn
from tally.decryption import OwnedPartialDecryption
from tally.errors import StoreError
from tally.opening import open_urn
from tally.public_folder import PublicFolder
from tally.receiving import Opening, read_closed_file
from tally.shares import read
from tally.small_urns import is_small, may_be_opened
from tally.small_urns_mesa import MesaKeys, MesaSigner
from tally.small_urns_receiving import MesaDesk, SumOpening, publish_sums, read_opened, read_sum
from tally.small_urns_sum import OpenedSum
from tally.urna import make_link
from tests.tally.making import OPENING, Board
from tests.tally.mesa_making import COUNTS, SIGNER, count, first_share, publish_keys, sums_share, with_mesas
from tests.tally.small_consultation import RESULTS, VOTES, make_closed

pytestmark = [pytest.mark.req("SEI-22"), pytest.mark.req("SEI-28")]
SUMS = {"01-001": (2, 5, 3), "01-002": (0, 3, 0, 7)}
"""RESULTS and COUNTS together."""


@pytest.fixture(scope="module")
def made(fast: Group, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Board, Consultation]:
    root = tmp_path_factory.mktemp("publico") / "prueba"
    return root, *with_mesas(fast, root)


@pytest.fixture
def root(made: tuple[Path, Board, Consultation], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "prueba"))


@pytest.fixture
def board(made: tuple[Path, Board, Consultation]) -> Board:
    return made[1]


@pytest.fixture
def consultation(made: tuple[Path, Board, Consultation]) -> Consultation:
    return made[2]


def handed(root: Path, name: str, data: bytes) -> Path:
    file = root.parent / name
    file.write_bytes(data)
    return file


def hand_in(opening: Opening, board: Board, *owners: int) -> None:
    for owner in owners:
        root = opening.public.root
        make = sums_share if isinstance(opening, SumOpening) else first_share
        verdict = opening.receive(
            handed(root, f"{opening.kind}-{owner}", make(root, board, owner).data), OPENING
        )
        assert verdict.accepted, verdict.reason


def open_sums(
    root: Path, board: Board, consultation: Consultation, *owners: int
) -> dict[str, OpenedSum | None]:
    opening = SumOpening(PublicFolder(root), consultation)
    hand_in(opening, board, *owners)
    opening.open_all()
    order = 2**253
    return {u.unidad.clave: read_opened(opening.public, u, order) for u in consultation.urns}


@pytest.mark.parametrize(("ballots", "small"), [(0, False), (1, True), (4, True), (5, False), (6, False)])
def test_an_urn_is_small_with_one_ballot_or_more_and_fewer_than_k(ballots: int, small: bool) -> None:
    assert is_small(ballots, 5) == small
    assert may_be_opened(ballots, 5) != small
    assert not is_small(ballots, 0) and not is_small(ballots, 1)


@pytest.mark.req("SEI-25")
def test_the_sum_of_urn_and_mesa_is_what_is_opened(
    root: Path, board: Board, consultation: Consultation
) -> None:
    found = open_sums(root, board, consultation, 3, 1)
    assert {clave: one and one.votes for clave, one in found.items()} == SUMS
    for urn in consultation.urns:
        closed = read_closed_file(PublicFolder(root), urn)
        assert closed.votes is None and closed.owners == () and closed.last.type == "EncryptedTally"


def test_opening_the_sums_again_changes_nothing(root: Path, board: Board, consultation: Consultation) -> None:
    open_sums(root, board, consultation, 1, 2)
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    open_sums(root, board, consultation, 1, 2)
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file()} == before
    with pytest.raises(Refusal, match=r"apertura\.custodios"):
        open_sums(root, board, consultation, 1, 3)


def test_an_opening_of_sums_that_was_cut_short_goes_on_with_the_same_shares(
    root: Path, board: Board, consultation: Consultation
) -> None:
    open_sums(root, board, consultation, 1, 2)
    first, second = (root / "sumas-abiertas" / f"{c}.json" for c in SUMS)
    before = first.read_bytes()
    second.unlink()
    with pytest.raises(Refusal, match=r"apertura\.custodios"):
        open_sums(root, board, consultation, 2, 3)
    assert not second.exists()
    open_sums(root, board, consultation, 1, 2)
    assert first.read_bytes() == before and second.exists()


def test_below_the_threshold_no_sum_is_opened(root: Path, board: Board, consultation: Consultation) -> None:
    with pytest.raises(Refusal, match=r"descifrado\.umbral"):
        open_sums(root, board, consultation, 2)
    assert not (root / "sumas-abiertas").exists()


def test_when_all_urns_are_small_the_first_opening_opens_nothing_and_is_complete(
    root: Path, board: Board, consultation: Consultation
) -> None:
    opening = Opening(PublicFolder(root), consultation)
    hand_in(opening, board, 1, 2)
    opening.open_all()
    assert opening.urns == {}
    assert all(read_closed_file(PublicFolder(root), u).votes is None for u in consultation.urns)
    heading, lines = read(first_share(root, board, 3).data.splitlines(keepends=True), "aportacion", 2**253)
    assert (heading.urns, list(lines)) == (0, [])


def test_an_urn_of_exactly_k_is_opened_alone_and_a_smaller_one_is_not(fast: Group, tmp_path: Path) -> None:
    root = tmp_path / "p"
    board, consultation = with_mesas(fast, root, k=3)
    opening = Opening(PublicFolder(root), consultation)
    hand_in(opening, board, 1, 2)
    opening.open_all()
    votes = {u.unidad.clave: read_closed_file(PublicFolder(root), u).votes for u in consultation.urns}
    assert votes == {"01-001": RESULTS["01-001"], "01-002": None}
    assert [len(v) for v in VOTES.values()] == [3, 2]
    found = open_sums(root, board, consultation, 2, 3)
    assert {clave: one and one.votes for clave, one in found.items()} == {
        "01-001": None,
        "01-002": (0, 3, 0, 7),
    }


def test_both_openings_are_bound_to_the_same_tallies(root: Path, board: Board) -> None:
    sums = sums_share(root, board, 1)
    assert sums.opening == first_share(root, board, 2).fingerprint
    assert sums.fingerprint == sums_share(root, board, 3).fingerprint != sums.opening


def test_a_share_of_the_first_opening_is_none_of_the_sums(
    root: Path, board: Board, consultation: Consultation
) -> None:
    for opening, share in (
        (SumOpening(PublicFolder(root), consultation), first_share(root, board, 1)),
        (Opening(PublicFolder(root), consultation), sums_share(root, board, 1)),
    ):
        verdict = opening.receive(handed(root, "ajena", share.data), OPENING)
        assert "[aportacion.tipo]" in (verdict.reason or "")


def test_a_small_urn_slipped_into_the_first_opening_is_refused(
    fast: Group, root: Path, board: Board, consultation: Consultation
) -> None:
    """A trustee who helps to open a small urn alone finds a server that does not take it."""
    urn = consultation.urns[0]
    closed = read_closed_file(PublicFolder(root), urn)
    line = _alone(fast, board, urn, closed.tally, closed.fingerprint)
    head = json.loads(first_share(root, board, 1).data.splitlines()[0]) | {"urnas": 1}
    file = handed(root, "sola", canonical.encode_bytes(head) + b"\n" + line)
    verdict = Opening(PublicFolder(root), consultation).receive(file, OPENING)
    assert "[aportacion.urnas]" in (verdict.reason or "")


def _alone(group: Group, board: Board, urn: Urn, tally: Any, fingerprint: str) -> bytes:
    public = board.public(1)
    made = decryption.decrypt(group, fingerprint, tally, board.secrets[1], public, SystemRandomness())
    fields = {
        "uuid": urn.uuid,
        "encrypted_tally": sha256(tally.data),
        "partial_decryption": json.loads(made.data),
    }
    return canonical.encode_bytes(fields) + b"\n"


def test_trustees_do_nothing_once_somebody_began_to_open_a_small_urn_alone(
    fast: Group, root: Path, board: Board, consultation: Consultation
) -> None:
    urn = consultation.urns[0]
    public = PublicFolder(root)
    closed = read_closed_file(public, urn)
    line = json.loads(_alone(fast, board, urn, closed.tally, closed.fingerprint))
    partial = canonical.encode_bytes(line["partial_decryption"])
    with public.archive(urn.unidad) as store:
        owned = OwnedPartialDecryption(1, sha256(partial))
        link = make_link(closed.last, "PartialDecryption", [partial, owned.data], closed.timestamp)
        store.append_atomically(closed.end, link.blocks)
    for make in (first_share, sums_share):
        with pytest.raises(Refusal, match=r"urna\.pequena"):
            make(root, board, 2)


def test_the_core_itself_opens_an_urn_only_when_it_is_asked_to(
    fast: Group, root: Path, board: Board, consultation: Consultation
) -> None:
    """What protects a small urn is that no trustee makes the share: below the threshold nothing opens."""
    with PublicFolder(root).archive(consultation.urns[0].unidad) as store, pytest.raises(Refusal):
        open_urn(fast, board.trustees, store, {}, "urna")


Change = Callable[[dict[str, Any]], object]
ALTERED: list[tuple[str, Change, str]] = [
    ("mesas/01-001.json", lambda m: m.update(total=6), "firma.invalida"),
    ("mesas/01-001.json", lambda m: m.update(recibidas=900), "firma.invalida"),
    ("mesas/01-001.json", lambda m: m.update(sobrantes=11), "mesa.boletas"),
    ("mesas/01-001.json", lambda m: m.update(firma="0" * 128), "firma.invalida"),
    ("mesas/01-001.json", lambda m: m.update(firma="zz"), "formato.hexadecimal"),
    ("mesas/01-001.json", lambda m: m.update(llave="1" * 64), "mesa.llave"),
    ("mesas/01-001.json", lambda m: m.update(uuid="1" * 14), "mesa.uuid"),
    ("mesas/01-001.json", lambda m: m.update(clave="01-002"), "mesa.clave"),
    ("mesas/01-001.json", lambda m: m.update(consulta="otra"), "mesa.consulta"),
    ("mesas/01-001.json", lambda m: m.update(version=2), "mesa.version"),
    ("mesas/01-001.json", lambda m: m.update(de_mas=1), "formato.campos"),
    ("mesas/llaves.json", lambda m: m["llaves"].clear(), "mesa.llaves"),
    ("mesas/llaves.json", lambda m: m.update(consulta="otra"), "mesa.llaves"),
    ("mesas/llaves.json", lambda m: m["llaves"].append(m["llaves"][0]), "mesa.orden"),
    ("mesas/llaves.json", lambda m: m["llaves"][0].update(llave="2" * 64), "mesa.llave"),
    ("sumas/01-001.json", lambda s: s.update(boletas_mesa=8, boletas=11), "suma.producto"),
    ("sumas/01-001.json", lambda s: s.update(suma="reservada"), "suma.producto"),
    ("sumas/01-001.json", lambda s: s["cifrada"].reverse(), "suma.producto"),
    ("sumas/01-001.json", lambda s: s.update(computo="0" * 64), "suma.producto"),
    ("sumas/01-001.json", lambda s: s.pop("mesa"), "formato.campos"),
]


@pytest.mark.parametrize(("name", "change", "rule"), ALTERED)
def test_trustees_decrypt_nothing_of_an_altered_record(
    root: Path, board: Board, name: str, change: Change, rule: str
) -> None:
    fields = json.loads((root / name).read_bytes())
    change(fields)
    (root / name).write_bytes(canonical.encode_sorted(fields))
    with pytest.raises(Refusal) as caught:
        sums_share(root, board, 1)
    assert caught.value.rule == rule


def test_the_urn_alone_in_the_place_of_its_sum_is_refused(
    root: Path, board: Board, consultation: Consultation
) -> None:
    closed = read_closed_file(PublicFolder(root), consultation.urns[0])
    name = root / "sumas" / "01-001.json"
    fields = json.loads(name.read_bytes()) | {
        "cifrada": [{"alpha": a, "beta": b} for a, b in closed.tally.rows[0]]
    }
    name.write_bytes(canonical.encode_sorted(fields))
    with pytest.raises(Refusal, match=r"suma\.producto"):
        sums_share(root, board, 1)


@pytest.mark.parametrize("name", ["mesas/01-002.json", "sumas/01-002.json", "mesas/llaves.json"])
def test_a_unit_that_is_left_out_stops_all(root: Path, board: Board, name: str) -> None:
    (root / name).unlink()
    with pytest.raises(StoreError, match=Path(name).name):
        sums_share(root, board, 1)


def test_a_mesa_that_the_server_invents_is_refused_by_who_receives_it(
    fast: Group, root: Path, consultation: Consultation
) -> None:
    urn, public = consultation.urns[0], PublicFolder(root)
    forged = count(fast, consultation, urn, (0, 0, 0), MesaSigner(b"\1" * 32))
    with pytest.raises(Refusal, match=r"mesa\.llave"):
        MesaDesk(public.root).receive(urn, forged.data)
    other = count(fast, consultation, consultation.urns[1], COUNTS["01-002"])
    with pytest.raises(Refusal, match=r"mesa\.clave"):
        MesaDesk(public.root).receive(urn, other.data)


@pytest.mark.parametrize("numbers", [(0, 0, 0), (1, 0, 0)])
def test_a_sum_that_is_itself_small_stays_closed(
    fast: Group, tmp_path: Path, numbers: tuple[int, ...]
) -> None:
    """A Mesa without ballots, or with too few: three of internet and at most one of paper, k is five."""
    root = tmp_path / "p"
    board, consultation = with_mesas(fast, root, counts=COUNTS | {"01-001": numbers})
    assert json.loads((root / "sumas/01-001.json").read_bytes())["suma"] == "reservada"
    found = open_sums(root, board, consultation, 1, 2)
    assert found["01-001"] is None and found["01-002"] is not None
    heading, _ = read(sums_share(root, board, 1).data.splitlines(keepends=True), "a", fast.order)
    assert heading.urns == 1


def test_a_unanimous_sum_opens_to_one_number(fast: Group, tmp_path: Path) -> None:
    """The rule cannot hide it: everybody said the same."""
    root = tmp_path / "p"
    board, consultation = with_mesas(fast, root, counts=COUNTS | {"01-002": (0, 0, 0, 9)})
    found = open_sums(root, board, consultation, 1, 2)["01-002"]
    assert found is not None and found.votes == (0, 0, 0, 11)


def test_a_forged_share_above_the_threshold_blocks_no_sum(
    fast: Group, root: Path, board: Board, consultation: Consultation
) -> None:
    opening = SumOpening(PublicFolder(root), consultation)
    lines = sums_share(root, board, 2).data.splitlines()
    share = json.loads(lines[1])
    (other,) = fast.encode([fast.generator])
    share["partial_decryption"]["decryption_factors"][0][0] = other
    lines[1] = canonical.encode_bytes(share)
    verdict = opening.receive(handed(root, "falsa", b"\n".join(lines) + b"\n"), OPENING)
    assert "[descifrado.prueba]" in (verdict.reason or "")
    hand_in(opening, board, 1, 3)
    opening.open_all()
    assert read_sum(opening.public, consultation.urns[0], 5).to_open


def test_a_share_of_another_sum_of_the_same_urn_is_refused(
    fast: Group, root: Path, board: Board, consultation: Consultation
) -> None:
    """The proofs of a share are bound to the whole sum: a Mesa that hands in again needs new shares."""
    share = sums_share(root, board, 1)
    public, urn = PublicFolder(root), consultation.urns[0]
    again = count(fast, consultation, urn, COUNTS["01-001"], seed="otra vez")
    MesaDesk(public.root).receive(urn, again.data)
    publish_sums(public, consultation)
    verdict = SumOpening(public, consultation).receive(handed(root, "vieja", share.data), OPENING)
    assert "[aportacion.computo]" in (verdict.reason or "")
    assert sums_share(root, board, 1).fingerprint != share.fingerprint


def test_nothing_is_handed_in_for_a_sum_that_is_open_or_for_an_urn_that_is_not_small(
    fast: Group, root: Path, board: Board, consultation: Consultation, tmp_path: Path
) -> None:
    open_sums(root, board, consultation, 1, 2)
    urn = consultation.urns[0]
    again = count(fast, consultation, urn, COUNTS["01-001"], seed="otra vez")
    with pytest.raises(Refusal, match=r"mesa\.cerrada"):
        MesaDesk(PublicFolder(root).root).receive(urn, again.data)
    _, large = with_mesas(fast, tmp_path / "grande", k=3)
    with pytest.raises(Refusal, match=r"mesa\.urna"):
        MesaDesk(PublicFolder(tmp_path / "grande").root).receive(large.urns[0], again.data)


def test_keys_of_the_mesas_are_one_for_each_demarcation(fast: Group, tmp_path: Path) -> None:
    _, consultation = make_closed(fast, tmp_path / "p", k=5)
    keys = publish_keys(PublicFolder(tmp_path / "p"), consultation)
    assert MesaKeys.from_bytes(keys.data) == keys
    assert keys.of(consultation.unidades[0]) == SIGNER.public
    keys.require_covers(consultation)
