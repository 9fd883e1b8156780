"""Headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload), read and written. Pure."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping

from api.http.problems import Problem
from capture.limits import MAX_ENVELOPE_BYTES
from keys.errors import FormatRefusal

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration"
CONTENT_TYPE = "application/offset+octet-stream"
ENVELOPE = "sobre"
_DIGITS = 16


def require_version(headers: Mapping[str, str]) -> None:
    """Raises Problem (412) for another version, as the protocol asks."""
    if headers.get("tus-resumable") != VERSION:
        detail = f"Se admite la versión {VERSION} de tus (Tus-Resumable)."
        raise Problem("version-no-admitida", detail, headers={"Tus-Version": VERSION})


def require_content_type(headers: Mapping[str, str]) -> None:
    """Raises Problem (415)."""
    if headers.get("content-type") != CONTENT_TYPE:
        raise Problem("tipo-no-admitido", f"El cuerpo debe ser {CONTENT_TYPE}.")


def length_of(headers: Mapping[str, str], name: str) -> int:
    """A header that is a whole number. Raises FormatRefusal (tus.encabezado)."""
    text = headers.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
        raise FormatRefusal("tus.encabezado", name, "un número entero", text or "nada")
    return int(text)


def envelope_of(headers: Mapping[str, str]) -> bytes:
    """The envelope in Upload-Metadata. Raises FormatRefusal (tus.metadatos)."""
    expected = f"«{ENVELOPE} <base64>» de a lo más {MAX_ENVELOPE_BYTES} bytes"
    for pair in headers.get("upload-metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == ENVELOPE:
            try:
                data = b64decode(value, validate=True)
            except ValueError:
                break
            if len(data) <= MAX_ENVELOPE_BYTES:
                return data
            break
    raise FormatRefusal("tus.metadatos", "Upload-Metadata", expected, "otra cosa")


def describe(body_bytes: int) -> dict[str, str]:
    """What OPTIONS answers."""
    return {
        "Tus-Resumable": VERSION,
        "Tus-Version": VERSION,
        "Tus-Max-Size": str(body_bytes),
        "Tus-Extension": EXTENSIONS,
    }
