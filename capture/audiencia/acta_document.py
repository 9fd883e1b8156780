"""The Acta Circunstanciada as an official document, with the report of the reviewed records. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from capture.audiencia.acta import Acta
from capture.calendar import ZONE
from ledger.document import Document, Facts, Paragraph, Part, Section, Signatures, Table, Tone

KIND = "acta-circunstanciada-audiencia"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues it. `promovente`: name of who was heard; `process`: what the process is called."""

    institute: str
    promovente: str
    process: str


def acta_document(acta: Acta, issuer: Issuer, issued: datetime) -> Document:
    """The document, dated with `issued`."""
    parts = (
        Facts(_facts(acta, issuer)),
        Paragraph(_opening(acta, issuer)),
        Section("Resultado de la revisión", (_totals(acta),)),
        Section("Reporte de los registros revisados", (_report(acta),)),
        Section("Manifestaciones y documentos", _manifestations(acta)),
        Signatures(((issuer.promovente, "Promovente"), *((o, "Persona operadora") for o in acta.operadores))),
    )
    return Document(
        kind=KIND,
        title="Acta circunstanciada de la garantía de audiencia",
        institute=issuer.institute,
        issued=issued,
        parts=parts,
        reference=acta.audiencia.id,
    )


def _facts(acta: Acta, issuer: Issuer) -> tuple[tuple[str, str], ...]:
    one = acta.audiencia
    return (
        ("Id Proceso", one.proceso),
        ("Proceso", issuer.process),
        ("Promovente", issuer.promovente),
        ("Lugar", one.lugar),
        ("Fecha y hora de la audiencia", _shown(one.fecha)),
        ("Solicitud", _shown(one.solicitada)),
        ("Corte de la información", _shown(one.corte)),
        ("Confirmación", _shown(one.confirmada)),
        ("Conclusión", _shown(one.concluida)),
        ("Registros del corte", str(len(acta.lines))),
    )


def _opening(acta: Acta, issuer: Issuer) -> str:
    return (
        f"En {acta.audiencia.lugar}, el {_shown(acta.audiencia.fecha)}, se pusieron a la vista de "
        f"{issuer.promovente} los testigos visuales y los datos de los registros asignados para esta "
        "diligencia, se explicó la causa de cada inconsistencia y se hizo constar lo que a su derecho "
        "convino."
    )


def _totals(acta: Acta) -> Table:
    rows = tuple((name, f"{count:,}") for name, count in acta.totals.items())
    foot = ("Total", f"{len(acta.lines):,}")
    return Table(("Resultado", "Registros"), rows, numeric=(1,), foot=foot)


def _report(acta: Acta) -> Table:
    headers = ("Núm.", "Folio", "Estatus antes", "Estatus después", "Modificación")
    rows = tuple(
        (str(one.numero), one.folio, one.estatus_antes, one.estatus_despues, one.modificacion)
        for one in acta.lines
    )
    return Table(headers, rows, numeric=(0,))


def _manifestations(acta: Acta) -> tuple[Part, ...]:
    said: list[Part] = []
    for line in acta.lines:
        if line.manifestacion or line.documentos:
            documents = "; ".join(line.documentos) or "ninguno"
            said.append(Paragraph(line.manifestacion or "Sin manifestación.", lead=f"Registro {line.numero}"))
            said.append(Paragraph(f"Documentos presentados: {documents}.", tone=Tone.SMALL))
    return tuple(said) or (Paragraph("No hubo manifestaciones."),)


def _shown(moment: datetime | None) -> str:
    if moment is None:
        return "No se hizo"
    return f"{moment.astimezone(ZONE):%d/%m/%Y, %H:%M} horas (centro de México)"
