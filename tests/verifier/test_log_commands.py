"""`acuse`, `codigo` and `bitacora`: what they accept, what they refuse and how they say it."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from certeza_verifier.cli import main
from certeza_verifier.limits import LIMITS, Limits
from certeza_verifier.tlog.source import _tls
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from tlogs import ACUSE, SHARED, Log, Signer, b64, code_of, h, log_with_acuse, quantum

Captured = pytest.CaptureFixture[bytes]
GOLDEN = SHARED / "vectors" / "tlog" / "tessera-golden-log"
GOLDEN_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def run(capfdbinary: Captured, *words: object) -> tuple[int, Any]:
    try:
        code = main([*map(str, words), "--json"])
    except SystemExit as exit_:
        return int(exit_.code or 0), {}
    out, err = capfdbinary.readouterr()
    assert err == b""
    return code, json.loads(out)


def found(document: dict[str, Any]) -> set[str]:
    return {failure["regla"] for failure in document["fallas"]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Log:
    log = log_with_acuse(tmp_path_factory.mktemp("log") / "log")
    log.witnesses = [Signer(f"testigo{i}.example", 4) for i in range(3)]
    log.save()
    return log


@pytest.fixture
def log(made: Log, tmp_path: Path) -> Log:
    copy = Log(tmp_path / "log", list(made.entries), witnesses=list(made.witnesses))
    shutil.copytree(made.root, copy.root)
    return copy


QUORUM = "group g 2 w0 w1 w2\nquorum g"


def policy(log: Log, quorum: str = QUORUM) -> Path:
    path = log.root.parent / "politica.txt"
    path.write_bytes(log.policy(quorum))
    return path


def acuse(log: Log, text: bytes = ACUSE, index: int = 300) -> Path:
    path = log.root.parent / "acuse.txt"
    path.write_bytes(text + b"\n" + log.proof(index))
    return path


# --- acuse ---


@pytest.mark.req("VER-01")
def test_an_acuse_verifies_offline(log: Log, capfdbinary: Captured) -> None:
    path = acuse(log)
    shutil.rmtree(log.root)
    code, said = run(capfdbinary, "acuse", path, "--politica", policy(log))
    assert (code, said["veredicto"]) == (0, "aceptado")
    detail = said["detalle"]
    assert (detail["codigo"], detail["indice"]) == (code_of(ACUSE), 300)
    assert detail["checkpoint"]["atestiguado"] is True
    assert len(detail["checkpoint"]["testigos"]) == 3
    assert main(["acuse", str(path), "--llave", log.signer.vkey]) == 0
    out = capfdbinary.readouterr().out.decode()
    digits = code_of(ACUSE)
    assert " ".join(digits[i : i + 4] for i in range(0, 32, 4)) in out
    assert "entrada 300" in out
    assert "su entrada" in out
    assert "nadie más que la bitácora responde" in out
    assert b64(bytes(32)) not in out  # the nonce is not for screens


@pytest.mark.req("VER-01")
def test_without_a_key_there_is_no_verdict(log: Log, capfdbinary: Captured) -> None:
    code, said = run(capfdbinary, "acuse", acuse(log))
    assert (code, said["veredicto"]) == (2, "no-juzgado")
    assert "--llave" in said["motivo"]
    assert said["detalle"]["indice"] == 300


def test_the_path_is_drawn(log: Log, capfdbinary: Captured) -> None:
    log.entries[:] = [b"a", b"b", b"c", b"d", b"e"]
    for index in range(5):
        log.entries[index] = f"certeza/apoyo/v1\n{code_of(ACUSE)}".encode()
        _, said = run(capfdbinary, "acuse", acuse(log, index=index), "--llave", log.signer.vkey)
        drawn = said["detalle"]["dibujo"]
        assert len(drawn) == 1 + 2 * len(said["detalle"]["prueba"])
        assert drawn[0] == f"* {said['detalle']['checkpoint']['raiz'][:16]}  raíz de 5 entradas, firmada"
        assert sum("su entrada" in line for line in drawn) == 1
    shown = [
        line.split("  ")[-1] if "o " in line else line[:8].rstrip("0123456789abcdef* ") for line in drawn
    ]
    assert shown[1:] == ["prueba 1 (4 entradas)", "+--"]


@pytest.mark.req("VER-01")
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda d: d.replace(b"cic 123456789", b"cic 123456780"), "prueba-inclusion"),
        (lambda d: d.replace(b"index 300", b"index 301"), "prueba-inclusion"),
        (lambda d: d.replace(b"index 300", b"index 700"), "prueba-inclusion"),
        (
            lambda d: d.replace(b"index 300\n", b"index 300\n" + b64(bytes(32)).encode() + b"\n"),
            "prueba-inclusion",
        ),
        (lambda d: d.replace(b"index 300", b"index 0300"), "prueba-forma"),
        (lambda d: d.replace(b"certeza/acuse/v1", b"certeza/acuse/v2"), "acuse-forma"),
        (lambda d: d.replace(b"cic 123456789", b"cic  123456789"), "acuse-forma"),
        (lambda d: d.replace(b"cic 123456789", b"cic"), "acuse-forma"),
        (lambda d: d.replace(b"cic 123456789", b"folio 123456789"), "acuse-forma"),
        (lambda d: d.replace(b"cic 123", b"cic \xff"), "acuse-forma"),
        (lambda d: d.replace(b"\n\n", b"\n", 1), "acuse-forma"),
        (lambda d: d.replace(b"\n\n", b"\n\n\n", 1), "prueba-forma"),
        (lambda d: b"", "acuse-forma"),
        (lambda d: d + b"x" * 2**20, "bitacora-tamano"),
        (lambda d: b"certeza/acuse/v1\na " + b"x" * 2**15 + b"\n\n", "bitacora-tamano"),
    ],
)
def test_an_acuse_that_was_altered(log: Log, capfdbinary: Captured, change: Any, rule: str) -> None:
    path = acuse(log)
    path.write_bytes(change(path.read_bytes()))
    code, said = run(capfdbinary, "acuse", path, "--llave", log.signer.vkey)
    if len(path.read_bytes()) > 2**20:
        assert code == 2
        return
    assert (code, found(said)) == (1, {rule})


def test_an_acuse_of_another_log(log: Log, capfdbinary: Captured) -> None:
    other = Signer(log.origin, seed=b"otra")
    code, said = run(capfdbinary, "acuse", acuse(log), "--llave", other.vkey)
    assert (code, found(said)) == (1, {"nota-sin-firma"})
    log.witnesses = []
    code, said = run(capfdbinary, "acuse", acuse(log), "--politica", policy(log, "none"))
    assert code == 0
    text = log.policy("none") + f"witness w {Signer('w', 4).vkey}\n".encode()
    policy(log).write_bytes(text.replace(b"quorum none\n", b"") + b"quorum w\n")
    code, said = run(capfdbinary, "acuse", acuse(log), "--politica", log.root.parent / "politica.txt")
    assert (code, found(said)) == (1, {"cofirma-quorum"})


def test_a_quorum_that_only_ml_dsa_would_make(log: Log, capfdbinary: Captured) -> None:
    vkey, line = quantum("pq.example")
    log.extra = [line]
    path = policy(log, f"witness pq {vkey}\nquorum pq")
    code, said = run(capfdbinary, "acuse", acuse(log), "--politica", path)
    assert (code, said["veredicto"]) == (2, "no-juzgado")
    assert said["detalle"]["checkpoint"]["no_comprobados"] == ["pq"]


@pytest.mark.parametrize(
    "words",
    [
        ["--llave", "x"],
        ["--llave", Signer("w", 4).vkey],
        ["--politica", "/nonexistent/politica"],
        ["--politica", __file__],
        ["--llave"],
    ],
)
def test_what_the_user_brings_must_be_right(log: Log, capfdbinary: Captured, words: list[str]) -> None:
    assert run(capfdbinary, "acuse", acuse(log), *words)[0] == 2
    assert run(capfdbinary, "bitacora", log.root, *words)[0] == 2
    assert run(capfdbinary, "codigo", "0" * 64, "--log", log.root, *words)[0] == 2


def test_key_and_policy_must_agree(log: Log, capfdbinary: Captured) -> None:
    path = policy(log)
    words = ["acuse", acuse(log), "--politica", path]
    assert run(capfdbinary, *words, "--llave", log.signer.vkey)[0] == 0
    assert run(capfdbinary, *words, "--llave", Signer("otra").vkey)[0] == 2
    path.write_bytes(log.policy().split(b"\n", 1)[1])
    assert run(capfdbinary, *words)[0] == 2
    assert run(capfdbinary, *words, "--llave", log.signer.vkey)[0] == 0


# --- codigo ---


@pytest.mark.req("VER-01")
def test_a_code_alone_finds_its_entry(log: Log, capfdbinary: Captured) -> None:
    words = ["--log", log.root, "--llave", log.signer.vkey]
    digits = code_of(ACUSE)
    groups = [digits[i : i + 4] for i in range(0, 64, 4)]
    for text in ([digits], groups, [digits.upper()]):
        code, said = run(capfdbinary, "codigo", *text, *words)
        assert (code, said["detalle"]["indice"]) == (0, 300)
    code, said = run(capfdbinary, "codigo", digits, *words, "--politica", policy(log))
    assert (code, said["detalle"]["checkpoint"]["atestiguado"]) == (0, True)
    code, said = run(capfdbinary, "codigo", "0" * 64, *words)
    assert (code, said["detalle"]["indice"]) == (2, None)
    assert run(capfdbinary, "codigo", "xyz", *words)[0] == 2
    assert run(capfdbinary, "codigo", digits, "--log", log.root)[0] == 2
    assert run(capfdbinary, "codigo", digits, "--log", log.root / "no", *words[2:])[0] == 2


def test_an_entry_that_is_not_the_signed_one(log: Log, capfdbinary: Captured) -> None:
    path = log.root / "tile/entries/000"
    other = f"certeza/apoyo/v1\n{'0' * 64}".encode()
    first = path.read_bytes()
    size = 2 + len(log.entries[7])
    at = sum(2 + len(e) for e in log.entries[:7])
    path.write_bytes(first[:at] + len(other).to_bytes(2, "big") + other + first[at + size :])
    words = ["--log", log.root, "--llave", log.signer.vkey]
    code, said = run(capfdbinary, "codigo", "0" * 64, *words)
    assert (code, found(said)) == (1, {"prueba-inclusion"})


# --- bitacora ---


@pytest.mark.req("VER-02")
def test_the_golden_log_at_every_size(tmp_path: Path, capfdbinary: Captured) -> None:
    if not GOLDEN.is_dir():
        pytest.skip("AVISO: falta tlog/tessera-golden-log: NADA se comparó con la bitácora de otros")
    root = Path(shutil.copytree(GOLDEN, tmp_path / "log"))
    history = tmp_path / "historia"
    history.mkdir()
    for size in range(16):
        shutil.copy(GOLDEN / f"checkpoint.{size}", root / "checkpoint")
        words = ["bitacora", root, "--llave", GOLDEN_KEY, "--historia", history]
        code, said = run(capfdbinary, *words, "--estado", tmp_path / "estado.json")
        assert (code, said["comprobado"].get("entradas", 0)) == (0, size)
        assert said["detalle"]["reanudado"] == (size - 1 if size else None)
        assert said["comprobado"].get("checkpoints-anteriores", 0) == (size + 1 if size else 0)
        shutil.copy(GOLDEN / f"checkpoint.{size}", history)
    code, said = run(capfdbinary, "codigo", "0" * 64, "--log", root, "--llave", GOLDEN_KEY)
    assert (code, said["comprobado"]["entradas-leidas"]) == (2, 15)


@pytest.mark.req("VER-02")
@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 700])
def test_sizes(tmp_path: Path, capfdbinary: Captured, size: int) -> None:
    log = Log(tmp_path / "log", [str(i).encode() for i in range(size)])
    code, said = run(capfdbinary, "bitacora", log.save(), "--llave", log.signer.vkey)
    assert (code, said["comprobado"].get("entradas", 0)) == (0, size)


def flip(path: Path, at: int = 40) -> None:
    data = bytearray(path.read_bytes())
    data[at % len(data)] ^= 1
    path.write_bytes(data)


def resize(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n700\n", b"\n701\n"))


TAMPERED: list[tuple[Callable[[Path], object], set[str], str]] = [
    (lambda r: flip(r / "tile/entries/001", 5), {"paquete-entrada"}, "entrada 256 "),
    (lambda r: flip(r / "tile/entries/002.p/188", -1), {"paquete-entrada"}, "entrada 699 "),
    (lambda r: flip(r / "tile/entries/001", 0), {"paquete-forma"}, "tile/entries/001"),
    (lambda r: flip(r / "tile/0/001"), {"paquete-entrada", "tesela-hash", "bitacora-raiz"}, "entrada 257 "),
    (lambda r: flip(r / "tile/0/002.p/188"), {"paquete-entrada", "bitacora-raiz"}, "entrada 513 "),
    (lambda r: flip(r / "tile/1/000.p/2"), {"tesela-hash"}, "tile/1/000.p/2, hash 1"),
    (lambda r: (r / "tile/1/000.p/2").unlink(), {"tesela-falta"}, "tile/1/000.p/2"),
    (lambda r: (r / "tile/0/000").unlink(), {"tesela-falta"}, "tile/0/000"),
    (lambda r: (r / "tile/entries/000").unlink(), {"tesela-falta"}, "tile/entries/000"),
    (lambda r: shutil.rmtree(r / "tile"), {"tesela-falta"}, "tile/0/000"),
    (lambda r: (r / "tile/0/000").write_bytes(b"x"), {"tesela-forma"}, "tile/0/000"),
    (lambda r: (r / "tile/0/000").write_bytes(bytes(8193)), {"bitacora-tamano"}, "tile/0/000"),
    (lambda r: resize(r / "checkpoint"), {"nota-firma"}, "checkpoint, línea 5"),
    (lambda r: (r / "checkpoint").write_bytes(b""), {"nota-forma"}, "checkpoint, línea 1"),
    (lambda r: (r / "checkpoint").write_bytes(b"x" * 2**19), {"bitacora-tamano"}, "checkpoint"),
]


@pytest.mark.req("VER-02")
@pytest.mark.parametrize(("change", "wanted", "place"), TAMPERED)
def test_tampering(log: Log, capfdbinary: Captured, change: Any, wanted: set[str], place: str) -> None:
    change(log.root)
    code, said = run(capfdbinary, "bitacora", log.root, "--llave", log.signer.vkey)
    assert (code, found(said)) == (1, wanted)
    assert any(place in failure["lugar"] for failure in said["fallas"])


def test_a_partial_tile_that_was_collected(log: Log, capfdbinary: Captured) -> None:
    """Full tiles take the place of the partial ones of an older checkpoint (tlog-tiles)."""
    checkpoint = (log.root / "checkpoint").read_bytes()
    for name in ("tile/0/002.p", "tile/entries/002.p"):
        shutil.rmtree(log.root / name)
    log.entries += [b"mas"] * 100
    log.save()
    shutil.rmtree(log.root / "tile/1/000.p")
    log.entries += [b"y"] * (65536 - len(log.entries))
    log.put("tile/1/000", b"".join(_roots(log.leaves)))
    log.put("checkpoint", checkpoint)
    code, said = run(capfdbinary, "bitacora", log.root, "--llave", log.signer.vkey)
    assert (code, said["comprobado"]["entradas"]) == (0, 700)


def _roots(leaves: list[bytes]) -> Iterator[bytes]:
    row = leaves
    for _ in range(8):
        row = [h(b"\x01" + row[i] + row[i + 1]) for i in range(0, len(row), 2)]
    yield from row


def test_what_is_not_a_log(tmp_path: Path, log: Log, capfdbinary: Captured) -> None:
    key = ["--llave", log.signer.vkey]
    for where in (tmp_path, tmp_path / "no", "ftp://x/y", tmp_path / "acuse"):
        assert run(capfdbinary, "bitacora", where, *key)[0] == 2
    assert run(capfdbinary, "bitacora", log.root)[0] == 2
    assert run(capfdbinary, "bitacora", log.root, *key, "--historia", tmp_path / "no")[0] == 2


def test_a_code_is_not_sought_where_there_is_no_log(tmp_path: Path, log: Log, capfdbinary: Captured) -> None:
    """A mistyped address is nobody's fault but the citizen's."""
    code, said = run(capfdbinary, "codigo", code_of(ACUSE), "--log", tmp_path, "--llave", log.signer.vkey)
    assert (code, found(said)) == (2, set())
    assert "no es una bitácora" in said["motivo"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="AVISO: aquí no hay tuberías con nombre")
@pytest.mark.parametrize("name", ["checkpoint", "tile/0/001"])
def test_a_pipe_in_the_folder_is_not_waited_for(name: str, log: Log, capfdbinary: Captured) -> None:
    """A copy of a log may come in an archive that somebody else packed."""
    (log.root / name).unlink()
    os.mkfifo(log.root / name)
    code, said = run(capfdbinary, "bitacora", log.root, "--llave", log.signer.vkey)
    assert (code, said["motivo"]) == (2, f"{name} no es un archivo común")


@pytest.mark.req("VER-02")
def test_resuming_and_what_it_reads(log: Log, capfdbinary: Captured) -> None:
    state = log.root.parent / "estado.json"
    words = ["bitacora", log.root, "--llave", log.signer.vkey, "--estado", state]
    assert run(capfdbinary, *words)[1]["detalle"]["reanudado"] is None
    kept = json.loads(state.read_text())
    assert (kept["tamano"], len(kept["rango"])) == (700, (700).bit_count())
    code, said = run(capfdbinary, *words)
    assert (code, said["comprobado"]["entradas"]) == (0, 188)
    log.entries += [b"nueva"] * 400
    log.save()
    code, said = run(capfdbinary, *words)
    assert (code, said["detalle"]["reanudado"], said["comprobado"]["entradas"]) == (0, 700, 588)
    assert json.loads(state.read_text())["tamano"] == 1100
    for text in ("", "[]", "{}", state.read_text().replace('"tamano": 1100', '"tamano": 1101')):
        state.write_text(text)
        assert run(capfdbinary, *words)[0] == 2
    state.write_text(json.dumps(kept | {"llave": "otra"}))
    assert run(capfdbinary, *words)[0] == 2
    state.write_text(json.dumps(kept | {"checkpoint": kept["checkpoint"].replace("700", "701")}))
    assert run(capfdbinary, *words)[0] == 2


@pytest.mark.req("VER-02")
@pytest.mark.parametrize("more", [0, 1, 400])
@pytest.mark.parametrize("with_history", [False, True])
def test_a_fork_is_shown_with_its_evidence(
    log: Log, capfdbinary: Captured, more: int, with_history: bool
) -> None:
    state, history = log.root.parent / "estado.json", log.root.parent / "historia"
    history.mkdir()
    words = ["bitacora", log.root, "--llave", log.signer.vkey]
    assert run(capfdbinary, *words, "--estado", state)[0] == 0
    before = log.checkpoint()
    (history / "viejo").write_bytes(before)
    log.entries[3] = b"otra"
    log.entries += [b"nueva"] * more
    log.save()
    assert run(capfdbinary, *words)[0] == 0  # alone, the new story is sound
    option = ["--historia", history] if with_history else ["--estado", state]
    code, said = run(capfdbinary, *words, *option)
    assert (code, found(said)) == (1, {"bitacora-bifurcada"})
    (evidence,) = said["detalle"]["evidencia"]
    assert evidence["antes"].encode() == before
    assert evidence["ahora"].encode() == log.checkpoint()
    assert json.loads(state.read_text())["tamano"] == 700  # what is rejected is not remembered


@pytest.mark.req("VER-02")
def test_entries_taken_away(log: Log, capfdbinary: Captured) -> None:
    state = log.root.parent / "estado.json"
    words = ["bitacora", log.root, "--llave", log.signer.vkey, "--estado", state]
    assert run(capfdbinary, *words)[0] == 0
    del log.entries[600:]
    log.save()
    code, said = run(capfdbinary, *words)
    assert (code, found(said)) == (1, {"bitacora-encogida"})
    assert len(said["detalle"]["evidencia"]) == 1


def test_a_damaged_tile_proves_no_fork(log: Log, capfdbinary: Captured) -> None:
    history = log.root.parent / "historia"
    history.mkdir()
    (history / "100").write_bytes(log.checkpoint(100))
    words = ["bitacora", log.root, "--llave", log.signer.vkey, "--historia", history]
    assert run(capfdbinary, *words)[0] == 0
    flip(log.root / "tile/0/000")
    code, said = run(capfdbinary, *words)
    assert code == 1
    assert "prueba-consistencia" in found(said)
    assert "bitacora-bifurcada" not in found(said)
    (history / "malo").write_bytes(log.checkpoint(50).replace(b"\n50\n", b"\n51\n"))
    assert "nota-firma" in found(run(capfdbinary, *words)[1])


def test_the_prefix_may_not_change_behind_the_state(log: Log, capfdbinary: Captured) -> None:
    """The tiles that the new checkpoint needs are damaged where the state says they were sound."""
    state = log.root.parent / "estado.json"
    words = ["bitacora", log.root, "--llave", log.signer.vkey, "--estado", state]
    assert run(capfdbinary, *words)[0] == 0
    log.entries += [b"nueva"] * 400
    log.save()
    flip(log.root / "tile/1/000.p/4")
    code, said = run(capfdbinary, *words)
    assert code == 1
    assert "tesela-hash" in found(said)
    assert "bitacora-bifurcada" not in found(said)


def test_quorum_of_a_log(log: Log, capfdbinary: Captured) -> None:
    words = ["bitacora", log.root, "--politica"]
    code, said = run(capfdbinary, *words, policy(log))
    assert (code, said["comprobado"]["cofirmas"]) == (0, 3)
    log.witnesses, whole = log.witnesses[:1], policy(log)
    log.save()
    code, said = run(capfdbinary, *words, whole)
    assert (code, found(said)) == (1, {"cofirma-quorum"})


def test_too_many_faults(log: Log, capfdbinary: Captured) -> None:
    for tile in (log.root / "tile/0").glob("0*"):
        if tile.is_file():
            tile.write_bytes(bytes(8192))
    code, said = run(capfdbinary, "bitacora", log.root, "--llave", log.signer.vkey)
    assert (code, len(said["fallas"])) == (1, LIMITS.findings)


# --- over http ---


@contextmanager
def served(
    root: Path,
    answer: Callable[[Any, Path], bool] = lambda *_: False,
    tls: ssl.SSLContext | None = None,
) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = root / self.path.removeprefix("/b/")
            if answer(self, path):
                return
            if not path.is_file():
                self.send_error(404)
                return
            send(self, path.read_bytes())

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up on what is too long is right to do so."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}/b/"
    finally:
        server.shutdown()
        server.server_close()


def send(handler: Any, data: bytes, status: int = 200, **headers: str) -> bool:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)
    return True


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certeza_verifier.tlog.source.LIMITS", Limits(timeout=5, patience=2, wait=0.01))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_a_log_behind_an_address(log: Log, capfdbinary: Captured) -> None:
    with served(log.root) as url:
        words = ["--llave", log.signer.vkey]
        code, said = run(capfdbinary, "bitacora", url, *words, "--estado", log.root.parent / "e")
        assert (code, said["comprobado"]["entradas"]) == (0, 700)
        code, said = run(capfdbinary, "codigo", code_of(ACUSE), "--log", url, *words)
        assert (code, said["detalle"]["indice"]) == (0, 300)
        (log.root / "tile/entries/001").unlink()
        code, said = run(capfdbinary, "bitacora", url, *words)
        assert (code, found(said)) == (1, {"tesela-falta"})


def zipped(handler: Any, path: Path) -> bool:
    return path.is_file() and send(handler, gzip.compress(path.read_bytes()), Content_Encoding="gzip")


def redirected(handler: Any, path: Path) -> bool:
    return path.is_file() and "?" not in handler.path and send(handler, b"", 302, Location=f"{handler.path}?")


class Busy:
    """Every file fails once."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, handler: Any, path: Path) -> bool:
        if handler.path in self.seen:
            return False
        self.seen.add(handler.path)
        return send(handler, b"", 503)


