"""A witness's folder: `llaves`, its private keys (mode 0600, one line each), and `testigo.db`, its memory."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from keys import atomic_file
from ledger.cosignature import Ed25519Cosigner, MlDsa44Cosigner
from ledger.errors import FormatRefusal, StateRefusal
from ledger.fields import decode_base64, decode_utf8, encode_base64
from ledger.vkey import COSIGNATURE_ED25519, COSIGNATURE_ML_DSA_44
from ledger.witness import Cosigning
from ledger.witness_store import SqliteWitnessStore

KEYS = "llaves"
MEMORY = "testigo.db"
SEED_BYTES = 32
_PRIVATE = "PRIVATE+KEY"
_KINDS: dict[int, type[Ed25519Cosigner] | type[MlDsa44Cosigner]] = {
    COSIGNATURE_ED25519: Ed25519Cosigner,
    COSIGNATURE_ML_DSA_44: MlDsa44Cosigner,
}


def encode_private(name: str, algorithm: int, seed: bytes) -> str:
    """A private key as one line: `PRIVATE+KEY+name+id+base64(type || 32-byte seed)`."""
    key = _KINDS[algorithm](name, seed).key
    return f"{_PRIVATE}+{name}+{key.key_id.hex()}+{encode_base64(bytes([algorithm]) + seed)}"


def parse_private(line: str, place: str) -> Cosigning:
    """Read such a line. Raises FormatRefusal, which never shows it."""
    parts = line.removeprefix(f"{_PRIVATE}+").split("+", 2)
    if not line.startswith(f"{_PRIVATE}+") or len(parts) != 3:
        raise FormatRefusal("llave.forma", place, f"{_PRIVATE}+nombre+id+base64", "otra forma")
    try:
        data = decode_base64(parts[2], place)
    except FormatRefusal:
        raise FormatRefusal("llave.base64", place, "base64 con relleno", "otra cosa") from None
    kind = _KINDS.get(data[0]) if data else None
    if kind is None or len(data) != 1 + SEED_BYTES:
        known = " o ".join(f"{algorithm:02x}" for algorithm in _KINDS)
        raise FormatRefusal("llave.tipo", place, f"{known} y {SEED_BYTES} bytes", f"{len(data)} bytes")
    cosigner = kind(parts[0], data[1:])
    if cosigner.key.key_id.hex() != parts[1]:
        raise FormatRefusal("llave.id", place, cosigner.key.key_id.hex(), parts[1])
    return cosigner


def create_witness(folder: Path, name: str, algorithms: Sequence[int]) -> list[Cosigning]:
    """Make a witness with one new key of each type. Raises StateRefusal where there is one already.

    The memory comes first, so that no key exists without one. An empty memory without keys is what a start
    that was cut short left: it has nothing to forget, and is taken.
    """
    if (folder / KEYS).exists() or _remembers(folder):
        raise StateRefusal("testigo.existe", str(folder), "una carpeta sin testigo", "la de un testigo")
    lines = [encode_private(name, algorithm, secrets.token_bytes(SEED_BYTES)) for algorithm in algorithms]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    SqliteWitnessStore(folder / MEMORY).close()
    data = "".join(f"{line}\n" for line in lines).encode()
    atomic_file.create(folder / KEYS, data, atomic_file.PRIVATE)
    return read_keys(folder)


def _remembers(folder: Path) -> bool:
    if not (folder / MEMORY).exists():
        return False
    memory = SqliteWitnessStore(folder / MEMORY)
    try:
        return bool(memory.origins())
    finally:
        memory.close()


def read_keys(folder: Path) -> list[Cosigning]:
    """The witness's private keys, in the order they sign. Raises FormatRefusal naming the line."""
    path = folder / KEYS
    text = decode_utf8(path.read_bytes(), str(path))
    lines = text.splitlines()
    if not lines:
        raise FormatRefusal("llave.forma", str(path), "al menos una llave", "ninguna")
    return [parse_private(line, f"{path}, línea {i}") for i, line in enumerate(lines, 1)]


def open_memory(folder: Path) -> SqliteWitnessStore:
    """The witness's memory. Raises StateRefusal rather than begin an empty one for a key that has signed."""
    if not (folder / MEMORY).is_file():
        raise StateRefusal("testigo.memoria", str(folder), f"{MEMORY}, la memoria del testigo", "ninguna")
    return SqliteWitnessStore(folder / MEMORY)
