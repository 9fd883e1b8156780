"""The cédula de registro de auxiliar, to be reviewed beside the captures it names (002 §2.9, §3.3)."""

from __future__ import annotations

from datetime import datetime

from capture.auxiliares.store_sql import StoredAuxiliar
from capture.devices.cedulas_sql import StoredCedula
from capture.devices.store_sql import Device
from capture.identity.contact import words_of_authentication
from capture.processes.period import centro_text
from capture.processes.process_store_sql import StoredProcess
from ledger.document import Document, Facts, Paragraph, Section

_REVIEW = {
    None: "Pendiente de revisión",
    True: "Las imágenes corresponden a la persona auxiliar registrada",
    False: "Las imágenes no corresponden a la persona auxiliar registrada",
}
_CAPTURES = (
    "El anverso y reverso de la Credencial para Votar, la fotografía viva y la firma manuscrita "
    "digitalizada de la "
    "persona Auxiliar se conservan cifradas; se identifican con el SHA-256 que se indica."
)


def auxiliar_cedula(
    cedula: StoredCedula,
    auxiliar: StoredAuxiliar,
    device: Device,
    process: StoredProcess,
    institute: str,
    issued: datetime,
) -> Document:
    """What the promovente registered, and what was captured in the app."""
    data = auxiliar.data
    registered = (
        ("Id Proceso", process.folio),
        ("Denominación", process.data.denominacion),
        ("Promovente", process.data.promovente),
        ("Id Auxiliar", auxiliar.id),
        ("Nombre", data.full_name),
        ("Fecha de nacimiento", f"{data.fecha_nacimiento:%d/%m/%Y}"),
        ("Clave de elector", data.clave_elector),
        ("CURP", data.curp or "—"),
        ("Número telefónico", data.telefono),
        ("Correo electrónico", data.correo),
        ("Tipo de autenticación", words_of_authentication(data.autenticacion)),
        ("Fecha de alta", centro_text(auxiliar.alta)),
    )
    captured = (
        ("Dispositivo", f"{device.name} ({device.id})"),
        (f"{cedula.credencial.upper()} captado", cedula.numero),
        ("Fecha de registro en la aplicación", centro_text(cedula.recibida)),
        ("SHA-256 de las capturas cifradas", cedula.sha256.hex()),
        ("Resultado de la revisión", _REVIEW[cedula.corresponde]),
    )
    return Document(
        kind="cedula-de-registro-de-auxiliar",
        title="Cédula de Registro de Auxiliar",
        institute=institute,
        issued=issued,
        reference=f"{process.folio} / {auxiliar.id}",
        parts=(
            Section("Datos registrados en el Portal Web", (Facts(registered),)),
            Section("Datos captados en la aplicación", (Facts(captured), Paragraph(_CAPTURES))),
        ),
    )
