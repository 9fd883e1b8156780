"""Serving an ASGI application from the command line, until the person stops it."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

import click

from api.cli import screen
from api.cli.spanish import Number
from keys.system_error import reason

if TYPE_CHECKING:
    from api.http.settings import HttpSettings

LOOPBACK = "127.0.0.1"
SWITCH_SECONDS = 0.001
"""How long a thread of the service may compute while another one waits for the interpreter. Handlers wait for
the database some tens of times: with Python's own 5 ms each of those waits is as long as its query. Measured
with `tools.bench` under full load: a quarter more ballots a second, a fifth more entries."""
PORT = click.option("--puerto", metavar="N", type=Number(0, 65535), required=True, help="0 elige uno libre.")
HOST = click.option("--direccion", metavar="IP", default=LOOPBACK, show_default=True, help="Dónde escuchar.")


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises CommandFailed, in words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise screen.CommandFailed(
            f"No se puede escuchar en {host}, puerto {port}: {reason(error)}."
        ) from None


def address(listening: socket.socket) -> str:
    """Its URL, for people."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def configuration(application: Any) -> Any:
    """How uvicorn serves an application in the open."""
    import uvicorn

    from api.cli.connections import MAX_CONNECTIONS, Connection

    return uvicorn.Config(
        application,
        http=Connection,
        backlog=100,  # how many are accepted before any of them is looked at
        lifespan="off",
        log_level="error",  # anybody could fill the terminal with warnings
        ws="none",
        access_log=False,
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS + 56,  # it counts connections too; more are never held
        timeout_keep_alive=15,
        timeout_graceful_shutdown=5,
    )


def serve(listening: socket.socket, application: Any) -> None:
    """Answer requests until Ctrl+C or SIGTERM."""
    import uvicorn

    # uvicorn raises the signal that stopped it once more when it is done; by then it is no news.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    uvicorn.Server(configuration(application)).run(sockets=[listening])


def serve_service(listening: socket.socket, application: Any, http: HttpSettings) -> None:
    """Answer requests of the HTTP service until Ctrl+C or SIGTERM; what is being answered ends first."""
    import uvicorn

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    configuration = uvicorn.Config(
        application,
        backlog=1024,
        log_config=None,  # the service writes its own lines
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=bool(http.trusted_proxies),
        forwarded_allow_ips=list(http.trusted_proxies),
        timeout_keep_alive=int(http.idle_seconds),
        timeout_graceful_shutdown=int(http.finish_seconds),
    )
    configuration.load()
    # What is there now stays until the end: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_SECONDS)
    uvicorn.Server(configuration).run(sockets=[listening])
