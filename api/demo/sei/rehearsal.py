"""What the stages of a consultation through the service share."""

from __future__ import annotations

from dataclasses import dataclass

from api.demo.acting import Client
from api.demo.errors import UnexpectedOutcome
from api.demo.screen import Screen
from api.demo.sei.custodios import Custodio
from api.demo.sei.offices import Offices
from api.demo.sei.people import Voter
from api.demo.sei.plan import SeiPlan, Territory
from api.demo.sei.town import SeiTown, wait_until
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

    def wait_for(self, estado: Estado) -> None:
        """Until the service has brought the consultation there by itself. Raises UnexpectedOutcome."""
        wait_until(lambda: self._estado() == estado.value, f"la consulta {estado.value}")

    def require(self, estado: Estado) -> None:
        """Raises UnexpectedOutcome when the consultation is in another state."""
        if (found := self._estado()) != estado.value:
            raise UnexpectedOutcome(f"la consulta debía estar {estado.value}, y está {found}")

    def _estado(self) -> str:
        return str(self.public.get(self.town.consulta)["estado"])
