"""`certeza custodio`: what each trustee does, on an own machine without network, over a folder on a stick.

Order of every step: check what was received, save the private file, then hand out the message. If the machine
stops in between, running the step again hands out the same message.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import click

from api.cli import passphrase, screen
from api.cli.lazy import LazyGroup
from api.cli.spanish import PATH, Number
from keys import trustee_file
from keys.ceremony import rehearsal, rehearsal_folder, trustee_side
from keys.ceremony.announcement import Announcement
from keys.ceremony.certificate import (
    Certificate,
    check_certificates,
    decode_certificates,
    gamma_fingerprint,
    spoken,
)
from keys.ceremony.folder import GAMMA, RESULT, CeremonyFolder, inbox_name, vinput_name
from keys.ceremony.states import Kind
from keys.randomness import SystemRandomness
from keys.trustee_file import Stored, TrusteeFile

COORDINATOR = "quien coordina, con «certeza ceremonia avanzar»"
FOLDER = click.argument("carpeta", metavar="CARPETA", type=PATH)
KEY = click.option(
    "--llave",
    metavar="ARCHIVO",
    type=PATH,
    required=True,
    help="Su archivo privado, cifrado con su frase.",
)
PASSPHRASE = click.option(
    "--frase-archivo",
    metavar="ARCHIVO",
    type=PATH,
    help="Lee la frase de un archivo en vez de preguntarla.",
)
HUELLA = click.option(
    "--huella",
    metavar="TEXTO",
    help="La huella del conjunto de certificados que se leyó en voz alta; si no coincide, no se hace nada.",
)
_SERVICE = "api.cli.custodio_servicio"
LAZY: dict[str, tuple[str, str, str]] = {
    "apertura": ("api.cli.apertura", "apertura", "Verifica el registro público y escribe su aportación."),
    "entrar": (_SERVICE, "entrar", "Inicia su sesión en el servicio; su llave no se usa ni viaja."),
    "traer": (_SERVICE, "traer", "Trae del servicio la carpeta de la ceremonia."),
    "entregar": (_SERVICE, "entregar", "Entrega al servicio lo que su equipo dejó en la carpeta."),
    "estado": (_SERVICE, "estado", "Dibuja qué ha llegado de quién, según el servicio."),
    "publico": (_SERVICE, "publico", "Trae del servicio el registro público."),
    "aportar": (_SERVICE, "aportar", "Entrega su aportación al servicio y dice si es válida."),
}
"""Later steps, and what carries files to and from the service, each in its own module."""


@click.group("custodio", cls=LazyGroup, lazy=LAZY)
def custodio() -> None:
    """Su llave de custodio: crearla, usarla en la ceremonia y ensayar con ella, sin red.

    Con --servicio URL, lo que viaja va y viene por el servicio; esas órdenes no abren su llave.
    """


@dataclass(frozen=True, slots=True)
class Desk:
    """The folder, what it announces and the opened private file."""

    folder: CeremonyFolder
    announcement: Announcement
    path: Path
    phrase: str
    stored: Stored

    @property
    def own(self) -> TrusteeFile:
        return self.stored.content

    def save(self, content: TrusteeFile) -> None:
        """Write the private file when it changed."""
        if content != self.own:
            trustee_file.update(self.path, self.stored, content, self.phrase)


def open_desk(carpeta: Path, llave: Path, frase_archivo: Path | None) -> Desk:
    """Open the folder and the private file. Other steps, such as the opening, start here too."""
    folder = CeremonyFolder(carpeta)
    announcement = folder.announcement()
    trustee_file.require_file(llave)
    phrase = passphrase.existing(frase_archivo)
    desk = Desk(folder, announcement, llave, phrase, trustee_file.load(llave, phrase))
    trustee_side.require_same_ceremony(announcement, desk.own)
    return desk


def hand_out(folder: CeremonyFolder, kind: Kind, index: int, message: str) -> None:
    """Leave a message in the inbox, never over a different one."""
    name = inbox_name(kind, index)
    require_own_place(folder, name, message)
    folder.write(name, message.encode())
    screen.good(f"Entregue a quien coordina: {folder.root / name}")


def require_own_place(folder: CeremonyFolder, name: str, message: str | None) -> None:
    """Raises CommandFailed when a different message lies there: somebody else's, or an altered one."""
    there = folder.read(name)
    if there is not None and (message is None or there != message.encode()):
        raise screen.CommandFailed(
            f"{folder.root / name}: ya hay ahí otro mensaje, que no es el de su llave. "
            "¿Es este su índice? No se escribió nada."
        )


