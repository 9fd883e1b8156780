"""The body of a packet: a deterministic tar of registro.json and the images, sealed with age to the process.

The tar has one spelling for given files (ustar, names in the order of ORDER, no dates, owners or padding
beyond two zero blocks), so that opening checks it by making it again. Nothing in it is compressed.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import pyrage
from pyrage import x25519

from capture.packet.errors import PacketRefusal
from capture.packet.record import IMAGES, OPTIONAL, CapturedRecord, parse_record
from keys.errors import FormatRefusal

RECORD = "registro.json"
ORDER = (RECORD, *IMAGES, *OPTIONAL)
_MODE = 0o644


@dataclass(frozen=True, slots=True)
class Body:
    """What was captured: the typed record and each file by its name, registro.json not among them."""

    record: CapturedRecord
    files: Mapping[str, bytes]

    def encode(self) -> bytes:
        """The tar, before it is sealed."""
        return encode_tar({RECORD: self.record.encode(), **self.files})


def encode_tar(files: Mapping[str, bytes]) -> bytes:
    """The one tar of these files. Raises KeyError for a name that is not in ORDER."""
    if unknown := set(files) - set(ORDER):
        raise KeyError(*unknown)
    out = io.BytesIO()
    # 512: a record of one block, so that nothing follows the two zero blocks of the end.
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT, bufsize=512) as tar:
        for name in ORDER:
            if name in files:
                tar.addfile(_entry(name, len(files[name])), io.BytesIO(files[name]))
    return _without_padding(out.getvalue(), files)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, _MODE
    return entry


def _without_padding(tar: bytes, files: Mapping[str, bytes]) -> bytes:
    """tarfile fills up to 10,240 bytes; what counts ends with two blocks of zeros."""
    end = sum(512 + -(-len(data) // 512) * 512 for data in files.values()) + 1024
    return tar[:end]


def decode_tar(data: bytes, place: str = "cuerpo") -> dict[str, bytes]:
    """The files of a tar in its one spelling. Raises FormatRefusal (cuerpo.tar)."""
    expected = f"un tar con {', '.join(ORDER)} en su forma única"
    refusal = FormatRefusal("cuerpo.tar", place, expected, "otra cosa")
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            files = {member.name: _content(tar, member) for member in tar}
        if encode_tar(files) == data:
            return files
    except (tarfile.TarError, KeyError, ValueError, OSError):
        raise refusal from None
    raise refusal


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member) if member.isreg() else None
    if file is None:
        raise ValueError("not a regular file")
    return file.read()


def parse_body(data: bytes, place: str = "cuerpo") -> Body:
    """Read and check a body that was decrypted: every file that registro.json names, with its hash, and no
    other.

    Raises FormatRefusal, and PacketRefusal (cuerpo.archivo).
    """
    files = decode_tar(data, place)
    if RECORD not in files:
        raise FormatRefusal("cuerpo.tar", place, RECORD, "ninguno")
    record = parse_record(files.pop(RECORD), f"{place}, {RECORD}")
    if set(record.files) != set(files):
        raise PacketRefusal("cuerpo.archivo", place, ", ".join(record.files), ", ".join(files) or "ninguno")
    for name, content in files.items():
        if sha256(content).digest() != record.files[name]:
            raise PacketRefusal("cuerpo.archivo", f"{place}, {name}", "el archivo que se capturó", "otro")
    return Body(record, files)


def seal(data: bytes, recipient: str) -> bytes:
    """`data` encrypted with age to a process's recipient (`age1…`). Raises FormatRefusal for another text."""
    try:
        return bytes(pyrage.encrypt(data, [x25519.Recipient.from_str(recipient)]))
    except pyrage.RecipientError:
        raise FormatRefusal("proceso.recipiente", "proceso", "age1…", "otra cosa") from None
