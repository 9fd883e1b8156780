"""The blobs that the settings ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.blobs.opening import open_blobs, require_writable, uploads_folder
from api.blobs.settings import BlobSettings
from api.settings import Settings
from capture.blobs import FolderBlobs, ObjectBlobs
from keys.errors import FormatRefusal
from tests.ledger.s3 import BUCKET, KEY, SECRET, Server, programs


def test_without_an_address_it_is_a_folder_of_the_data(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    blobs = open_blobs(settings)
    assert isinstance(blobs, FolderBlobs)
    require_writable(blobs)
    assert uploads_folder(settings).is_relative_to(tmp_path / "objetos")


def test_an_object_store_is_opened_with_the_options_of_a_file(tmp_path: Path) -> None:
    found = sorted(programs())
    if not found:
        pytest.skip(
            "AVISO: no hay un servidor S3 (CERTEZA_MOTO): los ajustes de objetos NO se probaron sobre S3"
        )
    server = Server(found[0], tmp_path / "s3")
    server.start()
    options = tmp_path / "s3.toml"
    options.write_text(
        f'endpoint = "{server.url}"\nregion = "us-east-1"\naccess_key_id = "{KEY}"\n'
        f'secret_access_key = "{SECRET}"\nclient_options = {{ allow_http = true }}\n'
    )
    settings = Settings(data=tmp_path, blobs=BlobSettings(url=f"s3://{BUCKET}/apoyo", options_file=options))
    blobs = open_blobs(settings)
    assert isinstance(blobs, ObjectBlobs)
    require_writable(blobs)
    assert uploads_folder(settings) == tmp_path / "cargas"
    server.kill()


def test_options_that_are_no_toml_are_refused_unquoted(tmp_path: Path) -> None:
    options = tmp_path / "s3.toml"
    options.write_text("secreto")
    settings = Settings(data=tmp_path, blobs=BlobSettings(url="s3://x/y", options_file=options))
    with pytest.raises(FormatRefusal) as refused:
        open_blobs(settings)
    assert "secreto" not in str(refused.value)
