"""The person's own machine: terminals with other alphabets, closed outputs, full disks, odd files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bel import write
from certeza_verifier.cli import main
from forge import small_urn

pytestmark = pytest.mark.req("VER-03")
FULL = Path("/dev/full")
ENGLISH = ("No such file", "Is a directory", "Errno", "Expecting value", "not permitted")


@pytest.fixture(scope="module")
def urn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("urna") / "urna.bel"
    path.write_bytes(write(small_urn().parts).render())
    return path


def program(*words: object, **more: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, **dict(more.pop("env", {}))}  # type: ignore[call-overload]
    return subprocess.run(
        [sys.executable, "-m", "certeza_verifier", *map(str, words)],
        env=environment,
        check=False,
        **{"stderr": subprocess.PIPE, "timeout": 60, **more},  # type: ignore[call-overload]
    )


def test_a_verdict_that_cannot_be_written_is_none(urn: Path) -> None:
    if not FULL.exists():
        pytest.skip("OMITIDA: este sistema no tiene /dev/full")
    for more in ([], ["--json"]):
        with FULL.open("wb") as full:
            done = program("urna", urn, *more, stdout=full)
        assert (done.returncode, b"no queda espacio" in done.stderr) == (2, True)
        assert b"Traceback" not in done.stderr


def test_a_closed_output_is_no_verdict(urn: Path) -> None:
    command = f'exec "{sys.executable}" -m certeza_verifier urna "{urn}" >&-'
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.decode() == "No se pudo escribir el veredicto: está cerrado.\n"


def test_who_stops_reading_hears_no_complaint(urn: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = program("urna", urn, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("alphabet", ["ascii", "latin-1"])
def test_terminals_with_other_alphabets(urn: Path, alphabet: str) -> None:
    for words in (["--help"], ["urna", urn], ["consulta", "--help"], ["urna"]):
        done = program(*words, stdout=subprocess.PIPE, env={"PYTHONIOENCODING": alphabet})
        assert b"Traceback" not in done.stderr
        assert done.returncode == (2 if words == ["urna"] else 0)


@pytest.fixture
def odd(tmp_path: Path) -> dict[str, Path]:
    """Paths of every kind that is not a file."""
    made = {"carpeta": tmp_path / "d", "vueltas": tmp_path / "l", "nada": tmp_path / "n"}
    made["carpeta"].mkdir()
    made["vueltas"].symlink_to(made["vueltas"])
    os.mkfifo(tmp_path / "f")
    made |= {"tubería": tmp_path / "f", "dispositivo": Path("/dev/zero"), "largo": tmp_path / ("x" * 300)}
    return made


def orders(urn: Path, where: Path) -> list[list[object]]:
    return [
        ["urna", where],
        ["urna", urn, "--estado", where],
        ["boleta", "A" * 43, where],
        ["consulta", where],
        ["diferencia", where, urn],
        ["diferencia", urn, where],
        ["acuse", where],
        ["codigo", "ab" * 32, "--log", where, "--politica", where],
        ["bitacora", where, "--politica", where],
        ["bitacora", where, "--llave", "x+00000000+AA=="],
    ]


@pytest.mark.parametrize("kind", ["carpeta", "vueltas", "nada", "tubería", "dispositivo", "largo"])
def test_what_is_not_a_file_is_refused_in_spanish_without_waiting(
    urn: Path, odd: dict[str, Path], kind: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for words in orders(urn, odd[kind]):
        if kind == "nada" and "--estado" in words:
            continue  # a state that does not exist yet is written
        code = main([str(word) for word in words])
        out, err = (text.decode() for text in capfdbinary.readouterr())
        assert code == 2, words
        assert "SIN VEREDICTO" in out, words
        assert not [word for word in ENGLISH if word in out + err], (words, out)


def test_a_state_that_cannot_be_saved_leaves_nothing_behind(
    urn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    state = tmp_path / "estado.json"
    assert main(["urna", str(urn), "--estado", str(state), "--procesos", "1"]) == 0
    before = state.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    assert main(["urna", str(urn), "--estado", str(state), "--procesos", "1"]) == 2
    assert "no queda espacio" in capfdbinary.readouterr().out.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["estado.json"]
    assert state.read_bytes() == before


def test_a_tracker_with_a_slip_is_told_apart_from_one_that_is_not_there(
    urn: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for code, said in (("A" * 42, "43 caracteres"), ("A" * 43, "no está en ninguna"), ("ñ" * 43, "43 carac")):
        assert main(["boleta", code, str(urn), "--procesos", "1"]) == 2
        assert said in capfdbinary.readouterr().out.decode()


OTHERS = ['{"version":1,"id":"x"}', '{"version":"0"}', "[]", '{"version":"0","archivos":[],"x":1}']


@pytest.mark.parametrize("text", OTHERS)
def test_a_document_given_as_state_by_mistake_is_never_written_over(
    urn: Path, tmp_path: Path, text: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    mine = tmp_path / "consulta.json"
    mine.write_text(text)
    assert main(["urna", str(urn), "--estado", str(mine), "--procesos", "1"]) == 2
    assert "no tiene la forma esperada" in capfdbinary.readouterr().out.decode()
    assert mine.read_text() == text
