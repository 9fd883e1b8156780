"""The consultation as the institute asks for it: a TOML file without a calendar, which is that of 2022."""

from __future__ import annotations

import json
from collections.abc import Sequence

from api.demo.plan import OFFICES, THRESHOLD
from api.demo.sei.plan import YEAR, SeiPlan, Territory
from tally.consulta.form import MAX_DISTRICT


def consultation_toml(plan: SeiPlan, territory: Territory) -> str:
    """The file that is posted. JSON strings and lists of them are TOML too."""
    base = plan.base
    lines = [
        "# El cronograma no se escribe: es el de 2022, corrido a este año.",
        f"id = {_text(base.id)}",
        f"nombre = {_text(base.title)}",
        f"anio = {YEAR}",
        f"grupo = {_text(base.group)}",
        f"umbral = {THRESHOLD}",
        f"custodios = {_list(OFFICES)}",
    ]
    for unidad in territory.unidades:
        lines += [
            "",
            "[[unidades]]",
            f"clave = {_text(unidad.clave)}",
            f"nombre = {_text(unidad.nombre)}",
            f"demarcacion = {_text(unidad.demarcacion)}",
            f"distrito = {_text(district_of(unidad.demarcacion))}",
            f"proyectos = {_list(unidad.proyectos)}",
            f"secciones = {_list(territory.sections[unidad.clave])}",
        ]
    return "\n".join(lines) + "\n"


def district_of(demarcacion: str) -> str:
    """In a rehearsal each demarcación has one Dirección Distrital, called as it."""
    return demarcacion[:MAX_DISTRICT].strip()


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Sequence[str]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)
