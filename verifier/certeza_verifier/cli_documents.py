"""The order of `certeza-verify` that reads official documents."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from certeza_verifier import cli_log, document_commands
from certeza_verifier.document_commands import Asked
from certeza_verifier.report import Report
from certeza_verifier.trusting import Trusting

if TYPE_CHECKING:
    Orders = argparse._SubParsersAction[argparse.ArgumentParser]


def add(orders: Orders) -> None:
    """Adds `documento`."""
    order = orders.add_parser(
        "documento", help="verifica un documento oficial en PDF: firmas, sellos, contenido"
    )
    order.add_argument("ruta", type=Path, metavar="ARCHIVO", help="el documento, .pdf")
    _files(order, "--ancla", "certificado de la autoridad que emite los de quienes firman", required=True)
    _files(order, "--ancla-sellos", "el de la autoridad de los sellos de tiempo, si es otra")
    _files(order, "--crl", "lista de revocación; sin ella no se sabe si un certificado estaba revocado")
    order.add_argument(
        "--contenido", type=Path, metavar="ARCHIVO", help="el JSON publicado, que debe ser el del documento"
    )
    order.add_argument(
        "--prueba", type=Path, metavar="ARCHIVO", help="su prueba en la bitácora (.tlog-proof)"
    )
    order.add_argument("--bitacora", metavar="URL|CARPETA", help="la bitácora en la que debe estar")
    cli_log.trusted(order)


def _files(order: argparse.ArgumentParser, name: str, text: str, *, required: bool = False) -> None:
    order.add_argument(
        name,
        type=Path,
        metavar="ARCHIVO",
        action="append",
        default=[],
        required=required,
        help=f"{text} (PEM o DER; puede repetirse)",
    )


def run(arguments: argparse.Namespace) -> Report:
    """Its report."""
    trusting = Trusting(arguments.llave, arguments.politica, arguments.origen)
    asked = Asked(
        arguments.ruta,
        arguments.ancla,
        arguments.ancla_sellos,
        arguments.crl,
        arguments.contenido,
        arguments.prueba,
        arguments.bitacora,
    )
    return document_commands.documento(asked, trusting)
