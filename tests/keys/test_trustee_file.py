"""A trustee's private file: form, passphrase, age, and what a crash or a hurried hand cannot do to it."""

from __future__ import annotations

import os
import pty
import select
import shutil
import stat
import time
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest

from keys import atomic_file, trustee_file
from keys.trustee_file import TrusteeFile, TrusteeFileRefusal

pytestmark = pytest.mark.req("SEI-22")
PHRASE = "una frase de prueba"
CONTENT = TrusteeFile("c" * 22, "Ed25519", 5, 3, 2, "KgGVuY4y5QCbGEhYA1921J", '{"message":"…"}')


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """age without scrypt's cost: an X25519 identity per passphrase."""
    identities: dict[str, pyrage.x25519.Identity] = {}

    def identity(phrase: str) -> pyrage.x25519.Identity:
        return identities.setdefault(phrase, pyrage.x25519.Identity.generate())

    class Cheap:
        @staticmethod
        def encrypt(data: bytes, phrase: str) -> bytes:
            return bytes(pyrage.encrypt(data, [identity(phrase).to_public()]))

        @staticmethod
        def decrypt(data: bytes, phrase: str) -> bytes:
            return bytes(pyrage.decrypt(data, [identity(phrase)]))

    monkeypatch.setattr(pyrage, "passphrase", Cheap)


def test_content_round_trips() -> None:
    full = replace(CONTENT, certificados="a" * 64, polinomio="{}", verificacion="{}")
    for content in (CONTENT, full):
        assert TrusteeFile.decode(content.encode(), "x") == content
    assert CONTENT.semilla not in repr(CONTENT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        CONTENT.encode() + b"\n",
        CONTENT.encode().replace(b'"version":1', b'"version":2'),
        CONTENT.encode().replace(b"J", b"0"),
        CONTENT.encode().replace(b'"indice":2', b'"indice":"2"'),
        CONTENT.encode().replace(b'"polinomio":null,', b""),
    ],
)
def test_other_contents_are_refused_without_quoting(data: bytes) -> None:
    with pytest.raises(TrusteeFileRefusal) as caught:
        TrusteeFile.decode(data, "x")
    assert CONTENT.semilla[:8] not in str(caught.value)


@pytest.mark.usefixtures("cheap")
def test_create_load_update(tmp_path: Path) -> None:
    path = tmp_path / "llave"
    trustee_file.create(path, CONTENT, PHRASE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    stored = trustee_file.load(path, PHRASE)
    assert stored.content == CONTENT
    later = replace(CONTENT, certificados="b" * 64)
    trustee_file.update(path, stored, later, PHRASE)
    assert trustee_file.load(path, PHRASE).content == later
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(TrusteeFileRefusal, match=r"custodio\.archivo\.cambió"):
        trustee_file.update(path, stored, later, PHRASE)
    assert [p.name for p in tmp_path.iterdir()] == ["llave"]


@pytest.mark.usefixtures("cheap")
def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "llave"
    trustee_file.create(path, CONTENT, PHRASE)
    with pytest.raises(TrusteeFileRefusal, match=r"custodio\.archivo\.existe"):
        trustee_file.create(path, CONTENT, PHRASE)
    stored = trustee_file.load(path, PHRASE)
    for other in (replace(CONTENT, semilla="7e2r9YbrEMNVzCVWpLjZ5j"), replace(CONTENT, indice=3)):
        with pytest.raises(TrusteeFileRefusal, match=r"otra_llave"):
            trustee_file.update(path, stored, other, PHRASE)
    assert trustee_file.load(path, PHRASE) == stored


@pytest.mark.usefixtures("cheap")
def test_sticks_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "FAT")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    path = tmp_path / "llave"
    trustee_file.create(path, CONTENT, PHRASE)
    with pytest.raises(TrusteeFileRefusal, match=r"custodio\.archivo\.existe"):
        trustee_file.create(path, CONTENT, PHRASE)
    assert trustee_file.load(path, PHRASE).content == CONTENT


