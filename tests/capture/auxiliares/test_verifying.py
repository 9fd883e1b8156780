"""The padrón is asked about auxiliares once the app has captured their CIC or OCR."""

from __future__ import annotations

from datetime import date

import pytest

from capture.auxiliares.store_sql import AuxiliarStore
from capture.auxiliares.verifying import verify_auxiliares
from ledger.database import Database
from tests.capture import registration_samples as samples
from tests.capture.devices.test_devices import registration, try_to_register

CORTE = date(2026, 11, 20)


class TablePadron:
    """A padrón of who it is given."""

    def __init__(self, known: set[tuple[str, str, str]]) -> None:
        self.known = known

    def corte(self) -> date:
        return CORTE

    def situacion(self, clave_elector: str, tipo: str, numero: str) -> str:
        return "lista-nominal" if (clave_elector, tipo, numero) in self.known else "registro-no-encontrado"


@pytest.mark.req("APO-04")
@pytest.mark.parametrize(
    ("number", "found"), [("123456789", "lista-nominal"), ("1", "registro-no-encontrado")]
)
def test_the_situacion_is_pending_until_the_app_captured_the_credential(
    database: Database, number: str, found: str
) -> None:
    padron = TablePadron({(samples.clave(), "cic", number)})
    with database.writing() as db:
        samples.register_process(db)
        identifier = samples.register_auxiliar(db)
        samples.register_auxiliar(db, 1)
    assert verify_auxiliares(database, padron) == 0
    for device in (1, 2):
        try_to_register(database, registration(database, identifier, device), device)
    assert verify_auxiliares(database, padron) == 1
    assert verify_auxiliares(database, padron) == 0
    with database.reading() as db:
        stored = AuxiliarStore(db).get(identifier)
    assert (stored.situacion, stored.corte) == (found, CORTE)
