"""The registration of an auxiliar by the promovente (001 §6.4; 002 §2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from capture.identity import contact
from capture.identity.clave_elector import clave_elector
from capture.identity.crosscheck import require_same_person
from capture.identity.curp import curp
from capture.identity.dates import calendar_date, require_adult
from capture.identity.findings import Findings
from capture.identity.names import full_name, line, person_name

LABELS = {
    "nombre": "Nombre(s)",
    "apellido_paterno": "Apellido Paterno",
    "apellido_materno": "Apellido Materno",
    "fecha_nacimiento": "Fecha de nacimiento",
    "telefono": "Número telefónico",
    "correo": "Correo electrónico",
    "autenticacion": "Tipo de autenticación",
    "clave_elector": "Clave de elector",
    "curp": "CURP",
    "zona": "Zona de Referencia",
}
"""The fields in the order of 002 §2.4, as people read them; also the columns of a roster."""
OPTIONAL = frozenset({"apellido_materno", "curp", "zona"})
"""May be empty: who has one surname writes it as the paternal one."""


@dataclass(frozen=True, slots=True)
class AuxiliarForm:
    """As typed; an empty field was left empty."""

    nombre: str = ""
    apellido_paterno: str = ""
    apellido_materno: str = ""
    fecha_nacimiento: str = ""
    telefono: str = ""
    correo: str = ""
    autenticacion: str = ""
    clave_elector: str = ""
    curp: str = ""
    zona: str = ""


@dataclass(frozen=True, slots=True)
class AuxiliarData:
    """Checked; its fields are named like the columns of `auxiliares`."""

    nombre: str
    apellido_paterno: str
    apellido_materno: str
    fecha_nacimiento: date
    telefono: str
    correo: str
    autenticacion: str
    clave_elector: str
    curp: str | None
    zona: str | None

    @property
    def full_name(self) -> str:
        """Name and surnames."""
        return full_name(self.nombre, self.apellido_paterno, self.apellido_materno)


def read_auxiliar(form: AuxiliarForm, today: date) -> AuxiliarData:
    """Check a form; `today` in the hora centro. Raises FormRefusal with every field at fault."""
    findings = Findings()
    take, optional = findings.take, findings.take_optional
    clave = take(clave_elector, form.clave_elector, LABELS["clave_elector"])
    key = optional(curp, form.curp, LABELS["curp"])
    birth = take(calendar_date, form.fecha_nacimiento, LABELS["fecha_nacimiento"])
    data = AuxiliarData(
        nombre=take(person_name, form.nombre, LABELS["nombre"]),
        apellido_paterno=take(person_name, form.apellido_paterno, LABELS["apellido_paterno"]),
        apellido_materno=optional(person_name, form.apellido_materno, LABELS["apellido_materno"]) or "",
        fecha_nacimiento=birth,
        telefono=take(contact.phone, form.telefono, LABELS["telefono"]),
        correo=take(contact.email, form.correo, LABELS["correo"]),
        autenticacion=take(contact.authentication, form.autenticacion, LABELS["autenticacion"]),
        clave_elector=clave.text if clave else "",
        curp=key.text if key else None,
        zona=optional(lambda text, field: line(text, field, 100), form.zona, LABELS["zona"]),
    )
    if birth:
        findings.run(lambda: require_adult(birth, today, LABELS["fecha_nacimiento"]))
    if clave:
        findings.run(lambda: require_same_person(birth, clave, key))
    findings.settle()
    return data
