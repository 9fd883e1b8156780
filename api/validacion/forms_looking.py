"""What an operator of the validation module compares: what was typed, what was read, and the images."""

from __future__ import annotations

from pydantic import BaseModel

from api.mesa.forms_readings import FAILED, UNREAD, Lado, PiezaSinLeer, sides_of
from capture.preregistro.form import LABELS
from capture.preregistro.packet import FILES
from capture.reading.document import Document
from capture.reading.record import FAULT
from capture.reading.results import Found, RecordReading
from capture.reading.suggestions_files import NAMES, REASONS
from capture.validacion.beside import Beside

NOT_ASKED = "De esta solicitud no hay lectura de las imágenes; revíselas a la vista."


class Leido(BaseModel):
    """What the engines read in the images for a field, or why it is empty. `certeza` from 0 to 1.

    `recorte`: whether `…/recortes/{campo}` shows the place on the credential.
    """

    valor: str | None
    certeza: float
    fuente: str | None
    lado: str | None
    falta: str | None
    recorte: bool

    @classmethod
    def of(cls, found: Found, file: str | None) -> Leido:
        """As it is told. `file`: the image that shows its place."""
        return cls(
            valor=found.value,
            certeza=found.sure,
            fuente=found.source and found.source.value,
            lado=found.side and found.side.value,
            falta=found.missing and found.missing.value,
            recorte=file is not None,
        )


class Dato(BaseModel):
    """A datum as the person gave it, and what the credential says.

    `leido` is null where the images were not read; `coincide` is null where nothing can be compared. Spaces,
    capitals and accents do not count.
    """

    nombre: str
    etiqueta: str
    valor: str
    leido: Leido | None
    coincide: bool | None

    @classmethod
    def of(cls, row: Beside) -> Dato:
        """As it is told."""
        read = None if row.read is None else Leido.of(row.read, row.file)
        label = LABELS[row.name]
        return cls(nombre=row.name, etiqueta=label, valor=row.typed, leido=read, coincide=row.agrees)


class LecturaDeSolicitud(BaseModel):
    """What the engines say of the images as a whole; whoever validates decides.

    `aviso`: why nothing was read; `rostro`: the band of the live photograph beside the credential's.
    """

    aviso: str | None
    sin_leer: list[PiezaSinLeer]
    modelo: str | None
    misma_credencial: bool | None
    lados: list[Lado]
    contradicciones: list[str]
    rostro: str | None
    motores: dict[str, str]

    @classmethod
    def of(cls, document: Document) -> LecturaDeSolicitud:
        """As it is told."""
        read = document.reading
        return cls(
            aviso=None if document.unread is None else UNREAD[document.unread],
            sin_leer=_unread(read),
            modelo=read.card.model,
            misma_credencial=read.card.same_card,
            lados=sides_of(read.card),
            contradicciones=[one.rule for one in read.card.contradictions],
            rostro=read.face.band and read.face.band.value,
            motores=dict(read.engines),
        )

    @classmethod
    def none(cls) -> LecturaDeSolicitud:
        """Of a request whose images no engine looked at."""
        return cls(
            aviso=NOT_ASKED,
            sin_leer=[],
            modelo=None,
            misma_credencial=None,
            lados=[],
            contradicciones=[],
            rostro=None,
            motores={},
        )


class Cotejo(BaseModel):
    """Data beside what was read, and the images of a request. `archivos`: names of those that there are."""

    folio: str
    datos: list[Dato]
    domicilio_completo: bool
    archivos: list[str]
    motivos: list[str]
    lectura: LecturaDeSolicitud


def _unread(read: RecordReading) -> list[PiezaSinLeer]:
    """Pieces that a packet of pre-registro has; it has no signature."""
    files = [
        PiezaSinLeer(pieza=name, regla=why.value, motivo=f"{NAMES[name]}: {REASONS[why]}.")
        for name, why in read.unopened.items()
        if name in FILES
    ]
    failed = [name.removeprefix(FAULT) for name in read.engines if name.startswith(FAULT)]
    return files + [PiezaSinLeer(pieza=name, regla=FAULT + name, motivo=FAILED) for name in failed]
