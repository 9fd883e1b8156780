"""The oficio that answers a request for use, as an official document (APO-30; source 004). Pure."""

from __future__ import annotations

from datetime import datetime

from capture.usage_requests.store_sql import StoredRequest
from ledger.document import INE, LEGEND_INE, Document, Facts, Paragraph, Section

KIND = "oficio-de-respuesta-uso"
AREA = "Dirección Ejecutiva del Registro Federal de Electores"


def oficio(asked: StoredRequest, institute: str, granted: bool, answer: str, issued: datetime) -> Document:
    """The answer to what `institute` asked for. `granted`: the request is procedente."""
    request = asked.solicitud
    outcome = "procedente" if granted else "no procedente por ahora"
    facts = (
        ("Folio de la solicitud", asked.folio),
        ("Instituto solicitante", institute),
        ("Oficio de solicitud", request.numero_oficio),
        ("Fecha del oficio", f"{request.fecha_oficio:%d/%m/%Y}"),
        ("Uso que se dará al sistema", request.tipo.title),
        ("Estimación del número de aspirantes", f"{request.aspirantes_estimados:,}"),
        ("Estimación del número de apoyos", f"{request.apoyos_estimados:,}"),
    )
    return Document(
        kind=KIND,
        title="Respuesta a la solicitud de uso del sistema",
        institute=INE,
        area=AREA,
        issued=issued,
        reference=asked.folio,
        legend=LEGEND_INE,
        parts=(
            Section("Solicitud", (Facts(facts),)),
            Section("Respuesta", (Paragraph(f"La solicitud es {outcome}."), Paragraph(answer))),
        ),
    )
