"""`certeza-verify bitacora`: a whole log, now and against what it said before (VER-02)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.limits import LIMITS
from certeza_verifier.progress import Progress
from certeza_verifier.report import Finding, Report
from certeza_verifier.system import read_whole, require_folder
from certeza_verifier.tlog.attest import Trust, attest
from certeza_verifier.tlog.checkpoint import Checkpoint
from certeza_verifier.tlog.memory import Memory, load_memory, save_memory
from certeza_verifier.tlog.monitor import Monitor, Verified
from certeza_verifier.tlog.source import Source, source
from certeza_verifier.trusting import Trusting, judge, tell


@dataclass(frozen=True, slots=True)
class Memories:
    """What to compare a log with: the state of an earlier run, a folder of earlier checkpoints."""

    state: Path | None = None
    history: Path | None = None


def bitacora(where: str, trusting: Trusting, memories: Memories, *, progress: bool = False) -> Report:
    """`certeza-verify bitacora`: a whole log, now and against what it said before (VER-02)."""
    report, trust = Report("bitacora"), trusting.trust()
    if trust is None:
        raise NotJudged("Falta --llave o --politica.")
    log = source(where)
    return judge(report, where, lambda: _bitacora(log, trust, memories, report, progress))


def _bitacora(log: Source, trust: Trust, memories: Memories, report: Report, progress: bool) -> None:
    monitor = Monitor(log, trust)
    key = monitor.attested.log.text
    memory = load_memory(memories.state, key) if memories.state else None
    history = _history(memories.history, trust, report) if memories.history else []
    size = monitor.attested.checkpoint.size
    bar = Progress(size - (memory.size if memory else 0), wanted=progress)
    monitor.advance = bar.advance
    try:
        result = monitor.run(memory, history)
    finally:
        bar.close()
    _result(result, report)
    if memories.state and not report.all_findings:
        note = monitor.attested.checkpoint.note.render()
        save_memory(memories.state, Memory(key, result.edge, note))
    tell(report, monitor.attested, trust)


def _history(folder: Path, trust: Trust, report: Report) -> list[Checkpoint]:
    """Earlier checkpoints that the log did sign; the others are findings."""
    require_folder(folder)
    found = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            found.append(attest(read_whole(path, LIMITS.note), trust, path.name).checkpoint)
        except Failure as failure:
            report.findings.append(Finding.of(failure, path.name))
    return found


def _result(result: Verified, report: Report) -> None:
    report.findings += [Finding.of(failure, "") for failure in result.failures]
    report.done["entradas"] += result.entries
    report.done["teselas"] += result.tiles
    if result.earlier:
        report.done["checkpoints-anteriores"] += result.earlier
    if result.resumed is not None:
        report.notes.append(
            f"Las primeras {result.resumed} entradas ya se habían verificado y son las mismas."
        )
    report.details["reanudado"] = result.resumed
    report.details["evidencia"] = [
        {"antes": old.text, "ahora": now.text, "archivo": old.place} for old, now in result.evidence
    ]
    for old, now in result.evidence:
        for title, checkpoint in (("antes", old), ("ahora", now)):
            report.notes.append(f"Evidencia, {title} ({checkpoint.place}); guárdela con sus firmas:")
            report.notes += [f"  {line}" for line in checkpoint.text.splitlines()]
    if len(result.failures) >= LIMITS.findings:
        report.notes.append(f"Se dejó de leer tras {LIMITS.findings} fallas.")
