"""The acta de escrutinio y cómputo and the cartel de resultados for people (SEI-25). Same acta, same bytes.

As tally/acta_pdf.py: Typst sees its template and the embedded fonts; what comes from the acta is data.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import segno
import typst

from tally.acta_pdf import QR_MASK, Imprint, document_date
from tally.acta_text import central_time, figures, grouped, printable
from tally.mesa.escrutinio import RESERVED, TOGETHER, Escrutinio, Row
from tally.mesa.results import NULOS
from tally.number_words import in_words

TEMPLATES = Path(__file__).parent / "templates"
MODES = {
    TOGETHER: (
        "Esta Unidad Territorial recibió por internet menos opiniones que el mínimo que la consulta fijó "
        "para proteger el secreto. Por eso sus opiniones por internet y las de la Mesa se sumaron cifradas "
        "y sólo el total de ambas se abrió."
    ),
    RESERVED: (
        "Entre internet y la Mesa, esta Unidad Territorial recibió menos opiniones que el mínimo que la "
        "consulta fijó para proteger el secreto. Su resultado no se abrió; lo que proceda lo determina el "
        "Consejo General."
    ),
}
"""Why an acta does not tell internet and Mesa apart."""
SIGNING = ("Responsable 1 de Mesa", "Responsable 2 de Mesa", "Dirección Distrital")
DASH = "—"


class MesaPrinter:
    """Prints actas and carteles, with one compiler each. Make one per process: it cannot be pickled."""

    def __init__(self, imprint: Imprint) -> None:
        self._imprint = imprint
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
        self._acta, self._cartel = (
            typst.Compiler(TEMPLATES / name, root=TEMPLATES, font_paths=fonts)
            for name in ("escrutinio.typ", "cartel.typ")
        )

    def acta(self, acta: Escrutinio) -> bytes:
        """The acta de escrutinio y cómputo, dated with its instant."""
        return self._print(self._acta, acta, "Acta de Escrutinio y Cómputo")

    def cartel(self, acta: Escrutinio) -> bytes:
        """The cartel de resultados of the same acta: what hangs at the Mesa."""
        return self._print(self._cartel, acta, "Cartel de Resultados")

    def _print(self, compiler: Any, acta: Escrutinio, title: str) -> bytes:
        page = compiler.compile(
            format="pdf",
            sys_inputs={"acta": json.dumps(contents(acta, self._imprint, title))},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=document_date(acta.instant),
        )
        if not isinstance(page, bytes):
            raise TypeError(f"typst devolvió {type(page).__name__}")
        return page


def contents(acta: Escrutinio, imprint: Imprint, title: str) -> dict[str, Any]:
    """Everything that the templates show, as text."""
    unidad = acta.unidad
    names = [*unidad.proyectos, NULOS]
    rows = [*acta.rows[1:], acta.rows[0]]
    return {
        "titulo": title,
        "documento": printable(f"{title}, {unidad.clave} {unidad.nombre}, {imprint.consultation}"),
        "descripcion": f"SHA-256 de {acta.place}: {acta.sha256}",
        "instituto": printable(imprint.institute),
        "consulta": printable(imprint.consultation),
        "clave": printable(unidad.clave),
        "nombre": printable(unidad.nombre),
        "demarcacion": printable(unidad.demarcacion),
        "separado": acta.opened is None and acta.mode not in MODES,
        "aviso": MODES.get(acta.mode),
        "filas": [{"nombre": printable(n), **_row(row)} for n, row in zip(names, rows, strict=True)],
        "total": _row((acta.remote, acta.paper, acta.total)),
        "recibidas": figures(acta.received),
        "sobrantes": figures(acta.spare),
        "instante": central_time(acta.instant),
        "archivo": printable(acta.place),
        "huella": grouped(acta.sha256),
        "qr": _qr(acta),
        "firmas": list(SIGNING),
    }


def _row(row: Row) -> dict[str, str]:
    remote, paper, total = (DASH if n is None else figures(n) for n in row)
    words = "reservado" if row[2] is None else in_words(row[2])
    return {"internet": remote, "mesa": paper, "total": total, "letra": words}


def _qr(acta: Escrutinio) -> str:
    text = f"certeza:escrutinio:{acta.consultation}:{acta.unidad.clave}:{acta.sha256}"
    image = io.BytesIO()
    segno.make_qr(text, error="m", mask=QR_MASK).save(image, kind="svg", border=0, xmldecl=False, svgns=True)
    return image.getvalue().decode()
