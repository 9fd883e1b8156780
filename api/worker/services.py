"""Everything that the worker's jobs may use, made once per process in `api/worker/wiring.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from api.accounts.service_key import ServiceKey
from api.acts.acts import SqlActs
from api.documents.service import Documents
from api.entrada.authority import Authority
from api.outbox.delivery import Delivery
from api.outbox.outbox import Outbox
from api.outbox.store_sql import SqlMessages
from api.reading.opening import OpenReading
from api.settings import Settings
from capture.blobs import Blobs
from capture.patterns.looking import SqlPatterns
from capture.processing.job import Processing
from capture.processing.ports import Boveda
from capture.vault.ports import KeyChamber
from ledger.database import Database


@dataclass(frozen=True, slots=True)
class SeiHands:
    """With what the worker issues Claves, and reads whom they are of."""

    keeper: ServiceKey
    authority: Authority


@dataclass(frozen=True, slots=True)
class WorkerServices:
    """`clock` gives aware instants, `random` that many bytes. The keys are here and nowhere else."""

    settings: Settings
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
    database: Database
    blobs: Blobs
    acts: SqlActs
    outbox: Outbox
    messages: SqlMessages
    delivery: Delivery
    documents: Documents
    chamber: KeyChamber
    boveda: Boveda
    reading: OpenReading
    processing: Processing
    patterns: SqlPatterns
    sei: Callable[[], SeiHands]
    """Opened when a consultation first needs it: a service of apoyo alone has no such keys."""
