"""Answering with an official document: signed, stamped and kept; the one of before when it says the same."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from api.documents import issued
from api.documents.issued import IssuedDocument, Owner
from api.documents.service import About, By
from api.http.here import Here
from capture.records.ports import Done
from ledger.document import Document

_OF_ITS_ISSUE = ("emitido", "nonce")
"""Fields in which two documents differ that say the same."""


def official(here: Here, document: Document, owner: Owner, about: About) -> IssuedDocument:
    """Issue a document, unless the newest one of its kind about the same thing says the same.

    Raises DocumentRefusal, OSError, and for sealed ones VaultRefusal.
    """
    with here.database.reading() as db:
        before = issued.newest(db, document.kind, about.id, owner)
    if before is not None and _says(before_json(here, before)) == _says(document.as_json()):
        return before
    by = By(here.who.account, here.who.role.value)
    return here.services.documents.issue(document, owner, by, about)


def before_json(here: Here, made: IssuedDocument) -> dict[str, Any]:
    """What an issued document says."""
    found: dict[str, Any] = json.loads(opened(here, made, here.services.documents.json(made)))
    return found


def opened(here: Here, made: IssuedDocument, kept: bytes) -> bytes:
    """The bytes of a document's blob. The bóveda opens a sealed one. Raises VaultRefusal, OSError."""
    return kept if made.llave is None else here.services.chamber.open(made.llave, kept)


def looked_at(here: Here, made: IssuedDocument) -> None:
    """Write down that somebody asked for a sealed document: people's data are in it."""
    if made.llave is None:
        return
    act = Done(here.who.account, here.who.role.value, "documento.consulta", made.id, here.now)
    with here.database.writing() as db:
        here.services.acts.record(db, act)


def answer(here: Here, made: IssuedDocument, name: str) -> Response:
    """The signed PDF, and under which address it can be had again."""
    data = opened(here, made, here.services.documents.pdf(made))
    headers = {
        "Content-Disposition": f'inline; filename="{name}.pdf"',
        "Content-Location": f"/v1/documentos/{made.id}",
        "Cache-Control": "private, no-store",
    }
    return Response(data, media_type="application/pdf", headers=headers)


def _says(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name not in _OF_ITS_ISSUE}
