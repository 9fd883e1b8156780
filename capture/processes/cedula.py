"""The cédula de confirmación de datos, to be printed and signed by the aspirante or promovente (001 §5.F)."""

from __future__ import annotations

from datetime import date, datetime

from capture.identity.contact import words_of_authentication
from capture.identity.entidades import ENTIDADES
from capture.processes.kinds import NATIONAL, Tipo
from capture.processes.period import Period, centro_text
from capture.processes.process_store_sql import StoredProcess
from ledger.document import Document, Facts, Paragraph, Section, Signatures

_STATEMENT = (
    "Manifiesto que los datos asentados en esta cédula son correctos y que la cuenta de correo "
    "electrónico es mía. "
    "Conozco que es de mi total responsabilidad el resguardo y custodia de esa cuenta y de su "
    "contraseña, así como el "
    "tratamiento de los datos personales que recaben mis Auxiliares hasta su envío."
)


def confirmation_cedula(process: StoredProcess, period: Period, institute: str, issued: datetime) -> Document:
    """Everything that was registered, with lines for the signatures."""
    data, person = process.data, period.tipo.person
    return Document(
        kind="cedula-de-confirmacion",
        title="Cédula de confirmación de datos",
        subtitle=period.tipo.title,
        institute=institute,
        issued=issued,
        reference=process.folio,
        parts=(
            Section("A. Datos del periodo", (_facts(_period(process, period)),)),
            Section(f"B. Datos personales de la o el {person}", (_facts(_person(process)),)),
            Section("C. Datos de la Credencial para Votar", (_facts(_credential(process)),)),
            Section("D. Datos de acceso al Portal Web", (_facts(_access(process)),)),
            Section("E. Datos de recepción del expediente", (_facts(_file(process, period.tipo)),)),
            Paragraph(_STATEMENT),
            Signatures(
                ((data.full_name, person.capitalize()), ("Nombre y firma", f"Recibe, por {institute}"))
            ),
        ),
    )


def _facts(rows: list[tuple[str, str | date | None]]) -> Facts:
    return Facts(tuple((name, _shown(value)) for name, value in rows))


def _shown(value: str | date | None) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return value or "—"


def _period(process: StoredProcess, period: Period) -> list[tuple[str, str | date | None]]:
    place = "Nacional" if period.entidad == NATIONAL else ENTIDADES[period.entidad].nombre
    return [
        ("Id Proceso", process.folio),
        ("Denominación", process.data.denominacion),
        ("Nombre del periodo", period.nombre),
        ("Cargo", period.cargo),
        ("Ámbito", period.ambito.value.capitalize()),
        ("Entidad", place),
        ("Inicio de la captación", centro_text(period.inicio)),
        ("Conclusión de la captación", centro_text(period.fin)),
    ]


def _person(process: StoredProcess) -> list[tuple[str, str | date | None]]:
    data = process.data
    return [
        ("Promovente (a mostrar en la aplicación)", data.promovente),
        ("Nombre(s)", data.nombre),
        ("Apellido Paterno", data.apellido_paterno),
        ("Apellido Materno", data.apellido_materno),
        ("Lugar de nacimiento", data.lugar_nacimiento),
        ("Fecha de nacimiento", data.fecha_nacimiento),
        ("Género", data.genero),
        ("Número de teléfono de domicilio", data.telefono_domicilio),
        ("Número de teléfono de oficina", data.telefono_oficina),
        ("Número de teléfono móvil", data.telefono_movil),
    ]


def _credential(process: StoredProcess) -> list[tuple[str, str | date | None]]:
    data = process.data
    place = None if data.credencial_entidad is None else ENTIDADES[data.credencial_entidad].nombre
    return [
        ("Clave de Elector", data.clave_elector),
        ("CIC", data.cic),
        ("OCR", data.ocr),
        ("Entidad", place),
        ("Municipio", data.credencial_municipio),
        ("Sección electoral", data.credencial_seccion),
    ]


def _access(process: StoredProcess) -> list[tuple[str, str | date | None]]:
    return [
        ("Correo electrónico", process.data.correo),
        ("Tipo de autenticación", words_of_authentication(process.data.autenticacion)),
    ]


def _file(process: StoredProcess, tipo: Tipo) -> list[tuple[str, str | date | None]]:
    data = process.data
    notice = "Fecha de manifestación" if tipo is Tipo.CANDIDATURA else "Fecha de aviso de intención"
    return [
        (notice, data.fecha_manifestacion),
        ("Número de oficio o referencia", data.numero_oficio),
        ("Fecha de oficio", data.fecha_oficio),
        ("Folio interno", data.folio_interno),
        ("Observaciones", data.observaciones),
    ]
