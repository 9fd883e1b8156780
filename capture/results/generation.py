"""The job that makes a package: step E (001 §13.2), and the crossing of a periodo. It can be run again.

Order: the encrypted file is complete and durable under its path; then ONE transaction does step E and keeps
the row. A run that was stopped before leaves a file that nobody knows of, and the next run writes over it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from capture.blobs import Blobs
from capture.calendar import ZONE
from capture.processing.ports import Bodies, Boveda
from capture.records.moves import SISTEMA, Move
from capture.records.ports import Acts
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Filter
from capture.records.states import Causa, Estado
from capture.records.store_sql import SqlRecords
from capture.results.cross import Totals, crossings, csv_lines
from capture.results.keys_sql import Doer, key_in_force
from capture.results.layout import CROSSING, CROSSING_TOTALS
from capture.results.manifest import Head
from capture.results.package import Made, Packing, seal, spooled
from capture.results.ports import Leaves
from capture.results.process_package import seal_process
from capture.results.source_sql import SqlSource, snapshot
from capture.results.spool import Spool
from capture.results.steps import Evidence, Step, require_next
from capture.results.store_sql import Deliveries, Delivery, Package
from capture.results.tar import Part, whole
from capture.results.writing import write
from keys.canonical import encode_sorted
from keys.recipients.recipient import SUFFIXES, Recipient
from ledger.database import Database
from ledger.note import Signer

_DELIVERED = (Estado.COMPULSADO, Estado.CON_INCONSISTENCIA)
BATCH = 200
"""Records that become final in one transaction."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the job works with. `work`: a folder for encrypted files that are being written."""

    database: Database
    boveda: Boveda
    bodies: Bodies
    packages: Blobs
    leaves: Callable[[], Leaves]
    signer: Signer
    acts: Acts
    random: Callable[[int], bytes]
    clock: Callable[[], datetime]
    work: Path
    authority: str
    """The vkey of `signer`."""


class Generation:
    """Makes packages. One at a time for each delivery."""

    def __init__(self, workshop: Workshop) -> None:
        self._shop = workshop

    def process(self, delivery: str, who: Doer) -> Package:
        """Step E of a delivery. Raises ResultsRefusal when D is not done, or the records changed since."""
        shop = self._shop
        now = shop.clock()
        with snapshot(shop.database) as connection:
            deliveries = Deliveries(connection, shop.acts)
            found, done = deliveries.get(delivery), deliveries.done(delivery)
            require_next(Step.E, done)
            received = done[Step.A].counts["recibidos"]
            recipient = key_in_force(connection, found.periodo)
            head = Head(found.corte.value, found.opl, found.periodo, found.proceso, _spell(now), received)
            source = SqlSource(connection, shop.boveda, shop.bodies)
            packing = Packing(f"{found.proceso}-{head.tipo}", head, now, shop.signer)
            made, path = self._write(
                f"paquetes/{delivery}",
                recipient,
                lambda target: seal_process(packing, source, shop.leaves(), recipient, target)[0],
            )
        package = self._row(head, made, path, recipient, now, delivery)
        self._keep(found, package, who)
        return package

    def _keep(self, found: Delivery, package: Package, who: Doer) -> None:
        facts = {"manifiesto": package.manifiesto, "cifrado": package.cifrado, "llave": package.llave}
        with self._shop.database.writing() as connection:
            deliveries = Deliveries(connection, self._shop.acts)
            received = deliveries.done(found.id)[Step.A].counts["recibidos"]
            counts = {"renglones": received, "bytes": package.bytes}
            deliveries.do(found.id, Step.E, Evidence(package.hecho, who.account, counts, facts), who.role)
            deliveries.keep(package, who)

    def crossing(self, periodo: str, opl: str, who: Doer) -> Package:
        """The crossing of duplicates between the aspirantes of a periodo (APO-20)."""
        shop = self._shop
        now = shop.clock()
        id_ = str(UUID(bytes=shop.random(16), version=4))
        with snapshot(shop.database) as connection, Spool() as lines:
            recipient, totals = key_in_force(connection, periodo), Totals()
            for line in csv_lines(crossings(connection, periodo), totals):
                lines.write(line)
            head = Head("cruce", opl, periodo, None, _spell(now), totals.records)
            packing = Packing(f"cruce-{periodo}", head, now, shop.signer)
            made, path = self._write(
                f"paquetes/{id_}",
                recipient,
                lambda target: seal(packing, _crossing_parts(head, lines, totals), recipient, target),
            )
        package = self._row(head, made, path, recipient, now, None, id_)
        with shop.database.writing() as connection:
            Deliveries(connection, shop.acts).keep(package, who)
        return package

    def finish(self, proceso: str) -> int:
        """After the definitive package: what was settled becomes final. Run again, it goes on."""
        total = 0
        while batch := self._settled(proceso):
            with self._shop.database.writing() as connection:
                records = SqlRecords(connection, self._shop.acts)
                for folio, state in batch:
                    now = self._shop.clock()
                    records.transition(Move(folio, state, Estado.FINAL, SISTEMA, now, Causa.ENTREGA))
            total += len(batch)
        return total

    def _settled(self, proceso: str) -> list[tuple[str, Estado]]:
        with self._shop.database.reading() as connection:
            page = SqlRecordReading(connection).page(
                Filter(procesos=(proceso,), estados=_DELIVERED), size=BATCH
            )
        return [(record.folio, record.estado) for record in page]

    def _write(self, path: str, recipient: Recipient, make: Callable[[BinaryIO], Made]) -> tuple[Made, str]:
        final = f"{path}{SUFFIXES[recipient.kind]}"
        return write(self._shop.packages, self._shop.work, final, make), final

    def _row(
        self,
        head: Head,
        made: Made,
        path: str,
        recipient: Recipient,
        now: datetime,
        delivery: str | None,
        id_: str | None = None,
    ) -> Package:
        subject = head.proceso or head.periodo
        return Package(
            id=id_ or delivery or "",
            tipo=head.tipo,
            opl=head.opl,
            periodo=head.periodo,
            proceso=head.proceso,
            entrega=delivery,
            ruta=path,
            nombre=f"{subject}-{head.tipo}{SUFFIXES[recipient.kind]}",
            llave=recipient.fingerprint,
            manifiesto=made.manifest,
            cifrado=made.sealed,
            bytes=made.size,
            autoridad=self._shop.authority,
            hecho=now,
        )


def _crossing_parts(head: Head, lines: Spool, totals: Totals) -> Iterator[Part]:
    yield spooled(CROSSING, lines)
    whole_totals = {"esquema": "certeza/cruce/v1", "periodo": head.periodo, "instante": head.instante}
    yield whole(CROSSING_TOTALS, encode_sorted({**whole_totals, **totals.to_json()}))


def _spell(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat(timespec="seconds")
