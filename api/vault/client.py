"""Who asks the bóveda: a `KeyChamber` on the other end of a Unix socket."""

from __future__ import annotations

from pathlib import Path

import httpx

from capture.vault.errors import VaultRefusal

_ADDRESS = "http://boveda"


class RemoteChamber:
    """Safe from any thread.

    Raises VaultRefusal with the bóveda's own rule, OSError when it does not answer.
    """

    def __init__(self, socket: Path, timeout_seconds: float) -> None:
        self._http = httpx.Client(
            transport=httpx.HTTPTransport(uds=str(socket), retries=2),
            timeout=timeout_seconds,
            base_url=_ADDRESS,
        )

    def new_process_key(self, proceso: str) -> str:
        """See `KeyChamber`."""
        return self._ask("llave", proceso).decode()

    def open(self, proceso: str, sealed: bytes) -> bytes:
        """See `KeyChamber`."""
        return self._ask("abrir", proceso, sealed)

    def hmac(self, periodo: str, data: bytes) -> bytes:
        """See `KeyChamber`."""
        return self._ask("hmac", periodo, data)

    def destroy(self, proceso: str) -> bytes:
        """See `KeyChamber`."""
        return self._ask("destruir", proceso)

    def require_alive(self) -> None:
        """Raises OSError."""
        try:
            self._http.get("/salud").raise_for_status()
        except httpx.HTTPError as error:
            raise OSError(type(error).__name__) from None

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def _ask(self, operation: str, name: str, data: bytes = b"") -> bytes:
        try:
            answer = self._http.post(f"/{operation}/{name}", content=data)
        except httpx.HTTPError as error:
            raise OSError(f"boveda-{type(error).__name__}") from None
        if answer.is_success:
            return answer.content
        if answer.headers.get("content-type") != "application/problem+json" or answer.status_code >= 500:
            raise OSError(f"boveda-{answer.status_code}")
        told = answer.json()
        words = (told.get(name, "") for name in ("donde", "esperado", "encontrado"))
        raise VaultRefusal(told.get("codigo", told["type"]), *words)
