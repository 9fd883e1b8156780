"""The use cases of the SEI, made once per process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from api.accounts.service_key import ServiceKey
from api.entrada.authority import Authority, read_identity, recipient_of
from api.entrada.bounds import EntryBounds
from api.messages.sei import received_sms, token_sms
from api.opinion.proofs import LogProofs
from api.opinion.receipts import ReceiptSigners
from api.outbox.outbox import Outbox
from api.settings import Settings
from keys.group import group_named
from keys.randomness import SystemRandomness
from ledger.database import Database
from tally.claves.ports import Keeper
from tally.claves.store_sql import Personas
from tally.entrada.entering import Entering, Porch
from tally.entrada.sessions_sql import VoterSessions
from tally.opinion.booths import Booths
from tally.opinion.casting_sql import House, SqlCasting
from tally.opinion.challenges import Challenges
from tally.opinion.ports import Voter

AUTHORITY_FILE = "autoridad.age"


class TokensByOutbox:
    """See `tally.entrada.ports.TokenPost`."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def send(self, connection: Connection, telefono: str, code: str, until: datetime) -> None:
        """See `TokenPost`."""
        self._outbox.put(connection, token_sms(telefono, code, until))


class NoticesByOutbox:
    """See `tally.opinion.ports.Notices`: the SMS waits for the end of the session."""

    def __init__(self, outbox: Outbox, keeper: Keeper) -> None:
        self._outbox = outbox
        self._keeper = keeper

    def received(self, connection: Connection, voters: Sequence[Voter]) -> None:
        """See `Notices`."""
        people = Personas(connection, self._keeper).data_of([one.persona for one in voters])
        sms = [received_sms(people[one.persona].telefono, one.ends) for one in voters]
        messages = self._outbox.put_all(connection, sms)
        sessions = [one.session for one in voters]
        VoterSessions(connection).notice(list(zip(sessions, messages, strict=True)))


@dataclass(frozen=True, slots=True)
class SeiDesk:
    """What the routes of entry and opinion use."""

    keeper: Keeper
    authority: Authority
    entering: Entering
    booths: Booths
    casting: SqlCasting
    challenges: Challenges
    signers: ReceiptSigners
    proofs: LogProofs


def open_sei(
    settings: Settings,
    database: Database,
    outbox: Outbox,
    key: ServiceKey,
    clock: Callable[[], datetime],
    random: Callable[[int], bytes],
) -> SeiDesk:
    """The use cases over one database. Raises SettingsRefusal in production without the authority's key."""
    booths = Booths(group_named(settings.sei.group))
    house = House(database, booths, NoticesByOutbox(outbox, key), clock)
    bounds, post = EntryBounds(database, key), TokensByOutbox(outbox)
    return SeiDesk(
        keeper=key,
        authority=open_authority(settings, outbox, key),
        entering=Entering(Porch(database, key, bounds, post, clock, random, SystemRandomness())),
        booths=booths,
        casting=SqlCasting(house),
        challenges=Challenges(database, booths, clock),
        signers=ReceiptSigners(settings, random),
        proofs=LogProofs(settings),
    )


def open_authority(settings: Settings, outbox: Outbox, key: ServiceKey) -> Authority:
    """The credential authority. Raises SettingsRefusal in production without its key."""
    given = settings.sei
    file = given.authority_file or settings.data / "secretos" / AUTHORITY_FILE
    recipient = recipient_of(given, file, production=settings.production)
    identity = None if given.authority_recipient else lambda: read_identity(file)
    return Authority(
        group_named(given.group), key, outbox, given, recipient, identity, settings.http.public_url
    )
