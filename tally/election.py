"""The `election` and `setup_data` structures (Belenios specification, section "Elections")."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from keys import canonical
from keys.errors import FormatRefusal
from keys.randomness import BASE58
from tally.questions import Question

FIELDS = (
    "version",
    "description",
    "name",
    "group",
    "public_key",
    "questions",
    "uuid",
    "administrator",
    "credential_authority",
)
SETUP_FIELDS = ("election", "trustees", "credentials")
VERSION = 1
_UUID = re.compile(rf"[{BASE58}]{{14,64}}", re.ASCII)


@dataclass(frozen=True)
class Election:
    """All public data of one election. `group` and `public_key` are texts."""

    description: str
    name: str
    group: str
    public_key: str
    questions: tuple[Question, ...]
    uuid: str
    administrator: str | None = None
    credential_authority: str | None = None

    @cached_property
    def data(self) -> bytes:
        """The canonical bytes, always the same throughout the election."""
        fields: dict[str, Any] = {
            "version": VERSION,
            "description": self.description,
            "name": self.name,
            "group": self.group,
            "public_key": self.public_key,
            "questions": [q.to_json() for q in self.questions],
            "uuid": self.uuid,
        }
        if self.administrator is not None:
            fields["administrator"] = self.administrator
        if self.credential_authority is not None:
            fields["credential_authority"] = self.credential_authority
        return canonical.encode_bytes(fields)

    @cached_property
    def fingerprint(self) -> str:
        """φ of the specification: Base64 without padding of the SHA-256 of the bytes."""
        return base64_digest(self.data)

    @classmethod
    def from_bytes(cls, data: bytes, place: str) -> Election:
        """Read strictly; the bytes must be canonical. Raises FormatRefusal."""
        raw = canonical.parse(data, place)
        fields = canonical.record(raw, place, FIELDS, optional=FIELDS[-2:])
        if fields["version"] != VERSION or type(fields["version"]) is not int:
            raise FormatRefusal("eleccion.version", f"{place}.version", VERSION, fields["version"])

        def text(name: str) -> str:
            return canonical.string(fields[name], f"{place}.{name}")

        election = cls(
            description=text("description"),
            name=text("name"),
            group=text("group"),
            public_key=text("public_key"),
            questions=tuple(canonical.items(fields["questions"], f"{place}.questions", Question.from_json)),
            uuid=require_uuid(text("uuid"), f"{place}.uuid"),
            administrator=text("administrator") if "administrator" in fields else None,
            credential_authority=text("credential_authority") if "credential_authority" in fields else None,
        )
        if not election.questions:
            raise FormatRefusal("eleccion.pregunta", f"{place}.questions", "al menos una pregunta", "ninguna")
        canonical.require_same(data, election.data.decode(), place)
        return election


def base64_digest(data: bytes) -> str:
    """Base64 without padding of SHA-256: how the specification writes fingerprints and trackers."""
    return base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def require_uuid(text: str, place: str) -> str:
    """At least 14 Base58 characters, and no more than 64."""
    if not _UUID.fullmatch(text):
        raise FormatRefusal("eleccion.uuid", place, "de 14 a 64 caracteres Base58", text)
    return text


@dataclass(frozen=True, slots=True)
class SetupData:
    """Payload of the Setup event: SHA-256 of election, trustees and public credentials, in hexadecimal."""

    election: str
    trustees: str
    credentials: str

    @property
    def data(self) -> bytes:
        """The canonical bytes."""
        return canonical.encode_bytes(
            {"election": self.election, "trustees": self.trustees, "credentials": self.credentials}
        )

    @classmethod
    def from_bytes(cls, data: bytes, place: str) -> SetupData:
        """Read strictly; the bytes must be canonical. Raises FormatRefusal."""
        fields = canonical.record(canonical.parse(data, place), place, SETUP_FIELDS)
        setup = cls(*(canonical.digest(fields[n], f"{place}.{n}") for n in SETUP_FIELDS))
        canonical.require_same(data, setup.data.decode(), place)
        return setup
