"""`certeza custodio entrar`, `traer`, `entregar`, `estado`, `publico` and `aportar`: what travels, over HTTP.

None of them opens the private file: a machine without network makes the keys and the shares, with the other
orders of `certeza custodio`, and these carry what it handed out. They may run on one machine or on two.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click

from api.cli import custodio_vista as drawn
from api.cli import passphrase, remote, screen
from api.cli.custodio import FOLDER, say_fingerprint
from api.cli.remote import Remote
from api.cli.spanish import PATH
from keys.ceremony.folder import ANNOUNCEMENT, INBOX, CeremonyFolder
from keys.ceremony.states import Kind
from tally.archive import sha256
from tally.shares import SUMS, ShareHeading

SERVICE = click.option("--servicio", metavar="URL", required=True, help="La dirección del servicio.")
CONSULTA = click.option("--consulta", metavar="ID", required=True, help="El nombre de la consulta.")
SESSION = click.option("--sesion", metavar="ARCHIVO", type=PATH, help="La de «certeza custodio entrar».")
NEEDED = click.option(
    "--sesion", metavar="ARCHIVO", type=PATH, required=True, help="La de «certeza custodio entrar»."
)
REHEARSAL = "ensayo"
MADE_ANEW = ("acta.json", "acta.txt")
"""What the service writes again as the ceremony goes on; and all that is of a rehearsal."""
_MOST_HEADING = 1024


@click.command("entrar")
@SERVICE
@click.option("--sesion", metavar="ARCHIVO", type=PATH, required=True, help="Dónde guardar la sesión.")
@click.option("--correo", prompt="Correo", help="El de su cuenta.")
@click.option("--codigo", prompt="Código de su aplicación", help="Seis cifras, o un código de respaldo.")
@click.option(
    "--contrasena-archivo", metavar="ARCHIVO", type=PATH, help="Lee la contraseña en vez de preguntarla."
)
def entrar(servicio: str, sesion: Path, correo: str, codigo: str, contrasena_archivo: Path | None) -> None:
    """Inicia su sesión en el servicio: contraseña y código. Su llave de custodio no se usa ni viaja."""
    base = remote.service_at(servicio)
    form = {"correo": correo, "contrasena": _password(contrasena_archivo), "codigo": codigo.strip()}
    opened = Remote(base).send("POST", "/v1/sesion/contrasena", form={**form, "medio": "portador"})
    remote.save_session(sesion, base, opened["testigo"])
    screen.good(f"Sesión iniciada, hasta {opened['vence']}. Está en {sesion}: bórrelo al terminar.")


def _password(source: Path | None) -> str:
    return passphrase.existing(source, "Contraseña de su cuenta")


@click.command("traer")
@FOLDER
@SERVICE
@CONSULTA
@NEEDED
def traer(carpeta: Path, servicio: str, consulta: str, sesion: Path) -> None:
    """Trae la carpeta de la ceremonia, para trabajar en ella sin red."""
    service = remote.opened_with(sesion, remote.service_at(servicio))
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryFile() as archive:
        service.download(f"/v1/consultas/{consulta}/ceremonia/carpeta", archive)
        copy = Path(place)
        remote.unpack(archive, copy)
        names = sorted(p.relative_to(copy).as_posix() for p in copy.rglob("*") if p.is_file())
        source, own = CeremonyFolder(copy), CeremonyFolder(carpeta)
        new = [name for name in names if _is_new(source, own, name)]
        for name in new:
            own.write(name, source.require(name, "el servicio"))
    for name in new:
        screen.say(f"  {name}")
    screen.good(f"Carpeta al día: {carpeta} ({len(new)} archivos nuevos).")


def _is_new(source: CeremonyFolder, own: CeremonyFolder, name: str) -> bool:
    """Whether a file is to be written. Raises CommandFailed for another one where one lies."""
    there = own.read(name)
    if there is None:
        return True
    if there == source.read(name):
        return False
    if name in MADE_ANEW or name.startswith(f"{REHEARSAL}/"):
        return True
    what = "es de otra ceremonia" if name == ANNOUNCEMENT else f"tiene otro {name}"
    raise screen.CommandFailed(f"{own.root}: {what}. No se escribió nada; pregunte a quien coordina.")


@click.command("entregar")
@FOLDER
@SERVICE
@CONSULTA
@NEEDED
def entregar(carpeta: Path, servicio: str, consulta: str, sesion: Path) -> None:
    """Entrega lo que su equipo dejó en la carpeta: el mensaje de un paso, o la respuesta al ensayo."""
    service = remote.opened_with(sesion, remote.service_at(servicio))
    where, folder = f"/v1/consultas/{consulta}/ceremonia", CeremonyFolder(carpeta)
    view = service.get(where)
    waiting = [*_messages(folder, view), *_answers(folder, view)]
    if not waiting:
        screen.say("No hay nada por entregar: lo que hay en la carpeta ya llegó.")
    for name in waiting:
        view = service.send("PUT", f"{where}/{name}", folder.require(name, "certeza custodio"))
        screen.good(f"Entregado y aceptado: {name}")
    drawn.say_ceremony(view)


def _messages(folder: CeremonyFolder, view: dict[str, Any]) -> list[str]:
    """What lies in the inbox and was not accepted, in the order of the steps."""
    accepted = {(kind, one["indice"]) for one in view["custodios"] for kind in one["aceptados"]}
    return [
        f"{INBOX}/{kind.value}-{one['indice']}.json"
        for kind in Kind
        for one in view["custodios"]
        if (kind.value, one["indice"]) not in accepted and folder.received(kind, one["indice"]) is not None
    ]


def _answers(folder: CeremonyFolder, view: dict[str, Any]) -> list[str]:
    names = [(f"{REHEARSAL}/respuesta-{one['indice']}.json", one["ensayo"]) for one in view["custodios"]]
    return [name for name, arrived in names if not arrived and folder.read(name) is not None]


@click.command("estado")
@SERVICE
@CONSULTA
@SESSION
def estado(servicio: str, consulta: str, sesion: Path | None) -> None:
    """Dibuja qué ha llegado de quién: en la ceremonia, en la apertura y en la de las sumas con las Mesas.

    Lo de las aperturas es público; la ceremonia se ve con --sesion.
    """
    service = remote.opened_with(sesion, remote.service_at(servicio))
    found = service.get(f"/v1/consultas/{consulta}")
    screen.say(f"{found['nombre']}: {found['estado']}", "bold")
    if sesion is not None and found["estado"] in ("preparacion", "lista"):
        drawn.say_ceremony(service.get(f"/v1/consultas/{consulta}/ceremonia"))
    if found["estado"] in ("cerrada", "computada", "publicada"):
        drawn.say_opening("Apertura de las urnas", service.get(f"/v1/consultas/{consulta}/computo"))
    if found["estado"] == "publicada":
        drawn.say_opening(
            "Apertura de las sumas con las Mesas", service.get(f"/v1/consultas/{consulta}/sumas")
        )


@click.command("publico")
@click.argument("destino", metavar="DESTINO", type=PATH)
@SERVICE
@CONSULTA
def publico(destino: Path, servicio: str, consulta: str) -> None:
    """Trae el registro público, que «certeza custodio apertura» verifica antes de descifrar nada."""
    if destino.exists() and any(destino.iterdir()):
        raise screen.CommandFailed(f"{destino}: elija una carpeta nueva o vacía.")
    service = Remote(remote.service_at(servicio))
    with tempfile.TemporaryFile() as archive:
        service.download(f"/v1/consultas/{consulta}/publico.tar", archive)
        count = remote.unpack(archive, destino)
    screen.good(f"Registro público en {destino}: {count} archivos.")
    screen.say(f"Sigue: certeza custodio apertura {destino} --llave ARCHIVO --salida APORTACION")


@click.command("aportar")
@click.argument("archivo", metavar="APORTACION", type=PATH)
@SERVICE
@CONSULTA
@NEEDED
def aportar(archivo: Path, servicio: str, consulta: str, sesion: Path) -> int:
    """Entrega su aportación, de las urnas o de las sumas con las Mesas, y dice si es válida o por qué no."""
    service = remote.opened_with(sesion, remote.service_at(servicio))
    with archivo.open("rb") as file:
        heading = ShareHeading.from_line(file.readline(_MOST_HEADING), archivo.name)
        file.seek(0)
        data = file.read()
    where = f"/v1/consultas/{consulta}/" + ("sumas" if heading.kind == SUMS else "computo")
    post = f"/v1/consultas/{consulta}/" + ("sumas/aportaciones" if heading.kind == SUMS else "aportaciones")
    verdict = service.send("POST", post, data)
    screen.say("Huella de su aportación:")
    say_fingerprint(sha256(data))
    accepted = verdict["estado"] == "aceptada"
    if accepted:
        screen.good("El servicio la revisó completa: es válida.")
    else:
        screen.fail(f"No es válida: {verdict['motivo']}")
    title = "Apertura de las sumas con las Mesas" if heading.kind == SUMS else "Apertura de las urnas"
    drawn.say_opening(title, service.get(where))
    return screen.OK if accepted else screen.REFUSED
