"""The commands, from paths to a Report. Nothing is printed here."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from certeza_verifier import work
from certeza_verifier.difference import compare
from certeza_verifier.errors import NotJudged
from certeza_verifier.folder import FolderCheck
from certeza_verifier.progress import Progress
from certeza_verifier.report import Report, UrnReport
from certeza_verifier.state import load_state, save_state
from certeza_verifier.system import require_regular
from certeza_verifier.urn import Options
from certeza_verifier.work import Task

_TRACKER = re.compile(r"[A-Za-z0-9+/]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Settings:
    """Options shared by the commands that verify archives. None of them turns a check off."""

    processes: int = 0
    arithmetic: str = "auto"
    state: Path | None = None
    progress: bool = False

    @property
    def workers(self) -> int:
        """Processes to use: those asked for, or one per core this process may use."""
        if self.processes:
            return self.processes
        usable = getattr(os, "sched_getaffinity", None)
        return len(usable(0)) if usable else os.cpu_count() or 1


def archives(path: Path) -> list[Path]:
    """The archive itself, or every .bel of a folder or of a whole public folder, by name."""
    if path.is_dir():
        found = sorted(path.glob("*.bel")) or sorted(path.glob("urna/*.bel"))
        if not found:
            raise NotJudged(f"En la carpeta {path} no hay ningún archivo .bel.")
        return found
    require_regular(path)
    if not path.is_file():
        raise NotJudged(f"No existe el archivo {path}.")
    return [path]


def verify_tasks(tasks: Sequence[Task], settings: Settings) -> list[UrnReport]:
    """Reports in the order of the tasks, with the state of an earlier run taken in and renewed."""
    state = load_state(settings.state) if settings.state else {}
    remember = settings.state is not None
    known = [Task(t.path, t.file, replace(t.options, remember=remember), state.get(t.file)) for t in tasks]
    bar = Progress(sum(_size(task.path) for task in tasks), wanted=settings.progress)
    with work.pool(settings.workers) as executor:
        reports = work.run_all(known, executor, settings.workers, bar.advance)
    bar.close()
    if settings.state:
        save_state(settings.state, work.new_state(state, known, reports))
    return reports


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def urna(path: Path, settings: Settings, *, lines: bool = False) -> Report:
    """`certeza-verify urna`: one archive, or each one of a folder, of any Belenios election."""
    options = Options(arithmetic=settings.arithmetic, lines=lines)
    tasks = [Task(p, p.name, options) for p in archives(path)]
    return Report("urna", urns=verify_tasks(tasks, settings))


def boleta(code: str, path: Path, settings: Settings) -> Report:
    """`certeza-verify boleta`: where a ballot is, in archives that are verified as well."""
    code = code.strip()
    if not _TRACKER.fullmatch(code):
        raise NotJudged("Un comprobante son 43 caracteres: letras sin acento, cifras, «+» y «/».")
    report = urna(path, settings, lines=True)
    report.command = "boleta"
    for urn in report.urns:
        urn.lines = [line for line in urn.lines if line.tracker == code]
    report.urns = [urn for urn in report.urns if urn.lines or urn.verdict != "aceptado"]
    if not any(urn.lines for urn in report.urns):
        report.notes.append(f"El comprobante {code} no está en ninguna de las urnas leídas.")
        report.not_judged = "comprobante no encontrado"
    return report


def consulta(path: Path, settings: Settings) -> Report:
    """`certeza-verify consulta`: the public folder of a consultation."""
    return FolderCheck(path, settings.arithmetic, lambda tasks: verify_tasks(tasks, settings)).run()


def diferencia(old: Path, new: Path) -> Report:
    """`certeza-verify diferencia`: an earlier copy is the beginning of a later one."""
    return compare(old, new)
