"""`certeza opl` as it is typed: a key, its proof, a package opened and verified."""

from __future__ import annotations

import re
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.cli import screen
from api.cli.main import certeza
from capture.results.process_package import seal_process
from capture.results.source_sql import SqlSource, snapshot
from keys.recipients.possession import kept, new_challenge, verify_answer
from keys.recipients.recipient import parse_recipient
from ledger.database import Database
from tests.capture.results.making import AUTHORITY, PROCESO, every_kind, packing, world
from tests.ledger.signing import LOG

pytestmark = pytest.mark.req("APO-23")
SUFFIX = {"age": "pub", "ec": "pem", "rsa": "pem"}


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    path = tmp_path / "frase.txt"
    path.write_text("seis palabras tomadas al azar\n", "utf-8")
    path.chmod(0o600)
    return path


def run(*words: object) -> int:
    return screen.run(certeza, ["opl", *map(str, words)])


def make_key(folder: Path, kind: str, phrase: Path) -> Path:
    options = () if kind == "age" else ("--x509", kind, "--titular", "Instituto de prueba")
    assert run("generar-llave", folder / "opl", *options, "--frase-archivo", phrase) == 0
    return folder / "opl.llave"


@pytest.mark.parametrize("kind", SUFFIX)
def test_an_opl_makes_a_key_proves_it_and_opens_a_package(
    kind: str, database: Database, tmp_path: Path, phrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = make_key(tmp_path, kind, phrase)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    recipient = parse_recipient((tmp_path / f"opl.{SUFFIX[kind]}").read_bytes())
    assert recipient.fingerprint[:4] in capsys.readouterr().out
    secret = ("--llave", key, "--frase-archivo", phrase)

    now = datetime.now(UTC)
    challenge = new_challenge("0190a0b0-0000-7000-8000-00000000000a", recipient, now, b"\5" * 32)
    (tmp_path / "reto").write_bytes(challenge.seal(recipient))
    assert run("registrar-posesion", tmp_path / "reto", *secret) == 0
    answer = re.findall(r"^[0-9a-f]{64}$", capsys.readouterr().out, re.MULTILINE)[-1]
    verify_answer(answer, kept(challenge.answer), challenge.expires, now)

    made = world(database, tmp_path / "servicio")
    every_kind(made)
    package = tmp_path / "paquete"
    with snapshot(database) as connection, package.open("wb") as target:
        source = SqlSource(connection, made.vault, made.bodies)
        seal_process(packing(made.added), source, made.leaves(), recipient, target)
    assert run("descifrar", package, *secret, "--carpeta", tmp_path / "salida") == 0
    folder = tmp_path / "salida" / f"{PROCESO}-definitivo"
    policy = tmp_path / "politica.txt"
    policy.write_text(f"log {LOG.key.encode()}\nquorum none\n")
    trust = ("--autoridad", AUTHORITY.key.encode(), "--politica", policy)
    assert run("verificar", folder, *trust) == 0
    assert "9 acuses con su prueba" in capsys.readouterr().out
    (folder / "registros.csv").write_bytes(b"otra cosa")
    assert run("verificar", folder, *trust) == 1
    assert "paquete.tamano" in capsys.readouterr().err


def test_age_opens_a_private_key_that_was_made_here(tmp_path: Path, phrase: Path) -> None:
    key = make_key(tmp_path, "age", phrase)
    assert key.read_bytes().startswith(b"age-encryption.org/v1\n-> scrypt ")


def test_openssl_accepts_the_request_and_the_private_key(tmp_path: Path, phrase: Path) -> None:
    key = make_key(tmp_path, "rsa", phrase)
    subprocess.run(
        ["openssl", "req", "-in", str(tmp_path / "opl.csr"), "-verify", "-noout"],
        check=True,
        capture_output=True,
    )
    order = ["openssl", "pkey", "-in", str(key), "-passin", f"file:{phrase}", "-noout"]
    subprocess.run(order, check=True, capture_output=True)


def test_a_key_is_never_overwritten(tmp_path: Path, phrase: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = make_key(tmp_path, "age", phrase)
    before = key.read_bytes()
    assert run("generar-llave", tmp_path / "opl", "--frase-archivo", phrase) == 1
    assert "ya existe" in capsys.readouterr().err
    assert key.read_bytes() == before


def test_another_passphrase_opens_nothing(
    tmp_path: Path, phrase: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = make_key(tmp_path, "age", phrase)
    (tmp_path / "reto").write_bytes(b"x")
    phrase.write_text("otra frase que no es la suya")
    assert run("registrar-posesion", tmp_path / "reto", "--llave", key, "--frase-archivo", phrase) == 1
    assert "custodio.archivo.frase" in capsys.readouterr().err


def test_a_certificate_without_its_holder_is_a_wrong_call(tmp_path: Path, phrase: Path) -> None:
    assert run("generar-llave", tmp_path / "opl", "--x509", "ec", "--frase-archivo", phrase) == 2
    assert list(tmp_path.glob("opl.*")) == []
