"""The place where the rehearsal happens: the service over HTTP, the processing service, a mail server, an
identity provider.

All are the real ones, in threads of this process so that they share a clock; the rest of the town talks to
them over sockets.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from api import wiring
from api.accounts.settings import AccountsSettings, Provider
from api.database_version import migrate
from api.demo.apoyo.clock import MovedClock
from api.demo.apoyo.plan import ApoyoPlan
from api.demo.patience import PATIENCE_SECONDS, database_in
from api.http import logs
from api.http.settings import HttpSettings, RateSettings
from api.outbox.settings import OutboxSettings, SmtpSettings
from api.padron.settings import PadronSettings, make_key
from api.public_log.settings import LogSettings
from api.reading.settings import ReadingSettings
from api.services import Services
from api.settings import Settings
from api.trial.mailbox import TrialMailbox, trial_mailbox
from api.trial.oidc_provider import TrialProvider, trial_provider
from api.vault.running import running_vault
from api.vault.settings import VaultSettings
from api.worker.loops import Loop
from api.worker.services import WorkerServices
from api.worker.settings import WorkerSettings
from api.worker.wiring import build_worker, loops_of

LOOPBACK = "127.0.0.1"
PROVIDER, APP, WEB = "ensayo", "app", "web"
BY_HAND = frozenset({"registros", "mensajes"})
"""What the rehearsal tells the processing service to do, so that it can show a moment in the middle."""
_LOTS = "1000000 per 1 second"


@dataclass(frozen=True)
class Town:
    """What the people of the rehearsal reach, and what the rehearsal itself looks at."""

    plan: ApoyoPlan
    clock: MovedClock
    url: str
    settings: Settings
    services: Services
    worker: WorkerServices
    mailbox: TrialMailbox
    provider: TrialProvider

    @property
    def data(self) -> Path:
        """Everything that the service keeps."""
        return self.settings.data

    def deliver(self) -> int:
        """Send the mail that waits, once its time has come."""
        self.clock.wait(self.settings.outbox.group_seconds + 1)
        return self.worker.delivery.deliver_all()


@contextmanager
def running_town(plan: ApoyoPlan) -> Iterator[Town]:
    """Everything runs while the block does."""
    clock, data = MovedClock(plan.start), plan.output / "servicio"
    port = _free_port()
    url = f"http://{LOOPBACK}:{port}"
    with ExitStack() as stack:
        box = stack.enter_context(trial_mailbox(plan.output / "correo"))
        clients = {WEB: (f"{url}/v1/sesion/oidc/regreso",)}
        provider = stack.enter_context(trial_provider(clients, clock.seconds))
        settings = _settings(data, url, box.port, provider.issuer)
        _prepare(settings)
        log = stack.enter_context((plan.output / "servicio.log").open("w", encoding="utf-8"))
        logs.configure(log)
        stack.callback(logs.configure)
        services, worker = wiring.build_services(settings, clock), build_worker(settings, clock)
        stack.enter_context(_vault(worker))
        stack.enter_context(_server(services, port))
        stack.enter_context(_looking([loop for loop in loops_of(worker) if loop.name not in BY_HAND]))
        yield Town(plan, clock, url, settings, services, worker, box, provider)


def _settings(data: Path, url: str, mail_port: int, issuer: str) -> Settings:
    rates = RateSettings(reading=_LOTS, writing=_LOTS, packets=_LOTS, secrets=_LOTS)
    known = Provider(
        name=PROVIDER,
        title="Proveedor de ensayo",
        issuer=issuer,
        client_id=WEB,
        app_client_ids=(APP,),
        trial=True,
    )
    smtp = SmtpSettings(
        host=LOOPBACK,
        port=mail_port,
        security="ninguna",
        sender="no-responder@ensayo.example",
        timeout_seconds=PATIENCE_SECONDS,
    )
    return Settings(
        data=data,
        database=database_in(data),
        http=HttpSettings(public_url=url),
        rates=rates,
        accounts=AccountsSettings(providers=(known,), institutional_domains=("ine.mx",)),
        outbox=OutboxSettings(smtp=smtp),
        padron=PadronSettings(key_file=data / "secretos" / "padron.llave", compulsa_seconds=0.5),
        reading=ReadingSettings(engine="dispositivo"),
        worker=WorkerSettings(look_seconds=0.2),
        vault=VaultSettings(timeout_seconds=PATIENCE_SECONDS),
        logs=LogSettings(
            origin="ensayo.example",
            public_folder=data.parent / "publico",
            seal_seconds=0.05,
            pump_seconds=0.5,
        ),
    )


def _prepare(settings: Settings) -> None:
    database = wiring.open_database(settings)
    migrate(database)
    database.engine.dispose()
    if settings.padron.key_file is not None:
        settings.padron.key_file.parent.mkdir(parents=True, exist_ok=True)
        make_key(settings.padron.key_file)


@contextmanager
def _vault(worker: WorkerServices) -> Iterator[None]:
    settings = worker.settings
    with running_vault(
        worker.chamber, settings.vault.socket or settings.data / "boveda.sock", settings.vault
    ):
        yield
    worker.database.engine.dispose()


@contextmanager
def _server(services: Services, port: int) -> Iterator[None]:
    app = wiring.application_of(services)
    server = uvicorn.Server(uvicorn.Config(app, LOOPBACK, port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, name="servidor", daemon=True)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def _looking(loops: list[Loop]) -> Iterator[None]:
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.stop()


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as free:
        return int(free.getsockname()[1])
