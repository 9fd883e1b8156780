"""`certeza demo`: a whole consultation on this machine, verified by an independent program."""

from __future__ import annotations

import shlex
from datetime import datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.spanish import MOST_PROCESSES, PATH, Number, OneOf
from api.demo.apoyo.checking import Outcome
from api.demo.apoyo.clock import CENTRO
from api.demo.apoyo.plan import ApoyoPlan
from api.demo.apoyo.rehearsal import ApoyoSummary
from api.demo.catalogue import Row, of_demarcacion, read_catalogue
from api.demo.counting import counted
from api.demo.people import require_urns
from api.demo.plan import CITY_PEOPLE, PEOPLE_PER_UT, Plan
from api.demo.run import run
from api.demo.screen import Screen
from keys.errors import Refusal
from tally.acta_results import Results, Sums

NOT_JUDGED = 2
VERDICTS = {
    0: ("ACEPTADA", "bold green"),
    1: ("RECHAZADA", "bold red"),
    NOT_JUDGED: ("SIN VEREDICTO", "bold yellow"),
}
RECORDS = 2_000
READINGS, MOST_READINGS = 12, 240
BAR = 40
"""Characters of the bar of valid records."""
APOYO_COLUMNS = {
    "Compulsa": ("para-compulsa",),
    "Dupl.": ("duplicados",),
    "Incons.": ("con-inconsistencia",),
    "No cont.": ("baja-de-auxiliar", "fuera-de-periodo", "dispositivo-no-autorizado"),
}
"""Columns of the table of apoyo, and the portal's that each one adds up."""
SEED_WARNING = "Con --semilla: quien la conozca conoce todos los secretos de este ensayo."


@click.command("demo")
@click.option("--salida", type=PATH, default=Path("demo-output"), help="Carpeta de resultados.")
@click.option("--catalogo", type=PATH, help="CSV de Unidades Territoriales.")
@click.option("--demarcacion", help="Sólo las Unidades Territoriales de esta demarcación.")
@click.option("--ciudad", is_flag=True, help="Todas las Unidades Territoriales del catálogo.")
@click.option("--personas", type=Number(0), help="Cuántas personas opinan por internet.")
@click.option("--semilla", help="Hace el ensayo repetible; sólo para ensayos.")
@click.option("--grupo", type=OneOf("Ed25519", "BELENIOS-2048"), default="Ed25519", help="Grupo algebraico.")
@click.option(
    "--aritmetica",
    type=OneOf("auto", "nativa", "libsodium"),
    default="auto",
    help="Con qué se calcula.",
)
@click.option(
    "--procesos", type=Number(1, MOST_PROCESSES), help="Cuántos procesos; por omisión, uno por núcleo."
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
    semilla: str | None,
    grupo: str,
    aritmetica: str,
    procesos: int | None,
    registros: int,
    lecturas: int,
) -> int:
    """Ensaya una consulta y un proceso de apoyo ciudadano completos, y los verifica otro programa."""
    rows = chosen_rows(read_catalogue(catalogo), catalogo, demarcacion, ciudad)
    people = personas if personas is not None else CITY_PEOPLE if ciudad else PEOPLE_PER_UT * len(rows)
    plan = Plan(salida, tuple(rows), people, semilla, grupo, aritmetica, procesos)  # type: ignore[arg-type]
    screen = Screen(Console(highlight=False))
    screen.say(Text.assemble((plan.title, "bold"), f": {sizes(len(rows), people)}"))
    if semilla is not None:
        screen.say(Text(SEED_WARNING, "yellow"))
    apoyo = ApoyoPlan(salida / "apoyo", registros, _months_ago(), lecturas) if registros else None
    summary = run(plan, screen, apoyo)
    show_results(screen, summary.results, summary.exit_code)
    if summary.apoyo is not None:
        show_apoyo(screen, summary.apoyo)
    _show_places(screen, plan, apoyo)
    return summary.exit_code


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


def show_results(screen: Screen, results: Results, exit_code: int) -> None:
    """The table per demarcación, and the verdict in the verifier's exit code."""
    table = Table(title="Resultados por demarcación", title_justify="left")
    for name in ("Demarcación", "Urnas", "Opiniones", "Votos nulos"):
        table.add_column(name, justify="left" if name == "Demarcación" else "right")
    for name, sums in results.boroughs:
        table.add_row(Text(name), *_numbers(sums))
    table.add_section()
    table.add_row("Total", *_numbers(results.total), style="bold")
    screen.say()
    screen.console.print(table)
    word, style = VERDICTS.get(exit_code, VERDICTS[NOT_JUDGED])
    screen.say()
    screen.say(Text.assemble("Veredicto de certeza-verify: ", (word, style)))


def _months_ago() -> datetime:
    """When the rehearsed process begins: all its instants are in the past, as those of any document."""
    return (datetime.now(CENTRO) - timedelta(days=80)).replace(hour=10, minute=0, second=0, microsecond=0)


def show_apoyo(screen: Screen, summary: ApoyoSummary) -> None:
    """The last figures of each aspirante, and the bar that says which part of them is valid."""
    table = Table(title="Apoyo ciudadano: resultados definitivos", title_justify="left")
    for name in ("Aspirante", "Enviados", *APOYO_COLUMNS, "Válidos"):
        table.add_column(name, justify="left" if name == "Aspirante" else "right", no_wrap=True)
    for row in summary.rows:
        figures = (sum(row.columns[code] for code in codes) for codes in APOYO_COLUMNS.values())
        shown = (f"{many:,}" for many in (row.sent, *figures, row.valid))
        table.add_row(row.candidate.name, *shown)
    screen.say()
    screen.console.print(table)
    for row in summary.rows:
        screen.say(_bar(row))


def _bar(row: Outcome) -> Text:
    """Which part of what was sent is valid."""
    part = row.valid / row.sent if row.sent else 0
    filled = round(BAR * part)
    drawn = Text.assemble(("█" * filled, "green"), ("░" * (BAR - filled), "dim"))
    return Text(f"  {row.candidate.name:<16} ") + drawn + Text(f" {part:.0%} válidos")


def _show_places(screen: Screen, plan: Plan, apoyo: ApoyoPlan | None) -> None:
    places = {
        "Registro público": plan.public,
        "Actas (JSON y PDF)": plan.public / "actas",
        "Ceremonia de llaves": plan.ceremony / "acta.txt",
        "Archivos de custodios": plan.custodios,
        "Listados cifrados": plan.direcciones,
        "Comprobantes de ejemplo": plan.output / "ciudadania" / "comprobantes.csv",
    }
    if apoyo is not None:
        places |= {
            "Apoyo: qué es cada cosa": apoyo.output / "LEEME.txt",
            "Apoyo: resultados del OPL": apoyo.output / "opl",
            "Apoyo: notas informativas": apoyo.output / "notas",
            "Apoyo: acuses": apoyo.output / "dispositivos",
            "Apoyo: correos enviados": apoyo.output / "correo",
            "Apoyo: bitácoras públicas": apoyo.output / "publico",
        }
    screen.say()
    screen.say("Dónde quedó todo:")
    for name, path in places.items():
        screen.say(Text(f"  {name:<26} {path}"))
    screen.say()
    screen.say(Text(f"Verifíquelo usted: certeza-verify consulta {shlex.quote(str(plan.public))}"))


def _numbers(sums: Sums) -> tuple[str, str, str]:
    return f"{sums.urns:,}", f"{sums.ballots:,}", f"{sums.nulos:,}"
