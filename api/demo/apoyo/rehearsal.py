"""What the stages of the rehearsal share, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from api.demo.apoyo.campaign import Campaign
from api.demo.apoyo.capturing import Crew
from api.demo.apoyo.checking import Figures, Outcome
from api.demo.apoyo.delivering import Delivered
from api.demo.apoyo.drawn import Photographed
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.registering import Candidate, Helper, Office
from api.demo.apoyo.reviewing import Mesa
from api.demo.apoyo.town import Town
from api.demo.apoyo.trials import Trials
from api.demo.patience import wait_until
from api.demo.screen import Screen
from capture.records.states import Columna, Estado


@dataclass
class ApoyoRehearsal:
    """What the stages share. `at_cut`: the figures of the Nota informativa, by Id Proceso."""

    town: Town
    screen: Screen
    office: Office
    key: Path
    candidates: list[Candidate]
    helpers: list[Helper]
    people: list[Citizen]
    campaign: Campaign
    crew: Crew
    mesa: Mesa
    trials: Trials
    drawn: list[Photographed] = field(default_factory=list)
    at_cut: dict[str, Figures] = field(default_factory=dict)
    cut: datetime | None = None

    def wait_for_compulsa(self) -> None:
        """Until the padrón has answered for every record. Raises UnexpectedOutcome."""
        wait_until(lambda: not self._asked(), "la compulsa")

    def _asked(self) -> bool:
        query = {"estado": Estado.PARA_COMPULSA.value, "limite": 1}
        client = self.office.derfe.client
        return any(
            client.get("/v1/registros", params={"proceso": one.proceso, **query})["registros"]
            for one in self.candidates
        )


@dataclass(frozen=True)
class ApoyoSummary:
    """How it ended: the last figures of each aspirante, and the packages that the OPL opened.

    `acuses`: on all devices. `leaves`: entries of the log of acuses. `documents`: official ones, signed.
    """

    rows: tuple[Outcome, ...]
    delivered: tuple[Delivered, ...]
    acuses: int
    leaves: int
    documents: int


def spoken(columns: dict[str, int]) -> str:
    """The columns that are not zero, in words."""
    words = {column.name.lower().replace("_", "-"): column.value for column in Columna}
    told = (
        f"{many:,} {words[code].removeprefix('Registros ').lower()}" for code, many in columns.items() if many
    )
    return ", ".join(told)