BOMB = gzip.compress(bytes(2**25))


def bomb(handler: Any, path: Path) -> bool:
    return "entries" in handler.path and send(handler, BOMB, Content_Encoding="gzip")


def half(handler: Any, path: Path) -> bool:
    data = gzip.compress(path.read_bytes()) if path.is_file() else b""
    return send(handler, data[: len(data) // 2], Content_Encoding="gzip")


def slow(handler: Any, path: Path) -> bool:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(30):
        threading.Event().wait(0.1)
        try:
            handler.wfile.write(b"x")
        except OSError:
            break
    return True


def elsewhere(handler: Any, path: Path) -> bool:
    return send(handler, b"", 302, Location="file:///etc/hostname")


def test_servers_that_compress_or_are_busy(log: Log, capfdbinary: Captured) -> None:
    for answer in (zipped, Busy()):
        with served(log.root, answer) as url:
            assert run(capfdbinary, "bitacora", url, "--llave", log.signer.vkey)[0] == 0


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (bomb, 1),
        (half, 2),
        (slow, 2),
        (elsewhere, 2),
        (lambda handler, _: send(handler, b"", 500), 2),
        (lambda handler, _: send(handler, b"", 403), 2),
        (lambda handler, _: send(handler, b"x", Content_Encoding="br"), 2),
        (lambda handler, _: send(handler, b"<html>no hay nada aqui</html>"), 1),
        (lambda handler, _: bool(handler.wfile.write(b"\0\n\n")), 2),
    ],
)
def test_servers_that_misbehave(log: Log, capfdbinary: Captured, answer: Any, code: int) -> None:
    with served(log.root, answer) as url:
        assert run(capfdbinary, "bitacora", url, "--llave", log.signer.vkey)[0] == code


