"""The files inside a PDF, and the canonical JSON that says the same as its pages."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from asn1crypto import cms
from pyhanko.pdf_utils import generic

from certeza_verifier import canonical
from certeza_verifier.documents.own_files import Anchors
from certeza_verifier.documents.stamps import Stamped, check_token, hash_of
from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS

JSON, TOKEN = "documento.json", "documento.tst"
SCHEMA = "certeza/documento/v1"
_FIELDS = (
    *("area", "emitido", "esquema", "instituto", "leyenda", "nonce", "pagina"),
    *("partes", "referencia", "subtitulo", "tipo", "titulo"),
)
_MANY = 64


def attached(reader: Any) -> dict[str, bytes]:
    """The embedded files by name. Raises Failure for two of one name, or too many."""
    names = resolved(reader.root.get("/Names"))
    tree = resolved(names.get("/EmbeddedFiles")) if names else None
    found: dict[str, bytes] = {}
    for name, specification in _leaves(tree, 0) if tree is not None else ():
        if name in found or len(found) >= _MANY:
            raise Failure("documento-contenido", name, "un archivo de cada nombre", "más")
        found[name] = bytes(resolved(specification)["/EF"]["/F"].data)
        if len(found[name]) > LIMITS.document:
            raise Failure(
                "documento-contenido", name, f"{LIMITS.document} bytes como máximo", len(found[name])
            )
    return found


def _leaves(node: Any, depth: int) -> list[tuple[str, Any]]:
    if depth > 8:
        raise Failure("documento-contenido", "archivos adjuntos", "un árbol de nombres", "demasiados niveles")
    pairs = list(resolved(node.get("/Names")) or ())
    found = [(str(pairs[at]), pairs[at + 1]) for at in range(0, len(pairs) - 1, 2)]
    return found + [
        leaf for kid in resolved(node.get("/Kids")) or () for leaf in _leaves(resolved(kid), depth + 1)
    ]


def resolved(value: Any) -> Any:
    """What a reference of the PDF refers to; other values as they are."""
    return value.get_object() if isinstance(value, generic.IndirectObject) else value


def check_json(files: dict[str, bytes], subject: str) -> tuple[bytes, dict[str, Any]]:
    """The JSON in its one spelling, and that the PDF's own description names its SHA-256."""
    data = files[JSON]
    value = canonical.load_sorted(data, JSON)
    canonical.fields(value, _FIELDS, JSON)
    if value["esquema"] != SCHEMA:
        raise Failure("documento-contenido", f"{JSON}, esquema", SCHEMA, value["esquema"])
    digest = hashlib.sha256(data).hexdigest()
    named = re.search("[0-9a-f]{64}", subject)
    if named is None or named.group() != digest:
        raise Failure("documento-contenido", "descripción del PDF", digest, subject)
    return data, value


def check_json_stamp(files: dict[str, bytes], data: bytes, anchors: Anchors) -> Stamped | None:
    """The time stamp that the page prints, over the JSON; None when the document has none."""
    if TOKEN not in files:
        return None
    token = cms.ContentInfo.load(files[TOKEN], strict=True)["content"]
    return check_token(token, lambda name: hash_of(name, data, TOKEN), anchors, TOKEN)
