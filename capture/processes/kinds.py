"""The kinds of process and of scope, and how each is called on what people see."""

from __future__ import annotations

from enum import Enum

from capture.identity.errors import described
from capture.processes.errors import ProcessRefusal

NATIONAL = "00"
"""The entidad of a period of the whole country."""


class Tipo(Enum):
    """The kinds of process of APO-02."""

    CANDIDATURA = "candidatura-independiente"
    CONSULTA = "consulta-ciudadana"
    INICIATIVA = "iniciativa-ciudadana"
    REVOCACION = "revocacion-de-mandato"
    AFILIACION = "afiliacion-agrupacion-politica"

    @property
    def title(self) -> str:
        """As a heading: «Iniciativa ciudadana»."""
        return _TITLES[self]

    @property
    def person(self) -> str:
        """Who the process belongs to: «aspirante» or «promovente»."""
        return "aspirante" if self is Tipo.CANDIDATURA else "promovente"


_TITLES = {
    Tipo.CANDIDATURA: "Candidatura independiente",
    Tipo.CONSULTA: "Consulta ciudadana",
    Tipo.INICIATIVA: "Iniciativa ciudadana",
    Tipo.REVOCACION: "Revocación de mandato",
    Tipo.AFILIACION: "Afiliación a agrupación política",
}


class Ambito(Enum):
    """How far a process reaches."""

    FEDERAL = "federal"
    ESTATAL = "estatal"
    DISTRITAL = "distrital"
    MUNICIPAL = "municipal"


def tipo(text: str, field: str = "Tipo de proceso") -> Tipo:
    """The kind with that code. Raises ProcessRefusal."""
    try:
        return Tipo(text)
    except ValueError:
        expected = ", ".join(kind.value for kind in Tipo)
        raise ProcessRefusal("proceso.tipo", field, expected, described(text)) from None


def ambito(text: str, field: str = "Ámbito") -> Ambito:
    """The scope with that code; «local» is the word of 001 for «estatal»."""
    try:
        return Ambito("estatal" if text == "local" else text)
    except ValueError:
        expected = ", ".join(scope.value for scope in Ambito)
        raise ProcessRefusal("periodo.ambito", field, expected, described(text)) from None
