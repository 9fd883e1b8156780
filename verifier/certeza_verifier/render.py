"""A Report as text for people."""

from __future__ import annotations

from collections.abc import Iterator

from certeza_verifier.report import ACCEPTED, NOT_JUDGED, REJECTED, Finding, Report, UrnReport

_VERDICTS = {ACCEPTED: "ACEPTADO", REJECTED: "RECHAZADO", NOT_JUDGED: "SIN VEREDICTO"}
_STAGES = {
    "vacia": "sin eventos",
    "instalada": "instalada, sin boletas",
    "con-boletas": "recibiendo boletas",
    "cerrada": "cerrada, sin suma cifrada",
    "sumada": "con la suma cifrada, sin descifrados",
    "en-apertura": "en apertura, con descifrados parciales",
    "con-resultado": "abierta, con resultado",
}
_COUNTS = {
    "boletas": "boletas completas",
    "credenciales": "credenciales públicas",
    "custodios": "llaves de custodios",
    "descifrados-parciales": "descifrados parciales",
    "pruebas-de-boletas": "boletas con todas sus pruebas verificadas ahora",
    "resultados": "resultados recalculados",
    "sumas": "sumas cifradas recalculadas",
    "mesas": "totales cifrados de Mesas, con firma y pruebas",
    "sumas-con-mesa": "sumas de una urna pequeña con su Mesa recalculadas",
    "sumas-abiertas": "sumas con la Mesa abiertas y recalculadas",
    "actas": "actas comparadas",
    "contenidos": "contenidos (JSON) comparados con su huella",
    "documentos": "documentos",
    "escrutinios": "actas de escrutinio y cómputo comparadas",
    "firmas-de-personas": "firmas electrónicas de personas",
    "incrementos": "incrementos del PDF, sólo con firmas y sellos",
    "sellos-de-tiempo": "sellos de tiempo",
    "urnas": "urnas",
    "eventos-comparados": "eventos iguales en ambas copias",
    "actos": "actos registrados en la bitácora",
    "apoyos": "códigos de apoyo en la bitácora",
    "eventos-registrados": "eventos de urnas registrados en la bitácora",
    "checkpoints-anteriores": "checkpoints anteriores comparados",
    "cofirmas": "cofirmas de testigos",
    "entradas": "entradas de la bitácora",
    "entradas-leidas": "entradas leídas en busca del código",
    "firmas-de-bitacora": "firmas de la bitácora",
    "pruebas-de-inclusion": "pruebas de inclusión",
    "teselas": "teselas",
}
_MANY = 12


def text(report: Report) -> str:
    """The whole report; urns without faults are told one by one only when they are few."""
    lines = [*_urns(report), *_documents(report), *report.notes]
    if report.stage:
        lines.append(f"Etapa de la consulta: {report.stage}.")
    if report.counts:
        lines.append("Se comprobó:")
        lines += [f"  {count:>9} {_COUNTS.get(name, name)}" for name, count in report.counts.items()]
    if report.not_judged:
        lines.append(f"Motivo: {report.not_judged}.")
    found = len(report.all_findings)
    faults = "" if not found else f" ({found} falla{'s' if found > 1 else ''})"
    lines.append(f"Veredicto: {_VERDICTS[report.verdict]}{faults}")
    return "\n".join([_safe(line) for line in lines])


def _safe(line: str) -> str:
    """What comes from an archive must not steer the terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in line)


def _urns(report: Report) -> Iterator[str]:
    few = len(report.urns) <= _MANY
    for urn in report.urns:
        if few or urn.verdict != ACCEPTED:
            yield from _urn(urn)


def _urn(urn: UrnReport) -> Iterator[str]:
    yield f"{urn.file}: {_VERDICTS[urn.verdict]}"
    election = urn.facts.election
    if election:
        yield f"  {election.name} · uuid {election.uuid} · {election.group}"
        yield f"  {_STAGES[urn.stage]} · {urn.events} eventos · {urn.ballots} boletas"
    if urn.not_judged:
        yield f"  {urn.not_judged}"
    for line in urn.lines:
        yield f"  boleta {line.height}: comprobante {line.tracker} · credencial {line.credential}"
    if urn.facts.result and election:
        yield from _result(urn)
    for finding in urn.findings:
        yield from _finding(finding)
    for skipped in urn.skipped:
        yield f"  sin comprobar: {skipped}"


def _result(urn: UrnReport) -> Iterator[str]:
    election, result = urn.facts.election, urn.facts.result
    assert election is not None  # noqa: S101 - `_urn` has looked
    assert result is not None  # noqa: S101
    for question, counts in zip(election.questions, result, strict=True):
        names = (["voto nulo o en blanco"] if question.blank else []) + list(question.answers)
        yield f"  {question.text}"
        for name, count in zip(names, counts, strict=True):
            yield f"    {count:>7}  {name}"


def _documents(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield finding.file
        yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[str]:
    where = [f"evento {finding.height}"] if finding.height is not None else []
    if finding.tracker:
        where.append(f"comprobante {finding.tracker}")
    yield f"  ✗ [{finding.rule}] {' · '.join(where)}".rstrip()
    yield f"    {finding.message}"
