"""The orders of `certeza-verify` that read the public log."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from certeza_verifier import acuse_commands, log_commands
from certeza_verifier.log_commands import Memories
from certeza_verifier.report import Report
from certeza_verifier.trusting import Trusting

if TYPE_CHECKING:
    Orders = argparse._SubParsersAction[argparse.ArgumentParser]


def add(orders: Orders) -> None:
    """Adds `acuse`, `codigo` and `bitacora`."""
    acuse = orders.add_parser("acuse", help="verifica un acuse de apoyo con su prueba, sin conexión")
    acuse.add_argument("ruta", type=Path, metavar="ARCHIVO", help="el acuse, .acuse")
    trusted(acuse)
    codigo = orders.add_parser("codigo", help="busca un código de integridad en la bitácora")
    codigo.add_argument("codigo", nargs="+", metavar="CÓDIGO", help="64 cifras; admite grupos")
    codigo.add_argument("--log", required=True, metavar="URL|CARPETA", help="dónde está la bitácora")
    trusted(codigo)
    bitacora = orders.add_parser("bitacora", help="verifica una bitácora entera")
    bitacora.add_argument("ruta", metavar="URL|CARPETA", help="dónde está la bitácora")
    trusted(bitacora)
    bitacora.add_argument(
        "--estado", type=Path, metavar="ARCHIVO", help="recuerda lo ya verificado entre corridas"
    )
    bitacora.add_argument(
        "--historia", type=Path, metavar="CARPETA", help="checkpoints anteriores que deben ser su principio"
    )
    bitacora.add_argument("--sin-progreso", action="store_true", help="sin barra de avance")


def trusted(order: argparse.ArgumentParser) -> None:
    """Whom to trust about a log, and how to tell the verdict."""
    order.add_argument("--llave", metavar="VKEY", help="llave de verificación de la bitácora")
    order.add_argument(
        "--politica", type=Path, metavar="ARCHIVO", help="política de confianza; su quórum se exige"
    )
    order.add_argument(
        "--origen", metavar="TEXTO", help="origen de los checkpoints, si no es el nombre de la llave"
    )
    order.add_argument("--json", action="store_true", help="escribe un solo documento JSON")


def run(arguments: argparse.Namespace) -> Report:
    """The report of one of these orders."""
    trusting = Trusting(arguments.llave, arguments.politica, arguments.origen)
    if arguments.orden == "acuse":
        return acuse_commands.acuse(arguments.ruta, trusting)
    if arguments.orden == "codigo":
        return acuse_commands.codigo(" ".join(arguments.codigo), arguments.log, trusting)
    memories = Memories(arguments.estado, arguments.historia)
    return log_commands.bitacora(arguments.ruta, trusting, memories, progress=not arguments.sin_progreso)
