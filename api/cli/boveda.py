"""`certeza boveda`: the master identity, before the processing service starts for the first time."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli import screen
from api.cli.lazy import LazyGroup
from api.cli.spanish import PATH
from capture.vault.chamber_folder import create_master


@click.group("boveda", cls=LazyGroup)
def boveda() -> None:
    """La identidad maestra, que abre las llaves de los procesos."""


@boveda.command("maestra")
@click.argument("archivo", metavar="ARCHIVO", type=PATH)
def maestra(archivo: Path) -> None:
    """Crea la identidad maestra. Nunca sustituye una que exista.

    Es un archivo como los de «age-keygen», sin frase. Créelo con el usuario del sistema de «certeza worker».
    """
    recipient = create_master(archivo)
    screen.good(f"Identidad maestra en {archivo}. Anótela en los ajustes como vault.master_file.")
    screen.say(f"Su llave pública, para reconocer las copias: {recipient}")
    screen.say("Sin ella no se abre ningún registro: guarde dos copias, nunca junto a la carpeta de llaves.")
