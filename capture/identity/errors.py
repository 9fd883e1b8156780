"""What is refused in personal data, and how several refusals of one form travel together."""

from __future__ import annotations

from collections.abc import Sequence

from keys.errors import Refusal

__all__ = ["FormRefusal", "IdentityRefusal", "Refusal", "described"]


class IdentityRefusal(Refusal):
    """A field does not have the form that its kind prescribes, or contradicts another field.

    `got` describes what was found (a length, a position) and never repeats the whole value.
    """


class FormRefusal(Refusal):
    """One or more fields of a form are refused; `findings` has them all, in the order of the form."""

    def __init__(self, findings: Sequence[Refusal]) -> None:
        first = findings[0]
        self.findings = tuple(findings)
        super().__init__(first.rule, first.place, first.expected, first.got)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.findings,)


def described(text: str) -> str:
    """What is said of a text that is not one of a list: somebody may have typed another field's there."""
    return f"otro texto, de {len(text)} caracteres" if text.strip() else "nada"
