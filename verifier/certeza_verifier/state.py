"""What an earlier run verified, so that the next one need not repeat the expensive part (--estado FILE).

Of each accepted archive: how many bytes, their SHA-256, how many ballots. If those bytes are unchanged, the
proofs of the ballots within them hold; everything else is checked again. If they changed, that is a fault in
itself.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from certeza_verifier import VERSION
from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.limits import LIMITS
from certeza_verifier.system import read_whole, reason, replace

_PIECE = 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """An archive as it was when it was accepted: `longitud` in bytes, `boletas` verified."""

    longitud: int
    sha256: str
    boletas: int


State = dict[str, Entry]


def load_state(path: Path) -> State:
    """The state of an earlier run; empty when there is none yet."""
    try:
        data = json.loads(read_whole(path, LIMITS.document))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise NotJudged(f"No se pudo leer el estado {path}: {reason(error)}") from None
    except (ValueError, RecursionError):
        raise NotJudged(f"El estado {path} no es JSON; bórrelo para empezar de nuevo.") from None
    try:
        if set(data) != {"version", "archivos"} or not isinstance(data["version"], str):
            raise ValueError("another kind of document")
        if data["version"] != VERSION:
            return {}
        return {str(name): _entry(value) for name, value in data["archivos"].items()}
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        raise NotJudged(
            f"El estado {path} no tiene la forma esperada; bórrelo para empezar de nuevo."
        ) from None


def _entry(value: Any) -> Entry:
    entry = Entry(int(value["longitud"]), str(value["sha256"]), int(value["boletas"]))
    if entry.longitud < 0 or entry.boletas < 0:
        raise ValueError("negative")
    return entry


def save_state(path: Path, state: State) -> None:
    """Writes the state whole or not at all."""
    document = {
        "version": VERSION,
        "archivos": {name: asdict(entry) for name, entry in sorted(state.items())},
    }
    data = json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"
    try:
        replace(path, data)
    except OSError as error:
        raise NotJudged(f"No se pudo guardar el estado {path}: {reason(error)}") from None


def prefix_digest(path: Path, length: int) -> str | None:
    """SHA-256 of the first `length` bytes; None when the file is shorter."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while length:
            piece = file.read(min(length, _PIECE))
            if not piece:
                return None
            digest.update(piece)
            length -= len(piece)
    return digest.hexdigest()


def check_prefix(path: Path, entry: Entry) -> None:
    """Raises `archivo-reescrito` unless the file still begins with what was verified."""
    got = prefix_digest(path, entry.longitud)
    if got != entry.sha256:
        place = f"primeros {entry.longitud} bytes"
        raise Failure(
            "archivo-reescrito", place, entry.sha256, got or f"archivo de {path.stat().st_size} bytes"
        )
