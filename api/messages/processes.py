"""To promoventes and aspirantes, and to OPLs about their requests for use (001 §5.F; 002 §2.3; APO-30)."""

from __future__ import annotations

from api.messages.letter import facts, letter
from api.outbox.message import Message
from capture.identity.contact import words_of_authentication
from capture.processes.period import Period, centro_text
from capture.processes.process_form import ProcessData
from capture.usage_requests.store_sql import StoredRequest


def process_registered(
    folio: str, data: ProcessData, period: Period, institute: str, portal: str, contact: str
) -> Message:
    """The confirmation with the period, the Id Proceso, the linked account and the address of the portal."""
    paragraphs = [
        f"{institute} le confirma que su registro de alta en el Portal Web quedó concluido.",
        facts(
            [
                ("Id Proceso (folio único)", folio),
                ("Proceso", f"{period.tipo.title}. {period.nombre}"),
                ("Denominación", data.denominacion),
                ("Inicio del periodo de captación", centro_text(period.inicio)),
                ("Conclusión del periodo de captación", centro_text(period.fin)),
                ("Cuenta asociada", data.correo),
                ("Tipo de autenticación", words_of_authentication(data.autenticacion)),
                ("Portal Web", portal),
            ]
        ),
        "En el Portal Web puede dar de alta y de baja a sus Auxiliares, consultar el avance de la "
        "captación y "
        "los reportes. La información que ahí se presenta es de carácter informativo y preliminar.",
        "Es su responsabilidad el resguardo y la custodia de la cuenta de correo electrónico y de su "
        "contraseña. "
        "Le recordamos dar a conocer el Aviso de Privacidad simplificado a quienes otorguen su apoyo.",
    ]
    subject = f"Confirmación de registro. Id Proceso {folio}"
    return letter(
        "proceso.confirmacion", data.correo, subject, f"Estimada(o) {data.full_name}", paragraphs, contact
    )


def usage_answered(stored: StoredRequest, institute: str, contact: str) -> Message:
    """DERFE's answer to a request for use."""
    outcome = "procedente" if stored.procedente else "no procedente por ahora"
    paragraphs = [
        f"La solicitud de uso del sistema con folio {stored.folio} (oficio "
        f"{stored.solicitud.numero_oficio}) fue "
        f"atendida: {outcome}.",
        stored.respuesta or "",
    ]
    subject = f"Respuesta a la solicitud de uso {stored.folio}"
    return letter("uso.respuesta", stored.solicitud.correo, subject, institute, paragraphs, contact)
