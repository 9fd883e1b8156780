"""Prints an official document: PDF/A-3a, also PDF/UA-1, its canonical JSON attached. Same data, same bytes.

Typst sees only its template and the embedded fonts; what the document says goes in as JSON, is shown as text
and is never source. Signing adds increments after these bytes (`keys.documents`).
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
import typst

from ledger.document import Document

TEMPLATE = Path(__file__).parent / "templates" / "document.typ"
ATTACHED = "documento.json"
"""Name of the canonical JSON inside the PDF."""
STAMP = "documento.tst"
"""Name of the time-stamp token (CMS, DER) over the JSON's SHA-256 inside the PDF, when there is one."""
QR_MASK = 0
"""Fixed: trying all eight takes longer than printing, and any of them can be read."""
ZONE = ZoneInfo("America/Mexico_City")
MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
_HIDDEN = re.compile("[^\n\x20-\x7e\xa1-\xac\xae-\u017f\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2212]")
_LONG = re.compile("[^ \n]{49,}")


@dataclass(frozen=True, slots=True)
class Seal:
    """What is printed of a person's electronic signature, named as on the INE's documents.

    `signer`: the certificate's name. `certificate`: its number, decimal. `digest`: «Sello digital del
    documento original», base64 of the JSON's SHA-256. `authority` and `stamped`: of the time-stamp token over
    that SHA-256.
    """

    signer: str
    certificate: str
    digest: str
    authority: str | None = None
    stamped: str | None = None


class DocumentPrinter:
    """Prints documents one after another, with one compiler. Make one per process: it cannot be pickled."""

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
        self._compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)

    def print(self, document: Document, seals: tuple[Seal, ...] = (), stamp: bytes | None = None) -> bytes:
        """The PDF, dated with `document.issued`; `seals` of those who will sign it; `stamp` is attached."""
        page = self._compiler.compile(
            format="pdf",
            sys_inputs={"documento": json.dumps(contents(document, seals, stamp))},
            pdf_standards=["a-3a", "ua-1"],
            timestamp=document.issued.astimezone(UTC).replace(microsecond=0),
        )
        if not isinstance(page, bytes):
            raise TypeError(f"typst devolvió {type(page).__name__}")
        return page


@cache
def _printer() -> DocumentPrinter:
    return DocumentPrinter()


def render(document: Document, seals: tuple[Seal, ...] = (), stamp: bytes | None = None) -> bytes:
    """`DocumentPrinter.print` with this process's printer."""
    return _printer().print(document, seals, stamp)


def contents(document: Document, seals: tuple[Seal, ...], stamp: bytes | None) -> dict[str, Any]:
    """Everything that the template shows, as text or small numbers, and what it attaches."""
    digest = document.sha256
    shown: dict[str, Any] = _printable(document.as_json())
    shown["partes"] = [_part(part.as_json()) for part in document.parts]
    shown |= {
        "fecha": spoken(document),
        "descripcion": f"SHA-256 de {ATTACHED}: {digest}",
        "huella": [digest[at : at + 8] for at in range(0, 64, 8)],
        "qr": _qr_svg(qr_text(document)),
        "qr_texto": f"Código QR con el texto {qr_text(document)}",
        "sellos": [_seal(seal) for seal in seals],
        "adjunto": {"nombre": ATTACHED, "texto": document.encode().decode()},
        "sello_tiempo": None if stamp is None else {"nombre": STAMP, "bytes": list(stamp)},
    }
    return shown


def qr_text(document: Document) -> str:
    """What the code on the page says."""
    return f"certeza:documento:{document.sha256}"


def spoken(document: Document) -> str:
    """«14 de diciembre de 2022, 11:58 horas (centro de México)»."""
    local = document.issued.astimezone(ZONE)
    day = f"{local.day} de {MONTHS[local.month - 1]} de {local.year}"
    return f"{day}, {local:%H:%M} horas (centro de México)"


def printable(text: str) -> str:
    """`text` with what the fonts may lack as its code point («[U+202E]»), long words breakable."""
    shown = _HIDDEN.sub(lambda found: f"[U+{ord(found.group()):04X}]", text)
    return _LONG.sub(lambda word: "\u200b".join(word.group()), shown)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if isinstance(value, dict):
        return {name: _printable(item) for name, item in value.items()}
    return value


def _part(part: dict[str, Any]) -> dict[str, Any]:
    """The part as it is shown; numbers of a chart with their share of the longest bar, in percent."""
    shown: dict[str, Any] = _printable(part)
    if part["parte"] == "seccion":
        shown["partes"] = [_part(inner) for inner in part["partes"]]
    if part["parte"] == "grafica":
        most = max((value for _, value in part["barras"]), default=0) or 1
        shown["barras"] = [
            {"nombre": printable(name), "numero": f"{value:,}", "parte": round(100 * value / most, 2)}
            for name, value in part["barras"]
        ]
    return shown


def _seal(seal: Seal) -> dict[str, Any]:
    stamped = None
    if seal.authority is not None:
        stamped = printable(f"Autoridad: {seal.authority} | Fecha: {seal.stamped}")
    return {
        "firmante": printable(seal.signer),
        "certificado": printable(seal.certificate),
        "sello": printable(seal.digest),
        "tiempo": stamped,
    }


def _qr_svg(text: str) -> str:
    image = io.BytesIO()
    segno.make_qr(text, error="m", mask=QR_MASK).save(image, kind="svg", border=0, xmldecl=False, svgns=True)
    return image.getvalue().decode()
