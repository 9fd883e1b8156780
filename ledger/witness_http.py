"""Asking a witness over HTTP or HTTPS. Redirections are not followed and answers have a limit."""

from __future__ import annotations

import ssl
from functools import cache

import httpx

from ledger.witness_client import MAX_REPLY_BYTES, Reply, Unreachable

SECONDS = 10.0
"""For each step of a request; the deadline for the whole is the caller's."""
# Uncompressed, so that the limit of bytes is one of work too.
_HEADERS = {"Content-Type": "text/plain; charset=utf-8", "Accept-Encoding": "identity"}


async def post(url: str, body: bytes) -> Reply:
    """See `ledger.witness_client.Post`."""
    try:
        async with (
            httpx.AsyncClient(timeout=SECONDS, headers=_HEADERS, verify=_tls()) as client,
            client.stream("POST", url, content=body) as response,
        ):
            kind = response.headers.get("Content-Type", "")
            return Reply(response.status_code, kind, await _read(response))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise Unreachable("testigo.conexion", url, "una respuesta", _words(error)) from None


def _words(error: Exception) -> str:
    match error:
        case httpx.TimeoutException():
            return "tardó demasiado"
        case httpx.ConnectError() | OSError():
            return "no se pudo conectar"
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return "la dirección no es http ni https"
    return f"se cortó la respuesta ({type(error).__name__})"


@cache
def _tls() -> ssl.SSLContext:
    """Made once: reading the certificate authorities takes longer than a request."""
    return httpx.create_ssl_context()


async def _read(response: httpx.Response) -> bytes:
    data = b""
    async for part in response.aiter_raw():
        data += part
        if len(data) > MAX_REPLY_BYTES:
            raise httpx.DecodingError(f"más de {MAX_REPLY_BYTES} bytes")
    return data
