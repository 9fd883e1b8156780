"""Three witnesses of the logs: Contraloría, a university and a party, of whom any two are enough.

Their code and memory are those of `certeza testigo`; what is missing is only the network between them. The
party's is down, as one of three may be.
"""

from __future__ import annotations

from datetime import datetime

from api.demo.plan import Plan
from ledger.cosignature import Ed25519Cosigner
from ledger.policy import Group
from ledger.policy import Witness as KnownWitness
from ledger.vkey import VerifierKey
from ledger.witness import ADD_CHECKPOINT, Witness
from ledger.witness_client import Reply, Unreachable
from ledger.witness_store import SqliteWitnessStore

NAMES = ("contraloria", "universidad", "partido")
DOWN = "partido"
QUORUM = 2
SEED_BYTES = 32


class RehearsalWitnesses:
    """`post` is what `ledger.witness_client` sends requests with. `instant` is their clock."""

    def __init__(self, plan: Plan) -> None:
        self.instant: datetime = plan.calendar.voting_start
        self._witnesses: dict[str, Witness] = {}
        self._stores: list[SqliteWitnessStore] = []
        known = []
        for name in NAMES:
            seed = plan.randomness(f"testigo/{name}").below(2 ** (8 * SEED_BYTES))
            cosigner = Ed25519Cosigner(f"{name}.example/testigo", seed.to_bytes(SEED_BYTES, "big"))
            url = f"https://{name}.example/testigo"
            known.append(KnownWitness(name, cosigner.key, url))
            folder = plan.output / "testigos" / name
            folder.mkdir(parents=True, exist_ok=True)
            store = SqliteWitnessStore(folder / "testigo.db")
            self._stores.append(store)
            self._witnesses[url] = Witness([cosigner], store, self._clock)
        self.known = tuple(known)
        self.group = Group("testigos", QUORUM, NAMES)

    def watch(self, log: VerifierKey) -> None:
        """Each of them cosigns this log too from now on."""
        for store in self._stores:
            store.add_log(log.name, log)

    async def post(self, url: str, body: bytes) -> Reply:
        """Hand a request over to the witness of that URL."""
        base = url.removesuffix(f"/{ADD_CHECKPOINT}")
        if base == f"https://{DOWN}.example/testigo":
            raise Unreachable("testigo.conexion", url, "una respuesta", "sin conexión")
        answer = self._witnesses[base].add_checkpoint(body)
        return Reply(answer.status, answer.content_type, answer.body)

    def _clock(self) -> int:
        return int(self.instant.timestamp())
