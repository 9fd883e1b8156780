"""The time-stamp authority: OpenSSL asks and judges; whatever else is sent gets a rejection."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from keys.documents.errors import DocumentRefusal
from keys.documents.key_file import new_rsa
from keys.documents.stamp import read_stamp, stamp_digest
from keys.documents.stamping import MAX_QUERY_BYTES, POLICY, OwnStamps, Reply, StampingAuthority
from tests.document_authority import Authority, now
from tests.document_judges import openssl

pytestmark = pytest.mark.req("APO-29")
MOMENT = datetime(2024, 7, 5, 19, 9, 27, tzinfo=UTC)
DATA = b"un documento"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def stamps(authority: Authority) -> OwnStamps:
    return authority.stamps()


def query(where: Path, *options: object) -> bytes:
    (where / "datos").write_bytes(DATA)
    run = openssl("ts", "-query", "-data", "datos", "-out", "q.tsq", *options, where=where)
    assert run.code == 0, run.text
    return (where / "q.tsq").read_bytes()


def judged(where: Path, reply: bytes, authority: Authority, *options: object) -> str:
    (where / "r.tsr").write_bytes(reply)
    (where / "ca.pem").write_bytes(authority.pem)
    return openssl("ts", "-verify", "-in", "r.tsr", "-CAfile", "ca.pem", *options, where=where).text


@pytest.mark.parametrize("options", [("-cert",), ("-cert", "-no_nonce"), ("-cert", "-tspolicy", POLICY)])
@pytest.mark.parametrize("digest", ["-sha256", "-sha384", "-sha512"])
def test_openssl_asks_and_accepts(
    authority: Authority, stamps: OwnStamps, digest: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    reply = stamps.answer(query(tmp_path, digest, *options))
    assert "Verification: OK" in judged(tmp_path, reply, authority, "-queryfile", "q.tsq")
    assert "Verification: OK" in judged(tmp_path, reply, authority, "-data", "datos")


def test_openssl_accepts_a_stamp_without_certificates_when_it_asked_for_none(
    authority: Authority, tmp_path: Path
) -> None:
    stamper = authority.stamper()
    stamps = OwnStamps(StampingAuthority(stamper), now, lambda: 77)
    reply = stamps.answer(query(tmp_path))
    loaded = x509.load_der_x509_certificate(stamper.certificate)
    (tmp_path / "tsa.pem").write_bytes(loaded.public_bytes(Encoding.PEM))
    assert "Verification: OK" in judged(
        tmp_path, reply, authority, "-queryfile", "q.tsq", "-untrusted", "tsa.pem"
    )
    assert stamper.certificate not in reply


def test_openssl_accepts_an_authority_with_rsa(tmp_path: Path) -> None:
    authority = Authority(new=new_rsa)
    reply = authority.stamps().answer(query(tmp_path, "-cert"))
    assert "Verification: OK" in judged(tmp_path, reply, authority, "-queryfile", "q.tsq")


def test_openssl_rejects_the_stamp_of_another_document(
    authority: Authority, stamps: OwnStamps, tmp_path: Path
) -> None:
    reply = stamps.answer(query(tmp_path, "-cert"))
    (tmp_path / "otro").write_bytes(b"otro documento")
    assert "message imprint mismatch" in judged(tmp_path, reply, authority, "-data", "otro")


def test_openssl_rejects_an_authority_without_the_extended_use(authority: Authority, tmp_path: Path) -> None:
    reply = authority.stamps(extended=False).answer(query(tmp_path, "-cert"))
    assert "Verification: FAILED" in judged(tmp_path, reply, authority, "-queryfile", "q.tsq")


def status(reply: bytes) -> tuple[str, set[str]]:
    read = Reply.load(reply, strict=True)
    assert read["time_stamp_token"].native is None
    return read["status"]["status"].native, read["status"]["fail_info"].native


@pytest.mark.parametrize(
    ("options", "failure"),
    [(("-sha1",), "bad_alg"), (("-tspolicy", "1.2.3.4"), "unaccepted_policy")],
)
def test_what_the_authority_does_not_do_is_rejected_and_openssl_understands_it(
    stamps: OwnStamps, options: tuple[str, ...], failure: str, tmp_path: Path
) -> None:
    reply = stamps.answer(query(tmp_path, *options))
    assert status(reply) == ("rejection", {failure})
    (tmp_path / "r.tsr").write_bytes(reply)
    assert "Rejected" in openssl("ts", "-reply", "-in", "r.tsr", "-text", where=tmp_path).text


def request(**changed: object) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}
    return bytes(tsp.TimeStampReq({"version": 1, "message_imprint": imprint, **changed}).dump())


@pytest.mark.parametrize(
    ("asked", "failure"),
    [
        (request(version=2), "bad_request"),
        (request(extensions=[{"extn_id": "1.2.3", "extn_value": b"x"}]), "unaccepted_extensions"),
        (
            request(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(20)}),
            "bad_data_format",
        ),
        (request() + b"\0", "bad_data_format"),
        (bytes(MAX_QUERY_BYTES + 1), "bad_data_format"),
    ],
)
def test_other_queries_are_rejected_for_the_right_reason(
    stamps: OwnStamps, asked: bytes, failure: str
) -> None:
    assert status(stamps.answer(asked)) == ("rejection", {failure})


@given(st.binary(max_size=120))
def test_nothing_that_anybody_sends_breaks_the_authority(stamps: OwnStamps, asked: bytes) -> None:
    assert status(stamps.answer(asked))[0] == "rejection"


def test_a_stamp_tells_who_and_when(authority: Authority) -> None:
    digest = hashlib.sha256(DATA).digest()
    stamp = stamp_digest(digest, authority.stamps(MOMENT))
    assert stamp.instant == MOMENT
    assert "Sellos de prueba" in stamp.authority
    assert read_stamp(stamp.token) == stamp


class Lying:
    """Answers every query with the stamp of another."""

    def __init__(self, reply: bytes) -> None:
        self._reply = reply

    def answer(self, query: bytes) -> bytes:
        return self._reply


def test_answers_that_are_no_stamp_of_what_was_asked_are_refused(stamps: OwnStamps, tmp_path: Path) -> None:
    digest = hashlib.sha256(DATA).digest()
    other = stamps.answer(query(tmp_path, "-cert", "-no_nonce"))
    rejected = stamps.answer(b"")
    for reply, words in [
        (other, "el de otra"),
        (rejected, "un rechazo"),
        (b"", "otra cosa"),
        (b"0\0", "otra cosa"),
    ]:
        with pytest.raises(DocumentRefusal, match=words):
            stamp_digest(digest, Lying(reply))
    with pytest.raises(DocumentRefusal, match="otra cosa"):
        read_stamp(b"0\x03\x02\x01\x01")
