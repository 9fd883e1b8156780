"""Who was approved gets a Clave by e-mail, as the validation module sends it."""

from __future__ import annotations

import os
import re
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from uuid import uuid4

from api import wiring_accounts
from api.demo.errors import UnexpectedOutcome
from api.demo.screen import Advance
from api.demo.sei.people import Voter
from api.demo.sei.town import SeiTown
from api.entrada.authority import Prepared
from api.entrada.desk import SeiDesk, open_sei
from api.outbox.outbox import Outbox
from tally.claves.person import PersonData
from tally.claves.store_sql import Personas

_CLAVE = re.compile(r"Clave de Opinión: (\S{8})\s")
_AT_ONCE = 4


def issue_claves(town: SeiTown, voters: list[Voter], progress: Advance) -> dict[str, str]:
    """A Clave for each of them; by e-mail address, what came."""
    desk = _open_desk(town)

    def issue(voter: Voter) -> None:
        prepared = _prepared(town, desk, voter)
        with town.database.writing() as db:
            desk.authority.deliver(db, prepared, town.clock())

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done, _ in enumerate(pool.map(issue, voters), 1):
            progress(done, len(voters))
    return read_claves(town, {voter.correo for voter in voters})


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


def _open_desk(town: SeiTown) -> SeiDesk:
    outbox = Outbox(town.clock, os.urandom)
    accounts = wiring_accounts.open_accounts(town.settings, town.database, outbox, os.urandom)
    return open_sei(town.settings, town.database, outbox, accounts.means.key, town.clock, os.urandom)


def _prepared(town: SeiTown, desk: SeiDesk, voter: Voter) -> Prepared:
    data = PersonData(voter.clave_elector, voter.ocr, voter.nombre, voter.telefono, voter.correo)
    with town.database.writing() as db:
        people = Personas(db, desk.keeper)
        person = people.add(str(uuid4()), town.plan.base.id, voter.seccion, data, town.clock())
        uuids = desk.authority.urns_of(db, person)
    return desk.authority.prepare(person, data, uuids)
