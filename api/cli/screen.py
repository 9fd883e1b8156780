"""What the command line shows, and how any failure reaches the person: in words, never as a traceback."""

from __future__ import annotations

import os
import sqlite3
import sys
import traceback
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool

import click
from rich.console import Console
from rich.text import Text

from api.cli.spanish import usage_message
from api.demo.errors import UnexpectedOutcome
from keys.errors import Refusal
from keys.system_error import reason
from tally.errors import StoreError

OK, REFUSED, USAGE = 0, 1, 2
DEBUG = "CERTEZA_DEPURAR"
_DRIVERS = {"psycopg", "sqlalchemy"}
"""By name: importing them would slow down every order that needs no database."""
_DATABASE = {
    sqlite3.SQLITE_FULL: "no queda espacio",
    sqlite3.SQLITE_READONLY: "no hay permiso para escribirla",
    sqlite3.SQLITE_PERM: "no hay permiso",
    sqlite3.SQLITE_CANTOPEN: "no se puede abrir; vea si existe y si hay permiso",
    sqlite3.SQLITE_NOTADB: "el archivo no es una base de datos",
    sqlite3.SQLITE_CORRUPT: "el archivo está dañado",
    sqlite3.SQLITE_BUSY: "otro programa la está usando",
    sqlite3.SQLITE_LOCKED: "otro programa la está usando",
    sqlite3.SQLITE_IOERR: "el medio no se puede leer o escribir, o no queda espacio",
}


def console(*, to_error: bool = False) -> Console:
    """Made anew each time, so that it follows redirections.

    Words break at a screen's edge; in a file each line stays whole.
    """
    made = Console(stderr=to_error, highlight=False, markup=False)
    made.soft_wrap = not made.is_terminal
    return made


def say(text: str = "", style: str = "") -> None:
    """One line for the person. The text is never read as markup."""
    console().print(Text(text, style=style))


def say_whole(text: str, style: str = "") -> None:
    """A line that is there to be copied, such as a key: no line feed is put into it at the screen's edge."""
    console().print(Text(text, style=style), soft_wrap=True)


def good(text: str) -> None:
    """Something that was done."""
    say(f"✓ {text}", "green")


def warn(text: str) -> None:
    """Something to look at; the command goes on."""
    console(to_error=True).print(Text(f"AVISO: {text}", style="yellow"))


def fail(text: str) -> None:
    """Why the command did not do what was asked."""
    console(to_error=True).print(Text(f"Error: {text}", style="bold red"))


class CommandFailed(Exception):  # noqa: N818 - not an error of the program
    """A command that could not do what was asked, in words for the person; exit code 1."""


def explain(refusal: Refusal) -> str:
    """A refusal as a sentence: whose message, where, which rule, expected and found."""
    whose = "" if refusal.culprit is None else f"mensaje del custodio {refusal.culprit}: "
    return f"{whose}{refusal}"


def explain_system(error: OSError) -> str:
    """What the operating system refused."""
    return f"{error.filename or 'salida'}: {reason(error)}."


def forgive_alphabets() -> None:
    """Characters that the terminal's alphabet lacks are shown as «?»: a message is never an error."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def run(command: click.Command, arguments: Sequence[str] | None = None, given: object = None) -> int:
    """Run a command and return its exit code: 0 done, 1 refused, 2 wrongly called.

    `given`: what its program hands to every order, such as `api.cli.clock.GivenClock`.
    """
    try:
        result = command.main(args=arguments, prog_name="certeza", standalone_mode=False, obj=given)
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.ctx.get_help() if error.ctx else usage_message(error))
        return USAGE
    except click.UsageError as error:
        return _usage(error)
    except Exception as error:  # noqa: BLE001 - the edge: whatever happens becomes words
        fail(_words(error))
        return REFUSED
    return result if isinstance(result, int) else OK


def _words(error: Exception) -> str:  # noqa: PLR0911 - one line for each kind
    match error:
        case CommandFailed() | StoreError() | UnexpectedOutcome():
            return str(error)
        case BrokenProcessPool():
            return "Un proceso de trabajo terminó de golpe (¿falta memoria?); no se escribió nada a medias."
        case Refusal():
            return explain(error)
        case OSError():
            return explain_system(error)
        case sqlite3.Error():
            return f"La memoria (base de datos SQLite) no se pudo leer o escribir: {_database(error)}."
        case click.Abort():
            return "Se interrumpió; no se escribió nada más."
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    if type(error).__module__.partition(".")[0] in _DRIVERS:
        return (
            "La base de datos no responde, o le faltan tablas (certeza migrate --estado lo dice): "
            f"{type(error).__name__}."
        )
    # Its text could hold a secret, so only its type is shown.
    return (
        f"Falla interna ({type(error).__name__}). Con {DEBUG}=1 se muestra el detalle para quien da soporte."
    )


def _database(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return _DATABASE.get(code, f"SQLite dio el error {code}")


def _usage(error: click.UsageError) -> int:
    fail(usage_message(error))
    if error.ctx is not None:
        console(to_error=True).print(Text(f"Ayuda: {error.ctx.command_path} --help"))
    return USAGE
