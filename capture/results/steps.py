"""Steps A to E of 001 §13.2 as one table: in order, each with its evidence. Pure.

A step is done once. It is refused when the one before is not done, when it would be earlier than that one,
or when its evidence leaves something open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from capture.results.errors import ResultsRefusal


class Corte(StrEnum):
    """Which results: those before the audiencias, or those after."""

    PRELIMINAR = "preliminar"
    DEFINITIVO = "definitivo"


class Step(StrEnum):
    """The letters of 001 §13.2."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a step is done. `counts` are records, `facts` are references and hashes."""

    instant: datetime
    who: str
    """Account id."""
    counts: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


Check = Callable[[Evidence, Mapping[Step, Evidence]], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what the step is called, what comes before, which evidence, and what must hold of it."""

    title: str
    after: Step | None
    counts: tuple[str, ...]
    facts: tuple[str, ...]
    check: Check


def _require_zero(*names: str) -> Check:
    def check(evidence: Evidence, _: Mapping[Step, Evidence]) -> None:
        for name in names:
            if evidence.counts[name]:
                raise ResultsRefusal("resultados.pendientes", name, 0, evidence.counts[name])

    return check


def _anything(_evidence: Evidence, _done: Mapping[Step, Evidence]) -> None:
    """Having the evidence is all there is to it."""


def _adds_up(evidence: Evidence, done: Mapping[Step, Evidence]) -> None:
    """D: what was received is what is counted by state, what has a leaf in the log, what was processed."""
    received = done[Step.A].counts["recibidos"]
    for name in ("por_estado", "acuses_en_bitacora", "acuses_integros"):
        if evidence.counts[name] != received:
            raise ResultsRefusal(
                "resultados.cifras", f"conciliación, {name}", received, evidence.counts[name]
            )


def _delivers_all(evidence: Evidence, done: Mapping[Step, Evidence]) -> None:
    """E: the package holds a row for each record of the conciliation."""
    received = done[Step.A].counts["recibidos"]
    if evidence.counts["renglones"] != received:
        raise ResultsRefusal(
            "resultados.paquete", "renglones del paquete", received, evidence.counts["renglones"]
        )


TABLE: dict[Step, Rule] = {
    Step.A: Rule(
        "Recepción en los servidores de este Instituto de los apoyos ciudadanos",
        None,
        ("recibidos",),
        ("corte",),
        _anything,
    ),
    Step.B: Rule(
        "Notificación de conclusión de revisión y clarificación en la Mesa de Control",
        Step.A,
        ("en_mesa",),
        ("oficio",),
        _require_zero("en_mesa"),
    ),
    Step.C: Rule(
        "Procesamiento, verificación y compulsación de los registros recibidos",
        Step.B,
        ("en_procesamiento", "sin_compulsa"),
        ("corte_padron",),
        _require_zero("en_procesamiento", "sin_compulsa"),
    ),
    Step.D: Rule(
        "Conciliación y verificación de cifras",
        Step.C,
        ("por_estado", "acuses_en_bitacora", "acuses_integros"),
        (),
        _adds_up,
    ),
    Step.E: Rule(
        "Generación y cifrado de la información",
        Step.D,
        ("renglones", "bytes"),
        ("manifiesto", "cifrado", "llave"),
        _delivers_all,
    ),
}


def require_step(step: Step, evidence: Evidence, done: Mapping[Step, Evidence]) -> None:
    """Refuse the step unless it is the next one and its evidence is whole. Raises ResultsRefusal."""
    require_next(step, done)
    rule, place = TABLE[step], f"actividad {step.value}"
    if rule.after is not None and evidence.instant < done[rule.after].instant:
        expected = f"no antes de {done[rule.after].instant.isoformat()}"
        raise ResultsRefusal("resultados.paso_instante", place, expected, evidence.instant.isoformat())
    _require_whole(rule, evidence, place)
    rule.check(evidence, done)


def require_next(step: Step, done: Mapping[Step, Evidence]) -> None:
    """Refuse a step that is done, or whose turn it is not. Raises ResultsRefusal."""
    place, after = f"actividad {step.value}", TABLE[step].after
    if step in done:
        raise ResultsRefusal("resultados.paso_hecho", place, "una actividad pendiente", "una concluida")
    if after is not None and after not in done:
        expected = f"la actividad {after.value} concluida"
        raise ResultsRefusal("resultados.paso_orden", place, expected, "pendiente")


def _require_whole(rule: Rule, evidence: Evidence, place: str) -> None:
    if sorted(evidence.counts) != sorted(rule.counts) or any(v < 0 for v in evidence.counts.values()):
        raise ResultsRefusal(
            "resultados.evidencia", place, f"las cifras {', '.join(rule.counts)}", ", ".join(evidence.counts)
        )
    if sorted(evidence.facts) != sorted(rule.facts) or not all(evidence.facts.values()):
        raise ResultsRefusal(
            "resultados.evidencia", place, f"los datos {', '.join(rule.facts)}", ", ".join(evidence.facts)
        )


def pending(done: Mapping[Step, Evidence]) -> Step | None:
    """The step that comes next, None after E."""
    return next((step for step in Step if step not in done), None)
