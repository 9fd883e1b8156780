"""Where a log is read from: a folder or an address. Nothing read here is believed."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
import zlib
from pathlib import Path
from typing import IO, Protocol

from certeza_verifier import VERSION
from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.limits import LIMITS

_TRIES = 3
_PIECE = 2**16
_ABSENT = (404, 410)
_BUSY = (429, 500, 502, 503, 504)


class Source(Protocol):
    """A log's files by name."""

    remote: bool

    def read(self, name: str, limit: int) -> bytes | None:
        """A file of at most `limit` bytes; None when there is none. Raises NotJudged when unknown."""


def source(where: str) -> Source:
    """The source that an address or a folder names."""
    if where.startswith(("http://", "https://")):
        return Address(where)
    if "://" in where:
        raise NotJudged(f"No se sabe leer una bitácora de {where}: se admiten carpetas, http y https.")
    if not Path(where).is_dir():
        raise NotJudged(f"No existe la carpeta {where}.")
    return Folder(Path(where))


class Folder:
    """A log in files."""

    remote = False

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str, limit: int) -> bytes | None:
        """See Source."""
        try:
            with (self._root / name).open("rb") as file:
                return _limited(file.read(limit + 1), limit, name)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise NotJudged(f"No se pudo leer {name}: {error.strerror}") from None


class Address:
    """A log behind http or https."""

    remote = True

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix.rstrip("/")
        self._opener = urllib.request.OpenerDirector()
        for handler in (  # no file:, ftp: or data:, not even after a redirection
            urllib.request.ProxyHandler,
            urllib.request.HTTPHandler,
            urllib.request.HTTPSHandler,
            urllib.request.HTTPRedirectHandler,
            urllib.request.HTTPDefaultErrorHandler,
            urllib.request.HTTPErrorProcessor,
            urllib.request.UnknownHandler,
        ):
            self._opener.add_handler(handler())

    def read(self, name: str, limit: int) -> bytes | None:
        """See Source. A server that is busy is asked again."""
        for attempt in range(_TRIES):
            try:
                return self._get(name, limit)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in _ABSENT:
                    return None
                if error.code not in _BUSY or attempt == _TRIES - 1:
                    raise NotJudged(f"El servidor contestó {error.code} a {name}") from None
            except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
                reason = getattr(error, "reason", error)
                if attempt == _TRIES - 1 or isinstance(error, ValueError | zlib.error):
                    raise NotJudged(f"No se pudo leer {self._prefix}/{name}: {reason}") from None
            time.sleep(LIMITS.wait * 2**attempt)
        return None

    def _get(self, name: str, limit: int) -> bytes:
        headers = {"Accept-Encoding": "gzip, identity", "User-Agent": f"certeza-verify/{VERSION}"}
        request = urllib.request.Request(f"{self._prefix}/{name}", headers=headers)  # noqa: S310 - handlers above
        with self._opener.open(request, timeout=LIMITS.timeout) as response:
            encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
            if encoding in ("gzip", "x-gzip"):
                return _limited(_unzipped(response, limit, name), limit, name)
            if encoding not in ("", "identity"):
                raise NotJudged(f"El servidor codificó {name} como {encoding}, que no se pidió")
            data = b"".join(_pieces(response, limit, name))
            return _limited(data, limit, name)


def _pieces(response: IO[bytes], limit: int, name: str) -> list[bytes]:
    """The body in pieces, in a bounded time and at most one piece over the limit."""
    deadline, pieces, size = time.monotonic() + LIMITS.patience, [], 0
    while size <= limit:
        piece = response.read(min(_PIECE, limit + 1 - size))
        if not piece:
            break
        pieces.append(piece)
        size += len(piece)
        if time.monotonic() > deadline:
            raise NotJudged(f"El servidor tardó más de {LIMITS.patience} segundos en enviar {name}")
    return pieces


def _unzipped(response: IO[bytes], limit: int, name: str) -> bytes:
    """A gzip body, never grown beyond the limit."""
    machine = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    data = machine.decompress(b"".join(_pieces(response, limit + _PIECE, name)), limit + 1)
    if len(data) <= limit and (not machine.eof or machine.unused_data):
        raise zlib.error("gzip incompleto o con bytes de más")
    return data


def _limited(data: bytes, limit: int, name: str) -> bytes:
    if len(data) > limit:
        raise Failure("bitacora-tamano", name, f"{limit} bytes como máximo", f"más de {limit}")
    return data
