"""`certeza`: the command line. Each order lives in its own module and is imported when it is used."""

from __future__ import annotations

import sys
from importlib import metadata

import click

from api.cli import screen
from api.cli.lazy import LazyGroup

COMMANDS = {
    "demo": (
        "api.cli.demo",
        "demo",
        "Ensaya una consulta y un proceso de apoyo en esta máquina, y los verifica.",
    ),
    "consulta": ("api.cli.consulta", "consulta", "Las consultas por internet: crearlas y ver cómo van."),
    "simulacro": (
        "api.cli.simulacro",
        "simulacro",
        "Votos inventados, que un Consejo General de verdad abre con sus llaves.",
    ),
    "ceremonia": ("api.cli.ceremonia", "ceremonia", "La ceremonia de llaves, para quien la coordina."),
    "custodio": (
        "api.cli.custodio",
        "custodio",
        "La llave propia, para cada integrante del Consejo General.",
    ),
    "mesa": (
        "api.cli.mesa",
        "mesa",
        "La Mesa: su llave, sus totales cifrados y el listado de quien ya opinó, sin red.",
    ),
    "bitacora": ("api.cli.bitacora", "bitacora", "La bitácora pública y las firmas de sus testigos."),
    "capturas": (
        "api.cli.capturas",
        "capturas",
        "Días, horas, dispositivos y coordenadas de captura, para la autoridad.",
    ),
    "padron": ("api.cli.padron", "padron", "El padrón electoral: cargar un corte y decir cuál responde."),
    "serve": ("api.cli.serve", "serve", "El servicio por HTTP: apoyo ciudadano, del dispositivo al OPL."),
    "migrate": ("api.cli.serve", "migrate", "Las tablas de la base de datos, a la versión de este programa."),
    "worker": ("api.cli.worker", "worker", "El servicio que procesa lo recibido y guarda las llaves."),
    "boveda": ("api.cli.boveda", "boveda", "La identidad maestra, que abre las llaves de los procesos."),
    "documento": (
        "api.cli.documento",
        "documento",
        "Documentos oficiales: firma electrónica y sello de tiempo.",
    ),
    "captura": ("api.cli.captura", "captura", "Un dispositivo simulado que captura y envía apoyos."),
    "muestras": (
        "api.cli.muestras",
        "muestras",
        "Credenciales dibujadas de personas inventadas, para ensayar y medir lecturas.",
    ),
    "admin": ("api.cli.admin", "admin", "Las cuentas del servicio, desde el servidor."),
    "opl": (
        "api.cli.opl",
        "opl",
        "Los resultados que recibe un OPL: su llave, descifrar y verificar, sin red.",
    ),
    "testigo": ("api.cli.testigo", "testigo", "Un testigo de la bitácora, para quien la vigila."),
}


@click.group("certeza", cls=LazyGroup, lazy=COMMANDS, context_settings={"max_content_width": 100})
@click.version_option(metadata.version("certeza"), message="certeza %(version)s")
def certeza() -> None:
    """Consulta por internet y apoyo ciudadano que cualquier persona puede verificar."""


def main(arguments: list[str] | None = None) -> None:
    """The program `certeza`."""
    screen.forgive_alphabets()
    sys.exit(screen.run(certeza, arguments))


if __name__ == "__main__":
    main()
