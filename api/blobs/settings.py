"""Where blobs are."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict


class BlobSettings(BaseModel):
    """A folder below the data folder, unless `url` names an object store."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = ""
    """`s3://bucket/prefix`, `gs://…` or `az://…` (obstore)."""
    options_file: Path | None = None
    """A TOML file of obstore's options, which only its owner reads: endpoint, region, access_key_id…"""
