"""A local institute: its short name is its identifier everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from capture.identity.entidades import entidad
from capture.identity.findings import Findings
from capture.identity.names import line
from capture.processes.errors import ProcessRefusal

_ID = re.compile(r"[a-z][a-z0-9-]{1,31}")


@dataclass(frozen=True, slots=True)
class Institute:
    """An OPL. `id` such as «ieez»; `entidad` two digits."""

    id: str
    nombre: str
    siglas: str
    entidad: str


def read_institute(identifier: str, nombre: str, siglas: str, place: str) -> Institute:
    """Check what is typed. Raises FormRefusal."""
    findings = Findings()
    made = Institute(
        findings.take(_identifier, identifier, "Identificador"),
        findings.take(lambda text, field: line(text, field, 200), nombre, "Nombre del instituto"),
        findings.take(lambda text, field: line(text, field, 20), siglas, "Siglas"),
        findings.take(entidad, place, "Entidad"),
    )
    findings.settle()
    return made


def _identifier(text: str, field: str) -> str:
    if not _ID.fullmatch(text):
        expected = "de 2 a 32 letras minúsculas, dígitos o guiones, con una letra al principio"
        raise ProcessRefusal("opl.identificador", field, expected, "otra forma" if text else "nada")
    return text
