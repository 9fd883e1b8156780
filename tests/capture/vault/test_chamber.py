"""The bóveda's keys: made once, opened only with the master identity, destroyed for ever (APO-14, APO-24)."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from pyrage import x25519

from capture.packet.body import seal
from capture.vault.boveda import LocalBoveda
from capture.vault.chamber_folder import FolderChamber, create_master, read_master
from capture.vault.errors import VaultRefusal
from keys.errors import Refusal
from tests.capture.packet.making import body, new_folio

PROCESO = "F261101320000011"


@pytest.fixture
def master() -> x25519.Identity:
    return x25519.Identity.generate()


@pytest.fixture
def chamber(tmp_path: Path, master: x25519.Identity) -> FolderChamber:
    return FolderChamber(tmp_path / "llaves", master)


def test_a_key_is_made_once_and_found_again(
    chamber: FolderChamber, tmp_path: Path, master: x25519.Identity
) -> None:
    recipient = chamber.new_process_key(PROCESO)
    assert chamber.new_process_key(PROCESO) == recipient
    assert FolderChamber(tmp_path / "llaves", master).new_process_key(PROCESO) == recipient
    assert chamber.new_process_key("otro") != recipient


def test_threads_that_make_one_key_get_the_same(chamber: FolderChamber) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(chamber.new_process_key("p"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


@pytest.mark.req("APO-14")
def test_without_the_master_identity_the_folder_is_worth_nothing(
    chamber: FolderChamber, tmp_path: Path
) -> None:
    sealed = seal(b"secreto", chamber.new_process_key(PROCESO))
    assert chamber.open(PROCESO, sealed) == b"secreto"
    thief = FolderChamber(tmp_path / "llaves", x25519.Identity.generate())
    with pytest.raises(VaultRefusal) as refused:
        thief.open(PROCESO, sealed)
    assert refused.value.rule == "boveda.maestra"
    assert all(
        "AGE-SECRET" not in file.read_bytes().decode("latin-1") for file in (tmp_path / "llaves").iterdir()
    )


def test_what_is_sealed_to_another_process_is_refused(chamber: FolderChamber) -> None:
    sealed = seal(b"x", chamber.new_process_key("otro"))
    chamber.new_process_key(PROCESO)
    with pytest.raises(VaultRefusal) as refused:
        chamber.open(PROCESO, sealed)
    assert refused.value.rule == "boveda.sobre"


def test_keyed_hashes_agree_within_a_periodo_only(chamber: FolderChamber, tmp_path: Path) -> None:
    first = chamber.hmac("periodo", b"clave")
    assert len(first) == 32
    assert chamber.hmac("periodo", b"clave") == first
    assert chamber.hmac("otro", b"clave") != first
    assert chamber.hmac("periodo", b"clavE") != first


@pytest.mark.req("APO-24")
def test_a_destroyed_key_opens_nothing_any_more_and_leaves_evidence(
    chamber: FolderChamber, tmp_path: Path, master: x25519.Identity
) -> None:
    recipient = chamber.new_process_key(PROCESO)
    sealed = seal(b"secreto", recipient)
    evidence = chamber.destroy(PROCESO)
    assert chamber.destroy(PROCESO) == evidence
    for again in (chamber, FolderChamber(tmp_path / "llaves", master)):
        with pytest.raises(VaultRefusal, match="destruida"):
            again.open(PROCESO, sealed)
        with pytest.raises(VaultRefusal, match="destruida"):
            again.new_process_key(PROCESO)


def test_a_destruction_that_was_cut_off_is_finished_by_the_next(
    chamber: FolderChamber, tmp_path: Path
) -> None:
    chamber.new_process_key(PROCESO)
    shutil.copy(tmp_path / "llaves" / f"{PROCESO}.age", tmp_path / "copia")
    evidence = chamber.destroy(PROCESO)
    shutil.copy(
        tmp_path / "copia", tmp_path / "llaves" / f"{PROCESO}.age"
    )  # as if it had not been unlinked yet
    assert chamber.destroy(PROCESO) == evidence
    assert not (tmp_path / "llaves" / f"{PROCESO}.age").exists()


@pytest.mark.parametrize("name", ["../x", "", "a/b", "ñ", "a" * 65])
def test_names_stay_in_the_folder(chamber: FolderChamber, name: str) -> None:
    with pytest.raises(VaultRefusal):
        chamber.new_process_key(name)


def test_a_master_file_is_read_as_age_writes_it(tmp_path: Path) -> None:
    recipient = create_master(tmp_path / "maestra.txt")
    assert str(read_master(tmp_path / "maestra.txt").to_public()) == recipient
    assert (tmp_path / "maestra.txt").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        create_master(tmp_path / "maestra.txt")
    (tmp_path / "otra.txt").write_text("nada")
    with pytest.raises(VaultRefusal):
        read_master(tmp_path / "otra.txt")


def test_a_body_is_opened_checked_and_read(chamber: FolderChamber) -> None:
    folio = new_folio()
    sealed = seal(body(folio).encode(), chamber.new_process_key(PROCESO))
    opened = LocalBoveda(chamber).open(PROCESO, sealed)
    assert (opened.folio, opened.credencial, opened.numero) == (folio, "cic", "123456789")
    assert opened.read.campos["cic"].fuente == "qr"
    assert opened.read.campos["nombre"].fuente == "dispositivo"
    assert opened.read.contexto["latitud"] == pytest.approx(22.77)
    assert set(opened.files) == {"anverso.jpg", "reverso.jpg", "foto.jpg", "firma.png"}
    with pytest.raises(Refusal):
        LocalBoveda(chamber).open(PROCESO, seal(b"otra cosa", chamber.new_process_key(PROCESO)))


def test_data_are_sealed_and_unsealed(chamber: FolderChamber) -> None:
    boveda = LocalBoveda(chamber)
    sealed = boveda.seal(PROCESO, b"datos")
    assert b"datos" not in sealed
    assert boveda.unseal(PROCESO, sealed) == b"datos"
