"""What results, requests and retention stand on, made once per process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from api.acts.acts import LogName, SqlActs, put_leaf
from api.public_log import signing_key
from api.public_log.open_logs import log_folder
from api.results.bench import Bench
from api.results.placed_leaves import PlacedLeaves
from api.settings import Settings
from capture.blobs import Blobs, FolderBlobs
from capture.processing.chamber import ChamberBoveda
from capture.requests.answer import Answering
from capture.requests.store_sql import Requests
from capture.results.deadlines import Terms
from capture.results.evidence import EvidenceOf
from capture.results.generation import Generation, Workshop
from capture.results.keys_sql import Doer
from capture.results.leaves import PublishedLeaves
from capture.results.source_sql import SqlSource, snapshot
from capture.results.steps import Corte, Step
from capture.results.store_sql import Deliveries
from capture.retention.backup import Backup, BodiesWithBackup
from capture.retention.purge import Purge, PurgeTools
from capture.vault.ports import KeyChamber
from ledger.database import Database
from ledger.store_folder import FolderStorage

CONCILIATION, PACKAGE, CROSSING = "conciliacion", "paquete", "cruce"
ANSWER, BACKUP, PURGE = "requerimiento", "respaldo", "destruccion"


@dataclass(frozen=True, slots=True)
class Desk:
    """`authority`: the vkey that OPLs verify packages with."""

    workshop: Workshop
    bench: Bench
    purge: Purge
    terms: Terms
    authority: str
    institute: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What the service has already."""

    settings: Settings
    database: Database
    blobs: Blobs
    chamber: KeyChamber
    acts: SqlActs
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]


def open_desk(ground: Ground) -> Desk:
    """Open it; the signing key and the folders are made when they are not there."""
    settings, data = ground.settings.results, ground.settings.data
    backup = FolderBlobs(settings.backup_folder or data / "respaldo")
    key_file = settings.authority_key_file or data / "secretos" / "resultados.llave"
    signer = signing_key.load_or_create(key_file, settings.authority_name, ground.random)
    storage = FolderStorage(log_folder(ground.settings, LogName.APOYO))
    known = PlacedLeaves(ground.database)
    workshop = Workshop(
        database=ground.database,
        boveda=ChamberBoveda(ground.chamber),
        bodies=BodiesWithBackup(ground.blobs, backup),
        packages=ground.blobs,
        leaves=lambda: PublishedLeaves(storage, known),
        signer=signer,
        acts=ground.acts,
        random=ground.random,
        clock=ground.clock,
        work=settings.work_folder or data / "taller",
    )
    purge = Purge(_purge_tools(ground, backup))
    kinds = _Kinds(ground, workshop, backup, purge).all()
    bench = Bench(ground.database, kinds, ground.clock, ground.random, settings.look_seconds)
    return Desk(workshop, bench, purge, settings.terms, signer.key.encode(), settings.institute)


def _purge_tools(ground: Ground, backup: Blobs) -> PurgeTools:
    def held(connection: Connection, proceso: str) -> int:
        return Requests(connection, ground.acts).held(proceso)

    return PurgeTools(
        ground.database,
        ground.chamber,
        (ground.blobs, backup),
        ground.acts,
        lambda db, key, entry: put_leaf(db, LogName.APOYO, key, entry),
        held,
        ground.clock,
        ground.settings.results.terms,
    )


class _Kinds:
    """What each job does."""

    def __init__(self, ground: Ground, workshop: Workshop, backup: Blobs, purge: Purge) -> None:
        self._ground, self._shop, self._backup, self._purge = ground, workshop, backup, purge

    def all(self) -> dict[str, Callable[[str, Doer], str]]:
        """By kind."""
        return {
            CONCILIATION: self.conciliation,
            PACKAGE: self.package,
            CROSSING: self.crossing,
            ANSWER: self.answer,
            BACKUP: self.backup,
            PURGE: self.purge,
        }

    def conciliation(self, delivery: str, who: Doer) -> str:
        """Step D."""
        shop = self._shop
        with snapshot(shop.database) as connection:
            proceso = Deliveries(connection, shop.acts).get(delivery).proceso
            source = SqlSource(connection, shop.boveda, shop.bodies)
            leaves = shop.leaves()
            if not isinstance(leaves, PublishedLeaves):
                raise TypeError("the log cannot count")
            evidence = EvidenceOf(connection, proceso, who.account, shop.clock()).conciliation(source, leaves)
        with shop.database.writing() as connection:
            Deliveries(connection, shop.acts).do(delivery, Step.D, evidence, who.role)
        return delivery

    def package(self, delivery: str, who: Doer) -> str:
        """Step E; after a definitive one what was settled becomes final."""
        generation = Generation(self._shop)
        with self._shop.database.reading() as connection:
            deliveries = Deliveries(connection, self._shop.acts)
            found, done = deliveries.get(delivery), deliveries.done(delivery)
        if Step.E not in done:
            generation.process(delivery, who)
        if found.corte is Corte.DEFINITIVO:
            generation.finish(found.proceso)
        return delivery

    def crossing(self, periodo: str, who: Doer) -> str:
        """The crossing of a periodo."""
        with self._shop.database.reading() as connection:
            opl = Deliveries(connection, self._shop.acts).opl_of(periodo)
        return Generation(self._shop).crossing(periodo, opl, who).id

    def answer(self, request: str, who: Doer) -> str:
        """The package of a request."""
        return Answering(self._shop, self._ground.settings.results.institute).answer(request, who).id

    def backup(self, proceso: str, who: Doer) -> str:
        """Bodies to the backup."""
        ground = self._ground
        terms = ground.settings.results.terms
        backup = Backup(ground.database, ground.blobs, self._backup, ground.acts, ground.clock, terms)
        backup.run(proceso, who)
        return proceso

    def purge(self, proceso: str, _who: Doer) -> str:
        """A destruction that was ordered."""
        self._purge.run(proceso)
        return proceso
