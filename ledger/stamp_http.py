"""Asking a time-stamp authority over HTTP or HTTPS (RFC 3161, 3.4). Redirections are not followed."""

from __future__ import annotations

import httpx

from keys.documents.errors import DocumentRefusal
from keys.documents.stamping import QUERY_TYPE, REPLY_TYPE

SECONDS = 15.0
"""For each step of a request."""
MAX_REPLY_BYTES = 64 * 1024
_HEADERS = {"Content-Type": QUERY_TYPE, "Accept": REPLY_TYPE, "Accept-Encoding": "identity"}


class HttpStamps:
    """A `keys.documents.ports.TimeStamps` at a URL."""

    def __init__(self, url: str, client: httpx.Client | None = None) -> None:
        self._url = url
        self._client = client or httpx.Client(timeout=SECONDS)

    def answer(self, query: bytes) -> bytes:
        """See the port. Raises DocumentRefusal: no answer, not a timestamp-reply, or too long."""
        try:
            with self._client.stream("POST", self._url, content=query, headers=_HEADERS) as response:
                return self._read(response)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise self._refusal("una respuesta", type(error).__name__) from None

    def _read(self, response: httpx.Response) -> bytes:
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status_code != httpx.codes.OK or kind != REPLY_TYPE:
            raise self._refusal(REPLY_TYPE, f"{response.status_code} {kind}")
        data = bytearray()
        for part in response.iter_raw():
            data += part
            if len(data) > MAX_REPLY_BYTES:
                raise self._refusal(f"a lo más {MAX_REPLY_BYTES} bytes", "más")
        return bytes(data)

    def _refusal(self, expected: str, got: str) -> DocumentRefusal:
        return DocumentRefusal("documento.sello-de-tiempo", "autoridad de sellado", expected, got)
