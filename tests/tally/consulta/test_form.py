"""A consultation from TOML or JSON (SEI-01, SEI-16)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from keys.errors import FormatRefusal
from tally.consulta.cronograma import Fase
from tally.consulta.cronograma_2022 import default_of
from tally.consulta.form import MAX_BYTES, read_form, read_json, read_toml
from tests.tally.consulta.making import UNIDADES, asked, form

TOML = """
id = "presupuesto-2027"
nombre = "Consulta de Presupuesto Participativo 2027"
anio = 2027
umbral = 2
custodios = ["Presidencia del Consejo General", "Consejería Electoral 1", "Consejería Electoral 2"]

[cronograma.apertura]
inicio = 2027-04-30T10:00:00
fin = 2027-05-01T00:00:00

[[unidades]]
clave = "09-002"
nombre = "Santa Ana"
demarcacion = "MILPA ALTA"
proyectos = ["Agua", "Cancha"]
secciones = ["0102"]
"""


@pytest.mark.req("SEI-01")
def test_what_is_not_said_has_its_default() -> None:
    made = read_toml(TOML.encode())
    assert (made.grupo, made.umbral, made.k, made.intentos) == ("Ed25519", 2, 5, 3)
    assert made.cronograma[Fase.OPINION] == default_of(2027)[Fase.OPINION]
    assert made.cronograma[Fase.APERTURA].inicio.isoformat() == "2027-04-30T10:00:00-06:00"
    assert made.unidades[0].distrito == "MILPA ALTA"


def test_toml_and_json_are_read_alike() -> None:
    assert read_json(json.dumps(asked()).encode()) == form()


def test_uts_are_sorted_by_their_claves() -> None:
    made = form(unidades=UNIDADES[::-1])
    assert [one.unidad.clave for one in made.unidades] == ["09-001", "09-002", "09-003"]


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda fields: {key: value for key, value in fields.items() if key != name}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"id": "apoyo"}, "consulta.id"),
        ({"id": "Con Mayúsculas"}, "consulta.id"),
        ({"nombre": " "}, "consulta.texto"),
        ({"anio": 1999}, "consulta.anio"),
        ({"umbral": 4}, "consulta.umbral"),
        ({"umbral": 3}, "ceremonia.umbral"),
        ({"umbral": True}, "formato.entero"),
        ({"custodios": ["Una"]}, "consulta.umbral"),
        ({"grupo": "RSA"}, "consulta.grupo"),
        ({"unidades": []}, "consulta.unidades"),
        ({"unidades": [UNIDADES[0], UNIDADES[0]]}, "consulta.unidades"),
        ({"unidades": [UNIDADES[2]]}, "consulta.proyectos"),
        ({"unidades": [{**UNIDADES[0], "proyectos": ["Parque", "Parque"]}]}, "consulta.repetido"),
        ({"unidades": [{**UNIDADES[0], "secciones": ["101"]}]}, "consulta.seccion"),
        ({"unidades": [{**UNIDADES[0], "clave": "../x"}]}, "consulta.clave"),
        ({"unidades": [{**UNIDADES[0], "color": "rojo"}]}, "consulta.campos"),
        ({"cronograma": {"fiesta": {}}}, "cronograma.fases"),
        ({"sobra": 1}, "consulta.campos"),
    ],
)
def test_what_is_not_in_order_is_refused_with_its_rule(changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(Exception) as found:
        read_form(asked(**changes), "consulta")
    assert getattr(found.value, "rule", repr(found.value)) == rule


@pytest.mark.parametrize("name", ["id", "nombre", "anio", "custodios", "unidades"])
def test_what_is_required_is_asked_for(name: str) -> None:
    with pytest.raises(FormatRefusal, match=name):
        read_form(without(name)(asked()), "consulta")


@pytest.mark.parametrize("data", [b"\xff", b"id = ", b"[" * 3000, b"[]", b" " * (MAX_BYTES + 1)])
def test_bytes_that_are_no_form_are_refused(data: bytes) -> None:
    for read in (read_toml, read_json):
        with pytest.raises(FormatRefusal):
            read(data)
