"""The server's side of the opening: whole files, verdicts in order, urns opened in one act."""

from __future__ import annotations

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from keys import canonical
from keys.errors import Refusal
from keys.group import Group
from keys.randomness import SystemRandomness
from tally.consultation import Consultation
from tally.errors import StoreError
from tally.opening import open_urn
from tally.public_folder import PublicFolder
from tally.receiving import Opening, read_closed_file
from tally.trustee_step import TrusteeAct, make_share
from tests.tally.forging import forge
from tests.tally.making import OPENING, Board
from tests.tally.small_consultation import RESULTS, make_closed

pytestmark = pytest.mark.req("SEI-22")


@pytest.fixture(scope="module")
def made(fast: Group, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Board, Consultation]:
    root = tmp_path_factory.mktemp("publico") / "prueba"
    board, consultation = make_closed(fast, root)
    for owner in (1, 2, 3):
        share = make_share(TrusteeAct(root, owner, board.secrets[owner]), OPENING, SystemRandomness())
        (root.parent / f"{owner}.jsonl").write_bytes(share.data)
    return root, board, consultation


@pytest.fixture
def opening(made: tuple[Path, Board, Consultation], tmp_path: Path) -> Opening:
    root = tmp_path / "prueba"
    shutil.copytree(made[0], root)
    for owner in (1, 2, 3):
        shutil.copy(made[0].parent / f"{owner}.jsonl", tmp_path)
    return Opening(PublicFolder(root), made[2])


def share(opening: Opening, owner: int) -> Path:
    return opening.public.root.parent / f"{owner}.jsonl"


def changed(opening: Opening, owner: int, line: int, change: dict[str, object]) -> Path:
    """A trustee's file with some fields of one line replaced."""
    lines = share(opening, owner).read_bytes().splitlines(keepends=True)
    lines[line] = canonical.encode_bytes(json.loads(lines[line]) | change) + b"\n"
    file = opening.public.root.parent / "alterada.jsonl"
    file.write_bytes(b"".join(lines))
    return file


def votes(opening: Opening) -> dict[str, object]:
    urns = opening.consultation.urns
    return {u.unidad.clave: read_closed_file(opening.public, u).votes for u in urns}


def test_enough_right_shares_open_every_urn(opening: Opening) -> None:
    assert opening.receive(share(opening, 3), OPENING).accepted
    assert not opening.enough
    assert opening.receive(share(opening, 1), OPENING).accepted
    opening.open_all()
    assert votes(opening) == RESULTS
    opening.open_all()
    assert votes(opening) == RESULTS


def test_too_few_shares_open_nothing(opening: Opening) -> None:
    opening.receive(share(opening, 1), OPENING)
    with pytest.raises(Refusal) as caught:
        opening.open_all()
    assert caught.value.rule == "descifrado.umbral"
    assert set(map(str, votes(opening).values())) == {"None"}


def test_wrong_share_is_refused_whole_with_its_urn_and_does_not_block_the_count(
    opening: Opening, fast: Group
) -> None:
    (other,) = fast.encode([fast.generator])
    lines = share(opening, 2).read_bytes().splitlines()
    partial = json.loads(lines[2])["partial_decryption"]
    partial["decryption_factors"][0][1] = other
    verdict = opening.receive(changed(opening, 2, 2, {"partial_decryption": partial}), OPENING)
    assert not verdict.accepted and verdict.trustee == 2
    assert "UT 01-002" in (verdict.reason or "") and "descifrado.prueba" in (verdict.reason or "")
    assert opening.owners == []
    assert opening.receive(share(opening, 2), OPENING).accepted
    assert opening.receive(share(opening, 3), OPENING).accepted
    opening.open_all()
    assert votes(opening) == RESULTS


@pytest.mark.parametrize(
    ("line", "change", "rule"),
    [
        (0, {"consulta": "otra"}, "aportacion.consulta"),
        (0, {"custodio": 9}, "descifrado.custodio"),
        (0, {"custodio": 0}, "descifrado.custodio"),
        (0, {"urnas": 1}, "aportacion.urnas"),
        (0, {"version": 2}, "aportacion.version"),
        (1, {"uuid": "11111111111111"}, "aportacion.urna"),
        (1, {"encrypted_tally": "0" * 64}, "aportacion.computo"),
        (0, {"custodio": 3}, "descifrado.prueba"),
    ],
)
def test_file_that_does_not_fit_is_a_verdict_with_the_rule(
    opening: Opening, line: int, change: dict[str, object], rule: str
) -> None:
    verdict = opening.receive(changed(opening, 1, line, change), OPENING)
    assert f"[{rule}]" in (verdict.reason or "")
    assert opening.owners == []


