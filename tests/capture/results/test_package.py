"""Packages: other people's programs open and check them; ours refuses everything that was touched."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from capture.records.states import Estado
from capture.results.checking import Checked, check_folder
from capture.results.errors import PackageRefusal, ResultsRefusal
from capture.results.opening import open_package
from capture.results.process_package import seal_process
from capture.results.rows import NOMINATIVE
from capture.results.source_sql import SqlSource, snapshot
from capture.results.tar import end, header, padding
from keys.errors import Refusal
from keys.recipients import identity
from keys.recipients.errors import DecryptionRefusal
from keys.recipients.recipient import Recipient, parse_recipient
from ledger.acuse import parse_acuse
from ledger.database import Database
from ledger.policy_text import parse_policy
from ledger.vkey import Ed25519Signer
from tests.capture.results.making import AUTHORITY, END, IMAGES, PROCESO, World, every_kind, packing, world
from tests.keys.recipients.making import KEYS, SINCE, certificate, write_private
from tests.ledger.signing import LOG

POLICY = parse_policy(f"log {LOG.key.encode()}\nquorum none\n".encode(), "política")
MADE, AGE_TEXT = identity.new_age(SINCE)


@pytest.fixture
def made(database: Database, tmp_path: Path) -> World:
    return world(database, tmp_path)


def sealed(made: World, recipient: Recipient, path: Path, registros: int | None = None) -> Path:
    with snapshot(made.database) as connection, path.open("wb") as target:
        source = SqlSource(connection, made.vault, made.bodies)
        count = made.added if registros is None else registros
        seal_process(packing(count), source, made.leaves(), recipient, target)
    return path


def opened(made: World, tmp_path: Path) -> Path:
    package = sealed(made, MADE.recipient, tmp_path / "paquete.tar.age")
    return open_package(MADE, package, tmp_path / "abierto", lambda _: None)


def checked(folder: Path) -> Checked:
    return check_folder(folder, AUTHORITY.verifier, POLICY, lambda _: None)


@pytest.mark.req("APO-23")
@pytest.mark.parametrize("program", ["age", "openssl"])
def test_plain_programs_open_and_check_a_package(made: World, tmp_path: Path, program: str) -> None:
    every_kind(made)
    archive = tmp_path / "paquete.tar"
    if program == "age":
        (tmp_path / "llave.txt").write_bytes(AGE_TEXT)
        package = sealed(made, MADE.recipient, tmp_path / "paquete.tar.age")
        order = ["age", "-d", "-i", str(tmp_path / "llave.txt"), "-o", str(archive), str(package)]
    else:
        key = write_private(tmp_path / "llave.pem", private := KEYS["p-256"]())
        package = sealed(made, parse_recipient(certificate(private)), tmp_path / "paquete.tar.cms")
        order = ["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", str(package)]
        order += ["-inkey", str(key), "-out", str(archive)]
    subprocess.run(order, check=True, capture_output=True)
    subprocess.run(["tar", "xf", str(archive), "-C", str(tmp_path)], check=True)
    folder = tmp_path / f"{PROCESO}-definitivo"
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=folder, check=True, capture_output=True)
    assert checked(folder).leaves == made.added


@pytest.mark.req("APO-23")
def test_a_package_holds_each_record_once_and_its_figures_add_up(made: World, tmp_path: Path) -> None:
    folios = every_kind(made)
    folder = opened(made, tmp_path)
    rows = list(csv.DictReader((folder / "registros.csv").open(encoding="utf-8-sig", newline="")))
    result = json.loads((folder / "resultado.json").read_bytes())
    assert sorted(row["folio"] for row in rows) == sorted(folios.values())
    assert result["enviados"] == sum(result["cifras"].values()) == len(folios)
    assert result["cifras"]["con_inconsistencia"] == 2
    assert result["validos"] == 3
    assert result["en_lista_nominal_sin_inconsistencia"] == 2
    table = pq.read_table(folder / "registros.parquet").to_pylist()
    assert [row["folio"] for row in table] == [row["folio"] for row in rows]
    assert table[0]["nombre"] == "=NOMBRE(1)"


@pytest.mark.req("APO-23")
def test_people_are_named_only_in_lista_nominal_and_without_inconsistency(
    made: World, tmp_path: Path
) -> None:
    folios = every_kind(made)
    folder = opened(made, tmp_path)
    rows = csv.DictReader((folder / "registros.csv").open(encoding="utf-8-sig", newline=""))
    named = {row["folio"] for row in rows if any(row[name] for name in NOMINATIVE)}
    allowed = {folios["nominal"], folios["final"]}
    assert named == allowed
    assert {path.name for path in (folder / "cedulas").iterdir()} == allowed
    for folio in allowed:
        content = {path.name: path.read_bytes() for path in (folder / "cedulas" / folio).iterdir()}
        assert set(content) == {*IMAGES, "registro.json", "acuse.txt"}
        said = json.loads(content["registro.json"])
        assert parse_acuse(content["acuse.txt"]).code == said["codigo_integridad"]
        assert said["datos"]["apellido_paterno"] == "PATERNO"


def test_a_name_that_is_a_formula_is_text_in_the_csv(made: World, tmp_path: Path) -> None:
    every_kind(made)
    rows = list(csv.reader((opened(made, tmp_path) / "registros.csv").open(encoding="utf-8-sig", newline="")))
    cells = [cell for row in rows for cell in row]
    assert "'=NOMBRE(1)" in cells
    assert "'@sin firma" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_same_records_give_the_same_archive(made: World, tmp_path: Path) -> None:
    every_kind(made)
    archives = []
    for name in ("uno", "dos"):
        package = sealed(made, MADE.recipient, tmp_path / f"{name}.age")
        target = io.BytesIO()
        MADE.decrypt(io.BytesIO(package.read_bytes()), target, "paquete")
        archives.append(target.getvalue())
    assert archives[0] == archives[1]


def test_records_that_changed_since_the_conciliation_make_no_package(made: World, tmp_path: Path) -> None:
    every_kind(made)
    with pytest.raises(ResultsRefusal, match=r"resultados\.cambio"):
        sealed(made, MADE.recipient, tmp_path / "paquete.age", made.added - 1)


def test_a_record_without_its_leaf_makes_no_package(made: World, tmp_path: Path) -> None:
    made.add(1, Estado.EN_MESA, codigo="0" * 64)
    with pytest.raises(ResultsRefusal, match=r"resultados\.hoja"):
        sealed(made, MADE.recipient, tmp_path / "paquete.age")


def _flip(folder: Path, name: str) -> None:
    path = next(folder.glob(name))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


TAMPERING: list[tuple[str, Callable[[Path], object]]] = [
    ("another-image", lambda f: _flip(f, "cedulas/*/foto.jpg")),
    ("another-table", lambda f: _flip(f, "registros.csv")),
    ("another-manifest", lambda f: _flip(f, "manifest.json")),
    ("another-note", lambda f: _flip(f, "manifest.note")),
    ("another-proof", lambda f: _flip(f, "bitacora/pruebas.txt")),
    ("a-missing-file", lambda f: (f / "registros.parquet").unlink()),
    ("a-missing-cedula", lambda f: shutil.rmtree(next(f.glob("cedulas/*")))),
    ("a-new-file", lambda f: (f / "cedulas" / "otro.jpg").write_bytes(b"x")),
    ("a-link", lambda f: (f / "liga").symlink_to("/etc/passwd")),
    ("an-emptied-file", lambda f: (f / "resultado.json").write_bytes(b"")),
]


@pytest.mark.parametrize(("name", "tamper"), TAMPERING, ids=[name for name, _ in TAMPERING])
def test_a_folder_that_was_touched_is_refused(
    made: World, tmp_path: Path, name: str, tamper: Callable[[Path], object]
) -> None:
    every_kind(made)
    folder = opened(made, tmp_path)
    checked(folder)
    tamper(folder)
    with pytest.raises(Refusal):
        checked(folder)


def test_a_package_that_another_authority_signed_is_refused(made: World, tmp_path: Path) -> None:
    every_kind(made)
    folder = opened(made, tmp_path)
    other = Ed25519Signer(AUTHORITY.name, b"otra".ljust(32, b"."))
    with pytest.raises(Refusal, match=r"nota\.desconocida"):
        check_folder(folder, other.verifier, POLICY, lambda _: None)


def test_a_package_of_another_log_is_refused(made: World, tmp_path: Path) -> None:
    every_kind(made)
    other = Ed25519Signer(LOG.name, b"otra".ljust(32, b"."))
    policy = parse_policy(f"log {other.key.encode()}\nquorum none\n".encode(), "política")
    with pytest.raises(Refusal):
        check_folder(opened(made, tmp_path), AUTHORITY.verifier, policy, lambda _: None)


@pytest.mark.parametrize("at", [0.3, 0.6, 0.99])
@pytest.mark.parametrize("kind", ["age", "x509"])
def test_an_altered_package_leaves_nothing_behind(made: World, tmp_path: Path, at: float, kind: str) -> None:
    every_kind(made)
    key: identity.Identity = MADE
    recipient: Recipient = MADE.recipient
    if kind == "x509":
        key = identity.X509Identity(KEYS["p-256"]())
        recipient = parse_recipient(certificate(key.key))
    package = sealed(made, recipient, tmp_path / "paquete")
    data = bytearray(package.read_bytes())
    data[int(len(data) * at)] ^= 1
    package.write_bytes(data)
    with pytest.raises(DecryptionRefusal):
        open_package(key, package, tmp_path / "abierto", lambda _: None)
    assert list((tmp_path / "abierto").iterdir()) == []


def test_a_package_is_opened_over_no_earlier_folder(made: World, tmp_path: Path) -> None:
    every_kind(made)
    opened(made, tmp_path)
    with pytest.raises(PackageRefusal, match=r"paquete\.existe"):
        opened(made, tmp_path)


def test_what_could_not_be_written_is_an_error_of_the_medium(made: World, tmp_path: Path) -> None:
    every_kind(made)
    with snapshot(made.database) as connection, Path("/dev/full").open("wb", buffering=0) as target:
        source = SqlSource(connection, made.vault, made.bodies)
        with pytest.raises(OSError, match="No space"):
            seal_process(packing(made.added), source, made.leaves(), MADE.recipient, target)


@pytest.mark.parametrize("name", ["../fuera", "/etc/fuera", "a/../../b", ".oculto", "a b"])
def test_an_archive_with_other_names_is_refused(tmp_path: Path, name: str) -> None:
    content = header(name, 1, END) + b"x" + padding(1) + end()
    sealed_file = io.BytesIO()
    MADE.recipient.encrypt(io.BytesIO(content), sealed_file)
    package = tmp_path / "paquete.age"
    package.write_bytes(sealed_file.getvalue())
    with pytest.raises(PackageRefusal, match=r"paquete\.ruta"):
        open_package(MADE, package, tmp_path / "abierto", lambda _: None)
    assert list((tmp_path / "abierto").iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["age", "x509"])
def test_memory_does_not_follow_the_size_of_a_package(tmp_path: Path, kind: str) -> None:
    peaks = []
    for mib in (4, 256):
        folder = tmp_path / str(mib)
        folder.mkdir()
        program = Path(__file__).with_name("large_package.py")
        order = [sys.executable, str(program), kind, str(mib), str(folder)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(order, check=True, capture_output=True, text=True, env=environment)
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 64
