"""The registration of an aspirante or promovente and its process (001 §5.B to E; 002 §1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from capture.identity import contact, credential_numbers
from capture.identity.clave_elector import ClaveElector, clave_elector
from capture.identity.crosscheck import require_same_person
from capture.identity.dates import calendar_date, require_adult
from capture.identity.entidades import entidad
from capture.identity.errors import described
from capture.identity.findings import Findings
from capture.identity.names import full_name, line, paragraph, person_name
from capture.processes.errors import ProcessRefusal
from capture.processes.kinds import Tipo
from capture.processes.period import Period

MAX_DENOMINATION_CHARS = 479
GENDERS = ("mujer", "hombre", "no binario", "otro", "no especificado")


@dataclass(frozen=True, slots=True)
class ProcessForm:
    """What the OPL typed, every field as text; an empty one was left empty."""

    denominacion: str = ""
    promovente: str = ""
    nombre: str = ""
    apellido_paterno: str = ""
    apellido_materno: str = ""
    lugar_nacimiento: str = ""
    fecha_nacimiento: str = ""
    genero: str = ""
    telefono_domicilio: str = ""
    telefono_oficina: str = ""
    telefono_movil: str = ""
    clave_elector: str = ""
    cic: str = ""
    ocr: str = ""
    credencial_entidad: str = ""
    credencial_municipio: str = ""
    credencial_seccion: str = ""
    correo: str = ""
    autenticacion: str = ""
    fecha_manifestacion: str = ""
    numero_oficio: str = ""
    fecha_oficio: str = ""
    folio_interno: str = ""
    observaciones: str = ""


@dataclass(frozen=True, slots=True)
class ProcessData:
    """The same, checked; its fields are named like the columns of `procesos`."""

    denominacion: str
    promovente: str
    nombre: str
    apellido_paterno: str
    apellido_materno: str
    lugar_nacimiento: str | None
    fecha_nacimiento: date | None
    genero: str | None
    telefono_domicilio: str | None
    telefono_oficina: str | None
    telefono_movil: str | None
    clave_elector: str
    cic: str | None
    ocr: str | None
    credencial_entidad: str | None
    credencial_municipio: str | None
    credencial_seccion: str | None
    correo: str
    autenticacion: str
    fecha_manifestacion: date
    numero_oficio: str
    fecha_oficio: date | None
    folio_interno: str | None
    observaciones: str | None

    @property
    def full_name(self) -> str:
        """Of the aspirante, or of the promovente's legal representative."""
        return full_name(self.nombre, self.apellido_paterno, self.apellido_materno)


def read_process(form: ProcessForm, period: Period, today: date) -> ProcessData:
    """Check a form against the rules of its kind. Raises FormRefusal with every field at fault."""
    return _Reading(form, period, today).read()


