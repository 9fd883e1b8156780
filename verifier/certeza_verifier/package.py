"""A results package that was decrypted into a folder (docs/formats.md, «Results package»), as a stream."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import BinaryIO

from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS
from certeza_verifier.report import Report
from certeza_verifier.system import read_whole
from certeza_verifier.tlog import merkle
from certeza_verifier.tlog.acuse import entry_of
from certeza_verifier.tlog.checkpoint import Checkpoint, decimal, parse_checkpoint
from certeza_verifier.tlog.note import ED25519, Key, decode64, parse_note, signed

MANIFEST, NOTE, SUMS = "manifest.json", "manifest.note", "SHA256SUMS"
CHECKPOINT, PROOFS = "bitacora/checkpoint", "bitacora/pruebas.txt"
TABLE, RESULT = "registros.csv", "resultado.json"
SCHEMA = "certeza/paquete/v1"
_FIELDS = ("esquema", "tipo", "opl", "periodo", "proceso", "instante", "registros")
_OPENING = b',"archivos":[\n'
_LINE = re.compile(
    rb',?\{"ruta":"([A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*)",'
    rb'"sha256":"([0-9a-f]{64})","tamano":(0|[1-9][0-9]{0,18})\}\n'
)
_FORM, _FILES, _FIGURES = "entrega-manifiesto", "entrega-archivo", "entrega-cifras"


@dataclass(frozen=True, slots=True)
class Head:
    """The manifest's first line, and the hash of all of it."""

    values: dict[str, object]
    digest: str

    @property
    def records(self) -> int:
        """How many records it is of."""
        return int(str(self.values["registros"]))

    @property
    def note(self) -> bytes:
        """What the authority has to have signed."""
        pairs = [f"{name} {self.values[name] or '-'}" for name in _FIELDS[1:6]]
        return "\n".join(
            [SCHEMA, *pairs, f"registros {self.records}", f"manifiesto {self.digest}", ""]
        ).encode()


def verify(folder: Path, authority: Key, report: Report) -> tuple[Head, Checkpoint | None]:
    """Signature, files, proofs and figures; the checkpoint is not attested yet. Raises Failure, OSError."""
    head = _head(folder)
    _signature(folder, head, authority)
    report.done["firmas-de-autoridad"] += 1
    report.done["archivos"] += _files(folder)
    checkpoint = None
    if (folder / CHECKPOINT).exists():
        checkpoint = parse_checkpoint(read_whole(folder / CHECKPOINT, LIMITS.note), CHECKPOINT)
        report.done["pruebas-de-inclusion"] += _proofs(folder, head, checkpoint)
        try:
            _figures(folder, head)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Failure(_FIGURES, RESULT, "cifras y renglones legibles", "otra cosa") from None
    return head, checkpoint


def _head(folder: Path) -> Head:
    with (folder / MANIFEST).open("rb") as file:
        line = file.readline(LIMITS.small)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    refusal = Failure(
        _FORM, f"{MANIFEST}, línea 1", f"un manifiesto {SCHEMA}", line[:80].decode("utf-8", "replace")
    )
    if not line.endswith(_OPENING):
        raise refusal
    try:
        values = json.loads(line[: -len(_OPENING)] + b"}")
    except ValueError:
        raise refusal from None
    if not isinstance(values, dict) or tuple(values) != _FIELDS or values["esquema"] != SCHEMA:
        raise refusal
    if not isinstance(values["registros"], int) or values["registros"] < 0:
        raise refusal
    return Head(values, digest)


def _signature(folder: Path, head: Head, authority: Key) -> None:
    note = parse_note(read_whole(folder / NOTE, LIMITS.note), NOTE)
    lines = note.of(authority)
    if authority.kind != ED25519 or not lines:
        raise Failure("nota-sin-firma", NOTE, authority.text, ", ".join(s.name for s in note.signatures))
    if not all(signed(authority.public, note.text, line.value) for line in lines):
        raise Failure("nota-firma", NOTE, "una firma válida", "una que no lo es")
    if note.text != head.note:
        raise Failure(_FORM, NOTE, "la firma de este manifiesto", "la firma de otro")


