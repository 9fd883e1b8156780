"""What the worker asks the padrón about, again and again."""

from __future__ import annotations

from sqlalchemy import Connection

from api.padron.settings import read_key
from api.worker.loops import Loop
from api.worker.services import WorkerServices
from capture.compulsa.auxiliares import ask_about_auxiliares
from capture.compulsa.compulsa import Compulsa, Tools
from capture.padron import store_sql
from capture.padron.store_sql import SqlPadron


def padron_loops(services: WorkerServices) -> list[Loop]:
    """Nothing where no key of the padrón is set: then another worker asks."""
    if services.settings.padron.key_file is None:
        return []
    return [Loop("compulsa", lambda: look(services), services.settings.padron.compulsa_seconds)]


def look(services: WorkerServices) -> int:
    """Ask about all records and auxiliares that wait; how many were answered. None before the first corte."""
    with services.database.reading() as connection:
        if store_sql.current(connection) is None:
            return 0
    key = read_key(services.settings.padron.key_file)

    def padron(connection: Connection) -> SqlPadron:
        return SqlPadron(connection, key)

    tools = Tools(services.database, padron, services.boveda, services.acts, services.clock)
    return Compulsa(tools).run().done + ask_about_auxiliares(services.database, padron)
