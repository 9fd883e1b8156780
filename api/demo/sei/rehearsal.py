"""What the stages of a consultation through the service share."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from api.demo.acting import Client
from api.demo.errors import UnexpectedOutcome
from api.demo.screen import Advance, Screen
from api.demo.sei.custodios import Custodio
from api.demo.sei.offices import Offices
from api.demo.sei.people import Voter
from api.demo.sei.plan import SeiPlan, Territory
from api.demo.sei.town import SeiTown
from api.messages.preregistro import spoken
from tally.consulta.cronograma import local
from tally.consulta.states import Estado


@dataclass(frozen=True)
class SeiRehearsal:
    """`public`: somebody without an account, who sees what anybody may."""

    town: SeiTown
    screen: Screen
    territory: Territory
    offices: Offices
    custodios: list[Custodio]
    voters: list[Voter]
    public: Client

    @property
    def plan(self) -> SeiPlan:
        """What it will be."""
        return self.town.plan

    def stage(self, title: str) -> AbstractContextManager[Advance]:
        """A numbered stage, on the day that the service believes it is."""
        return self.screen.stage(title, spoken_instant(self.town.clock()))

    def wait_for(self, estado: Estado) -> None:
        """Until the service has brought the consultation there by itself. Raises UnexpectedOutcome."""
        self.town.wait_until(lambda: self._estado() == estado.value, f"la consulta {estado.value}")

    def require(self, estado: Estado) -> None:
        """Raises UnexpectedOutcome when the consultation is in another state."""
        if (found := self._estado()) != estado.value:
            raise UnexpectedOutcome(f"la consulta debía estar {estado.value}, y está {found}")

    def _estado(self) -> str:
        return str(self.public.get(self.town.consulta)["estado"])


def spoken_instant(moment: datetime) -> str:
    """«20 de abril de 2023, 20:00», on the clock of Mexico City."""
    return f"{spoken(local(moment).date())}, {local(moment):%H:%M}"
