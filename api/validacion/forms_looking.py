"""What an operator of the validation module compares: what was typed, what was read, and the images."""

from __future__ import annotations

from pydantic import BaseModel

from api.reading.forms import Lectura, ValorLeido
from capture.preregistro.form import LABELS
from capture.preregistro.packet import FILES
from capture.reading.document import Document
from capture.reading.record import unread
from capture.reading.results import Found
from capture.validacion.beside import Beside

NOT_ASKED = "De esta solicitud no hay lectura de las imágenes; revíselas a la vista."


class Leido(ValorLeido):
    """What the engines read in the images for a field, or why it is empty.

    `recorte`: whether `…/recortes/{campo}` shows the place on the credential.
    """

    recorte: bool

    @classmethod
    def of(cls, found: Found, file: str | None) -> Leido:
        """As it is told. `file`: the image that shows its place."""
        return cls(recorte=file is not None, **cls.told(found))


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


class LecturaDeSolicitud(Lectura):
    """What the engines say of the images of a request; whoever validates decides.

    `rostro`: the band of the live photograph beside the credential's.
    """

    rostro: str | None

    @classmethod
    def of(cls, document: Document | None) -> LecturaDeSolicitud:
        """As it is told; None where no engine looked at the images. Nobody signs in pre-registro."""
        given = Document(unread()) if document is None else document
        band = given.reading.face.band
        made = cls(**cls.told(given, FILES), rostro=band and band.value)
        return made if document is not None else made.model_copy(update={"aviso": NOT_ASKED})


class Cotejo(BaseModel):
    """Data beside what was read, and the images of a request. `archivos`: names of those that there are."""

    folio: str
    datos: list[Dato]
    domicilio_completo: bool
    archivos: list[str]
    motivos: list[str]
    lectura: LecturaDeSolicitud
