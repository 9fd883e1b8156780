"""Checking a decrypted package: its signature, every file, the proofs and the figures. Streams."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from capture.results import manifest, proofs_file
from capture.results.errors import PackageRefusal
from capture.results.layout import CSV, RESULT
from capture.results.manifest import Entry, Head
from capture.results.opening import Progress
from ledger.checkpoint import SignedCheckpoint, parse_signed
from ledger.limits import MAX_NOTE_BYTES
from ledger.note import Verifier
from ledger.policy import Attested, Policy

_CHUNK_BYTES = 1 << 20
_MAX_RESULT_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What holds. `leaves`: acuses whose proof leads to the checkpoint; `attested`: None without a policy."""

    head: Head
    manifest: str
    files: int
    size: int
    leaves: int
    checkpoint: SignedCheckpoint | None
    attested: Attested | None


def check_folder(folder: Path, authority: Verifier, policy: Policy | None, progress: Progress) -> Checked:
    """Refuse a folder that is not exactly what the authority signed. Raises Refusal or OSError.

    `progress` is called with the bytes of each file that was read.
    """
    head, digest = _signed(folder, authority)
    files, size = _require_files(folder, progress)
    leaves, checkpoint = _require_proofs(folder, head)
    if head.proceso is not None and head.tipo in ("preliminar", "definitivo"):
        try:
            _require_figures(folder, head, leaves)
        except (KeyError, TypeError, ValueError, AttributeError):
            expected = "cifras y renglones legibles"
            raise PackageRefusal("paquete.cifras", RESULT, expected, "otra cosa") from None
    attested = None
    if policy is not None and checkpoint is not None:
        attested = policy.verify(checkpoint, proofs_file.CHECKPOINT)
    return Checked(head, digest, files, size, leaves, checkpoint, attested)


def _signed(folder: Path, authority: Verifier) -> tuple[Head, str]:
    with (folder / manifest.NAME).open("rb") as file:
        head = manifest.parse_head(file.readline(manifest.MAX_LINE_BYTES))
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with (folder / manifest.NOTE).open("rb") as file:
        note = file.read(MAX_NOTE_BYTES + 1)
    manifest.verify(note, head, digest, authority)
    return head, digest


def _require_files(folder: Path, progress: Progress) -> tuple[int, int]:
    files = size = 0
    with (folder / manifest.NAME).open("rb") as listing:
        listing.readline(manifest.MAX_LINE_BYTES)
        for entry in manifest.parse_entries(_lines(listing)):
            _require_file(folder, entry)
            progress(entry.tamano)
            files, size = files + 1, size + entry.tamano
    # Paths rise strictly, so none counts twice: as many files as lines means that none was added.
    present = sum(path.is_symlink() or not path.is_dir() for path in folder.rglob("*"))
    if present != files + len(manifest.UNLISTED):
        expected = f"{files} archivos y los {len(manifest.UNLISTED)} del manifiesto"
        raise PackageRefusal("paquete.sobra", str(folder), expected, present)
    return files, size


def _lines(file: Iterator[bytes]) -> Iterator[bytes]:
    read = getattr(file, "readline")  # noqa: B009 - bounded, unlike iterating over the file
    while line := read(manifest.MAX_LINE_BYTES + 1):
        yield line


def _require_file(folder: Path, entry: Entry) -> None:
    path = folder / entry.ruta
    if path.is_symlink() or not path.is_file():
        raise PackageRefusal("paquete.falta", entry.ruta, "el archivo del manifiesto", "ninguno")
    if (size := path.stat().st_size) != entry.tamano:
        raise PackageRefusal("paquete.tamano", entry.ruta, f"{entry.tamano} bytes", f"{size} bytes")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != entry.sha256:
        raise PackageRefusal("paquete.sha256", entry.ruta, entry.sha256, found)


def _require_proofs(folder: Path, head: Head) -> tuple[int, SignedCheckpoint | None]:
    path = folder / proofs_file.CHECKPOINT
    if not path.exists():
        return 0, None
    checkpoint = parse_signed(path.read_bytes(), proofs_file.CHECKPOINT)
    with (folder / proofs_file.PROOFS).open("rb") as file:
        leaves = sum(1 for _ in proofs_file.verify_lines(_lines(file), checkpoint))
    if leaves != head.registros:
        raise PackageRefusal("paquete.pruebas", proofs_file.PROOFS, f"{head.registros} pruebas", leaves)
    return leaves, checkpoint


def _require_figures(folder: Path, head: Head, leaves: int) -> None:
    """Figures, table and proofs speak of the same records."""
    result = json.loads(_bounded(folder / RESULT))
    figures = result["cifras"]
    if not result["enviados"] == sum(figures.values()) == leaves:
        found = f"{result['enviados']} enviados, {sum(figures.values())} en las cifras"
        raise PackageRefusal("paquete.cifras", RESULT, leaves, found)
    valid = _require_table(folder)
    if valid != result["validos"] or result["proceso"] != head.proceso:
        raise PackageRefusal("paquete.cifras", CSV, f"{result['validos']} válidos", valid)


def _require_table(folder: Path) -> int:
    valid = 0
    with (
        (folder / CSV).open(encoding="utf-8-sig", newline="") as table,
        (folder / proofs_file.PROOFS).open("rb") as proofs,
    ):
        pairs = zip_longest(csv.DictReader(table), _lines(proofs))
        for number, (row, line) in enumerate(pairs, 2):
            known = [] if line is None else line.decode("ascii").split()[:3]
            found = [] if row is None else [row["folio"], row["codigo_integridad"], row["hoja"]]
            if known != found:
                raise PackageRefusal("paquete.renglon", f"{CSV}, línea {number}", known, found)
            valid += row is not None and row["valido"] == "si"
    return valid


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MAX_RESULT_BYTES)