@custodio.command("certificado")
@FOLDER
@click.option("--indice", metavar="I", type=Number(), required=True, help="Su número de custodio.")
@KEY
@PASSPHRASE
def certificado(carpeta: Path, indice: int, llave: Path, frase_archivo: Path | None) -> None:
    """Paso 1: crea su llave y su certificado."""
    folder = CeremonyFolder(carpeta)
    announcement = folder.announcement()
    announcement.terms.require_index(indice, "--indice")
    _say_terms(announcement, indice)
    if llave.exists():
        own = _reopened(carpeta, indice, llave, frase_archivo)
    else:
        require_own_place(folder, inbox_name(Kind.CERTIFICATE, indice), None)
        own = trustee_side.begin(announcement, indice, SystemRandomness())
        trustee_file.create(llave, own, passphrase.new(frase_archivo))
        screen.good(f"Su llave, cifrada con su frase: {llave}. Guarde una copia en otro lugar.")
    hand_out(folder, Kind.CERTIFICATE, indice, own.certificado)
    made = Certificate.decode(announcement.group(), own.certificado.encode(), "certificado")
    screen.say("Huella de su certificado; anótela para compararla con el acta:")
    say_fingerprint(made.fingerprint)


def _reopened(carpeta: Path, indice: int, llave: Path, frase_archivo: Path | None) -> TrusteeFile:
    desk = open_desk(carpeta, llave, frase_archivo)
    if desk.own.indice != indice:
        raise screen.CommandFailed(
            f"{llave}: es la llave del custodio {desk.own.indice}, no del {indice}. No se escribió nada."
        )
    screen.say("Su llave ya existía: se entrega el mismo certificado.")
    return desk.own


def _say_terms(announcement: Announcement, indice: int) -> None:
    terms = announcement.terms
    screen.say(f"Ceremonia {announcement.id}, grupo {terms.group}")
    few = "1 cualquiera de ellos" if terms.threshold == 1 else f"{terms.threshold} cualesquiera de ellos"
    screen.say(f"Custodios: {terms.size}. Para abrir la urna bastan: {few}.", "bold")
    screen.say(f"Usted es: {indice}. {announcement.names[indice - 1]}")


def say_fingerprint(fingerprint: str) -> None:
    """In two lines of eight groups, as it is read aloud."""
    screen.say(f"  {spoken(fingerprint[:32])}\n  {spoken(fingerprint[32:])}", "bold")


@custodio.command("polinomio")
@FOLDER
@KEY
@PASSPHRASE
@HUELLA
def polinomio(carpeta: Path, llave: Path, frase_archivo: Path | None, huella: str | None) -> None:
    """Paso 2: revisa los certificados de todos y reparte su secreto entre ellos, cifrado."""
    desk = open_desk(carpeta, llave, frase_archivo)
    gamma = desk.folder.require(GAMMA, COORDINATOR)
    _compare(gamma_fingerprint(trustee_side.check_gamma(desk.announcement, gamma, desk.own)), huella)
    own = trustee_side.add_polynomial(desk.announcement, gamma, desk.own, SystemRandomness())
    require_own_place(desk.folder, inbox_name(Kind.POLYNOMIAL, own.indice), own.polinomio)
    desk.save(own)
    hand_out(desk.folder, Kind.POLYNOMIAL, own.indice, own.polinomio or "")


def _compare(found: str, heard: str | None) -> None:
    screen.say("Huella del conjunto de certificados:")
    say_fingerprint(found)
    if heard is None:
        screen.warn("compárela con la que se lee en voz alta; si no es la misma, no entregue su archivo.")
        return
    if re.sub(r"\s", "", heard).lower() != found:
        raise screen.CommandFailed(
            "La huella que se leyó en voz alta no es la de estos certificados: alguien pudo cambiarlos. "
            "No se escribió nada."
        )
    screen.good("Coincide con la que se leyó en voz alta.")


