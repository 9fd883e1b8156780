"""The acuses of a collection of apoyo: another process, with a log of its own that the same witnesses cosign.

The records are invented (`capture/` does not exist yet); acuses, log, proofs and PDFs are what it will issue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from api.demo.plan import Plan
from api.demo.public_log import PublicLog
from api.demo.screen import Advance
from api.demo.witnesses import RehearsalWitnesses
from keys.randomness import Randomness
from ledger.acuse import SUFFIX, Acuse, AcuseFile, Credential
from ledger.acuse_pdf import AcusePrinter, Imprint
from ledger.reading import Prover, read_checkpoint
from ledger.witness_client import Standing
from tally.public_folder import PublicFolder

PROCESS = "ensayo-apoyo-2023"
INSTITUTE = "Instituto Electoral (ensayo)"
RECORDS = 300
"""Records received: enough for a proof of more than one tile."""
KEPT = 4
"""Acuses whose files are written out: what four citizens would have kept."""
_MODALITIES = ("auxiliar", "mi-apoyo", "manual")
_GAP = timedelta(milliseconds=1250)


@dataclass(frozen=True)
class Reception:
    """What was received: the acuse files that were written, the log and how far it is attested."""

    files: tuple[Path, ...]
    log: Path
    policy: Path
    entries: int
    standing: Standing


def receive_records(plan: Plan, witnesses: RehearsalWitnesses, progress: Advance) -> Reception:
    """Log the acuses of all records, have the log cosigned, and write out the first few with their proofs."""
    acuses = [_acuse(plan, number) for number in range(RECORDS)]
    with PublicLog(plan, witnesses, PROCESS) as log:
        placed = log.append([(acuse.folio.encode(), acuse.entry) for acuse in acuses])
        standing = log.attest(acuses[-1].recibido)
        signed, prover = read_checkpoint(log.storage), Prover(log.storage)
        files = [
            AcuseFile(acuse, prover.inclusion(at.index, at.leaf, signed))
            for acuse, at in zip(acuses[:KEPT], placed, strict=False)
        ]
    written = _written(plan.output / "ciudadania" / "acuses", files, progress)
    return Reception(tuple(written), log.folder, log.policy_file, len(placed), standing)


def _acuse(plan: Plan, number: int) -> Acuse:
    random = plan.randomness(f"apoyo/{number}")
    received = plan.calendar.voting_start + number * _GAP
    return Acuse(
        proceso=PROCESS,
        folio=_folio(received, random),
        modalidad=_MODALITIES[random.below(len(_MODALITIES))],
        credential=Credential.CIC,
        number=f"{random.below(10**9):09d}",
        recibido=received,
        registro=_octets(random, 32),
        nonce=_octets(random, 32),
    )


def _folio(instant: datetime, random: Randomness) -> str:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then random ones."""
    value = round(instant.timestamp() * 1000) << 80 | random.below(1 << 80)
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    digits = f"{value:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _octets(random: Randomness, size: int) -> bytes:
    return random.below(1 << 8 * size).to_bytes(size, "big")


def _written(folder: Path, files: list[AcuseFile], progress: Advance) -> list[Path]:
    """Each acuse as the file that verifies and as the PDF that people read."""
    output, printer = PublicFolder(folder), AcusePrinter(Imprint(INSTITUTE))
    paths = []
    for done, file in enumerate(files, start=1):
        path = folder / f"{file.acuse.folio}{SUFFIX}"
        output.write(path, file.encode())
        output.write(path.with_suffix(".pdf"), printer.print(file))
        paths.append(path)
        progress(done, len(files))
    return paths
