"""The reading side is static files: content type and caching of each resource (tlog-tiles). Pure."""

from __future__ import annotations

from ledger.tiles import CHECKPOINT, parse_path

_CHECKPOINT = {
    "Content-Type": "text/plain; charset=utf-8",
    # Clients may see one a second late, never one from a cache that keeps it.
    "Cache-Control": "public, max-age=1, must-revalidate",
}
_IMMUTABLE = {
    "Content-Type": "application/octet-stream",
    "Cache-Control": "public, max-age=31536000, immutable",
}


def headers(path: str) -> dict[str, str]:
    """The HTTP headers of a resource, by its path below the log's prefix.

    Raises FormatRefusal for a path no log has: answer it, and whatever is absent, with 404, never 200.
    """
    if path == CHECKPOINT:
        return dict(_CHECKPOINT)
    parse_path(path)
    return dict(_IMMUTABLE)
