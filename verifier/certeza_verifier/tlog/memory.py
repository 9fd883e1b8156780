"""What a monitor remembers of a log between runs (--estado FILE): the last checkpoint verified wholly.

The signed note itself is kept, because size and root alone would prove nothing to anybody else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certeza_verifier import VERSION
from certeza_verifier.errors import NotJudged
from certeza_verifier.limits import LIMITS
from certeza_verifier.system import read_whole, reason, replace
from certeza_verifier.tlog.merkle import CompactRange

_FORM = "certeza-verify/bitacora/v1"


@dataclass(frozen=True, slots=True)
class Memory:
    """A log by its key, how long it was, its root and compact range, and the note that says so."""

    key: str
    edge: CompactRange
    checkpoint: bytes

    @property
    def size(self) -> int:
        """Entries verified."""
        return self.edge.size

    @property
    def root(self) -> bytes:
        """Root of those entries."""
        return self.edge.root()


def load_memory(path: Path, key: str) -> Memory | None:
    """The memory of an earlier run on the same log; None when there is none yet."""
    try:
        value = json.loads(read_whole(path, LIMITS.document))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotJudged(f"No se pudo leer el estado {path}: {reason(error)}") from None
    except (ValueError, RecursionError):
        raise NotJudged(f"El estado {path} no es JSON; bórrelo para empezar de nuevo.") from None
    try:
        memory = _memory(value)
    except (KeyError, TypeError, ValueError, AttributeError):
        text = f"El estado {path} no tiene la forma esperada; bórrelo para empezar de nuevo."
        raise NotJudged(text) from None
    if memory.key != key:
        raise NotJudged(f"El estado {path} es de otra bitácora ({memory.key}).")
    return memory


def _memory(value: Any) -> Memory:
    size = value["tamano"]
    if value["forma"] != _FORM or type(size) is not int or not 0 <= size < 2**63:
        raise ValueError(value["forma"])
    hashes = [bytes.fromhex(text) for text in value["rango"]]
    if any(len(item) != 32 for item in hashes):
        raise ValueError("rango")
    memory = Memory(str(value["llave"]), CompactRange(size, hashes), value["checkpoint"].encode())
    if memory.root.hex() != value["raiz"]:
        raise ValueError("raiz")
    return memory


def save_memory(path: Path, memory: Memory) -> None:
    """Writes the memory whole or not at all."""
    document = {
        "forma": _FORM,
        "programa": VERSION,
        "llave": memory.key,
        "tamano": memory.size,
        "raiz": memory.root.hex(),
        "rango": [value.hex() for value in memory.edge.hashes],
        "checkpoint": memory.checkpoint.decode(),
    }
    data = json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"
    try:
        replace(path, data)
    except OSError as error:
        raise NotJudged(f"No se pudo guardar el estado {path}: {reason(error)}") from None
