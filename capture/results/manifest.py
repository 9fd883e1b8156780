"""The manifest of a package: JSON with one file a line, and the note with the authority's signature. Pure.

One line a file, so that a package with a million files is written and checked without holding its list. Paths
are in strictly rising order of their UTF-8 bytes: none can be there twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from capture.results.errors import PackageRefusal
from ledger.note import Note, Signer, Verifier, parse_note, sign_note, verify_note

SCHEMA = "certeza/paquete/v1"
NAME = "manifest.json"
NOTE = "manifest.note"
SUMS = "SHA256SUMS"
UNLISTED = (NAME, NOTE, SUMS)
"""Files that the manifest cannot list."""
MAX_LINE_BYTES = 4096
MAX_PATH_CHARS = 400
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*", re.ASCII)
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
LAST = b"]}\n"
"""The manifest's last line."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a package is of. `tipo`: preliminar, definitivo, cruce, requerimiento; `instante`: RFC 3339."""

    tipo: str
    opl: str
    periodo: str
    proceso: str | None
    instante: str
    registros: int

    def line(self) -> bytes:
        """The manifest's first line."""
        fields = json.dumps({"esquema": SCHEMA, **asdict(self)}, ensure_ascii=False, separators=(",", ":"))
        return f'{fields[:-1]},"archivos":[\n'.encode()


@dataclass(frozen=True, slots=True)
class Entry:
    """One file. `sha256` in hexadecimal, `tamano` in bytes."""

    ruta: str
    sha256: str
    tamano: int


def entry_line(entry: Entry, last: str) -> bytes:
    """The line of a file; `last`: the path before it. Raises PackageRefusal when they are not in order."""
    _require_path(entry.ruta, last, NAME)
    text = json.dumps(asdict(entry), separators=(",", ":"))
    return f"{',' if last else ''}{text}\n".encode()


def is_path(path: str) -> bool:
    """Whether it is a relative path of plain names, none of which begins with a dot."""
    return len(path) <= MAX_PATH_CHARS and _PATH.fullmatch(path) is not None


def _require_path(path: str, last: str, place: str) -> None:
    if not is_path(path) or path in UNLISTED:
        raise PackageRefusal("paquete.ruta", place, "una ruta relativa de letras, cifras y «._-/»", path)
    if path <= last:
        raise PackageRefusal("paquete.orden", place, f"una ruta después de {last}", path)


def parse_head(line: bytes) -> Head:
    """Read the first line. Raises PackageRefusal unless it is spelt as `Head.line` spells it."""
    value = _object(line[: -len(',"archivos":[\n')] + b"}", 1)
    names = list(Head.__dataclass_fields__)
    if list(value) != ["esquema", *names] or value.pop("esquema") != SCHEMA:
        raise PackageRefusal("paquete.manifiesto", f"{NAME}, línea 1", f"un paquete {SCHEMA}", "otra cosa")
    made = Head(**value)
    if not isinstance(made.registros, int) or made.line() != line:
        raise PackageRefusal("paquete.manifiesto", f"{NAME}, línea 1", "la escritura exacta", "otra")
    return made


def parse_entries(rest: Iterable[bytes]) -> Iterator[Entry]:
    """Read the lines after the first one. Raises PackageRefusal naming the line."""
    last, ended = "", False
    for number, line in enumerate(rest, 2):
        if ended or line == LAST:
            if ended:
                raise PackageRefusal(
                    "paquete.manifiesto", f"{NAME}, línea {number}", "el final", "más líneas"
                )
            ended = True
            continue
        entry = _entry(line, bool(last), number)
        _require_path(entry.ruta, last, f"{NAME}, línea {number}")
        yield entry
        last = entry.ruta
    if not ended:
        raise PackageRefusal("paquete.manifiesto", NAME, "«]}» al final", "un manifiesto cortado")


def _entry(line: bytes, follows: bool, number: int) -> Entry:
    value = _object(line[1:] if follows else line, number)
    place = f"{NAME}, línea {number}"
    if list(value) != ["ruta", "sha256", "tamano"] or follows != line.startswith(b","):
        raise PackageRefusal("paquete.manifiesto", place, "ruta, sha256 y tamano", ", ".join(value))
    path, digest, size = value["ruta"], value["sha256"], value["tamano"]
    if not (isinstance(path, str) and isinstance(digest, str) and type(size) is int and size >= 0):
        raise PackageRefusal("paquete.manifiesto", place, "textos y un tamaño", "otros tipos")
    if not _HEX64.fullmatch(digest):
        raise PackageRefusal("paquete.manifiesto", place, "un SHA-256 en hexadecimal", digest)
    return Entry(path, digest, size)


def _object(line: bytes, number: int) -> dict[str, Any]:
    place = f"{NAME}, línea {number}"
    if len(line) > MAX_LINE_BYTES:
        raise PackageRefusal("paquete.manifiesto", place, f"a lo más {MAX_LINE_BYTES} bytes", len(line))
    try:
        value = json.loads(line)
    except ValueError:
        raise PackageRefusal(
            "paquete.manifiesto", place, "un objeto JSON en una línea", "otra cosa"
        ) from None
    if not isinstance(value, dict):
        raise PackageRefusal("paquete.manifiesto", place, "un objeto JSON", type(value).__name__)
    return value


def note_text(head: Head, manifest_sha256: str) -> str:
    """What the authority signs."""
    pairs = (
        ("tipo", head.tipo),
        ("opl", head.opl),
        ("periodo", head.periodo),
        ("proceso", head.proceso or "-"),
        ("instante", head.instante),
        ("registros", head.registros),
        ("manifiesto", manifest_sha256),
    )
    return "".join([f"{SCHEMA}\n", *(f"{name} {value}\n" for name, value in pairs)])


def sign(head: Head, manifest_sha256: str, signer: Signer) -> bytes:
    """The note's bytes."""
    return sign_note(note_text(head, manifest_sha256), [signer]).encode()


def verify(note: bytes, head: Head, manifest_sha256: str, authority: Verifier) -> Note:
    """The note, if the authority signed exactly this manifest. Raises SignatureRefusal or PackageRefusal."""
    found = parse_note(note, NOTE)
    verify_note(found, [authority], NOTE)
    expected = note_text(head, manifest_sha256)
    if found.text != expected:
        raise PackageRefusal("paquete.firma", NOTE, "la firma de este manifiesto", "la firma de otro")
    return found