@pytest.mark.usefixtures("cheap")
def test_another_passphrase_or_another_file(tmp_path: Path) -> None:
    path = tmp_path / "llave"
    trustee_file.create(path, CONTENT, PHRASE)
    with pytest.raises(TrusteeFileRefusal, match=r"custodio\.archivo\.frase"):
        trustee_file.load(path, "otra frase de prueba")
    path.write_bytes(b"no es age")
    with pytest.raises(TrusteeFileRefusal, match=r"custodio\.archivo\.age"):
        trustee_file.load(path, PHRASE)


def test_a_machine_that_was_busy_for_an_instant_is_no_wrong_passphrase(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sealed, real, answers = trustee_file.seal(b"contenido", PHRASE), pyrage.passphrase.decrypt, [True] * 3

    class Busy:
        @staticmethod
        def decrypt(data: bytes, phrase: str) -> bytes:
            costly = data.replace(cost(data), b" 40", 1) if answers and answers.pop() else data
            return bytes(real(costly, phrase))

    monkeypatch.setattr(pyrage, "passphrase", Busy)
    assert trustee_file.unseal(sealed, PHRASE, "llave") == b"contenido"
    assert answers == []
    answers.extend([True] * 100)
    with pytest.raises(TrusteeFileRefusal, match="muy lento o muy ocupado"):
        trustee_file.unseal(sealed, PHRASE, "llave")


def cost(sealed: bytes) -> bytes:
    """The logarithm of scrypt's cost, as the header of a sealed file says it, with the blank before it."""
    return b" " + sealed.splitlines()[1].split()[-1]


@pytest.mark.parametrize("call", ["fsync", "write", "replace"])
@pytest.mark.parametrize("at", range(2))
def test_a_crash_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, at: int
) -> None:
    path = tmp_path / "archivo"
    atomic_file.replace(path, b"antes")
    count = iter(range(100))

    def stop(real: object) -> object:
        def wrapped(*arguments: object) -> object:
            if next(count) == at:
                raise KeyboardInterrupt
            return real(*arguments)  # type: ignore[operator]

        return wrapped

    if call == "fsync":
        monkeypatch.setattr(atomic_file.os, "fsync", stop(os.fsync))
    elif call == "write":
        monkeypatch.setattr(atomic_file.os, "fdopen", stop(os.fdopen))
    else:
        monkeypatch.setattr(Path, "replace", stop(Path.replace))
    try:
        atomic_file.replace(path, b"despues")
    except KeyboardInterrupt:
        assert path.read_bytes() in (b"antes", b"despues")
    else:
        assert path.read_bytes() == b"despues"
    assert [p.name for p in tmp_path.iterdir()] == ["archivo"]


@pytest.mark.parametrize("phrase", ["", "corta", "once letras"])
def test_short_passphrases(phrase: str) -> None:
    with pytest.raises(TrusteeFileRefusal, match=r"custodio\.frase\.corta") as caught:
        trustee_file.check_passphrase(phrase)
    assert not phrase or phrase not in str(caught.value).removesuffix("[custodio.frase.corta]")


def test_two_spellings_of_an_accent_are_one_passphrase() -> None:
    composed, decomposed = "canción de cuna", "cancio\u0301n de cuna"
    assert trustee_file.check_passphrase(composed) == trustee_file.check_passphrase(decomposed)


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("age") is None, reason="AVISO: no hay age: que otro programa abra la llave NO se probó"
)
def test_any_age_opens_the_file(tmp_path: Path) -> None:
    path, plain = tmp_path / "llave", tmp_path / "claro"
    trustee_file.create(path, CONTENT, PHRASE)
    assert type_at_terminal(["age", "-d", "-o", str(plain), str(path)], PHRASE) == 0
    assert plain.read_bytes() == CONTENT.encode()
    assert trustee_file.load(path, PHRASE).content == CONTENT


def type_at_terminal(command: list[str], line: str) -> int:
    """Run a program that asks at its terminal, and answer."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)  # noqa: S606
    deadline, answered = time.monotonic() + 120, False
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        try:
            seen = os.read(terminal, 1024) if ready else b""
        except OSError:
            break
        if b"assphrase" in seen and not answered:
            os.write(terminal, line.encode() + b"\n")
            answered = True
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
