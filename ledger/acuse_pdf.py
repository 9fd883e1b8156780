"""The acuse for people: a PDF/A-2a that is also PDF/UA-1, one page. Same acuse file, same bytes.

Typst sees only its template and the embedded fonts; what comes from the acuse goes in as JSON, is shown as
text and is never source.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import segno
import typst

from ledger.acuse import SUFFIX, Acuse, AcuseFile, Credential, QrPayload, grouped, qr_payload

TEMPLATE = Path(__file__).parent / "templates" / "acuse.typ"
QR_MASK = 0
"""Fixed: trying all eight takes longer than printing, and any of them can be read."""
CODE_LINE = 8
"""Groups of the code in a line."""
_MODALITIES = {
    "auxiliar": "con una persona auxiliar",
    "mi-apoyo": "por la propia persona, en «Mi Apoyo»",
    "manual": "en papel, capturado después",
}
_HIDDEN = re.compile("[^\x20-\x7e\xa1-\xac\xae-\u017f]")
_LONG = re.compile("[^ ]{61,}")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What all acuses of an institute print alike. `page`: where its public page asks for the code."""

    institute: str
    page: str | None = None


class AcusePrinter:
    """Prints acuses one after another, with one compiler. Make one per process: it cannot be pickled."""

    def __init__(self, imprint: Imprint) -> None:
        self._imprint = imprint
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
        self._compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)

    def print(self, file: AcuseFile) -> bytes:
        """The PDF, dated with the moment of reception."""
        page = self._compiler.compile(
            format="pdf",
            sys_inputs={"acuse": json.dumps(contents(file, self._imprint))},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=file.acuse.recibido.astimezone(UTC).replace(microsecond=0),
        )
        if not isinstance(page, bytes):
            raise TypeError(f"typst devolvió {type(page).__name__}")
        return page


def contents(file: AcuseFile, imprint: Imprint) -> dict[str, Any]:
    """Everything that the template shows, as text or small numbers."""
    acuse, head, payload = file.acuse, file.proof.checkpoint.head, qr_payload(file)
    return {
        "documento": f"Acuse de recibo, folio {acuse.folio}",
        "descripcion": f"Código de integridad: {acuse.code}",
        "instituto": printable(imprint.institute),
        "pagina": None if imprint.page is None else printable(imprint.page),
        "datos": _facts(acuse),
        "codigo": _lines(grouped(acuse.code)),
        "bitacora": printable(head.origin),
        "indice": f"{file.proof.index:,}",
        "tamano": f"{head.size:,}",
        "archivo": f"{acuse.folio}{SUFFIX}",
        "qr": qr_svg(payload),
        "qr_entero": payload.whole,
        "qr_texto": _qr_words(payload),
    }


def _facts(acuse: Acuse) -> list[list[str]]:
    number = "CIC de la credencial" if acuse.credential is Credential.CIC else "OCR de la credencial"
    instant = acuse.recibido
    return [
        ["Folio", acuse.folio],
        ["Proceso", acuse.proceso],
        ["Recibido", f"{instant:%d/%m/%Y} a las {instant:%H:%M:%S} horas (UTC{_offset(acuse)})"],
        ["Modalidad", _MODALITIES[acuse.modalidad]],
        [number, acuse.number],
    ]


def _offset(acuse: Acuse) -> str:
    return acuse.recibido.isoformat()[-6:].replace("-", "−")


def _lines(groups: list[str]) -> list[str]:
    return [" ".join(groups[at : at + CODE_LINE]) for at in range(0, len(groups), CODE_LINE)]


def _qr_words(payload: QrPayload) -> str:
    if payload.whole:
        return "Código QR con el archivo del acuse completo y su prueba"
    return f"Código QR con el texto {_visible(payload.data.decode())}"


def qr_svg(payload: QrPayload) -> str:
    """The code as SVG: the payload's very bytes, in the least redundancy when it is a whole file."""
    image = io.BytesIO()
    error = "l" if payload.whole else "m"
    code = segno.make_qr(payload.data, error=error, mode="byte", mask=QR_MASK, boost_error=False)
    code.save(image, kind="svg", border=0, xmldecl=False, svgns=True)
    return image.getvalue().decode()


def printable(text: str) -> str:
    """`text` with what the fonts may lack as its code point («[U+202E]»), long words breakable."""
    return _LONG.sub(lambda word: "\u200b".join(word.group()), _visible(text))


def _visible(text: str) -> str:
    return _HIDDEN.sub(lambda found: f"[U+{ord(found.group()):04X}]", text)
