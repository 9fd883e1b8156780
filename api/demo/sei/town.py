"""The place where the consultation happens: the service in its own processes, and the world around it.

Of the world there are a mail server, a gateway of text messages and the witnesses of the log: invented, but
reached over sockets as the real ones are.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from api import wiring
from api.database_version import migrate
from api.demo.errors import UnexpectedOutcome
from api.demo.sei.clock import SharedClock
from api.demo.sei.plan import SeiPlan
from api.demo.sei.processes import running_service
from api.demo.sei.settings import ORIGIN, environment_of, settings_of
from api.demo.sei.witnesses import running_witnesses
from api.padron.settings import make_key
from api.public_log import signing_key
from api.settings import Settings
from api.trial.mailbox import TrialMailbox, trial_mailbox
from api.trial.telephones import TrialTelephones, trial_telephones
from ledger.policy import Policy
from ledger.vkey import Ed25519Signer

LOOPBACK = "127.0.0.1"
WAIT_SECONDS = 180.0
_LOOK_SECONDS = 0.05
_LINK = re.compile(r"#(\S+)")


@dataclass(frozen=True)
class SeiTown:
    """What people reach, and what the rehearsal itself looks at. `log`: the key of the consultation's log."""

    plan: SeiPlan
    clock: SharedClock
    url: str
    settings: Settings
    environment: dict[str, str]
    mailbox: TrialMailbox
    telephones: TrialTelephones
    log: Ed25519Signer
    policy: Policy

    @property
    def consulta(self) -> str:
        """The path of the consultation."""
        return f"/v1/consultas/{self.plan.base.id}"

    def mail_to(self, addresses: set[str], wanted: Callable[[EmailMessage], bool]) -> dict[str, EmailMessage]:
        """The newest such mail to each of them, once all have one. Raises UnexpectedOutcome."""
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            found = {str(m["To"]): m for m in self.mailbox.messages() if m["To"] in addresses and wanted(m)}
            if found.keys() == addresses:
                return found
            time.sleep(_LOOK_SECONDS * 4)
        raise UnexpectedOutcome(f"no llegaron todos los correos: {len(found)} de {len(addresses)}")

    def links_for(self, emails: set[str]) -> dict[str, str]:
        """The first link to an account, by e-mail of its owner."""
        mails = self.mail_to(emails, lambda mail: _LINK.search(mail.get_content()) is not None)
        return {to: _LINK.findall(mail.get_content())[0] for to, mail in mails.items()}


@contextmanager
def running_town(plan: SeiPlan) -> Iterator[SeiTown]:
    """Everything runs while the block does."""
    output = plan.base.output
    output.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        private = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="certeza-")))
        clock = SharedClock.create(private / "reloj", plan.start)
        box = stack.enter_context(trial_mailbox(output / "correo"))
        telephones = stack.enter_context(trial_telephones())
        port = _free_port()
        url, policies = f"http://{LOOPBACK}:{port}", output / "testigos"
        # The path of a Unix socket is short; that of a rehearsal's folder need not be.
        settings = settings_of(plan, url, box.port, telephones.url, private / "boveda.sock", policies)
        _prepare(settings)
        log = _log_of(plan, settings)
        witnesses = running_witnesses(policies, log.key, clock, policies)
        policy = stack.enter_context(witnesses)
        environment = environment_of(settings, settings.data / "certeza.toml")
        said = output / "servicio.log"
        stack.enter_context(running_service(url, port, clock.file, environment, said))
        yield SeiTown(plan, clock, url, settings, environment, box, telephones, log, policy)


def wait_until(done: Callable[[], bool], what: str) -> None:
    """Raises UnexpectedOutcome when it is not done in time."""
    until = time.monotonic() + WAIT_SECONDS
    while not done():
        if time.monotonic() > until:
            raise UnexpectedOutcome(f"{what} no terminó")
        time.sleep(_LOOK_SECONDS * 2)


def _prepare(settings: Settings) -> None:
    """The tables, and the key of the lista nominal that will be loaded."""
    database = wiring.open_database(settings)
    migrate(database)
    database.engine.dispose()
    if settings.padron.key_file is not None:
        settings.padron.key_file.parent.mkdir(parents=True, exist_ok=True)
        make_key(settings.padron.key_file)


def _log_of(plan: SeiPlan, settings: Settings) -> Ed25519Signer:
    """The key of the consultation's log, made before there is one so that the witnesses know it."""
    file = settings.data / "secretos" / f"bitacora-{plan.base.id}.llave"
    return signing_key.load_or_create(file, f"{ORIGIN}/{plan.base.id}", os.urandom)


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as free:
        return int(free.getsockname()[1])
