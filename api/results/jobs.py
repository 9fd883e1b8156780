"""What the jobs of results, requests and retention do, in the processing service: only it has the keys."""

from __future__ import annotations

from api.acts.acts import LogName, put_leaf
from api.public_log import signing_key
from api.public_log.open_logs import log_folder
from api.results.bench import Bench, Job
from api.results.kinds import Kind
from api.results.placed_leaves import PlacedLeaves, wait_until_placed
from api.worker.services import WorkerServices
from capture.blobs import Blobs, FolderBlobs
from capture.requests.answer import Answering
from capture.results.evidence import EvidenceOf
from capture.results.generation import Generation, Workshop
from capture.results.keys_sql import Doer
from capture.results.leaves import PublishedLeaves
from capture.results.source_sql import SqlSource, snapshot
from capture.results.steps import Corte, Step
from capture.results.store_sql import Deliveries
from capture.retention.backup import Backup, BodiesWithBackup
from capture.retention.purge import Purge, PurgeTools
from ledger.store_folder import FolderStorage


def open_bench(services: WorkerServices) -> Bench:
    """Open it; the signing key and the folders are made when they are not there."""
    return Bench(services.database, ResultsJobs(services).kinds(), services.clock)


def run_bench(services: WorkerServices) -> int:
    """Do what is due now; how many jobs ended."""
    return open_bench(services).run_pending()


class ResultsJobs:
    """What each kind of job does."""

    def __init__(self, services: WorkerServices) -> None:
        self._services = services
        settings, data = services.settings.results, services.settings.data
        self._backup: Blobs = FolderBlobs(settings.backup_folder or data / "respaldo")
        key_file = settings.authority_key_file or data / "secretos" / "resultados.llave"
        signer = signing_key.load_or_create(key_file, settings.authority_name, services.random)
        self._storage = FolderStorage(log_folder(services.settings, LogName.APOYO))
        self._known = PlacedLeaves(services.database)
        self._shop = Workshop(
            database=services.database,
            boveda=services.boveda,
            bodies=BodiesWithBackup(services.blobs, self._backup),
            packages=services.blobs,
            leaves=self._leaves,
            signer=signer,
            acts=services.acts,
            random=services.random,
            clock=services.clock,
            work=settings.work_folder or data / "taller",
            authority=signer.key.encode(),
        )

    def kinds(self) -> dict[str, Job]:
        """By name."""
        return {
            Kind.CONCILIATION: self.conciliation,
            Kind.PACKAGE: self.package,
            Kind.CROSSING: self.crossing,
            Kind.ANSWER: self.answer,
            Kind.BACKUP: self.backup,
            Kind.PURGE: self.purge,
        }

    def _leaves(self) -> PublishedLeaves:
        return PublishedLeaves(self._storage, self._known)

    def conciliation(self, delivery: str, who: Doer) -> str:
        """Step D."""
        shop = self._shop
        wait_until_placed(shop.database)
        with snapshot(shop.database) as connection:
            proceso = Deliveries(connection, shop.acts).get(delivery).proceso
            source = SqlSource(connection, shop.boveda, shop.bodies)
            counted = EvidenceOf(connection, proceso, who.account, shop.clock())
            evidence = counted.conciliation(source, self._leaves())
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
        documents, institute = self._services.documents, self._services.settings.results.institute
        answering = Answering(self._shop, institute, lambda cedula: documents.sign(cedula).pdf)
        return answering.answer(request, who).id

    def backup(self, proceso: str, who: Doer) -> str:
        """Bodies to the backup."""
        services = self._services
        terms = services.settings.results.terms
        backup = Backup(services.database, services.blobs, self._backup, services.acts, services.clock, terms)
        backup.run(proceso, who)
        return proceso

    def purge(self, proceso: str, _who: Doer) -> str:
        """A destruction that was ordered."""
        services = self._services
        tools = PurgeTools(
            services.database,
            services.chamber,
            (services.blobs, self._backup),
            services.acts,
            lambda db, key, entry: put_leaf(db, LogName.APOYO, key, entry),
            services.clock,
        )
        Purge(tools).run(proceso)
        return proceso
