"""`certeza simulacro`: a consultation with invented votes that real trustees open with their own keys."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from api.cli.demo import chosen_rows, sizes
from api.cli.demo_results import show_results
from api.cli.lazy import LazyGroup
from api.cli.spanish import MOST_PROCESSES, PATH, Number
from api.demo import simulacro as rehearsing
from api.demo.catalogue import read_catalogue
from api.demo.counting import counted
from api.demo.plan import CITY_PEOPLE, PEOPLE_PER_UT, Plan
from api.demo.screen import Screen
from keys.ceremony.folder import CeremonyFolder

OUTPUT = click.argument("salida", metavar="SALIDA", type=PATH)
PROCESSES = click.option(
    "--procesos", type=Number(1, MOST_PROCESSES), help="Cuántos procesos; por omisión, uno por núcleo."
)


@click.group("simulacro", cls=LazyGroup)
def simulacro() -> None:
    """Un simulacro con su Consejo General: votos inventados, llaves de verdad."""


@simulacro.command("preparar")
@click.argument("ceremonia", metavar="CEREMONIA", type=PATH)
@OUTPUT
@click.option("--catalogo", type=PATH, help="CSV de Unidades Territoriales.")
@click.option("--demarcacion", help="Sólo las Unidades Territoriales de esta demarcación.")
@click.option("--ciudad", is_flag=True, help="Todas las Unidades Territoriales del catálogo.")
@click.option("--personas", type=Number(0), help="Cuántas personas opinan por internet.")
@PROCESSES
def preparar(
    ceremonia: Path,
    salida: Path,
    catalogo: Path | None,
    demarcacion: str | None,
    ciudad: bool,
    personas: int | None,
    procesos: int | None,
) -> None:
    """Con la llave de una ceremonia terminada, llena y cierra urnas que sólo sus custodios pueden abrir."""
    rows = chosen_rows(read_catalogue(catalogo), catalogo, demarcacion, ciudad)
    people = personas if personas is not None else CITY_PEOPLE if ciudad else PEOPLE_PER_UT * len(rows)
    plan = Plan(salida, tuple(rows), people, None, processes=procesos)
    screen = Screen(Console(highlight=False))
    screen.say(Text.assemble(("Simulacro", "bold"), f": {sizes(len(rows), people)}, inventadas"))
    consultation = rehearsing.prepare(plan, CeremonyFolder(ceremonia), screen)
    enough = counted(consultation.umbral, "aportación", "aportaciones")
    for line in (
        "",
        f"Entregue a cada persona custodia una copia de {plan.public}",
        "Cada una, en su propio equipo:",
        "  certeza custodio apertura COPIA --llave SU-LLAVE --salida aportacion-N.jsonl",
        f"Con {enough} o más:",
        f"  certeza simulacro abrir {shlex.quote(str(salida))} APORTACION…",
    ):
        screen.say(Text(line))


@simulacro.command("abrir")
@OUTPUT
@click.argument("aportaciones", metavar="APORTACION…", nargs=-1, required=True, type=PATH)
@PROCESSES
def abrir(salida: Path, aportaciones: tuple[Path, ...], procesos: int | None) -> int:
    """Revisa las aportaciones y, con las necesarias, abre las urnas, emite las actas y verifica todo."""
    plan = Plan(salida, (), 0, None, processes=procesos)
    screen = Screen(Console(highlight=False))
    verdict = rehearsing.open_urns(plan, aportaciones, screen)
    show_results(screen, verdict.results, verdict.exit_code)
    screen.say()
    screen.say(Text(f"Registro público y actas: {plan.public}"))
    if verdict.waiting:
        for line in (
            "",
            "Las Mesas ya contaron. Entregue a cada persona custodia otra copia de esa carpeta:",
            "  certeza custodio apertura COPIA --llave SU-LLAVE --sumas --salida sumas-N.jsonl",
            f"  certeza simulacro sumas {shlex.quote(str(salida))} APORTACION…",
        ):
            screen.say(Text(line))
    return verdict.exit_code


@simulacro.command("sumas")
@OUTPUT
@click.argument("aportaciones", metavar="APORTACION…", nargs=-1, required=True, type=PATH)
@PROCESSES
def sumas(salida: Path, aportaciones: tuple[Path, ...], procesos: int | None) -> int:
    """Después de las Mesas: abre las sumas de las urnas pequeñas, emite el escrutinio y verifica todo."""
    plan = Plan(salida, (), 0, None, processes=procesos)
    screen = Screen(Console(highlight=False))
    verdict = rehearsing.open_sums(plan, aportaciones, screen)
    show_results(screen, verdict.results, verdict.exit_code)
    screen.say()
    screen.say(Text(f"Registro público, escrutinio y cómputo: {plan.public}"))
    return verdict.exit_code
