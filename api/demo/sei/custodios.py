"""The Consejo General: each custodio works on an own machine, and hands in one file a step over HTTP.

What the machine does (`machines`) are the functions of `certeza custodio`; the private file stays there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.demo.acting import Staff
from api.demo.ceremony import TrusteeSeat
from api.demo.errors import UnexpectedOutcome
from api.demo.sei.archives import unpacked
from api.demo.sei.machines import Machine, Step
from api.demo.sei.town import SeiTown
from keys.ceremony import rehearsal, rehearsal_folder, trustee_side
from keys.ceremony.folder import GAMMA, RESULT, CeremonyFolder, vinput_name
from keys.ceremony.states import Kind
from keys.ceremony.trustees import verify_trustees
from keys.randomness import SystemRandomness
from keys.trustee_file import TrusteeFile

COORDINATOR = "el servicio"
RANDOM = SystemRandomness()


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
        """The content of the private file. Raises UnexpectedOutcome before there is any."""
        if self.content is None:
            raise UnexpectedOutcome(f"el custodio {self.index} no tiene llave todavía")
        return self.content

    @property
    def machine(self) -> Machine:
        """As it is now."""
        return Machine(self.seat, self.own)

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
        """The result of the ceremony has the own key."""
        folder = self.folder()
        trustee_side.confirm(folder.announcement(), folder.require(RESULT, COORDINATOR), self.own)

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

    def copy_public(self, name: str) -> Path:
        """A copy of the public folder, as anybody may take one."""
        data = self.staff.client.ask("GET", f"{self.town.consulta}/publico.tar").content
        return unpacked(data, self.seat.folder / name)


def message_of(content: TrusteeFile, kind: Kind) -> str | None:
    """What a custodio hands in at a step."""
    return {
        Kind.CERTIFICATE: content.certificado,
        Kind.POLYNOMIAL: content.polinomio,
        Kind.VERIFICATION: content.verificacion,
    }[kind]


def opened(
    custodios: Iterable[Custodio], step: Step, name: str, handed_in: str
) -> Iterator[tuple[Custodio, bytes]]:
    """In order, each with what the own machine made of a copy of what is public, called `name`; several of
    them work at the same time. `handed_in`: begins the name of the file that stays on the machine."""
    present = list(custodios)
    copies = [one.copy_public(name) for one in present]
    now = [one.town.clock() for one in present]
    machines = [one.machine for one in present]
    for one, made in zip(present, present[0].town.workers.map(step, machines, copies, now), strict=True):
        one.content = made.machine.content
        (one.seat.folder / f"{handed_in}-{one.index}.jsonl").write_bytes(made.data)
        yield one, made.data


def seated(town: SeiTown, staff: Sequence[Staff]) -> list[Custodio]:
    """One machine for each."""
    return [Custodio(town, one, TrusteeSeat(town.plan.base, i)) for i, one in enumerate(staff, 1)]