class _Reading:
    """One pass over a form."""

    def __init__(self, form: ProcessForm, period: Period, today: date) -> None:
        self._form = form
        self._period = period
        self._today = today
        self._findings = Findings()
        self._aspirante = period.tipo is Tipo.CANDIDATURA

    def read(self) -> ProcessData:
        form, take = self._form, self._findings.take
        optional = self._findings.take_optional
        nombre = take(person_name, form.nombre, "Nombre(s)")
        paterno = take(person_name, form.apellido_paterno, "Apellido paterno")
        materno = optional(person_name, form.apellido_materno, "Apellido materno") or ""
        clave = take(clave_elector, form.clave_elector, "Clave de elector")
        data = ProcessData(
            denominacion=self._denomination(),
            promovente=optional(_line300, form.promovente, "Promovente")
            or full_name(nombre or "", paterno or "", materno),
            nombre=nombre,
            apellido_paterno=paterno,
            apellido_materno=materno,
            lugar_nacimiento=self._aspirantes(_line200, form.lugar_nacimiento, "Lugar de nacimiento"),
            fecha_nacimiento=self._birth(),
            genero=self._aspirantes(_gender, form.genero, "Género"),
            telefono_domicilio=optional(contact.phone, form.telefono_domicilio, "Teléfono de domicilio"),
            telefono_oficina=optional(contact.phone, form.telefono_oficina, "Teléfono de oficina"),
            telefono_movil=optional(contact.phone, form.telefono_movil, "Teléfono móvil"),
            clave_elector=clave.text if clave else "",
            cic=optional(credential_numbers.cic, form.cic, "CIC"),
            ocr=optional(credential_numbers.ocr, form.ocr, "OCR"),
            credencial_entidad=self._aspirantes(entidad, form.credencial_entidad, "Entidad de la credencial"),
            credencial_municipio=self._aspirantes(
                _municipality, form.credencial_municipio, "Municipio de la credencial"
            ),
            credencial_seccion=self._aspirantes(
                credential_numbers.section, form.credencial_seccion, "Sección electoral"
            ),
            correo=take(contact.email, form.correo, "Correo electrónico"),
            autenticacion=take(contact.authentication, form.autenticacion, "Tipo de autenticación"),
            fecha_manifestacion=take(calendar_date, form.fecha_manifestacion, self._notice()),
            numero_oficio=take(_line100, form.numero_oficio, "Número de oficio o referencia"),
            fecha_oficio=self._promoventes_date(form.fecha_oficio),
            folio_interno=optional(_line100, form.folio_interno, "Folio interno"),
            observaciones=optional(_paragraph2000, form.observaciones, "Observaciones"),
        )
        self._findings.run(self._require_phone)
        self._findings.run(self._require_credential)
        if clave:
            self._findings.run(lambda: require_same_person(data.fecha_nacimiento, clave, None))
            self._findings.run(lambda: self._adult(data, clave))
        self._findings.settle()
        return data

    def _denomination(self) -> str:
        field = "Planteamiento del problema / Denominación del proyecto"
        if self._aspirante and not self._form.denominacion.strip():
            return f"{self._period.tipo.title}: {self._period.cargo}"[:MAX_DENOMINATION_CHARS]
        return self._findings.take(denomination, self._form.denominacion, field)

    def _birth(self) -> date | None:
        field = "Fecha de nacimiento"
        take = self._findings.take if self._aspirante else self._findings.take_optional
        return take(calendar_date, self._form.fecha_nacimiento, field)

    def _aspirantes(self, parse: contact.TextParser, text: str, field: str) -> str | None:
        """What 001 asks of aspirantes and 002 does not ask of promoventes."""
        take = self._findings.take if self._aspirante else self._findings.take_optional
        return take(parse, text, field)

    def _promoventes_date(self, text: str) -> date | None:
        """What 002 asks of promoventes and 001 does not ask of aspirantes."""
        take = self._findings.take_optional if self._aspirante else self._findings.take
        return take(calendar_date, text, "Fecha de oficio")

    def _notice(self) -> str:
        return "Fecha de manifestación" if self._aspirante else "Fecha de aviso de intención"

    def _require_phone(self) -> None:
        form = self._form
        typed = (form.telefono_domicilio, form.telefono_oficina, form.telefono_movil)
        if not any(number.strip() for number in typed):
            raise ProcessRefusal("proceso.telefono", "Teléfonos", "al menos un número telefónico", "ninguno")

    def _require_credential(self) -> None:
        if self._aspirante and not (self._form.cic.strip() or self._form.ocr.strip()):
            raise ProcessRefusal("proceso.credencial", "OCR/CIC", "el CIC o el OCR", "ninguno")

    def _adult(self, data: ProcessData, clave: ClaveElector) -> None:
        require_adult(data.fecha_nacimiento or clave.births()[0], self._today)


def denomination(text: str, field: str) -> str:
    """At most 479 characters (002 §1.2)."""
    return paragraph(text, field, MAX_DENOMINATION_CHARS)


def _gender(text: str, field: str) -> str:
    value = text.strip().lower()
    if value not in GENDERS:
        raise ProcessRefusal("proceso.genero", field, ", ".join(GENDERS), described(value))
    return value


def _municipality(text: str, field: str) -> str:
    value = text.strip()
    if not (value.isascii() and value.isdigit() and 1 <= len(value) <= 3):
        raise ProcessRefusal("proceso.municipio", field, "clave de municipio de 1 a 3 dígitos", "otra forma")
    return value.zfill(3)


def _line100(text: str, field: str) -> str:
    return line(text, field, 100)


def _line200(text: str, field: str) -> str:
    return line(text, field, 200)


def _line300(text: str, field: str) -> str:
    return line(text, field, 300)


def _paragraph2000(text: str, field: str) -> str:
    return paragraph(text, field, 2000)