def doled(start: bytes, again: bytes, pause: float = 0.02) -> Callable[[Any, Path], bool]:
    """A server that begins an answer and then never ends it, though it never keeps silent for long."""

    def answer(handler: Any, _: Path) -> bool:
        with suppress(OSError):
            handler.wfile.write(start)
            for _ in range(2000):
                handler.wfile.write(again)
                threading.Event().wait(pause)
        return True

    return answer


OK = b"HTTP/1.1 200 OK\r\n"
ENDLESS = {
    "body": doled(OK + b"Content-Length: 200000\r\n\r\n", b"x"),
    "chunks": doled(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "trailer": doled(OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"T: x\r\n"),
    "header": doled(OK + b"X: ", b"x"),
    "interim answers": doled(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_answer_that_never_ends_is_given_up(
    name: str, log: Log, capfdbinary: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("certeza_verifier.tlog.source.LIMITS", Limits(timeout=5, patience=0.3, wait=0.01))
    with served(log.root, ENDLESS[name]) as url:
        code, said = run(capfdbinary, "bitacora", url, "--llave", log.signer.vkey)
    assert code == 2
    assert "tardó más de 0.3 segundos en enviar checkpoint" in said["motivo"]


def test_a_redirection_is_not_read(log: Log, capfdbinary: Captured) -> None:
    """Nor may its body, of which there is no end, fill the memory."""
    forever = doled(b"HTTP/1.1 302 Found\r\nLocation: /b/checkpoint\r\n\r\n", bytes(2**16), 0)
    with served(log.root, forever) as url:
        code, said = run(capfdbinary, "bitacora", url, "--llave", log.signer.vkey)
    assert code == 2
    assert "302" in said["motivo"]


def cut(handler: Any, path: Path) -> bool:
    data = path.read_bytes()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2 // 32 * 32])
    return True


def test_a_connection_that_breaks_accuses_nobody(log: Log, capfdbinary: Captured) -> None:
    with served(log.root, lambda handler, path: "tile/0/" in handler.path and cut(handler, path)) as url:
        code, said = run(capfdbinary, "bitacora", url, "--llave", log.signer.vkey)
    assert (code, said["motivo"][:18]) == (2, "No se pudo leer ht")


def test_nobody_answers(capfdbinary: Captured) -> None:
    reasons = {
        "http://127.0.0.1:1/": "nadie atiende en esa dirección",
        "https://127.0.0.1:1": "nadie atiende en esa dirección",
        "http://nadie.invalid/": "no se encuentra ese servidor en la red",
        "http://": "",
        "http://[": "",
        "http://x y/": "",
    }
    for url, why in reasons.items():
        code, said = run(capfdbinary, "bitacora", url, "--llave", Signer("x").vkey)
        assert code == 2
        assert why in said["motivo"]


def certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that it signed itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bitacora.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    encoding = serialization.Encoding.PEM
    data = made.add_extension(host, critical=False).sign(key, hashes.SHA256()).public_bytes(encoding)
    path = folder / "servidor.pem"
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(data + key.private_bytes(encoding, *plain))
    return path


def test_a_log_behind_https_whose_certificate_must_be_trusted(
    log: Log, capfdbinary: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem, words = certificate(log.root.parent), ("--llave", log.signer.vkey)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    with served(log.root, tls=tls) as url:
        _tls.cache_clear()
        code, said = run(capfdbinary, "bitacora", url, *words)
        assert (code, "el certificado del servidor no es de fiar" in said["motivo"]) == (2, True)
        code, said = run(capfdbinary, "bitacora", url.replace("https", "http"), *words)
        assert (code, "se cortó la conexión" in said["motivo"]) == (2, True)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        _tls.cache_clear()
        assert run(capfdbinary, "bitacora", url, *words)[0] == 0
    with served(log.root) as url:
        code, said = run(capfdbinary, "bitacora", url.replace("http", "https"), *words)
        assert (code, "no se pudo cifrar la conexión" in said["motivo"]) == (2, True)
    _tls.cache_clear()


# --- any bytes at all ---


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_mutated_logs(seed: int, made: Log, tmp_path_factory: pytest.TempPathFactory) -> None:
    rng = random.Random(seed)
    root = tmp_path_factory.mktemp("mutado") / "log"
    shutil.copytree(made.root, root)
    files = [*sorted(path for path in root.rglob("*") if path.is_file()), root / "checkpoint"]
    for path in rng.sample(files, 2):
        data = bytearray(path.read_bytes())
        at, size = rng.randrange(len(data)), rng.choice((0, 1, 2, 40))
        data[at : at + size] = rng.randbytes(rng.choice((0, 1, size)))
        path.write_bytes(data)
    assert main(["bitacora", str(root), "--llave", made.signer.vkey, "--json"]) in (0, 1)
    assert main(["codigo", code_of(ACUSE), "--log", str(root), "--llave", made.signer.vkey]) in (0, 1, 2)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_mutated_acuses(seed: int, made: Log, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever changes outside of the extra lines and of the signatures of strangers is noticed."""
    rng, path = random.Random(seed), tmp_path_factory.mktemp("acuse") / "a"
    data = bytearray(ACUSE + b"\n" + made.proof(300, 700))
    at = rng.randrange(len(data))
    data[at] = rng.randrange(256)
    path.write_bytes(data)
    same = bytes(data) == ACUSE + b"\n" + made.proof(300, 700)
    stranger = at > data.rfind(b"\n\n")  # a changed name or id makes a stranger of a witness
    code = main(["acuse", str(path), "--llave", made.signer.vkey])
    assert code == 0 if same else code in ((0, 1) if stranger else (1,))


@given(data=st.binary(max_size=300))
def test_any_acuse(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("acuse") / "a"
    for head in (b"", ACUSE, ACUSE + b"\nc2sp.org/tlog-proof@v1\nindex 0\n"):
        path.write_bytes(head + data)
        assert main(["acuse", str(path), "--llave", Signer("x").vkey]) == 1
