"""`certeza custodio apertura`: a trustee's one act of the opening, offline, on the public folder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.cli import passphrase, screen
from api.cli.custodio import KEY, PASSPHRASE
from keys import trustee_file
from keys.ceremony import trustee_side
from keys.ceremony.trustees import verify_trustees
from keys.group import group_named
from keys.randomness import SystemRandomness
from tally.archive import sha256
from tally.public_folder import PublicFolder
from tally.trustee_step import TrusteeAct, write_share


@click.command("apertura")
@click.argument("publico", metavar="PUBLICO", type=click.Path(path_type=Path))
@KEY
@PASSPHRASE
@click.option(
    "--salida",
    metavar="ARCHIVO",
    type=click.Path(path_type=Path),
    required=True,
    help="Dónde escribir su aportación.",
)
@click.option(
    "--procesos", type=click.IntRange(1, 256), help="Cuántos procesos; por omisión, uno por núcleo."
)
def apertura(
    publico: Path, llave: Path, frase_archivo: Path | None, salida: Path, procesos: int | None
) -> int:
    """Verifica todo el registro público y escribe su aportación para abrir las urnas."""
    public = PublicFolder(publico)
    consultation = public.consultation()
    group = group_named(consultation.grupo, place="consulta.json › grupo")
    trustees = verify_trustees(group, public.trustees())
    stored = trustee_file.load(llave, passphrase.existing(frase_archivo))
    owner, secret = trustee_side.decryption_key(trustees, stored.content)
    screen.say(f"{consultation.nombre}: {len(consultation.urns)} urnas. Usted es custodio {owner}.")
    with _bar() as progress:
        task = progress.add_task("Verificando y descifrando", total=len(consultation.urns))
        write_share(
            TrusteeAct(publico, owner, secret),
            salida,
            datetime.now().astimezone(),
            SystemRandomness(),
            processes=procesos,
            progress=lambda done, total: progress.update(task, completed=done),
        )
    screen.good(f"Registro público verificado. Su aportación está en {salida}")
    screen.say(f"  SHA-256 (para leerse en voz alta): {_spoken(sha256(salida.read_bytes()))}")
    return screen.OK


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=screen.console(to_error=True), transient=True)


def _spoken(digest: str) -> str:
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))
