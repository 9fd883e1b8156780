"""Timings of the SEI: ballots that enter the urns of PostgreSQL, and entries with their token.

Everything that a request does but HTTP itself: the session, all proofs, the durable transaction, the signed
receipt. Devices are threads of some processes on the same machine; the database is on it too.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import quantiles

from sqlalchemy import select

from api.entrada.desk import SeiDesk, open_sei
from api.outbox.outbox import Outbox
from api.outbox.tables import mensajes
from api.settings import Settings
from api.tables import ALL_METADATA
from keys import credentials
from keys.clave import Wrapped
from keys.group import group_named
from keys.randomness import SeededRandomness
from ledger.database import Database, open_engine
from tally.claves.issuing import Issued
from tally.claves.store_sql import Personas
from tally.consulta.form import read_form
from tally.consulta.store_sql import Consultas
from tally.encryption import BallotMaker
from tally.entrada.entering import Given
from tally.entrada.sessions_sql import VoterSessions
from tally.opinion.booths import Booths
from tally.opinion.phases import calendar_of
from tally.opinion.receipt import sign_receipt
from tally.public_credentials import derive
from tests import postgres_server
from tests.tally.consulta.making import asked
from tests.tally.opinion.polling import ID, KEEPER, person_data, person_id, set_up

Row = tuple[str, str, str]
UNITS, OPTIONS = 20, 8
PROCESSES, THREADS = 2, 4


@dataclass(frozen=True)
class Work:
    """What one process does. `load`: (secret of the session, ballot), or (number of a person, nothing)."""

    url: str
    folder: str
    now: datetime
    load: Sequence[tuple[str, bytes]]
    entries: bool


def rows(folder: Path, people: int, seed: str) -> Iterator[Row]:
    """What, figure, remark. `people`: how many enter, and how many others opine."""
    conninfo = os.environ.get("CERTEZA_POSTGRES")
    for server in iter([conninfo]) if conninfo else postgres_server.conninfo():
        yield from postgres_server.scratch(server, lambda url: _measured(url, folder, people, seed))


def _measured(url: str, folder: Path, people: int, seed: str) -> Iterator[Row]:
    database = Database(open_engine(url))
    for metadata in ALL_METADATA:
        metadata.create_all(database.engine)
    now, private = _polling(database, people, seed)
    ballots, numbers = _ballots(database, private, now, seed), range(people, 2 * people)
    remark = f"{PROCESSES} processes of {THREADS} threads; durable, receipt signed"
    loads: tuple[tuple[str, list[tuple[str, bytes]]], ...] = (
        (f"accept a ballot of {OPTIONS} options or blank, {UNITS} urns", ballots),
        ("enter, get the token, open a session", [(str(n), b"") for n in numbers]),
    )
    for entries, (what, load) in enumerate(loads):
        shares = [load[n::PROCESSES] for n in range(PROCESSES)]
        seconds, each = _all([Work(url, str(folder), now, share, bool(entries)) for share in shares])
        p95 = 1000 * quantiles(each, n=20)[-1]
        yield what, f"{len(each) / seconds:,.0f} a second, p95 {p95:.0f} ms", remark
    database.engine.dispose()


def _form() -> dict[str, object]:
    units = [
        {
            "clave": f"09-{n:03}",
            "nombre": f"Unidad {n}",
            "demarcacion": "MILPA ALTA",
            "distrito": "07",
            "proyectos": [f"Proyecto {p}" for p in range(OPTIONS)],
            "secciones": [f"{n + 1:04}"],
        }
        for n in range(UNITS)
    ]
    return asked(unidades=units)


def _polling(database: Database, people: int, seed: str) -> tuple[datetime, list[str]]:
    """A consultation that is open, an instant of it, and the private credentials of the first half."""
    group, random = group_named("Ed25519"), SeededRandomness(seed)
    private = [credentials.generate(random) for _ in range(2 * people)]
    with database.writing() as db:
        Consultas(db).add(read_form(_form(), "consulta"), "banco", datetime(2027, 3, 1, tzinfo=UTC))
        start, units = calendar_of(db, ID).voting_start, Consultas(db).unidades(ID)
        persons = Personas(db, KEEPER)
        for number, secret in enumerate(private):
            unit = units[number % UNITS]
            data, section = person_data(number), f"{number % UNITS + 1:04}"
            person = persons.add(person_id(number), ID, section, data, start)
            wrapped = Wrapped(sha256(_auth(number)).digest(), bytes(12), b"sellada")
            public = ((unit.uuid, *derive(group, unit.uuid, [secret])),)
            persons.issued(person, Issued("", wrapped, b"", public), start)
        set_up(db, group)
    return start + timedelta(hours=1), private[:people]


def _auth(number: int) -> bytes:
    """What Argon2id made of a Clave on a person's device."""
    return number.to_bytes(32, "big")


