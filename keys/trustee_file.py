"""A trustee's private file: one canonical JSON, encrypted with age and a passphrase (scrypt).

Any `age` program opens it (`age -d FILE`). The file remembers what its owner announced, sent and saw, so that
no step is done twice in two ways and nothing that was seen can be exchanged later.
"""

from __future__ import annotations

import hashlib
import re
import stat
import unicodedata
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import pyrage

from keys import atomic_file, canonical
from keys.errors import Refusal

VERSION = 1
MIN_PASSPHRASE = 12
MAX_BYTES = 4 * 2**20
TRIES = 5
_TOO_SLOW = "Excessive work"
_HEADER = b"age-encryption.org/v1\n"
_SEED = re.compile(r"[1-9A-HJ-NP-Za-km-z]{22}", re.ASCII)
_HIDDEN = "contenido secreto, no se muestra"


class TrusteeFileRefusal(Refusal):
    """A private file that cannot be opened, or that must not be written."""


@dataclass(frozen=True, slots=True)
class TrusteeFile:
    """The content. Messages are the exact text that was handed to the coordinator, once it was."""

    ceremonia: str
    """Identifier of the ceremony."""
    grupo: str
    custodios: int
    umbral: int
    indice: int
    semilla: str = field(repr=False)
    certificado: str
    certificados: str | None = None
    """Fingerprint of Γ, once seen."""
    polinomio: str | None = field(default=None, repr=False)
    verificacion: str | None = field(default=None, repr=False)
    """The voutput; its `private_key` is the decryption key, encrypted to this trustee."""
    apertura: str | None = None
    """Fingerprint of the one set of encrypted tallies that this key has opened."""
    sumas: str | None = None
    """Fingerprint of the one set of sums of small urns with their Mesas that this key has opened."""

    def encode(self) -> bytes:
        """Canonical JSON with sorted keys; without `sumas` before there are any, as files always were."""
        found = {"version": VERSION, **asdict(self)}
        if self.sumas is None:
            del found["sumas"]
        return canonical.encode_bytes(dict(sorted(found.items())))

    @classmethod
    def decode(cls, data: bytes, place: str) -> TrusteeFile:
        """Read the canonical bytes. Raises TrusteeFileRefusal without quoting any of them."""
        try:
            return cls._decode(data, place)
        except Refusal as refusal:
            raise TrusteeFileRefusal(refusal.rule, place, "el archivo de un custodio", _HIDDEN) from None

    @classmethod
    def _decode(cls, data: bytes, place: str) -> TrusteeFile:
        names = [f.name for f in fields(cls)]
        found = canonical.record(canonical.parse(data, place), place, ["version", *names], ["sumas"])
        numbers = ("version", "custodios", "umbral", "indice")
        made = cls(**{n: _value(found.get(n), n in numbers, n in _OPTIONAL, place) for n in names})
        if found["version"] != VERSION or not _SEED.fullmatch(made.semilla):
            raise TrusteeFileRefusal("custodio.archivo.forma", place, f"versión {VERSION}", _HIDDEN)
        canonical.require_same(data, made.encode().decode(), place)
        return made


_OPTIONAL = ("certificados", "polinomio", "verificacion", "apertura", "sumas")


def _value(value: Any, is_number: bool, is_optional: bool, place: str) -> Any:
    if value is None and is_optional:
        return None
    return canonical.small_int(value, place) if is_number else canonical.string(value, place)


def check_passphrase(passphrase: str, place: str = "frase") -> str:
    """The passphrase in the normal form that is used. Raises TrusteeFileRefusal when it is too short."""
    normal = unicodedata.normalize("NFC", passphrase)
    if len(normal) < MIN_PASSPHRASE:
        raise TrusteeFileRefusal(
            "custodio.frase.corta",
            place,
            f"al menos {MIN_PASSPHRASE} caracteres: quien copie el archivo podrá probar frases sin límite",
            f"{len(normal)} caracteres",
        )
    return normal


