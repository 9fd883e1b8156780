"""Running the verifier on bytes in memory."""

from __future__ import annotations

import io
from pathlib import Path

from bel import Parts, Writer, write
from certeza_verifier.archive import Archive
from certeza_verifier.profile import ANY, OURS
from certeza_verifier.report import UrnReport
from certeza_verifier.urn import Options, UrnCheck


def check(
    archive: bytes | Parts | Writer, folder: Path, *, strict: bool = False, arithmetic: str = "auto"
) -> UrnReport:
    """The report of one archive."""
    if isinstance(archive, Parts):
        archive = write(archive)
    if isinstance(archive, Writer):
        archive = archive.render()
    path = folder / "urna.bel"
    path.write_bytes(archive)
    options = Options(OURS if strict else ANY, arithmetic)
    return UrnCheck(Archive(io.BytesIO(archive), len(archive)), str(path), "urna.bel", options).run()


def rules(report: UrnReport) -> set[str]:
    """Ids of the rules that were broken."""
    return {finding.rule for finding in report.findings}


def refused(archive: bytes | Parts | Writer, folder: Path, rule: str, *, strict: bool = False) -> UrnReport:
    """Asserts that exactly one rule is broken."""
    report = check(archive, folder, strict=strict)
    assert rules(report) == {rule}, [finding.message for finding in report.findings]
    return report
