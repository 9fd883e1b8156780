"""Asking the padrón about the auxiliares who registered in the app (001 §6.4; 002 §3.3).

At the alta there is no CIC or OCR, without which the padrón does not answer: until the app has captured it
the situación is pending. What to do about one who is not in the lista nominal is decided by a person, with
the cause «… no se encuentran en lista nominal (revisión INE)».
"""

from __future__ import annotations

from capture.auxiliares.ports import Registry
from capture.auxiliares.store_sql import AuxiliarStore
from ledger.database import Database

BATCH = 200


def verify_auxiliares(database: Database, registry: Registry) -> int:
    """Ask about a batch of those who are pending and keep the answers; how many. Again until it is zero."""
    with database.reading() as db:
        pending = AuxiliarStore(db).unverified(BATCH)
    corte = registry.corte()
    answers = {one.id: registry.situacion(one.clave_elector, one.tipo, one.numero) for one in pending}
    with database.writing() as db:
        for identifier, situacion in answers.items():
            AuxiliarStore(db).set_situacion(identifier, situacion, corte)
    return len(answers)
