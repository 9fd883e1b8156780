"""`certeza captura`: a simulated device, to rehearse a period and to see what a server holds."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click
import httpx
from rich.console import Console

from api.cli import screen
from api.cli.lazy import LazyGroup
from api.cli.spanish import PATH, Number, Seconds
from api.demo.screen import Screen
from capture.device.capturing import Holder
from capture.device.courier import Courier, Patience
from capture.device.day import Offline, Sending, Sent
from capture.device.errors import TryAgain
from capture.device.folder import DeviceFolder
from capture.device.images import images
from capture.device.mischief import Mischief
from capture.device.people import invent
from capture.device.registering import Registering, register
from capture.device.service import Service
from capture.device.showing import Show, mosaics
from keys.randomness import SystemRandomness

T = TypeVar("T")
FOLDER = click.argument("carpeta", metavar="DIR", type=PATH)
SERVER = click.option("--servidor", metavar="URL", required=True, help="Por ejemplo http://127.0.0.1:8000")
_OWN_IMAGES_BYTES = 300_000
_MOST_AT_ONCE = 500
_MOST_RULES_SHOWN = 10


@click.group("captura", cls=LazyGroup)
def captura() -> None:
    """Un dispositivo simulado, con personas inventadas: captura, envía y comprueba sus acuses."""


@captura.command("registrar")
@FOLDER
@SERVER
@click.option("--proceso", metavar="ID", required=True, help="Id Proceso.")
@click.option("--auxiliar", metavar="ID", required=True, help="Id Auxiliar.")
@click.option("--correo", metavar="CORREO", required=True, help="El de la persona auxiliar.")
@click.option("--sesion", metavar="ARCHIVO", type=PATH, required=True, help="Con el testigo de su sesión.")
@click.option("--politica", metavar="ARCHIVO", type=PATH, help="De la bitácora; sin ella, la del servidor.")
def registrar(
    carpeta: Path,
    servidor: str,
    proceso: str,
    auxiliar: str,
    correo: str,
    sesion: Path,
    politica: Path | None,
) -> None:
    """Hace la llave del dispositivo y lo registra con la sesión de su persona auxiliar."""
    asked = Registering(
        proceso=proceso,
        auxiliar=auxiliar,
        correo=correo,
        session=sesion.read_text(encoding="utf-8").strip(),
        name=f"simulador en {socket.gethostname()}"[:100],
        person=invent(SystemRandomness()),
        images=images(_OWN_IMAGES_BYTES, os.urandom),
    )
    policy = politica.read_bytes() if politica else None
    holder = asyncio.run(_register(DeviceFolder(carpeta), servidor, asked, policy))
    screen.good(f"Dispositivo {holder.dispositivo}, registrado para {auxiliar} en {proceso}.")
    screen.say(f"Sigue: certeza captura simular {carpeta} --servidor {servidor} --registros N")


async def _register(folder: DeviceFolder, server: str, asked: Registering, policy: bytes | None) -> Holder:
    async with _service(server, 1) as service:
        folder.pin(await _through(service.policy()) if policy is None else policy)
        holder = await _through(register(service, asked, folder.key()))
    folder.set_holder(holder)
    return holder


@captura.command("simular")
@FOLDER
@SERVER
@click.option("--registros", type=Number(0, 100_000), default=10, show_default=True, help="Cuántos captura.")
@click.option("--kilobytes", type=Number(20, 3_500), default=1_000, show_default=True, help="De mosaicos.")
@click.option(
    "--imagenes",
    type=click.Choice(["mosaicos", "credenciales"]),
    default="mosaicos",
    show_default=True,
    help="Qué fotografía: mosaicos sin nada que leer, o credenciales dibujadas.",
)
@click.option(
    "--concurrencia", type=Number(1, _MOST_AT_ONCE), default=8, show_default=True, help="Envíos a la vez."
)
@click.option("--por-segundo", type=Seconds(0.01, 1_000), help="Cuántos envíos comienzan en un segundo.")
@click.option("--intentos", type=Number(1, 100), default=8, show_default=True, help="De cada registro.")
@click.option("--fallas", is_flag=True, help="Corta conexiones y reenvía registros, al azar.")
def simular(
    carpeta: Path,
    servidor: str,
    registros: int,
    kilobytes: int,
    imagenes: str,
    concurrencia: int,
    por_segundo: float | None,
    intentos: int,
    fallas: bool,
) -> int:
    """Captura sin conexión; luego envía lo pendiente, también lo de antes, y comprueba cada acuse."""
    folder, told = DeviceFolder(carpeta), Screen(Console(highlight=False))
    holder = folder.holder()
    if holder is None:
        raise screen.CommandFailed(
            f"{carpeta} no tiene un dispositivo registrado. Antes: certeza captura registrar"
        )
    outbox, key, randomness = folder.outbox(), folder.key(), SystemRandomness()
    offline = Offline(holder, key, outbox, _now, os.urandom, randomness)
    with told.stage("Captura sin conexión") as advance:
        offline.capture_many(registros, _shown(imagenes, kilobytes), advance)
    mischief = Mischief(randomness) if fallas else None

    async def send() -> tuple[Sent, int]:
        async with _service(servidor, concurrencia) as service:
            courier = Courier(service, Patience(intentos), mischief)
            sending = Sending(outbox, folder.policy(), courier, concurrencia, por_segundo)
            with told.stage("Envío") as advance:
                return await sending.all(advance), courier.failed

    return _summary(*asyncio.run(send()))


def _shown(images: str, kilobytes: int) -> Show:
    if images == "credenciales":
        from capture.specimens.records import credentials

        return credentials()
    return mosaics(kilobytes * 1000, os.urandom)


def _summary(sent: Sent, failed: int) -> int:
    count = len(sent.seconds)
    rate = count / sent.lasted if sent.lasted else 0.0
    screen.good(f"{count:,} acuses comprobados en {sent.lasted:.1f} s ({rate:.1f} por segundo)")
    quantiles = " · ".join(f"p{part:g} {sent.quantile(part / 100):.3f} s" for part in (50, 95, 99, 100))
    screen.say(f"  Del primer byte al acuse comprobado: {quantiles}")
    if failed:
        screen.say(f"  Solicitudes que no pasaron y se repitieron: {failed:,}")
    for rule, times in sent.refused.most_common(_MOST_RULES_SHOWN):
        screen.fail(f"{times:,} rechazados [{rule}]; siguen en el dispositivo")
    if sent.unreachable:
        screen.fail(f"{sent.unreachable:,} sin enviar: el servidor no respondió; repita la orden")
    return screen.REFUSED if sent.refused or sent.unreachable else screen.OK


@asynccontextmanager
async def _service(server: str, at_once: int) -> AsyncIterator[Service]:
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    try:
        async with httpx.AsyncClient(base_url=server, limits=limits) as http:
            yield Service(http)
    except httpx.InvalidURL:
        raise screen.CommandFailed(f"«{server}» no es la dirección de un servidor.") from None


async def _through(answer: Awaitable[T]) -> T:
    """What the server answers. Raises CommandFailed when there is no answer."""
    try:
        return await answer
    except TryAgain as failure:
        raise screen.CommandFailed(f"El servidor no responde ({failure.reason}).") from None


def _now() -> datetime:
    return datetime.now(UTC)
