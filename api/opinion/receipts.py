"""The key of a consultation's log, for signing receipts: any process of the service may give one out."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from api.public_log import signing_key
from api.settings import Settings
from ledger.vkey import Ed25519Signer


class ReceiptSigners:
    """Signers by consultation, read once each. Safe from any thread."""

    def __init__(self, settings: Settings, random: Callable[[int], bytes]) -> None:
        self._settings = settings
        self._random = random
        self._known: dict[str, Ed25519Signer] = {}
        self._lock = Lock()

    def of(self, consulta: str) -> Ed25519Signer:
        """The signer of a consultation that exists: the one that its consulta.json names."""
        with self._lock:
            if consulta not in self._known:
                self._known[consulta] = self._read(consulta)
            return self._known[consulta]

    def _read(self, consulta: str) -> Ed25519Signer:
        given = self._settings.logs
        file = (given.keys_folder or self._settings.data / "secretos") / f"bitacora-{consulta}.llave"
        return signing_key.load_or_create(file, f"{given.origin}/{consulta}", self._random)
