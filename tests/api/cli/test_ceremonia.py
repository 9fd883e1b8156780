"""The command line of the ceremony, as coordinator and trustees type it."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from api.cli import passphrase, screen
from api.cli.main import certeza
from keys import trustee_file
from keys.ceremony import verify_trustees
from keys.group import group_named
from tally.shares import ShareHeading

pytestmark = pytest.mark.req("SEI-22")
PHRASE = "frase de prueba larga"


class Person:
    """Somebody at a keyboard: runs orders and reads what they say."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: object, code: int = 0) -> str:
        found = screen.run(certeza, [str(a) for a in arguments])
        out = self.capsys.readouterr()
        text = out.out + out.err
        assert found == code, text
        assert "Traceback" not in text
        assert PHRASE not in text
        return text


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Person:
    """scrypt's cost is left to test_trustee_file.py: here a seal is the phrase beside the content."""

    def unseal(data: bytes, phrase: str, place: str) -> bytes:
        content = data.removeprefix(phrase.encode() + b"\n")
        if content == data:
            raise trustee_file.TrusteeFileRefusal("custodio.archivo.frase", place, "la frase", "otra frase")
        return content

    monkeypatch.setattr(trustee_file, "seal", lambda content, phrase: phrase.encode() + b"\n" + content)
    monkeypatch.setattr(trustee_file, "unseal", unseal)
    return Person(capsys)


class Stick:
    """A ceremony of three with threshold two, on a stick."""

    def __init__(self, run: Person, root: Path) -> None:
        self.run, self.root, self.folder = run, root, root / "usb"
        self.phrase = root / "frase"
        self.phrase.write_text(PHRASE + "\n")
        self.phrase.chmod(0o600)
        arguments = ("--custodios", 3, "--umbral", 2, "--salida", self.folder)
        run("ceremonia", "iniciar", *arguments)

    def key(self, index: int) -> Path:
        return self.root / f"llave-{index}"

    def trustee(self, order: str, index: int, *more: object, code: int = 0) -> str:
        given = ("--llave", self.key(index), "--frase-archivo", self.phrase)
        return self.run("custodio", order, self.folder, *given, *more, code=code)

    def certificates(self) -> None:
        for index in (1, 2, 3):
            self.trustee("certificado", index, "--indice", index)
        self.advance()

    def polynomials(self) -> None:
        for index in (1, 2, 3):
            self.trustee("polinomio", index)
        self.advance()

    def verifications(self) -> None:
        for index in (1, 2, 3):
            self.trustee("verificar", index)
        self.advance()

    def complete(self) -> Stick:
        self.certificates()
        self.polynomials()
        self.verifications()
        return self

    def advance(self, code: int = 0) -> str:
        return self.run("ceremonia", "avanzar", self.folder, code=code)


@pytest.fixture
def stick(run: Person, tmp_path: Path) -> Stick:
    return Stick(run, tmp_path)


def test_a_whole_ceremony_and_its_rehearsal(stick: Stick) -> None:
    assert "Falta certificado de: 1, 2, 3" in stick.advance()
    stick.complete()
    trustees = verify_trustees(group_named("Ed25519"), (stick.folder / "trustees.json").read_bytes())
    assert len(trustees.verification_keys) == 3
    assert "completa" in stick.run("ceremonia", "estado", stick.folder)
    text = stick.run("ceremonia", "acta", stick.folder)
    acta = json.loads((stick.folder / "acta.json").read_bytes())
    first = acta["custodios"][0]["huella"]
    assert f"{first[:4]} {first[4:8]}" in text
    assert stat.S_IMODE(stick.key(1).stat().st_mode) == 0o600
    heard = (stick.folder / "acta.txt").read_text().split("Huella de trustees.json:")[1]
    said = stick.trustee("huella", 2)
    assert "contiene su llave" in said
    for words in heard.replace("Llave pública de la consulta:", "").split("\n"):
        assert words.strip() in said
    stick.run("ceremonia", "ensayo", stick.folder)
    stick.trustee("ensayo", 3)
    assert "NO se ha superado" in stick.run("ceremonia", "ensayo", stick.folder, code=1)
    stick.trustee("ensayo", 1)
    assert "El ensayo se superó" in stick.run("ceremonia", "ensayo", stick.folder)
    recorded = json.loads((stick.folder / "ensayo" / "acta.json").read_bytes())
    assert (recorded["correctos"], recorded["ausentes"], recorded["superado"]) == ([1, 3], [2], True)


