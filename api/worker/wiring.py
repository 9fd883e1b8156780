"""Which adapters the worker stands on, which jobs there are, and what it looks for."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from uuid import UUID

from api.accounts.store_sessions import sweep
from api.acts.acts import SqlActs
from api.blobs.opening import open_blobs, uploads_folder
from api.compulsa.looking import padron_loops
from api.documents.opening import open_documents
from api.entrada.desk import open_authority
from api.intake.uploads import Uploads
from api.monitor.looking import monitor_loops
from api.outbox.delivery import Delivery
from api.outbox.inbox import MaildirInbox, Returns
from api.outbox.message import Channel
from api.outbox.outbox import Outbox
from api.outbox.ports import Carrier
from api.outbox.settings import OutboxSettings
from api.outbox.sms import FolderGateway, HttpGateway
from api.outbox.smtp import SmtpCarrier
from api.outbox.store_sql import SqlMessages
from api.patterns.looking import open_patterns, pattern_loop
from api.preregistro.looking import preregistro_loops
from api.reading import faces
from api.reading.opening import OpenReading
from api.reports.looking import report_loops
from api.results.jobs import open_bench, run_bench
from api.results.kinds import BENCH
from api.settings import Settings
from api.wiring import Clock, open_database, system_clock
from api.wiring_accounts import open_key
from api.worker.jobs import Job
from api.worker.loops import Loop
from api.worker.services import SeiHands, WorkerServices
from capture.processing.bodies import BlobBodies
from capture.processing.job import Processing
from capture.processing.opening import Tools
from capture.processing.periods_sql import SqlPeriods
from capture.vault.boveda import LocalBoveda
from capture.vault.chamber_folder import FolderChamber, create_master, read_master
from capture.vault.errors import VaultRefusal
from capture.vault.ports import KeyChamber
from tally.entrada.sessions_sql import sweep as sweep_voters

_ALL = (Job(BENCH, lambda services, _id: run_bench(services)),)
JOBS: Mapping[str, Job] = {job.name: job for job in _ALL}
"""Every job of every domain, by name."""


def build_worker(
    settings: Settings, clock: Clock = system_clock, random: Callable[[int], bytes] = os.urandom
) -> WorkerServices:
    """Open what the worker stands on.

    Raises VaultRefusal for a master file that is none, EngineRefusal for a face engine that is not there.
    """
    deepface = faces.ready(settings.reading, settings.data)
    database, blobs = open_database(settings), open_blobs(settings)
    acts, outbox = SqlActs(random), Outbox(clock, random)
    messages = SqlMessages(database, str(UUID(bytes=random(16), version=4)))
    documents = open_documents(settings, database, blobs, acts, clock, random)
    chamber = open_chamber(settings)
    boveda, reading = LocalBoveda(chamber), OpenReading(settings.reading, clock, deepface=deepface)
    patterns = open_patterns(settings, database, boveda, clock)
    tools = Tools(
        database=database,
        bodies=BlobBodies(blobs),
        boveda=boveda,
        reading=reading,
        periods=SqlPeriods(),
        acts=acts,
        clock=clock,
        patterns=patterns,
    )
    return WorkerServices(
        settings=settings,
        clock=clock,
        random=random,
        database=database,
        blobs=blobs,
        acts=acts,
        outbox=outbox,
        messages=messages,
        delivery=Delivery(
            messages,
            open_carriers(settings.outbox, settings.production),
            settings.outbox,
            clock,
            random,
            documents.attachment,
        ),
        documents=documents,
        chamber=chamber,
        boveda=boveda,
        reading=reading,
        processing=Processing(tools, settings.worker.record_threads, settings.worker.courtesy, time.sleep),
        patterns=patterns,
        sei=cache(lambda: _hands(settings, outbox, random)),
    )


def _hands(settings: Settings, outbox: Outbox, random: Callable[[int], bytes]) -> SeiHands:
    """Raises SettingsRefusal in production without the keys."""
    keeper = open_key(settings, random)
    return SeiHands(keeper, open_authority(settings, outbox, keeper))


def open_chamber(settings: Settings) -> KeyChamber:
    """The keys of processes. Outside of production a master identity is made when there is none."""
    master = settings.vault.master_file or settings.data / "secretos" / "maestra.age"
    if not master.exists():
        if settings.production:
            expected = "la identidad maestra, que crea «certeza boveda maestra»"
            raise VaultRefusal("boveda.maestra", str(master), expected, "ningún archivo")
        create_master(master)
    return FolderChamber(settings.vault.keys_folder or settings.data / "boveda", read_master(master))


def open_carriers(given: OutboxSettings, production: bool) -> dict[Channel, Carrier]:
    """How messages leave; a channel without settings has no carrier, and its messages wait."""
    carriers: dict[Channel, Carrier] = {}
    if given.smtp.host:
        carriers[Channel.CORREO] = SmtpCarrier(given.smtp)
    if given.sms.url:
        carriers[Channel.SMS] = HttpGateway(given.sms)
    elif given.sms.folder is not None and not production:
        carriers[Channel.SMS] = FolderGateway(given.sms.folder)
    return carriers


def loops_of(services: WorkerServices) -> list[Loop]:
    """What the worker looks for."""
    settings = services.settings
    uploads = Uploads(uploads_folder(settings))

    def tidy() -> None:
        uploads.sweep(settings.intake.abandoned_hours)
        services.messages.empty(services.clock() - timedelta(days=settings.outbox.keep_days))
        with services.database.writing() as db:
            sweep(db, services.clock())
            sweep_voters(db, services.clock())

    records = settings.worker.look_seconds
    return [
        Loop("registros", services.processing.process_all, records),
        pattern_loop(services.patterns, settings),
        *[_mail(services, channel) for channel in Channel],
        *_returns(services),
        Loop("trabajos", open_bench(services).run_pending, records),
        Loop("orden", tidy, settings.worker.tidy_seconds),
        *padron_loops(services),
        *report_loops(services),
        *preregistro_loops(services),
        *monitor_loops(services),
    ]


def _mail(services: WorkerServices, channel: Channel) -> Loop:
    """Channels do not wait for each other."""
    delivery, seconds = services.delivery, services.settings.outbox.seconds
    return Loop("mensajes", lambda: delivery.deliver_channel(channel), seconds)


def _returns(services: WorkerServices) -> list[Loop]:
    """Nothing where no folder of what came back is set."""
    given = services.settings.outbox
    if given.smtp.bounces_folder is None:
        return []
    returns = Returns(services.database, MaildirInbox(given.smtp.bounces_folder))
    return [Loop("rebotes", returns.look, given.bounces_seconds)]
