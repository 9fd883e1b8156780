"""The order of `certeza-verify` that checks a results package after it was decrypted (APO-23)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from certeza_verifier import cli_log
from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.package import verify
from certeza_verifier.report import Report
from certeza_verifier.system import require_folder
from certeza_verifier.tlog.attest import Trust, attest_parsed
from certeza_verifier.tlog.note import Key, parse_key
from certeza_verifier.trusting import Trusting, judge, tell

if TYPE_CHECKING:
    Orders = argparse._SubParsersAction[argparse.ArgumentParser]


def add(orders: Orders) -> None:
    """Adds `paquete`."""
    order = orders.add_parser("paquete", help="verifica un paquete de resultados ya descifrado")
    order.add_argument("ruta", type=Path, metavar="CARPETA", help="la que contiene manifest.json")
    order.add_argument(
        "--autoridad", required=True, metavar="VKEY", help="llave con que la autoridad firma los paquetes"
    )
    cli_log.trusted(order)


def run(arguments: argparse.Namespace) -> Report:
    """Its report."""
    trusting = Trusting(arguments.llave, arguments.politica, arguments.origen)
    return paquete(arguments.ruta, arguments.autoridad, trusting)


def paquete(folder: Path, authority: str, trusting: Trusting) -> Report:
    """`certeza-verify paquete`. Raises NotJudged for what the user brought."""
    report, trust = Report("paquete"), trusting.trust()
    require_folder(folder)
    try:
        key = parse_key(authority, "--autoridad")
    except Failure as failure:
        raise NotJudged(f"No sirve la llave de --autoridad: se esperaba {failure.expected}.") from None
    return judge(report, folder.name, lambda: _paquete(folder, key, trust, report))


def _paquete(folder: Path, authority: Key, trust: Trust | None, report: Report) -> None:
    head, checkpoint = verify(folder, authority, report)
    values = head.values
    report.notes += [
        f"Paquete {values['tipo']} de {values['proceso'] or values['periodo']}, {values['instante']}.",
        f"Registros: {head.records}.",
        "SHA-256 del manifiesto, para el acuse de recibo:",
        f"  {head.digest}",
    ]
    report.details = {"paquete": values, "manifiesto": head.digest}
    if checkpoint is None:
        return
    if trust is None:
        raise NotJudged(
            "firma, archivos y cifras son correctos, pero sin --politica ni --llave no se sabe si quien "
            "firmó las pruebas es la bitácora"
        )
    tell(report, attest_parsed(checkpoint, trust), trust)
