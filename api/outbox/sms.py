"""Text messages through an HTTP gateway, or for trials into a folder."""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path

import httpx

from api.outbox.ports import Letter, Undeliverable, Unreachable
from api.outbox.settings import SmsSettings
from keys import atomic_file

_GIVE_UP = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
"""The gateway understood, and does not want this number or text."""
_NONE_NOW = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
"""Another token, another address, too many, or closed: no other message would do better."""


class HttpGateway:
    """POST of JSON with the number, the text and the message's identifier."""

    def __init__(self, settings: SmsSettings) -> None:
        self._settings = settings
        # Making a client reads all certificates: as long as ten messages take. Each has its own connection:
        # one that the gateway closed meanwhile would make a token wait for the next attempt.
        none_kept = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(timeout=settings.timeout_seconds, limits=none_kept)

    def deliver(self, letter: Letter) -> None:
        """See `Carrier`."""
        given = self._settings
        body = {
            given.number_field: f"{given.country_prefix}{letter.to}",
            given.text_field: letter.body,
            given.reference_field: letter.identifier,
        }
        try:
            answer = self._client.post(given.url, json=body, headers=self._headers(letter))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unreachable(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise OSError(type(error).__name__) from None
        if answer.status_code in _GIVE_UP:
            raise Undeliverable(f"sms-{answer.status_code}")
        if answer.status_code in _NONE_NOW:
            raise Unreachable(f"sms-{answer.status_code}")
        if not answer.is_success:
            raise OSError(f"sms-{answer.status_code}")

    def rest(self) -> None:
        """See `Carrier`: nothing was kept."""

    def _headers(self, letter: Letter) -> dict[str, str]:
        headers = {"Idempotency-Key": letter.identifier}
        if self._settings.token_file is not None:
            token = self._settings.token_file.read_text(encoding="ascii").strip()
            headers["Authorization"] = f"Bearer {token}"
        return headers


class FolderGateway:
    """For trials: each message is a JSON file named by its identifier: a repeat changes nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def deliver(self, letter: Letter) -> None:
        """See `Carrier`."""
        text = json.dumps({"numero": letter.to, "texto": letter.body}, ensure_ascii=False)
        atomic_file.replace(self._folder / f"{letter.identifier}.json", text.encode(), atomic_file.PRIVATE)

    def rest(self) -> None:
        """See `Carrier`: nothing was kept."""
