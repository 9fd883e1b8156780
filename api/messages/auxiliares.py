"""To auxiliares, and to their promovente when an authority removes one (001 §6.5; 002 §2.5, §2.6, §2.9)."""

from __future__ import annotations

from datetime import datetime

from api.messages.letter import facts, letter
from api.outbox.message import Message
from capture.auxiliares.causes import Baja, By
from capture.auxiliares.form import AuxiliarData
from capture.identity.contact import words_of_authentication
from capture.processes.period import Period, centro_text
from capture.processes.process_store_sql import StoredProcess

_AUTHORITY = {
    By.OPL: "el Organismo Público Local",
    By.DERFE: "la Dirección Ejecutiva del Registro Federal de Electores",
}


def auxiliar_registered(
    identifier: str, data: AuxiliarData, process: StoredProcess, period: Period, app: str, contact: str
) -> Message:
    """What an auxiliar needs to register in the app."""
    paragraphs = [
        f"{process.data.promovente} le dio de alta como Auxiliar para captar apoyo ciudadano con la "
        "aplicación.",
        facts(
            [
                ("Id Proceso", process.folio),
                ("Id Auxiliar", identifier),
                ("Correo electrónico", data.correo),
                ("Tipo de autenticación", words_of_authentication(data.autenticacion)),
                ("Proceso", process.data.denominacion),
                ("Inicio del periodo de captación", centro_text(period.inicio)),
                ("Conclusión del periodo de captación", centro_text(period.fin)),
                ("Aplicación", app),
            ]
        ),
        "Para registrarse necesita conexión a Internet y su Credencial para Votar vigente:\n"
        "  1. Abra la aplicación y elija «Registro de Auxiliar».\n"
        "  2. Inicie sesión con la cuenta de correo indicada y escriba el Id Proceso y el Id Auxiliar.\n"
        "  3. Capture el anverso y el reverso de su Credencial para Votar, su fotografía y su firma.\n"
        "  4. Cree su contraseña local: solo usted la conoce y se guarda únicamente en su dispositivo.",
        "Puede tener a lo más dos dispositivos activos al mismo tiempo; para cambiar de dispositivo use la "
        "opción «Baja de dispositivo». Usted es responsable del tratamiento de los datos personales que "
        "capte "
        "hasta su envío.",
    ]
    subject = f"Alta de Auxiliar. Id Proceso {process.folio}"
    return letter("auxiliar.alta", data.correo, subject, f"Estimada(o) {data.full_name}", paragraphs, contact)


def auxiliar_removed(
    identifier: str, data: AuxiliarData, folio: str, baja: Baja, when: datetime, contact: str
) -> Message:
    """To the auxiliar: stop capturing and sending."""
    paragraphs = [
        f"Le informamos que fue dada(o) de baja como Auxiliar del proceso {folio}.",
        facts([("Id Auxiliar", identifier), ("Fecha de la baja", centro_text(when)), ("Motivo", baja.words)]),
        "A partir de esa fecha absténgase de capturar y enviar apoyo ciudadano: los apoyos que se envíen "
        "o se "
        "reciban con fecha posterior a la baja no serán contabilizados. Si le vuelven a dar de alta, "
        "recibirá "
        "otro correo con un nuevo Id Auxiliar.",
    ]
    subject = f"Baja de Auxiliar. Id Proceso {folio}"
    return letter("auxiliar.baja", data.correo, subject, f"Estimada(o) {data.full_name}", paragraphs, contact)


def auxiliar_removed_by_authority(
    identifier: str, person: str, process: StoredProcess, baja: Baja, when: datetime, contact: str
) -> Message:
    """To the promovente, with the cause (002 §3.3). `person`: the auxiliar's full name."""
    paragraphs = [
        f"Le informamos que {_AUTHORITY[baja.by]} dio de baja a una persona Auxiliar de su proceso.",
        facts(
            [
                ("Id Proceso", process.folio),
                ("Id Auxiliar", identifier),
                ("Auxiliar", person),
                ("Fecha de la baja", centro_text(when)),
                ("Motivo", baja.words),
            ]
        ),
        "El motivo también se consulta en el Portal Web. Puede volver a registrar a la persona: le "
        "llegará un "
        "correo con el nuevo Id Auxiliar para que se registre otra vez en la aplicación.",
    ]
    subject = f"Baja de un Auxiliar por la autoridad. Id Proceso {process.folio}"
    name, to = process.data.full_name, process.data.correo
    return letter("auxiliar.baja-autoridad", to, subject, f"Estimada(o) {name}", paragraphs, contact)
