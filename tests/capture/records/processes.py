"""An OPL with a periodo and a process, as rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection, insert

from capture.processes.tables import opls, periodos, procesos
from tests.capture.records.making import PROCESO, START

OPL = "ieez"
PERIODO = "0190aaaa-0000-7000-8000-000000000001"


def add_process(
    connection: Connection,
    recipient: str,
    proceso: str = PROCESO,
    municipios: Sequence[str] = (),
    opl: str = OPL,
    periodo: str = PERIODO,
) -> None:
    """One process of one periodo of one OPL."""
    connection.execute(
        insert(opls).values(
            id=opl, nombre="Instituto", siglas="IE", entidad="32", activo=True, registrado=START
        )
    )
    connection.execute(
        insert(periodos).values(
            id=periodo,
            opl=opl,
            tipo="candidatura-independiente",
            nombre="Periodo",
            ambito="estatal",
            entidad="32",
            inicio=START,
            fin=START + timedelta(days=60),
            activo=True,
            mi_apoyo=True,
            criterios="{}",
            municipios_excepcion=json.dumps(list(municipios)),
            creado=START,
        )
    )
    connection.execute(
        insert(procesos).values(
            folio=proceso,
            periodo=periodo,
            denominacion="Denominación",
            promovente="Promovente",
            nombre="Nombre",
            apellido_paterno="Paterno",
            apellido_materno="Materno",
            clave_elector="AAAAAA80010132M100",
            correo=f"{proceso}@ejemplo.mx",
            autenticacion="google",
            fecha_manifestacion=date(2022, 12, 1),
            numero_oficio="1",
            activo=True,
            recipiente=recipient,
            registrado=START,
            registrado_por="enlace",
        )
    )
