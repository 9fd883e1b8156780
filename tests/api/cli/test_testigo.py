"""`certeza testigo` and `certeza bitacora`: three witnesses over real HTTP, one of them down."""

from __future__ import annotations

import errno
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import screen
from api.cli.main import certeza
from ledger.checkpoint import Checkpoint, SignedCheckpoint
from ledger.lock_sqlite import SqliteLock
from ledger.note import sign_note
from ledger.sequencer import Identity, Sequencer, Submission, create_log
from ledger.store_folder import FolderStorage
from ledger.vkey import Ed25519Signer
from ledger.witness import Request, Witness
from ledger.witness_folder import open_memory, read_keys

pytestmark = pytest.mark.req("VER-02")
ORIGIN = "ejemplo.mx/bitacora"
SIGNER = Ed25519Signer(ORIGIN, b"bitacora".ljust(32, b"."))
VKEY = SIGNER.key.encode()


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
        assert not re.search(r"PRIVATE\+KEY\+\S+\+[0-9a-f]{8}\+", text)
        return text


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Person:
    return Person(capsys)


def made(run: Person, folder: Path, name: str) -> str:
    """A witness that follows the log; its vkey."""
    text = run("testigo", "iniciar", "--nombre", name, "--carpeta", folder)
    run("testigo", "agregar-bitacora", folder, VKEY)
    found = re.search(rf"{re.escape(name)}\+[0-9a-f]{{8}}\+\S+", text)
    assert found
    return found[0]


