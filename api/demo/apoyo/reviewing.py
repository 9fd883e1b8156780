"""The mesa de control at work: records are looked at and found valid, or not, with an inciso (002 §6.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from api.demo.acting import Staff
from api.demo.apoyo.clock import CENTRO
from api.demo.apoyo.plan import FAULTS, REVIEWED
from api.demo.apoyo.registering import Candidate, Office
from api.demo.apoyo.town import Town
from api.demo.screen import Advance
from keys.randomness import Randomness

SEED = "sorteo público del ensayo"
PER_MILLE = 60
"""Of first reviews that get a second look."""
_SPECIFIED = "descrito en el ensayo"
_LOOKED_AT = 40
"""One of so many records is looked at image by image: the rehearsal is not a day long."""
_IMAGES = ("anverso.jpg", "reverso.jpg", "foto.jpg", "firma.png")


@dataclass
class Mesa:
    """Reviews by the operators of the OPL. `found`: how many with each inciso; empty for valid."""

    town: Town
    office: Office
    random: Randomness
    found: Counter[str] = field(default_factory=Counter)
    images: int = 0

    def work(self, advance: Advance, candidate: Candidate | None = None, most: int = 2**31) -> int:
        """Assign and review what waits, day after day; at most `most` records. How many were reviewed."""
        done = 0
        while done < most:
            self._begin_day()
            self._assign(candidate)
            before = done
            for operator in self.office.operators:
                for folio in self._held(operator)[: most - done]:
                    self._review(operator, folio, done)
                    done += 1
                    advance(done, max(done, min(most, self.town.plan.records)))
            if done == before:
                return done
            if done < most:
                self._end_day()
        return done

    def decide(
        self, candidate: Candidate, decisions: Mapping[str, str], look: Callable[[Staff, str], None]
    ) -> None:
        """Review these records with these incisos, after whoever has one looked; the rest is given back."""
        self._begin_day()
        self._assign(candidate)
        for operator in self.office.operators:
            for folio in self._held(operator):
                if folio in decisions:
                    look(operator, folio)
                    self._conclude(operator, folio, decisions[folio])
        self.give_back()

    def give_back(self) -> None:
        """What nobody reviewed today waits for everybody again."""
        for operator in self.office.operators:
            self.office.enlace.client.post("/v1/mesa/devoluciones", {"operador": operator.account})

    def _begin_day(self) -> None:
        """Work is given out from 09:00 to 18:00 hours, hora centro (001 §11.4)."""
        local = self.town.clock().astimezone(CENTRO)
        if not 9 <= local.hour < 17:
            day = local if local.hour < 9 else local + timedelta(days=1)
            self.town.clock.move_to(day.replace(hour=9, minute=30, second=0, microsecond=0))

    def _end_day(self) -> None:
        local = self.town.clock().astimezone(CENTRO) + timedelta(days=1)
        self.town.clock.move_to(local.replace(hour=9, minute=30, second=0, microsecond=0))

    def _assign(self, candidate: Candidate | None) -> None:
        people = [operator.account for operator in self.office.operators]
        form = {"operadores": people, "proceso": candidate.proceso if candidate else None}
        self.office.enlace.client.post("/v1/mesa/asignaciones", form)

    def _held(self, operator: Staff) -> list[str]:
        return [one["folio"] for one in operator.client.get("/v1/mesa/asignaciones")]

    def _review(self, operator: Staff, folio: str, number: int) -> None:
        if number % _LOOKED_AT == 0:
            operator.client.get(f"/v1/registros/{folio}/datos")
            for name in _IMAGES:
                operator.client.ask("GET", f"/v1/registros/{folio}/imagenes/{name}")
                self.images += 1
        self._conclude(operator, folio, self._judged())

    def _conclude(self, operator: Staff, folio: str, inciso: str) -> None:
        self.found[inciso] += 1
        operator.client.post(f"/v1/mesa/revisiones/{folio}", _outcome(inciso))

    def _judged(self) -> str:
        """Valid, or an inciso, by chance in the proportions of the informed case."""
        at = self.random.below(REVIEWED)
        for inciso, many in FAULTS.items():
            if at < many:
                return inciso
            at -= many
        return ""

    def second_look(self, candidate: Candidate, begun: datetime) -> dict[str, Any]:
        """A sample whose seed anybody can check is reviewed by others; the enlace settles what differs."""
        client = self.office.enlace.client
        self._begin_day()
        ended = self.town.clock()
        form = {"proceso": candidate.proceso, "semilla": SEED, "por_millar": PER_MILLE}
        period = {"desde": begun.isoformat(), "hasta": ended.isoformat()}
        sample = client.post("/v1/mesa/muestras", {**form, **period})
        people = [operator.account for operator in self.office.operators]
        path = f"/v1/mesa/muestras/{sample['id']}"
        client.post(f"{path}/asignaciones", {"operadores": people})
        for operator in self.office.operators:
            for folio in self._held(operator):
                outcome = self._seen_again(folio)
                operator.client.post(f"/v1/mesa/revisiones/{folio}", outcome)
        for folio in client.get(path)["discrepancias"]:
            client.post(f"/v1/mesa/discrepancias/{folio}", _outcome(""))
        told: dict[str, Any] = client.get(path)
        return told

    def _seen_again(self, folio: str) -> dict[str, Any]:
        """Nine times of ten what is there; otherwise the other operator sees it in another way."""
        record = self.office.derfe.client.get(f"/v1/registros/{folio}")
        first = record.get("inciso") or ""
        other = "" if first else "l"
        return _outcome(first if self.random.below(10) else other)


def _outcome(inciso: str) -> dict[str, Any]:
    return {"inciso": inciso or None, "especificacion": _SPECIFIED if inciso else None}
