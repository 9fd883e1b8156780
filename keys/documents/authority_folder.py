"""An authority of trial in a folder: its root, who stamps, who signs, and what it revoked.

autoridad.pem      the root's certificate; what `certeza-verify documento --ancla` takes
autoridad.p12      the root's key
sellos.p12         the key of the time-stamp authority
firmantes/N.p12    keys of people, by the number of their certificates
revocados.json     numbers and instants, canonical JSON
lista.crl          what they make, PEM; anew with each revocation
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from keys import atomic_file, canonical
from keys.documents.certificate import number
from keys.documents.errors import DocumentRefusal
from keys.documents.key_file import KDF_ROUNDS, new_rsa, read_key_file, write_pkcs12
from keys.documents.profile import Issuer, PrivateKey, Revoked, Subject, Validity

ROOT, ROOT_KEY, STAMPS, PEOPLE = "autoridad.pem", "autoridad.p12", "sellos.p12", "firmantes"
REVOKED, LIST = "revocados.json", "lista.crl"
ROOT_TIME, LEAF_TIME, LIST_TIME = timedelta(days=3650), timedelta(days=1461), timedelta(days=30)
EARLY = timedelta(minutes=5)
"""Certificates begin a little before they are made: clocks differ."""


@dataclass(frozen=True, slots=True)
class Making:
    """What making a certificate takes from outside. `serials`: random numbers of `SERIAL_BITS` bits."""

    now: datetime
    serials: Callable[[], int]
    keys: Callable[[], PrivateKey] = new_rsa
    rounds: int = KDF_ROUNDS
    """Of PBKDF2, for the files of keys."""

    def validity(self, length: timedelta) -> Validity:
        """From now on for so long."""
        begins = (self.now - EARLY).replace(microsecond=0)
        return Validity(begins, begins + length, self.serials())


def create(folder: Path, institute: str, making: Making, passphrase: str) -> None:
    """A new authority, its stamps and its empty list. Raises FileExistsError when there is one."""
    folder.mkdir(parents=True, exist_ok=True)
    key = making.keys()
    subject = Subject(f"Autoridad de ensayo de {institute}"[:64], institute[:64])
    issuer = Issuer.root(subject, key, making.validity(ROOT_TIME))
    root = write_pkcs12(key, issuer.certificate, (), passphrase, making.rounds)
    atomic_file.create(folder / ROOT_KEY, root, atomic_file.PRIVATE)
    atomic_file.create(folder / ROOT, issuer.certificate.public_bytes(Encoding.PEM))
    stamps = making.keys()
    name = Subject(f"Sellos de tiempo de {institute}"[:64], institute[:64])
    made = issuer.stamper(name, stamps.public_key(), making.validity(LEAF_TIME))
    data = write_pkcs12(stamps, made, (issuer.certificate,), passphrase, making.rounds)
    atomic_file.create(folder / STAMPS, data, atomic_file.PRIVATE)
    _publish(folder, issuer, [], making.now)


def issue_person(
    folder: Path, subject: Subject, making: Making, passphrase: str, own_passphrase: str
) -> Path:
    """A key and a certificate for somebody who signs, protected with their own passphrase; its file."""
    issuer = _issuer(folder, passphrase)
    key = making.keys()
    made = issuer.signer(subject, key.public_key(), making.validity(LEAF_TIME))
    path = folder / PEOPLE / f"{number(made.public_bytes(Encoding.DER))}.p12"
    path.parent.mkdir(exist_ok=True)
    data = write_pkcs12(key, made, (issuer.certificate,), own_passphrase, making.rounds)
    atomic_file.create(path, data, atomic_file.PRIVATE)
    return path


def revoke(folder: Path, serial: int, now: datetime, passphrase: str) -> None:
    """From now on; the list is made anew. Raises DocumentRefusal for a number that was revoked already."""
    issuer, revoked = _issuer(folder, passphrase), read_revoked(folder)
    if any(one.serial == serial for one in revoked):
        raise DocumentRefusal("documento.revocado", REVOKED, "un certificado vigente", "uno ya revocado")
    _publish(folder, issuer, [*revoked, Revoked(serial, now.replace(microsecond=0))], now)


def renew_list(folder: Path, now: datetime, passphrase: str) -> None:
    """The same revocations in a list of today."""
    _publish(folder, _issuer(folder, passphrase), read_revoked(folder), now)


def read_revoked(folder: Path) -> list[Revoked]:
    """What the authority has revoked, in order."""
    value = canonical.parse((folder / REVOKED).read_bytes(), REVOKED)
    return canonical.items(value, REVOKED, _revoked)


def _revoked(value: object, place: str) -> Revoked:
    fields = canonical.record(value, place, ("numero", "desde"))
    return Revoked(
        int(canonical.string(fields["numero"], place)),
        datetime.fromisoformat(canonical.string(fields["desde"], place)),
    )


def _publish(folder: Path, issuer: Issuer, revoked: list[Revoked], now: datetime) -> None:
    value = [{"numero": str(one.serial), "desde": one.since.isoformat()} for one in revoked]
    moment = now.replace(microsecond=0)
    # Numbers of lists only grow: seconds do.
    made = issuer.revocations(revoked, int(moment.timestamp()), moment, moment + LIST_TIME)
    atomic_file.replace(folder / REVOKED, canonical.encode_sorted(value))
    atomic_file.replace(folder / LIST, made.public_bytes(Encoding.PEM))


def _issuer(folder: Path, passphrase: str) -> Issuer:
    data = (folder / ROOT_KEY).read_bytes()
    read_key_file(data, passphrase, ROOT_KEY)  # refuses in words
    key, certificate, _ = pkcs12.load_key_and_certificates(data, passphrase.encode())
    if certificate is None or key is None:
        raise DocumentRefusal("documento.llave", ROOT_KEY, "una llave y su certificado", "falta alguno")
    return Issuer(x509.load_der_x509_certificate(certificate.public_bytes(Encoding.DER)), _known(key))


def _known(key: object) -> PrivateKey:
    if not isinstance(key, PrivateKey):
        raise DocumentRefusal("documento.llave", ROOT_KEY, "una llave RSA o ECDSA", type(key).__name__)
    return key
