"""Actas, opening and totals, computed again from the urns and compared (docs/formats.md; VER-06, SEI-22,
SEI-23).

What an urn determines is recomputed; what it does not (instants, hashes of files that are not public,
offices) is checked for form and order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from certeza_verifier import canonical
from certeza_verifier.consulta import Consultation, Instant, Unit, instant
from certeza_verifier.errors import Failure
from certeza_verifier.report import UrnReport

_ACTA = (
    "acta",
    "advertencia",
    "consulta",
    "custodios",
    "instante",
    "listado",
    "personas_en_listado",
    "resultados",
    "total",
    "umbral",
    "unidad",
    "urna",
    "uuid",
    "version",
    "votos_nulos",
)
_RESERVED = (
    "Resultado reservado: esta Unidad Territorial recibió por internet menos opiniones que el mínimo que "
    "la consulta fijó para proteger el secreto, por lo que su urna no se abre sola. Su suma cifrada se "
    "agrega a la de la Mesa y sólo el total de ambas se descifra."
)
_OPENING = ("acta", "aportaciones", "ausentes", "consulta", "instante", "umbral", "version")
_TOTALS = ("consulta", "demarcaciones", "instante", "total", "unidades", "version")


@dataclass(frozen=True, slots=True)
class Opening:
    """The parsed acta de apertura: when, and whose shares were accepted."""

    instant: Instant
    accepted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Acta:
    """What the totals need of a verified acta; `digest` is the SHA-256 of its file.

    `null` is None of an urn that stays closed.
    """

    unit: Unit
    instant: Instant
    ballots: int
    null: int | None
    digest: str


def is_small(ballots: int, k: int) -> bool:
    """Whether so many ballots are opened only together with others: one or more, and fewer than k."""
    return 1 <= ballots < k


def differences(expected: Any, got: Any, place: str, rule: str) -> Iterator[Failure]:
    """One Failure for each innermost place where two JSON values differ."""
    if type(expected) is dict and type(got) is dict and list(expected) == list(got):
        for name in expected:
            yield from differences(expected[name], got[name], f"{place}.{name}", rule)
    elif type(expected) is list and type(got) is list and len(expected) == len(got):
        for i, (left, right) in enumerate(zip(expected, got, strict=True)):
            yield from differences(left, right, f"{place}[{i}]", rule)
    elif type(expected) is not type(got) or expected != got:
        yield Failure(rule, place, canonical.write_sorted(expected), canonical.write_sorted(got))


def load(data: bytes, names: Sequence[str], place: str) -> dict[str, Any]:
    """A canonical document with exactly these fields."""
    value = canonical.load_sorted(data, place)
    return dict(zip(names, canonical.fields(value, sorted(names), place), strict=True))


def check_opening(
    data: bytes, consultation: Consultation, kind: str = "apertura"
) -> tuple[Opening, list[Failure]]:
    """`actas/apertura.json`, or that of the sums: after its date, enough shares, everybody accounted for."""
    got = load(data, _OPENING, "apertura")
    when = instant(got["instante"], "instante")
    fixed = {"acta": kind, "consulta": consultation.id, "umbral": consultation.threshold, "version": 1}
    failures = list(differences(fixed, {name: got[name] for name in fixed}, "apertura", "apertura-valor"))
    failures += _not_before(when, consultation.opening, "apertura.instante")
    size = len(consultation.custodians)
    accepted = _contributions(got["aportaciones"], size)
    if len(accepted) < consultation.threshold:
        failures.append(Failure("apertura-valor", "aportaciones", consultation.threshold, len(accepted)))
    absent = [index for index in range(1, size + 1) if index not in accepted]
    failures += differences(absent, got["ausentes"], "apertura.ausentes", "apertura-valor")
    return Opening(when, tuple(sorted(accepted))), failures


def _contributions(value: Any, size: int) -> list[int]:
    """Indices accepted, in order of arrival; one acceptance per trustee at most."""
    accepted: list[int] = []
    for i, item in enumerate(canonical.array(value, "aportaciones")):
        place = f"aportaciones[{i}]"
        custodian, state, reason, digest = canonical.fields(
            item, ("custodio", "estado", "motivo", "sha256"), place
        )
        index = canonical.integer(custodian, f"{place}.custodio", 1, size)
        canonical.digest(digest, f"{place}.sha256")
        if state not in ("aceptada", "rechazada"):
            raise Failure("apertura-valor", f"{place}.estado", "aceptada o rechazada", state)
        if (reason is None) != (state == "aceptada") or (
            reason is not None and not canonical.string(reason, place)
        ):
            raise Failure("apertura-valor", f"{place}.motivo", "nulo si y solo si se aceptó", reason)
        if state == "aceptada":
            if index in accepted:
                raise Failure("apertura-valor", f"{place}.custodio", "una aportación aceptada", index)
            accepted.append(index)
    return accepted


def check_acta(
    data: bytes, digest: str, unit: Unit, urn: UrnReport, consultation: Consultation, opening: Opening | None
) -> tuple[Acta, list[Failure]]:
    """`actas/<clave>.json` against its urn, which has a result, or is small and closed."""
    got = load(data, _ACTA, "acta")
    expected = expected_acta(unit, urn, consultation)
    failures = list(differences(expected, {name: got[name] for name in expected}, "acta", "acta-valor"))
    if got["listado"] is not None:
        canonical.digest(got["listado"], "acta.listado")
    failures += _warning(got["advertencia"], is_small(urn.ballots, consultation.k))
    when = instant(got["instante"], "acta.instante")
    failures += _not_before(when, opening.instant if opening else consultation.opening, "acta.instante")
    stray = set(expected["custodios"]) - set(opening.accepted) if opening else set()
    if stray:
        accepted = list(opening.accepted) if opening else []
        failures.append(Failure("apertura-valor", "custodios", f"entre {accepted}", sorted(stray)))
    return Acta(unit, when, expected["total"], expected["votos_nulos"], digest), failures


def expected_acta(unit: Unit, urn: UrnReport, consultation: Consultation) -> dict[str, Any]:
    """The fields of an acta that its urn determines, sorted by name."""
    small = is_small(urn.ballots, consultation.k)
    counts = urn.facts.result[0] if urn.facts.result else []
    null, *votes = [None] * (len(unit.projects) + 1) if small else counts
    return {
        "acta": "reserva" if small else "computo",
        "consulta": consultation.id,
        "custodios": [] if small else list(urn.facts.owners),
        "personas_en_listado": urn.ballots,
        "resultados": [
            {"opiniones": count, "proyecto": project}
            for project, count in zip(unit.projects, votes, strict=True)
        ],
        "total": urn.ballots,
        "umbral": consultation.threshold,
        "unidad": {"clave": unit.clave, "demarcacion": unit.demarcation, "nombre": unit.name},
        "urna": {"boletas": urn.ballots, "cierre": urn.facts.closing, "ultimo_evento": last_event(urn)},
        "uuid": unit.uuid,
        "version": 1,
        "votos_nulos": null,
    }


def last_event(urn: UrnReport) -> str:
    """The hash of the last event of an archive."""
    return urn.facts.events[-32:].hex()


def _warning(value: Any, small: bool) -> list[Failure]:
    due = _RESERVED if small else None
    if value != due:
        return [
            Failure("acta-advertencia", "acta.advertencia", due or "nulo", "nulo" if value is None else value)
        ]
    return []


def _not_before(when: Instant, earliest: Instant, place: str) -> list[Failure]:
    if when.moment < earliest.moment:
        return [Failure("instante-orden", place, f"desde {earliest.text}", when.text)]
    return []


def check_totals(data: bytes, actas: Sequence[Acta], consultation: Consultation) -> list[Failure]:
    """`resultados.json` against the actas of all urns (VER-06)."""
    got = load(data, _TOTALS, "resultados")
    expected = expected_totals(actas, consultation)
    failures = list(
        differences(expected, {name: got[name] for name in expected}, "resultados", "resultados-valor")
    )
    when = instant(got["instante"], "resultados.instante")
    latest = max((acta.instant for acta in actas), key=lambda one: one.moment, default=consultation.opening)
    return failures + _not_before(when, latest, "resultados.instante")


def expected_totals(actas: Sequence[Acta], consultation: Consultation) -> dict[str, Any]:
    """Totals per unit, per demarcación and of the whole, sorted by name of field."""
    names = sorted({acta.unit.demarcation for acta in actas})
    return {
        "consulta": consultation.id,
        "demarcaciones": [
            {
                "boletas": sum(a.ballots for a in actas if a.unit.demarcation == name),
                "demarcacion": name,
                "reservadas": sum(a.null is None for a in actas if a.unit.demarcation == name),
                "unidades": sum(a.unit.demarcation == name for a in actas),
                "votos_nulos": sum(a.null or 0 for a in actas if a.unit.demarcation == name),
            }
            for name in names
        ],
        "total": {
            "boletas": sum(a.ballots for a in actas),
            "reservadas": sum(a.null is None for a in actas),
            "unidades": len(actas),
            "votos_nulos": sum(a.null or 0 for a in actas),
        },
        "unidades": [
            {"acta": a.digest, "boletas": a.ballots, "clave": a.unit.clave, "votos_nulos": a.null}
            for a in actas
        ],
        "version": 1,
    }
