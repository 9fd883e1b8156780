"""Invented persons and forms for the tests of registration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from capture.auxiliares.form import AuxiliarForm, read_auxiliar
from capture.auxiliares.store_sql import AuxiliarStore
from capture.identity.curp import check_digit
from capture.processes.institute import read_institute
from capture.processes.period import Period, PeriodForm, read_period
from capture.processes.process_form import ProcessForm, read_process
from capture.processes.process_store_sql import ProcessStore
from capture.processes.store_sql import InstituteStore, PeriodStore

NOW = datetime(2026, 11, 27, 18, tzinfo=UTC)
TODAY = date(2026, 11, 27)
FOLIO = "F261127329000001"
PERIOD = "0193aaaa-0000-7000-8000-000000000001"
RECIPIENT = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"


def clave(number: int = 0, birth: str = "800101", entidad: str = "32", sexo: str = "H") -> str:
    """A well-formed clave de elector for each number below 1000."""
    return f"PRLPJN{birth}{entidad}{sexo}{number:03d}"


def curp(birth: str = "800101", sexo: str = "H", entidad: str = "ZS", key: str = "0") -> str:
    """A CURP with its check digit."""
    first = f"PELJ{birth}{sexo}{entidad}RPN{key}"
    return first + check_digit(first)


def period_form(tipo: str = "iniciativa-ciudadana") -> PeriodForm:
    return PeriodForm(
        tipo=tipo,
        nombre="Iniciativa de prueba",
        ambito="estatal",
        entidad="32",
        inicio="2026-11-01T00:00",
        fin="2027-01-31T23:59:59",
        mi_apoyo=True,
    )


def period(tipo: str = "iniciativa-ciudadana") -> Period:
    return read_period(period_form(tipo))


def process_form() -> ProcessForm:
    """All that any kind asks for."""
    return ProcessForm(
        denominacion="Iniciativa para probar el sistema",
        promovente="Asociación de Prueba A. C.",
        nombre="Juana",
        apellido_paterno="Pérez",
        apellido_materno="López",
        lugar_nacimiento="Zacatecas, Zacatecas",
        fecha_nacimiento="01/01/1980",
        genero="mujer",
        telefono_movil="492 123 4567",
        clave_elector=clave(sexo="M"),
        cic="123456789",
        credencial_entidad="32",
        credencial_municipio="56",
        credencial_seccion="1801",
        correo="Promovente@Ejemplo.mx",
        autenticacion="Google",
        fecha_manifestacion="2026-10-20",
        numero_oficio="OF/12/2026",
        fecha_oficio="20/10/2026",
        folio_interno="I-7",
    )


def auxiliar_form(number: int = 0) -> AuxiliarForm:
    return AuxiliarForm(
        nombre="Juan",
        apellido_paterno="Pérez",
        apellido_materno="López",
        fecha_nacimiento="01/01/1980",
        telefono="4921234567",
        correo=f"auxiliar{number}@ejemplo.mx",
        autenticacion="google",
        clave_elector=clave(number),
    )


def register_process(db: Connection, folio: str = FOLIO) -> None:
    """An OPL with a period and one process in it."""
    made = period()
    InstituteStore(db).add(read_institute("ieez", "Instituto Electoral de Prueba", "IEP", "32"), NOW)
    PeriodStore(db).add(PERIOD, "ieez", made, NOW - timedelta(days=60))
    ProcessStore(db).add(folio, PERIOD, read_process(process_form(), made, TODAY), RECIPIENT, "cuenta", NOW)


def register_auxiliar(db: Connection, number: int = 0, folio: str = FOLIO) -> str:
    """An auxiliar of the process; the Id Auxiliar."""
    return AuxiliarStore(db).add(folio, read_auxiliar(auxiliar_form(number), TODAY), "cuenta", NOW)


def changed(form: AuxiliarForm, **fields: str) -> AuxiliarForm:
    return replace(form, **fields)
