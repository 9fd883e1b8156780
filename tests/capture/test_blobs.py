"""Blobs: whole or not at all, in their folder only, and the same over an S3 server of other people's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.blobs import BlobRefusal, Blobs, FolderBlobs, ObjectBlobs
from tests.ledger.s3 import Server, programs


@pytest.fixture(scope="module", params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blobs]:
    folder = tmp_path_factory.mktemp("objetos")
    if request.param == "folder":
        yield FolderBlobs(folder)
        return
    found = sorted(programs())
    if not found:
        pytest.skip("AVISO: no hay un servidor S3 (CERTEZA_MOTO): los objetos NO se probaron sobre S3")
    server = Server(found[0], folder)
    server.start()
    yield ObjectBlobs(server.store(), "certeza/")
    server.kill()


def test_what_is_put_is_got_streamed_and_deleted(blobs: Blobs) -> None:
    data = bytes(range(256)) * 20_000
    assert not blobs.exists("a/b.age")
    blobs.put("a/b.age", data)
    assert blobs.exists("a/b.age")
    assert blobs.get("a/b.age") == b"".join(blobs.stream("a/b.age")) == data
    blobs.delete("a/b.age")
    blobs.delete("a/b.age")
    assert not blobs.exists("a/b.age")


def test_a_file_is_adopted_and_gone_from_where_it_was(blobs: Blobs, tmp_path: Path) -> None:
    file = tmp_path / "parcial"
    file.write_bytes(b"cuerpo" * 100_000)
    blobs.adopt("registros/p/uno.age", file)
    assert blobs.get("registros/p/uno.age") == b"cuerpo" * 100_000
    assert not file.exists()


def test_what_is_not_there_says_so_before_the_first_byte(blobs: Blobs) -> None:
    for ask in (blobs.get, blobs.stream):
        with pytest.raises(BlobRefusal) as refused:
            ask("no/hay")
        assert refused.value.rule == "blob.falta"


@pytest.mark.parametrize(
    "path", ["../x", "/etc/passwd", "a//b", "", "a/../b", "ñ", ".oculto", "a/" * 9 + "b"]
)
def test_paths_stay_where_they_belong(blobs: Blobs, path: str) -> None:
    with pytest.raises(BlobRefusal) as refused:
        blobs.put(path, b"x")
    assert refused.value.rule == "blob.ruta"


def test_a_second_put_replaces_the_whole(blobs: Blobs) -> None:
    blobs.put("c", b"largo" * 1000)
    blobs.put("c", b"corto")
    assert blobs.get("c") == b"corto"


def test_files_are_for_nobody_beyond_their_group(tmp_path: Path) -> None:
    FolderBlobs(tmp_path).put("a/b", b"x")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o007 == 0


def test_the_group_reads_what_is_kept_as_far_as_the_umask_lets_it(tmp_path: Path) -> None:
    """Who receives and who processes are different users of the system, in one group."""
    kept = FolderBlobs(tmp_path / "objetos")
    before = os.umask(0o007)
    try:
        kept.put("a/compartido", b"sellado")
        os.umask(0o077)
        kept.put("b/propio", b"sellado")
    finally:
        os.umask(before)
    assert (tmp_path / "objetos/a/compartido").stat().st_mode & 0o777 == 0o660
    assert (tmp_path / "objetos/a").stat().st_mode & 0o777 == 0o770
    assert (tmp_path / "objetos/b/propio").stat().st_mode & 0o777 == 0o600
