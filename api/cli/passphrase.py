"""Asking for the passphrase of a trustee's private file. It never travels in the arguments."""

from __future__ import annotations

import getpass
import stat
import warnings
from pathlib import Path

import click

from api.cli import screen
from keys.trustee_file import MIN_PASSPHRASE, check_passphrase

MAX_BYTES = 1024
TRIES = 3
ADVICE = (
    f"La frase protege su llave: al menos {MIN_PASSPHRASE} caracteres; lo mejor son seis palabras al azar.\n"
    "Nadie puede recuperarla: si la pierde, su llave se pierde con ella."
)


def existing(source: Path | None, label: str = "Frase de su llave") -> str:
    """The passphrase of a file that exists, or another secret that is known already, named by `label`."""
    return _from_file(source) if source else _ask(label)


def new(source: Path | None) -> str:
    """A passphrase for a new file: long enough, and typed twice."""
    if source:
        return check_passphrase(_from_file(source), str(source))
    screen.say(ADVICE)
    for _ in range(TRIES):
        first = check_passphrase(_ask("Frase nueva"))
        if first == check_passphrase(_ask("Otra vez, para comprobarla")):
            return first
        screen.warn("las dos frases no son iguales; intente de nuevo.")
    raise screen.CommandFailed("Las frases no coincidieron; no se creó ninguna llave.")


def _ask(label: str) -> str:
    try:
        with warnings.catch_warnings():
            # Without a terminal the passphrase would be shown while it is typed.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return str(click.prompt(label, hide_input=True, prompt_suffix=": "))
    except (click.Abort, getpass.GetPassWarning):
        raise screen.CommandFailed(
            "No se escribió ninguna frase. Sin terminal, use --frase-archivo ARCHIVO."
        ) from None


def _from_file(source: Path) -> str:
    if source.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        screen.warn(f"{source}: otras personas de este equipo pueden leer la frase; conviene chmod 600.")
    with source.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise screen.CommandFailed(
            f"{source}: la frase es de a lo más {MAX_BYTES} bytes; ¿es este el archivo?"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise screen.CommandFailed(f"{source}: la frase debe ser texto UTF-8.") from None
    return text.removesuffix("\n").removesuffix("\r")
