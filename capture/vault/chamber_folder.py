"""Keys in a folder, each encrypted with age to a master identity that lies elsewhere.

`<folio>.age` holds the identity of a process, `<periodo>.hmac.age` 32 bytes for keyed hashes, and
`<folio>.destruida` what is left of a destroyed one: the SHA-256 of its recipient. Whoever copies the folder
without the master identity has nothing. An old copy of a file, with the master identity, still opens its
process: copies of this folder have to be destroyed with it.
"""

from __future__ import annotations

import errno
import hmac
import os
import re
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import pyrage
from pyrage import x25519

from capture.vault.errors import VaultRefusal
from keys import atomic_file

_NAME = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_CACHED = 4096


class FolderChamber:
    """A `KeyChamber` in one folder, for one process of the system at a time that writes."""

    def __init__(self, folder: Path, master: x25519.Identity) -> None:
        self._folder = folder
        self._master = master
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._identity = lru_cache(_CACHED)(self._read_identity)
        self._hmac_key = lru_cache(_CACHED)(self._read_hmac_key)

    def new_process_key(self, proceso: str) -> str:
        """See `KeyChamber`."""
        path = self._path(proceso, ".age")
        if self._path(proceso, ".destruida").exists():
            raise VaultRefusal("boveda.destruida", f"proceso {proceso}", "una llave nueva", "fue destruida")
        if not path.exists():
            identity = x25519.Identity.generate()
            self._keep(path, str(identity).encode())
        return str(self._identity(proceso).to_public())

    def open(self, proceso: str, sealed: bytes) -> bytes:
        """See `KeyChamber`."""
        try:
            return bytes(pyrage.decrypt(sealed, [self._identity(proceso)]))
        except pyrage.DecryptError:
            expected = "un sobre cifrado a la llave del proceso"
            raise VaultRefusal("boveda.sobre", f"proceso {proceso}", expected, "otro") from None

    def hmac(self, periodo: str, data: bytes) -> bytes:
        """See `KeyChamber`."""
        return hmac.digest(self._hmac_key(periodo), data, "sha256")

    def destroy(self, proceso: str) -> bytes:
        """See `KeyChamber`. Order: evidence durable, overwrite, unlink; repeating it is safe."""
        evidence = self._path(proceso, ".destruida")
        if not evidence.exists():
            recipient = str(self._identity(proceso).to_public())
            atomic_file.replace(evidence, sha256(recipient.encode()).digest(), atomic_file.PRIVATE)
        path = self._path(proceso, ".age")
        if path.exists():
            _overwrite(path)
            path.unlink()
            atomic_file.sync_folder(self._folder)
        self._identity.cache_clear()
        return evidence.read_bytes()

    def _read_identity(self, proceso: str) -> x25519.Identity:
        path = self._path(proceso, ".age")
        if not path.exists():
            if not self._path(proceso, ".destruida").exists():
                # A medium that is not mounted is no lost key: who asks waits.
                raise FileNotFoundError(errno.ENOENT, "la llave no está en la bóveda", path.name)
            raise VaultRefusal("boveda.llave", f"proceso {proceso}", "la llave del proceso", "fue destruida")
        return x25519.Identity.from_str(self._unsealed(path).decode())

    def _read_hmac_key(self, periodo: str) -> bytes:
        path = self._path(periodo, ".hmac.age")
        if not path.exists():
            try:
                sealed = pyrage.encrypt(secrets.token_bytes(32), [self._master.to_public()])
                atomic_file.create(path, sealed, atomic_file.PRIVATE)
            except FileExistsError:
                pass  # another thread made it first
        return self._unsealed(path)

    def _keep(self, path: Path, secret: bytes) -> None:
        try:
            sealed = pyrage.encrypt(secret, [self._master.to_public()])
            atomic_file.create(path, sealed, atomic_file.PRIVATE)
        except FileExistsError:
            pass  # another thread made it first: that one is the key

    def _unsealed(self, path: Path) -> bytes:
        try:
            return bytes(pyrage.decrypt(path.read_bytes(), [self._master]))
        except pyrage.DecryptError:
            expected = "un archivo cifrado a la llave maestra"
            raise VaultRefusal("boveda.maestra", path.name, expected, "otro") from None

    def _path(self, name: str, suffix: str) -> Path:
        if not _NAME.fullmatch(name):
            raise VaultRefusal("boveda.nombre", "bóveda", "letras, cifras y guiones", name)
        return self._folder / f"{name}{suffix}"


def _overwrite(path: Path) -> None:
    """Best effort: journals and flash memory may keep copies, which only the master identity opens."""
    with path.open("r+b", buffering=0) as file:
        file.write(os.urandom(path.stat().st_size))
        os.fsync(file.fileno())


def read_master(path: Path) -> x25519.Identity:
    """The master identity in a file of `age-keygen`. Raises VaultRefusal; OSError as the system says it."""
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("AGE-SECRET-KEY-1"):
            return x25519.Identity.from_str(line.strip())
    raise VaultRefusal("boveda.maestra", path.name, "una línea AGE-SECRET-KEY-1…", "ninguna")


def create_master(path: Path) -> str:
    """Make a master identity in a new file that only its owner reads; its recipient."""
    identity = x25519.Identity.generate()
    text = f"# public key: {identity.to_public()}\n{identity}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_file.create(path, text.encode(), atomic_file.PRIVATE)
    return str(identity.to_public())
