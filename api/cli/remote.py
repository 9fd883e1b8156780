"""A session with the service over HTTP, for the orders that a custodio runs: it never sees a key.

What the service answers is somebody else's: files are taken only with names that a ceremony has, and nothing
that lies there is written over with other bytes but what a rehearsal or an acta makes anew.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import httpx

from api.cli import screen
from keys import atomic_file

TIMEOUT_SECONDS = 600.0
"""Of one answer: a share of a whole city is judged while its custodio waits."""
CHUNK = 1 << 20
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_FIELDS = frozenset({"servicio", "testigo"})
_SESSION_BYTES = 4096


@dataclass(frozen=True)
class Remote:
    """The service at `base`, asked by who has `token` (nobody, without one)."""

    base: str
    token: str | None = None

    def get(self, path: str) -> Any:
        """The JSON of a GET. Raises CommandFailed."""
        return self._done("GET", path).json()

    def send(self, method: str, path: str, data: bytes | None = None, form: Any = None) -> Any:
        """What a request with bytes or JSON is answered. Raises CommandFailed."""
        return self._done(method, path, content=data, json=form).json()

    def download(self, path: str, into: IO[bytes]) -> None:
        """The bytes of a GET, as they come. Raises CommandFailed."""
        with self._failing(), self._client() as http, http.stream("GET", path) as answer:
            if answer.is_error:
                answer.read()
            _require(answer)
            for block in answer.iter_bytes(CHUNK):
                into.write(block)

    def _done(self, method: str, path: str, **options: Any) -> httpx.Response:
        given = {name: value for name, value in options.items() if value is not None}
        with self._failing(), self._client() as http:
            return _require(http.request(method, path, **given))

    def _client(self) -> httpx.Client:
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        return httpx.Client(base_url=self.base, headers=headers, timeout=TIMEOUT_SECONDS)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except httpx.HTTPError as error:
            kind = type(error).__name__
            raise screen.CommandFailed(f"{self.base} no responde ({kind}). Repita la orden.") from None


def _require(answer: httpx.Response) -> httpx.Response:
    """The answer, when it was done. Raises CommandFailed with what the service says."""
    if answer.is_success:
        return answer
    try:
        told = dict(answer.json())
    except ValueError:
        raise screen.CommandFailed(
            f"El servicio respondió {answer.status_code}, sin decir por qué."
        ) from None
    rule = told.get("codigo")
    if rule == "sesion.refuerzo":
        again = "Su segundo factor ya no es reciente: vuelva a entrar con «certeza custodio entrar»."
        raise screen.CommandFailed(again)
    parts = [str(told[name]) for name in ("title", "detail") if told.get(name)]
    if told.get("esperado"):
        parts.append(f"{told.get('donde')}: se esperaba {told['esperado']}; se encontró {told['encontrado']}")
    raise screen.CommandFailed(" ".join(parts) + (f" [{rule}]" if rule else ""))


def service_at(address: str) -> str:
    """The base of a service. Raises CommandFailed for what would send a password in the open."""
    parts = urlsplit(address)
    known = parts.scheme in ("http", "https") and parts.hostname
    if not known or parts.query or parts.fragment or parts.username:
        raise screen.CommandFailed(f"«{address}» no es la dirección de un servicio: https://….")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise screen.CommandFailed("La dirección debe comenzar con https:// (http:// solo en este equipo).")
    return address.rstrip("/")


def save_session(path: Path, base: str, token: str) -> None:
    """Keep a session in a file of its owner's only."""
    data = json.dumps({"servicio": base, "testigo": token}).encode()
    atomic_file.replace(path, data, atomic_file.PRIVATE)


def opened_with(path: Path | None, base: str) -> Remote:
    """The service, with the session of a file. Raises CommandFailed for one of another service."""
    if path is None:
        return Remote(base)
    with path.open("rb") as file:
        data = file.read(_SESSION_BYTES + 1)
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict) or set(found) != _FIELDS:
        raise screen.CommandFailed(f"{path}: no es una sesión de «certeza custodio entrar».")
    if found["servicio"] != base:
        raise screen.CommandFailed(f"{path}: esa sesión es de otro servicio ({found['servicio']}).")
    return Remote(base, str(found["testigo"]))


def unpack(archive: IO[bytes], folder: Path) -> int:
    """The files of an archive, under a folder, nothing outside of it; how many. Raises CommandFailed."""
    archive.seek(0)
    count = 0
    try:
        with tarfile.open(fileobj=archive) as files:
            for member in files:
                if not member.isfile():
                    raise tarfile.TarError
                files.extract(member, folder, filter="data")
                count += 1
    except tarfile.TarError:
        raise screen.CommandFailed("Lo que envió el servicio no es una copia de una carpeta.") from None
    return count
