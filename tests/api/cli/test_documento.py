"""`certeza documento`: an authority of trial, stamps over real HTTP, a signed PDF that the verifier takes."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from certeza_verifier.cli import main as verify

from api.cli import screen
from api.cli.main import certeza
from ledger.document_pdf import render
from tests.document_authority import DOCUMENT
from tests.document_judges import openssl

pytestmark = pytest.mark.req("APO-29")
PHRASE = "seis palabras al azar de ensayo"


@pytest.fixture
def phrase(tmp_path: Path) -> Path:
    """A file with the passphrase of everybody."""
    path = tmp_path / "frase"
    path.write_text(f"{PHRASE}\n")
    path.chmod(0o600)
    return path


class Person:
    """Somebody at a keyboard."""

    def __init__(self, capsys: pytest.CaptureFixture[str], phrase: Path) -> None:
        self._capsys = capsys
        self._phrase = phrase

    def __call__(self, *arguments: object, code: int = 0, phrase: bool = True) -> str:
        given = ["--frase-archivo", self._phrase] if phrase else []
        found = screen.run(certeza, [str(a) for a in ("documento", *arguments, *given)])
        out = self._capsys.readouterr()
        text = out.out + out.err
        assert found == code, text
        assert PHRASE not in text
        assert "Traceback" not in text
        return text

    def verify(self, *arguments: object) -> tuple[int, str]:
        """The other program."""
        code = verify([str(a) for a in ("documento", *arguments)])
        return code, self._capsys.readouterr().out


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], phrase: Path) -> Person:
    return Person(capsys, phrase)


@pytest.fixture
def folder(run: Person, tmp_path: Path) -> Path:
    """An authority."""
    run("autoridad", "crear", tmp_path / "aut", "--institucion", "Instituto de Prueba")
    return tmp_path / "aut"


def person(run: Person, folder: Path, phrase: Path, name: str) -> Path:
    options = ("--nombre", name, "--institucion", "Instituto de Prueba", "--frase-firmante-archivo", phrase)
    text = run("autoridad", "emitir", folder, *options)
    found = re.search(r"certificado (\d{21})", text)
    assert found
    return folder / "firmantes" / f"{found[1]}.p12"


@contextmanager
def stamping(folder: Path, phrase: Path) -> Iterator[str]:
    """The URL of the authority of stamps, in another process."""
    order = [sys.executable, "-m", "api.cli.main", "documento", "sello-de-tiempo", folder, "--puerto", "0"]
    order += ["--frase-archivo", phrase]
    with subprocess.Popen(order, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)


def test_two_people_sign_and_anybody_verifies(
    run: Person, folder: Path, phrase: Path, tmp_path: Path
) -> None:
    (tmp_path / "d.pdf").write_bytes(render(DOCUMENT))
    keys = [person(run, folder, phrase, name) for name in ("PERSONA UNO", "PERSONA DOS")]
    with stamping(folder, phrase) as url:
        sources = [tmp_path / "d.pdf", tmp_path / "d1.pdf", tmp_path / "d2.pdf"]
        for key, source, target in zip(keys, sources, sources[1:], strict=False):
            text = run("firmar", source, "--llave", key, "--sello", url, "--salida", target, "--firmas", 2)
            assert f"certificado {key.stem}" in text
        trust = ("--ancla", folder / "autoridad.pem", "--crl", folder / "lista.crl")
        given = (*trust, "--sello", url, "--salida", tmp_path / "d3.pdf")
        run("archivar", tmp_path / "d2.pdf", *given, phrase=False)
        wrong = ("--ancla", folder / "lista.crl", *given)
        assert "certificados en PEM" in run("archivar", tmp_path / "d2.pdf", *wrong, code=1, phrase=False)
    code, text = run.verify(tmp_path / "d3.pdf", *trust[:2])
    assert (code, "las listas que trae el documento" in text) == (0, True)
    code, text = run.verify(tmp_path / "d2.pdf", *trust)
    assert code == 0, text
    assert "firmado por PERSONA UNO" in text
    assert "firmado por PERSONA DOS" in text
    assert "Veredicto: ACEPTADO" in text


def test_a_revoked_key_is_told_by_openssl_and_by_the_verifier(
    run: Person, folder: Path, phrase: Path, tmp_path: Path
) -> None:
    (tmp_path / "d.pdf").write_bytes(render(DOCUMENT))
    key = person(run, folder, phrase, "SE FUE")
    run("autoridad", "revocar", folder, "--certificado", key.stem)
    with stamping(folder, phrase) as url:
        run("firmar", tmp_path / "d.pdf", "--llave", key, "--sello", url, "--salida", tmp_path / "f.pdf")
    trust = ("--ancla", folder / "autoridad.pem", "--crl", folder / "lista.crl")
    code, text = run.verify(tmp_path / "f.pdf", *trust)
    assert (code, "documento-revocado" in text) == (1, True)
    out = openssl("crl", "-in", "lista.crl", "-noout", "-text", "-CAfile", "autoridad.pem", where=folder).text
    assert f"{int(key.stem):X}" in out
    assert "verify OK" in out
    assert "ya revocado" in run("autoridad", "revocar", folder, "--certificado", key.stem, code=1)
    run("autoridad", "lista", folder)
    assert run.verify(tmp_path / "f.pdf", *trust)[0] == 1


def test_keys_are_for_their_owner_alone(run: Person, folder: Path, phrase: Path) -> None:
    made = [folder / "autoridad.p12", folder / "sellos.p12", person(run, folder, phrase, "PERSONA")]
    for path in made:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ask = ("pkcs12", "-in", "sellos.p12", "-noenc", "-passin", "pass:otra")
    assert openssl(*ask, where=folder).code != 0


def test_an_authority_is_not_made_twice(run: Person, folder: Path) -> None:
    before = (folder / "autoridad.pem").read_bytes()
    run("autoridad", "crear", folder, "--institucion", "Otra", code=1)
    assert (folder / "autoridad.pem").read_bytes() == before


def test_what_cannot_be_done_is_told_in_words(
    run: Person, folder: Path, phrase: Path, tmp_path: Path
) -> None:
    key = person(run, folder, phrase, "PERSONA")
    (tmp_path / "d.pdf").write_bytes(render(DOCUMENT))
    sign = ("firmar", tmp_path / "d.pdf", "--salida", tmp_path / "f.pdf", "--sello", "http://127.0.0.1:1/")
    assert "autoridad de sellado" in run(*sign, "--llave", key, code=1)
    assert "otro archivo u otra frase" in run(*sign, "--llave", tmp_path / "d.pdf", code=1)
    assert not (tmp_path / "f.pdf").exists()
    assert "sólo cifras" in run("autoridad", "revocar", folder, "--certificado", "x1", code=1)
    long = ("--nombre", "x" * 200, "--institucion", "I", "--frase-firmante-archivo", phrase)
    assert "no cabe en un certificado" in run("autoridad", "emitir", folder, *long, code=1)
