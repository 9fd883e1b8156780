"""`certeza-verify`: arguments in, report out, exit code 0 accepted, 1 rejected, 2 could not be judged."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from certeza_verifier import VERSION, cli_documents, cli_log, cli_packages, commands, render, system
from certeza_verifier.commands import Settings
from certeza_verifier.errors import NotJudged, shown
from certeza_verifier.groups import ARITHMETICS
from certeza_verifier.report import EXIT, Report

_SPANISH = {
    "usage: ": "uso: ",
    "options": "opciones",
    "positional arguments": "argumentos",
    "show this help message and exit": "muestra esta ayuda y termina",
    "%(prog)s: error: %(message)s\n": "%(prog)s: uso incorrecto: %(message)s\n",
    "the following arguments are required: %s": "faltan argumentos: %s",
    "unrecognized arguments: %s": "argumentos que no se conocen: %s",
    "expected one argument": "falta el valor",
    "expected at least one argument": "falta el valor",
    "ignored explicit argument %r": "no lleva valor, y se le dio %r",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s puede ser %(matches)s",
    "invalid %(type)s value: %(value)r": "valor no válido: %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r no es una opción (hay: %(choices)s)",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
}


def _translate(text: str) -> str:
    return _SPANISH.get(text, text)


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1024:
        raise ValueError(text)
    return value


def parser() -> argparse.ArgumentParser:
    """The command line, in Spanish."""
    setattr(argparse, "_", _translate)  # noqa: B010 - argparse takes its own words from there
    top = argparse.ArgumentParser(
        "certeza-verify",
        description="Verificador independiente de consultas, urnas, acuses, documentos y bitácoras.",
    )
    top.add_argument(
        "--version",
        action="version",
        version=f"certeza-verify {VERSION}",
        help="muestra la versión y termina",
    )
    orders = top.add_subparsers(dest="orden", required=True, metavar="orden")
    _urna(orders)
    _boleta(orders)
    _consulta(orders)
    _diferencia(orders)
    cli_log.add(orders)
    cli_documents.add(orders)
    cli_packages.add(orders)
    return top


if TYPE_CHECKING:
    Orders = argparse._SubParsersAction[argparse.ArgumentParser]


def _urna(orders: Orders) -> None:
    urna = orders.add_parser("urna", help="verifica un archivo .bel, o cada uno de una carpeta")
    urna.add_argument("ruta", type=Path, metavar="ARCHIVO|CARPETA", help="urna .bel, o carpeta de urnas")
    urna.add_argument(
        "--boletas", action="store_true", help="lista altura, comprobante y credencial de cada boleta"
    )
    _shared(urna)


def _boleta(orders: Orders) -> None:
    boleta = orders.add_parser("boleta", help="busca una boleta por su comprobante y verifica su urna")
    boleta.add_argument("comprobante", metavar="COMPROBANTE", help="los 43 caracteres que recibió al opinar")
    boleta.add_argument("ruta", type=Path, metavar="ARCHIVO|CARPETA", help="urna .bel, o carpeta de urnas")
    _shared(boleta)


def _consulta(orders: Orders) -> None:
    consulta = orders.add_parser("consulta", help="verifica la carpeta pública completa de una consulta")
    consulta.add_argument("ruta", type=Path, metavar="CARPETA", help="la que contiene consulta.json")
    _shared(consulta)


def _diferencia(orders: Orders) -> None:
    difference = orders.add_parser(
        "diferencia", help="prueba que nada se quitó ni se reescribió entre dos copias"
    )
    difference.add_argument("antes", type=Path, metavar="ANTES", help="copia anterior")
    difference.add_argument("ahora", type=Path, metavar="AHORA", help="copia de ahora")
    difference.add_argument("--json", action="store_true", help="escribe un solo documento JSON")


def _shared(order: argparse.ArgumentParser) -> None:
    order.add_argument("--json", action="store_true", help="escribe un solo documento JSON")
    order.add_argument("--procesos", type=_count, default=0, metavar="N", help="procesos (todos los núcleos)")
    order.add_argument(
        "--estado", type=Path, metavar="ARCHIVO", help="recuerda lo ya verificado entre corridas"
    )
    order.add_argument("--aritmetica", choices=ARITHMETICS, default="auto", help="con qué se calcula")
    order.add_argument("--sin-progreso", action="store_true", help="sin barra de avance")


_READERS: dict[str, Callable[[argparse.Namespace], Report]] = {
    "paquete": cli_packages.run,
    "documento": cli_documents.run,
    **dict.fromkeys(("acuse", "codigo", "bitacora"), cli_log.run),
}


def run(arguments: argparse.Namespace) -> Report:
    """The report of a parsed command line."""
    if arguments.orden == "diferencia":
        return commands.diferencia(arguments.antes, arguments.ahora)
    if (reader := _READERS.get(arguments.orden)) is not None:
        return reader(arguments)
    settings = Settings(
        arguments.procesos, arguments.aritmetica, arguments.estado, not arguments.sin_progreso
    )
    if arguments.orden == "urna":
        return commands.urna(arguments.ruta, settings, lines=arguments.boletas)
    if arguments.orden == "consulta":
        return commands.consulta(arguments.ruta, settings)
    return commands.boleta(arguments.comprobante, arguments.ruta, settings)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point. Returns the exit code; argparse itself leaves with 2."""
    system.forgiving_streams()
    arguments = parser().parse_args(argv)
    try:
        return _tell(_judge(arguments), as_json=arguments.json)
    except KeyboardInterrupt:
        system.warn("\nInterrumpido: no hay veredicto.")
        return 2


def _judge(arguments: argparse.Namespace) -> Report:
    """The report, whatever happens."""
    try:
        return run(arguments)
    except NotJudged as error:
        return Report(arguments.orden, not_judged=str(error).rstrip("."))
    except OSError as error:
        place = shown(str(error.filename or "archivo"))
        return Report(arguments.orden, not_judged=f"No se pudo leer {place}: {system.reason(error)}")
    except Exception as error:  # noqa: BLE001 - the last line: a fault of this program is no verdict on anybody
        reason = f"error interno del verificador ({type(error).__name__}: {shown(str(error))}); repórtelo"
        return Report(arguments.orden, not_judged=reason)


def _tell(report: Report, *, as_json: bool) -> int:
    """Write the report. A verdict that could not be written is none: an exit code alone would be believed."""
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=1) if as_json else render.text(report)
    try:
        system.deliver(text.encode("utf-8", "replace") + b"\n")
    except BrokenPipeError:
        pass  # Who reads has seen enough, as with `| head`.
    except OSError as error:
        system.warn(f"No se pudo escribir el veredicto: {system.reason(error)}.")
        return EXIT["no-juzgado"]
    return EXIT[report.verdict]
