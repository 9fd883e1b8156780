"""Text that can be kept and shown anywhere: without control characters and lone surrogates.

PostgreSQL keeps no NUL, a spreadsheet no control character, UTF-8 no surrogate, a header no line break: what
would fail later, in a database, a document or a mail, is refused at the door, the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.http.problems import Problem

NOT_PLAIN = 422
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""All control characters of ASCII but tabulator and line breaks; surrogates; what is no character."""
DETAIL = "Un texto tiene caracteres que no se pueden guardar, como los de control: quítelos."


def is_plain(value: Any) -> bool:
    """Whether all texts of a JSON value, names of members too, can be kept."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if _REFUSED.search(one):
                return False
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list | tuple):
            waiting += one
    return True


class _PlainRequest(Request):
    async def json(self) -> Any:
        made = await super().json()
        if not is_plain(made):
            raise HTTPException(NOT_PLAIN, DETAIL)  # FastAPI lets no other error of a body through
        return made


def _require_plain(values: Iterable[Any]) -> None:
    if not is_plain(list(values)):
        raise Problem("datos-no-validos", DETAIL)


class PlainRoute(APIRoute):
    """A route that is asked with plain text only: in its address, its query and its JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See `APIRoute`."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            _require_plain((*request.path_params.values(), *request.query_params.multi_items()))
            return await handle(_PlainRequest(request.scope, request.receive))

        return handler
