"""Homomorphic questions (Belenios specification, section "Questions")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keys import canonical
from keys.errors import FormatRefusal

FIELDS = ("answers", "blank", "min", "max", "question")
MAX_ANSWERS = 1000


@dataclass(frozen=True, slots=True)
class Question:
    """Choose between `minimum` and `maximum` of `answers`; with `blank`, or none at all («voto nulo»)."""

    answers: tuple[str, ...]
    blank: bool
    minimum: int
    maximum: int
    text: str

    @property
    def size(self) -> int:
        """How many ciphertexts an answer has: one per answer, and a leading one for blank."""
        return len(self.answers) + self.blank

    @property
    def values(self) -> range:
        """The numbers of chosen answers that a vote other than blank may have."""
        return range(self.minimum, self.maximum + 1)

    def to_json(self) -> dict[str, Any]:
        """Fields in the order of the specification; `blank` only when true."""
        blank = {"blank": True} if self.blank else {}
        return {
            "answers": list(self.answers),
            **blank,
            "min": self.minimum,
            "max": self.maximum,
            "question": self.text,
        }

    @classmethod
    def from_json(cls, value: Any, place: str) -> Question:
        """Raises FormatRefusal; questions that are not homomorphic are refused as not supported."""
        if isinstance(value, dict) and "type" in value:
            raise FormatRefusal("eleccion.pregunta", place, "una pregunta homomórfica", value.get("type"))
        fields = canonical.record(value, place, FIELDS, optional=("blank",))
        question = cls(
            answers=tuple(canonical.items(fields["answers"], f"{place}.answers", canonical.string)),
            blank=canonical.boolean(fields.get("blank", False), f"{place}.blank"),
            minimum=canonical.small_int(fields["min"], f"{place}.min"),
            maximum=canonical.small_int(fields["max"], f"{place}.max"),
            text=canonical.string(fields["question"], f"{place}.question"),
        )
        _require_bounds(question, place)
        return question

    def require_vote(self, choice: Sequence[int], place: str) -> None:
        """Refuse a plaintext vector (leading blank mark included) that the question does not allow."""
        marks_fit = len(choice) == self.size and all(m in (0, 1) for m in choice)
        chosen = sum(choice[1:]) if self.blank else sum(choice)
        is_blank = self.blank and marks_fit and choice[0] == 1
        if not marks_fit or (chosen != 0 if is_blank else chosen not in self.values):
            limits = f"entre {self.minimum} y {self.maximum} de {len(self.answers)} opciones"
            raise FormatRefusal("boleta.opciones", place, limits, "otra selección")


def _require_bounds(question: Question, place: str) -> None:
    count = len(question.answers)
    if not 1 <= count <= MAX_ANSWERS:
        raise FormatRefusal("eleccion.pregunta", f"{place}.answers", f"de 1 a {MAX_ANSWERS} opciones", count)
    if not question.minimum <= question.maximum <= count:
        got = f"min {question.minimum}, max {question.maximum}"
        raise FormatRefusal("eleccion.pregunta", place, f"min ≤ max ≤ {count}", got)
