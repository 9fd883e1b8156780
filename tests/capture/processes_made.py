"""A process with its institute and period, written straight into their tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from capture.auxiliares.tables import auxiliares
from capture.processes.tables import opls, periodos, procesos

PROCESO = "F220617000000021"
REGISTERED = datetime(2022, 12, 14, 17, 58, tzinfo=UTC)


def make_process(
    connection: Connection, folio: str = PROCESO, entidad: str = "32", opl: str = "ieez", **other: Any
) -> None:
    """The institute, its period and the process."""
    place = {"id": opl, "nombre": "Instituto Electoral de Prueba", "siglas": opl.upper(), "activo": True}
    connection.execute(insert(opls).values(**place, entidad="32", registrado=REGISTERED))
    period = {"id": f"p-{folio}", "opl": opl, "tipo": "iniciativa-ciudadana", "nombre": "Iniciativas 2022"}
    period |= {"ambito": "estatal", "entidad": entidad, "activo": True, "mi_apoyo": True, "criterios": "{}"}
    period |= {"inicio": datetime(2022, 11, 1, 6, tzinfo=UTC), "fin": datetime(2023, 2, 1, 6, tzinfo=UTC)}
    connection.execute(insert(periodos).values(**period, municipios_excepcion="[]", creado=REGISTERED))
    connection.execute(insert(procesos).values(**process_row(folio, f"p-{folio}", **other)))


def process_row(folio: str, periodo: str, **other: Any) -> dict[str, Any]:
    """A row of `procesos`."""
    row: dict[str, Any] = {"folio": folio, "periodo": periodo, "denominacion": "Ley de aguas"}
    row |= {"promovente": "Agua para Todas A.C.", "nombre": "Ana", "apellido_paterno": "Prueba"}
    row |= {"apellido_materno": "Prueba", "clave_elector": "PRPRAN80010132M100"}
    row |= {"correo": f"{folio.lower()}@ejemplo.mx", "autenticacion": "google", "numero_oficio": "1"}
    row |= {"fecha_manifestacion": date(2022, 12, 1), "activo": True, "recipiente": "age1"}
    return row | {"registrado": REGISTERED, "registrado_por": "cuenta-1", **other}


def auxiliar_row(number: int, alta: datetime, **other: Any) -> dict[str, Any]:
    """A row of `auxiliares`."""
    row: dict[str, Any] = {"id": f"A{number:09d}", "proceso": PROCESO, "nombre": "Luz"}
    row |= {"apellido_paterno": "Prueba", "apellido_materno": "Prueba", "telefono": "4921234567"}
    row |= {
        "fecha_nacimiento": date(1980, 1, 1),
        "correo": f"a{number}@ejemplo.mx",
        "autenticacion": "google",
    }
    row |= {"clave_elector": f"PRPRLZ800101{number % 32 + 1:02d}M{number % 1000:03d}", "alta": alta}
    return row | {"alta_por": "cuenta-1", "baja": None, "baja_causa": None, **other}


def make_auxiliares(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Rows of `auxiliares`."""
    connection.execute(insert(auxiliares), rows)
