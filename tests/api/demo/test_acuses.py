"""The acuses of a rehearsal: files that the verifier accepts without a connection, PDFs, and their log."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from api.demo.acuses import KEPT, PROCESS, RECORDS, Reception, receive_records
from api.demo.errors import UnexpectedOutcome
from api.demo.plan import Plan
from api.demo.verdicts import ALTERED, verify, verify_reception
from api.demo.witnesses import RehearsalWitnesses
from ledger.acuse import parse_acuse_file


def received(output: Path) -> Reception:
    plan = Plan(output, (), 0, "prueba")
    return receive_records(plan, RehearsalWitnesses(plan), lambda done, total: None)


@pytest.fixture(scope="module")
def reception(tmp_path_factory: pytest.TempPathFactory) -> Reception:
    return received(tmp_path_factory.mktemp("ensayo"))


@pytest.mark.req("APO-12")
@pytest.mark.req("VER-01")
def test_every_kept_acuse_is_accepted_and_an_altered_one_refused(reception: Reception) -> None:
    told = verify_reception(reception)
    assert told[-1].endswith("rechazado [prueba-inclusion]")
    assert (reception.entries, len(reception.files)) == (RECORDS, KEPT)
    assert reception.standing.attested is not None
    _, code = verify("acuse", str(reception.files[0].with_name(ALTERED)), "--politica", str(reception.policy))
    assert code == 1


def test_each_folio_is_a_uuid_of_its_moment_and_each_acuse_has_its_pdf(reception: Reception) -> None:
    for file in reception.files:
        acuse = parse_acuse_file(file.read_bytes(), file.name).acuse
        folio = uuid.UUID(acuse.folio)
        assert (folio.version, folio.variant) == (7, uuid.RFC_4122)
        assert folio.int >> 80 == round(acuse.recibido.timestamp() * 1000)
        assert (acuse.proceso, file.stem) == (PROCESS, acuse.folio)
        assert file.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_nothing_of_an_acuse_but_its_code_is_in_the_public_log(reception: Reception) -> None:
    public = b"".join(path.read_bytes() for path in reception.log.rglob("*") if path.is_file())
    for file in reception.files:
        acuse = parse_acuse_file(file.read_bytes(), file.name).acuse
        assert acuse.code.encode() in public
        for secret in (acuse.folio.encode(), acuse.number.encode(), acuse.nonce):
            assert secret not in public


def test_a_log_that_lost_an_entry_ends_the_rehearsal(tmp_path: Path) -> None:
    reception = received(tmp_path)
    (reception.log / "tile" / "entries" / "000").unlink()
    with pytest.raises(UnexpectedOutcome, match="certeza-verify codigo terminó con"):
        verify_reception(reception)
