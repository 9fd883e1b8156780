"""Issued documents in SQL: one row each, never changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select

from api.accounts.permissions import Scope
from api.documents.tables import documentos

PAGE = 100
"""Documents in one answer."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a document is, for who may see it. Short name of an OPL, ids of a periodo and of an auxiliar."""

    opl: str | None = None
    periodo: str | None = None
    proceso: str | None = None
    auxiliar: str | None = None


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A row; `firmas`: (name, certificate number) of each who signed. Digests in hexadecimal.

    `asunto`: id of what it is about. `llave`: the proceso whose key opens its blobs, which are sealed then.
    """

    id: str
    tipo: str
    titulo: str
    instituto: str
    owner: Owner
    emitido: datetime
    sellado: datetime
    firmas: tuple[tuple[str, str], ...]
    sha256_json: str
    sha256_pdf: str
    pdf: str
    json: str
    asunto: str | None = None
    llave: str | None = None


def add(db: Connection, document: IssuedDocument) -> None:
    """Keep a document. Raises IntegrityError for an id or a content that is kept already."""
    owner = document.owner
    db.execute(
        insert(documentos).values(
            id=document.id,
            tipo=document.tipo,
            titulo=document.titulo,
            instituto=document.instituto,
            opl=owner.opl,
            periodo=owner.periodo,
            proceso=owner.proceso,
            auxiliar=owner.auxiliar,
            emitido=document.emitido,
            sellado=document.sellado,
            firmas=json.dumps(document.firmas, ensure_ascii=False),
            sha256_json=bytes.fromhex(document.sha256_json),
            sha256_pdf=bytes.fromhex(document.sha256_pdf),
            pdf=document.pdf,
            json=document.json,
            asunto=document.asunto,
            llave=document.llave,
        )
    )


def find(db: Connection, identifier: str, scope: Scope = Scope()) -> IssuedDocument | None:  # noqa: B008 - frozen
    """A document within a scope; None when there is none, or it is somebody else's."""
    row = db.execute(select(documentos).where(documentos.c.id == identifier)).one_or_none()
    if row is None or not scope.covers(opl=row.opl, proceso=row.proceso, auxiliar=row.auxiliar):
        return None
    return _of(row)


def find_by_content(db: Connection, digest: str) -> IssuedDocument | None:
    """The document whose JSON has that SHA-256 (hexadecimal)."""
    wanted = documentos.c.sha256_json == bytes.fromhex(digest)
    row = db.execute(select(documentos).where(wanted)).one_or_none()
    return None if row is None else _of(row)


def newest(db: Connection, tipo: str, asunto: str, owner: Owner) -> IssuedDocument | None:
    """The last document of that kind about something, issued for the same owner."""
    table = documentos.c
    same = (
        table.opl.is_not_distinct_from(owner.opl),
        table.periodo.is_not_distinct_from(owner.periodo),
        table.proceso.is_not_distinct_from(owner.proceso),
        table.auxiliar.is_not_distinct_from(owner.auxiliar),
    )
    query = select(documentos).where(table.tipo == tipo, table.asunto == asunto, *same)
    row = db.execute(query.order_by(table.id.desc()).limit(1)).one_or_none()
    return None if row is None else _of(row)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is about; None: whatever. `after`: the id of the last document of the page before."""

    tipo: str | None = None
    periodo: str | None = None
    proceso: str | None = None
    after: str | None = None


def page(db: Connection, scope: Scope, wanted: Wanted) -> list[IssuedDocument]:
    """At most PAGE documents within the scope, newest first."""
    table = documentos.c
    limits = (
        (table.opl, scope.opl),
        (table.proceso, scope.proceso),
        (table.auxiliar, scope.auxiliar),
        (table.tipo, wanted.tipo),
        (table.periodo, wanted.periodo),
        (table.proceso, wanted.proceso),
    )
    query = select(documentos).where(*(column == value for column, value in limits if value is not None))
    if wanted.after is not None:
        query = query.where(table.id < wanted.after)
    return [_of(row) for row in db.execute(query.order_by(table.id.desc()).limit(PAGE))]


def _of(row: Row[tuple[object, ...]]) -> IssuedDocument:
    return IssuedDocument(
        id=row.id,
        tipo=row.tipo,
        titulo=row.titulo,
        instituto=row.instituto,
        owner=Owner(row.opl, row.periodo, row.proceso, row.auxiliar),
        emitido=row.emitido,
        sellado=row.sellado,
        firmas=tuple((name, number) for name, number in json.loads(row.firmas)),
        sha256_json=bytes(row.sha256_json).hex(),
        sha256_pdf=bytes(row.sha256_pdf).hex(),
        pdf=row.pdf,
        json=row.json,
        asunto=row.asunto,
        llave=row.llave,
    )
