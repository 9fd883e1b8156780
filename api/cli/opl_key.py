"""`certeza opl generar-llave`: the key pair to which results are encrypted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from cryptography.hazmat.primitives.serialization import Encoding

from api.cli import passphrase, screen
from api.cli.opl import PASSPHRASE
from api.cli.spanish import PATH, Number, OneOf
from keys import atomic_file
from keys.recipients import identity
from keys.recipients.recipient import AgeRecipient, Recipient, X509Recipient, spoken

DAYS_OF_MONTH = 31
"""Counted long: a certificate that lasts too short is refused at its registration."""


@click.command("generar-llave")
@click.argument("nombre", metavar="NOMBRE", type=PATH)
@click.option(
    "--x509",
    metavar="ec|rsa",
    type=OneOf("ec", "rsa"),
    help="Un certificado X.509 en vez de una llave age, para quien usa openssl.",
)
@click.option("--titular", metavar="TEXTO", help="Nombre del OPL en el certificado; solo con --x509.")
@click.option(
    "--meses",
    metavar="N",
    type=Number(1, 120),
    default=24,
    show_default=True,
    help="Vigencia del certificado.",
)
@PASSPHRASE
def generar_llave(
    nombre: Path, x509: str | None, titular: str | None, meses: int, frase_archivo: Path | None
) -> None:
    """Crea NOMBRE.llave, privada y protegida con una frase, y la llave pública que se entrega al INE.

    La pública es NOMBRE.pub (age), o NOMBRE.pem y NOMBRE.csr con --x509. Haga dos copias de la privada y
    resguárdelas aparte de su frase: sin ella nadie puede abrir los resultados.
    """
    if x509 is not None and not titular:
        raise click.UsageError("Con --x509 falta --titular, el nombre del OPL.")
    outputs = [
        f"{nombre}.llave",
        *([f"{nombre}.pub"] if x509 is None else [f"{nombre}.pem", f"{nombre}.csr"]),
    ]
    for path in map(Path, outputs):
        if path.exists():
            raise screen.CommandFailed(f"{path}: ya existe; una llave nunca se sobrescribe.")
    phrase = passphrase.new(frase_archivo)
    now = datetime.now(UTC).replace(microsecond=0)
    if x509 is None:
        recipient = _age(nombre, phrase, now)
    else:
        recipient = _x509(nombre, phrase, now, x509 == "ec", titular or "", meses)
    screen.good(f"Llave privada, que nunca se entrega: {outputs[0]}")
    screen.good(f"Llave pública, que se entrega al INE: {outputs[1]}")
    screen.say("Huella para leer en voz alta:")
    for line in spoken(recipient.fingerprint):
        screen.say(f"  {line}", "bold")


def _age(nombre: Path, phrase: str, now: datetime) -> Recipient:
    made, text = identity.new_age(now)
    _private(nombre, identity.seal_age(text, phrase))
    recipient: AgeRecipient = made.recipient
    atomic_file.create(Path(f"{nombre}.pub"), f"{recipient.text}\n".encode())
    return recipient


def _x509(nombre: Path, phrase: str, now: datetime, curve: bool, titular: str, meses: int) -> Recipient:
    until = now + timedelta(days=meses * DAYS_OF_MONTH)
    made, certificate = identity.new_x509(curve, titular, now, until)
    _private(nombre, identity.seal_x509(made, phrase))
    atomic_file.create(Path(f"{nombre}.csr"), identity.request(made, certificate))
    atomic_file.create(Path(f"{nombre}.pem"), certificate.public_bytes(Encoding.PEM))
    return X509Recipient(certificate)


def _private(nombre: Path, sealed: bytes) -> None:
    """First of all: a public key without its private one must never be handed in."""
    atomic_file.create(Path(f"{nombre}.llave"), sealed, atomic_file.PRIVATE)
