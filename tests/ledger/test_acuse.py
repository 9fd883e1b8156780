"""The acuse: one spelling, one code, an entry that says nothing, and a file that verifies offline."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.acuse import (
    QR_BYTES,
    Acuse,
    AcuseFile,
    Credential,
    entry_of,
    grouped,
    parse_acuse,
    parse_acuse_file,
    parse_code,
    qr_payload,
)
from ledger.errors import FormatRefusal, QuorumRefusal, Refusal, SignatureRefusal, TreeRefusal
from ledger.policy_text import parse_policy
from ledger.proof import LogProof

from .signing import LOG, ORIGIN, WITNESSES, signed_log
from .textbook import Textbook

pytestmark = [pytest.mark.req("VER-01"), pytest.mark.req("APO-12")]

# By hand from apoyo.md.
TEXT = f"""certeza/acuse/v1
proceso F220617000000021
folio 0190a5c2-7d3e-7abc-8def-0123456789ab
modalidad auxiliar
cic 123456789
recibido 2022-12-14T11:58:03.120-06:00
registro {"72" * 32}
nonce {b64encode(b"n" * 32).decode()}
"""
ACUSE = Acuse(
    "F220617000000021",
    "0190a5c2-7d3e-7abc-8def-0123456789ab",
    "auxiliar",
    Credential.CIC,
    "123456789",
    datetime(2022, 12, 14, 11, 58, 3, 120_000, timezone(timedelta(hours=-6))),
    b"r" * 32,
    b"n" * 32,
)
POLICY_TEXT = (
    f"log {LOG.key.encode()}\n"
    + "".join(f"witness w{i} {w.key.encode()}\n" for i, w in enumerate(WITNESSES))
    + "group g 2 w0 w1 w2\nquorum g\n"
)
POLICY = parse_policy(POLICY_TEXT.encode())


def file_of(acuse: Acuse, witnesses: int = 3, before: int = 300, after: int = 400) -> AcuseFile:
    """The acuse in a log among other entries."""
    entries = [f"otra {i}".encode() for i in range(before + after)]
    entries.insert(before, acuse.entry)
    proof = tuple(Textbook(entries).inclusion(before, len(entries)))
    return AcuseFile(acuse, LogProof(before, proof, signed_log(entries, witnesses)))


FILE = file_of(ACUSE)


def test_the_text_is_the_one_of_the_description() -> None:
    assert ACUSE.encode() == TEXT.encode()
    assert parse_acuse(TEXT.encode()) == ACUSE
    assert ACUSE.code == sha256(TEXT.encode()).hexdigest()
    assert ACUSE.entry == b"certeza/apoyo/v1\n" + ACUSE.code.encode()
    ocr = TEXT.replace("cic 123456789", "ocr 1234567890123")
    assert parse_acuse(ocr.encode()).credential is Credential.OCR
    assert parse_acuse(ocr.encode()).encode() == ocr.encode()


def test_the_entry_hides_all_but_the_code() -> None:
    assert b"123456789" not in ACUSE.entry
    assert replace(ACUSE, nonce=b"m" * 32).code != ACUSE.code


def changed(old: str, new: str) -> bytes:
    assert old in TEXT
    return TEXT.replace(old, new).encode()


MALFORMED = {
    "header": (changed("acuse/v1", "acuse/v2"), r"línea 1.*acuse\.encabezado"),
    "nothing": (b"", r"línea 1.*acuse\.encabezado"),
    "no final line feed": (TEXT[:-1].encode(), r"acuse\.lineas"),
    "one more line": (TEXT.encode() + b"x y\n", r"acuse\.lineas"),
    "one less": (changed("modalidad auxiliar\n", ""), r"acuse\.lineas"),
    "order": (changed("proceso", "folio"), r"línea 2.*acuse\.linea"),
    "carriage return": (changed("auxiliar\n", "auxiliar\r\n"), r"línea 4.*acuse\.campo"),
    "two blanks": (changed("proceso F", "proceso  F"), r"línea 2.*acuse\.campo"),
    "trailing blank": (changed("021\n", "021 \n"), r"línea 2.*acuse\.campo"),
    "proceso": (changed("F220617", "ñ"), r"línea 2.*acuse\.campo"),
    "folio in capitals": (changed("7abc", "7ABC"), r"línea 3.*acuse\.campo"),
    "folio of another version": (changed("7abc", "4abc"), r"línea 3.*acuse\.campo"),
    "modalidad": (changed("auxiliar", "Auxiliar"), r"línea 4.*acuse\.campo"),
    "cic": (changed("123456789\n", "12345678\n"), r"línea 5.*acuse\.campo"),
    "cic digits": (changed("123456789\n", "12345678٩\n"), r"línea 5.*acuse\.campo"),
    "ocr": (changed("cic", "ocr"), r"línea 5.*acuse\.campo"),
    "curp": (changed("cic", "curp"), r"línea 5.*acuse\.linea"),
    "time without offset": (changed("-06:00", ""), r"línea 6.*acuse\.campo"),
    "time with Z": (changed("-06:00", "Z"), r"línea 6.*acuse\.campo"),
    "time without offset of zero": (changed("-06:00", "-00:00"), r"línea 6.*acuse\.campo"),
    "time without milliseconds": (changed(".120", ""), r"línea 6.*acuse\.campo"),
    "day": (changed("12-14T", "02-30T"), r"línea 6.*acuse\.campo"),
    "offset": (changed("-06:00", "-24:00"), r"línea 6.*acuse\.campo"),
    "registro": (changed("72" * 32, "72" * 31), r"línea 7.*acuse\.campo"),
    "registro in capitals": (changed("72" * 32, "AB" * 32), r"línea 7.*acuse\.campo"),
    "nonce": (changed("ubm4=\n", "\n"), r"línea 8.*formato\.base64"),
    "nonce not canonical": (changed("m4=\n", "m5=\n"), r"línea 8.*formato\.base64"),
    "utf-8": (changed("auxiliar", "auxiliar").replace(b"aux", b"\xff"), r"línea 4.*formato\.utf8"),
    "size": (b"x" * 1025, r"limite\.tamano"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_acuse_is_refused_with_line_and_reason(name: str) -> None:
    data, message = MALFORMED[name]
    with pytest.raises(FormatRefusal, match=message):
        parse_acuse(data)


@pytest.mark.parametrize(
    "change",
    [
        {"proceso": ""},
        {"folio": "x\ny"},
        {"number": "1234567890123"},
        {"modalidad": "auxiliar\n"},
        {"recibido": datetime(2022, 1, 1)},  # noqa: DTZ001
        {"recibido": datetime(2022, 1, 1, 0, 0, 0, 1, timezone.utc)},  # noqa: UP017
        {"registro": b"r" * 31},
        {"nonce": b"n" * 31},
    ],
)
def test_values_without_a_spelling_make_no_acuse(change: dict[str, object]) -> None:
    with pytest.raises(FormatRefusal):
        replace(ACUSE, **change)  # type: ignore[arg-type]


@given(
    st.from_regex(r"[A-Za-z0-9-]{1,64}", fullmatch=True),
    st.sampled_from(["auxiliar", "mi-apoyo", "manual"]),
    st.sampled_from([(Credential.CIC, "0" * 9), (Credential.OCR, "9" * 12), (Credential.OCR, "1" * 13)]),
    st.datetimes(timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))),
    st.binary(min_size=32, max_size=32),
)
def test_any_acuse_reads_back(
    proceso: str, modalidad: str, number: tuple[Credential, str], moment: datetime, data: bytes
) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    acuse = Acuse(proceso, ACUSE.folio, modalidad, *number, moment, data, data[::-1])
    assert parse_acuse(acuse.encode()) == acuse
    assert parse_acuse(acuse.encode()).encode() == acuse.encode()


@given(st.integers(0, len(FILE.encode())), st.integers(0, 2), st.binary(max_size=3))
def test_what_is_read_as_a_file_is_written_the_same(at: int, cut: int, inserted: bytes) -> None:
    good = FILE.encode()
    data = good[:at] + inserted + good[at + cut :]
    try:
        file = parse_acuse_file(data)
    except FormatRefusal:
        return
    assert file.encode() == data
    try:
        file.verify(POLICY)
    except (SignatureRefusal, TreeRefusal, QuorumRefusal):
        return
    assert (file.acuse, file.proof.checkpoint.head) == (ACUSE, FILE.proof.checkpoint.head)


def test_the_file_is_text_empty_line_and_proof() -> None:
    assert FILE.encode() == TEXT.encode() + b"\n" + FILE.proof.encode()
    assert parse_acuse_file(FILE.encode()) == FILE
    with pytest.raises(FormatRefusal, match=r"acuse\.separador"):
        parse_acuse_file(TEXT.encode())
    with pytest.raises(FormatRefusal, match=r"prueba"):
        parse_acuse_file(TEXT.encode() + b"\n")


def test_it_verifies_offline_with_a_policy() -> None:
    assert FILE.verify(POLICY).cosigned.keys() == {"w0", "w1", "w2"}
    with pytest.raises(TreeRefusal):
        replace(FILE, acuse=replace(ACUSE, number="123456780")).verify(POLICY)
    with pytest.raises(QuorumRefusal):
        file_of(ACUSE, witnesses=1).verify(POLICY)
    foreign = parse_policy(b"log " + WITNESSES_AS_LOG.encode() + b"\nquorum none\n")
    with pytest.raises(SignatureRefusal):
        FILE.verify(foreign)


WITNESSES_AS_LOG = type(LOG)("otra.mx", b"o" * 32).key.encode()


def test_what_fails_is_said_before_the_quorum() -> None:
    lone = file_of(ACUSE, witnesses=0)
    with pytest.raises(TreeRefusal):
        replace(lone, acuse=replace(ACUSE, number="123456780")).verify(POLICY)


def test_the_independent_verifier_agrees(tmp_path: Path) -> None:
    (tmp_path / "politica.txt").write_text(POLICY_TEXT)
    for file, code in ((FILE, 0), (file_of(ACUSE, witnesses=1), 1)):
        (tmp_path / "x.acuse").write_bytes(file.encode())
        command = [sys.executable, "-m", "certeza_verifier", "acuse", "x.acuse", "--politica", "politica.txt"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        assert " ".join(grouped(ACUSE.code)[:8]) in done.stdout


def test_codes_as_people_read_and_type_them() -> None:
    groups = grouped(ACUSE.code)
    assert ({len(g) for g in groups}, len(groups)) == ({4}, 16)
    for typed in (ACUSE.code, " ".join(groups), "-".join(groups).upper(), "\n".join(groups) + "\n"):
        assert parse_code(typed) == ACUSE.code
    for bad in (ACUSE.code[:-1], ACUSE.code + "0", "g" + ACUSE.code[1:], "", "x" * 2000):
        with pytest.raises(FormatRefusal):
            parse_code(bad)
    with pytest.raises(FormatRefusal, match=r"acuse\.codigo"):
        entry_of(ACUSE.code.upper())


def test_the_qr_carries_the_file_when_it_fits() -> None:
    payload = qr_payload(FILE)
    assert (payload.data, payload.whole) == (FILE.encode(), True)
    extra = replace(FILE.proof, extra=b"")
    room = QR_BYTES - len(replace(FILE, proof=extra).encode())
    for size, whole in ((room // 4 * 3, True), (room // 4 * 3 + 3, False)):
        file = replace(FILE, proof=replace(FILE.proof, extra=bytes(size)))
        assert qr_payload(file).whole is whole
    assert qr_payload(file).data == f"certeza:acuse:{ACUSE.code}:{ORIGIN}".encode()


def test_a_log_of_two_millions_and_three_witnesses_fits() -> None:
    proof = replace(FILE.proof, index=2**21 - 1, hashes=(bytes(32),) * 21)
    assert len(replace(FILE, proof=proof).encode()) < 1900
    assert re.search(rb"index 2097151\n", proof.encode())


def test_no_byte_of_a_file_can_be_changed() -> None:
    """With as many witnesses as the quorum asks for. Another one's line may go or turn into a stranger's."""
    data, rng = file_of(ACUSE, witnesses=2, before=3, after=4).encode(), random.Random(1)
    parse_acuse_file(data).verify(POLICY)
    for at in range(len(data)):
        flipped = data[at] ^ 1 << rng.randrange(8)
        for altered in (data[:at] + bytes([flipped]) + data[at + 1 :], data[:at], data[:at] + data[at + 1 :]):
            with pytest.raises(Refusal):
                parse_acuse_file(altered).verify(POLICY)