@custodio.command("verificar")
@FOLDER
@KEY
@PASSPHRASE
def verificar(carpeta: Path, llave: Path, frase_archivo: Path | None) -> None:
    """Paso 3: comprueba lo que cada custodio le repartió y obtiene su llave de descifrado."""
    desk = open_desk(carpeta, llave, frase_archivo)
    gamma = desk.folder.require(GAMMA, COORDINATOR)
    vinput = desk.folder.require(vinput_name(desk.own.indice), COORDINATOR)
    own = trustee_side.add_verification(desk.announcement, gamma, vinput, desk.own, SystemRandomness())
    require_own_place(desk.folder, inbox_name(Kind.VERIFICATION, own.indice), own.verificacion)
    screen.good(f"Las partes de los {own.custodios} custodios corresponden a lo que comprometieron.")
    desk.save(own)
    hand_out(desk.folder, Kind.VERIFICATION, own.indice, own.verificacion or "")


@custodio.command("huella")
@FOLDER
@click.option("--llave", metavar="ARCHIVO", type=PATH, help="Comprueba también la suya.")
@PASSPHRASE
@HUELLA
def huella(carpeta: Path, llave: Path | None, frase_archivo: Path | None, huella: str | None) -> None:
    """Muestra las huellas de los certificados, para compararlas con el acta que se lee en voz alta."""
    folder = CeremonyFolder(carpeta)
    announcement = folder.announcement()
    gamma = folder.require(GAMMA, COORDINATOR)
    own = None if llave is None else open_desk(carpeta, llave, frase_archivo).own
    certificates = _certificates(announcement, gamma, own)
    for certificate, name in zip(certificates, announcement.names, strict=True):
        index = certificate.context.index
        mine = " (usted)" if own is not None and own.indice == index else ""
        screen.say(f"{index}. {name}{mine}")
        say_fingerprint(certificate.fingerprint)
    _compare(gamma_fingerprint(certificates), huella)
    result = folder.read(RESULT)
    if own is not None and result is not None:
        group, trustees = announcement.group(), trustee_side.confirm(announcement, result, own)
        screen.good(f"{RESULT} está completo y correcto, y contiene su llave.")
        screen.say(f"Huella de {RESULT}; compárela con el acta que se lee en voz alta:")
        say_fingerprint(hashlib.sha256(result).hexdigest())
        screen.say("Llave pública de la consulta:")
        screen.say_whole(f"  {group.encode([trustees.election_key(group)])[0]}", "bold")


def _certificates(announcement: Announcement, gamma: bytes, own: TrusteeFile | None) -> list[Certificate]:
    if own is not None:
        return trustee_side.check_gamma(announcement, gamma, own)
    group = announcement.group()
    certificates = decode_certificates(group, gamma, GAMMA)
    check_certificates(group, announcement.terms, certificates, GAMMA)
    return certificates


@custodio.command("ensayo")
@FOLDER
@KEY
@PASSPHRASE
def ensayo(carpeta: Path, llave: Path, frase_archivo: Path | None) -> None:
    """Ensaya la apertura: responde al reto con su llave de descifrado."""
    desk = open_desk(carpeta, llave, frase_archivo)
    trustees = trustee_side.confirm(desk.announcement, desk.folder.require(RESULT, COORDINATOR), desk.own)
    data = desk.folder.require(rehearsal_folder.CHALLENGE, "quien coordina, con «certeza ceremonia ensayo»")
    group = desk.announcement.group()
    challenge = rehearsal.read_challenge(group, trustees, data, rehearsal_folder.CHALLENGE)
    owner, secret = trustee_side.decryption_key(trustees, desk.own)
    answer = rehearsal.make_answer(group, trustees, challenge, owner, secret, SystemRandomness())
    name = rehearsal_folder.answer_name(owner)
    desk.folder.write(name, answer.encode())
    screen.good(f"Su llave respondió. Entregue a quien coordina: {desk.folder.root / name}")
