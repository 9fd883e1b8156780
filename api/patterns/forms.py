"""What is told of patterns. They are indications: a person looks at the records, whose state stays."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from capture.patterns.reading_sql import StoredPattern
from capture.patterns.rules import ALIKE, UNIT, Regla

NOTICE = (
    "Los patrones son indicios que se señalan para su revisión: no modifican el estado de ningún registro y"
    " no constituyen por sí mismos una inconsistencia."
)
DESCRIPTION = {
    Regla.IMAGEN_IDENTICA: "La misma imagen, idéntica, en varios registros",
    Regla.IMAGEN_PARECIDA: "La misma imagen, con pequeños cambios, en varios registros",
    Regla.ROSTRO: "El mismo rostro en registros con distinta clave de elector",
    Regla.FIRMA: "La misma firma en varios registros",
    Regla.RITMO: "Más capturas en una hora de las que son posibles",
    Regla.DISTANCIA: "Capturas de un dispositivo en lugares entre los que no se llega en ese tiempo",
    Regla.DISPOSITIVO: "Un dispositivo usado por varias personas auxiliares",
    Regla.DISPOSITIVOS: "Una persona auxiliar con muchos dispositivos",
    Regla.NOCHE: "Capturas de un dispositivo de noche",
}
OBJECT = {
    "anverso.jpg": "anverso de la credencial",
    "reverso.jpg": "reverso de la credencial",
    "foto.jpg": "fotografía viva",
    "firma.png": "firma",
    "anverso.retrato": "fotografía impresa en la credencial",
    "reverso.huella": "huella impresa en la credencial",
    "rostro": "rostro de la fotografía viva",
    "dispositivo": "dispositivo",
    "auxiliar": "persona auxiliar",
}


class Patron(BaseModel):
    """A pattern. `medida` is the worst found, in `unidad`; `registros` how many records it has."""

    id: int
    regla: Regla
    descripcion: str
    objeto: str
    dispositivo: str | None
    auxiliar: str | None
    medida: float
    unidad: str
    registros: int
    primero: datetime
    ultimo: datetime

    @classmethod
    def of(cls, pattern: StoredPattern) -> Patron:
        """As it is told."""
        subject = None if pattern.regla in ALIKE else pattern.sujeto
        return cls(
            id=pattern.id,
            regla=pattern.regla,
            descripcion=DESCRIPTION[pattern.regla],
            objeto=OBJECT[pattern.objeto],
            dispositivo=subject if pattern.objeto == "dispositivo" else None,
            auxiliar=subject if pattern.objeto == "auxiliar" else None,
            medida=pattern.medida,
            unidad=UNIT[pattern.regla],
            registros=pattern.registros,
            primero=pattern.primero,
            ultimo=pattern.ultimo,
        )


class PaginaDePatrones(BaseModel):
    """A page of patterns, the newest first. `siguiente` is the `cursor` of the next one; null at the end."""

    aviso: str = NOTICE
    patrones: list[Patron]
    siguiente: int | None


class PatronesDelRegistro(BaseModel):
    """All patterns of one record."""

    aviso: str = NOTICE
    folio: str
    patrones: list[Patron]


class RegistrosDelPatron(BaseModel):
    """A pattern with a page of the folios of its records. `siguiente` is the `cursor` of the next one."""

    aviso: str = NOTICE
    patron: Patron
    folios: list[str]
    siguiente: str | None
