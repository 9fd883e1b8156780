"""What the mesa is told of what the engines read, and of how far it agrees with them."""

from __future__ import annotations

from pydantic import BaseModel

from api.reading.forms import Lectura, ValorLeido
from capture.mesa.catalogue import Catalogue, comparable
from capture.processing.datos import Valor
from capture.reading.agreement_sql import Agreement
from capture.reading.document import Document
from capture.reading.merging import Difference
from capture.reading.results import Found
from capture.reading.suggestion import Suggestion


class CampoLeido(ValorLeido):
    """A value in the images, or why there is none."""

    campo: str

    @classmethod
    def of(cls, name: str, found: Found) -> CampoLeido:
        """As it is told."""
        return cls(campo=name, **cls.told(found))


class ValorEnviado(BaseModel):
    """What the device said."""

    valor: str
    fuente: str
    certeza: float

    @classmethod
    def of(cls, said: Valor) -> ValorEnviado:
        """As it is told."""
        return cls(valor=said.valor, fuente=said.fuente.value, certeza=said.certeza)


class Diferencia(BaseModel):
    """A field that device and image do not say alike. `queda`: which of both counts."""

    campo: str
    dispositivo: ValorEnviado
    leido: CampoLeido
    queda: str

    @classmethod
    def of(cls, one: Difference) -> Diferencia:
        """As it is told."""
        kept = "dispositivo" if one.device_stays else "leido"
        device = ValorEnviado.of(one.device)
        return cls(campo=one.name, dispositivo=device, leido=CampoLeido.of(one.name, one.read), queda=kept)


class Sugerencia(BaseModel):
    """What seems to apply. `inciso` and its row of the criteria are empty where an OPL changed that row.

    `recorte` names the crop that shows it: `…/lecturas/{folio}/recortes/{recorte}`; null without image.
    """

    inciso: str | None
    tipo: str | None
    detalle: str | None
    regla: str
    porque: str
    fuerza: str
    archivo: str | None
    recorte: int | None

    @classmethod
    def of(cls, number: int, one: Suggestion, catalogue: Catalogue) -> Sugerencia:
        """As it is told beside the criteria that hold."""
        row = catalogue.row(one.inciso) if one.inciso in comparable(catalogue) else None
        return cls(
            inciso=row.inciso if row else None,
            tipo=row.tipo if row else None,
            detalle=row.detalle if row else None,
            regla=one.rule,
            porque=one.why,
            fuerza=one.strength.value,
            archivo=one.file,
            recorte=number if one.file else None,
        )


class Comparacion(BaseModel):
    """Of a face or of a signature. `parecido` is advice."""

    defectos: list[str]
    parecido: float | None
    banda: str | None = None


class LecturaDeImagenes(Lectura):
    """Everything that the engines say of a record. Whoever reviews decides."""

    folio: str
    campos: list[CampoLeido]
    domicilio: list[CampoLeido]
    diferencias: list[Diferencia]
    rostro: Comparacion
    firma: Comparacion
    sugerencias: list[Sugerencia]

    @classmethod
    def of(cls, folio: str, document: Document, catalogue: Catalogue) -> LecturaDeImagenes:
        """As it is told: without prints and vectors."""
        read = document.reading
        face, mark = read.face, read.signature
        return cls(
            **cls.told(document),
            folio=folio,
            campos=[CampoLeido.of(name, found) for name, found in read.card.values.items()],
            domicilio=[CampoLeido.of(name, found) for name, found in read.card.address.items()],
            diferencias=[Diferencia.of(one) for one in document.differences],
            rostro=Comparacion(
                defectos=[one.value for one in face.defects],
                parecido=face.similarity,
                banda=face.band and face.band.value,
            ),
            firma=Comparacion(defectos=[one.value for one in mark.defects], parecido=mark.similarity),
            sugerencias=[
                Sugerencia.of(number, one, catalogue) for number, one in enumerate(document.suggestions, 1)
            ],
        )


class Acuerdo(BaseModel):
    """Of the records with a reading that were reviewed for the first time, for one inciso.

    Inciso «-», of records as wholes: `ambos` without suggestion and valid, `solo_sugerida` with a suggestion
    and valid, `solo_aplicada` without one and not valid.
    """

    inciso: str
    ambos: int
    solo_sugerida: int
    solo_aplicada: int

    @classmethod
    def of(cls, one: Agreement) -> Acuerdo:
        """As it is told."""
        return cls(
            inciso=one.inciso,
            ambos=one.both,
            solo_sugerida=one.only_suggested,
            solo_aplicada=one.only_applied,
        )
