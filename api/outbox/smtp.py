"""E-mail over SMTP (RFC 5321), with TLS wherever it leaves the machine."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from queue import Empty, SimpleQueue

from api.outbox.ports import Letter, Undeliverable, Unreachable
from api.outbox.settings import SmtpSettings

ACCEPTED, PERMANENT = range(200, 300), range(500, 600)
FAREWELL_SECONDS = 1.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SmtpCarrier:
    """Connections are kept from one letter to the next of the same look, never after something went wrong: a
    server that dies in the middle costs one attempt. Of any number of threads, each with its own connection.
    """

    def __init__(self, settings: SmtpSettings) -> None:
        if settings.security == "ninguna" and settings.host not in LOOPBACK:
            raise ValueError("sin TLS solo se entrega a un servidor de esta misma máquina")
        self._settings = settings
        self._kept: SimpleQueue[smtplib.SMTP] = SimpleQueue()

    def deliver(self, letter: Letter) -> None:
        """See `Carrier`."""
        message = compose(letter, self._settings)
        server = self._kept_one() or self._connect()
        try:
            with _told_of_the_message():
                given = self._settings
                server.send_message(message, given.bounces_to or given.sender, [letter.to])
        except BaseException:
            server.close()
            raise
        self._kept.put(server)

    def rest(self) -> None:
        """See `Carrier`."""
        while (server := self._taken()) is not None:
            _leave(server)

    def _kept_one(self) -> smtplib.SMTP | None:
        """A connection whose server is still there; it has seen nothing of the letter when it is not."""
        while (server := self._taken()) is not None:
            try:
                if server.rset()[0] in ACCEPTED:
                    return server
            except (smtplib.SMTPException, OSError):
                pass
            server.close()
        return None

    def _taken(self) -> smtplib.SMTP | None:
        try:
            return self._kept.get_nowait()
        except Empty:
            return None

    def _connect(self) -> smtplib.SMTP:
        """Whatever fails here is about the server or our account with it, never about a message."""
        try:
            return self._connected()
        except smtplib.SMTPResponseException as error:
            raise Unreachable(f"smtp-{error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(type(error).__name__) from None

    def _connected(self) -> smtplib.SMTP:
        given, context = self._settings, ssl.create_default_context()
        if given.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                given.host, given.port, timeout=given.timeout_seconds, context=context
            )
        else:
            server = smtplib.SMTP(given.host, given.port, timeout=given.timeout_seconds)
        try:
            server.ehlo_or_helo_if_needed()
            if given.security == "starttls":
                server.starttls(context=context)
                server.ehlo_or_helo_if_needed()
            if given.user and given.password_file:
                server.login(given.user, given.password_file.read_text(encoding="utf-8").strip())
        except BaseException:
            server.close()
            raise
        return server


def _leave(server: smtplib.SMTP) -> None:
    """What it says to a farewell changes nothing, and nobody waits for it."""
    with closing(server), suppress(smtplib.SMTPException, OSError):
        if server.sock is not None:
            server.sock.settimeout(FAREWELL_SECONDS)
        server.quit()


@contextmanager
def _told_of_the_message() -> Iterator[None]:
    """Turn what a server answers to a message into what it means for it."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, _ = next(iter(error.recipients.values()))
        raise _failure(code) from None
    except smtplib.SMTPSenderRefused as error:  # our own address: no message would arrive
        raise Unreachable(f"smtp-{error.smtp_code}") from None
    except smtplib.SMTPResponseException as error:
        raise _failure(error.smtp_code) from None
    except smtplib.SMTPNotSupportedError:
        raise Undeliverable("smtp-sin-utf8") from None
    except smtplib.SMTPException as error:
        raise OSError(type(error).__name__) from None


def _failure(code: int) -> Exception:
    """What a reply means: 5xx is for good, but for those that tell of the server or of our account."""
    if code in PERMANENT and code not in (530, 534, 535, 538, 552, 554):
        return Undeliverable(f"smtp-{code}")
    return OSError(f"smtp-{code}")


def compose(letter: Letter, settings: SmtpSettings) -> EmailMessage:
    """The mail. Its Message-ID is that of the letter, so that a repeat is recognised as one.

    Raises Undeliverable for what is not one address.
    """
    message = EmailMessage()
    message["From"] = Address(settings.sender_name, addr_spec=settings.sender)
    try:
        message["To"] = Address(addr_spec=letter.to)
    except (ValueError, MessageError, IndexError):
        raise Undeliverable("direccion") from None
    message["Subject"] = letter.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = f"<{letter.identifier}@{settings.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in return
    message.set_content(letter.body)
    for attachment in letter.attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(attachment.data, maintype=main, subtype=sub, filename=attachment.name)
    return message
