"""The place where the consultation happens: the service in its own processes, and the world around it.

Of the world there are a mail server, a gateway of text messages and the witnesses of the log: invented, but
reached over sockets as the real ones are.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from api import wiring
from api.database_version import migrate
from api.demo.patience import LOOK_SECONDS, wait_until
from api.demo.sei.clock import SharedClock
from api.demo.sei.plan import SeiPlan
from api.demo.sei.processes import RunningService, running_service
from api.demo.sei.settings import ORIGIN, environment_of, settings_of
from api.demo.sei.witnesses import running_witnesses
from api.demo.several import processes
from api.padron.settings import make_key
from api.public_log import signing_key
from api.settings import Settings
from api.trial.mailbox import TrialMailbox, trial_mailbox
from api.trial.telephones import TrialTelephones, trial_telephones
from ledger.policy import Policy
from ledger.vkey import Ed25519Signer
from tally.parallel import cores

LOOPBACK = "127.0.0.1"
_MAIL_SECONDS = 0.2
"""Between two looks at the mail: each reads a folder."""
_LINK = re.compile(r"#(\S+)")


@dataclass(frozen=True)
class SeiTown:
    """What people reach, and what the rehearsal itself looks at. `log`: the key of the consultation's log."""

    plan: SeiPlan
    clock: SharedClock
    url: str
    service: RunningService
    settings: Settings
    environment: dict[str, str]
    mailbox: TrialMailbox
    telephones: TrialTelephones
    log: Ed25519Signer
    policy: Policy
    workers: ProcessPoolExecutor
    """Where people's own devices and machines compute: each processor has one, all the time."""

    @property
    def consulta(self) -> str:
        """The path of the consultation."""
        return f"/v1/consultas/{self.plan.base.id}"

    def mail_to(self, addresses: set[str], wanted: Callable[[EmailMessage], bool]) -> dict[str, EmailMessage]:
        """The newest such mail to each of them, once all have one. Raises UnexpectedOutcome."""
        found: dict[str, EmailMessage] = {}

        def all_came() -> bool:
            messages = self.mailbox.messages()
            found.update({str(m["To"]): m for m in messages if m["To"] in addresses and wanted(m)})
            return found.keys() == addresses

        self.wait_until(all_came, "el correo", _MAIL_SECONDS)
        return found

    def wait_until(self, done: Callable[[], bool], what: str, seconds: float = LOOK_SECONDS) -> None:
        """As long as the service runs. Raises UnexpectedOutcome."""

        def done_by_the_service() -> bool:
            self.service.require_running()
            return done()

        wait_until(done_by_the_service, what, seconds)

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
        service = stack.enter_context(running_service(url, port, clock.file, environment, said))
        workers = stack.enter_context(processes(cores()))
        yield SeiTown(plan, clock, url, service, settings, environment, box, telephones, log, policy, workers)


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
