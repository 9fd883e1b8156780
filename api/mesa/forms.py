"""What is sent to the mesa de control, and what it tells."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from capture.mesa.assignments_sql import Assignment
from capture.mesa.catalogue import MAX_SPECIFIED_CHARS, Catalogue, Outcome
from capture.mesa.samples_sql import Waiting
from capture.mesa.second_look import MAX_SEED_CHARS, PER_MILLE, Agreement

Account = Annotated[str, Field(min_length=1, max_length=64)]
Accounts = Annotated[list[Account], Field(min_length=1, max_length=500)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Criterio(_Form):
    """One row of the catalogue."""

    inciso: str
    tipo: str
    detalle: str
    especificar: bool = False


class Criterios(BaseModel):
    """A version of the criteria of a periodo; 0 is the DERFE's own."""

    version: int
    criterios: list[Criterio]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Criterios:
        """As it is told."""
        rows = [Criterio(**{n: getattr(row, n) for n in Criterio.model_fields}) for row in catalogue.rows]
        return cls(version=catalogue.version, criterios=rows)


class NuevosCriterios(_Form):
    """Criteria in the place of those that hold."""

    criterios: Annotated[list[Criterio], Field(min_length=1, max_length=26)]


class Reparto(_Form):
    """Who is present, and of which process (of all, when none is named)."""

    operadores: Accounts
    proceso: Annotated[str | None, Field(max_length=64)] = None


class Repartido(BaseModel):
    """How many records each operator was given."""

    asignados: dict[str, int]


class Ausencia(_Form):
    """An operator who is absent."""

    operador: Account


class Asignacion(BaseModel):
    """A record to be reviewed. `vuelta` 1: first review; 2: second look."""

    folio: str
    vuelta: int
    asignado: datetime

    @classmethod
    def of(cls, one: Assignment) -> Asignacion:
        """As it is told."""
        return cls(folio=one.folio, vuelta=one.vuelta, asignado=one.asignado)


class Revision(_Form):
    """What was found: no inciso when the record is valid."""

    inciso: Annotated[str | None, Field(max_length=1)] = None
    especificacion: Annotated[str | None, Field(max_length=MAX_SPECIFIED_CHARS)] = None

    @property
    def outcome(self) -> Outcome:
        """For the domain."""
        return Outcome(self.inciso, self.especificacion)


class Revisado(BaseModel):
    """The state of the record after a review."""

    folio: str
    estado: str


class NuevaMuestra(_Form):
    """A sample of first reviews made from `desde` on and before `hasta`."""

    proceso: Annotated[str, Field(max_length=64)]
    semilla: Annotated[str, Field(min_length=1, max_length=MAX_SEED_CHARS)]
    por_millar: Annotated[int, Field(ge=1, le=PER_MILLE)]
    desde: AwareDatetime
    hasta: AwareDatetime


class Muestra(BaseModel):
    """A sample, with which anybody can draw it again, and how far its reviews agree."""

    id: str
    proceso: str
    semilla: str
    por_millar: int
    desde: datetime
    hasta: datetime
    pares: int
    coincidencias: int
    porcentaje: float | None
    kappa: float | None
    discrepancias: list[str]

    @classmethod
    def of(cls, sample: object, found: Agreement, differ: list[str]) -> Muestra:
        """As it is told."""
        names = ("id", "proceso", "semilla", "por_millar", "desde", "hasta")
        return cls(
            **{name: getattr(sample, name) for name in names},
            pares=found.pairs,
            coincidencias=found.agreed,
            porcentaje=found.percentage,
            kappa=found.kappa,
            discrepancias=differ,
        )


class Pendiente(BaseModel):
    """A record in the mesa, since when, and until when its outcome is due (10 working days)."""

    folio: str
    desde: datetime
    vence: datetime
    vencido: bool

    @classmethod
    def of(cls, one: Waiting, now: datetime) -> Pendiente:
        """As it is told."""
        return cls(folio=one.folio, desde=one.desde, vence=one.vence, vencido=now >= one.vence)
