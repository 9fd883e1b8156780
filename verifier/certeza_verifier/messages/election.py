"""`election` and its questions (specification, «Questions» and «Elections»)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from certeza_verifier import canonical, groups
from certeza_verifier.errors import Failure, NotSupported
from certeza_verifier.messages.common import strings, write_texts

_UUID = re.compile("[1-9A-HJ-NP-Za-km-z]{14,64}")
_REQUIRED = ("version", "description", "name", "group", "public_key", "questions", "uuid")
_OPTIONAL = ("administrator", "credential_authority")
_MOST_CHOICES = 2**20


@dataclass(frozen=True, slots=True)
class Question:
    """A homomorphic question. `blank` is None when the field is absent, which means the same as False."""

    answers: tuple[str, ...]
    blank: bool | None
    min: int
    max: int
    text: str

    @property
    def choices(self) -> int:
        """Ciphertexts in an answer: one per answer, and a leading one when blank votes are allowed."""
        return len(self.answers) + bool(self.blank)

    @property
    def overall(self) -> int:
        """Proofs in the overall proof."""
        return max(0, self.max - self.min + 1) + bool(self.blank)


@dataclass(frozen=True, slots=True)
class Election:
    """The election data; `public_key` is still a text."""

    description: str
    name: str
    group: str
    public_key: str
    questions: tuple[Question, ...]
    uuid: str
    administrator: str | None
    credential_authority: str | None


def parse_election(data: bytes) -> Election:
    """`election` in canonical form. Raises Failure, or NotSupported for non-homomorphic questions."""
    place = "election"
    value = canonical.load(data, place)
    extra = [name for name in _OPTIONAL if isinstance(value, dict) and name in value]
    got = dict(zip((*_REQUIRED, *extra), canonical.fields(value, (*_REQUIRED, *extra), place), strict=True))
    if canonical.integer(got["version"], f"{place}.version") != 1:
        raise Failure("eleccion-version", f"{place}.version", 1, got["version"])
    texts = {
        name: canonical.string(got[name], f"{place}.{name}")
        for name in got
        if name not in ("version", "questions")
    }
    election = Election(
        questions=tuple(_questions(got["questions"], f"{place}.questions")),
        **{
            name: texts.get(name) for name in (*_OPTIONAL, *_REQUIRED) if name not in ("version", "questions")
        },  # type: ignore[arg-type]
    )
    canonical.same(data, write_election(election), place)
    _check(election, place)
    return election


def _check(election: Election, place: str) -> None:
    if not _UUID.fullmatch(election.uuid):
        raise Failure("eleccion-uuid", f"{place}.uuid", "de 14 a 64 caracteres Base58", election.uuid)
    if election.group not in groups.NAMES:
        raise Failure("eleccion-grupo", f"{place}.group", ", ".join(groups.NAMES), election.group)


def _questions(value: Any, place: str) -> list[Question]:
    return [_question(item, f"{place}[{i}]") for i, item in enumerate(canonical.array(value, place))]


def _question(value: Any, place: str) -> Question:
    if isinstance(value, dict) and "type" in value and "value" in value:
        raise NotSupported(
            "La elección tiene preguntas no homomórficas (con barajado de boletas): "
            f"no soportado por este verificador ({place})."
        )
    blank = isinstance(value, dict) and "blank" in value
    names = ("answers", "blank", "min", "max", "question") if blank else ("answers", "min", "max", "question")
    got = dict(zip(names, canonical.fields(value, names, place), strict=True))
    return Question(
        tuple(strings(got["answers"], f"{place}.answers")),
        canonical.boolean(got["blank"], f"{place}.blank") if blank else None,
        canonical.integer(got["min"], f"{place}.min", -_MOST_CHOICES, _MOST_CHOICES),
        canonical.integer(got["max"], f"{place}.max", -_MOST_CHOICES, _MOST_CHOICES),
        canonical.string(got["question"], f"{place}.question"),
    )


def _write_question(question: Question) -> str:
    blank = "" if question.blank is None else f'"blank":{"true" if question.blank else "false"},'
    return (
        f'{{"answers":{write_texts(question.answers)},{blank}"min":{question.min},"max":{question.max},'
        f'"question":{canonical.quote(question.text)}}}'
    )


def write_election(election: Election) -> str:
    """Canonical text of the election."""
    quote = canonical.quote
    parts = [
        '"version":1',
        f'"description":{quote(election.description)}',
        f'"name":{quote(election.name)}',
        f'"group":{quote(election.group)}',
        f'"public_key":{quote(election.public_key)}',
        f'"questions":[{",".join(_write_question(q) for q in election.questions)}]',
        f'"uuid":{quote(election.uuid)}',
    ]
    if election.administrator is not None:
        parts.append(f'"administrator":{quote(election.administrator)}')
    if election.credential_authority is not None:
        parts.append(f'"credential_authority":{quote(election.credential_authority)}')
    return "{" + ",".join(parts) + "}"
