"""What the job after reception works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from capture.preregistro.ports import Engines, Issuer, ListaNominal, Notices, Territory, Vault
from capture.processing.bodies import BlobBodies
from capture.records.ports import Acts
from ledger.database import Database


@dataclass(frozen=True, slots=True)
class Tools:
    """`lista` gives None where no lista nominal can be asked: then another worker decides."""

    database: Database
    bodies: BlobBodies
    vault: Vault
    engines: Engines
    lista: Callable[[], ListaNominal | None]
    territory: Territory
    issuer: Issuer
    notices: Notices
    acts: Acts
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
