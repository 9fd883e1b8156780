"""Proofs that an event is in a consultation's log, made from what is published: by any process."""

from __future__ import annotations

from threading import Lock

from sqlalchemy import Connection, select

from api.settings import Settings
from ledger.errors import StorageRefusal
from ledger.proof import LogProof
from ledger.reading import Prover, read_checkpoint
from ledger.store_folder import FolderStorage
from ledger.tree import leaf_hash
from tally.consulta.tables import hojas_consulta


class LogProofs:
    """Proofs by consultation. Safe from any thread."""

    def __init__(self, settings: Settings) -> None:
        self._public = settings.logs.public_folder or settings.data / "publico"
        self._known: dict[str, tuple[FolderStorage, Prover]] = {}
        self._lock = Lock()

    def of(self, consulta: str, index: int, entry: bytes) -> LogProof | None:
        """The proof under the checkpoint that is published now; None while that does not cover the entry."""
        storage, prover = self._opened(consulta)
        try:
            signed = read_checkpoint(storage)
        except StorageRefusal:
            return None
        return prover.inclusion(index, leaf_hash(entry), signed) if index < signed.head.size else None

    def _opened(self, consulta: str) -> tuple[FolderStorage, Prover]:
        with self._lock:
            if consulta not in self._known:
                storage = FolderStorage(self._public / consulta / "log")
                self._known[consulta] = storage, Prover(storage)
            return self._known[consulta]


def leaf_of(connection: Connection, consulta: str, uuid: str, height: int) -> tuple[int | None, bytes] | None:
    """Where the event of a height of an urn is in the log (None: not yet) and its entry; None without one."""
    c = hojas_consulta.c
    key = f"urna/{uuid}/{height}".encode()
    row = connection.execute(
        select(c.indice, c.entrada).where(c.consulta == consulta, c.llave == key)
    ).one_or_none()
    return None if row is None else (row.indice, bytes(row.entrada))
