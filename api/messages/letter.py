"""The frame of every e-mail to a person."""

from __future__ import annotations

from api.outbox.message import MAX_SUBJECT_CHARS, Channel, Message

_FOOT = (
    "Este mensaje se generó de manera automática; por favor no lo responda. Si usted no reconoce este "
    "registro, "
    "haga caso omiso y avise a la mesa de atención: {contact}"
)


def letter(kind: str, to: str, subject: str, greeting: str, paragraphs: list[str], contact: str) -> Message:
    """A plain text e-mail. `contact`: where people are attended (a page or an address)."""
    parts = [f"{greeting}:", *paragraphs, _FOOT.format(contact=contact)]
    body = "\n\n".join(parts) + "\n"
    return Message(kind, Channel.CORREO, to, subject[:MAX_SUBJECT_CHARS], body)


def facts(rows: list[tuple[str, str | None]]) -> str:
    """Lines of name and value; those without a value are left out."""
    return "\n".join(f"  {name}: {value}" for name, value in rows if value)
