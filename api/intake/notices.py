"""What a person is told when a record was received (001 §10.3; 002 §4.10, §5.21).

Nothing personal but CIC or OCR.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from api.messages.mi_apoyo import mi_apoyo_acuse
from api.outbox.message import Channel, Message
from api.outbox.outbox import Outbox
from capture.devices.store_sql import DeviceStore
from capture.intake.sender import Sender
from capture.mi_apoyo.acuse import MiApoyoAcuse, acuse_of
from capture.mi_apoyo.store_sql import ActivationStore
from capture.processes.process_store_sql import ProcessStore
from ledger.acuse import Acuse, grouped

KIND = "acuse"
SUBJECT = "Acuse de recibo de apoyo ciudadano"


class MailedAcuses:
    """Leaves a mail for the auxiliar, or for the citizen of «Mi Apoyo».

    See `capture.intake.ports.Notices`.
    """

    def __init__(self, outbox: Outbox, public_url: str) -> None:
        self._outbox = outbox
        self._public_url = public_url

    def received(self, connection: Connection, acuse: Acuse, sender: Sender) -> None:
        """See `Notices`. The mails of an auxiliar that wait together go as one, of as many paragraphs."""
        address = f"{self._public_url}/v1/acuses/{acuse.code}"
        if sender.modalidad == "mi-apoyo":
            own = self._of_citizen(connection, acuse, sender)
            message = mi_apoyo_acuse(own, address, f"{self._public_url}/atencion")
            self._outbox.put(connection, replace(message, leaf=acuse.folio.encode()))
            return
        body = paragraph(acuse, address)
        self._outbox.put(
            connection,
            Message(
                kind=KIND,
                channel=Channel.CORREO,
                to=sender.correo,
                subject=SUBJECT,
                body=body,
                group=f"{KIND}/{sender.emisor}",
                leaf=acuse.folio.encode(),
            ),
        )

    def _of_citizen(self, connection: Connection, acuse: Acuse, sender: Sender) -> MiApoyoAcuse:
        """With all that 002 §5.21 lists."""
        process = ProcessStore(connection).get(acuse.proceso).data
        activation = ActivationStore(connection).get(sender.emisor)
        return acuse_of(acuse, process, activation, DeviceStore(connection).get(sender.dispositivo))


def paragraph(acuse: Acuse, address: str) -> str:
    """What 002 §4.10 lists of one record, and where anybody can check it."""
    code = grouped(acuse.code)
    lines = (" ".join(code[at : at + 8]) for at in (0, 8))
    return (
        f"Proceso: {acuse.proceso}\n"
        f"Folio: {acuse.folio}\n"
        f"{acuse.credential.value.upper()}: {acuse.number}\n"
        f"Recibido: {acuse.recibido:%d/%m/%Y %H:%M:%S} (hora centro)\n"
        f"Código de integridad:\n  {next(lines)}\n  {next(lines)}\n"
        f"Compruébelo en {address}\n"
    )
