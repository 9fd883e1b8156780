"""click speaks English; the people who use this command line do not have to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

_SECTIONS = {"Options": "Opciones", "Commands": "Órdenes", "Positional arguments": "Argumentos"}
_WORDS = (
    ("Show this message and exit.", "Muestra esta ayuda y termina."),
    ("Show the version and exit.", "Muestra la versión y termina."),
    ("[required]", "[obligatorio]"),
    ("[default: ", "[por omisión: "),
)
_GENERIC = (
    (re.compile(r"Got unexpected extra arguments? \((.*)\)"), r"Sobra en la orden: \1"),
    (re.compile(r"Option '(.*)' requires an argument\."), r"La opción \1 necesita un valor."),
    (re.compile(r"Option '(.*)' requires (\d+) arguments\."), r"La opción \1 necesita \2 valores."),
    (re.compile(r"Option '(.*)' does not take a value\."), r"La opción \1 no lleva valor."),
    (re.compile(r"Missing command\."), "Falta decir qué orden."),
)


class SpanishFormatter(click.HelpFormatter):
    """Help texts with Spanish headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        args = args.replace("[OPTIONS]", "[OPCIONES]").replace("COMMAND [ARGS]...", "ORDEN [ARGUMENTOS]...")
        super().write_usage(prog, args, "Uso: " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(_SECTIONS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(term, _translated(text)) for term, text in rows], col_max, col_spacing)


def _translated(text: str) -> str:
    for english, spanish in _WORDS:
        text = text.replace(english, spanish)
    return text


click.Context.formatter_class = SpanishFormatter


class UnknownCommand(click.UsageError):
    """An order that does not exist; its message is Spanish already."""


def usage_message(error: click.UsageError) -> str:
    """What is wrong with how the command was called."""
    if isinstance(error, UnknownCommand):
        return error.message
    if isinstance(error, click.NoSuchOption):
        near = f" ¿Quiso decir {' o '.join(error.possibilities)}?" if error.possibilities else ""
        return f"No existe la opción {error.option_name}.{near}"
    if isinstance(error, click.MissingParameter):
        kind = "el argumento" if isinstance(error.param, click.Argument) else "la opción"
        return f"Falta {kind} {_name(error)}."
    if isinstance(error, click.BadParameter):
        return f"Valor no válido para {_name(error)}: {error.message}"
    for pattern, spanish in _GENERIC:
        if (found := pattern.fullmatch(error.message)) is not None:
            return found.expand(spanish)
    return error.message


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "un parámetro")
    if isinstance(error.param, click.Argument):
        return error.param.make_metavar(error.ctx) if error.ctx else str(error.param.name)
    return error.param.opts[-1]


MOST_PROCESSES = 1024
"""More would only exhaust the machine."""
PATH = click.Path(path_type=Path, readable=False)
"""Any path: what it leads to is told by whoever opens it, in Spanish and with the exit code of a refusal."""


class Number(click.ParamType):  # type: ignore[type-arg]
    """An integer from `least` to `most`."""

    name = "número"

    def __init__(self, least: int = 1, most: int = 999_999) -> None:
        self.least = least
        self.most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if not re.fullmatch(r"\d{1,6}", text, re.ASCII) or not self.least <= int(text) <= self.most:
            expected = f"un entero desde {self.least} hasta {self.most}"
            self.fail(f"se esperaba {expected}; se encontró «{text}».", param, ctx)
        return int(text)


class Seconds(click.ParamType):  # type: ignore[type-arg]
    """A time in seconds, with a point for its fractions."""

    name = "segundos"

    def __init__(self, least: float, most: float) -> None:
        self.least = least
        self.most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value)
        if (
            not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text, re.ASCII)
            or not self.least <= float(text) <= self.most
        ):
            expected = f"segundos desde {self.least:g} hasta {self.most:g}"
            self.fail(f"se esperaba {expected}; se encontró «{text}».", param, ctx)
        return float(text)


class Day(click.ParamType):  # type: ignore[type-arg]
    """A date, as ISO 8601 writes it."""

    name = "AAAA-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        text = str(value)
        try:
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            return self.fail(f"se esperaba una fecha como 2026-11-27; se encontró «{text}».", param, ctx)


class OneOf(click.ParamType):  # type: ignore[type-arg]
    """One of some words, written exactly so."""

    name = "palabra"

    def __init__(self, *words: str) -> None:
        self.words = words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "|".join(self.words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.words:
            self.fail(f"se esperaba {' o '.join(self.words)}; se encontró «{value}».", param, ctx)
        return str(value)
