"""Logs made for the tests, from the texts of RFC 6962 and C2SP and without the verifier's own code: recursive
hashes, files of tiles, notes, cosignatures, proofs. It holds the keys, so it can cheat.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nacl.signing import SigningKey

SHARED = Path(os.environ.get("CERTEZA_SHARED", Path(__file__).parents[3] / "shared"))
ORIGIN = "bitacora.example/2023"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def h(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def cut(size: int) -> int:
    """Largest power of two strictly below."""
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def mth(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, over leaf hashes."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else h(b"")
    k = cut(len(leaves))
    return h(b"\x01" + mth(leaves[:k]) + mth(leaves[k:]))


def audit(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    k = cut(len(leaves))
    if m < k:
        return [*audit(m, leaves[:k]), mth(leaves[k:])]
    return [*audit(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF(m, D[n], b)."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = cut(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


@dataclass
class Signer:
    """A key of a log (kind 1) or of a witness (kind 4)."""

    name: str
    kind: int = 1
    seed: bytes = b""
    key: SigningKey = field(init=False)

    def __post_init__(self) -> None:
        self.key = SigningKey(h(self.name.encode() + self.seed))

    @property
    def material(self) -> bytes:
        return bytes([self.kind]) + bytes(self.key.verify_key)

    @property
    def id(self) -> bytes:
        return h(self.name.encode() + b"\n" + self.material)[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(self.material)}"

    def line(self, text: bytes, time: int = 1_700_000_000) -> bytes:
        if self.kind == 1:
            value = self.key.sign(text).signature
        else:
            message = f"cosignature/v1\ntime {time}\n".encode() + text
            value = time.to_bytes(8, "big") + self.key.sign(message).signature
        return f"— {self.name} {b64(self.id + value)}\n".encode()


def quantum(name: str) -> tuple[str, bytes]:
    """vkey and signature line of an ML-DSA-44 witness that nobody here can check."""
    material = b"\x06" + bytes(1312)
    key_id = h(name.encode() + b"\n" + material)[:4]
    line = f"— {name} {b64(key_id + bytes(8 + 2420))}\n".encode()
    return f"{name}+{key_id.hex()}+{b64(material)}", line


def path_of(n: int) -> str:
    text = f"{n:03}" if n < 1000 else f"{n:0{-(-len(str(n)) // 3) * 3}}"
    groups = [text[i : i + 3] for i in range(0, len(text), 3)]
    return "/".join([f"x{g}" for g in groups[:-1]] + groups[-1:])


@dataclass
class Log:
    """A log of these entries in a folder."""

    root: Path
    entries: list[bytes] = field(default_factory=list)
    origin: str = ORIGIN
    witnesses: list[Signer] = field(default_factory=list)
    extra: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.signer = Signer(self.origin)

    @property
    def leaves(self) -> list[bytes]:
        return [h(b"\x00" + entry) for entry in self.entries]

    def text(self, size: int | None = None) -> bytes:
        size = len(self.entries) if size is None else size
        return f"{self.origin}\n{size}\n{b64(mth(self.leaves[:size]))}\n".encode()

    def checkpoint(self, size: int | None = None) -> bytes:
        text = self.text(size)
        lines = [self.signer.line(text), *[w.line(text) for w in self.witnesses], *self.extra]
        return text + b"\n" + b"".join(lines)

    def proof(self, index: int, size: int | None = None) -> bytes:
        size = len(self.entries) if size is None else size
        hashes = [b64(value) for value in audit(index, self.leaves[:size])]
        lines = ["c2sp.org/tlog-proof@v1", f"index {index}", *hashes, "", ""]
        return "\n".join(lines).encode() + self.checkpoint(size)

    def put(self, name: str, data: bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def save(self) -> Path:
        """All tiles of the present size, then the checkpoint."""
        row, level = self.leaves, 0
        while row:
            for n in range(0, len(row), 256):
                tile = row[n : n + 256]
                part = "" if len(tile) == 256 else f".p/{len(tile)}"
                self.put(f"tile/{level}/{path_of(n // 256)}{part}", b"".join(tile))
                if level == 0:
                    bundle = [len(e).to_bytes(2, "big") + e for e in self.entries[n : n + 256]]
                    self.put(f"tile/entries/{path_of(n // 256)}{part}", b"".join(bundle))
            row = [mth(row[n : n + 256]) for n in range(0, len(row) - 255, 256)]
            level += 1
        self.put("checkpoint", self.checkpoint())
        return self.root

    def policy(self, quorum: str = "none") -> bytes:
        lines = [f"log {self.signer.vkey}"]
        lines += [f"witness w{i} {w.vkey}" for i, w in enumerate(self.witnesses)]
        return "\n".join([*lines, quorum if "\n" in quorum else f"quorum {quorum}"]).encode() + b"\n"


ACUSE = (
    "certeza/acuse/v1\nproceso F220617000000021\nfolio 01900000-0000-7000-8000-000000000001\n"
    "modalidad auxiliar\ncic 123456789\nrecibido 2022-12-14T11:58:03.120-06:00\n"
    f"registro {'ab' * 32}\nnonce {b64(bytes(32))}\n"
).encode()


def code_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def support(text: bytes) -> bytes:
    return f"certeza/apoyo/v1\n{code_of(text)}".encode()


def log_with_acuse(root: Path, size: int = 700, at: int = 300) -> Log:
    log = Log(root, [f"entrada {i}".encode() for i in range(size)])
    log.entries[at] = support(ACUSE)
    return log
