"""What is sent about audiencias, and what is told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from capture.audiencia.acta import Acta, Line
from capture.audiencia.rules import LABELS, Cambio, Documento, rule_for
from capture.audiencia.session import MAX_MANIFESTATION_CHARS, Said
from capture.audiencia.store_sql import Assigned, Audiencia
from capture.audiencia.terms import due


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Solicitud(_Form):
    """What is asked for, 48 hours ahead: whose records, when and where, and who will review them."""

    proceso: Annotated[str, Field(max_length=64)]
    fecha: AwareDatetime
    lugar: Annotated[str, Field(min_length=1, max_length=300)]
    operadores: Annotated[list[Annotated[str, Field(min_length=1, max_length=64)]], Field(min_length=1)]


class AudienciaVista(BaseModel):
    """An audiencia with the instants of its steps. `por_notificar`: until when its results are due."""

    id: str
    proceso: str
    fase: str
    fecha: datetime
    lugar: str
    solicitada: datetime
    corte: datetime | None
    confirmada: datetime | None
    concluida: datetime | None
    notificada: datetime | None
    por_notificar: datetime | None

    @classmethod
    def of(cls, one: Audiencia) -> AudienciaVista:
        """As it is told."""
        names = [name for name in cls.model_fields if name != "por_notificar"]
        values = {name: getattr(one, name) for name in names}
        return cls(**values, por_notificar=due(one.concluida) if one.concluida else None)


class Solicitada(AudienciaVista):
    """What was asked for, and other audiencias of that day less than an hour apart (a recommendation)."""

    demasiado_cerca: list[datetime]


class RegistroDelCorte(BaseModel):
    """A record of the cut: what may be changed of it, with which documents, and the words that say so."""

    numero: int
    folio: str
    operador: str
    estado: str
    situacion: str | None
    cambio_permitido: str | None
    documentos: dict[str, str]
    fundamento: str

    @classmethod
    def of(cls, one: Assigned) -> RegistroDelCorte:
        """As it is told."""
        rule = rule_for(one.estado, one.situacion, f"registro {one.folio}")
        return cls(
            numero=one.numero,
            folio=one.folio,
            operador=one.operador,
            estado=one.estado.value,
            situacion=one.situacion,
            cambio_permitido=rule.cambio.value if rule.cambio else None,
            documentos={document.value: LABELS[document] for document in sorted(rule.documentos)},
            fundamento=rule.fuente,
        )


class RevisionEnAudiencia(_Form):
    """What the promovente said and presented of one record."""

    cambio: Cambio
    manifestacion: Annotated[str, Field(max_length=MAX_MANIFESTATION_CHARS)] = ""
    documentos: list[Documento] = []
    datos: Annotated[dict[str, str], Field(max_length=12)] = {}

    @property
    def said(self) -> Said:
        """For the domain."""
        return Said(self.cambio, self.manifestacion, tuple(self.documentos), self.datos)


class RevisadoEnAudiencia(BaseModel):
    """The state of the record after its review."""

    folio: str
    estado: str


class RenglonDelActa(BaseModel):
    """One record of the report that goes with the acta."""

    numero: int
    folio: str
    estatus_antes: str
    estatus_despues: str
    modificacion: str
    documentos: list[str]
    manifestacion: str
    operador: str

    @classmethod
    def of(cls, line: Line) -> RenglonDelActa:
        """As it is told."""
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class ActaVista(BaseModel):
    """The data of the Acta Circunstanciada."""

    audiencia: AudienciaVista
    operadores: list[str]
    totales: dict[str, int]
    registros: list[RenglonDelActa]

    @classmethod
    def of(cls, acta: Acta) -> ActaVista:
        """As it is told."""
        return cls(
            audiencia=AudienciaVista.of(acta.audiencia),
            operadores=list(acta.operadores),
            totales=acta.totals,
            registros=[RenglonDelActa.of(line) for line in acta.lines],
        )
