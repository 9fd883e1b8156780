"""What pre-registro needs from outside: other rooms and the service stand behind these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection

from capture.face.challenge import Turn
from capture.padron.ports import Pregunta
from capture.padron.situacion import Situacion
from capture.preregistro.eligibility import Ineligible, Unit
from capture.preregistro.form import RequestData
from capture.preregistro.verdict import Biometrics


@dataclass(frozen=True, slots=True)
class Terms:
    """What counts in one consultation. `intentos`: attempts at the biometric test; `entidad`: two digits;
    `jornada`: the day on which people must be adults; `corte`: cut-off date of the lista nominal; `cierre`:
    the instant at which pre-registro closes."""

    consulta: str
    intentos: int
    entidad: str
    jornada: date
    corte: date
    cierre: datetime


class Vault(Protocol):
    """The part of the bóveda that is used: see `capture.vault.ports.KeyChamber`."""

    def new_process_key(self, proceso: str) -> str:
        """The recipient of a consultation's packets."""

    def open(self, proceso: str, sealed: bytes) -> bytes:
        """Decrypt. Raises VaultRefusal, OSError."""

    def hmac(self, periodo: str, data: bytes) -> bytes:
        """32 bytes that stand for a person."""


class Engines(Protocol):
    """The biometric test: what the confined readers make of the images of one attempt."""

    def read(self, files: Mapping[str, bytes], model: str, turns: tuple[Turn, ...]) -> Biometrics:
        """Raises OSError when nothing can be read now, whatever the images: try again."""


class ListaNominal(Protocol):
    """The lista nominal at the newest cut-off there is; see `capture.padron.ports.Padron`."""

    def consulta(self, pregunta: Pregunta) -> tuple[Situacion, date]:
        """Raises PadronRefusal when there is none to ask."""

    def corte(self) -> date | None:
        """The cut-off date of who answers; None when there is none to ask."""


class Territory(Protocol):
    """The Unidades Territoriales of a consultation."""

    def units(self, connection: Connection, consulta: str, seccion: str) -> Sequence[Unit]:
        """Those of a section; empty when it is of none."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asked, for whoever issues a Clave and writes to people."""

    folio: str
    consulta: str
    data: RequestData = field(repr=False)


Issue = Callable[[Connection, datetime], str]
"""In the transaction that approves: keeps the Clave and puts its messages. Gives the id of its holder."""


class Issuer(Protocol):
    """The credential authority."""

    def prepare(self, applicant: Applicant) -> Issue:
        """Make a Clave. Slow: not within a transaction."""


class Notices(Protocol):
    """E-mails to people, put in the caller's transaction."""

    def in_validation(self, connection: Connection, applicant: Applicant) -> None:
        """The folio, and that a person will look at the request (7.2.1 IV b)."""

    def not_eligible(self, connection: Connection, applicant: Applicant, why: Ineligible) -> None:
        """That no Clave can be given, without telling strangers about a person."""

    def rejected(self, connection: Connection, applicant: Applicant, causa: int) -> None:
        """The cause, and the invitation to the Mesa (7.3.1)."""
