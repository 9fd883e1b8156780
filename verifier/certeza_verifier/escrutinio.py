"""Actas de escrutinio y cómputo and the results with the Mesas, computed again and compared (SEI-25, VER-06).

What the urns and the opened sums determine is recomputed; what a Mesa counted on paper is only checked to add
up: nobody can check it but who was there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from certeza_verifier import canonical
from certeza_verifier.actas import differences, is_small, load
from certeza_verifier.consulta import Consultation, Unit, instant
from certeza_verifier.errors import Failure
from certeza_verifier.report import Report, UrnReport

FOLDER, TOTALS = "escrutinio", "computo.json"
_ACTA = (
    "acta",
    "acta_internet",
    "boletas",
    "consulta",
    "instante",
    "modo",
    "resultados",
    "suma",
    "total",
    "unidad",
    "version",
    "votos_nulos",
)
_TOTALS = ("consulta", "instante", "total", "unidades", "version")
_WORDS = ("internet", "mesa", "total")
Fail = Callable[[str, list[Failure], str | None], None]


class Escrutinio:
    """All actas de escrutinio of a folder.

    `mesas`: plain fields of what the Mesas of small urns handed in; `sums`: what their sums opened to.
    """

    def __init__(
        self,
        root: Path,
        consultation: Consultation,
        urns: Mapping[str, UrnReport],
        mesas: Mapping[str, Mapping[str, Any]],
        sums: Mapping[str, Sequence[int]],
    ) -> None:
        self._root, self._consultation, self._urns = root, consultation, urns
        self._mesas, self._sums = mesas, sums
        self._lines: list[dict[str, Any]] = []
        self._moments: list[Any] = []

    @property
    def present(self) -> bool:
        """Whether the Mesas' results were published, or began to be."""
        path = self._root / FOLDER
        return (self._root / TOTALS).exists() or (path.is_dir() and any(path.iterdir()))

    def check(self, read: Callable[[str], bytes], fail: Fail, report: Report) -> None:
        """Every acta that there is, and then the totals."""
        for unit in self._consultation.urns:
            name = f"{FOLDER}/{unit.clave}.json"
            if (self._root / name).is_file() and unit.clave in self._urns:
                try:
                    fail(name, self._acta(read(name), unit), unit.clave)
                    report.done["escrutinios"] += 1
                except Failure as failure:
                    fail(name, [failure], unit.clave)
        if not (self._root / TOTALS).is_file():
            fail(TOTALS, [Failure("carpeta-falta", TOTALS)], None)
        elif len(self._lines) == len(self._consultation.urns):
            try:
                fail(TOTALS, self._totals(read(TOTALS)), None)
            except Failure as failure:
                fail(TOTALS, [failure], None)

    def _acta(self, data: bytes, unit: Unit) -> list[Failure]:
        got = load(data, _ACTA, "escrutinio")
        urn = self._urns[unit.clave]
        papers = [
            canonical.integer(n, "escrutinio.boletas")
            for n in canonical.fields(got["boletas"], ("recibidas", "sobrantes"), "escrutinio.boletas")
        ]
        paper = canonical.integer(self._field(got["total"], "mesa"), "escrutinio.total.mesa")
        small = is_small(urn.ballots, self._consultation.k)
        rows = self._together(unit, urn, paper) if small else self._separate(got, unit, urn)
        expected = self._expected(unit, urn, rows, paper, small)
        failures = list(
            differences(expected, {name: got[name] for name in expected}, "escrutinio", "escrutinio-valor")
        )
        failures += self._papers(unit, papers, paper, rows, small)
        when = instant(got["instante"], "escrutinio.instante")
        if when.moment < self._consultation.opening.moment:
            earliest = self._consultation.opening.text
            failures.append(Failure("instante-orden", "escrutinio.instante", f"desde {earliest}", when.text))
        self._moments.append(when)
        digest = hashlib.sha256(data).hexdigest()
        line = {"clave": unit.clave, "escrutinio": digest, "internet": urn.ballots, "mesa": paper}
        self._lines.append(line | {"modo": expected["modo"], "total": urn.ballots + paper})
        return failures

    def _field(self, value: Any, name: str) -> Any:
        return dict(zip(_WORDS, canonical.fields(value, _WORDS, "escrutinio"), strict=True))[name]

    def _separate(self, got: dict[str, Any], unit: Unit, urn: UrnReport) -> list[dict[str, int | None]]:
        """Internet from the urn, the Mesa as the acta says, and their sum."""
        counts = urn.facts.result[0] if urn.facts.result else []
        listed = canonical.array(got["resultados"], "escrutinio.resultados", len(unit.projects))
        names = ("internet", "mesa", "proyecto", "total")
        told = [self._field(got["votos_nulos"], "mesa")]
        told += [canonical.fields(item, names, "escrutinio.resultados")[1] for item in listed]
        paper = [canonical.integer(n, "escrutinio.mesa") for n in told]
        if len(counts) != len(paper):
            raise Failure("urna-etapa", unit.file, "con-resultado", urn.stage)
        return [{"internet": a, "mesa": b, "total": a + b} for a, b in zip(counts, paper, strict=True)]

    def _together(self, unit: Unit, urn: UrnReport, paper: int) -> list[dict[str, int | None]]:
        """Of a small urn: what its sum opened to, or nothing."""
        closed = is_small(urn.ballots + paper, self._consultation.k)
        votes = [None] * (len(unit.projects) + 1) if closed else self._sums.get(unit.clave)
        if votes is None:
            raise Failure(
                "escrutinio-valor", "escrutinio", "una suma abierta", "ninguna que se haya comprobado"
            )
        return [{"internet": None, "mesa": None, "total": count} for count in votes]

    def _expected(
        self, unit: Unit, urn: UrnReport, rows: list[dict[str, int | None]], paper: int, small: bool
    ) -> dict[str, Any]:
        closed = small and is_small(urn.ballots + paper, self._consultation.k)
        nulos, *projects = rows
        opened = f"sumas-abiertas/{unit.clave}.json" if small and not closed else None
        return {
            "acta": "escrutinio",
            "acta_internet": self._hash(f"actas/{unit.clave}.json"),
            "consulta": self._consultation.id,
            "modo": "reservado" if closed else "conjunto" if small else "separado",
            "resultados": [
                dict(sorted((row | {"proyecto": name}).items()))
                for name, row in zip(unit.projects, projects, strict=True)
            ],
            "suma": self._hash(opened) if opened else None,
            "total": {"internet": urn.ballots, "mesa": paper, "total": urn.ballots + paper},
            "unidad": {"clave": unit.clave, "demarcacion": unit.demarcation, "nombre": unit.name},
            "version": 1,
            "votos_nulos": nulos,
        }

    def _hash(self, name: str) -> str:
        path = self._root / name
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "ninguno"

    def _papers(
        self, unit: Unit, papers: list[int], paper: int, rows: list[dict[str, int | None]], small: bool
    ) -> list[Failure]:
        """Ballots on paper add up, and are those that a small urn's Mesa signed for."""
        received, spare = papers
        counted = paper if small else sum(row["mesa"] or 0 for row in rows)
        found = []
        if counted != paper:
            found.append(Failure("escrutinio-valor", "escrutinio.total.mesa", counted, paper))
        if paper > received - spare:
            found.append(
                Failure("escrutinio-valor", "escrutinio.boletas", f"al menos {paper}", received - spare)
            )
        handed = self._mesas.get(unit.clave)
        if small and handed is not None:
            signed = [handed["recibidas"], handed["sobrantes"], handed["total"]]
            found += differences(signed, [*papers, paper], "escrutinio.boletas", "escrutinio-valor")
        return found

    def _totals(self, data: bytes) -> list[Failure]:
        got = load(data, _TOTALS, "computo")
        lines = self._lines
        expected = {
            "consulta": self._consultation.id,
            "total": {
                "internet": sum(line["internet"] for line in lines),
                "mesa": sum(line["mesa"] for line in lines),
                "reservadas": sum(line["modo"] == "reservado" for line in lines),
                "total": sum(line["total"] for line in lines),
                "unidades": len(lines),
            },
            "unidades": lines,
            "version": 1,
        }
        failures = list(
            differences(expected, {name: got[name] for name in expected}, "computo", "escrutinio-valor")
        )
        when = instant(got["instante"], "computo.instante")
        latest = max(self._moments, key=lambda one: one.moment, default=self._consultation.opening)
        if when.moment < latest.moment:
            failures.append(Failure("instante-orden", "computo.instante", f"desde {latest.text}", when.text))
        return failures
