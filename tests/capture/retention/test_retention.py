"""Retention: what was destroyed cannot be opened from any copy, and what remains adds up and verifies."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519
from sqlalchemy import Connection, insert, select

from capture.audiencia.tables import audiencia_revisiones, audiencias
from capture.blobs import FolderBlobs
from capture.calendar import months_after
from capture.records.reading_sql import SqlRecordReading
from capture.records.record import Filter
from capture.records.states import Estado
from capture.records.tables import registros
from capture.results.keys_sql import Doer
from capture.results.source_sql import SqlSource
from capture.results.store_sql import Deliveries, Package
from capture.retention.acta import entry_of
from capture.retention.acta_document import document
from capture.retention.backup import Backup, BodiesWithBackup
from capture.retention.errors import RetentionRefusal
from capture.retention.plan import Dates, Phase, phase
from capture.retention.purge import Purge, PurgeTools, order
from capture.retention.store_sql import Retention
from keys.errors import Refusal
from ledger.acuse import parse_acuse
from ledger.database import Database
from ledger.document_pdf import render
from tests.capture.results.making import END, OPL, OTHER, PERIODO, PROCESO, World, every_kind, world

pytestmark = pytest.mark.req("APO-24")
WHO = Doer("derfe-1", "derfe_admin")
DELIVERED = END + timedelta(days=20)
LATER = months_after(DELIVERED, 5)


@dataclass
class House:
    """A delivered process and everything that its destruction works with."""

    made: World
    folder: Path
    packages: FolderBlobs
    backup: FolderBlobs
    now: datetime = LATER
    leaves: dict[bytes, bytes] = field(default_factory=dict)

    def put_leaf(self, connection: Connection, key: bytes, entry: bytes) -> None:
        assert key not in self.leaves
        self.leaves[key] = entry

    def purge(self, **changed: object) -> Purge:
        tools = {
            "database": self.made.database,
            "chamber": self.made.vault.chamber,
            "files": (self.made.bodies, self.backup, self.packages),
            "acts": self.made.acts,
            "put_leaf": self.put_leaf,
            "clock": lambda: self.now,
        }
        return Purge(PurgeTools(**{**tools, **changed}))  # type: ignore[arg-type]

    def order(self, proceso: str, reason: str) -> None:
        with self.made.database.writing() as connection:
            order(connection, self.made.acts, proceso, WHO, reason, self.now)

    def backing(self) -> Backup:
        return Backup(self.made.database, self.made.bodies, self.backup, self.made.acts, lambda: self.now)

    def bodies(self) -> list[str]:
        with self.made.database.reading() as connection:
            return [path for _, path in Retention(connection).bodies(PROCESO, "")]


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    made = world(database, tmp_path)
    every_kind(made)
    made.add(60, Estado.COMPULSADO, OTHER)
    packages = FolderBlobs(tmp_path / "paquetes")
    packages.put("paquetes/p1.tar.age", b"cifrado para el OPL")
    row = Package(
        "p1",
        "definitivo",
        OPL,
        PERIODO,
        PROCESO,
        None,
        "paquetes/p1.tar.age",
        "x",
        "a",
        "b",
        "c",
        1,
        "v",
        DELIVERED,
    )
    with database.writing() as connection:
        Deliveries(connection, made.acts).keep(row, WHO)
    return House(made, tmp_path, packages, FolderBlobs(tmp_path / "respaldo"))


def test_phases_follow_the_terms_of_the_sources() -> None:
    ends = months_after(DELIVERED, 3), months_after(DELIVERED, 6)
    second = timedelta(seconds=1)
    delivered = Dates(DELIVERED)
    assert phase(Dates(None), LATER) is Phase.ABIERTA
    assert [phase(delivered, at) for at in (DELIVERED, ends[0] - second)] == [Phase.CONSULTABLE] * 2
    assert [phase(delivered, at) for at in (ends[0], ends[1] - second)] == [Phase.EN_RESPALDO] * 2
    assert phase(delivered, ends[1]) is Phase.VENCIDA
    assert phase(Dates(DELIVERED, LATER), LATER) is Phase.EN_DESTRUCCION
    assert phase(Dates(DELIVERED, LATER, LATER), LATER) is Phase.DESTRUIDA


def test_nothing_opens_a_copy_of_everything_that_was_taken_before(house: House) -> None:
    """The copy has all ciphertexts, all rows and, worst of all, the master identity of the bóveda."""
    made, chamber = house.made, house.made.vault.chamber
    copied = [made.bodies.get(path) for path in house.bodies()]
    with made.database.reading() as connection:
        copied += [bytes(d) for d in connection.execute(_datos(PROCESO)).scalars()]
        others = [bytes(d) for d in connection.execute(_datos(OTHER)).scalars()]
    shutil.copytree(made.bodies._root, house.folder / "copia")
    assert len(copied) == 18 and all(chamber.open(PROCESO, one) for one in copied)

    house.order(PROCESO, "fin del plazo")
    house.purge().run(PROCESO)

    for one in copied:
        with pytest.raises(Refusal, match=r"boveda\.llave"):
            chamber.open(PROCESO, one)
    identities = list(_every_identity(made.vault.folder, chamber._master))
    assert len(identities) == 1  # of the other process
    for one in copied:
        for key in identities:
            with pytest.raises(pyrage.DecryptError):
                pyrage.decrypt(one, [key])
    assert all(chamber.open(OTHER, one) for one in others)


def _datos(proceso: str):  # type: ignore[no-untyped-def]
    return select(registros.c.datos).where(registros.c.proceso == proceso)


def _every_identity(folder: Path, master: x25519.Identity) -> list[x25519.Identity]:
    found = []
    for path in folder.rglob("*.age"):
        opened = bytes(pyrage.decrypt(path.read_bytes(), [master]))
        if opened.startswith(b"AGE-SECRET-KEY-1"):
            found.append(x25519.Identity.from_str(opened.decode()))
    return found


def test_what_remains_adds_up_and_acuses_still_verify(house: House) -> None:
    made, which = house.made, Filter(procesos=(PROCESO,))
    with made.database.reading() as connection:
        before = SqlRecordReading(connection).figures(which)
    house.order(PROCESO, "fin del plazo")
    acta = json.loads(house.purge().run(PROCESO))
    with made.database.reading() as connection:
        reading = SqlRecordReading(connection)
        assert reading.figures(which) == before
        rows = connection.execute(select(registros).where(registros.c.proceso == PROCESO)).all()
        records = reading.page(which)
    assert all(row.datos is None and row.huella_clave is None and row.sobre == b"" for row in rows)
    assert [parse_acuse(bytes(row.acuse)).code for row in rows] == [row.codigo for row in rows]
    assert (
        len(made.leaves().prove(records))
        == len(rows)
        == acta["registros"]
        == sum(acta["por_estado"].values())
    )
    listed = "".join(f"{r.folio} {r.codigo} {r.estado}\n" for r in sorted(rows, key=lambda r: r.folio))
    assert acta["lista_sha256"] == sha256(listed.encode()).hexdigest()
    assert not any(made.bodies.exists(path) for path in house.bodies())
    assert not house.packages.exists("paquetes/p1.tar.age")


def test_what_was_said_in_audiencias_is_gone(house: House) -> None:
    folio = next(iter(house.made.acuses))
    audiencia = {
        "id": "a1",
        "proceso": PROCESO,
        "opl": OPL,
        "fase": "notificada",
        "fecha": END,
        "lugar": "Sala",
    }
    review = {
        "audiencia": "a1",
        "folio": folio,
        "operador": "op-1",
        "cuando": END,
        "cambio": "sin-modificacion",
    }
    states = {"documentos": "", "antes": "con-inconsistencia", "despues": "final", "sellado": b"x"}
    with house.made.database.writing() as connection:
        asked = {"solicitada": END, "solicitada_por": "enlace-1"}
        connection.execute(insert(audiencias).values(**audiencia, **asked))
        connection.execute(insert(audiencia_revisiones).values(**review, **states))
    house.order(PROCESO, "fin del plazo")
    house.purge().run(PROCESO)
    with house.made.database.reading() as connection:
        assert connection.execute(select(audiencia_revisiones.c.sellado)).scalar_one() == b""


def test_the_acta_names_nobody_and_its_leaf_is_its_hash(house: House) -> None:
    house.order(PROCESO, "fin del plazo")
    acta = house.purge().run(PROCESO)
    assert list(house.leaves.values()) == [entry_of(acta)]
    assert b"PATERNO" not in acta and all(folio.encode() not in acta for folio in house.made.acuses)
    assert house.purge().run(PROCESO) == acta
    kinds = [act.kind for act in house.made.acts.done]
    assert kinds.count("retencion.destruida") == kinds.count("retencion.ordenada") == 1


class Killed(BaseException):
    """What no code catches."""


class Failing:
    """Stands before something and dies at its nth call, before or after it was done."""

    def __init__(self, real: object, at: int, after: bool) -> None:
        self._real, self._left, self._after = real, at, after

    def __getattr__(self, name: str) -> Callable[..., object]:
        real = getattr(self._real, name)

        def call(*args: object, **options: object) -> object:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise Killed
            done = real(*args, **options)
            if self._left == 0:
                raise Killed
            return done

        return call


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("part", "at"),
    [("chamber", 1), ("files", 1), ("files", 4), ("files", 10), ("acts", 1)]
    + [("database", n) for n in range(2, 9)],
)
def test_a_destruction_that_was_killed_anywhere_is_finished_by_the_next_run(
    house: House, part: str, at: int, after: bool
) -> None:
    house.order(PROCESO, "fin del plazo")
    made = house.made
    real = {
        "chamber": made.vault.chamber,
        "files": made.bodies,
        "acts": made.acts,
        "database": made.database,
    }
    failing: object = Failing(real[part], at, after)
    changed = {part: (failing, house.backup, house.packages) if part == "files" else failing}
    with pytest.raises(Killed):
        house.purge(**changed).run(PROCESO)
    acta = json.loads(house.purge().run(PROCESO))
    assert acta["registros"] == 9
    assert len(house.leaves) == 1
    assert not any(made.bodies.exists(path) for path in house.bodies())
    with pytest.raises(Refusal):
        made.vault.chamber.open(PROCESO, b"")


def test_a_destruction_waits_for_its_time(house: House) -> None:
    house.now = months_after(DELIVERED, 3) - timedelta(seconds=1)
    with pytest.raises(RetentionRefusal, match=r"retencion\.fase"):
        house.order(PROCESO, "antes")
    house.now = LATER
    house.order(PROCESO, "a tiempo")
    with pytest.raises(RetentionRefusal, match=r"retencion\.fase"):
        house.order(PROCESO, "otra vez")
    with pytest.raises(RetentionRefusal, match=r"retencion\.orden"):
        house.purge().run(OTHER)
    with pytest.raises(RetentionRefusal, match=r"retencion\.fase"):
        house.order(OTHER, "sin resultados definitivos")


def test_a_record_that_appears_after_the_order_is_never_destroyed_in_silence(house: House) -> None:
    house.order(PROCESO, "fin del plazo")
    with house.made.database.writing() as connection:
        row = connection.execute(select(registros).where(registros.c.proceso == OTHER)).one()._asdict()
        changed = {"folio": row["folio"][:-1] + "f", "codigo": "f" * 64, "proceso": PROCESO}
        connection.execute(insert(registros).values(**{**row, **changed}))
    with pytest.raises(RetentionRefusal, match=r"retencion\.lista"):
        house.purge().run(PROCESO)


def test_bodies_go_to_the_backup_and_are_read_from_there(house: House) -> None:
    house.now = months_after(DELIVERED, 3) - timedelta(seconds=1)
    with pytest.raises(RetentionRefusal, match=r"retencion\.fase"):
        house.backing().run(PROCESO, WHO)
    house.now = months_after(DELIVERED, 3)
    paths = house.bodies()
    assert (house.backing().run(PROCESO, WHO), house.backing().run(PROCESO, WHO)) == (9, 9)
    assert not any(house.made.bodies.exists(path) for path in paths)
    both = BodiesWithBackup(house.made.bodies, house.backup)
    with house.made.database.reading() as connection:
        source = SqlSource(connection, house.made.vault, both)
        record = next(source.records(PROCESO))
        assert sorted(source.images(record)) == ["anverso.jpg", "firma.png", "foto.jpg", "reverso.jpg"]
    house.order(PROCESO, "fin del plazo")
    house.purge().run(PROCESO)
    assert not any(house.backup.exists(path) for path in paths)


def test_the_acta_is_printed_for_people(house: House) -> None:
    house.order(PROCESO, "fin del plazo")
    house.purge().run(PROCESO)
    with house.made.database.reading() as connection:
        acta = Retention(connection).acta(PROCESO, house.now)
    pdf = house.folder / "acta.pdf"
    pdf.write_bytes(render(document(acta, "Instituto de prueba")))
    shown = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    )
    assert "Acta de destrucción" in shown.stdout and PROCESO in shown.stdout
    assert acta.list_sha256[:16] in shown.stdout.replace("\u200b", "")
