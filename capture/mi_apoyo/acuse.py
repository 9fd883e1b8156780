"""The acuse of «Mi Apoyo» for the citizen: the fields of 002 §5.21."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capture.devices.store_sql import Device
from capture.mi_apoyo.code import spoken
from capture.mi_apoyo.store_sql import Activation
from capture.processes.period import centro_text
from capture.processes.process_form import ProcessData
from ledger.acuse import Acuse, grouped
from ledger.document import Document, Facts, Paragraph

_LEGEND = (
    "Con esta información es plenamente identificable el registro de apoyo brindado. Para garantizar la "
    "confidencialidad de la información, los acuses de recibo no contienen datos personales, salvo el "
    "CIC de la "
    "o el ciudadano que brindó su apoyo."
)


@dataclass(frozen=True, slots=True)
class MiApoyoAcuse:
    """What identifies the registro. `codigo`: the activation code, used; `device`: its name and id."""

    mecanismo: str
    acuse: Acuse
    codigo: str
    device: str
    correo: str

    @property
    def folio(self) -> str:
        """Of the registro."""
        return self.acuse.folio

    def rows(self) -> Iterator[tuple[str, str]]:
        """Name and value of every field, in the order of 002 §5.21."""
        yield "CIC", self.acuse.number
        yield "Mecanismo de participación ciudadana", self.mecanismo
        yield "Folio de registro", self.folio
        yield "Fecha de recepción", centro_text(self.acuse.recibido)
        yield "Código de activación", spoken(self.codigo)
        yield "Dispositivo asociado", self.device
        yield "Correo electrónico", self.correo
        yield "Código de integridad del registro", " ".join(grouped(self.acuse.code))

    def document(self, institute: str) -> Document:
        """To print, dated with the reception."""
        return Document(
            kind="acuse-mi-apoyo",
            title="Acuse de recibo",
            subtitle="Modalidad «Mi Apoyo»",
            institute=institute,
            issued=self.acuse.recibido,
            reference=self.folio,
            parts=(Facts(tuple(self.rows())), Paragraph(_LEGEND)),
        )


def acuse_of(acuse: Acuse, process: ProcessData, activation: Activation, device: Device) -> MiApoyoAcuse:
    """The acuse of a registro that an active citizen sent."""
    name = f"{device.name} ({device.id})"
    return MiApoyoAcuse(process.denominacion, acuse, activation.codigo or "", name, activation.correo)