def test_a_wrong_rehearsal_answer_is_named_and_does_not_block(stick: Stick) -> None:
    stick.complete()
    stick.run("ceremonia", "ensayo", stick.folder)
    for index in (1, 2, 3):
        stick.trustee("ensayo", index)
    answers = stick.folder / "ensayo"
    shutil.copy(answers / "respuesta-1.json", answers / "respuesta-2.json")
    text = stick.run("ceremonia", "ensayo", stick.folder)
    assert "Rechazada la del custodio 2" in text
    assert "se superó" in text
    stick.run("ceremonia", "ensayo", stick.folder, "--nuevo")
    assert (stick.folder / "ensayo-1" / "acta.json").exists()


def test_repeating_a_step_hands_out_the_same_message(stick: Stick) -> None:
    stick.certificates()
    inbox = stick.folder / "buzon"
    before = (inbox / "certificado-1.json").read_bytes()
    (inbox / "certificado-1.json").unlink()
    stick.trustee("certificado", 1, "--indice", 1)
    assert (inbox / "certificado-1.json").read_bytes() == before
    stick.polynomials()
    before = (inbox / "polinomio-2.json").read_bytes()
    (inbox / "polinomio-2.json").unlink()
    stick.trustee("polinomio", 2)
    assert (inbox / "polinomio-2.json").read_bytes() == before


def test_two_people_with_one_index(stick: Stick) -> None:
    stick.trustee("certificado", 1, "--indice", 1)
    text = stick.trustee("certificado", 2, "--indice", 1, code=1)
    assert "ya hay ahí otro mensaje" in text
    assert not stick.key(2).exists()
    text = stick.trustee("certificado", 1, "--indice", 2, code=1)
    assert "es la llave del custodio 1" in text


def test_steps_out_of_order_say_what_is_missing(stick: Stick) -> None:
    stick.trustee("certificado", 1, "--indice", 1)
    assert "certificados.jsons" in stick.trustee("polinomio", 1, code=1)
    for index in (2, 3):
        stick.trustee("certificado", index, "--indice", index)
    stick.advance()
    assert "entradas/1.json" in stick.trustee("verificar", 1, code=1)
    stick.run("ceremonia", "ensayo", stick.folder, code=1)


def test_an_altered_message_is_named_and_the_others_count(stick: Stick) -> None:
    for index in (1, 2, 3):
        stick.trustee("certificado", index, "--indice", index)
    path = stick.folder / "buzon" / "certificado-2.json"
    path.write_bytes(path.read_bytes().replace(b'\\"index\\":2', b'\\"index\\":3'))
    text = stick.advance(code=1)
    assert "mensaje del custodio 2" in text
    assert "buzon/certificado-2.json" in text
    assert "Falta certificado de: 2" in text


def test_a_fingerprint_read_aloud_that_differs_stops_the_trustee(stick: Stick) -> None:
    stick.certificates()
    text = stick.trustee("polinomio", 1, "--huella", "0000 " * 16, code=1)
    assert "No se escribió nada" in text
    assert not (stick.folder / "buzon" / "polinomio-1.json").exists()
    gamma = json.loads(stick.run("ceremonia", "acta", stick.folder, "--json").splitlines()[0])["certificados"]
    heard = " ".join(gamma[i : i + 4] for i in range(0, 64, 4)).upper()
    assert "Coincide" in stick.trustee("polinomio", 1, "--huella", heard)


