"""The three ways in which a verification can end badly."""

from __future__ import annotations


def shown(value: object, limit: int = 200) -> str:
    """Text of a value for a report: one line, at most `limit` characters."""
    text = value if isinstance(value, str) else _written(value)
    text = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return text if len(text) <= limit else text[:limit] + "…"


def _written(value: object) -> str:
    try:
        return repr(value)
    except RecursionError:  # a value that could just be read may be too deep to be written
        return "un valor de demasiados niveles"


class Failure(Exception):  # noqa: N818 - the word of the reports
    """The public record breaks a rule: the verdict is «rechazado».

    `rule` is an id of `rules.RULES`, `place` says where inside the message, `expected` and `got` what the
    rule asks for and what is there (None when there is nothing sensible to show).
    """

    def __init__(self, rule: str, place: str = "", expected: object = None, got: object = None) -> None:
        super().__init__(rule, place, expected, got)
        self.rule = rule
        self.place = place
        self.expected = None if expected is None else shown(expected)
        self.got = None if got is None else shown(got)


class NotJudged(Exception):  # noqa: N818
    """No verdict is possible: usage, an unreadable file. The argument is the Spanish message."""


class NotSupported(NotJudged):
    """A correct Belenios feature that this program does not verify (non-homomorphic questions)."""
