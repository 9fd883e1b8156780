"""`certeza bitacora`: having the public log cosigned by its witnesses, and saying where it stands."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from api.cli import screen
from api.cli.lazy import LazyGroup
from api.cli.serving import HOST, PORT, address, listen, serve
from api.cli.spanish import PATH, Seconds
from api.cli.times import spoken
from keys.errors import shown
from ledger.asgi import LogFiles
from ledger.checkpoint import SignedCheckpoint
from ledger.policy import Policy
from ledger.policy_text import parse_policy
from ledger.reading import read_checkpoint
from ledger.store_folder import FolderStorage
from ledger.witness_client import SECONDS, Attester, Outcome, Result, standing

FOLDER = click.argument("carpeta", metavar="DIR", type=PATH)
POLICY = "politica.txt"
_FINE = (Result.COSIGNED, Result.ALREADY)


@click.group("bitacora", cls=LazyGroup)
def bitacora() -> None:
    """La bitácora pública: su estado y las firmas de sus testigos."""


@bitacora.command("atestiguar")
@FOLDER
@click.option(
    "--plazo",
    metavar="SEGUNDOS",
    type=Seconds(0.1, 600),
    default=SECONDS,
    show_default=True,
    help="Cuánto se espera a cada testigo.",
)
def atestiguar(carpeta: Path, plazo: float) -> int:
    """Pide a cada testigo de la política que cosigne lo publicado, y publica sus firmas.

    La bitácora debe estar en reposo: escribe en su carpeta. Con código de salida 1 cuando las firmas no
    alcanzan el quórum.
    """
    from ledger.witness_http import post

    policy = _policy(carpeta)
    made = Attester(FolderStorage(carpeta), policy, post, plazo).attest()
    for outcome in made.outcomes:
        _say_outcome(outcome)
    if made.published:
        screen.good(f"Publicado con las nuevas firmas: {carpeta / 'checkpoint'}")
    elif any(outcome.result is Result.COSIGNED for outcome in made.outcomes):
        screen.warn("la bitácora creció entretanto: no se publicó nada; repita la orden.")
    return _say_standing(policy, made.checkpoint)


def _say_outcome(outcome: Outcome) -> None:
    name = shown(outcome.witness.name)
    if outcome.result in _FINE:
        screen.good(f"{name}: {outcome.result.value}")
    else:
        detail = f": {outcome.detail}" if outcome.detail else ""
        screen.warn(f"{name}: {outcome.result.value}{detail}")


@bitacora.command("estado")
@FOLDER
def estado(carpeta: Path) -> None:
    """Muestra tamaño, raíz y testigos de lo publicado. No escribe nada."""
    policy, signed = _policy(carpeta), read_checkpoint(FolderStorage(carpeta))
    where = standing(policy, signed)
    screen.say(f"Bitácora {shown(signed.head.origin)}", "bold")
    screen.say(f"  tamaño  {signed.head.size:,}")
    screen.say(f"  raíz    {signed.head.root.hex()}")
    table = Table()
    for heading in ("Testigo", "Llave", "Cosignó"):
        table.add_column(heading, overflow="fold")
    for witness in policy.witnesses:
        time = where.cosigned.get(witness.name)
        cell = Text("–", "dim") if time is None else Text(spoken(time), "green")
        table.add_row(
            Text(shown(witness.name)), Text(f"{shown(witness.key.name)} {witness.key.key_id.hex()}"), cell
        )
    if policy.witnesses:
        screen.console().print(table)
    _say_standing(policy, signed)


def _policy(folder: Path) -> Policy:
    path = folder / POLICY
    return parse_policy(path.read_bytes(), str(path))


def _say_standing(policy: Policy, signed: SignedCheckpoint) -> int:
    where = standing(policy, signed)
    if where.attested is not None:
        screen.good(str(where))
        return screen.OK
    screen.say(str(where), "bold yellow")
    return screen.REFUSED if where.asks else screen.OK


@bitacora.command("servir")
@FOLDER
@PORT
@HOST
def servir(carpeta: Path, puerto: int, direccion: str) -> None:
    """Publica la carpeta de una bitácora hasta que se le detenga (Ctrl+C).

    Para instalaciones pequeñas; en las grandes, cualquier servidor de archivos sirve la misma carpeta.
    """
    storage = FolderStorage(carpeta)
    size = read_checkpoint(storage).head.size
    listening = listen(direccion, puerto)
    screen.say(f"Bitácora de {size:,} entradas en {address(listening)}")
    serve(listening, LogFiles(storage))
    screen.say("Se dejó de publicar.")
