"""How the state of a ceremony and of an opening is drawn from what the service says of them."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from api.cli import screen
from keys.ceremony.certificate import spoken
from keys.ceremony.states import TABLE, Kind, State


def ceremony_table(view: dict[str, Any]) -> Table:
    """The same as «certeza ceremonia estado» draws."""
    table = Table(title=f"{len(view['custodios'])} custodios, umbral {view['umbral']}")
    for heading in ("", "Custodio", *(k.label for k in Kind), "ensayo"):
        table.add_column(heading, overflow="fold")
    for one in view["custodios"]:
        cells = [_mark(kind.value in one["aceptados"]) for kind in Kind]
        table.add_row(Text(str(one["indice"])), Text(one["nombre"]), *cells, _mark(one["ensayo"]))
    return table


def say_ceremony(view: dict[str, Any]) -> None:
    """The table, what is missing, and the fingerprints."""
    screen.console().print(ceremony_table(view))
    screen.say(f"Estado: {view['estado']}", "bold")
    if view["faltan"]:
        awaited = TABLE[State(view["estado"])].awaits.label
        screen.say(f"Falta {awaited} de: {', '.join(map(str, view['faltan']))}")
    for words, name in (("del conjunto de certificados", "certificados"), ("de trustees.json", "trustees")):
        if view[name]:
            screen.say(f"Huella {words}, para leerse en voz alta:")
            screen.say(f"  {spoken(view[name][:32])}\n  {spoken(view[name][32:])}", "bold")


def say_opening(title: str, view: dict[str, Any]) -> None:
    """Every file that arrived, valid or why not, and of whom one is missing."""
    table = Table(title=f"{title}: {view['validas']} válidas de {view['umbral']} necesarias")
    for heading in ("", "Custodio", "Aportación", "Recibida", "Motivo"):
        table.add_column(heading, overflow="fold")
    for one in view["aportaciones"]:
        told = (one["recibida"], one["motivo"] or "")
        table.add_row(
            Text(str(one["custodio"])), Text(one["nombre"]), _verdict(one["estado"]), *map(Text, told)
        )
    screen.console().print(table)
    if view["suficientes"]:
        screen.good("Con las que llegaron se puede abrir.")
    elif view["faltan"]:
        names = "; ".join(f"{one['custodio']}. {one['nombre']}" for one in view["faltan"])
        screen.say(f"Sin aportación válida: {names}")


def _mark(arrived: bool) -> Text:
    return Text("✓", "green") if arrived else Text("–", "dim")


def _verdict(estado: str) -> Text:
    return Text("✓ aceptada", "green") if estado == "aceptada" else Text("rechazada", "bold red")
