"""The constancia de entrega of a package, made when the OPL acknowledges it (001 §13; APO-23). Pure."""

from __future__ import annotations

from capture.calendar import ZONE
from capture.results.receipt import Receipt
from ledger.document import Document, Facts, Paragraph, Section

KIND = "constancia-de-entrega"


def document(receipt: Receipt, package: str, institute: str) -> Document:
    """What was delivered and received. `package`: its id; `institute`: who delivered it."""
    received = receipt.received.astimezone(ZONE)
    facts = (
        ("Paquete", package),
        ("Tipo", receipt.tipo),
        ("Instituto que recibe", receipt.opl),
        ("Periodo", receipt.periodo),
        ("Proceso", receipt.proceso or "Todos los del periodo"),
        ("Recibido", f"{received:%d/%m/%Y %H:%M:%S} (hora centro)"),
        ("Cuenta que acusó recibo", receipt.account),
    )
    hashes = (
        ("SHA-256 del paquete cifrado", receipt.sealed),
        ("SHA-256 del manifiesto que se encontró al descifrar", receipt.manifest),
        ("Hoja en la bitácora pública", receipt.entry.decode().partition("\n")[2]),
    )
    said = (
        "El instituto que recibe descifró el paquete y comunicó el SHA-256 del manifiesto que encontró, que "
        "es el del manifiesto entregado."
    )
    return Document(
        kind=KIND,
        title="Constancia de entrega de resultados",
        institute=institute,
        issued=receipt.received,
        reference=package,
        parts=(
            Section("Entrega", (Facts(facts), Paragraph(said))),
            Section("Comprobación", (Facts(hashes),)),
        ),
    )
