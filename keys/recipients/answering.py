"""The owner's side of the proof of possession: open the challenge with the key, and answer it."""

from __future__ import annotations

import io
from pathlib import Path

from keys.recipients.errors import PossessionRefusal
from keys.recipients.identity import Identity
from keys.recipients.possession import Challenge, parse_challenge

MAX_BYTES = 64 * 1024


def answer(key: Identity, path: Path) -> Challenge:
    """The challenge in a file, opened. Raises DecryptionRefusal, PossessionRefusal or OSError."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise PossessionRefusal("posesion.forma", str(path), f"a lo más {MAX_BYTES} bytes", "más")
    opened = io.BytesIO()
    key.decrypt(io.BytesIO(data), opened, str(path))
    return parse_challenge(opened.getvalue(), str(path))
