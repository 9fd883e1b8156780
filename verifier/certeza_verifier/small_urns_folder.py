"""The folders of small urns within a public folder: which files there must be, and all of them checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from certeza_verifier import actas, groups
from certeza_verifier.actas import is_small
from certeza_verifier.consulta import Consultation, Unit
from certeza_verifier.errors import Failure
from certeza_verifier.messages.mesas import parse_keys
from certeza_verifier.report import Report, UrnReport
from certeza_verifier.small_urns import SmallUrn
from certeza_verifier.trustees import Board

MESAS, SUMS, OPENED = "mesas", "sumas", "sumas-abiertas"
ACT = "actas/apertura-sumas.json"
_CLOSED = ("cerrada", "sumada", "en-apertura", "con-resultado")
_MANY = 12
Fail = Callable[[str, list[Failure], str | None], None]


class SmallUrns:
    """All small urns of a consultation. `names`: by folder, the files that must be there."""

    def __init__(
        self,
        root: Path,
        consultation: Consultation,
        urns: Mapping[str, UrnReport],
        read: Callable[[str], bytes],
        fail: Fail,
        arithmetic: str,
    ) -> None:
        self._root, self._consultation, self._urns = root, consultation, urns
        self._read, self._fail, self._arithmetic = read, fail, arithmetic
        self.units = [u for u in consultation.urns if u.clave in urns and self._small(u)]
        self.results: dict[str, list[int]] = {}
        self.mesas: dict[str, dict[str, Any]] = {}
        self._accepted: tuple[int, ...] | None = None

    def _small(self, unit: Unit) -> bool:
        return is_small(self._urns[unit.clave].ballots, self._consultation.k)

    def alone(self) -> None:
        """No small urn was opened alone, nor begun to be, whatever the stage."""
        for unit in self.units:
            stage = self._urns[unit.clave].stage
            if stage in ("en-apertura", "con-resultado"):
                ballots = self._urns[unit.clave].ballots
                failure = Failure(
                    "urna-pequena", unit.file, f"cerrada: {ballots} boletas de {self._consultation.k}", stage
                )
                self._fail(unit.file, [failure], unit.clave)

    def check(self, report: Report, board: Board | None) -> dict[str, set[str]]:
        """Everything that there is of Mesas and sums. Returns the files that each folder must hold."""
        self.alone()
        self._tell(report)
        wanted = self._wanted()
        keys = self._keys() if MESAS in wanted else {}
        for unit in self.units:
            self._unit(unit, keys, report, board, wanted)
        self._act(report)
        return wanted

    def _tell(self, report: Report) -> None:
        """Which urns are not opened alone, and why; nothing while they still take ballots."""
        claves = [u.clave for u in self.units if self._urns[u.clave].stage in _CLOSED]
        if not claves:
            return
        report.details["urnas_pequenas"] = claves
        more = f" y {len(claves) - _MANY} más" if len(claves) > _MANY else ""
        listed = ", ".join(claves[:_MANY]) + more
        k = self._consultation.k
        report.notes.append(f"Nota: por tener menos de {k} boletas no se abren solas: {listed}.")

    def _has(self, folder: str) -> bool:
        path = self._root / folder
        return path.is_dir() and any(path.iterdir())

    def _wanted(self) -> dict[str, set[str]]:
        """What must be in the folders that there are: once there is a sum, one of every small urn."""
        every = {f"{unit.clave}.json" for unit in self.units}
        wanted: dict[str, set[str]] = {}
        if self._has(MESAS) or self._has(SUMS):
            wanted[MESAS] = {"llaves.json"} | (every if self._has(SUMS) else set())
        if self._has(SUMS):
            wanted[SUMS] = every
        if self._has(OPENED):
            wanted[OPENED] = set()  # each sum says whether it is one of them
        return wanted

    @property
    def allowed(self) -> dict[str, set[str]]:
        """What may be in each folder."""
        every = {f"{unit.clave}.json" for unit in self.units}
        return {MESAS: every | {"llaves.json"}, SUMS: every, OPENED: every}

    def _keys(self) -> dict[str, str]:
        file = "mesas/llaves.json"
        if not (self._root / file).is_file():
            return {}
        try:
            consultation, keys = parse_keys(self._read(file))
            expected = sorted({unit.demarcation for unit in self._consultation.urns})
            if (consultation, list(keys)) != (self._consultation.id, expected):
                raise Failure("mesa-llaves", file, expected, list(keys))
        except Failure as failure:
            self._fail(file, [failure], None)
            return {}
        return keys

    def _unit(
        self,
        unit: Unit,
        keys: dict[str, str],
        report: Report,
        board: Board | None,
        wanted: dict[str, set[str]],
    ) -> None:
        names = [f"{folder}/{unit.clave}.json" for folder in (MESAS, SUMS, OPENED)]
        data = [self._read(name) if (self._root / name).is_file() else None for name in names]
        urn = self._urns[unit.clave]
        at = 0
        try:
            if data[0] is None or urn.facts.tally is None:
                return  # what is missing is told by the comparison of files, or by the urn's own report
            group = groups.group(self._consultation.group, self._arithmetic)
            check = SmallUrn(self._consultation, unit, urn, group, keys.get(unit.demarcation))
            mesa, pairs = check.mesa(data[0])
            self.mesas[unit.clave] = mesa.fields
            report.done["mesas"] += 1
            at = 1
            if data[1] is None:
                return
            product = check.sum(data[1], data[0], mesa, pairs)
            report.done["sumas-con-mesa"] += 1
            at, most = 2, urn.ballots + mesa.total
            if is_small(most, self._consultation.k):
                self._reserved(data[2], names[2], most)
            elif OPENED in wanted:
                wanted[OPENED].add(f"{unit.clave}.json")
            if data[2] is None or board is None:
                return
            found = check.opened(data[2], data[1], product, board, most)
            self.results[unit.clave] = found.result
            self._same_owners(tuple(owner for owner, _ in found.shares))
            report.done["sumas-abiertas"] += 1
        except Failure as failure:
            self._fail(names[at], [failure], unit.clave)

    def _reserved(self, data: bytes | None, name: str, most: int) -> None:
        if data is not None:
            raise Failure(
                "urna-pequena", name, f"cerrada: {most} boletas de {self._consultation.k}", "abierta"
            )

    def _same_owners(self, owners: tuple[int, ...]) -> None:
        self._accepted = owners if self._accepted is None else self._accepted
        if owners != self._accepted:
            raise Failure("suma-abierta-valor", "aportaciones", list(self._accepted), list(owners))

    def _act(self, report: Report) -> None:
        """The acta of the second opening: who took part."""
        if not (self._root / ACT).is_file():
            return
        try:
            opening, failures = actas.check_opening(self._read(ACT), self._consultation, "apertura-sumas")
            report.done["documentos"] += 1
            stray = set(self._accepted or ()) - set(opening.accepted)
            if stray:
                failures.append(Failure("apertura-valor", "custodios", list(opening.accepted), sorted(stray)))
        except Failure as failure:
            failures = [failure]
        self._fail(ACT, failures, None)
