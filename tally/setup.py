"""Setting up the urns of a consultation: one election per Unidad Territorial, one key for all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from keys.group import Group
from keys.randomness import BASE58
from tally.election import Election
from tally.public_credentials import listing
from tally.questions import Question
from tally.urna import Link, setup_archive

UUID_LENGTH = 14
ADMINISTRATOR = "IECM"
CREDENTIAL_AUTHORITY = "DEOEyG"


@dataclass(frozen=True, slots=True)
class Unidad:
    """A Unidad Territorial and its projects, in ballot order. Without projects it has no urn."""

    clave: str
    nombre: str
    demarcacion: str
    proyectos: tuple[str, ...]


def uuid_of(consultation: str, clave: str) -> str:
    """The election uuid of a UT: anyone can recompute it (docs/formats.md)."""
    digest = hashlib.sha256(f"certeza/uuid/v1\n{consultation}\n{clave}".encode()).digest()
    number = int.from_bytes(digest[:16], "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return text.rjust(22, BASE58[0])[:UUID_LENGTH]


def election_of(consultation: str, title: str, unidad: Unidad, group: Group, public_key: str) -> Election:
    """The election of one UT: its projects, or «Voto nulo»."""
    question = Question(
        answers=unidad.proyectos,
        blank=True,
        minimum=1,
        maximum=1,
        text=f"¿Qué proyecto prefiere para {unidad.nombre}?",
    )
    return Election(
        description=title,
        name=f"{unidad.clave} {unidad.nombre}",
        group=group.name,
        public_key=public_key,
        questions=(question,),
        uuid=uuid_of(consultation, unidad.clave),
        administrator=ADMINISTRATOR,
        credential_authority=CREDENTIAL_AUTHORITY,
    )


def open_archive(
    group: Group, election: Election, trustees: bytes, credentials: Iterable[str], timestamp: int
) -> Link:
    """The archive of an urn before the first ballot. `credentials`: public, of this urn, in any order."""
    return setup_archive(election.data, trustees, listing(group, credentials).data, timestamp)
