"""The Consejo General: each custodio works on an own machine, and hands in one file a step over HTTP.

What the machine does are the functions of `certeza custodio`; the private file and its passphrase stay there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from api.demo.acting import Staff
from api.demo.ceremony import TrusteeSeat
from api.demo.sei.archives import unpacked
from api.demo.sei.town import SeiTown
from keys.ceremony import rehearsal, rehearsal_folder, trustee_side
from keys.ceremony.folder import GAMMA, RESULT, CeremonyFolder, vinput_name
from keys.ceremony.states import Kind
from keys.ceremony.trustees import Trustees, verify_trustees
from keys.group import group_named
from keys.randomness import SystemRandomness
from keys.trustee_file import TrusteeFile
from tally.small_urns_step import SumAct, make_sums_share
from tally.trustee_step import TrusteeAct, make_share

COORDINATOR = "el servicio"
RANDOM = SystemRandomness()
Made = TypeVar("Made")
_AT_ONCE = 2
"""Machines that work at the same time here: each private file costs about a second of one processor."""


@dataclass
class Custodio:
    """One of them. `content`: of the private file, which is on disk once the ceremony gave the key."""

    town: SeiTown
    staff: Staff
    seat: TrusteeSeat
    content: TrusteeFile | None = field(default=None, repr=False)

    @property
    def index(self) -> int:
        """Of the seat."""
        return self.seat.index

    @property
    def own(self) -> TrusteeFile:
        """The content of the private file."""
        if self.content is None:
            self.content = self.seat.open()
        return self.content

    def folder(self) -> CeremonyFolder:
        """A copy of the ceremony's folder, as it is now."""
        data = self.staff.client.ask("GET", f"{self.town.consulta}/ceremonia/carpeta").content
        return CeremonyFolder(unpacked(data, self.seat.folder / "ceremonia"))

    def hand_in(self, name: str, message: str | None) -> None:
        """Leave a message where the ceremony's folder has it."""
        path = f"{self.town.consulta}/ceremonia/{name}"
        self.staff.client.put(path, content=(message or "").encode())

    def begin(self) -> None:
        """The secret, and the certificate of its key."""
        self.content = trustee_side.begin(self.folder().announcement(), self.index, RANDOM)

    def share_secret(self) -> None:
        """The polynomial: the secret, in encrypted parts for everybody."""
        folder = self.folder()
        gamma = folder.require(GAMMA, COORDINATOR)
        self.content = trustee_side.add_polynomial(folder.announcement(), gamma, self.own, RANDOM)

    def verify(self) -> None:
        """What everybody sent is what they had committed to; the own decryption key."""
        folder = self.folder()
        gamma = folder.require(GAMMA, COORDINATOR)
        vinput = folder.require(vinput_name(self.index), COORDINATOR)
        self.content = trustee_side.add_verification(folder.announcement(), gamma, vinput, self.own, RANDOM)

    def confirm(self) -> None:
        """The result of the ceremony has the own key: it is sealed in the private file."""
        folder = self.folder()
        trustee_side.confirm(folder.announcement(), folder.require(RESULT, COORDINATOR), self.own)
        self.seat.begin(self.own)

    def answer_rehearsal(self) -> None:
        """The rehearsal of an opening."""
        folder = self.folder()
        group = folder.announcement().group()
        trustees = verify_trustees(group, folder.require(RESULT, COORDINATOR))
        data = folder.require(rehearsal_folder.CHALLENGE, COORDINATOR)
        challenge = rehearsal.read_challenge(group, trustees, data, rehearsal_folder.CHALLENGE)
        owner, secret = trustee_side.decryption_key(trustees, self.own)
        made = rehearsal.make_answer(group, trustees, challenge, owner, secret, RANDOM)
        self.hand_in(rehearsal_folder.answer_name(self.index), made.encode().decode())

    def make_share(self, public: Path) -> bytes:
        """Verify the copied record, and the partial decryptions of all urns. The key remembers it."""
        owner, secret = trustee_side.decryption_key(self._trustees(public), self.own)
        act = TrusteeAct(public, owner, secret)
        made = make_share(act, self.town.clock(), RANDOM, processes=1)
        self._remember(trustee_side.remember_opening(self.own, made.fingerprint))
        return made.data

    def make_sums_share(self, public: Path) -> bytes:
        """The same of the sums of small urns with their Mesas."""
        owner, secret = trustee_side.decryption_key(self._trustees(public), self.own)
        act = SumAct(public, owner, secret)
        made = make_sums_share(act, self.town.clock(), RANDOM, processes=1)
        self._remember(trustee_side.remember_sums(self.own, made.opening, made.fingerprint))
        return made.data

    def copy_public(self, name: str) -> Path:
        """A copy of the public folder, as anybody may take one."""
        data = self.staff.client.ask("GET", f"{self.town.consulta}/publico.tar").content
        return unpacked(data, self.seat.folder / name)

    def _trustees(self, public: Path) -> Trustees:
        return verify_trustees(group_named(self.own.grupo), (public / "trustees.json").read_bytes())

    def _remember(self, content: TrusteeFile) -> None:
        self.seat.keep(self.own, content)
        self.content = content


def message_of(content: TrusteeFile, kind: Kind) -> str | None:
    """What a custodio hands in at a step."""
    return {
        Kind.CERTIFICATE: content.certificado,
        Kind.POLYNOMIAL: content.polinomio,
        Kind.VERIFICATION: content.verificacion,
    }[kind]


def at_once(custodios: Iterable[Custodio], work: Callable[[Custodio], Made]) -> list[Made]:
    """Several machines at the same time; in order, what each gave."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(work, custodios))


def seated(town: SeiTown, staff: Sequence[Staff]) -> list[Custodio]:
    """One machine for each."""
    return [Custodio(town, one, TrusteeSeat(town.plan.base, i)) for i, one in enumerate(staff, 1)]
