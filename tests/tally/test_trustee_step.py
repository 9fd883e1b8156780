"""A trustee's one act: check the whole public record, then decrypt every urn, or nothing at all."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from keys import canonical
from keys.errors import Refusal
from keys.group import Group
from keys.randomness import SystemRandomness
from tally.archive import BLOCK
from tally.consultation import Consultation
from tally.public_folder import PublicFolder
from tally.shares import read
from tally.trustee_step import TrusteeAct, make_share
from tests.tally.making import OPENING, Board
from tests.tally.small_consultation import UNIDADES, make_closed

pytestmark = pytest.mark.req("SEI-22")


@pytest.fixture(scope="module")
def closed(fast: Group, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Board, Consultation]:
    root = tmp_path_factory.mktemp("publico") / "prueba"
    return root, *make_closed(fast, root)


@pytest.fixture
def copy(closed: tuple[Path, Board, Consultation], tmp_path: Path) -> Path:
    shutil.copytree(closed[0], tmp_path / "copia")
    return tmp_path / "copia"


def act(root: Path, board: Board, owner: int = 1) -> TrusteeAct:
    return TrusteeAct(root, owner, board.secrets[owner])


def test_share_covers_every_urn_and_reads_back(closed: tuple[Path, Board, Consultation], fast: Group) -> None:
    root, board, consultation = closed
    made = make_share(act(root, board), OPENING, SystemRandomness())
    heading, lines = read(made.data.splitlines(keepends=True), "aportacion", fast.order)
    assert (heading.trustee, heading.urns) == (1, len(UNIDADES))
    assert [line.uuid for line in lines] == [urn.uuid for urn in consultation.urns]


def test_fingerprint_tells_what_is_opened_and_is_the_same_for_all_trustees(
    closed: tuple[Path, Board, Consultation],
) -> None:
    root, board, _ = closed
    prints = {make_share(act(root, board, o), OPENING, SystemRandomness()).fingerprint for o in (1, 2, 3)}
    assert len(prints) == 1


def test_nothing_is_decrypted_before_the_date_of_the_opening(
    closed: tuple[Path, Board, Consultation],
) -> None:
    root, board, _ = closed
    with pytest.raises(Refusal) as caught:
        make_share(act(root, board), OPENING - timedelta(seconds=1), SystemRandomness())
    assert caught.value.rule == "calendario.apertura"


def test_key_of_another_trustee_is_refused(closed: tuple[Path, Board, Consultation]) -> None:
    root, board, _ = closed
    for owner, secret in ((1, board.secrets[2]), (9, board.secrets[1]), (0, board.secrets[1])):
        with pytest.raises(Refusal) as caught:
            make_share(TrusteeAct(root, owner, secret), OPENING, SystemRandomness())
        assert caught.value.rule in ("custodio.llave", "custodio.indice")


@pytest.mark.req("SEI-28")
def test_record_with_one_altered_ballot_is_not_decrypted(
    copy: Path, closed: tuple[Path, Board, Consultation]
) -> None:
    file = PublicFolder(copy).urn_file(UNIDADES[1])
    data = bytearray(file.read_bytes())
    data[len(data) // 2 // BLOCK * BLOCK + 700 % BLOCK] ^= 1
    file.write_bytes(data)
    with pytest.raises(Refusal) as caught:
        make_share(act(copy, closed[1]), OPENING, SystemRandomness())
    assert "01-002" in caught.value.place


@pytest.mark.req("SEI-28")
@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("umbral", 1, "consulta.umbral"),
        ("llave_publica", "0" * 64, "consulta.llave_publica"),
        ("trustees", "0" * 64, "consulta.trustees"),
        ("nombre", "Otra consulta", "formato.canonico"),
    ],
)
def test_consultation_that_does_not_fit_its_urns_is_refused(
    copy: Path, closed: tuple[Path, Board, Consultation], field: str, value: object, rule: str
) -> None:
    folder = PublicFolder(copy)
    fields = json.loads(folder.consultation_file.read_bytes()) | {field: value}
    folder.write(folder.consultation_file, canonical.encode_sorted(fields))
    with pytest.raises(Refusal) as caught:
        make_share(act(copy, closed[1]), OPENING, SystemRandomness())
    assert caught.value.rule == rule


def test_missing_urn_names_the_file(copy: Path, closed: tuple[Path, Board, Consultation]) -> None:
    PublicFolder(copy).urn_file(UNIDADES[0]).unlink()
    with pytest.raises(Exception, match=r"01-001\.bel"):
        make_share(act(copy, closed[1]), OPENING, SystemRandomness())
