"""The keys with which documents are signed and stamped, opened the first time that they are needed."""

from __future__ import annotations

import shutil
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from api.documents.settings import DocumentSettings, KeyFile
from keys import atomic_file
from keys.documents import authority_folder
from keys.documents.authority_folder import Making
from keys.documents.errors import DocumentRefusal
from keys.documents.key_file import LocalSigner, new_ecdsa, read_key_file
from keys.documents.ports import Signer, TimeStamps
from keys.documents.profile import SERIAL_BITS, Subject
from keys.documents.stamping import OwnStamps, StampingAuthority
from ledger.stamp_http import HttpStamps

PHRASE = "frase"
TRIAL = "Certeza, ensayo"
ROUNDS = 2048
"""The passphrase of a trial is 24 random bytes: nobody guesses it, however fast."""


class NoSigner(DocumentRefusal):
    """This service has no keys to sign documents with."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs each document, in order, and who stamps."""

    signers: tuple[Signer, ...]
    stamps: TimeStamps


class Keyring:
    """Opens the keys of the settings; for a trial without any, makes an authority in `folder`."""

    def __init__(
        self,
        settings: DocumentSettings,
        folder: Path,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes],
        *,
        production: bool,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._clock = clock
        self._random = random
        self._production = production
        self._lock = Lock()
        self._opened: Signing | None = None

    def open(self) -> Signing:
        """The same keys each time. Raises NoSigner, DocumentRefusal for a key that does not open, OSError."""
        with self._lock:
            if self._opened is None:
                self._opened = self._given() if self._settings.signers else self._trial()
            return self._opened

    def _given(self) -> Signing:
        signers = tuple(_read(file) for file in self._settings.signers)
        if self._settings.stamps_url:
            return Signing(signers, HttpStamps(self._settings.stamps_url))
        if self._settings.stamps_key is None:
            raise NoSigner("documento.sin-sellos", "ajustes", "stamps_url o stamps_key", "ninguno")
        return Signing(signers, self._own(_read(self._settings.stamps_key)))

    def _trial(self) -> Signing:
        if self._production:
            raise NoSigner("documento.sin-llaves", "ajustes", "las llaves de quien firma", "ninguna")
        if not (self._folder / PHRASE).exists():
            self._make()
        phrase = self._folder / PHRASE
        people = sorted((self._folder / authority_folder.PEOPLE).glob("*.p12"))
        signer = _read(KeyFile(key=people[0], passphrase=phrase))
        stamps = _read(KeyFile(key=self._folder / authority_folder.STAMPS, passphrase=phrase))
        return Signing((signer,), self._own(stamps))

    def _make(self) -> None:
        """Made aside and put in its place whole: of processes that start together, one wins."""
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        aside = self._folder.with_name(f".{self._folder.name}.{self._random(8).hex()}")
        phrase = b64encode(self._random(24)).decode()
        making = Making(self._clock(), self._serial, new_ecdsa, ROUNDS)
        authority_folder.create(aside, TRIAL, making, phrase)
        authority_folder.issue_person(aside, Subject("FIRMA DE ENSAYO", TRIAL), making, phrase, phrase)
        atomic_file.create(aside / PHRASE, phrase.encode(), atomic_file.PRIVATE)
        try:
            aside.rename(self._folder)
        except OSError:
            shutil.rmtree(aside)
            if not (self._folder / PHRASE).exists():
                raise

    def _own(self, signer: LocalSigner) -> OwnStamps:
        return OwnStamps(StampingAuthority(signer), self._clock, self._serial)

    def _serial(self) -> int:
        return int.from_bytes(self._random(SERIAL_BITS // 8 + 1)) >> 1 | 1


def _read(file: KeyFile) -> LocalSigner:
    phrase = file.passphrase.read_text("utf-8").partition("\n")[0].removesuffix("\r")
    certificates = None if file.certificates is None else file.certificates.read_bytes()
    return read_key_file(file.key.read_bytes(), phrase, file.key.name, certificates)
