"""Where a log is read from: a folder or an address. Nothing read here is believed."""

from __future__ import annotations

import http.client
import io
import os
import socket
import ssl
import stat
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import IO, Any, Protocol

from certeza_verifier import VERSION
from certeza_verifier.errors import Failure, NotJudged, shown
from certeza_verifier.limits import LIMITS
from certeza_verifier.system import reason, require_folder

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
    require_folder(Path(where))
    return Folder(Path(where))


def _unblocked(path: str, flags: int) -> int:
    """Opens what may be a pipe without waiting for somebody to write into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


class Folder:
    """A log in files."""

    remote = False

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, name: str, limit: int) -> bytes | None:
        """See Source."""
        try:
            with open(self._root / name, "rb", opener=_unblocked) as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise NotJudged(f"{name} no es un archivo común")
                return _limited(file.read(limit + 1), limit, name)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise NotJudged(f"No se pudo leer {name}: {reason(error)}") from None


class _Paced(io.RawIOBase):
    """The bytes of a connection, none of them after `deadline`, however the server doles them out."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, deadline: float) -> None:
        self._raw, self._sock, self._deadline = raw, sock, deadline

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        """What comes next. Raises TimeoutError."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("se acabó el tiempo")
        self._sock.settimeout(min(LIMITS.timeout, left))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let the connection go."""
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    """Status, headers and body are read before `deadline` or not at all."""

    def __init__(self, sock: socket.socket, *args: Any, deadline: float, **words: Any) -> None:
        super().__init__(sock, *args, **words)
        self.fp = io.BufferedReader(_Paced(self.fp.detach(), sock, deadline))


class _Request(urllib.request.Request):
    """A request that must be over at `deadline`, redirections included."""

    deadline = 0.0


def _until(deadline: float, kind: Callable[..., Any]) -> Callable[..., Any]:
    """Connections of a kind whose answers have a deadline."""

    def connection(*args: Any, **words: Any) -> Any:
        made = kind(*args, **words)
        made.response_class = partial(_Response, deadline=deadline)
        return made

    return connection


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """See urllib."""
        return self.do_open(_until(_deadline(req), http.client.HTTPConnection), req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """See urllib."""
        return self.do_open(_until(_deadline(req), http.client.HTTPSConnection), req, context=_tls())


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirections without reading what comes with them."""

    def redirect_request(self, req: urllib.request.Request, fp: IO[bytes], *args: Any) -> _Request | None:
        """See urllib."""
        fp.close()
        made = super().redirect_request(req, fp, *args)
        if made is None:
            return None
        again = _Request(made.full_url, headers=dict(made.header_items()), unverifiable=True)
        again.deadline = _deadline(req)
        return again


def _deadline(request: urllib.request.Request) -> float:
    return request.deadline if isinstance(request, _Request) else 0.0


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the certificate authorities takes longer than a request."""
    return ssl.create_default_context()


class Address:
    """A log behind http or https."""

    remote = True

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix.rstrip("/")
        self._opener = urllib.request.OpenerDirector()
        for handler in (  # no file:, ftp: or data:, not even after a redirection
            urllib.request.ProxyHandler,
            _Http,
            _Https,
            _Redirects,
            urllib.request.HTTPDefaultErrorHandler,
            urllib.request.HTTPErrorProcessor,
            urllib.request.UnknownHandler,
        ):
            self._opener.add_handler(handler())

    def read(self, name: str, limit: int) -> bytes | None:
        """See Source. A server that is busy is asked again, all in a bounded time."""
        deadline = time.monotonic() + LIMITS.patience
        for attempt in range(_TRIES):
            try:
                return self._get(name, limit, deadline)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in _ABSENT:
                    return None
                if error.code not in _BUSY or attempt == _TRIES - 1:
                    raise NotJudged(f"El servidor contestó {error.code} a {name}") from None
            except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
                if time.monotonic() >= deadline:
                    late = f"El servidor tardó más de {LIMITS.patience} segundos en enviar {name}"
                    raise NotJudged(late) from None
                why = _why(error.reason if isinstance(error, urllib.error.URLError) else error)
                if attempt == _TRIES - 1 or isinstance(error, ValueError | zlib.error):
                    raise NotJudged(f"No se pudo leer {self._prefix}/{name}: {why}") from None
            time.sleep(LIMITS.wait * 2**attempt)
        return None

    def _get(self, name: str, limit: int, deadline: float) -> bytes:
        headers = {"Accept-Encoding": "gzip, identity", "User-Agent": f"certeza-verify/{VERSION}"}
        request = _Request(f"{self._prefix}/{name}", headers=headers)
        request.deadline = deadline
        with self._opener.open(request, timeout=LIMITS.timeout) as response:
            encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
            if encoding in ("gzip", "x-gzip"):
                return _limited(_unzipped(response, limit), limit, name)
            if encoding not in ("", "identity"):
                raise NotJudged(f"El servidor codificó {name} como {encoding}, que no se pidió")
            return _limited(_body(response, limit), limit, name)


def _why(error: object) -> str:
    """Why there was no answer, in words."""
    match error:
        case ssl.SSLCertVerificationError():
            return "el certificado del servidor no es de fiar"
        case ssl.SSLError():
            return "no se pudo cifrar la conexión"
        case socket.gaierror():
            return "no se encuentra ese servidor en la red"
        case http.client.IncompleteRead() | http.client.RemoteDisconnected():
            return "se cortó la conexión"
        case http.client.HTTPException():
            return "no contesta como un servidor web"
    return reason(error) if isinstance(error, BaseException) else shown(error)


def _body(response: http.client.HTTPResponse, limit: int) -> bytes:
    """The body, or the beginning of one that is longer than the limit.

    Raises IncompleteRead when the connection ended before the length that was announced: that is no fault of
    the log's.
    """
    pieces, size = [], 0
    while size <= limit:
        piece = response.read(min(_PIECE, limit + 1 - size))
        if not piece:
            if response.length:
                raise http.client.IncompleteRead(b"", response.length)
            break
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _unzipped(response: http.client.HTTPResponse, limit: int) -> bytes:
    """A gzip body, never grown beyond the limit."""
    machine = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    data = machine.decompress(_body(response, limit + _PIECE), limit + 1)
    if len(data) <= limit and (not machine.eof or machine.unused_data):
        raise zlib.error("gzip incompleto o con bytes de más")
    return data


def _limited(data: bytes, limit: int, name: str) -> bytes:
    if len(data) > limit:
        raise Failure("bitacora-tamano", name, f"{limit} bytes como máximo", f"más de {limit}")
    return data
