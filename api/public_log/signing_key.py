"""The file of a log's signing key: 32 bytes in hexadecimal. Made once, when there is none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from keys import atomic_file
from keys.errors import FormatRefusal
from ledger.vkey import Ed25519Signer

SEED_BYTES = 32


def load_or_create(file: Path, name: str, random: Callable[[int], bytes]) -> Ed25519Signer:
    """The signer of `name`. Raises FormatRefusal without quoting the file."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):  # another process made it first
            atomic_file.create(file, f"{random(SEED_BYTES).hex()}\n".encode(), atomic_file.PRIVATE)
    text = file.read_text(encoding="ascii", errors="replace").strip()
    try:
        seed = bytes.fromhex(text)
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise FormatRefusal("bitacora.llave", file.name, f"{SEED_BYTES} bytes en hexadecimal", "otra cosa")
    return Ed25519Signer(name, seed)