def _ballots(database: Database, private: list[str], now: datetime, seed: str) -> list[tuple[str, bytes]]:
    """Sessions that are open, each with the ballot of its person."""
    group, found = group_named("Ed25519"), []
    booths, random = Booths(group), SeededRandomness(f"{seed}/boletas")
    with database.writing() as db:
        units = Consultas(db).unidades(ID)
        makers = [BallotMaker(group, booths.of(db, ID, u.uuid).election, random) for u in units]
        for number, secret in enumerate(private):
            choice = [int(i == number % (OPTIONS + 1)) for i in range(OPTIONS + 1)]
            session = f"{number:043}"
            VoterSessions(db).open(person_id(number), person_id(number), ID, session, now)
            found.append((session, makers[number % UNITS].make(secret, [choice]).data))
    return found


def _all(works: Sequence[Work]) -> tuple[float, list[float]]:
    """Seconds from the common start to the last answer, and those of each."""
    context = multiprocessing.get_context("spawn")
    ready, told = context.Barrier(len(works)), context.SimpleQueue()
    processes = [context.Process(target=_process, args=(work, ready, told)) for work in works]
    for process in processes:
        process.start()
    answers = [told.get() for _ in processes]
    for process in processes:
        process.join()
    begun, ended = min(a[0] for a in answers), max(a[1] for a in answers)
    return ended - begun, [seconds for answer in answers for seconds in answer[2]]


def _process(work: Work, ready: Barrier, told: SimpleQueue[tuple[float, float, list[float]]]) -> None:
    settings = Settings(data=Path(work.folder), database=work.url)
    database = Database(open_engine(work.url))
    outbox = Outbox(lambda: work.now, os.urandom)
    sei = open_sei(settings, database, outbox, KEEPER, lambda: work.now, os.urandom)
    act = partial(_enter if work.entries else _cast, sei, database, work.now)
    with ThreadPoolExecutor(THREADS) as pool:
        ready.wait()
        begun = time.time()
        each = list(pool.map(partial(_timed, act), work.load))
    told.put((begun, time.time(), each))


def _timed(act: Callable[[str, bytes], object], one: tuple[str, bytes]) -> float:
    begun = time.perf_counter()
    act(*one)
    return time.perf_counter() - begun


def _cast(sei: SeiDesk, database: Database, now: datetime, session: str, ballot: bytes) -> None:
    with database.reading() as db:
        voter = VoterSessions(db).of(ID, session, now)
    sign_receipt(ID, sei.casting.cast(ID, ballot, voter), sei.signers.of(ID))


def _enter(sei: SeiDesk, database: Database, _now: datetime, number: str, _nothing: bytes) -> None:
    who = person_data(int(number))
    entered = sei.entering.enter(ID, Given(who.clave_elector, who.ocr, _auth(int(number))), "127.0.0.1")
    c = mensajes.c
    sent = select(c.cuerpo).where(c.tipo == "secreto.token", c.destino == who.telefono)
    with database.reading() as db:
        text = db.execute(sent).scalar_one()
    sei.entering.open(ID, entered.secret, text.partition(" es ")[2][:6])
