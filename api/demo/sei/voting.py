"""The days of opinion: people come in three waves, each at the own device, in processes of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, field
from typing import Any

from api.demo.errors import UnexpectedOutcome
from api.demo.screen import Advance
from api.demo.sei.device import Polls
from api.demo.sei.enrolling import read_claves
from api.demo.sei.offices import Offices
from api.demo.sei.people import AT_THE_CAT, Conduct, Voter
from api.demo.sei.town import SeiTown
from api.demo.sei.turns import Ended, Turn, exhaust, keep_out, take
from api.demo.several import threads
from keys.randomness import Randomness
from tally.archive import members

AT_ONCE = 4
"""Devices at the same time in one process: while one waits for its SMS, the others work."""
BATCH = AT_ONCE
_BALLOT = b'{"election_uuid":'
_CHECKED = "identidad comprobada por teléfono (ensayo)"


@dataclass
class Opined:
    """What happened in the days of opinion. `refused`: how often each code was answered, by conduct."""

    ended: list[Ended] = field(default_factory=list)
    refused: Counter[tuple[Conduct, str]] = field(default_factory=Counter)
    replaced: int = 0
    unblocked: int = 0

    def add(self, found: Iterable[Ended]) -> None:
        """More turns that are over."""
        for one in found:
            self.ended.append(one)
            self.refused.update((one.who.conduct, code) for code in one.refused)

    @property
    def receipts(self) -> list[tuple[Voter, dict[str, Any]]]:
        """What each person got whose ballot is in an urn."""
        return [(one.who, one.receipt) for one in self.ended if one.receipt is not None]


class Days:
    """The people of a consultation and their Claves."""

    def __init__(
        self, town: SeiTown, offices: Offices, voters: Sequence[Voter], claves: dict[str, str]
    ) -> None:
        self._town = town
        self._offices = offices
        self._voters = voters
        self._claves = claves
        self._lost: dict[str, str] = {}
        base = town.plan.base
        self._polls = Polls(town.url, town.telephones.url, base.id, base.group)
        self.opined = Opined()

    def of(self, *conducts: Conduct) -> list[Voter]:
        """People of these conducts."""
        return [voter for voter in self._voters if voter.conduct in conducts]

    def too_early(self) -> None:
        """Before the opening nobody enters."""
        keep_out(self._turn((self.of(Conduct.EARLY) or list(self._voters))[0]), "calendario.opinion")

    def disable(self, found: Sequence[str]) -> None:
        """Who denies having asked calls; those of the sample, by e-mail in `found`, were disabled by it."""
        client = self._offices.deoeyg.client
        for voter in [one for one in self.of(Conduct.DENIES) if one.correo not in found]:
            form = {"clave_elector": voter.clave_elector, "ocr": voter.ocr, "motivo": "niega haberla pedido"}
            client.post(f"{self._town.consulta}/claves/deshabilitaciones", form)

    def first_evening(self, random: Randomness, progress: Advance) -> None:
        """Half of those who just come, and those who will call the CAT next morning. Who copies comes later,
        when there is something to copy."""
        ordinary = [v for v in self._ordinary() if random.below(2) and v.conduct is not Conduct.COPIES]
        self.opined.add(exhaust(self._turn(voter)) for voter in self.of(Conduct.EXHAUSTS))
        self.opined.add(keep_out(self._turn(v), "entrada.datos") for v in self.of(Conduct.DENIES))
        self._let_in(ordinary, progress)

    def attended(self, progress: Advance) -> None:
        """The CAT replaces lost Claves and unblocks entries; then those people opine."""
        client = self._offices.cat.client
        for voter in self.of(Conduct.LOSES_CLAVE):
            client.post(f"{self._town.consulta}/cat/reposiciones", _identified(voter))
            again = client.refused("POST", f"{self._town.consulta}/cat/reposiciones", json=_identified(voter))
            self.opined.refused[(voter.conduct, again)] += 1
            self.opined.replaced += 1
        for voter in self.of(Conduct.EXHAUSTS):
            client.post(f"{self._town.consulta}/cat/desbloqueos", _identified(voter))
            self.opined.unblocked += 1
        self._lost = {v.correo: self._claves[v.correo] for v in self.of(Conduct.LOSES_CLAVE)}
        if self._lost:
            new = read_claves(self._town, set(self._lost), frozenset(self._lost.values()))
            self._claves |= new
        self._let_in(self.of(*AT_THE_CAT), progress)

    def last_hour(self, progress: Advance) -> None:
        """Everybody else."""
        done = {one.who.correo for one in self.opined.ended if one.receipt is not None}
        left = [v for v in self._ordinary() if v.correo not in done]
        self._let_in([*left, *self.of(Conduct.NO_PROJECTS)], progress)

    def too_late(self) -> None:
        """After the closing nobody enters."""
        for voter in self.of(Conduct.LATE):
            keep_out(self._turn(voter), "calendario.opinion")

    def _ordinary(self) -> list[Voter]:
        return [v for v in self._voters if v.opines and v.conduct not in AT_THE_CAT]

    def _turn(self, voter: Voter) -> Turn:
        foreign = self._foreign(voter) if voter.conduct is Conduct.COPIES else None
        clave = self._claves[voter.correo]
        return Turn(self._polls, voter, clave, self._lost.get(voter.correo), foreign)

    def _foreign(self, voter: Voter) -> bytes | None:
        """A ballot that is in the public urn of the person's UT."""
        file = self._town.plan.base.public / "urna" / f"{voter.unidad}.bel"
        with file.open("rb") as stream:
            found = (one.content for one in members(stream, file.name) if one.content.startswith(_BALLOT))
            return next(found, None)

    def _let_in(self, voters: Sequence[Voter], progress: Advance) -> None:
        turns = [self._turn(voter) for voter in voters]
        batches, done = [turns[at : at + BATCH] for at in range(0, len(turns), BATCH)], 0
        for finished in as_completed([self._town.workers.submit(take_all, batch) for batch in batches]):
            self.opined.add(finished.result())
            done += BATCH
            progress(min(done, len(turns)), len(turns))


def take_all(turns: Sequence[Turn]) -> list[Ended]:
    """Several devices at the same time."""
    with threads(AT_ONCE) as pool:
        return list(pool.map(take, turns))


def require_all_opined(opined: Opined, voters: Sequence[Voter]) -> None:
    """Raises UnexpectedOutcome unless those have a receipt who should, and nobody else."""
    expected = sorted(v.correo for v in voters if v.opines)
    found = sorted(who.correo for who, _ in opined.receipts)
    if expected != found:
        raise UnexpectedOutcome(f"debían opinar {len(expected)} personas, y opinaron {len(found)}")


def _identified(voter: Voter) -> dict[str, str]:
    return {"clave_elector": voter.clave_elector, "ocr": voter.ocr, "verificacion": _CHECKED}
