"""With which keys the service signs documents. Settings name the files; passphrases are never values."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict


class KeyFile(BaseModel):
    """A key that signs: PKCS #12, or PEM with its certificates after it or in `certificates`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Path
    passphrase: Path
    """The file whose first line is the passphrase; readable only by the service."""
    certificates: Path | None = None


class DocumentSettings(BaseModel):
    """Without `signers` a trial makes an authority of its own; with `production`, no document is issued."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signers: tuple[KeyFile, ...] = ()
    """Everybody who signs each document, in order."""
    stamps_url: str = ""
    """An authority of time stamps (RFC 3161) over HTTP or HTTPS."""
    stamps_key: KeyFile | None = None
    """Or a key with whose certificate this process stamps."""