def test_certificates_exchanged_after_the_polynomials(stick: Stick, run: Person, tmp_path: Path) -> None:
    stick.certificates()
    stick.polynomials()
    path = stick.folder / "certificados.jsons"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[1] + lines[0] + lines[2])
    assert "ceremonia.certificado" in stick.trustee("verificar", 3, code=1)


def test_another_folder_than_at_the_first_step(stick: Stick, run: Person, tmp_path: Path) -> None:
    stick.certificates()
    run("ceremonia", "iniciar", "--custodios", 3, "--umbral", 2, "--salida", tmp_path / "otra")
    given = ("--llave", stick.key(1), "--frase-archivo", stick.phrase)
    text = run("custodio", "polinomio", tmp_path / "otra", *given, code=1)
    assert "ceremonia.anuncio.cambió" in text


def test_a_ceremony_is_never_started_over(stick: Stick) -> None:
    arguments = ("--custodios", 5, "--umbral", 2, "--salida", stick.folder)
    assert "ya hay una ceremonia" in stick.run("ceremonia", "iniciar", *arguments, code=1)


def test_wrong_and_short_passphrases(stick: Stick) -> None:
    stick.trustee("certificado", 1, "--indice", 1)
    stick.phrase.write_text("otra frase de prueba")
    assert "custodio.archivo.frase" in stick.trustee("certificado", 1, "--indice", 1, code=1)
    stick.phrase.write_text("corta")
    assert "al menos 12 caracteres" in stick.trustee("certificado", 2, "--indice", 2, code=1)
    assert not stick.key(2).exists()


def typed(*answers: str) -> Callable[..., str]:
    left = list(answers)

    def prompt(*_: object, hide_input: bool, **__: object) -> str:
        assert hide_input
        return left.pop(0)

    return prompt


def test_typing_the_passphrase_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click, "prompt", typed(PHRASE, "otra cosa distinta", PHRASE, PHRASE))
    assert passphrase.new(None) == PHRASE
    monkeypatch.setattr(click, "prompt", typed(*["una frase larga", "otra frase larga"] * 3))
    with pytest.raises(screen.CommandFailed, match="no coincidieron"):
        passphrase.new(None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nada"], "No existe la orden «nada»"),
        (["ceremonia", "iniciar"], "Falta la opción --custodios"),
        (["ceremonia", "avanzar"], "Falta el argumento CARPETA"),
        (["ceremonia", "avanzar", "a", "b"], "Sobra en la orden"),
        (["ceremonia", "acta", "a", "--jsom"], "¿Quiso decir --json?"),
        (["ceremonia", "acta", "a", "--json=1"], "no lleva valor"),
        (["custodio", "ensayo", "a", "--llave"], "necesita un valor"),
        (["ceremonia", "iniciar", "--custodios", "x"], "se esperaba un entero desde 1"),
        (
            ["ceremonia", "iniciar", "--custodios", "3", "--umbral", "2", "--grupo", "X"],
            "se esperaba Ed25519",
        ),
    ],
)
def test_wrong_usage_is_explained_in_spanish(run: Person, arguments: list[str], said: str) -> None:
    text = run(*arguments, code=2)
    assert said in text
    assert not {"Usage", "Error:\u00a0", "No such", "Missing", "Try", "Invalid"} & set(text.split())


def test_help_is_in_spanish(run: Person) -> None:
    text = run("ceremonia", "iniciar", "--help")
    assert "Uso:" in text
    assert "Opciones:" in text
    assert not {"Usage:", "Options:", "Show", "[required]"} & set(text.split())


def test_a_folder_that_is_not_there(run: Person, tmp_path: Path) -> None:
    assert "ceremonia.carpeta.falta" in run("ceremonia", "avanzar", tmp_path / "nada", code=1)


