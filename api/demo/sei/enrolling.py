"""From the first request to the Claves: pre-registro, lista nominal, validation, e-mail, telephone check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

from api.demo.errors import UnexpectedOutcome
from api.demo.screen import Advance
from api.demo.sei import validating
from api.demo.sei.applicants import Applicant, Flaw, again, applicants_of
from api.demo.sei.offices import Offices
from api.demo.sei.people import Voter
from api.demo.sei.plan import YEAR, Territory
from api.demo.sei.requesting import Request, send_all
from api.demo.sei.town import SeiTown
from api.demo.sei.validating import Validated

CORTE = date(YEAR, 2, 28)
"""Of the lista nominal (source 000, 7.2)."""
TWICE = 1
"""People who ask from two telephones: one of the two requests cannot be approved."""
_CLAVE = re.compile(r"Clave de Opinión: (\S{8})\s")


@dataclass(frozen=True)
class Enrolment:
    """The requests of a consultation."""

    town: SeiTown
    offices: Offices
    applicants: Sequence[Applicant]

    @classmethod
    def of(cls, town: SeiTown, offices: Offices, territory: Territory, voters: Sequence[Voter]) -> Enrolment:
        """Everybody who asks; the lista nominal is there before."""
        applicants = applicants_of(town.plan, territory, voters, town.workers)
        validating.load_lista(town, applicants, CORTE.isoformat())
        return cls(town, offices, [*applicants, *map(again, applicants[:TWICE])])

    def ask(self, progress: Advance) -> list[Request]:
        """Each telephone sends its packet; the worker reads them all and asks the lista nominal."""
        requests = send_all(self.town, self.applicants, progress)
        expected = sum(not one.listed for one in self.applicants)
        found = validating.wait_for_engines(self.town, self.offices.deoeyg, requests)
        if found != expected:
            raise UnexpectedOutcome(f"debían quedar fuera {expected} solicitudes, y quedaron {found}")
        return requests

    def validate(self, requests: Sequence[Request], progress: Advance) -> Validated:
        """Operators rule on all of them, and everybody is told. Raises UnexpectedOutcome."""
        found = validating.rule(self.town, self.offices.validators, requests, progress)
        approved = len({one.who.correo for one in self.applicants if one.flaw is None and one.listed})
        if (found.approved, found.repeated) != (approved, TWICE):
            told = f"{found.approved} solicitudes de {approved}, y se repitieron {found.repeated} de {TWICE}"
            raise UnexpectedOutcome(f"se aprobaron {told}")
        if found.causes.keys() != {flaw.cause for flaw in _flaws(self.applicants)}:
            raise UnexpectedOutcome(f"se rechazó por las causas {sorted(found.causes)}")
        validating.check_rejections(self.town, requests)
        return found


def _flaws(applicants: Sequence[Applicant]) -> list[Flaw]:
    return [one.flaw for one in applicants if one.flaw is not None]


def read_claves(town: SeiTown, addresses: set[str], but: frozenset[str] = frozenset()) -> dict[str, str]:
    """The Clave in the newest mail to each address; `but`: those that were replaced."""

    def is_new(mail: EmailMessage) -> bool:
        found = _CLAVE.search(mail.get_content())
        return found is not None and found[1] not in but

    mails = town.mail_to(addresses, is_new)
    return {to: _clave_in(mail) for to, mail in mails.items()}


def _clave_in(mail: EmailMessage) -> str:
    found = _CLAVE.search(mail.get_content())
    if found is None:
        raise UnexpectedOutcome("un correo no trae ninguna Clave")
    return found[1]
