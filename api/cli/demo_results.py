"""What `certeza demo` shows at the end: figures, verdicts, and where everything is."""

from __future__ import annotations

import shlex

from rich.table import Table
from rich.text import Text

from api.demo.apoyo.checking import Outcome
from api.demo.apoyo.plan import ApoyoPlan
from api.demo.apoyo.rehearsal import ApoyoSummary
from api.demo.plan import Plan
from api.demo.screen import Screen
from tally.acta_results import Results, Sums

NOT_JUDGED = 2
VERDICTS = {
    0: ("ACEPTADA", "bold green"),
    1: ("RECHAZADA", "bold red"),
    NOT_JUDGED: ("SIN VEREDICTO", "bold yellow"),
}
BAR = 40
"""Characters of the bar of valid records."""
APOYO_COLUMNS = {
    "Compulsa": ("para-compulsa",),
    "Dupl.": ("duplicados",),
    "Incons.": ("con-inconsistencia",),
    "No cont.": ("baja-de-auxiliar", "fuera-de-periodo", "dispositivo-no-autorizado"),
}
"""Columns of the table of apoyo, and the portal's that each one adds up."""


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
    show_verdict(screen, exit_code)


def show_verdict(screen: Screen, exit_code: int) -> None:
    """What the verifier said, in its exit code."""
    word, style = VERDICTS.get(exit_code, VERDICTS[NOT_JUDGED])
    screen.say()
    screen.say(Text.assemble("Veredicto de certeza-verify: ", (word, style)))


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


def show_places(screen: Screen, plan: Plan, apoyo: ApoyoPlan | None) -> None:
    """Where each thing is, for whoever wants to look."""
    places = {
        "Qué es cada cosa": plan.output / "LEEME.txt",
        "Registro público": plan.public,
        "Actas (JSON y PDF)": plan.public / "actas",
        "Ceremonia de llaves": plan.ceremony / "acta.txt",
        "Acta de urna vacía": plan.output / "acta-urna-vacia.pdf",
        "Archivos de custodios": plan.custodios,
        "Listados cifrados": plan.direcciones,
        "Comprobantes de ejemplo": plan.output / "ciudadania" / "comprobantes.csv",
        "Boletas auditadas": plan.output / "ciudadania" / "boletas-auditadas.json",
        "La consulta, como se pidió": plan.output / "consulta.toml",
        "Correos enviados": plan.output / "correo",
        "Lo que dijo el servicio": plan.output / "servicio.log",
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
    for name, path in [(name, path) for name, path in places.items() if path.exists()]:
        screen.say(Text(f"  {name:<26} {path}"))
    screen.say()
    screen.say(Text(f"Verifíquelo usted: certeza-verify consulta {shlex.quote(str(plan.public))}"))


def _numbers(sums: Sums) -> tuple[str, str, str]:
    return f"{sums.urns:,}", f"{sums.ballots:,}", f"{sums.nulos:,}"
