"""Mails that came back: what a delivery status notification says (RFC 3464, RFC 3462). Pure.

Anybody can write to the address that takes them. Only who got a mail knows its identifier, and a report is
about one mail: a forged one does nothing but make its own message be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message

MAX_REPORT_BYTES = 1024 * 1024
_IDENTIFIER = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.ASCII)
_STATUS = re.compile(r"\s*(5\.[0-9]{1,3}\.[0-9]{1,3})\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that was refused for good. `sent_as`: its identifier; `code`: a stable code, `rebote-5.1.1`."""

    sent_as: str
    code: str


def parse_bounce(data: bytes) -> Bounce | None:
    """What a message says came back; None for any other message, also for a report of a mere delay."""
    if len(data) > MAX_REPORT_BYTES:
        return None
    message = message_from_bytes(data, policy=policy.default)
    if message.get_content_type() != "multipart/report":
        return None
    code = next(_failures(message), None)
    sent_as = next(_identifiers(message), None)
    return None if code is None or sent_as is None else Bounce(sent_as, code)


def _failures(message: Message) -> Iterator[str]:
    for part in _parts(message, "message/delivery-status"):
        for fields in part.walk():
            status = _STATUS.match(str(fields.get("Status", "")))
            if status is not None and str(fields.get("Action", "")).strip().lower() == "failed":
                yield f"rebote-{status[1]}"


def _identifiers(message: Message) -> Iterator[str]:
    """Of the returned mail, or of its header alone. Not of the report, which has an identifier of its own."""
    for part in _parts(message, "message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
        found = _IDENTIFIER.search(_header_text(part))
        if found is not None:
            yield found[1]


def _header_text(part: Message) -> str:
    """The Message-ID of what a part holds, whichever way the parser left it."""
    inner = part.get_payload()
    if isinstance(inner, list):
        returned = next((one for one in inner if isinstance(one, Message)), Message())
    else:
        text = part.get_payload(decode=True)
        returned = message_from_bytes(text if isinstance(text, bytes) else b"")
    return str(returned.get("Message-ID", ""))


def _parts(message: Message, *types: str) -> Iterator[Message]:
    """Direct parts of a report: what is inside the returned mail is not asked."""
    inner = message.get_payload()
    if isinstance(inner, list):
        yield from (part for part in inner if isinstance(part, Message) and part.get_content_type() in types)
