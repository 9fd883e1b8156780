"""`certeza ceremonia ensayo`: the rehearsal's files, under `ensayo/` of the ceremony's folder."""

from __future__ import annotations

from dataclasses import dataclass, field

from keys import atomic_file, canonical
from keys.ceremony.announcement import Announcement
from keys.ceremony.channel import CeremonyRefusal
from keys.ceremony.folder import CeremonyFolder
from keys.ceremony.rehearsal import (
    VALUES,
    Answer,
    Challenge,
    Opening,
    make_challenge,
    read_answer,
    read_challenge,
    recover,
)
from keys.ceremony.trustees import Trustees
from keys.errors import Refusal, shown
from keys.group import Group
from keys.randomness import Randomness

FOLDER = "ensayo"
CHALLENGE = f"{FOLDER}/reto.json"
OPENING = f"{FOLDER}/valor.json"
ACTA = f"{FOLDER}/acta.json"
ACTA_TEXT = f"{FOLDER}/acta.txt"


def answer_name(index: int) -> str:
    """Where trustee `index` leaves its answer."""
    return f"{FOLDER}/respuesta-{index}.json"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the answers gave."""

    challenge: Challenge
    opening: Opening
    answers: dict[int, Answer] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    recovered: int | None = None


def start(folder: CeremonyFolder, group: Group, trustees: Trustees, randomness: Randomness) -> None:
    """Write a fresh challenge. The opening is kept first: a challenge without it would be of no use."""
    challenge, opening = make_challenge(group, trustees, randomness)
    kept = {"aleatorio": str(opening.randomness), "reto": challenge.sha256, "valor": opening.value}
    folder.write(OPENING, canonical.encode_bytes(kept), atomic_file.PRIVATE)
    folder.write(CHALLENGE, challenge.encode())


def set_aside(folder: CeremonyFolder) -> str | None:
    """Keep an earlier rehearsal under another name. Returns that name."""
    source = folder.root / FOLDER
    if not source.exists():
        return None
    number = next(n for n in range(1, 1000) if not (folder.root / f"{FOLDER}-{n}").exists())
    source.rename(folder.root / f"{FOLDER}-{number}")
    return f"{FOLDER}-{number}"


def collect(
    folder: CeremonyFolder, announcement: Announcement, group: Group, trustees: Trustees
) -> Rehearsal:
    """Check the answers that arrived; recover the number when they reach the threshold."""
    who = "quien coordina, con «certeza ceremonia ensayo»"
    challenge = read_challenge(group, trustees, folder.require(CHALLENGE, who), CHALLENGE)
    opening = _read_opening(folder.require(OPENING, who), challenge, group)
    answers: dict[int, Answer] = {}
    refused: list[Refusal] = []
    for index in announcement.terms.indices():
        name = answer_name(index)
        try:
            data = folder.read(name)
            if data is not None:
                answers[index] = read_answer(group, trustees, challenge, index, data, name)
        except Refusal as refusal:
            refused.append(refusal.by(index))
    recovered = None
    if len(answers) >= announcement.terms.threshold:
        recovered = recover(group, trustees, challenge, answers)
        _require_value(opening.value, recovered)
    return Rehearsal(challenge, opening, answers, refused, recovered)


def _require_value(expected: int, recovered: int) -> None:
    if expected != recovered:
        raise CeremonyRefusal("ensayo.valor", FOLDER, f"{expected:04d}", f"{recovered:04d}")


def _read_opening(data: bytes, challenge: Challenge, group: Group) -> Opening:
    fields = canonical.record(canonical.parse(data, OPENING), OPENING, ("aleatorio", "reto", "valor"))
    value = canonical.small_int(fields["valor"], f"{OPENING}.valor")
    made = Opening(value, canonical.exponent(fields["aleatorio"], f"{OPENING}.aleatorio", group.order))
    if fields["reto"] != challenge.sha256 or value >= VALUES:
        other = f"el de otro ({shown(fields['reto'])[:16]}…); empiece de nuevo con --nuevo"
        raise CeremonyRefusal(
            "ensayo.valor.reto", f"{OPENING}.reto", f"el reto {challenge.sha256[:16]}…", other
        )
    return made
