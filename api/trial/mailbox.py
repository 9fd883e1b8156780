"""A mail server for rehearsals: speaks SMTP on loopback and keeps every message in a Maildir."""

from __future__ import annotations

import mailbox
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
READ = BytesParser(policy=default)


class _Keeper:
    """Takes every message; answers 250 only once the file is in the Maildir."""

    def __init__(self, folder: Path) -> None:
        self._box = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """See aiosmtpd."""
        content = envelope.original_content or b""
        self._box.add(content.replace(b"\r\n", b"\n"))  # a Maildir keeps lines as its system does
        return "250 OK"


class TrialMailbox:
    """Where the messages are. `port` is that of the server."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._read: dict[str, EmailMessage] = {}

    def messages(self) -> list[EmailMessage]:
        """All of them, oldest first."""
        files = sorted((self.folder / "new").iterdir(), key=lambda file: (file.stat().st_mtime_ns, file.name))
        for file in files:
            if file.name not in self._read:
                self._read[file.name] = _read(file)
        return [self._read[file.name] for file in files]

    def to(self, address: str) -> list[EmailMessage]:
        """Those to one person."""
        return [message for message in self.messages() if message["To"] == address]


def _read(file: Path) -> EmailMessage:
    message = READ.parsebytes(file.read_bytes())
    if not isinstance(message, EmailMessage):
        raise TypeError(f"{file}: not a message")
    return message


@contextmanager
def trial_mailbox(folder: Path, port: int = 0) -> Iterator[TrialMailbox]:
    """A server on a port of loopback, 0 chooses a free one, while the block runs."""
    with socket.create_server((LOOPBACK, port)) as free:
        port = free.getsockname()[1]
    controller = Controller(_Keeper(folder), LOOPBACK, port, data_size_limit=MAX_MESSAGE_BYTES)
    controller.start()
    try:
        yield TrialMailbox(folder, port)
    finally:
        controller.stop()
