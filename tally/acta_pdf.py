"""The acta de cómputo for people: a PDF/A-2a that is also PDF/UA-1 (SEI-23). Same acta, same bytes.

Typst sees only its template and the embedded fonts; what comes from the acta goes in as JSON, is shown as
text and is never source.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import segno
import typst

from tally.acta import Acta
from tally.acta_text import central_time, figures, grouped, printable, shortened
from tally.consultation import Consultation
from tally.number_words import in_words

INSTITUTE = "Instituto Electoral de la Ciudad de México"
SIGNING = (
    "Secretaría Ejecutiva",
    "Dirección Ejecutiva de Organización Electoral y Geoestadística (DEOEyG)",
    "Dirección Ejecutiva de Participación Ciudadana y Capacitación (DEPCyC)",
    "Unidad Técnica de Servicios Informáticos (UTSI)",
)
"""Offices that sign: never people's names."""
TEMPLATE = Path(__file__).parent / "templates" / "acta.typ"
SHORT_NAME = 56
QR_MASK = 0
"""Fixed: trying all eight takes longer than printing the acta, and any of them can be read."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What every acta of a consultation prints alike. `trustees`: offices, in order of their indices."""

    consultation: str
    trustees: tuple[str, ...]
    institute: str = INSTITUTE
    signing: tuple[str, ...] = SIGNING

    @classmethod
    def of(cls, consultation: Consultation, institute: str = INSTITUTE) -> Imprint:
        """From the consultation's public record."""
        return cls(consultation.nombre, tuple(name for name, _ in consultation.custodios), institute)


class ActaPrinter:
    """Prints actas one after another, with one compiler. Make one per process: it cannot be pickled."""

    def __init__(self, imprint: Imprint) -> None:
        self._imprint = imprint
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
        self._compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)

    def print(self, acta: Acta) -> bytes:
        """The PDF, dated with the acta's instant."""
        page = self._compiler.compile(
            format="pdf",
            sys_inputs={"acta": json.dumps(contents(acta, self._imprint))},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=document_date(acta.instant),
        )
        if not isinstance(page, bytes):
            raise TypeError(f"typst devolvió {type(page).__name__}")
        return page


def print_acta(printer: ActaPrinter, acta: Acta) -> bytes:
    """`printer.print(acta)`, in the shape that `tally.parallel.over_urns` calls: prepare with ActaPrinter."""
    return printer.print(acta)


def qr_text(acta: Acta) -> str:
    """What the code on the acta says."""
    return f"certeza:acta:{acta.consultation}:{acta.unidad.clave}:{acta.sha256}"


def contents(acta: Acta, imprint: Imprint) -> dict[str, Any]:
    """Everything that the template shows, as text or small numbers."""
    unidad = acta.unidad
    title = f"Acta del Cómputo, {unidad.clave} {unidad.nombre}"
    return {
        "documento": printable(f"{title}, {imprint.consultation}"),
        "descripcion": f"SHA-256 de {acta.place}: {acta.sha256}",
        "instituto": printable(imprint.institute),
        "consulta": printable(_for_consultation(imprint.consultation)),
        "clave": printable(unidad.clave),
        "nombre": printable(unidad.nombre),
        "nombre_corto": printable(shortened(unidad.nombre, SHORT_NAME)),
        "demarcacion": printable(unidad.demarcacion),
        "uuid": acta.uuid,
        "firmas": [printable(office) for office in imprint.signing],
        **_numbers(acta),
        **_opening(acta, imprint),
        **_verification(acta),
    }


def _for_consultation(name: str) -> str:
    """The end of the title, «para la Consulta de Presupuesto Participativo 2022»."""
    return f"para la {name}" if name.startswith("Consulta ") else f"para la consulta «{name}»"


def _numbers(acta: Acta) -> dict[str, Any]:
    opinions, nulos = acta.opinions or (0,) * len(acta.unidad.proyectos), acta.nulos or 0
    most = max(*opinions, nulos, 1)
    rows = zip(acta.unidad.proyectos, opinions, strict=True)
    return {
        "reservada": acta.reserved,
        "resultados": [
            {"proyecto": printable(p), "parte": round(100 * n / most, 2)} | _number(n) for p, n in rows
        ],
        "nulos": _number(nulos),
        "total": _number(acta.total),
        "vacia": acta.total == 0,
        "boletas": figures(acta.urn.ballots),
        "personas": figures(acta.persons),
        "advertencia": acta.advertencia,
    }


def _number(number: int) -> dict[str, str]:
    return {"numero": figures(number), "letra": in_words(number)}


def _opening(acta: Acta, imprint: Imprint) -> dict[str, Any]:
    return {
        "instante": central_time(acta.instant),
        "umbral": acta.threshold,
        "custodios": [{"indice": i, "nombre": printable(imprint.trustees[i - 1])} for i in acta.trustees],
        "custodios_de": len(imprint.trustees),
    }


def _verification(acta: Acta) -> dict[str, Any]:
    last = "Suma cifrada en la urna" if acta.reserved else "Resultado en la urna"
    events = {"Cierre de la urna": acta.urn.closing, last: acta.urn.last}
    if acta.listado is not None:
        events["Listado de Claves de Elector"] = acta.listado
    return {
        "archivo": printable(acta.place),
        "huella": grouped(acta.sha256),
        "orden": f"certeza-verify consulta publico/{printable(acta.consultation)}",
        "eventos": list(events.items()),
        "qr": _qr_svg(qr_text(acta)),
        "qr_texto": f"Código QR con el texto {qr_text(acta)}",
    }


def _qr_svg(text: str) -> str:
    image = io.BytesIO()
    segno.make_qr(text, error="m", mask=QR_MASK).save(image, kind="svg", border=0, xmldecl=False, svgns=True)
    return image.getvalue().decode()


def document_date(moment: datetime) -> datetime:
    """The instant in UTC, as the document's date."""
    return moment.astimezone(UTC)
