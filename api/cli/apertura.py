"""`certeza custodio apertura`: a trustee's act of the opening, offline, on the public folder.

With `--sumas` it is the second one: once the Mesas were counted, the sums of the small urns with them.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.cli import passphrase, screen
from api.cli.custodio import KEY, PASSPHRASE, say_fingerprint
from api.cli.spanish import MOST_PROCESSES, PATH, Number
from keys import trustee_file
from keys.ceremony import trustee_side
from keys.ceremony.trustees import verify_trustees
from keys.errors import Refusal
from keys.group import group_named
from keys.randomness import SystemRandomness
from keys.trustee_file import TrusteeFile
from tally.archive import sha256
from tally.calendar import spoken
from tally.public_folder import PublicFolder
from tally.shares import ShareHeading
from tally.small_urns_step import SumAct, make_sums_share
from tally.trustee_step import MadeShare, make_share
from tally.trustee_step import Progress as Advance

MAX_HEADING = 1024
"""Bytes of a share's first line."""


@click.command("apertura")
@click.argument("publico", metavar="PUBLICO", type=PATH)
@KEY
@PASSPHRASE
@click.option(
    "--salida",
    metavar="ARCHIVO",
    type=PATH,
    help="Dónde escribir su aportación; sin ella sólo se verifica y se muestra lo que se abriría.",
)
@click.option(
    "--huella",
    metavar="TEXTO",
    help="La huella de lo que se abre que se leyó en voz alta; si no coincide, no se escribe nada.",
)
@click.option(
    "--sumas",
    is_flag=True,
    help="Después de las Mesas: abre las sumas de las urnas pequeñas con sus Mesas, y ninguna urna sola.",
)
@click.option(
    "--procesos", type=Number(1, MOST_PROCESSES), help="Cuántos procesos; por omisión, uno por núcleo."
)
def apertura(
    publico: Path,
    llave: Path,
    frase_archivo: Path | None,
    salida: Path | None,
    huella: str | None,
    sumas: bool,
    procesos: int | None,
) -> int:
    """Verifica todo el registro público y escribe su aportación para abrir las urnas.

    Las urnas pequeñas, con menos boletas que el mínimo de la consulta, no se abren solas: con --sumas,
    después de las Mesas, se abre su suma con la Mesa. Sin --salida no se escribe nada y su llave no
    recuerda nada: es para leer antes la huella en voz alta.
    """
    public = PublicFolder(publico)
    trustee_file.require_file(llave)
    if salida is not None:
        _require_place(salida)
    consultation = public.consultation()
    group = group_named(consultation.grupo, place="consulta.json › grupo")
    trustees = verify_trustees(group, public.trustees())
    phrase = passphrase.existing(frase_archivo)
    stored = trustee_file.load(llave, phrase)
    owner, secret = trustee_side.decryption_key(trustees, stored.content)
    screen.say(f"{consultation.nombre}: {len(consultation.urns)} urnas. Usted es custodio {owner}.")
    screen.say(f"Apertura desde {spoken(consultation.calendar.opening)}.")
    with _bar() as progress:
        task = progress.add_task("Verificando y descifrando", total=len(consultation.urns))
        made, remembered = _made(
            SumAct(publico, owner, secret),
            stored.content,
            sumas,
            procesos,
            lambda done, total: progress.update(task, completed=done),
        )
    screen.good("Registro público verificado.")
    _say_what(made.heading.urns, len(consultation.urns), sumas)
    screen.say("Para leerse en voz alta y compararse con las demás personas custodias, lo que se abre:")
    say_fingerprint(made.fingerprint)
    _compare(made.fingerprint, huella)
    if salida is None:
        screen.say("Sin --salida no se escribió nada; su llave no recuerda esta apertura.")
        return screen.OK
    # The key remembers what it opens before anything leaves this machine.
    if remembered != stored.content:
        trustee_file.update(llave, stored, remembered, phrase)
    public.write(salida, made.data)
    screen.good(f"Su aportación está en {salida}")
    screen.say("Su huella:")
    say_fingerprint(sha256(made.data))
    return screen.OK


def _made(
    act: SumAct, own: TrusteeFile, sumas: bool, procesos: int | None, progress: Advance
) -> tuple[MadeShare, TrusteeFile]:
    """The share, and the private file that remembers it."""
    now, random = datetime.now().astimezone(), SystemRandomness()
    if sumas:
        sums = make_sums_share(act, now, random, processes=procesos, progress=progress)
        return sums, trustee_side.remember_sums(own, sums.opening, sums.fingerprint)
    made = make_share(act, now, random, processes=procesos, progress=progress)
    return made, trustee_side.remember_opening(own, made.fingerprint)


def _say_what(opened: int, every: int, sumas: bool) -> None:
    if sumas:
        screen.say(f"Se abren {opened} sumas de urnas pequeñas con sus Mesas; ninguna urna sola.")
    elif opened < every:
        screen.say(
            f"Se abren {opened} urnas; {every - opened} pequeñas siguen cerradas hasta sumarse con su Mesa."
        )


def _compare(found: str, heard: str | None) -> None:
    if heard is None:
        return
    if "".join(heard.split()).lower() != found:
        raise screen.CommandFailed(
            "La huella que se leyó en voz alta no es la de lo que esta copia abriría: no todas las personas "
            "recibieron lo mismo. No se escribió nada."
        )
    screen.good("Coincide con la que se leyó en voz alta.")


def _require_place(path: Path) -> None:
    """Raises CommandFailed unless the name is free or an earlier share's: nothing else is written over."""
    if not path.is_symlink() and not path.exists():
        return
    try:
        line = b""
        if path.is_file():
            with path.open("rb") as file:
                line = file.readline(MAX_HEADING)
        ShareHeading.from_line(line, path.name)
    except Refusal:
        raise screen.CommandFailed(
            f"{path}: ya existe y no es una aportación; elija otro nombre. No se escribió nada."
        ) from None


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=screen.console(to_error=True), transient=True)
