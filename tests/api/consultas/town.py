"""A whole consultation over HTTP: its areas, its custodios with their keys, and people who opine."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pyrage
from sqlalchemy import Connection

from api import wiring
from api.accounts.permissions import Actor, Role
from api.accounts.store_sql import Accounts
from api.http.app import build_app
from api.services import Services
from api.settings import Settings
from keys import credentials
from keys.ceremony import rehearsal, trustee_side
from keys.ceremony.folder import CeremonyFolder
from keys.ceremony.trustees import verify_trustees
from keys.group import group_named
from keys.randomness import SeededRandomness, SystemRandomness
from keys.trustee_file import TrusteeFile
from ledger.database import Database
from tally.casting import Receipt
from tally.claves.issuing import Issued, issue
from tally.claves.person import PersonData
from tally.claves.store_sql import Personas
from tally.consulta.cronograma import Fase
from tally.consulta.cronograma_2022 import default_of
from tally.encryption import BallotMaker
from tally.opinion.booths import Booths
from tally.opinion.casting_sql import House, SqlCasting
from tally.opinion.ports import Voter
from tally.public_folder import PublicFolder
from tally.setup import uuid_of
from tally.small_urns_mesa import MesaSigner, seal_totals
from tally.small_urns_step import SumAct, make_sums_share
from tally.small_urns_totals import TotalsMaker
from tally.trustee_step import TrusteeAct, make_share
from tests.api.accounts.people import application
from tests.tally.consulta.making import asked

ID = "presupuesto-2027"
URL = f"/v1/consultas/{ID}"
PLAN = default_of(2027)
BEFORE = PLAN[Fase.PREREGISTRO].inicio - timedelta(days=30)
READY = PLAN[Fase.VALIDACION].fin + timedelta(hours=8)
DURING = PLAN[Fase.OPINION].inicio + timedelta(hours=3)
CLOSED = PLAN[Fase.OPINION].fin
OPENING = PLAN[Fase.APERTURA].inicio + timedelta(hours=10)
MESAS = PLAN[Fase.MESAS].inicio + timedelta(hours=2)
COUNTING = PLAN[Fase.COMPUTO].inicio + timedelta(hours=1)
GROUP = group_named("Ed25519")
SIGNER = MesaSigner(bytes(range(32)))
"""The key of who captures the Mesas."""


class NoMessages:
    """Nobody is told."""

    def received(self, connection: Connection, voters: Sequence[Voter]) -> None:
        """See `Notices`."""


@dataclass
class Town:
    """Asks the service as somebody at the instant `now`."""

    services: Services
    folder: Path
    now: datetime = BEFORE
    keys: dict[int, TrusteeFile] = field(default_factory=dict)
    private: dict[str, Issued] = field(default_factory=dict)
    identity: pyrage.x25519.Identity = field(default_factory=pyrage.x25519.Identity.generate)

    def actor(self, role: Role, account: str | None = None) -> Actor:
        """Somebody with a fresh second factor."""
        return Actor(account or role.value, role, verified=self.now)

    def custodio(self, index: int) -> Actor:
        """The account of a custodio."""
        return self.actor(Role.CONSEJO_GENERAL, f"consejo-{index}")

    def ask(self, who: Role | Actor | None, method: str, path: str, **options: Any) -> httpx.Response:
        """One request."""
        actor = self.actor(who) if isinstance(who, Role) else who
        services = replace(self.services, authenticate=lambda _request, _now: actor)
        app = build_app(services, wiring.ROUTERS, wiring.nothing_runs)

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
                return await http.request(method, path, **options)

        return anyio.run(send)

    def done(self, who: Role | Actor | None, method: str, path: str, **options: Any) -> Any:
        """One that must be done: its JSON, or its bytes."""
        answer = self.ask(who, method, path, **options)
        assert answer.status_code in (200, 201, 204), (path, answer.status_code, answer.text)
        is_json = answer.content and "json" in answer.headers.get("content-type", "")
        return answer.json() if is_json else answer.content

    def refused(self, who: Role | Actor | None, method: str, path: str, **options: Any) -> tuple[int, str]:
        """Status and rule of one that must not."""
        answer = self.ask(who, method, path, **options)
        assert answer.status_code >= 400, (path, answer.status_code)
        return answer.status_code, answer.json().get("codigo", "")

    def create(self, **changes: Any) -> None:
        """The consultation, with its custodios' accounts and its district's key."""
        self.done(Role.SECRETARIA_EJECUTIVA, "POST", "/v1/consultas", json=asked(**changes))
        with self.services.database.writing() as db:
            for name, role in (("distrito", Role.DIRECCION_DISTRITAL), ("mesa", Role.RESPONSABLE_MESA)):
                Accounts(db).add_staff(name, application(role, f"{name}@iecm.mx"), "sistema", self.now)
            for index in (1, 2, 3):
                email = application(Role.CONSEJO_GENERAL, f"consejo{index}@iecm.mx")
                Accounts(db).add_staff(f"consejo-{index}", email, "sistema", self.now)
        for index in (1, 2, 3):
            form = {"cuenta": f"consejo-{index}"}
            self.done(Role.SECRETARIA_EJECUTIVA, "PUT", f"{URL}/custodios/{index}", json=form)
        self.done(Role.DEOEYG, "PUT", f"{URL}/adscripciones/distrito", json={"distrito": "07"})
        self.set_district_key()
        self.set_mesa_key()

    def set_district_key(self) -> None:
        """The district's own."""
        form = {"llave": str(self.identity.to_public())}
        self.done(self.actor(Role.DIRECCION_DISTRITAL, "distrito"), "PUT", f"{URL}/distrito/llave", json=form)

    def set_mesa_key(self) -> None:
        """Of who captures the Mesas of the only demarcación."""
        form = {"demarcacion": "MILPA ALTA", "llave": SIGNER.public}
        self.done(self.actor(Role.DIRECCION_DISTRITAL, "distrito"), "PUT", f"{URL}/mesas/llave", json=form)

    # --- the ceremony, as `certeza custodio` does it ---

    def take_folder(self, index: int) -> CeremonyFolder:
        """A custodio's own copy of the ceremony's folder."""
        data = self.done(self.custodio(index), "GET", f"{URL}/ceremonia/carpeta")
        return CeremonyFolder(unpacked(data, self.folder / f"custodio-{index}"))

    def hand_in(self, index: int, name: str, data: str | None) -> Any:
        """Leave a message where the ceremony's folder has it."""
        return self.done(
            self.custodio(index), "PUT", f"{URL}/ceremonia/{name}", content=(data or "").encode()
        )

    def hold_ceremony(self) -> None:
        """The three rounds and the rehearsal, with all custodios."""
        self.done(Role.UTSI, "POST", f"{URL}/ceremonia")
        for index in (1, 2, 3):
            announcement = self.take_folder(index).announcement()
            self.keys[index] = trustee_side.begin(announcement, index, SystemRandomness())
            self.hand_in(index, f"buzon/certificado-{index}.json", self.keys[index].certificado)
        for index in (1, 2, 3):
            folder = self.take_folder(index)
            gamma = folder.require("certificados.jsons", "quien coordina")
            made = trustee_side.add_polynomial(
                folder.announcement(), gamma, self.keys[index], SystemRandomness()
            )
            self.keys[index] = made
            self.hand_in(index, f"buzon/polinomio-{index}.json", made.polinomio)
        for index in (1, 2, 3):
            folder = self.take_folder(index)
            gamma = folder.require("certificados.jsons", "quien coordina")
            vinput = folder.require(f"entradas/{index}.json", "quien coordina")
            made = trustee_side.add_verification(
                folder.announcement(), gamma, vinput, self.keys[index], SystemRandomness()
            )
            self.keys[index] = made
            self.hand_in(index, f"buzon/verificacion-{index}.json", made.verificacion)

    def rehearse(self, who: tuple[int, ...] = (1, 3)) -> Any:
        """The rehearsal of an opening: what its end answers."""
        self.done(Role.UTSI, "POST", f"{URL}/ceremonia/ensayo")
        for index in who:
            folder = self.take_folder(index)
            trustees = verify_trustees(GROUP, folder.require("trustees.json", "quien coordina"))
            data = folder.require("ensayo/reto.json", "quien coordina")
            challenge = rehearsal.read_challenge(GROUP, trustees, data, "reto")
            owner, secret = trustee_side.decryption_key(trustees, self.keys[index])
            answer = rehearsal.make_answer(GROUP, trustees, challenge, owner, secret, SystemRandomness())
            self.hand_in(index, f"ensayo/respuesta-{index}.json", answer.encode().decode())
        return self.done(Role.UTSI, "POST", f"{URL}/ceremonia/ensayo/acta")

    # --- people ---

    def register(self, person: str, *claves: str) -> None:
        """Somebody with a Clave for these UTs."""
        authority = str(pyrage.x25519.Identity.generate().to_public())
        uuids = [uuid_of(ID, clave) for clave in claves]
        elector = f"{person.upper():X<6.6}900101{len(self.private):02d}H100"[:18]
        data = PersonData(elector, "0123456789012", person, "5512345678", f"{person}@ejemplo.mx")
        made = issue(GROUP, ID, elector, uuids, authority, SeededRandomness(person))
        with self.services.database.writing() as db:
            store = Personas(db, self.services.accounts.means.key)
            stored = store.add(person, ID, "0101", data, self.now)
            store.issued(stored, made, self.now)
        self.private[person] = made

    def opine(self, person: str, clave: str, mark: int) -> Receipt:
        """Encrypt as the person's device does, and cast. `mark`: 0 is blank."""
        database = self.services.database
        booths = Booths(GROUP)
        with database.reading() as db:
            election = booths.of(db, ID, uuid_of(ID, clave)).election
        random = SeededRandomness(person)
        secret = credentials.generate(random)
        size = election.questions[0].size
        choice = [int(i == mark) for i in range(size)]
        ballot = BallotMaker(GROUP, election, SystemRandomness()).make(secret, [choice])
        voter = Voter(person, ID, "sesion", self.now + timedelta(minutes=5))
        house = House(database, booths, NoMessages(), lambda: self.now)
        return SqlCasting(house).cast(ID, ballot.data, voter)

    # --- the opening ---

    def share(self, index: int) -> bytes:
        """What `certeza custodio apertura` writes, from a copy of the public folder."""
        data = self.done(None, "GET", f"{URL}/publico.tar")
        folder = unpacked(data, self.folder / f"copia-{index}")
        trustees = verify_trustees(GROUP, (folder / "trustees.json").read_bytes())
        owner, secret = trustee_side.decryption_key(trustees, self.keys[index])
        return make_share(TrusteeAct(folder, owner, secret), self.now, SystemRandomness()).data

    # --- the Mesas ---

    def mesa_of(self, clave: str) -> Actor:
        """The account of a Mesa, assigned to its UT."""
        self.done(
            self.actor(Role.DIRECCION_DISTRITAL, "distrito"),
            "PUT",
            f"{URL}/adscripciones/mesa",
            json={"distrito": "07", "unidad": clave},
        )
        return self.actor(Role.RESPONSABLE_MESA, "mesa")

    def sealed_totals(
        self, clave: str, numbers: tuple[int, ...], signer: MesaSigner = SIGNER, spare: int = 10
    ) -> bytes:
        """What `certeza mesa cifrar` writes from a copy of the public folder. `numbers`: nulas first."""
        data = self.done(None, "GET", f"{URL}/publico.tar")
        consultation = PublicFolder(unpacked(data, self.folder / f"mesa-{clave}")).consultation()
        unidad = next(u.unidad for u in consultation.urns if u.unidad.clave == clave)
        election = consultation.election(GROUP, unidad)
        maker = TotalsMaker(GROUP, consultation.llave_publica, SystemRandomness())
        papers = (sum(numbers) + spare, spare)
        return seal_totals(
            maker, signer, consultation.id, clave, election, numbers, papers, self.now.astimezone()
        ).data

    def sums_share(self, index: int) -> bytes:
        """What `certeza custodio apertura --sumas` writes, from a copy of the public folder."""
        data = self.done(None, "GET", f"{URL}/publico.tar")
        folder = unpacked(data, self.folder / f"copia-sumas-{index}")
        trustees = verify_trustees(GROUP, (folder / "trustees.json").read_bytes())
        owner, secret = trustee_side.decryption_key(trustees, self.keys[index])
        return make_sums_share(SumAct(folder, owner, secret), self.now, SystemRandomness()).data

    def look(self) -> None:
        """What the service does by itself."""
        self.services.keeper.look()

    @property
    def public(self) -> Path:
        """The public folder."""
        return self.folder / "datos" / "publico" / ID


def unpacked(data: bytes, folder: Path) -> Path:
    """The files of an archive, in a folder that had others."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def spoiled(share: bytes) -> bytes:
    """A share with one factor exchanged for another element: well formed, and wrong."""
    lines = share.splitlines(keepends=True)
    last = json.loads(lines[-1])
    (other,) = GROUP.encode([GROUP.generator])
    last["partial_decryption"]["decryption_factors"][0][0] = other
    lines[-1] = json.dumps(last, separators=(",", ":")).encode() + b"\n"
    return b"".join(lines)


@contextmanager
def opened_town(database: Database, folder: Path) -> Iterator[Town]:
    """The service on a database of the test, with logs that take entries."""
    url = database.engine.url.render_as_string(hide_password=False)
    towns: list[Town] = []
    settings = Settings(data=folder / "datos", database=url)
    services = wiring.build_services(
        settings, clock=lambda: (towns[0].now if towns else BEFORE).astimezone(UTC)
    )
    town = Town(services, folder)
    towns.append(town)
    services.logs.start()
    try:
        yield town
    finally:
        services.logs.close()
        services.database.engine.dispose()