def test_failures_of_the_program_do_not_show_their_content(
    run: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("secreto")

    monkeypatch.setattr("api.cli.ceremonia.open_ceremony", broken)
    text = run("ceremonia", "estado", tmp_path, code=1)
    assert "Falla interna (RuntimeError)" in text
    assert "secreto" not in text


def test_offices_are_counted_and_odd_files_refused_without_waiting(run: Person, tmp_path: Path) -> None:
    names = tmp_path / "cargos.txt"
    order = ("ceremonia", "iniciar", "--custodios", 3, "--umbral", 2, "--salida", tmp_path / "c", "--nombres")
    names.write_text("Presidencia\nConsejería 1\n", "utf-8")
    assert "3 en total; se encontraron 2" in run(*order, names, code=1)
    os.mkfifo(tmp_path / "tubo")
    for odd in (tmp_path / "tubo", Path("/dev/zero"), tmp_path):
        assert "se esperaba un archivo" in run(*order, odd, code=1)
    assert not (tmp_path / "c").exists()
    names.write_text("\ufeffPresidencia\nConsejería 1\nConsejería 2\n", "utf-8")
    run(*order, names)
    assert json.loads((tmp_path / "c" / "ceremonia.json").read_bytes())["nombres"][0] == "Presidencia"


def test_what_is_not_a_key_file_is_refused_without_waiting(run: Person, tmp_path: Path) -> None:
    stick = Stick(run, tmp_path)
    os.mkfifo(tmp_path / "tubo")
    odd = {tmp_path / "tubo": "tubería", Path("/dev/zero"): "dispositivo", tmp_path: "carpeta"}
    for path, said in odd.items():
        given = ("--llave", path, "--frase-archivo", stick.phrase)
        assert said in run("custodio", "polinomio", stick.folder, *given, code=1)
        assert said in run("custodio", "apertura", tmp_path, *given, "--salida", tmp_path / "x", code=1)


def test_a_share_is_never_written_over_a_key_or_a_document(run: Person, tmp_path: Path) -> None:
    """The private file, given as --salida by mistake, is the one thing that nobody can make again."""
    stick = Stick(run, tmp_path)
    stick.trustee("certificado", 1, "--indice", 1)
    before = stick.key(1).read_bytes()
    given = ("--llave", stick.key(1), "--frase-archivo", stick.phrase, "--salida")
    (tmp_path / "enlace").symlink_to(stick.key(1))
    for taken in (
        stick.key(1),
        tmp_path / "enlace",
        stick.folder / "ceremonia.json",
        tmp_path,
        Path("/dev/null"),
    ):
        assert "ya existe y no es una aportación" in run(
            "custodio", "apertura", tmp_path, *given, taken, code=1
        )
    assert stick.key(1).read_bytes() == before
    (tmp_path / "mia.jsonl").write_bytes(ShareHeading("c", 1, 2).line)
    assert "consulta.json: no existe" in run(
        "custodio", "apertura", tmp_path, *given, tmp_path / "mia.jsonl", code=1
    )


def test_a_passphrase_file_is_never_cut_in_silence(run: Person, tmp_path: Path) -> None:
    stick = Stick(run, tmp_path)
    stick.phrase.write_text("x" * 1025)
    assert "a lo más 1024 bytes" in stick.trustee("certificado", 1, "--indice", 1, code=1)
    assert not stick.key(1).exists()


def test_challenge_and_number_of_two_rehearsals_tell_how_to_begin_anew(run: Person, tmp_path: Path) -> None:
    """Two coordinators at once leave the challenge of one and the number of the other."""
    stick = Stick(run, tmp_path)
    assert "se esperaba una ceremonia completa" in run("ceremonia", "ensayo", stick.folder, code=1)
    stick.complete()
    run("ceremonia", "ensayo", stick.folder)
    kept = stick.folder / "ensayo" / "valor.json"
    kept.write_bytes(re.sub(rb'"reto":"[0-9a-f]{64}"', b'"reto":"' + b"0" * 64 + b'"', kept.read_bytes()))
    assert "--nuevo" in run("ceremonia", "ensayo", stick.folder, code=1)
    assert "quedó en ensayo-1" in run("ceremonia", "ensayo", stick.folder, "--nuevo")
