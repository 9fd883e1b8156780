"""What the mesa is told of what the engines read, and of how far it agrees with them."""

from __future__ import annotations

from pydantic import BaseModel

from capture.mesa.catalogue import Catalogue, comparable
from capture.processing.datos import Valor
from capture.reading.agreement_sql import Agreement
from capture.reading.document import Document
from capture.reading.errors import Unread
from capture.reading.merging import Difference
from capture.reading.record import FAULT
from capture.reading.results import CardReading, Found, RecordReading
from capture.reading.suggestion import Suggestion
from capture.reading.suggestions_files import NAMES, REASONS

UNREAD = {
    Unread.TIME: "La lectura de las imágenes tardó demasiado y se detuvo; revíselas a la vista.",
    Unread.CPU: "La lectura de las imágenes pidió demasiado tiempo de procesador; revíselas a la vista.",
    Unread.ENDED: "La lectura de las imágenes se interrumpió; revíselas a la vista.",
    Unread.GARBAGE: "La lectura de las imágenes dio un resultado que no se entiende; revíselas a la vista.",
    Unread.FAULT: "Las imágenes no se pudieron leer; revíselas a la vista.",
}
FAILED = "Su lector falló con esta imagen; revísela a la vista."


class CampoLeido(BaseModel):
    """A value in the images, or why there is none. `certeza` from 0 to 1."""

    campo: str
    valor: str | None
    fuente: str | None
    certeza: float
    lado: str | None
    falta: str | None

    @classmethod
    def of(cls, name: str, found: Found) -> CampoLeido:
        """As it is told."""
        return cls(
            campo=name,
            valor=found.value,
            fuente=found.source and found.source.value,
            certeza=found.sure,
            lado=found.side and found.side.value,
            falta=found.missing and found.missing.value,
        )


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


class Lado(BaseModel):
    """One image of the credential: what it shows, what is against it, and the measurements."""

    lado: str
    muestra: str | None
    defectos: list[str]
    medidas: dict[str, float]


class Comparacion(BaseModel):
    """Of a face or of a signature. `parecido` is advice."""

    defectos: list[str]
    parecido: float | None
    banda: str | None = None


class PiezaSinLeer(BaseModel):
    """A file that could not be looked at, or a part whose engine failed over it; nothing is known of it."""

    pieza: str
    regla: str
    motivo: str

    @classmethod
    def all_of(cls, read: RecordReading) -> list[PiezaSinLeer]:
        """As they are told."""
        files = [
            cls(pieza=name, regla=why.value, motivo=f"{NAMES[name]}: {REASONS[why]}.")
            for name, why in read.unopened.items()
        ]
        failed = [name.removeprefix(FAULT) for name in read.engines if name.startswith(FAULT)]
        return files + [cls(pieza=name, regla=FAULT + name, motivo=FAILED) for name in failed]


class LecturaDeImagenes(BaseModel):
    """Everything that the engines say of a record. Whoever reviews decides."""

    folio: str
    aviso: str | None
    """Why nothing was read, if so."""
    sin_leer: list[PiezaSinLeer]
    """What could not be read of a record that was; the rest of it was."""
    modelo: str | None
    misma_credencial: bool | None
    lados: list[Lado]
    campos: list[CampoLeido]
    domicilio: list[CampoLeido]
    contradicciones: list[str]
    diferencias: list[Diferencia]
    rostro: Comparacion
    firma: Comparacion
    sugerencias: list[Sugerencia]
    motores: dict[str, str]

    @classmethod
    def of(cls, folio: str, document: Document, catalogue: Catalogue) -> LecturaDeImagenes:
        """As it is told: without prints and vectors."""
        read = document.reading
        face, mark = read.face, read.signature
        return cls(
            folio=folio,
            aviso=None if document.unread is None else UNREAD[document.unread],
            sin_leer=PiezaSinLeer.all_of(read),
            modelo=read.card.model,
            misma_credencial=read.card.same_card,
            lados=sides_of(read.card),
            campos=[CampoLeido.of(name, found) for name, found in read.card.values.items()],
            domicilio=[CampoLeido.of(name, found) for name, found in read.card.address.items()],
            contradicciones=[one.rule for one in read.card.contradictions],
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
            motores=dict(read.engines),
        )


def sides_of(card: CardReading) -> list[Lado]:
    return [
        Lado(
            lado=side.value,
            muestra=shown.value if (shown := card.shown.get(side)) else None,
            defectos=[one.value for one in quality.defects],
            medidas=dict(quality.figures),
        )
        for side, quality in card.sides.items()
    ]


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
