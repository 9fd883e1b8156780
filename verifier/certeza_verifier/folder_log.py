"""The log of a public folder: its policy, its checkpoint, all its tiles, and what it registers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from certeza_verifier.consulta import Consultation
from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.limits import LIMITS
from certeza_verifier.log_audit import CONSULTA, FILE, Document, LogAudit
from certeza_verifier.report import Finding, Report, UrnReport
from certeza_verifier.tlog.attest import Trust
from certeza_verifier.tlog.monitor import Monitor
from certeza_verifier.tlog.policy import Policy, parse_policy
from certeza_verifier.tlog.reader import CHECKPOINT
from certeza_verifier.tlog.source import Folder

POLICY = "politica.txt"
_FOLDERS = {"mesa": "mesas", "suma": "sumas", "suma-abierta": "sumas-abiertas", "escrutinio": "escrutinio"}


def check_log(
    root: Path, consultation: Consultation, urns: Mapping[str, UrnReport], report: Report, *, opened: bool
) -> None:
    """Adds to the report what is wrong with the log; `urns` by clave, those that are in the folder."""
    try:
        policy = _policy(root, consultation)
        if not (root / FILE / CHECKPOINT).is_file():
            return  # told by the comparison of the folder's files
        audit = LogAudit(consultation, urns, _documents(root, consultation, opened=opened))
        _walk(root, Trust((consultation.log.key,), policy), audit, report)
    except Failure as failure:
        report.findings.append(Finding.of(failure, FILE))
    except NotJudged as error:
        report.not_judged = str(error).rstrip(".")


def _policy(root: Path, consultation: Consultation) -> Policy | None:
    data = Folder(root / FILE).read(POLICY, LIMITS.policy)
    if data is None:
        return None
    digest = hashlib.sha256(data).hexdigest()
    if digest != consultation.log.policy:
        raise Failure("politica-hash", POLICY, consultation.log.policy, digest)
    policy = parse_policy(data, POLICY)
    if consultation.log.key not in policy.logs:
        listed = ", ".join(key.text for key in policy.logs)
        raise Failure("politica-bitacora", POLICY, consultation.log.key.text, listed)
    return policy


def _documents(root: Path, consultation: Consultation, *, opened: bool) -> dict[str, Document]:
    """Kinds of act in the order in which they happen."""

    def document(file: str, *, due: bool = True) -> Document:
        data = Folder(root).read(file, LIMITS.document)
        return Document(file, None if data is None else hashlib.sha256(data).hexdigest(), due)

    return {
        "ceremonia": document("trustees.json"),
        CONSULTA: document("consulta.json"),
        "apertura": document("actas/apertura.json", due=opened),
        **{f"acta/{u.clave}": document(f"actas/{u.clave}.json", due=opened) for u in consultation.urns},
        "resultados": document("resultados.json", due=opened),
        **{kind: document(file, due=False) for kind, file in sum_acts(consultation).items()},
    }


def sum_acts(consultation: Consultation) -> dict[str, str]:
    """Kinds of act of small urns and Mesas, and their files."""
    found = {"mesas": "mesas/llaves.json", "apertura-sumas": "actas/apertura-sumas.json"}
    found["computo"] = "computo.json"
    for unit in consultation.urns:
        for kind, folder in _FOLDERS.items():
            found[f"{kind}/{unit.clave}"] = f"{folder}/{unit.clave}.json"
    return found


def _walk(root: Path, trust: Trust, audit: LogAudit, report: Report) -> None:
    monitor = Monitor(Folder(root / FILE), trust, audit.entry)
    result = monitor.run()
    report.findings += [Finding.of(failure, FILE) for failure in result.failures]
    if not any(failure.rule == "tesela-falta" for failure in result.failures):
        audit.finish()  # with entries that could not be read, nothing can be said to be missing
    report.findings += audit.findings
    report.done += audit.done
    report.done["entradas"] += result.entries
    report.done["teselas"] += result.tiles
    report.notes += [f"Bitácora: {line}" for line in monitor.attested.lines(trust.policy)]
    report.details["bitacora"] = monitor.attested.as_json()