def test_second_file_of_a_trustee_is_refused(opening: Opening) -> None:
    assert opening.receive(share(opening, 1), OPENING).accepted
    assert "descifrado.repetido" in (opening.receive(share(opening, 1), OPENING).reason or "")
    assert [v.accepted for v in opening.verdicts] == [True, False]


def test_truncated_file_is_a_verdict_at_every_line(opening: Opening) -> None:
    whole = share(opening, 1).read_bytes()
    for size in (0, 1, 40, len(whole) // 2, len(whole) - 1):
        file = opening.public.root.parent / "corta.jsonl"
        file.write_bytes(whole[:size])
        assert not opening.receive(file, OPENING).accepted


def test_nothing_is_received_before_the_date_and_a_missing_file_is_no_verdict(opening: Opening) -> None:
    with pytest.raises(Refusal) as caught:
        opening.receive(share(opening, 1), OPENING - timedelta(seconds=1))
    assert caught.value.rule == "calendario.apertura"
    with pytest.raises(StoreError):
        opening.receive(opening.public.root / "no-existe", OPENING)
    assert opening.verdicts == []


@pytest.mark.parametrize("owner", [1, 2, 3])
@pytest.mark.parametrize("line", [1, 2])
def test_share_forged_so_that_its_proof_holds_is_set_aside_and_its_trustee_named(
    opening: Opening, made: tuple[Path, Board, Consultation], fast: Group, owner: int, line: int
) -> None:
    file = forge(opening, fast, owner, made[1].secrets[owner], share(opening, owner), line, answer=1)
    given = [file if o == owner else share(opening, o) for o in (1, 2, 3)]
    assert all(opening.receive(f, OPENING).accepted for f in given)
    opening.open_all()
    assert votes(opening) == RESULTS
    assert owner not in opening.owners and len(opening.owners) == 2
    (refused,) = [v for v in opening.verdicts if not v.accepted]
    assert refused.trustee == owner
    assert f"custodio {owner} › UT 01-00{line}" in (refused.reason or "")
    assert "[aportacion.concuerda]" in (refused.reason or "")


def test_as_many_shares_as_the_threshold_with_a_forged_one_write_nothing_until_another_arrives(
    opening: Opening, made: tuple[Path, Board, Consultation], fast: Group
) -> None:
    file = forge(opening, fast, 1, made[1].secrets[1], share(opening, 1), 2, answer=0)
    opening.receive(file, OPENING)
    opening.receive(share(opening, 2), OPENING)
    with pytest.raises(Refusal, match="al menos una es falsa; hace falta otra") as caught:
        opening.open_all()
    assert caught.value.rule == "aportacion.concuerda"
    assert set(map(str, votes(opening).values())) == {"None"}
    assert opening.receive(share(opening, 3), OPENING).accepted
    opening.open_all()
    assert votes(opening) == RESULTS
    assert opening.owners == [2, 3]


def test_an_opening_that_was_interrupted_ends_with_the_same_shares_and_no_others(
    opening: Opening, made: tuple[Path, Board, Consultation], fast: Group
) -> None:
    first = opening.consultation.urns[0]
    shares = {o: share(opening, o).read_bytes().splitlines()[1] for o in (1, 3)}
    partials = {o: canonical.encode_bytes(json.loads(s)["partial_decryption"]) for o, s in shares.items()}
    with opening.public.archive(first.unidad) as store:  # as far as a run that died got
        open_urn(fast, made[1].trustees, store, partials, first.file)
    other = Opening(opening.public, opening.consultation)
    for owner in (1, 2):
        other.receive(share(opening, owner), OPENING)
    with pytest.raises(Refusal, match="con que se abrió: 1, 3; se encontró las de 1, 2"):
        other.open_all()
    forged = forge(opening, fast, 2, made[1].secrets[2], share(opening, 2), 1, answer=1)
    for file in (share(opening, 3), forged, share(opening, 1)):
        opening.receive(file, OPENING)
    opening.open_all()
    assert votes(opening) == RESULTS
    assert opening.owners == [3, 1]


def test_with_more_forged_shares_than_surplus_nothing_is_written(
    opening: Opening, made: tuple[Path, Board, Consultation], fast: Group
) -> None:
    files = [forge(opening, fast, o, made[1].secrets[o], share(opening, o), 1, answer=0) for o in (1, 2)]
    for file in [*files, share(opening, 3)]:
        opening.receive(file, OPENING)
    with pytest.raises(Refusal, match=r"aportacion\.concuerda"):
        opening.open_all()
    assert set(map(str, votes(opening).values())) == {"None"}


def test_a_pipe_is_no_share_and_nobody_waits_for_it(opening: Opening, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tubo")
    with pytest.raises(StoreError, match="no es un archivo"):
        opening.receive(tmp_path / "tubo", OPENING)
