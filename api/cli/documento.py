"""`certeza documento`: signing official documents, stamping them, and an authority for trials."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli import passphrase, screen
from api.cli.lazy import LazyGroup
from api.cli.serving import HOST, PORT, address, listen, serve
from api.cli.spanish import PATH, Number
from keys import atomic_file
from keys.documents import authority_folder
from keys.documents.authority_folder import Making
from keys.documents.certificate import holder, number
from keys.documents.key_file import LocalSigner, read_key_file
from keys.documents.profile import SERIAL_BITS, Subject

FOLDER = click.argument("carpeta", metavar="DIR", type=PATH)
PHRASE = click.option(
    "--frase-archivo", metavar="ARCHIVO", type=PATH, help="Donde está la frase; sin él, se pide."
)
OWN_PHRASE = click.option(
    "--frase-firmante-archivo",
    metavar="ARCHIVO",
    type=PATH,
    help="Donde está la frase de quien firmará; sin él, se pide.",
)


@click.group("documento", cls=LazyGroup)
def documento() -> None:
    """Documentos oficiales: firma electrónica, sello de tiempo y una autoridad para ensayos."""


@documento.command("firmar")
@click.argument("archivo", metavar="PDF", type=PATH)
@click.option("--llave", metavar="ARCHIVO", type=PATH, required=True, help="PKCS #12 o PEM de quien firma.")
@click.option("--certificado", metavar="ARCHIVO", type=PATH, help="El certificado, si no viene con la llave.")
@click.option("--sello", metavar="URL", required=True, help="La autoridad de sellos de tiempo (RFC 3161).")
@click.option("--firmas", metavar="N", type=Number(1, 16), default=1, help="Cuántas personas firmarán.")
@click.option("--salida", metavar="ARCHIVO", type=PATH, required=True, help="El documento ya firmado.")
@PHRASE
def firmar(
    archivo: Path,
    llave: Path,
    certificado: Path | None,
    sello: str,
    firmas: int,
    salida: Path,
    frase_archivo: Path | None,
) -> None:
    """Añade una firma electrónica con sello de tiempo (PAdES) a un PDF. Las que ya tenía siguen valiendo."""
    from keys.documents.pades import sign
    from ledger.stamp_http import HttpStamps

    given = None if certificado is None else certificado.read_bytes()
    signer = read_key_file(llave.read_bytes(), passphrase.existing(frase_archivo), llave.name, given)
    signed = sign(archivo.read_bytes(), signer, HttpStamps(sello), firmas)
    atomic_file.replace(salida, signed)
    _told("Firmó", signer)
    screen.good(f"Documento firmado: {salida}")


@documento.command("archivar")
@click.argument("archivo", metavar="PDF", type=PATH)
@click.option("--ancla", metavar="ARCHIVO", type=PATH, required=True, multiple=True, help="Autoridades, PEM.")
@click.option("--crl", metavar="ARCHIVO", type=PATH, required=True, multiple=True, help="Listas, PEM.")
@click.option("--sello", metavar="URL", required=True, help="La autoridad de sellos de tiempo (RFC 3161).")
@click.option("--salida", metavar="ARCHIVO", type=PATH, required=True, help="El documento para archivar.")
def archivar(archivo: Path, ancla: tuple[Path, ...], crl: tuple[Path, ...], sello: str, salida: Path) -> None:
    """Añade a un PDF firmado los certificados, las listas de revocación y un sello de todo (PAdES B-LTA).

    Así se comprueba aunque los certificados venzan. Hágalo otra vez antes de que venza el del último sello.
    """
    from keys.documents.certificate import read_certificates, read_revocations
    from keys.documents.pades import archive
    from ledger.stamp_http import HttpStamps

    anchors = [der for path in ancla for der in read_certificates(path.read_bytes(), str(path))]
    lists = [der for path in crl for der in read_revocations(path.read_bytes(), str(path))]
    atomic_file.replace(salida, archive(archivo.read_bytes(), anchors, lists, HttpStamps(sello)))
    screen.good(f"Documento para archivar: {salida}")


@documento.command("sello-de-tiempo")
@FOLDER
@PORT
@HOST
@PHRASE
def sello_de_tiempo(carpeta: Path, puerto: int, direccion: str, frase_archivo: Path | None) -> None:
    """Atiende como autoridad de sellos de tiempo (RFC 3161) hasta que se le detenga (Ctrl+C).

    DIR es la carpeta de una autoridad de ensayo. La hora es la de este equipo: manténgala en punto (NTP).
    """
    from keys.documents.stamping import OwnStamps, StampingAuthority
    from ledger.stamp_server import StampApp

    data = (carpeta / authority_folder.STAMPS).read_bytes()
    signer = read_key_file(data, passphrase.existing(frase_archivo), authority_folder.STAMPS)
    stamps = OwnStamps(StampingAuthority(signer), _now, _serial)
    listening = listen(direccion, puerto)
    screen.say(f"{holder(signer.certificate)} en {address(listening)}")
    serve(listening, StampApp(stamps))
    screen.say("La autoridad de sellos de tiempo se detuvo.")


@documento.group("autoridad")
def autoridad() -> None:
    """Una autoridad certificadora para ensayos; un instituto trae la suya."""


@autoridad.command("crear")
@FOLDER
@click.option("--institucion", metavar="NOMBRE", required=True, help="Como irá en los certificados.")
@PHRASE
def crear(carpeta: Path, institucion: str, frase_archivo: Path | None) -> None:
    """Crea la autoridad, la de sellos de tiempo y una lista de revocación vacía."""
    authority_folder.create(carpeta, institucion, _making(), passphrase.new(frase_archivo))
    screen.good(f"Autoridad de ensayo en {carpeta}")
    screen.say(f"Para comprobar sus documentos: --ancla {carpeta / authority_folder.ROOT}")
    screen.say(f"                               --crl {carpeta / authority_folder.LIST}")


@autoridad.command("emitir")
@FOLDER
@click.option("--nombre", metavar="NOMBRE", required=True, help="De quien firmará.")
@click.option("--institucion", metavar="NOMBRE", required=True, help="Donde trabaja.")
@click.option("--area", metavar="NOMBRE", help="Su unidad o dirección.")
@PHRASE
@OWN_PHRASE
def emitir(
    carpeta: Path,
    nombre: str,
    institucion: str,
    area: str | None,
    frase_archivo: Path | None,
    frase_firmante_archivo: Path | None,
) -> None:
    """Hace la llave y el certificado de alguien que firmará documentos."""
    phrase = passphrase.existing(frase_archivo)
    own = passphrase.new(frase_firmante_archivo)
    try:
        subject = Subject(nombre, institucion, area)
        path = authority_folder.issue_person(carpeta, subject, _making(), phrase, own)
    except ValueError as error:
        raise screen.CommandFailed(f"Un nombre no cabe en un certificado: {error}") from None
    _told("Certificado de", read_key_file(path.read_bytes(), own, path.name))
    screen.good(f"Llave: {path}")


@autoridad.command("revocar")
@FOLDER
@click.option("--certificado", metavar="NÚMERO", required=True, help="Como se imprime en los documentos.")
@PHRASE
def revocar(carpeta: Path, certificado: str, frase_archivo: Path | None) -> None:
    """Revoca un certificado desde este momento y hace de nuevo la lista de revocación."""
    if not certificado.isascii() or not certificado.isdigit():
        raise screen.CommandFailed("El número de un certificado son sólo cifras.")
    authority_folder.revoke(carpeta, int(certificado), _now(), passphrase.existing(frase_archivo))
    screen.good(f"Revocado. Lista: {carpeta / authority_folder.LIST}")


@autoridad.command("lista")
@FOLDER
@PHRASE
def lista(carpeta: Path, frase_archivo: Path | None) -> None:
    """Hace de nuevo la lista de revocación, con la fecha de hoy; vale treinta días."""
    authority_folder.renew_list(carpeta, _now(), passphrase.existing(frase_archivo))
    screen.good(f"Lista: {carpeta / authority_folder.LIST}")


def _told(what: str, signer: LocalSigner) -> None:
    screen.say(f"{what} {holder(signer.certificate)}, certificado {number(signer.certificate)}")


def _making() -> Making:
    return Making(_now(), _serial)


def _now() -> datetime:
    return datetime.now(UTC)


def _serial() -> int:
    return secrets.randbits(SERIAL_BITS) | 1
