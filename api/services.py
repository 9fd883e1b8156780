"""Everything that a request may use, made once per process in `api/wiring.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request

from api.accounts.desk import AccountsDesk
from api.accounts.permissions import Actor
from api.acts.acts import SqlActs
from api.consultas.keeper import Keeper
from api.documents.service import Documents
from api.entrada.desk import SeiDesk
from api.http.metrics import Metrics
from api.http.rates import Rates
from api.intake.taking import Taking
from api.outbox.outbox import Outbox
from api.public_log.open_logs import Logs
from api.settings import Settings
from api.urna.openings import Openings
from api.worker.jobs import Jobs
from capture.blobs import Blobs
from capture.intake.receiving import Doors
from capture.reading.sandbox.cropping import Cropper
from capture.vault.ports import KeyChamber
from ledger.database import Database

Authenticate = Callable[[Request, datetime], Actor | None]
"""Whose session a request carries, if any. Raises Problem for one that is not in order."""
Part = Callable[[], object]
"""Raises when a part of the service cannot work."""


@dataclass(frozen=True, slots=True)
class Services:
    """`clock` gives aware instants, `random` that many bytes of a cryptographic generator."""

    settings: Settings
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
    database: Database
    metrics: Metrics
    rates: Rates
    authenticate: Authenticate
    blobs: Blobs
    acts: SqlActs
    jobs: Jobs
    outbox: Outbox
    chamber: KeyChamber
    logs: Logs
    taking: Taking
    doors: Doors
    documents: Documents
    accounts: AccountsDesk
    keeper: Keeper
    openings: Openings
    sei: SeiDesk
    cropper: Cropper
    parts: Mapping[str, Part] = field(default_factory=dict)
    """What `/listo` asks, by name: without one of them nothing can be received."""
    others: Mapping[str, Part] = field(default_factory=dict)
    """What it tells of beside: reception goes on without them."""