class Log:
    """A log in a folder, made by the sequencer."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "log"
        storage, lock = FolderStorage(self.folder), SqliteLock(root / "candado.db")
        identity = Identity(ORIGIN, (SIGNER,))
        create_log(storage, lock, identity)
        self.sequencer = Sequencer(storage, lock, identity)

    def grow(self, many: int) -> None:
        first = self.sequencer.published.head.size
        numbers = range(first, first + many)
        self.sequencer.append([Submission(b"clave %d" % i, b"entrada %d" % i) for i in numbers])


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    log = Log(tmp_path)
    log.grow(300)
    yield log
    log.sequencer.close()


class Serving:
    """`certeza testigo servir` in a process of its own."""

    def __init__(self, folder: Path) -> None:
        order = [sys.executable, "-m", "api.cli.main", "testigo", "servir", str(folder), "--puerto", "0"]
        self.process = subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", self.process.stdout.readline())
        assert found
        self.url = found[0]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=20)
        assert "El testigo se detuvo." in out
        assert "Traceback" not in out
        assert self.process.returncode == 0


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def test_two_of_three_witnesses_attest_a_log(run: Person, log: Log, tmp_path: Path) -> None:
    names = ("contraloria", "universidad", "partido")
    keys = {name: made(run, tmp_path / name, f"{name}.ejemplo.mx/1") for name in names}
    serving = {name: Serving(tmp_path / name) for name in names[:2]}
    urls = {"partido": f"http://127.0.0.1:{closed_port()}"} | {n: w.url for n, w in serving.items()}
    lines = [f"witness {name} {keys[name]} {urls[name]}" for name in names]
    policy = "\n".join([f"log {VKEY}", *lines, f"group g 2 {' '.join(names)}", "quorum g", ""])
    (log.folder / "politica.txt").write_text(policy)
    try:
        rounds(run, log)
        serving.pop("universidad").stop()
        log.grow(1)
        text = run("bitacora", "atestiguar", log.folder, code=1)
        assert "aún no atestiguado (1 de 3 testigos)" in text
        assert "universidad: no responde: no se pudo conectar" in text
    finally:
        for witness in serving.values():
            witness.stop()
    text = run("testigo", "estado", tmp_path / "contraloria")
    assert "300 → 1,000 → 1,001" in text
    assert "aún no atestiguado (1 de 3 testigos)" in run("bitacora", "estado", log.folder)


def rounds(run: Person, log: Log) -> None:
    """Nothing yet, attested, attested again without asking, grown, attested anew."""
    assert "aún no atestiguado (0 de 3 testigos)" in run("bitacora", "estado", log.folder)
    text = run("bitacora", "atestiguar", log.folder)
    assert "atestiguado por 2 de 3" in text
    assert "partido: no responde: no se pudo conectar" in text
    before = (log.folder / "checkpoint").read_bytes()
    assert "ya había cosignado" in run("bitacora", "atestiguar", log.folder)
    assert (log.folder / "checkpoint").read_bytes() == before
    text = run("bitacora", "estado", log.folder)
    assert "atestiguado por 2 de 3" in text
    assert "tamaño  300" in text
    log.grow(700)
    assert "aún no" in run("bitacora", "estado", log.folder)
    assert "atestiguado por 2 de 3" in run("bitacora", "atestiguar", log.folder)


def test_a_witness_is_made_once_and_its_key_is_private(run: Person, tmp_path: Path) -> None:
    folder = tmp_path / "testigo"
    key = made(run, folder, "testigo.ejemplo.mx/1")
    assert stat.S_IMODE((folder / "llaves").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [c.key.encode() for c in read_keys(folder)] == [key]
    text = run("testigo", "iniciar", "--nombre", "otro.mx", "--carpeta", folder, code=1)
    assert "testigo.existe" in text
    assert "ya seguía" in run("testigo", "agregar-bitacora", folder, VKEY)
    assert "llaves: no existe" in run("testigo", "estado", tmp_path, code=1)


def test_a_witness_without_its_memory_does_not_begin_anew(run: Person, tmp_path: Path) -> None:
    made(run, tmp_path / "t", "testigo.ejemplo.mx/1")
    (tmp_path / "t" / "testigo.db").unlink()
    for order in (("servir", tmp_path / "t", "--puerto", 0), ("estado", tmp_path / "t")):
        assert "testigo.memoria" in run("testigo", *order, code=1)
    assert not (tmp_path / "t" / "testigo.db").exists()


@pytest.mark.parametrize("spoiled", ["", "PRIVATE+KEY+x\n", "PRIVATE+KEY+x+00000000+BAAA\n", "hola\n"])
def test_a_spoiled_key_is_refused_and_never_shown(run: Person, tmp_path: Path, spoiled: str) -> None:
    made(run, tmp_path / "t", "testigo.ejemplo.mx/1")
    (tmp_path / "t" / "llaves").write_text(spoiled)
    assert "llave." in run("testigo", "estado", tmp_path / "t", code=1)


def test_a_key_under_another_name_is_refused(run: Person, tmp_path: Path) -> None:
    made(run, tmp_path / "t", "testigo.ejemplo.mx/1")
    keys = tmp_path / "t" / "llaves"
    keys.write_text(keys.read_text().replace("testigo.ejemplo", "otro.ejemplo"))
    assert "llave.id" in run("testigo", "estado", tmp_path / "t", code=1)


def test_both_kinds_of_key(run: Person, tmp_path: Path) -> None:
    text = run("testigo", "iniciar", "--nombre", "t.mx", "--carpeta", tmp_path / "t", "--ml-dsa")
    assert len(re.findall(r"t\.mx\+[0-9a-f]{8}\+", text)) == 2
    assert [c.key.algorithm for c in read_keys(tmp_path / "t")] == [4, 6]


WRONG: dict[tuple[str, ...], tuple[int, str]] = {
    ("agregar-bitacora", "t", "nada"): (1, "vkey.forma"),
    ("agregar-bitacora", "t", VKEY.replace("+89", "+88")): (1, "vkey.id"),
    ("agregar-bitacora", "nada", VKEY): (1, "testigo.memoria"),
    ("iniciar", "--nombre", "con espacio", "--carpeta", "x"): (1, "nota.nombre"),
    ("iniciar", "--carpeta", "x"): (2, "--nombre"),
    ("evidencia", "t", "otra.mx"): (1, "no sigue a otra.mx"),
    ("servir", "t", "--puerto", "70000"): (2, "--puerto"),
    ("servir", "t", "--puerto", "0", "--direccion", "192.0.2.1"): (1, "No se puede escuchar"),
}


@pytest.mark.parametrize("order", WRONG)
def test_wrong_calls_are_explained(
    run: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...]
) -> None:
    code, words = WRONG[order]
    monkeypatch.chdir(tmp_path)
    made(run, tmp_path / "t", "testigo.ejemplo.mx/1")
    assert words in run("testigo", *order, code=code)
    assert not (tmp_path / "x").exists()


def test_a_witness_s_key_is_not_a_log_s(run: Person, tmp_path: Path) -> None:
    key = made(run, tmp_path / "t", "testigo.ejemplo.mx/1")
    assert "es de un testigo" in run("testigo", "agregar-bitacora", tmp_path / "t", key, code=1)


def test_evidence_of_two_histories_is_written_out(run: Person, tmp_path: Path) -> None:
    folder = tmp_path / "t"
    made(run, folder, "testigo.ejemplo.mx/1")
    assert "nunca" in run("testigo", "estado", folder)
    memory = open_memory(folder)
    witness = Witness(read_keys(folder), memory)
    heads = [Checkpoint(ORIGIN, 5, bytes([i]) * 32) for i in (1, 2)]
    notes = [SignedCheckpoint(sign_note(head.encode(), [SIGNER]), head) for head in heads]
    bodies = [Request(old, (), note).encode() for old, note in zip((0, 5), notes, strict=True)]
    assert [witness.add_checkpoint(body).status for body in bodies] == [200, 422]
    memory.close()
    assert "contradicción en el tamaño 5" in run("testigo", "estado", folder, code=1)
    text = run("testigo", "evidencia", folder, ORIGIN, "--salida", tmp_path / "prueba", code=1)
    assert "prueba ante cualquiera" in text
    written = sorted((tmp_path / "prueba").iterdir())
    assert [path.read_bytes() for path in written] == [n.encode() for n in notes] + [f"{VKEY}\n".encode()]
    assert all(path.name in text for path in written[:2])
    assert "prueba ante cualquiera" in run("testigo", "evidencia", folder, ORIGIN, code=1)


def test_evidence_without_contradictions(run: Person, tmp_path: Path) -> None:
    made(run, tmp_path / "t", "testigo.ejemplo.mx/1")
    assert "Ninguna nota contradice" in run("testigo", "evidencia", tmp_path / "t", ORIGIN)


def test_a_log_without_policy_or_checkpoint(run: Person, log: Log, tmp_path: Path) -> None:
    assert "politica.txt: no existe" in run("bitacora", "estado", log.folder, code=1)
    (log.folder / "politica.txt").write_text(f"log {VKEY}\nquorum none\n")
    assert "la política no pide testigos" in run("bitacora", "estado", log.folder)
    assert "la política no pide testigos" in run("bitacora", "atestiguar", log.folder)
    (log.folder / "checkpoint").unlink()
    for order in ("estado", "atestiguar"):
        assert "almacen.falta" in run("bitacora", order, log.folder, code=1)
    (log.folder / "politica.txt").write_text("x\n")
    assert "línea 1" in run("bitacora", "estado", log.folder, code=1)


def test_an_impossible_time_is_shown_as_a_number(run: Person) -> None:
    from api.cli.times import spoken

    assert spoken(2**63 - 1) == "segundo 9223372036854775807"
    assert spoken(0).startswith(("1970", "1969"))


def test_a_start_cut_short_can_be_repeated_and_a_memory_with_a_log_cannot(
    run: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "t" / "llaves"))

    arguments = ("testigo", "iniciar", "--nombre", "t.mx", "--carpeta", tmp_path / "t")
    monkeypatch.setattr("ledger.witness_folder.atomic_file.create", full)
    assert "llaves: no queda espacio" in run(*arguments, code=1)
    monkeypatch.undo()
    run(*arguments)
    run("testigo", "agregar-bitacora", tmp_path / "t", VKEY)
    (tmp_path / "t" / "llaves").unlink()
    assert "testigo.existe" in run(*arguments, code=1)


def test_a_memory_that_cannot_be_used_is_told_in_words(run: Person, tmp_path: Path) -> None:
    made(run, tmp_path / "t", "t.mx")
    (tmp_path / "t" / "testigo.db").write_bytes(b"basura" * 1000)
    assert "no es una base de datos" in run("testigo", "estado", tmp_path / "t", code=1)