def seal(content: bytes, passphrase: str) -> bytes:
    """Encrypt with age's scrypt recipient; its cost is about a second of this machine."""
    return bytes(pyrage.passphrase.encrypt(content, passphrase))


def unseal(data: bytes, passphrase: str, place: str) -> bytes:
    """The content of `seal`. Raises TrusteeFileRefusal for another passphrase or an altered file.

    age measures the machine each time and refuses a cost far beyond it. A machine that was busy in that
    instant would seem too slow, and its owner would believe that the passphrase is wrong: so it tries again.
    """
    if not data.startswith(_HEADER):
        raise TrusteeFileRefusal("custodio.archivo.age", place, "un archivo age", "otro tipo de archivo")
    for _ in range(TRIES):
        try:
            return bytes(pyrage.passphrase.decrypt(data, passphrase))
        except pyrage.DecryptError as error:
            if not str(error).startswith(_TOO_SLOW):
                raise TrusteeFileRefusal(
                    "custodio.archivo.frase",
                    place,
                    "la frase con que se cifró",
                    "otra frase, o un archivo alterado",
                ) from None
    raise TrusteeFileRefusal(
        "custodio.archivo.costo",
        place,
        "un equipo tan rápido como el que lo cifró; cierre otros programas e intente de nuevo",
        "uno muy lento o muy ocupado",
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """A private file as it was found: its content, and the hash of its bytes on disk."""

    content: TrusteeFile
    sha256: str


def create(path: Path, content: TrusteeFile, passphrase: str) -> None:
    """Write a new file, readable by its owner only. Raises TrusteeFileRefusal when the name is taken."""
    sealed = seal(content.encode(), check_passphrase(passphrase))
    try:
        atomic_file.create(path, sealed, atomic_file.PRIVATE)
    except FileExistsError:
        raise _taken(path) from None


def require_free(path: Path) -> None:
    """Raises TrusteeFileRefusal when a file of that name exists."""
    if path.exists():
        raise _taken(path)


def _taken(path: Path) -> TrusteeFileRefusal:
    return TrusteeFileRefusal(
        "custodio.archivo.existe", str(path), "un nombre libre: una llave nunca se sobrescribe", "un archivo"
    )


def require_file(path: Path) -> None:
    """Raises OSError when there is nothing, TrusteeFileRefusal for what is no file, such as a pipe."""
    if not stat.S_ISREG(path.stat().st_mode):
        what = "una carpeta" if path.is_dir() else "un dispositivo o una tubería"
        raise TrusteeFileRefusal("custodio.archivo.tipo", str(path), "un archivo", what)


def load(path: Path, passphrase: str) -> Stored:
    """Open a file. Raises TrusteeFileRefusal, or OSError when it cannot be read."""
    require_file(path)
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TrusteeFileRefusal("custodio.archivo.tamaño", str(path), f"hasta {MAX_BYTES} bytes", "más")
    content = unseal(data, unicodedata.normalize("NFC", passphrase), str(path))
    return Stored(TrusteeFile.decode(content, str(path)), hashlib.sha256(data).hexdigest())


def update(path: Path, before: Stored, content: TrusteeFile, passphrase: str) -> None:
    """Replace the file that `load` returned as `before` by a later state of the same key.

    Raises TrusteeFileRefusal when `content` is another key or the file changed in the meantime.
    """
    same = ("ceremonia", "grupo", "custodios", "umbral", "indice", "semilla", "certificado")
    if any(getattr(before.content, n) != getattr(content, n) for n in same):
        raise TrusteeFileRefusal("custodio.archivo.otra_llave", str(path), "la misma llave", "otra llave")
    sealed = seal(content.encode(), unicodedata.normalize("NFC", passphrase))
    if hashlib.sha256(path.read_bytes()).hexdigest() != before.sha256:
        raise TrusteeFileRefusal(
            "custodio.archivo.cambió", str(path), "el archivo que se abrió", "otro: alguien más lo escribió"
        )
    atomic_file.replace(path, sealed, atomic_file.PRIVATE)
