"""What is told of records."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from capture.processing.datos import Datos
from capture.records.record import Cursor, Record, Transition
from capture.records.states import columna


class Registro(BaseModel):
    """A record, without anything personal but the CIC or OCR of its acuse."""

    folio: str
    proceso: str
    modalidad: str
    auxiliar: str | None
    credencial: str
    numero: str
    capturado: datetime
    recibido: datetime
    codigo: str
    estado: str
    cifra: str
    inciso: str | None
    tipo_inconsistencia: str | None
    detalle_inconsistencia: str | None
    situacion: str | None
    acreditado: str | None
    duplicado_de: str | None

    @classmethod
    def of(cls, record: Record) -> Registro:
        """As it is told."""
        values = {name: getattr(record, name) for name in cls.model_fields if name != "cifra"}
        return cls(**values, cifra=columna(record.estado, record.inciso).value)


class Busqueda(BaseModel):
    """Whose records: the CIC or OCR. It travels in the body: never in an address, which is kept elsewhere."""

    model_config = ConfigDict(extra="forbid")

    numero: Annotated[str, Field(pattern=r"^([0-9]{9}|[0-9]{12,13})$", description="CIC u OCR")]
    proceso: Annotated[str | None, Field(max_length=64, description="Id Proceso")] = None


class Pagina(BaseModel):
    """A page of records. `siguiente` is the `cursor` of the next one; null at the end."""

    registros: list[Registro]
    siguiente: str | None

    @classmethod
    def of(cls, records: list[Record], size: int, hidden: frozenset[str]) -> Pagina:
        """The page without the hidden folios; a shorter one than was asked for is the last."""
        last = records[-1] if len(records) == size else None
        shown = [Registro.of(record) for record in records if record.folio not in hidden]
        cursor = Cursor(last.recibido, last.folio).encode() if last else None
        return cls(registros=shown, siguiente=cursor)


class CambioDeEstado(BaseModel):
    """One change of state. `quien` is told to the institutes only; `hoja` is the index in the log."""

    de: str | None
    a: str
    cuando: datetime
    causa: str
    detalle: str | None
    hoja: int | None
    quien: str | None = None

    @classmethod
    def of(cls, step: Transition, with_who: bool) -> CambioDeEstado:
        """As it is told."""
        names = [name for name in cls.model_fields if name != "quien"]
        values = {name: getattr(step, name) for name in names}
        return cls(**values, quien=step.quien if with_who else None)


class Detalle(Registro):
    """A record with its history."""

    historia: list[CambioDeEstado]


class ValorLeido(BaseModel):
    """A value, where it comes from, and how sure it is from 0 to 1."""

    campo: str
    valor: str
    fuente: str
    certeza: float


class DatosLeidos(BaseModel):
    """The data of a record for whoever reviews it, and which of its files can be seen."""

    folio: str
    campos: list[ValorLeido]
    original: bool | None
    archivos: list[str]
    aviso: str | None
    """Why the record came unread, if it did."""

    @classmethod
    def of(cls, folio: str, datos: Datos, files: list[str], notice: str | None) -> DatosLeidos:
        """As they are told: not where and with what the record was captured."""
        campos = [
            ValorLeido(campo=name, valor=v.valor, fuente=v.fuente.value, certeza=v.certeza)
            for name, v in sorted(datos.campos.items())
        ]
        original = datos.contexto.get("original")
        return cls(
            folio=folio,
            campos=campos,
            original=bool(original) if original is not None else None,
            archivos=files,
            aviso=notice,
        )
