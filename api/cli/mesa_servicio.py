"""`certeza mesa entregar`: the encrypted totals of a Mesa go to the service, as they were written."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli import remote, screen
from api.cli.custodio_servicio import CONSULTA, NEEDED, SERVICE
from api.cli.spanish import PATH
from tally.public_folder import require_clave

MAX_BYTES = 16 * 2**20


@click.command("entregar")
@click.argument("archivo", metavar="TOTALES", type=PATH)
@click.argument("clave", metavar="CLAVE_UT")
@SERVICE
@CONSULTA
@NEEDED
def entregar(archivo: Path, clave: str, servicio: str, consulta: str, sesion: Path) -> None:
    """Entrega los totales cifrados de la Mesa de una urna pequeña; los números no viajan."""
    service = remote.opened_with(sesion, remote.service_at(servicio))
    where = f"/v1/consultas/{consulta}/mesas/{require_clave(clave, 'CLAVE_UT')}"
    mesa = service.get(where)
    if mesa["modo"] != "cifrada":
        raise screen.CommandFailed(f"La UT {clave} se abrió sola: su Mesa se captura en claro.")
    with archivo.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    made = service.send("PUT", f"{where}/totales", data)
    screen.good(f"Recibido: Mesa de la UT {clave}, {made['total']} boletas, captura {made['version']}.")
