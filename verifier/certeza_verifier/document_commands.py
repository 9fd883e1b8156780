"""`certeza-verify documento`: an official document that anybody can check (APO-29)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from certeza_verifier.acuse_commands import find_entry, told
from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.limits import LIMITS
from certeza_verifier.report import Finding, Report
from certeza_verifier.system import read_whole
from certeza_verifier.tlog import merkle
from certeza_verifier.tlog.attest import Trust, attest, attest_parsed
from certeza_verifier.tlog.proof import parse_proof
from certeza_verifier.tlog.reader import CHECKPOINT, Reader, published
from certeza_verifier.tlog.source import source
from certeza_verifier.trusting import Trusting, judge, tell

HEADER = "certeza/documento/v1"
MISSING = (
    "Falta pyHanko, con el que se leen las firmas de un PDF. Instálelo con "
    "«pip install certeza-verify[documentos]»"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The files of the command line."""

    pdf: Path
    anchors: Sequence[Path]
    stamp_anchors: Sequence[Path] = ()
    lists: Sequence[Path] = ()
    content: Path | None = None
    proof: Path | None = None
    log: str | None = None


def entry_of(digest: str) -> bytes:
    """The entry of the log for a document whose JSON has that SHA-256."""
    return f"{HEADER}\n{digest}".encode()


def documento(asked: Asked, trusting: Trusting) -> Report:
    """`certeza-verify documento`. Raises NotJudged for what the user brought."""
    try:
        from certeza_verifier.documents.judging import judge_document
        from certeza_verifier.documents.own_files import read_anchors
    except ImportError:
        raise NotJudged(MISSING) from None
    report, trust = Report("documento"), trusting.trust()
    if (asked.proof or asked.log) and trust is None:
        raise NotJudged("Para comprobar la bitácora falta --llave o --politica.")
    anchors = read_anchors(asked.anchors, asked.stamp_anchors, asked.lists)
    judged = judge_document(asked.pdf.name, read_whole(asked.pdf, LIMITS.document), anchors, report)
    if judged.json is None:
        if (asked.content or asked.proof or asked.log) and not report.findings:
            report.not_judged = "el PDF no trae el JSON que había que comparar o buscar"
        return report
    digest = hashlib.sha256(judged.json).hexdigest()
    report.details["json_sha256"] = digest
    report.notes.append(f"SHA-256 de su contenido (documento.json): {digest}")
    if asked.content is not None:
        _same(asked.content, digest, report)
    if trust is not None and asked.proof is not None:
        _by_proof(asked.proof, digest, trust, report)
    if trust is not None and asked.log is not None:
        _by_log(asked.log, digest, trust, report)
    return report


def _same(path: Path, digest: str, report: Report) -> None:
    other = hashlib.sha256(read_whole(path, LIMITS.document)).hexdigest()
    if other != digest:
        failure = Failure("documento-contenido", "SHA-256", digest, other)
        report.findings.append(Finding.of(failure, path.name))
    report.done["contenidos"] += 1


def _by_proof(path: Path, digest: str, trust: Trust, report: Report) -> None:
    data = read_whole(path, LIMITS.proof)

    def action() -> None:
        proof = parse_proof(data, "prueba")
        row = proof.verify(entry_of(digest))
        told(report, proof.index, proof.checkpoint, row, list(proof.hashes), "Este documento")
        tell(report, attest_parsed(proof.checkpoint, trust), trust)

    judge(report, path.name, action)


def _by_log(where: str, digest: str, trust: Trust, report: Report) -> None:
    log = source(where)

    def action() -> None:
        attested = attest(published(log), trust, CHECKPOINT)
        reader = Reader(log, attested.checkpoint.size)
        index = find_entry(reader, entry_of(digest), report)
        if index is None:
            report.notes += attested.lines(trust.policy)
            raise NotJudged(
                "el documento no se encontró en la bitácora; que las entradas leídas sean las firmadas "
                "lo dice la orden «bitacora»"
            )
        proof = reader.inclusion(index)
        checkpoint, hashed = attested.checkpoint, merkle.leaf(entry_of(digest))
        row = merkle.verify_inclusion(index, checkpoint.size, hashed, checkpoint.root, proof)
        told(report, index, checkpoint, row, proof, "Este documento")
        tell(report, attested, trust)

    judge(report, where, action)
