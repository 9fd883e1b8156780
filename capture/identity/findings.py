"""Checking all the fields of a form before answering, so that a person corrects everything at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from capture.identity.errors import FormRefusal, Refusal

T = TypeVar("T")


class Findings:
    """Collects the refusals of one form. Values taken are only to be used after `settle` did not raise."""

    def __init__(self) -> None:
        self.found: list[Refusal] = []

    def take(self, parse: Callable[[str, str], T], value: str | None, field: str) -> T:
        """Parse a required field; a field that is absent is one that is empty."""
        return self.run(lambda: parse(value or "", field))

    def take_optional(self, parse: Callable[[str, str], T], value: str | None, field: str) -> T | None:
        """Parse a field that may be left empty."""
        return self.run(lambda: parse(value, field)) if value and value.strip() else None

    def run(self, check: Callable[[], T]) -> T:
        """Run a check of several fields; what it refuses is kept for `settle`."""
        try:
            return check()
        except FormRefusal as refusal:
            self.found.extend(refusal.findings)
        except Refusal as refusal:
            self.found.append(refusal)
        return cast(T, None)  # nobody sees it: `settle` raises

    def settle(self) -> None:
        """Raise FormRefusal when anything was refused."""
        if self.found:
            raise FormRefusal(self.found)
