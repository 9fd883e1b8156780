"""`certeza-verify`: arguments in, report out, exit code 0 accepted, 1 rejected, 2 could not be judged."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from certeza_verifier import VERSION, cli_log, commands, render
from certeza_verifier.commands import Settings
from certeza_verifier.errors import NotJudged, shown
from certeza_verifier.groups import ARITHMETICS
from certeza_verifier.report import EXIT, Report

_SPANISH = {
    "usage: ": "uso: ",
    "options": "opciones",
    "positional arguments": "argumentos",
    "show this help message and exit": "muestra esta ayuda y termina",
    "show program's version number and exit": "muestra la versión y termina",
    "%(prog)s: error: %(message)s\n": "%(prog)s: uso incorrecto: %(message)s\n",
    "the following arguments are required: %s": "faltan argumentos: %s",
    "unrecognized arguments: %s": "argumentos que no se conocen: %s",
    "expected one argument": "falta el valor",
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
        "certeza-verify", description="Verificador independiente de consultas, urnas, acuses y bitácoras."
    )
    top.add_argument("--version", action="version", version=f"certeza-verify {VERSION}")
    orders = top.add_subparsers(dest="orden", required=True, metavar="orden")
    _urna(orders)
    _boleta(orders)
    _consulta(orders)
    _diferencia(orders)
    cli_log.add(orders)
    return top


if TYPE_CHECKING:
    Orders = argparse._SubParsersAction[argparse.ArgumentParser]


def _urna(orders: Orders) -> None:
    urna = orders.add_parser("urna", help="verifica un archivo .bel, o cada uno de una carpeta")
    urna.add_argument("ruta", type=Path, metavar="ARCHIVO|CARPETA")
    urna.add_argument(
        "--boletas", action="store_true", help="lista altura, comprobante y credencial de cada boleta"
    )
    _shared(urna)


def _boleta(orders: Orders) -> None:
    boleta = orders.add_parser("boleta", help="busca una boleta por su comprobante y verifica su urna")
    boleta.add_argument("comprobante")
    boleta.add_argument("ruta", type=Path, metavar="ARCHIVO|CARPETA")
    _shared(boleta)


def _consulta(orders: Orders) -> None:
    consulta = orders.add_parser("consulta", help="verifica la carpeta pública completa de una consulta")
    consulta.add_argument("ruta", type=Path, metavar="CARPETA")
    _shared(consulta)


def _diferencia(orders: Orders) -> None:
    difference = orders.add_parser(
        "diferencia", help="prueba que nada se quitó ni se reescribió entre dos copias"
    )
    difference.add_argument("antes", type=Path, metavar="ANTES")
    difference.add_argument("ahora", type=Path, metavar="AHORA")
    difference.add_argument("--json", action="store_true", help="escribe un solo documento JSON")


def _shared(order: argparse.ArgumentParser) -> None:
    order.add_argument("--json", action="store_true", help="escribe un solo documento JSON")
    order.add_argument("--procesos", type=_count, default=0, metavar="N", help="procesos (todos los núcleos)")
    order.add_argument(
        "--estado", type=Path, metavar="ARCHIVO", help="recuerda lo ya verificado entre corridas"
    )
    order.add_argument("--aritmetica", choices=ARITHMETICS, default="auto", help="con qué se calcula")
    order.add_argument("--sin-progreso", action="store_true", help="sin barra de avance")


def run(arguments: argparse.Namespace) -> Report:
    """The report of a parsed command line."""
    if arguments.orden == "diferencia":
        return commands.diferencia(arguments.antes, arguments.ahora)
    if arguments.orden in ("acuse", "codigo", "bitacora"):
        return cli_log.run(arguments)
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
    arguments = parser().parse_args(argv)
    try:
        report = run(arguments)
    except NotJudged as error:
        report = Report(arguments.orden, not_judged=str(error).rstrip("."))
    except OSError as error:
        report = Report(arguments.orden, not_judged=f"No se pudo leer {error.filename}: {error.strerror}")
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrumpido: no hay veredicto.\n")
        return 2
    except Exception as error:  # noqa: BLE001 - the last line: a fault of this program is no verdict on anybody
        reason = f"error interno del verificador ({type(error).__name__}: {shown(str(error))}); repórtelo"
        report = Report(arguments.orden, not_judged=reason)
    write = (
        json.dumps(report.as_json(), ensure_ascii=False, indent=1) if arguments.json else render.text(report)
    )
    sys.stdout.buffer.write(write.encode("utf-8", "replace") + b"\n")
    return EXIT[report.verdict]
