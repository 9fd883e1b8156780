"""The object storage over HTTP, against S3 servers that other people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

obstore = pytest.importorskip("obstore", reason="AVISO: falta obstore: NO se probó S3")

from ledger.errors import StorageRefusal  # noqa: E402
from ledger.lock_sqlite import SqliteLock  # noqa: E402
from ledger.sequencer import Placed, Sequencer, create_log  # noqa: E402
from ledger.store_object import ObjectStorage  # noqa: E402

from .faults import audit, submissions  # noqa: E402
from .s3 import Server, programs  # noqa: E402
from .signing import IDENTITY  # noqa: E402

PREFIX = "procesos/1/"


@pytest.fixture(params=["s3s-fs", "moto"], scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if request.param not in programs():
        pytest.skip(f"AVISO: falta {request.param} (CERTEZA_S3S_FS o CERTEZA_MOTO): NO se probó S3 con él")
    made = Server(request.param, tmp_path_factory.mktemp("s3"))
    made.start()
    yield made
    made.kill()


@pytest.fixture
def storage(server: Server, tmp_path: Path) -> ObjectStorage:
    return ObjectStorage(server.store(), prefix=f"{tmp_path.name}/{PREFIX}")


def test_resources_are_kept_and_never_changed(storage: ObjectStorage) -> None:
    files = {f"tile/0/000.p/{width}": bytes([width]) * 32 * width for width in range(1, 40)}
    files |= {"tile/0/x001/000": b"a" * 8192, "tile/entries/000.p/3": b"", "tile/entries/000": b"e" * 10**6}
    storage.put(files)
    storage.put(files)
    assert {path: storage.get(path) for path in files} == files
    with pytest.raises(StorageRefusal, match=r"tile/0/000\.p/3.*almacen\.distinto"):
        storage.put({"tile/0/000.p/3": b"c" * 96})
    assert storage.get("tile/0/000.p/3") == files["tile/0/000.p/3"]


def test_what_is_missing_is_refused_and_deleting_is_quiet(storage: ObjectStorage) -> None:
    storage.put({"tile/0/000.p/3": b"x", "tile/0/000": b"z"})
    storage.delete(["tile/0/000.p/3", "tile/0/000.p/9"])
    for path in ("checkpoint", "tile/0/000.p/3", "tile/1/000"):
        with pytest.raises(StorageRefusal, match=r"almacen\.falta"):
            storage.get(path)
    assert storage.get("tile/0/000") == b"z"


def test_signatures_are_added_only_to_the_checkpoint_that_was_read(storage: ObjectStorage) -> None:
    storage.put_checkpoint("checkpoint", b"uno")
    storage.exchange_checkpoint("checkpoint", b"uno", b"dos")
    with pytest.raises(StorageRefusal, match=r"almacen\.cambio"):
        storage.exchange_checkpoint("checkpoint", b"uno", b"tres")
    assert storage.get("checkpoint") == b"dos"


def test_what_is_served_says_how_long_it_may_be_kept(storage: ObjectStorage, server: Server) -> None:
    for data in (b"uno", b"dos"):
        storage.put_checkpoint("checkpoint", data)
        assert storage.get("checkpoint") == data
    storage.put({"tile/0/000.p/1": b"h" * 32})
    prefix = storage._prefix
    served = {p: obstore.get(server.store(), prefix + p).attributes for p in ("checkpoint", "tile/0/000.p/1")}
    assert served["checkpoint"]["Content-Type"] == "text/plain; charset=utf-8"
    assert "max-age=1," in served["checkpoint"]["Cache-Control"]
    assert served["tile/0/000.p/1"]["Content-Type"] == "application/octet-stream"
    assert "immutable" in served["tile/0/000.p/1"]["Cache-Control"]


@pytest.mark.req("VER-02")
def test_a_log_whose_store_goes_away_goes_on_when_it_is_back(
    storage: ObjectStorage, server: Server, tmp_path: Path
) -> None:
    lock = SqliteLock(tmp_path / "lock.db")
    create_log(storage, lock, IDENTITY)
    sequencer, acknowledged = Sequencer(storage, lock, IDENTITY), {}
    for number, batch in enumerate(submissions(1, 254, 2, 300, 5)):
        if server.keeps and number in (2, 4):
            server.kill()
            with pytest.raises(obstore.exceptions.BaseError):
                sequencer.append(batch)
            server.start()
        for sent, outcome in zip(batch, sequencer.append(batch), strict=True):
            assert isinstance(outcome, Placed)
            acknowledged[sent.key] = outcome.index
    sequencer.close()
    Sequencer(storage, SqliteLock(tmp_path / "lock.db"), IDENTITY).close()
    assert len(audit(storage, acknowledged, [])) == 562
