"""`certeza-verify diferencia OLD NEW`: nothing was removed or rewritten between two copies.

Two proofs of the same thing: the events of the old archive are the first events of the new one, with their
hashes and so with all their content, and the old file is the first bytes of the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from certeza_verifier.archive import Archive
from certeza_verifier.chain import Chain, Event
from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.report import Finding, Report, UrnReport
from certeza_verifier.system import reason

_PIECE = 2**20
_FIXED = (
    "consulta.json",
    "trustees.json",
    "resultados.json",
    "computo.json",
    "actas/*",
    "mesas/llaves.json",
    "sumas-abiertas/*",
    "escrutinio/*",
)


def compare(old: Path, new: Path) -> Report:
    """Two archives, two folders of archives or two public folders."""
    report = Report("diferencia")
    if old.is_file() and new.is_file():
        report.urns.append(_pair(old, new, new.name))
        return report
    if not (old.is_dir() and new.is_dir()):
        raise NotJudged(f"Hacen falta dos archivos o dos carpetas: {_what(old)}; {_what(new)}.")
    names = sorted(path.relative_to(old).as_posix() for path in _archives(old))
    documents = sorted(path.relative_to(old).as_posix() for path in _documents(old))
    if not names and not documents:
        raise NotJudged(f"En {old} no hay nada que comparar.")
    report.urns = [_pair(old / name, new / name, name) for name in names]
    for name in documents:
        report.findings += _document(old / name, new / name, name)
    report.done["documentos"] += len(documents)
    return report


def _what(path: Path) -> str:
    kind = "es una carpeta" if path.is_dir() else "es un archivo" if path.is_file() else None
    return f"{path} {kind or ('no es ni lo uno ni lo otro' if path.exists() else 'no existe')}"


def _archives(root: Path) -> Iterator[Path]:
    yield from root.glob("*.bel")
    yield from root.glob("urna/*.bel")


def _documents(root: Path) -> Iterator[Path]:
    """Once published, the other documents do not change; what a Mesa handed in, once its sum is open."""
    for pattern in _FIXED:
        yield from (path for path in root.glob(pattern) if path.is_file())
    for opened in root.glob("sumas-abiertas/*.json"):
        both = (root / folder / opened.name for folder in ("mesas", "sumas"))
        yield from (path for path in both if path.is_file())


def _document(old: Path, new: Path, name: str) -> list[Finding]:
    if not new.is_file():
        return [Finding.of(Failure("diferencia-falta"), name)]
    at = _first_difference(old, new)
    if at is None and old.stat().st_size == new.stat().st_size:
        return []
    place = f"byte {old.stat().st_size if at is None else at}"
    return [Finding.of(Failure("diferencia-documento", place), name)]


def _pair(old: Path, new: Path, name: str) -> UrnReport:
    report = UrnReport(name)
    if not new.is_file():
        report.findings.append(Finding.of(Failure("diferencia-falta"), name))
        return report
    try:
        _chains(old, new, report)
        at = _first_difference(old, new)
        if at is not None:
            report.findings.append(Finding.of(Failure("diferencia-bytes", f"byte {at}"), name))
        report.done["urnas"] += 1
    except OSError as error:
        report.not_judged = f"No se pudo leer {error.filename}: {reason(error)}"
    return report


def _chains(old: Path, new: Path, report: UrnReport) -> None:
    """Events in step; a copy that is broken in itself is a finding as well, and says which copy."""
    with old.open("rb") as first, new.open("rb") as second:
        before = _events(first, old, "copia anterior", report)
        after = _events(second, new, "copia nueva", report)
        for event in before:
            report.events += 1
            other = next(after, None)
            if other is None or other.digest != event.digest:
                got = other.digest if other else "ningún evento"
                failure = Failure("diferencia-cadena", f"evento {event.height}", event.digest, got)
                report.findings.append(Finding.of(failure, report.file, height=event.height))
                return
        report.done["eventos-comparados"] += report.events
        for _ in after:
            report.events += 1


def _events(file: BinaryIO, path: Path, which: str, report: UrnReport) -> Iterator[Event]:
    chain = Chain(Archive(file, path.stat().st_size))
    try:
        for step in chain.steps():
            yield step.event
    except Failure as failure:
        failure.place = f"{which}, {failure.place}"
        height = chain.last.height + 1 if chain.last else 0
        report.findings.append(Finding.of(failure, report.file, height=height))


def _first_difference(old: Path, new: Path) -> int | None:
    """Offset of the first byte of `old` that is not in `new`; None when `old` is a prefix."""
    offset = 0
    with old.open("rb") as first, new.open("rb") as second:
        while piece := first.read(_PIECE):
            other = second.read(len(piece))
            if other != piece:
                pairs = enumerate(zip(piece, other, strict=False))
                return offset + next((i for i, (a, b) in pairs if a != b), len(other))
            offset += len(piece)
    return None
