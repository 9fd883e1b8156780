"""What a check says when it refuses: which rule, where, what was expected and what was found."""

from __future__ import annotations

MAX_SHOWN = 120
MAX_EXPECTED = 400
"""Of what was expected, which is our own words: a list of what is admitted is whole."""


def shown(value: object, most: int = MAX_SHOWN) -> str:
    """Shorten a value for a message: at most so many characters, control characters escaped."""
    text = value if isinstance(value, str) else _written(value)
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _written(value: object) -> str:
    try:
        return repr(value)
    except RecursionError:  # a value that could just be read may be too deep to be written
        return "un valor de demasiados niveles"


class Refusal(Exception):  # noqa: N818 - the domain's word: a message or a share is refused
    """A message that breaks a rule. `rule` is stable and for programs; the rest is for people."""

    culprit: int | None = None
    """The index of the trustee whose message it is, when one can be named."""

    def __init__(self, rule: str, place: str, expected: object, got: object) -> None:
        self.rule = rule
        self.place = place
        self.expected = shown(expected, MAX_EXPECTED)
        self.got = shown(got)
        super().__init__(f"{place}: se esperaba {self.expected}; se encontró {self.got} [{rule}]")

    def __reduce__(self) -> tuple[object, ...]:
        # Work over many urns is done by several processes: a refusal travels between them whole.
        return type(self), (self.rule, self.place, self.expected, self.got), {"culprit": self.culprit}

    def within(self, outer: str) -> Refusal:
        """The same refusal, seen from the file or message that contains the place."""
        made = type(self)(self.rule, f"{outer} › {self.place}", self.expected, self.got)
        made.culprit = self.culprit
        return made

    def by(self, trustee: int) -> Refusal:
        """The same refusal, naming the trustee at fault; the first one named stays."""
        self.culprit = trustee if self.culprit is None else self.culprit
        return self


class FormatRefusal(Refusal):
    """The bytes are not the one canonical spelling of a message of the expected type."""


class ProofRefusal(Refusal):
    """A zero-knowledge proof or a signature does not verify."""


class ElementRefusal(Refusal):
    """A text does not denote an element of the prime-order group that the place allows."""
