"""The acta of destruction as a document for people. Pure."""

from __future__ import annotations

from capture.records.states import Estado
from capture.retention.acta import Acta
from ledger.document import Document, Facts, Paragraph, Section, Signatures, Table

KIND = "acta-de-destruccion"


def document(acta: Acta, institute: str) -> Document:
    """What was destroyed, when, and how it can be checked; nobody is named."""
    rows = tuple((state.value, f"{acta.by_state.get(state.value, 0):,}") for state in Estado)
    instants: dict[str, str] = acta.to_json()["instantes"]
    parts = (
        Paragraph(
            "Se hace constar la destrucción de los registros de apoyo ciudadano del proceso que se indica, "
            "de sus testigos visuales, de sus datos y de la llave con que se cifraron, concluido el plazo "
            "de conservación posterior a la entrega de los resultados definitivos."
        ),
        Section(
            "Proceso",
            (
                Facts(
                    (
                        ("Proceso", acta.proceso),
                        ("Motivo", acta.reason),
                        ("Registros", f"{acta.records:,}"),
                        *((name.replace("_", " ").capitalize(), value) for name, value in instants.items()),
                    )
                ),
            ),
        ),
        Section("Registros por estado", (Table(("Estado", "Registros"), rows, numeric=(1,)),)),
        Section(
            "Comprobación",
            (
                Facts(
                    (
                        ("SHA-256 de la lista de registros", acta.list_sha256),
                        ("SHA-256 de la llave pública destruida", acta.key),
                    )
                ),
                Paragraph(
                    "Los folios, códigos de integridad, acuses, estados y cifras se conservan: cada acuse "
                    "sigue siendo verificable en la bitácora pública."
                ),
            ),
        ),
        Signatures((("", "Responsable de la destrucción"), ("", "Testigo"))),
    )
    return Document(KIND, "Acta de destrucción", institute, acta.concluded, parts, reference=acta.proceso)
