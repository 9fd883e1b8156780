"""Bodies that are larger than the usual ones, or are not JSON: read by the route that says how large they
may be."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response


async def whole_body(request: Request, most_bytes: int) -> bytes:
    """The body. Answered with 413 when it is longer."""
    request.state.body_limit = most_bytes
    return await request.body()


_BYTES = {"type": "string", "format": "binary"}
_EVENT = {
    "type": "object",
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
    "required": ["event", "data"],
}
_AS: dict[str, dict[str, Any]] = {
    "application/json": {"type": "object"},
    "text/plain": {"type": "string"},
    "text/event-stream": _EVENT,  # each of its events
}


def file_answer(*media_types: str) -> dict[str, Any]:
    """Options of a route that answers with a file of one of these types."""
    content = {media: {"schema": dict(_AS.get(media, _BYTES))} for media in media_types}
    return {
        "response_class": Response,
        "responses": {200: {"description": "El archivo.", "content": content}},
    }


def headers_answered(*names: str) -> dict[str, Any]:
    """`headers` of a documented response."""
    return {name: {"schema": {"type": "string"}} for name in names}


def headers_taken(**required: bool) -> dict[str, Any]:
    """`openapi_extra` of a route that reads these headers; in their names «_» stands for «-»."""
    named = {name.replace("_", "-"): needed for name, needed in required.items()}
    text = {"in": "header", "schema": {"type": "string"}}
    return {"parameters": [{"name": name, "required": needed, **text} for name, needed in named.items()]}


def binary(*media_types: str, required: bool = True) -> dict[str, Any]:
    """`openapi_extra` of a route that takes such a body."""
    schema = {"schema": {"type": "string", "format": "binary"}}
    return {"requestBody": {"required": required, "content": dict.fromkeys(media_types, schema)}}
