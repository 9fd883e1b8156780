"""Answering a request: the cédulas electrónicas that it asks for, encrypted to whoever may open them.

Each access is an act before anything is opened. A run that was stopped is run again, and logs its accesses
again: they happened twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from capture.calendar import ZONE
from capture.records.reading_sql import SqlRecordReading
from capture.requests.cedula_document import document
from capture.requests.store_sql import Requests
from capture.results import cedula
from capture.results.generation import Workshop
from capture.results.keys_sql import Doer
from capture.results.layout import CEDULAS
from capture.results.manifest import Head
from capture.results.package import Packing, seal
from capture.results.source_sql import SqlSource, snapshot
from capture.results.store_sql import Deliveries, Package
from capture.results.tar import Part, whole
from capture.results.writing import write
from keys.recipients.recipient import SUFFIXES, parse_recipient
from ledger.document import Document

PDF = "cedula.pdf"
Sign = Callable[[Document], bytes]
"""The signed and stamped PDF of a document. Raises DocumentRefusal, OSError."""


class Answering:
    """Makes the packages of requests. `institute`: who issues the cédulas; `sign`: signs each."""

    def __init__(self, workshop: Workshop, institute: str, sign: Sign) -> None:
        self._shop = workshop
        self._institute = institute
        self._sign = sign

    def answer(self, id_: str, who: Doer) -> Package:
        """Make it, keep it, and the request is answered. Raises RequestRefusal, or what opening raises."""
        shop = self._shop
        now = shop.clock()
        with shop.database.writing() as connection:
            requests = Requests(connection, shop.acts)
            row, folios = requests.get(id_), requests.access(id_, who, now)
        with snapshot(shop.database) as connection:
            package = self._make(connection, row, folios, now)
        with shop.database.writing() as connection:
            Deliveries(connection, shop.acts).keep(package, who)
            Requests(connection, shop.acts).answered(id_, id_, who, shop.clock())
        return package

    def _make(self, connection: Connection, row: Any, folios: list[str], now: datetime) -> Package:
        shop = self._shop
        recipient = parse_recipient(row.destinatario.encode())
        periodo = Deliveries(connection, shop.acts).periodo_of(row.proceso)
        instant = now.astimezone(ZONE).isoformat(timespec="seconds")
        head = Head("requerimiento", row.opl, periodo, row.proceso, instant, len(folios))
        packing = Packing(f"requerimiento-{row.id}", head, now, shop.signer)
        name = f"requerimiento-{row.id}{SUFFIXES[recipient.kind]}"
        parts = self._parts(connection, folios, now)
        made = write(
            shop.packages,
            shop.work,
            f"paquetes/{name}",
            lambda target: seal(packing, parts, recipient, target),
        )
        return Package(
            id=row.id,
            tipo=head.tipo,
            opl=head.opl,
            periodo=periodo,
            proceso=head.proceso,
            entrega=None,
            ruta=f"paquetes/{name}",
            nombre=name,
            llave=recipient.fingerprint,
            manifiesto=made.manifest,
            cifrado=made.sealed,
            bytes=made.size,
            autoridad=shop.authority,
            hecho=now,
        )

    def _parts(self, connection: Connection, folios: list[str], now: datetime) -> Iterator[Part]:
        source = SqlSource(connection, self._shop.boveda, self._shop.bodies)
        for folio in folios:
            record = SqlRecordReading(connection).get(folio)
            datos, images = source.data(record), source.images(record)
            printed = self._sign(document(record, datos, images, self._institute, now))
            files = [*cedula.files(record, datos, images, source.acuse(record)), (PDF, printed)]
            for name, data in sorted(files):
                yield whole(f"{CEDULAS}/{folio}/{name}", data)
