"""`certeza opl`: what a local institute does with its results key, on its own machine and without network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from api.cli import passphrase, screen
from api.cli.lazy import LazyGroup
from api.cli.spanish import PATH
from capture.calendar import ZONE
from capture.results.checking import Checked, check_folder
from capture.results.opening import Progress as Advance
from capture.results.opening import open_package
from keys.recipients import identity
from keys.recipients.answering import answer
from keys.recipients.recipient import spoken
from ledger.note import Verifier
from ledger.policy import Policy
from ledger.policy_text import parse_policy
from ledger.vkey import Ed25519Verifier, parse_vkey

KEY = click.option(
    "--llave", metavar="ARCHIVO", type=PATH, required=True, help="Su llave privada; nunca sale de su equipo."
)
PASSPHRASE = click.option(
    "--frase-archivo",
    metavar="ARCHIVO",
    type=PATH,
    help="Lee la frase de un archivo en vez de preguntarla.",
)
LAZY = {
    "generar-llave": (
        "api.cli.opl_key",
        "generar_llave",
        "Crea el par de llaves con que el INE cifrará los resultados.",
    )
}


@click.group("opl", cls=LazyGroup, lazy=LAZY)
def opl() -> None:
    """Los resultados que recibe un OPL: su llave, descifrar y verificar, sin red."""


def load_key(llave: Path, frase_archivo: Path | None) -> identity.Identity:
    """The private key, its passphrase asked for when it has one."""
    phrase = passphrase.existing(frase_archivo) if identity.is_sealed(llave) else None
    return identity.load(llave, phrase)


@opl.command("registrar-posesion")
@click.argument("reto", metavar="RETO", type=PATH)
@KEY
@PASSPHRASE
def registrar_posesion(reto: Path, llave: Path, frase_archivo: Path | None) -> None:
    """Responde el reto que el INE cifró para su llave: así se comprueba que la llave es suya.

    El reto se descarga del portal al registrar la llave pública. Compare en voz alta la huella que aquí se
    muestra con la que muestra el portal, y escriba en él la respuesta antes de que venza.
    """
    found = answer(load_key(llave, frase_archivo), reto)
    expires = found.expires.astimezone(ZONE)
    screen.say(f"Reto del periodo {found.periodo}, vence el {expires:%d/%m/%Y a las %H:%M} (hora centro)")
    screen.say("Huella de la llave pública a la que se cifró:")
    for line in spoken(found.key):
        screen.say(f"  {line}", "bold")
    if found.expires <= datetime.now(UTC):
        screen.warn("el reto ya venció según el reloj de este equipo; pida otro en el portal.")
    screen.say("Respuesta:")
    screen.say_whole(found.answer, "bold")


@opl.command("descifrar")
@click.argument("paquete", metavar="PAQUETE", type=PATH)
@KEY
@PASSPHRASE
@click.option(
    "--carpeta",
    metavar="DIR",
    type=PATH,
    default=Path(),
    help="Dónde dejar la carpeta del paquete; por omisión, aquí.",
)
def descifrar(paquete: Path, llave: Path, frase_archivo: Path | None, carpeta: Path) -> None:
    """Descifra un paquete de resultados en una carpeta nueva.

    Contiene datos personales: use un equipo y un disco bajo su resguardo. Si el archivo está incompleto o
    alterado no queda nada.
    """
    key = load_key(llave, frase_archivo)
    with bar("Descifrando", paquete.stat().st_size) as advance:
        made = open_package(key, paquete, carpeta, advance)
    screen.good(f"Descifrado en {made}")
    screen.say(f"Ahora verifíquelo: certeza opl verificar {made} --autoridad LLAVE --politica ARCHIVO")


@opl.command("verificar")
@click.argument("carpeta", metavar="CARPETA", type=PATH)
@click.option(
    "--autoridad",
    metavar="VKEY",
    required=True,
    help="Llave con que la DERFE firma los paquetes, como se publicó.",
)
@click.option(
    "--politica",
    metavar="ARCHIVO",
    type=PATH,
    help="Política de la bitácora; sin ella no se sabe si quien firmó es la bitácora.",
)
def verificar(carpeta: Path, autoridad: str, politica: Path | None) -> None:
    """Comprueba la firma, cada archivo, las cifras y las pruebas de un paquete ya descifrado."""
    authority: Verifier = Ed25519Verifier(parse_vkey(autoridad, "--autoridad"))
    policy = None if politica is None else parse_policy(politica.read_bytes(), str(politica))
    total = sum(path.stat().st_size for path in carpeta.rglob("*") if path.is_file())
    with bar("Verificando", total) as advance:
        found = check_folder(carpeta, authority, policy, advance)
    _tell(found, policy)


def _tell(found: Checked, policy: Policy | None) -> None:
    head = found.head
    screen.good(
        f"Firma de la autoridad: paquete {head.tipo} de {head.proceso or head.periodo}, {head.instante}"
    )
    screen.good(f"{found.files:,} archivos con su SHA-256, {found.size:,} bytes; ninguno falta ni sobra")
    if found.checkpoint is not None:
        screen.good(f"{found.leaves:,} acuses con su prueba en la bitácora {found.checkpoint.head.origin}")
    if found.attested is not None:
        names = ", ".join(found.attested.cosigned) or "ningún testigo (la política no los pide)"
        screen.good(f"Bitácora firmada y atestiguada por: {names}")
    elif policy is None and found.checkpoint is not None:
        screen.warn("sin --politica no se comprobó quién firmó la bitácora.")
    screen.say("SHA-256 del manifiesto, para el acuse de recibo:")
    screen.say_whole(found.manifest, "bold")


@contextmanager
def bar(title: str, total: int) -> Iterator[Advance]:
    """A bar over bytes, shown on a terminal only."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = screen.console(to_error=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda count: progress.advance(task, count)
