"""`certeza ceremonia`: what the coordinator of the key ceremony does. It never sees a secret."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from api.cli import screen
from api.cli.lazy import LazyGroup
from api.cli.spanish import PATH, Number, OneOf
from keys import atomic_file
from keys.ceremony import acta as actas
from keys.ceremony import coordinator, rehearsal_folder
from keys.ceremony.announcement import announce
from keys.ceremony.folder import ANNOUNCEMENT, INBOX, RESULT, CeremonyFolder, open_ceremony
from keys.ceremony.states import TABLE, Ceremony, Kind, State
from keys.ceremony.terms import Terms
from keys.group.choice import NAMES
from keys.randomness import SystemRandomness

FOLDER = click.argument("carpeta", metavar="CARPETA", type=PATH)
MAX_NAMES = 64 * 1024
"""Bytes of the file of offices."""
EACH = "cada custodio que falta: «certeza custodio"
NEXT = {
    State.CERTIFICATES: f"{EACH} certificado CARPETA --indice I --llave ARCHIVO»",
    State.POLYNOMIALS: "lea en voz alta las huellas de «certeza ceremonia acta CARPETA»; después, "
    f"{EACH} polinomio CARPETA --llave ARCHIVO»",
    State.VERIFICATIONS: f"{EACH} verificar CARPETA --llave ARCHIVO»",
    State.COMPLETE: "lea en voz alta «certeza ceremonia acta CARPETA», que cada custodio compara con "
    "«certeza custodio huella CARPETA --llave ARCHIVO», y ensaye con «certeza ceremonia ensayo CARPETA»",
}


@click.group("ceremonia", cls=LazyGroup)
def ceremonia() -> None:
    """La ceremonia de llaves: de los certificados de los custodios a la llave pública de la consulta."""


@ceremonia.command("iniciar")
@click.option("--custodios", metavar="N", type=Number(), required=True, help="Cuántas personas custodian.")
@click.option(
    "--umbral", metavar="T", type=Number(), required=True, help="Cuántas abren la urna; menos que N."
)
@click.option("--grupo", type=OneOf(*NAMES), default=NAMES[0], show_default=True, help="Grupo de las llaves.")
@click.option(
    "--salida",
    metavar="CARPETA",
    type=PATH,
    required=True,
    help="Dónde crear la carpeta de la ceremonia.",
)
@click.option(
    "--nombres",
    metavar="ARCHIVO",
    type=PATH,
    help="Los cargos de los custodios, uno por línea y en orden.",
)
def iniciar(custodios: int, umbral: int, grupo: str, salida: Path, nombres: Path | None) -> None:
    """Anuncia una ceremonia: cuántos custodios, qué umbral, qué grupo."""
    terms = Terms(grupo, custodios, umbral)
    names = None if nombres is None else _names(nombres, custodios)
    made = announce(terms, names, SystemRandomness())
    (salida / INBOX).mkdir(parents=True, exist_ok=True)
    try:
        atomic_file.create(salida / ANNOUNCEMENT, made.encode())
    except FileExistsError:
        raise screen.CommandFailed(f"{salida}: ya hay una ceremonia aquí; elija otra carpeta.") from None
    screen.good(f"Ceremonia {made.id}: {custodios} custodios, umbral {umbral}, grupo {grupo}, en {salida}")
    if umbral == 1:
        screen.warn("con umbral 1, una sola persona puede abrir la urna.")
    screen.say(f"Sigue: {NEXT[State.CERTIFICATES]}")


def _names(source: Path, size: int) -> list[str]:
    if source.exists() and not source.is_file():
        raise screen.CommandFailed(f"{source}: se esperaba un archivo de texto con los cargos.")
    with source.open("rb") as file:
        data = file.read(MAX_NAMES + 1)
    try:
        names = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise screen.CommandFailed(f"{source}: los nombres deben ser texto UTF-8.") from None
    if len(data) > MAX_NAMES or len(names) != size:
        raise screen.CommandFailed(
            f"{source}: se esperaba un cargo por renglón, {size} en total; se encontraron {len(names)}."
        )
    return names


@ceremonia.command("avanzar")
@FOLDER
def avanzar(carpeta: Path) -> int:
    """Revisa lo que llegó y escribe lo que sigue.

    Dice qué falta y de quién; lo que se rechaza se queda en el buzón.
    """
    progress = coordinator.advance(CeremonyFolder(carpeta))
    for kind, index in progress.accepted:
        screen.good(f"{kind.label} del custodio {index} ({progress.announcement.names[index - 1]})")
    for name in progress.written:
        screen.say(f"  se escribió {name}")
    for name in progress.strangers:
        screen.warn(f"{INBOX}/{name}: no es un archivo de esta ceremonia; se ignora.")
    for refusal in progress.refused:
        screen.fail(screen.explain(refusal))
    _say_state(progress.ceremony)
    return screen.REFUSED if progress.refused else screen.OK


def _say_state(ceremony: Ceremony) -> None:
    missing = ceremony.missing()
    screen.say(f"Estado: {ceremony.state.value}", "bold")
    if missing:
        kind = TABLE[ceremony.state].awaits.label
        screen.say(f"Falta {kind} de: {', '.join(map(str, missing))}")
    screen.say(f"Sigue: {NEXT[ceremony.state]}")


@ceremonia.command("estado")
@FOLDER
def estado(carpeta: Path) -> None:
    """Dibuja qué ha llegado de quién. No escribe nada."""
    folder = CeremonyFolder(carpeta)
    announcement, ceremony = open_ceremony(folder)
    terms = announcement.terms
    table = Table(title=f"{terms.size} custodios, umbral {terms.threshold}, grupo {terms.group}")
    for heading in ("", "Custodio", *(k.label for k in Kind)):
        table.add_column(heading, overflow="fold")
    for index, name in zip(terms.indices(), announcement.names, strict=True):
        cells = [_cell(folder, ceremony, kind, index) for kind in Kind]
        table.add_row(Text(str(index)), Text(name), *cells)
    screen.console().print(table)
    _say_state(ceremony)


def _cell(folder: CeremonyFolder, ceremony: Ceremony, kind: Kind, index: int) -> Text:
    accepted, waiting = ceremony.accepted(kind, index), folder.received(kind, index)
    if accepted is None:
        return Text("por revisar", "yellow") if waiting is not None else Text("–", "dim")
    if waiting is not None and waiting != accepted:
        return Text("✓ y llegó otro distinto", "bold red")
    return Text("✓", "green")


@ceremonia.command("acta")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Muestra el JSON en lugar del texto.")
def acta(carpeta: Path, as_json: bool) -> None:
    """Escribe el acta, con las huellas para leerse en voz alta.

    Quedan acta.json y acta.txt; cada huella va en grupos de cuatro cifras.
    """
    folder = CeremonyFolder(carpeta)
    announcement, ceremony = open_ceremony(folder)
    made = actas.ceremony_acta(announcement, ceremony, _now())
    text = actas.ceremony_text(made)
    folder.write("acta.json", actas.encode(made))
    folder.write("acta.txt", text.encode())
    if as_json:
        click.echo(actas.encode(made))
    else:
        screen.say(text)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


@ceremonia.command("ensayo")
@FOLDER
@click.option("--nuevo", is_flag=True, help="Guarda aparte el ensayo anterior y empieza otro.")
def ensayo(carpeta: Path, nuevo: bool) -> int:
    """Ensaya la apertura con los custodios presentes.

    Cifra un número al azar y comprueba que sus llaves lo abren; el resultado queda en un acta.
    """
    folder = CeremonyFolder(carpeta)
    announcement, ceremony = open_ceremony(folder)
    trustees, group = ceremony.trustees, ceremony.group
    if folder.read(RESULT) != trustees.encode():
        raise screen.CommandFailed(
            f"{carpeta / RESULT}: no es el resultado de esta ceremonia; use «avanzar»."
        )
    if nuevo and (kept := rehearsal_folder.set_aside(folder)):
        screen.say(f"El ensayo anterior quedó en {kept}")
    if folder.read(rehearsal_folder.CHALLENGE) is None:
        rehearsal_folder.start(folder, group, trustees, SystemRandomness())
        screen.good(f"Reto en {carpeta / rehearsal_folder.CHALLENGE}")
        screen.say("Sigue: cada custodio presente: «certeza custodio ensayo CARPETA --llave ARCHIVO»")
        return screen.OK
    found = rehearsal_folder.collect(folder, announcement, group, trustees)
    made = actas.rehearsal_acta(
        announcement,
        found.challenge,
        found.opening,
        list(found.answers),
        found.refused,
        found.recovered,
        _now(),
    )
    text = actas.rehearsal_text(made, announcement.names)
    folder.write(rehearsal_folder.ACTA, actas.encode(made))
    folder.write(rehearsal_folder.ACTA_TEXT, text.encode())
    screen.say(text)
    return screen.OK if made["superado"] else screen.REFUSED
