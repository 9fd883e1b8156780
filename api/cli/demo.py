"""`certeza demo`: a whole consultation on this machine, verified by an independent program."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from api.cli.demo_results import show_apoyo, show_places, show_results, show_verdict
from api.cli.spanish import MOST_PROCESSES, PATH, Number, OneOf
from api.demo.apoyo.clock import CENTRO
from api.demo.apoyo.plan import ApoyoPlan
from api.demo.catalogue import Row, of_demarcacion, read_catalogue
from api.demo.counting import counted
from api.demo.ending import interruptible
from api.demo.people import require_urns
from api.demo.plan import CITY_PEOPLE, PEOPLE_PER_UT, Plan
from api.demo.run import run, run_service
from api.demo.screen import Screen
from api.demo.sei.plan import SEI_PEOPLE, SeiPlan, chosen_for_service
from api.demo.sei.summary import show as show_sei
from keys.errors import Refusal

RECORDS = 800
READINGS, MOST_READINGS = 12, 240
SEED_WARNING = "Con --semilla: quien la conozca conoce todos los secretos de este ensayo."
_ALONE = "sólo con --sin-servicio"
_HOW = (
    "Las personas son inventadas. ✓ es algo que salió como debe; ✗, algo que se rechazó o faltó, como debe.\n"
    "Ctrl+C lo interrumpe sin dejar nada en marcha."
)


@click.command("demo")
@click.option("--salida", type=PATH, default=Path("demo-output"), help="Carpeta de resultados.")
@click.option("--catalogo", type=PATH, help="CSV de Unidades Territoriales.")
@click.option("--demarcacion", help="Sólo las Unidades Territoriales de esta demarcación.")
@click.option("--ciudad", is_flag=True, help="Todas las Unidades Territoriales del catálogo.")
@click.option("--personas", type=Number(0), help="Cuántas personas opinan por internet.")
@click.option("--base", default="", help="postgresql://… de una base vacía, en vez de SQLite.")
@click.option(
    "--servicio/--sin-servicio",
    default=True,
    show_default=True,
    help="La consulta a través del servicio por HTTP, o dentro de este proceso: para una ciudad entera.",
)
@click.option("--semilla", help=f"Hace el ensayo repetible; sólo para ensayos, y {_ALONE}.")
@click.option("--grupo", type=OneOf("Ed25519", "BELENIOS-2048"), default="Ed25519", help="Grupo algebraico.")
@click.option(
    "--aritmetica",
    type=OneOf("auto", "nativa", "libsodium"),
    default="auto",
    help=f"Con qué se calcula; {_ALONE}.",
)
@click.option(
    "--procesos",
    type=Number(1, MOST_PROCESSES),
    help=f"Cuántos procesos; por omisión, uno por núcleo; {_ALONE}.",
)
@click.option(
    "--registros",
    type=Number(0),
    default=RECORDS,
    show_default=True,
    help="De apoyo ciudadano; con 0 sólo se ensaya la consulta.",
)
@click.option(
    "--lecturas",
    type=Number(0, MOST_READINGS),
    default=READINGS,
    show_default=True,
    help="Credenciales dibujadas que leen los motores; las hay buenas, fotocopias, pantallas…",
)
def demo(
    salida: Path,
    catalogo: Path | None,
    demarcacion: str | None,
    ciudad: bool,
    personas: int | None,
    base: str,
    servicio: bool,
    semilla: str | None,
    grupo: str,
    aritmetica: str,
    procesos: int | None,
    registros: int,
    lecturas: int,
) -> int:
    """Ensaya una consulta y un proceso de apoyo ciudadano completos, y los verifica otro programa."""
    if servicio and (semilla is not None or procesos is not None or aritmetica != "auto"):
        raise click.UsageError("--semilla, --procesos y --aritmetica van con --sin-servicio.")
    if base and not servicio:
        raise click.UsageError("--base va con --servicio.")
    rows = chosen_rows(read_catalogue(catalogo), catalogo, demarcacion, ciudad)
    if servicio and not (catalogo or demarcacion or ciudad):
        rows = chosen_for_service(rows)
    people = personas if personas is not None else _people(len(rows), servicio, ciudad)
    plan = Plan(salida, tuple(rows), people, semilla, grupo, aritmetica, procesos)  # type: ignore[arg-type]
    screen = Screen(Console(highlight=False))
    screen.say(Text.assemble((plan.title, "bold"), f": {sizes(len(rows), people)}"))
    screen.say(Text(_HOW))
    apoyo = ApoyoPlan(salida / "apoyo", registros, _months_ago(), lecturas) if registros else None
    with interruptible():
        code = (_by_service if servicio else _alone)(plan, base, screen, apoyo)
    show_places(screen, plan, apoyo)
    return code


def _by_service(plan: Plan, base: str, screen: Screen, apoyo: ApoyoPlan | None) -> int:
    summary = run_service(SeiPlan(plan, base), screen, apoyo)
    show_sei(screen, summary.sei)
    show_verdict(screen, summary.sei.exit_code)
    if summary.apoyo is not None:
        show_apoyo(screen, summary.apoyo)
    return summary.sei.exit_code


def _alone(plan: Plan, _base: str, screen: Screen, apoyo: ApoyoPlan | None) -> int:
    if plan.seed is not None:
        screen.say(Text(SEED_WARNING, "yellow"))
    summary = run(plan, screen, apoyo)
    show_results(screen, summary.results, summary.exit_code)
    if summary.apoyo is not None:
        show_apoyo(screen, summary.apoyo)
    return summary.exit_code


def _people(units: int, service: bool, city: bool) -> int:
    """Unless a number is asked for. A person who opines by the service is a device that derives a Clave."""
    if service:
        return SEI_PEOPLE
    return CITY_PEOPLE if city else PEOPLE_PER_UT * units


def sizes(units: int, people: int) -> str:
    """«12 Unidades Territoriales, 240 opiniones»."""
    of_units = counted(units, "Unidad Territorial", "Unidades Territoriales")
    return f"{of_units}, {counted(people, 'opinión', 'opiniones')}"


def chosen_rows(rows: list[Row], catalogo: Path | None, demarcacion: str | None, ciudad: bool) -> list[Row]:
    """The part of a catalogue that was asked for. Raises Refusal, also when nothing was or it has no urn."""
    if ciudad and demarcacion:
        raise click.UsageError("Elija --ciudad o --demarcacion, no ambas.")
    chosen = _chosen(rows, catalogo, demarcacion, ciudad)
    require_urns(chosen)
    return chosen


def _chosen(rows: list[Row], catalogo: Path | None, demarcacion: str | None, ciudad: bool) -> list[Row]:
    if demarcacion is not None:
        return of_demarcacion(rows, demarcacion)
    if ciudad or catalogo is None or len({r.demarcacion for r in rows}) == 1:
        return rows
    raise Refusal(
        "catalogo.parte", "certeza demo", "--demarcacion NOMBRE o --ciudad", f"{len(rows)} unidades"
    )


def _months_ago() -> datetime:
    """When the rehearsed process begins: all its instants are in the past, as those of any document."""
    return (datetime.now(CENTRO) - timedelta(days=80)).replace(hour=10, minute=0, second=0, microsecond=0)
