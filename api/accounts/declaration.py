"""The «Declaratoria de Confidencialidad» that staff signs before its account works (001, 4.4)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from api.accounts.errors import AccountRefusal

PDF_BYTES = 1_048_576
"""Bytes of the signed document, at most."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One version of the text. What is signed is named by its version and its SHA-256."""

    version: str
    text: str

    @property
    def sha256(self) -> bytes:
        """Of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).digest()


IN_FORCE = Declaration(
    "2026-1",
    """DECLARATORIA DE CONFIDENCIALIDAD

Sistema de Captación de Datos para Procesos de Participación Ciudadana y Actores Políticos

Declaro que la cuenta de acceso que se me asigna es personal e intransferible, y que soy responsable \
de su debido uso y resguardo, así como de los de los medios con los que acredito mi identidad.

Me comprometo a garantizar en todo momento la confidencialidad de la información de carácter \
personal a la que tenga acceso con motivo de mis funciones; a utilizarla únicamente para la revisión \
y clarificación de los apoyos, la garantía de audiencia y las demás actividades que me corresponden; \
a no copiarla, difundirla, transferirla ni conservarla fuera del sistema, y a cumplir las \
obligaciones que me impone la normatividad en materia de protección de datos personales.

Sé que cada consulta y cada acto que realice queda asentado en la bitácora del sistema, y que este \
compromiso subsiste cuando concluyan mis funciones o se dé de baja mi cuenta.
""",
)


def require_in_force(version: str, sha256: bytes) -> None:
    """What was read is what is in force. Raises AccountRefusal."""
    if (version, sha256) != (IN_FORCE.version, IN_FORCE.sha256):
        expected = f"la versión {IN_FORCE.version} con su huella"
        raise AccountRefusal("declaratoria.version", "declaratoria", expected, f"la versión {version}")


def require_pdf(document: bytes) -> None:
    """The signed document looks like a PDF of an allowed size. Raises AccountRefusal."""
    if not 0 < len(document) <= PDF_BYTES:
        raise AccountRefusal(
            "declaratoria.pdf", "documento", f"1 a {PDF_BYTES:,} bytes", f"{len(document):,}"
        )
    if not (document.startswith(b"%PDF-") and b"%%EOF" in document[-1024:]):
        raise AccountRefusal("declaratoria.pdf", "documento", "un archivo PDF completo", "otra cosa")
