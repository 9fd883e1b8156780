"""A server that drops, reorders or invents ballots: how each of it is caught, and by what.

Each cheat begins with what an honest service published, its log as well, and remakes everything that the
server can remake: chains, closings, sums. What it cannot take back is what others hold: checkpoints of the
log, an earlier copy, and the receipts.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from certeza_verifier.commands import Settings, boleta, consulta, diferencia

from api.tables import ALL_METADATA
from ledger.database import Database, open_engine
from tally.closing import close
from tally.opinion.casting_sql import House, SqlCasting
from tally.opinion.ports import Voter
from tally.opinion.receipt import sign_receipt, verify_receipt
from tests.api.consultas.town import GROUP, ID, NoMessages
from tests.api.opinion.open_now import OpenNow, Plan, open_now
from tests.tally.making import MemoryStore
from tests.tally.opinion.polling import person_id
from tests.tally.rewriting import Piece, compact, take_apart
from tests.tally.rewriting import Plan as Rewritten

pytestmark = [pytest.mark.req("SEI-28"), pytest.mark.req("VER-03")]
ONE = Settings(processes=1)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PEOPLE, OPINED = 8, 6
URN = "urna/09-0000.bel"
CLOSED = 2
"""Events that closing an urn adds: EndBallots, EncryptedTally."""


@dataclass
class Published:
    """What an honest service published. `receipts`: what devices hold; `early`: a copy before the end."""

    made: OpenNow
    folder: Path
    early: Path
    receipts: list[bytes]
    trackers: list[str]
    log: object


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Published:
    root = tmp_path_factory.mktemp("servidor")
    engine = open_engine(f"sqlite:///{root / 'certeza.db'}")
    for metadata in ALL_METADATA:
        metadata.create_all(engine)
    plan = Plan(2, 3, PEOPLE, NOW - timedelta(hours=1), NOW + timedelta(hours=1))
    made = open_now(Database(engine), root / "datos", plan)
    receipts, trackers = [], []
    with made.at(NOW) as town:
        casting = SqlCasting(House(made.database, town.services.sei.booths, NoMessages(), lambda: NOW))
        signer = town.services.sei.signers.of(ID)
        for person, ballot in enumerate(made.ballots(range(OPINED))):
            voter = Voter(person_id(person), ID, "sesion", NOW + timedelta(minutes=15))
            receipt = casting.cast(ID, ballot, voter)
            receipts.append(sign_receipt(ID, receipt, signer))
            trackers.append(receipt.tracker)
        town.look()
    early = Path(shutil.copytree(root / "datos" / "publico" / ID, root / "antes" / ID))
    found = Published(made, made.close(), early, receipts, trackers, signer.verifier)
    engine.dispose()
    return found


@pytest.fixture
def copy(honest: Published, tmp_path: Path) -> Path:
    return Path(shutil.copytree(honest.folder, tmp_path / ID))


def cheat(folder: Path, change: Callable[[list[Piece]], object]) -> None:
    """Change the ballots of one urn, chain it anew and close it as the service does."""
    file = folder / URN
    plan = take_apart(file.read_bytes())
    del plan.pieces[-CLOSED:]
    change(plan.pieces)
    store = MemoryStore(Rewritten(plan.header, plan.timestamp, plan.pieces).write())
    close(GROUP, store, URN)
    file.write_bytes(store.data)


def rules(folder: Path) -> set[str]:
    return {finding.rule for finding in consulta(folder, ONE).all_findings}


def test_the_honest_server_is_accepted_and_every_receipt_is_found(honest: Published) -> None:
    assert consulta(honest.folder, ONE).verdict == "aceptado"
    assert diferencia(honest.early, honest.folder).verdict == "aceptado"
    for tracker in honest.trackers:
        assert boleta(tracker, honest.folder, ONE).verdict == "aceptado"


def test_attack_the_server_drops_a_ballot(honest: Published, copy: Path) -> None:
    """The archive is sound by itself; the log has more events than the urn, and an earlier copy too."""
    cheat(copy, lambda pieces: pieces.pop())
    assert {"registro-hash", "registro-sobra"} & rules(copy)
    assert "diferencia-cadena" in {f.rule for f in diferencia(honest.early, copy).all_findings}
    assert boleta(honest.trackers[4], copy, ONE).verdict != "aceptado"


def test_attack_the_server_drops_a_ballot_before_anybody_saw_it(honest: Published, copy: Path) -> None:
    """Neither urn nor log ever had it: only its person knows. The receipt, which the log's key signed, shows
    to anybody that the server had accepted it as an event that is not the urn's."""
    whose, receipt = verify_receipt(honest.receipts[4], honest.log)  # type: ignore[arg-type]
    cheat(copy, lambda pieces: pieces.pop())
    found = boleta(receipt.tracker, copy, ONE)
    assert (whose, found.not_judged) == (ID, "comprobante no encontrado")
    events = [json.loads(c) for n, c in members_of(copy / URN) if n.endswith(b".event.json")]
    assert [e["type"] for e in events if e["height"] == receipt.height] == ["EndBallots"]


def members_of(file: Path) -> list[tuple[bytes, bytes]]:
    return take_apart(file.read_bytes()).members()


def test_attack_the_server_reorders_two_ballots(honest: Published, copy: Path) -> None:
    def swap(pieces: list[Piece]) -> None:
        pieces[1], pieces[2] = pieces[2], pieces[1]

    cheat(copy, swap)
    assert "registro-hash" in rules(copy)
    assert "diferencia-cadena" in {f.rule for f in diferencia(honest.early, copy).all_findings}


def test_attack_the_server_invents_a_ballot_without_a_private_credential(copy: Path) -> None:
    """For somebody who did not opine: it can encrypt what it likes, and not sign it."""

    def invent(pieces: list[Piece]) -> None:
        ballot = json.loads(pieces[-1].data["ballot"])
        listed = json.loads(pieces[0].data["credentials"])
        used = {json.loads(piece.data["ballot"])["credential"] for piece in pieces[1:]}
        ballot["credential"] = next(one for one in listed if one not in used)
        pieces[-1] = Piece("Ballot", {"ballot": compact(ballot)})

    cheat_unclosed(copy, invent)
    assert rules(copy) & {"boleta-firma", "boleta-credencial", "boleta-prueba", "boleta-firma-hash"}


def test_attack_the_server_casts_somebodys_ballot_twice(copy: Path) -> None:
    cheat_unclosed(copy, lambda pieces: pieces.append(Piece("Ballot", dict(pieces[1].data))))
    found = rules(copy)
    assert found, "the same data twice in an archive, or the same credential twice in an urn"
    assert not found <= {"registro-falta", "registro-hash"}, "also without the log"


def test_attack_the_server_adds_a_ballot_after_the_close(copy: Path) -> None:
    file = copy / URN
    plan = take_apart(file.read_bytes())
    plan.pieces.append(plan.pieces[1])
    file.write_bytes(plan.write())
    assert rules(copy)


def cheat_unclosed(folder: Path, change: Callable[[list[Piece]], object]) -> None:
    """The same with a ballot that the service's own closing would refuse: it does not add the sum."""
    file = folder / URN
    plan = take_apart(file.read_bytes())
    del plan.pieces[-CLOSED:]
    change(plan.pieces)
    file.write_bytes(plan.write())


def test_attack_the_server_shows_a_log_that_forgot(honest: Published, copy: Path) -> None:
    """It signs a second log without the last entries: to whoever saw the first one that is a proven lie."""
    shutil.rmtree(copy / "log")
    shutil.copytree(honest.early / "log", copy / "log")
    assert "registro-falta" in rules(copy)
