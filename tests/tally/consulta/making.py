"""Consultations as they are asked for, for tests."""

from __future__ import annotations

from typing import Any

from tally.consulta.form import ConsultaForm, read_form

OFFICES = ["Presidencia del Consejo General", "Consejería Electoral 1", "Consejería Electoral 2"]
UNIDADES = [
    {
        "clave": "09-001",
        "nombre": "San Pedro",
        "demarcacion": "MILPA ALTA",
        "distrito": "07",
        "proyectos": ["Parque", "Luminarias"],
        "secciones": ["0101", "0102"],
    },
    {
        "clave": "09-002",
        "nombre": "Santa Ana",
        "demarcacion": "MILPA ALTA",
        "distrito": "07",
        "proyectos": ["Agua", "Cancha", "Huerto"],
        "secciones": ["0102"],
    },
    {"clave": "09-003", "nombre": "Sin proyectos", "demarcacion": "MILPA ALTA", "secciones": ["0103"]},
]


def asked(**changes: Any) -> dict[str, Any]:
    """The fields of a small consultation of 2027."""
    fields = {
        "id": "presupuesto-2027",
        "nombre": "Consulta de Presupuesto Participativo 2027",
        "anio": 2027,
        "custodios": OFFICES,
        "umbral": 2,
        "unidades": UNIDADES,
    }
    return {**fields, **changes}


def form(**changes: Any) -> ConsultaForm:
    """The same, read."""
    return read_form(asked(**changes), "consulta")
