"""`/v1/documentos`: lists and files for who may see them, and the public check of a hash."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from asn1crypto import pem
from fastapi import Path, Query
from pydantic import BaseModel
from starlette.responses import Response

from api.accounts.permissions import Permission
from api.documents import issued
from api.documents.issued import IssuedDocument, Wanted
from api.documents.keyring import NoSigner
from api.documents.official import looked_at, opened
from api.documents.service import entry_of, key_of
from api.http.bodies import file_answer
from api.http.guard import Guarded
from api.http.here import Here, HereNow
from api.http.problems import Problem
from api.http.refusals import declare

router = Guarded("/v1/documentos", "documentos")
declare(NoSigner, "no-disponible")
_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
Identifier = Annotated[str, Path(pattern=f"^{_UUID}$", description="Id del documento, UUIDv7")]
Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 del JSON, como lo dice el PDF")]


class Signed(BaseModel):
    """Quien firmó, como dice su certificado."""

    nombre: str
    certificado: str


class Listed(BaseModel):
    """Un documento emitido."""

    id: str
    tipo: str
    titulo: str
    instituto: str
    periodo: str | None
    proceso: str | None
    auxiliar: str | None
    emitido: datetime
    sellado: datetime
    firmas: list[Signed]
    sha256_json: str
    sha256_pdf: str


class Page(BaseModel):
    """Los más nuevos primero; `siguiente` es el valor de `despues` de la página que sigue, si la hay."""

    documentos: list[Listed]
    siguiente: str | None


class Checked(BaseModel):
    """Lo que se puede decir de un documento a cualquiera: que se emitió, cuándo y quién lo firmó."""

    tipo: str
    instituto: str
    emitido: datetime
    sellado: datetime
    firmas: list[Signed]
    sha256_pdf: str
    bitacora: str
    indice: int
    tamano: int
    prueba: str


@router.get("", Permission.DOCUMENTO_CONSULTAR)
def listed(
    here: HereNow,
    tipo: Annotated[str | None, Query(max_length=60)] = None,
    periodo: Annotated[str | None, Query(max_length=36)] = None,
    proceso: Annotated[str | None, Query(max_length=16)] = None,
    despues: Annotated[str | None, Query(pattern=f"^{_UUID}$")] = None,
) -> Page:
    """Los documentos que esta cuenta puede ver."""
    with here.database.reading() as db:
        found = issued.page(db, here.who.scope, Wanted(tipo, periodo, proceso, despues))
    following = found[-1].id if len(found) == issued.PAGE else None
    return Page(documentos=[_listed(one) for one in found], siguiente=following)


@router.get("/huella/{huella}", Permission.DOCUMENTO_VERIFICAR)
def checked(here: HereNow, huella: Digest) -> Checked:
    """Si un documento con esa huella se emitió aquí, y la prueba de que está en la bitácora de actos."""
    with here.database.reading() as db:
        found = issued.find_by_content(db, huella)
    if found is None:
        raise Problem("no-encontrado", "Aquí no se emitió ningún documento con esa huella.")
    log = here.services.logs.actos
    proof = log.prove(log.add_and_wait(key_of(found.id), entry_of(found.sha256_json)))
    return Checked(
        tipo=found.tipo,
        instituto=found.instituto,
        emitido=found.emitido,
        sellado=found.sellado,
        firmas=_signed(found),
        sha256_pdf=found.sha256_pdf,
        bitacora=proof.checkpoint.head.origin,
        indice=proof.index,
        tamano=proof.checkpoint.head.size,
        prueba=proof.encode().decode(),
    )


@router.get("/autoridad.pem", Permission.DOCUMENTO_VERIFICAR, **file_answer("application/x-pem-file"))
def authorities(here: HereNow) -> Response:
    """Los certificados de las autoridades de quienes firman. Para confiar en ellos, compárelos con los que su
    instituto publica en otra parte."""
    text = b"".join(pem.armor("CERTIFICATE", der) for der in here.services.documents.certificates())
    return Response(text, media_type="application/x-pem-file")


@router.get("/{identificador}.json", Permission.DOCUMENTO_CONSULTAR, **file_answer("application/json"))
def content(here: HereNow, identificador: Identifier) -> Response:
    """El contenido del documento como JSON canónico."""
    found = _found(here, identificador)
    data = opened(here, found, here.services.documents.json(found))
    return _file(data, "application/json", f"{found.id}.json")


@router.get("/{identificador}", Permission.DOCUMENTO_CONSULTAR, **file_answer("application/pdf"))
def file(here: HereNow, identificador: Identifier) -> Response:
    """El documento firmado, PDF."""
    found = _found(here, identificador)
    data = opened(here, found, here.services.documents.pdf(found))
    return _file(data, "application/pdf", f"{found.tipo}-{found.id}.pdf")


def _found(here: Here, identifier: str) -> IssuedDocument:
    with here.database.reading() as db:
        found = issued.find(db, identifier, here.who.scope)
    if found is None:
        raise Problem("no-encontrado", "No hay un documento con ese identificador a la vista de esta cuenta.")
    looked_at(here, found)
    return found


def _file(data: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(data, media_type=kind, headers=headers)


def _listed(found: IssuedDocument) -> Listed:
    return Listed(
        id=found.id,
        tipo=found.tipo,
        titulo=found.titulo,
        instituto=found.instituto,
        periodo=found.owner.periodo,
        proceso=found.owner.proceso,
        auxiliar=found.owner.auxiliar,
        emitido=found.emitido,
        sellado=found.sellado,
        firmas=_signed(found),
        sha256_json=found.sha256_json,
        sha256_pdf=found.sha256_pdf,
    )


def _signed(found: IssuedDocument) -> list[Signed]:
    return [Signed(nombre=name, certificado=number) for name, number in found.firmas]