def _files(folder: Path) -> int:
    count, last = 0, ""
    with (folder / MANIFEST).open("rb") as file:
        file.readline(LIMITS.small)
        for number, line in enumerate(_lines(file), 2):
            if line == b"]}\n":
                break
            found = _LINE.fullmatch(line)
            if found is None or line.startswith(b",") != bool(last):
                raise Failure(_FORM, f"{MANIFEST}, línea {number}", "ruta, sha256 y tamano", line[:80])
            path = found[1].decode()
            if path <= last or path in (MANIFEST, NOTE, SUMS):
                raise Failure(_FORM, f"{MANIFEST}, línea {number}", f"una ruta después de {last}", path)
            _file(folder, path, found[2].decode(), int(found[3]))
            count, last = count + 1, path
        if file.read(1) or line != b"]}\n":
            raise Failure(_FORM, MANIFEST, "«]}» al final", "otra cosa")
    present = sum(len(files) for _, _, files in os.walk(folder)) + _links(folder)
    if present != count + 3:
        raise Failure(_FILES, str(folder.name), f"{count} archivos y los 3 del manifiesto", present)
    return count


def _links(folder: Path) -> int:
    """Links to folders: each is one thing too many."""
    return sum((Path(at) / name).is_symlink() for at, names, _ in os.walk(folder) for name in names)


def _file(folder: Path, path: str, digest: str, size: int) -> None:
    file = folder / path
    if file.is_symlink() or not file.is_file():
        raise Failure(_FILES, path, "un archivo", "ninguno")
    if file.stat().st_size != size:
        raise Failure(_FILES, path, f"{size} bytes", f"{file.stat().st_size} bytes")
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if found != digest:
        raise Failure(_FILES, path, digest, found)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LIMITS.small):
        yield line


def _proofs(folder: Path, head: Head, checkpoint: Checkpoint) -> int:
    count, last = 0, ""
    with (folder / PROOFS).open("rb") as file:
        for number, line in enumerate(_lines(file), 1):
            place = f"{PROOFS}, línea {number}"
            words = line.decode("ascii", "replace").removesuffix("\n").split(" ")
            index = decimal(words[2]) if len(words) > 2 else None
            hashes = [decode64(word) for word in words[3:]]
            good = [value for value in hashes if value is not None and len(value) == merkle.SIZE]
            if index is None or len(good) != len(hashes) or words[0] <= last:
                raise Failure("prueba-forma", place, "folio, código, índice y hashes, en orden", line[:80])
            hashed = merkle.leaf(entry_of(words[1]))
            merkle.verify_inclusion(index, checkpoint.size, hashed, checkpoint.root, good)
            count, last = count + 1, words[0]
    if count != head.records:
        raise Failure(_FIGURES, PROOFS, f"{head.records} pruebas", count)
    return count


def _figures(folder: Path, head: Head) -> None:
    result = json.loads(read_whole(folder / RESULT, LIMITS.small))
    total = sum(result["cifras"].values())
    if not result["enviados"] == total == head.records:
        raise Failure(_FIGURES, RESULT, head.records, f"{result['enviados']} enviados, {total} en las cifras")
    valid = 0
    with (
        (folder / TABLE).open(encoding="utf-8-sig", newline="") as table,
        (folder / PROOFS).open(encoding="ascii") as proofs,
    ):
        for number, (row, line) in enumerate(zip_longest(csv.DictReader(table), proofs), 2):
            known = [] if line is None else line.split()[:3]
            found = [] if row is None else [row["folio"], row["codigo_integridad"], row["hoja"]]
            if known != found:
                raise Failure(_FIGURES, f"{TABLE}, línea {number}", " ".join(known), " ".join(found))
            valid += row is not None and row["valido"] == "si"
    if valid != result["validos"]:
        raise Failure(_FIGURES, TABLE, f"{result['validos']} válidos", valid)
