"""The verifier and the documents that we make: whole ones pass, each way of tampering is told by its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from certeza_verifier.cli import main
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keys.documents.key_file import LocalSigner
from keys.documents.pades import archive, sign
from keys.documents.stamping import OwnStamps
from ledger.document_pdf import render
from ledger.issuing import Issued, issue
from tests import document_forging as forging
from tests.document_authority import DAY, DOCUMENT, Authority, now
from tests.document_judges import signatures
from tests.verifier.tlogs import Log

pytestmark = pytest.mark.req("APO-29", "VER-04")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def people(authority: Authority) -> list[LocalSigner]:
    return [authority.person("PERSONA UNO"), authority.person("PERSONA DOS")]


@pytest.fixture(scope="module")
def stamps(authority: Authority) -> OwnStamps:
    return authority.stamps()


@pytest.fixture(scope="module")
def issued(people: list[LocalSigner], stamps: OwnStamps) -> Issued:
    return issue(DOCUMENT, people, stamps)


@dataclass(frozen=True)
class Verdict:
    """What `certeza-verify documento --json` said."""

    code: int
    said: dict[str, Any]

    @property
    def rules(self) -> list[str]:
        return [failure["regla"] for failure in self.said["fallas"]]


Judge = Callable[..., Verdict]


@pytest.fixture
def judge(authority: Authority, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Judge:
    (tmp_path / "ca.pem").write_bytes(authority.pem)

    def run(pdf: bytes, *options: object) -> Verdict:
        (tmp_path / "d.pdf").write_bytes(pdf)
        words = ["documento", tmp_path / "d.pdf", "--ancla", tmp_path / "ca.pem", "--json", *options]
        code = main(list(map(str, words)))
        out, err = capfdbinary.readouterr()
        assert err == b""
        return Verdict(code, json.loads(out))

    return run


def with_list(
    where: Path, authority: Authority, *revoked: LocalSigner, since: datetime | None = None
) -> list[object]:
    made = authority.revocations(*revoked, since=since)
    (where / "lista.crl").write_bytes(made.public_bytes(Encoding.PEM))
    return ["--crl", where / "lista.crl"]


# --- what holds ---


def test_a_document_with_two_signatures(judge: Judge, issued: Issued) -> None:
    verdict = judge(issued.pdf)
    assert (verdict.code, verdict.rules) == (0, [])
    assert verdict.said["comprobado"] == {
        "contenidos": 1,
        "firmas-de-personas": 2,
        "incrementos": 2,
        "sellos-de-tiempo": 3,
    }
    people = [signed["firmante"] for signed in verdict.said["detalle"]["firmas"]]
    assert [name.partition(" (")[0] for name in people] == ["PERSONA UNO", "PERSONA DOS"]
    assert verdict.said["detalle"]["json_sha256"] == issued.json_sha256
    assert "Sin --crl no se comprobó" in " ".join(verdict.said["notas"])


def test_with_the_list_of_revocation(
    judge: Judge, issued: Issued, authority: Authority, tmp_path: Path
) -> None:
    verdict = judge(issued.pdf, *with_list(tmp_path, authority))
    assert (verdict.code, verdict.said["detalle"]["revocacion"]) == (0, True)
    other = Authority()
    stranger = judge(issued.pdf, *with_list(tmp_path, other))
    assert stranger.code == 2
    assert "ninguna de las listas" in stranger.said["motivo"]


def test_an_archived_document_brings_its_own_lists(
    judge: Judge, issued: Issued, authority: Authority, stamps: OwnStamps
) -> None:
    revocations = authority.revocations().public_bytes(Encoding.DER)
    verdict = judge(archive(issued.pdf, [authority.der], [revocations], stamps))
    assert (verdict.code, verdict.rules) == (0, [])
    assert "las listas que trae el documento" in " ".join(verdict.said["notas"])
    assert verdict.said["comprobado"]["sellos-de-tiempo"] == 4


def test_what_is_archived_again_still_holds_and_still_tells_what_was_changed(
    judge: Judge, issued: Issued, authority: Authority, stamps: OwnStamps
) -> None:
    pdf, revocations = issued.pdf, authority.revocations().public_bytes(Encoding.DER)
    for _ in range(2):
        pdf = archive(pdf, [authority.der], [revocations], stamps)
    assert judge(pdf).code == 0
    assert judge(forging.with_increment(pdf, forging.paint_over)).rules == ["documento-incremento"]


def test_the_published_json_is_compared(judge: Judge, issued: Issued, tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(issued.json)
    assert judge(issued.pdf, "--contenido", tmp_path / "j").code == 0
    (tmp_path / "j").write_bytes(issued.json.replace(b"prueba", b"verdad"))
    assert judge(issued.pdf, "--contenido", tmp_path / "j").rules == ["documento-contenido"]


def test_a_certificate_that_expired_after_the_stamp_does_not_matter(judge: Judge, tmp_path: Path) -> None:
    authority = Authority()
    past = now() - 70 * DAY
    person = authority.person("Persona", now() - 90 * DAY, now() - 60 * DAY)
    (tmp_path / "otra.pem").write_bytes(authority.pem)
    pdf = issue(DOCUMENT, [person], authority.stamps(past)).pdf
    assert judge(pdf, "--ancla", tmp_path / "otra.pem").code == 0


def test_a_certificate_revoked_after_the_stamp_does_not_matter(
    judge: Judge, authority: Authority, tmp_path: Path
) -> None:
    person = authority.person("Persona")
    pdf = issue(DOCUMENT, [person], authority.stamps(now() - 10 * DAY)).pdf
    later = with_list(tmp_path, authority, person, since=now() - 5 * DAY)
    assert judge(pdf, *later).code == 0
    before = with_list(tmp_path, authority, person, since=now() - 15 * DAY)
    assert judge(pdf, *before).rules == ["documento-revocado"]


# --- what somebody did to it ---


def test_a_changed_byte_breaks_every_signature_after_it(judge: Judge, issued: Issued) -> None:
    at = issued.pdf.index(b"/Title")
    assert judge(forging.flip(issued.pdf, at + 9)).rules == ["documento-alterado", "documento-alterado"]


@pytest.mark.parametrize("change", [forging.paint_over, forging.annotate, forging.other_json])
def test_an_increment_that_is_no_signature_is_named(judge: Judge, issued: Issued, change: Any) -> None:
    pdf = forging.with_increment(issued.pdf, change)
    verdict = judge(pdf)
    assert verdict.rules == ["documento-incremento"]
    assert verdict.said["fallas"][0]["lugar"] == f"incremento 3, bytes {len(issued.pdf)} a {len(pdf)}"


def test_an_increment_between_two_signatures_is_named(
    judge: Judge, people: list[LocalSigner], stamps: OwnStamps
) -> None:
    once = sign(render(DOCUMENT), people[0], stamps, expected=2)
    verdict = judge(sign(forging.with_increment(once, forging.paint_over), people[1], stamps))
    assert verdict.rules == ["documento-incremento"]
    assert verdict.said["fallas"][0]["lugar"].startswith(f"incremento 2, bytes {len(once)} a ")


def test_bytes_after_the_end_are_told(judge: Judge, issued: Issued) -> None:
    verdict = judge(issued.pdf + b"% algo mas\n")
    assert verdict.rules == ["documento-incremento"]
    assert verdict.said["fallas"][0]["obtenido"] == "11 bytes más"


def test_a_signature_of_another_key_is_told(judge: Judge, issued: Issued) -> None:
    def change(signed: cms.SignedData) -> None:
        signer = signed["signer_infos"][0]
        signer["signature"] = forging.flip(signer["signature"].native, 20)

    rules = judge(forging.signature_changed(issued.pdf, change, 1)).rules
    assert rules == ["documento-firma"]


def test_the_stamp_of_another_document_is_told(
    judge: Judge, issued: Issued, people: list[LocalSigner], stamps: OwnStamps
) -> None:
    other = forging.token_of(sign(render(DOCUMENT), people[0], stamps))

    def change(signed: cms.SignedData) -> None:
        signed["signer_infos"][0]["unsigned_attrs"] = other

    verdict = judge(forging.signature_changed(issued.pdf, change, 1))
    assert verdict.rules == ["documento-sello-de-tiempo"]
    assert "huella sellada" in verdict.said["fallas"][0]["lugar"]


def test_a_forged_stamp_is_told(judge: Judge, issued: Issued) -> None:
    def change(signed: cms.SignedData) -> None:
        token = signed["signer_infos"][0]["unsigned_attrs"][0]["values"][0]["content"]
        info = token["encap_content_info"]["content"].parsed
        info["gen_time"] = datetime(2020, 1, 1, tzinfo=UTC)
        token["encap_content_info"]["content"] = cms.ParsableOctetString(info.dump())

    verdict = judge(forging.signature_changed(issued.pdf, change, 1))
    assert verdict.rules == ["documento-sello-de-tiempo"]
    assert "firma del sello" in verdict.said["fallas"][0]["lugar"]


def test_without_a_stamp_nobody_knows_when(judge: Judge, people: list[LocalSigner]) -> None:
    pdf = forging.sign_without_pades(render(DOCUMENT), people[0], None)
    assert judge(pdf).rules == ["documento-sin-sello-de-tiempo"]


def test_another_kind_of_signature_is_not_taken(
    judge: Judge, people: list[LocalSigner], stamps: OwnStamps
) -> None:
    assert judge(forging.sign_without_pades(render(DOCUMENT), people[0], stamps)).rules == ["documento-pades"]


# --- who signed, who stamped ---


def test_another_signer_with_the_same_name_is_told(judge: Judge, stamps: OwnStamps) -> None:
    impostor = Authority().person("PERSONA UNO")
    verdict = judge(issue(DOCUMENT, [impostor], stamps).pdf)
    assert verdict.rules == ["documento-ancla"]


def test_stamps_of_another_authority_need_their_own_root(
    judge: Judge, people: list[LocalSigner], tmp_path: Path
) -> None:
    other = Authority("Autoridad de sellos")
    pdf = issue(DOCUMENT, people[:1], other.stamps()).pdf
    assert judge(pdf).rules == ["documento-ancla", "documento-ancla"]
    (tmp_path / "sellos.pem").write_bytes(other.der)
    assert judge(pdf, "--ancla-sellos", tmp_path / "sellos.pem").code == 0


def test_a_certificate_that_had_expired_or_not_begun_is_told(judge: Judge, authority: Authority) -> None:
    stamps = authority.stamps()
    for begins, ends in [(-90, -60), (60, 90)]:
        person = authority.person("Persona", now() + begins * DAY, now() + ends * DAY)
        assert judge(issue(DOCUMENT, [person], stamps).pdf).rules == ["documento-vencido"]


def test_a_revoked_certificate_is_told(
    judge: Judge, authority: Authority, issued: Issued, tmp_path: Path
) -> None:
    person = authority.person("Se fue")
    pdf = issue(DOCUMENT, [person], authority.stamps()).pdf
    assert judge(pdf, *with_list(tmp_path, authority, person)).rules == ["documento-revocado"]


def test_a_list_that_is_not_of_the_authority_revokes_nothing(
    judge: Judge, authority: Authority, people: list[LocalSigner], issued: Issued, tmp_path: Path
) -> None:
    options = with_list(tmp_path, Authority(), people[0])
    verdict = judge(issued.pdf, *options)
    assert (verdict.code, verdict.rules) == (2, [])


def test_who_stamps_must_be_allowed_to(judge: Judge, authority: Authority, people: list[LocalSigner]) -> None:
    pdf = issue(DOCUMENT, people[:1], authority.stamps(extended=False)).pdf
    assert judge(pdf).rules == ["documento-uso", "documento-uso"]


def test_who_stamps_may_not_sign(judge: Judge, authority: Authority, stamps: OwnStamps) -> None:
    assert judge(issue(DOCUMENT, [authority.stamper()], stamps).pdf).rules == ["documento-uso"]


# --- what is no document ---


def test_other_files(judge: Judge, issued: Issued) -> None:
    assert judge(render(DOCUMENT)).rules == ["documento-sin-firma"]
    for data in (b"", b"nada", b"%PDF-1.7\n", issued.pdf[:3000]):
        assert judge(data).rules == ["documento-pdf"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_changed_byte_under_the_signatures_is_accepted(
    judge: Judge, issued: Issued, data: st.DataObject
) -> None:
    start = len(render(DOCUMENT))
    at = data.draw(st.integers(0, start - 1))
    verdict = judge(forging.flip(issued.pdf, at))
    assert verdict.code == 1
    assert verdict.rules


def test_signatures_found_by_the_byte_ranges_alone_are_those_that_were_judged(
    judge: Judge, issued: Issued
) -> None:
    assert len(signatures(issued.pdf)) == judge(issued.pdf).said["comprobado"]["firmas-de-personas"]


def test_an_anchor_that_is_no_certificate_is_no_verdict(judge: Judge, issued: Issued, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"nada")
    verdict = judge(issued.pdf, "--ancla", tmp_path / "x")
    assert verdict.code == 2
    assert "no contiene ningún CERTIFICATE" in verdict.said["motivo"]


@pytest.mark.parametrize("days", [1, 400])
def test_stamps_outlive_the_certificate_that_made_them_with_a_note(
    judge: Judge, tmp_path: Path, days: int
) -> None:
    authority = Authority(begins=now() - 500 * DAY, ends=now() - timedelta(days=days))
    (tmp_path / "vieja.pem").write_bytes(authority.pem)
    pdf = issue(DOCUMENT, [authority.person("Persona")], authority.stamps(now() - 450 * DAY)).pdf
    verdict = judge(pdf, "--ancla", tmp_path / "vieja.pem")
    assert verdict.code == 0
    assert "ya venció" in " ".join(verdict.said["notas"])


# --- the log ---


@pytest.fixture
def log(issued: Issued, tmp_path: Path) -> Log:
    """A log in which the document is the fourth entry of six."""
    entry = f"certeza/documento/v1\n{issued.json_sha256}".encode()
    others = [f"certeza/documento/v1\n{n:064x}".encode() for n in range(5)]
    made = Log(tmp_path / "log", [*others[:3], entry, *others[3:]])
    made.save()
    return made


def test_its_leaf_is_proved_offline_and_in_the_log(
    judge: Judge, issued: Issued, log: Log, tmp_path: Path
) -> None:
    (tmp_path / "p").write_bytes(log.proof(3))
    trusting = ("--llave", log.signer.vkey)
    for where in (("--prueba", tmp_path / "p"), ("--bitacora", log.root)):
        verdict = judge(issued.pdf, *where, *trusting)
        assert (verdict.code, verdict.rules) == (0, [])
        assert "Este documento es la entrada 3" in " ".join(verdict.said["notas"])


def test_the_proof_of_another_document_is_refused(
    judge: Judge, issued: Issued, log: Log, tmp_path: Path
) -> None:
    (tmp_path / "p").write_bytes(log.proof(2))
    assert judge(issued.pdf, "--prueba", tmp_path / "p", "--llave", log.signer.vkey).rules == [
        "prueba-inclusion"
    ]


def test_a_document_that_is_not_in_the_log_is_told(
    judge: Judge, issued: Issued, log: Log, tmp_path: Path
) -> None:
    other = Log(tmp_path / "otra", log.entries[:3])
    other.save()
    verdict = judge(issued.pdf, "--bitacora", other.root, "--llave", other.signer.vkey)
    assert (verdict.code, verdict.rules) == (2, [])
    assert "no se encontró en la bitácora" in verdict.said["motivo"]


def test_a_proof_needs_a_log_that_one_trusts(judge: Judge, issued: Issued, tmp_path: Path) -> None:
    verdict = judge(issued.pdf, "--prueba", tmp_path / "p")
    assert (verdict.code, verdict.said["motivo"]) == (
        2,
        "Para comprobar la bitácora falta --llave o --politica",
    )
