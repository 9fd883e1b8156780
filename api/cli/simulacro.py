"""`certeza simulacro`: a consultation with invented votes that real trustees open with their own keys."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from api.cli.demo import chosen_rows, show_results
from api.cli.spanish import Number
from api.demo import simulacro as rehearsing
from api.demo.catalogue import read_catalogue
from api.demo.plan import CITY_PEOPLE, PEOPLE_PER_UT, Plan
from api.demo.screen import Screen
from keys.ceremony.folder import CeremonyFolder

OUTPUT = click.argument("salida", metavar="SALIDA", type=click.Path(path_type=Path))
PROCESSES = click.option("--procesos", type=Number(1), help="Cuántos procesos; por omisión, uno por núcleo.")


@click.group("simulacro")
def simulacro() -> None:
    """Un simulacro con su Consejo General: votos inventados, llaves de verdad."""


@simulacro.command("preparar")
@click.argument("ceremonia", metavar="CEREMONIA", type=click.Path(path_type=Path))
@OUTPUT
@click.option("--catalogo", type=click.Path(path_type=Path), help="CSV de Unidades Territoriales.")
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
    console = Console(highlight=False)
    console.print(
        f"[bold]Simulacro[/bold]: {len(rows)} Unidades Territoriales, {people} opiniones inventadas"
    )
    consultation = rehearsing.prepare(plan, CeremonyFolder(ceremonia), Screen(console))
    console.print("\nEntregue a cada persona custodia una copia de:")
    console.print(f"  {plan.public}", soft_wrap=True)
    console.print("Cada una, en su propio equipo:")
    console.print("  certeza custodio apertura COPIA --llave SU-LLAVE --salida aportacion-N.jsonl")
    console.print(f"Con {consultation.umbral} aportaciones o más:")
    console.print(f"  certeza simulacro abrir {salida} APORTACION…", soft_wrap=True)


@simulacro.command("abrir")
@OUTPUT
@click.argument(
    "aportaciones", metavar="APORTACION…", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@PROCESSES
def abrir(salida: Path, aportaciones: tuple[Path, ...], procesos: int | None) -> int:
    """Revisa las aportaciones y, con las necesarias, abre las urnas, emite las actas y verifica todo."""
    plan = Plan(salida, (), 0, None, processes=procesos)
    console = Console(highlight=False)
    verdict = rehearsing.open_urns(plan, aportaciones, Screen(console))
    show_results(console, verdict.results, verdict.exit_code)
    console.print(f"\nRegistro público y actas: {plan.public}", soft_wrap=True)
    return verdict.exit_code
