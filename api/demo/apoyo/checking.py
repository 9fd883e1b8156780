"""Everything adds up: what the portal, the packages, the devices and the logs say (VER-06)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from api.acts.acts import LogName
from api.demo.apoyo.delivering import Delivered
from api.demo.apoyo.orders import verifier
from api.demo.apoyo.registering import Candidate, Office
from api.demo.apoyo.town import Town
from api.demo.errors import UnexpectedOutcome
from api.public_log.open_logs import log_folder


@dataclass(frozen=True)
class Row:
    """The figures of one aspirante, as the portal shows them at the end."""

    candidate: Candidate
    sent: int
    columns: dict[str, int]
    valid: int


def figures(office: Office, candidate: Candidate) -> dict[str, int]:
    """The portal's columns, by code. Raises UnexpectedOutcome unless each breakdown adds up."""
    told = office.enlace.client.get(f"/v1/procesos/{candidate.proceso}/cifras")
    columns = {one["codigo"]: one["total"] for one in told["columnas"]}
    same("las columnas del portal", sum(columns.values()), told["enviados"])
    for name in ("dias", "meses"):
        same(f"las cifras por {name}", sum(one["total"] for one in told[name]), told["enviados"])
    by = office.enlace.client.get(f"/v1/procesos/{candidate.proceso}/cifras/auxiliares")
    direct = told["enviados"] - sum(one["enviados"] for one in by["auxiliares"])
    if direct < 0:
        raise UnexpectedOutcome("las cifras por auxiliar suman más que lo enviado")
    return columns


def same(what: str, found: object, expected: object) -> None:
    """Raise UnexpectedOutcome when two figures differ."""
    if found != expected:
        raise UnexpectedOutcome(f"{what}: {found}, y se esperaba {expected}")


def require_sum(rows: Sequence[Row], acuses: int) -> None:
    """Records received = acuses on devices = sum of the portals."""
    same("registros recibidos y acuses en los dispositivos", sum(row.sent for row in rows), acuses)


def require_package(row: Row, delivered: Delivered) -> None:
    """The package's figures and its rows are the portal's."""
    with (delivered.folder / "registros.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    same("renglones del paquete", len(lines), row.sent)
    states = Counter(line["estado"] for line in lines)
    same("duplicados del paquete", states["duplicado"], row.columns["duplicados"])


def judge_logs(town: Town) -> list[str]:
    """What the independent program says of both logs. Raises UnexpectedOutcome when it refuses one."""
    told = []
    for name in LogName:
        folder = log_folder(town.settings, name)
        told.append(
            verifier("bitacora", str(folder), "--politica", str(folder / "politica.txt"), "--sin-progreso")
        )
    return told
