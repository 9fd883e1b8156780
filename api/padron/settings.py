"""Where the key of the padrón is."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from capture.padron.errors import PadronRefusal
from capture.padron.keyed import KEY_BYTES, PadronKey
from keys import atomic_file


class PadronSettings(BaseModel):
    """Settings of the padrón."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key_file: Path | None = None
    """A file with 64 hexadecimal digits: the key of the table's values. Without it nobody loads or asks."""
    compulsa_seconds: float = Field(default=60.0, ge=0.05)
    """Seconds between two looks for records, and auxiliares, that wait for the padrón."""


def read_key(path: Path | None) -> PadronKey:
    """The key in a file. Raises PadronRefusal when there is none or it is not one, OSError otherwise."""
    if path is None:
        raise PadronRefusal("padron.llave", "ajuste padron.key_file", "el archivo de la llave", "nada")
    try:
        secret = bytes.fromhex(path.read_text("ascii", errors="replace").strip())
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        expected = f"{2 * KEY_BYTES} dígitos hexadecimales"
        raise PadronRefusal("padron.llave", str(path), expected, "otra cosa")
    return PadronKey(secret)


def make_key(path: Path) -> None:
    """Write a new key that only its owner reads. Raises FileExistsError: without its key a corte is lost."""
    atomic_file.create(path, f"{os.urandom(KEY_BYTES).hex()}\n".encode(), atomic_file.PRIVATE)
