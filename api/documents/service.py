"""Issuing a document: signed and stamped first, kept as blobs, then a row and a leaf in one transaction.

1. sign    JSON, time stamp, PDF, signatures: takes about a tenth of a second and may ask another machine.
2. blobs   PDF and JSON, durable. Nobody finds them while there is no row.
3. keep    row, act and leaf in the caller's transaction: a document exists from then on.

What is stopped before 3 leaves blobs that nothing names; what is stopped after it lost nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection

from api.acts.acts import LogName, put_leaf
from api.documents import issued
from api.documents.issued import IssuedDocument, Owner
from api.documents.keyring import Keyring
from api.outbox.ports import Attachment
from capture.blobs import BlobRefusal, Blobs
from capture.packet.body import seal
from capture.records.ports import Acts, Done
from keys.documents.certificate import holder, number
from keys.documents.pades import sign as sign_pdf
from ledger.database import Database
from ledger.document import Document
from ledger.issuing import Issued
from ledger.issuing import issue as issue_signed

HEADER = "certeza/documento/v1"
NONCE_BYTES = 24
SYSTEM = ("sistema", "sistema")


@dataclass(frozen=True, slots=True)
class By:
    """On whose behalf: account id and role; `SYSTEM` for what nobody asked for."""

    account: str
    role: str


BY_SYSTEM = By(*SYSTEM)


@dataclass(frozen=True, slots=True)
class About:
    """What a document is about: its id, and for one with people's data the process to whose key it is sealed.

    `proceso` and `recipiente` go together. When the process's key is destroyed, nobody reads the document.
    """

    id: str
    proceso: str | None = None
    recipiente: str | None = None


def entry_of(digest: str) -> bytes:
    """The log's entry for a document whose JSON has that SHA-256."""
    return f"{HEADER}\n{digest}".encode()


def key_of(identifier: str) -> bytes:
    """The idempotency key of that entry."""
    return f"documento/{identifier}".encode()


class Documents:
    """Issues official documents. Safe from any thread; slow for a coroutine."""

    def __init__(
        self,
        database: Database,
        blobs: Blobs,
        acts: Acts,
        keyring: Keyring,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes],
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._acts = acts
        self._keyring = keyring
        self._clock = clock
        self._random = random

    def issue(
        self, document: Document, owner: Owner, by: By = BY_SYSTEM, about: About | None = None
    ) -> IssuedDocument:
        """Sign, keep and log a document, in a transaction of its own. Raises DocumentRefusal or OSError."""
        made = self.prepare(document, owner, about)
        with self._database.writing() as db:
            self.keep(db, made, by)
        return made

    def sign(self, document: Document) -> Issued:
        """Sign and stamp a document that is kept elsewhere, such as one inside of a package.

        A document without a nonce gets one: nobody guesses from a hash in the log what it says.
        """
        if document.nonce is None:
            document = replace(document, nonce=b64encode(self._random(NONCE_BYTES)).decode())
        signing = self._keyring.open()
        return issue_signed(document, signing.signers, signing.stamps)

    def sign_pdf(self, pdf: bytes) -> bytes:
        """A PDF of another making, such as an acta de cómputo, with everybody's signature (PAdES)."""
        signing = self._keyring.open()
        for signer in signing.signers:
            pdf = sign_pdf(pdf, signer, signing.stamps, len(signing.signers))
        return pdf

    def prepare(self, document: Document, owner: Owner, about: About | None = None) -> IssuedDocument:
        """Sign a document and keep its blobs. It exists once `keep` is committed."""
        signed, signers = self.sign(document), self._keyring.open().signers
        identifier = _uuid7(self._clock(), self._random(10))
        path = f"documentos/{identifier[:8]}/{identifier}"
        recipient = None if about is None else about.recipiente
        for name, data in ((f"{path}.pdf", signed.pdf), (f"{path}.json", signed.json)):
            self._blobs.put(name, data if recipient is None else seal(data, recipient))
        return IssuedDocument(
            id=identifier,
            tipo=document.kind,
            titulo=document.title,
            instituto=document.institute,
            owner=owner,
            emitido=document.issued,
            sellado=signed.stamp.instant,
            firmas=tuple((holder(one.certificate), number(one.certificate)) for one in signers),
            sha256_json=signed.json_sha256,
            sha256_pdf=signed.pdf_sha256,
            pdf=f"{path}.pdf",
            json=f"{path}.json",
            asunto=None if about is None else about.id,
            llave=None if about is None else about.proceso,
        )

    def keep(self, db: Connection, made: IssuedDocument, by: By = BY_SYSTEM) -> None:
        """Row, act and leaf of what `prepare` made, in the caller's transaction."""
        issued.add(db, made)
        detail = {"tipo": made.tipo, "sha256": made.sha256_json}
        act = Done(by.account, by.role, "documento.emitir", made.id, self._clock(), detail=detail)
        self._acts.record(db, act)
        put_leaf(db, LogName.ACTOS, key_of(made.id), entry_of(made.sha256_json))

    def pdf(self, made: IssuedDocument) -> bytes:
        """The signed PDF, as it is kept: sealed when `made.llave` says so."""
        return self._blobs.get(made.pdf)

    def attachment(self, identifier: str) -> Attachment:
        """The file that goes with a mail. Raises OSError when there is none now."""
        with self._database.reading() as db:
            made = issued.find(db, identifier)
        if made is None or made.llave is not None:
            raise OSError("sin-documento")
        try:
            return Attachment(f"{made.tipo}.pdf", "application/pdf", self.pdf(made))
        except BlobRefusal:
            raise OSError("sin-documento") from None

    def certificates(self) -> tuple[bytes, ...]:
        """The certificates (DER) that lead from those who sign to their roots, each once."""
        return tuple(dict.fromkeys(one for signer in self._keyring.open().signers for one in signer.chain))

    def json(self, made: IssuedDocument) -> bytes:
        """The canonical JSON, as it is kept: sealed when `made.llave` says so."""
        return self._blobs.get(made.json)


def _uuid7(moment: datetime, random: bytes) -> str:
    """A UUIDv7 (RFC 9562): milliseconds, then 74 random bits."""
    milliseconds = int(moment.astimezone(UTC).timestamp() * 1000)
    value = milliseconds << 80 | int.from_bytes(random)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return str(UUID(int=value))
