"""The bóveda over its socket: what the web server asks, and what it is not told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import uvicorn
from pyrage import x25519

from api.vault.client import RemoteChamber
from api.vault.running import MODE, running_vault
from api.vault.service import build_vault
from api.vault.settings import VaultSettings
from capture.packet.body import seal
from capture.vault.chamber_folder import FolderChamber
from capture.vault.errors import VaultRefusal

LIMIT = 100_000


@pytest.fixture
def chamber(tmp_path: Path) -> FolderChamber:
    return FolderChamber(tmp_path / "llaves", x25519.Identity.generate())


@pytest.fixture
def remote(chamber: FolderChamber, tmp_path: Path) -> Iterator[RemoteChamber]:
    socket = tmp_path / "b.sock"
    config = uvicorn.Config(
        build_vault(chamber, VaultSettings(body_bytes=LIMIT)),
        uds=str(socket),
        log_config=None,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    made = RemoteChamber(socket, 10)
    yield made
    made.close()
    server.should_exit = True
    thread.join()


def test_it_answers_as_the_keys_themselves_do(remote: RemoteChamber, chamber: FolderChamber) -> None:
    recipient = remote.new_process_key("F1")
    assert recipient == chamber.new_process_key("F1")
    assert remote.open("F1", seal(b"x" * 50_000, recipient)) == b"x" * 50_000
    assert remote.hmac("p", b"clave") == chamber.hmac("p", b"clave")
    remote.require_alive()
    evidence = remote.destroy("F1")
    assert evidence == chamber.destroy("F1")


def test_a_key_that_is_not_there_is_out_of_reach_and_not_lost(remote: RemoteChamber) -> None:
    with pytest.raises(OSError, match="boveda-"):
        remote.open("F3", b"x")


def test_a_refusal_comes_with_its_rule(remote: RemoteChamber) -> None:
    remote.new_process_key("F2")
    remote.destroy("F2")
    with pytest.raises(VaultRefusal) as refused:
        remote.open("F2", b"x")
    assert refused.value.rule == "boveda.llave"
    with pytest.raises(VaultRefusal) as large:
        remote.open("F2", b"x" * (LIMIT + 1))
    assert large.value.rule.endswith("demasiado-grande")


def test_one_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    gone = RemoteChamber(tmp_path / "nada.sock", 1)
    with pytest.raises(OSError, match="boveda"):
        gone.hmac("p", b"x")
    with pytest.raises(OSError):
        gone.require_alive()


def test_two_processes_do_not_answer_on_one_socket(chamber: FolderChamber, tmp_path: Path) -> None:
    path = tmp_path / "uno.sock"
    settings = VaultSettings()
    path.write_bytes(b"left by one that was killed")
    with running_vault(chamber, path, settings):
        with pytest.raises(VaultRefusal, match="otro proceso"), running_vault(chamber, path, settings):
            raise AssertionError
        assert path.stat().st_mode & 0o777 == MODE
        RemoteChamber(path, 10).require_alive()
    assert not path.exists()


def test_more_questions_than_threads_are_all_answered(chamber: FolderChamber, tmp_path: Path) -> None:
    path = tmp_path / "uno.sock"
    with running_vault(chamber, path, VaultSettings(threads=1)), ThreadPoolExecutor(16) as pool:
        remote = RemoteChamber(path, 30)
        answers = set(pool.map(lambda _: remote.hmac("p", b"x"), range(64)))
    assert answers == {chamber.hmac("p", b"x")}
