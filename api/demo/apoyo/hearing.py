"""The garantía de audiencia of one aspirante: what 002 §7.3 allows for each record, with its document."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from api.demo.acting import Staff
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.registering import Candidate, Office
from api.demo.apoyo.town import Town
from api.demo.screen import Advance

AHEAD = timedelta(hours=72)
"""More than the 48 hours that the source asks for."""
_EVERY = 3
"""Of so many records one is changed, where the source allows a change; of the others nothing is said."""
_SAID = "La o el promovente manifestó lo que a su derecho convino."


@dataclass
class Hearing:
    """One audiencia. `did`: how many records had each outcome."""

    town: Town
    office: Office
    citizens: dict[str, Citizen]
    """By CIC or OCR: what the promovente can bring of each person."""
    id: str = ""
    concluded: datetime | None = None
    did: Counter[str] = field(default_factory=Counter)

    def ask(self, candidate: Candidate) -> None:
        """72 hours ahead."""
        self.town.clock.move_to(self.town.plan.audiencia - AHEAD)
        form = {
            "proceso": candidate.proceso,
            "fecha": self.town.plan.audiencia.isoformat(),
            "lugar": "Sala de sesiones del instituto",
            "operadores": [operator.account for operator in self.office.operators[:2]],
        }
        self.id = self.office.enlace.client.post("/v1/audiencias", form)["id"]

    def prepare(self) -> int:
        """The cut of records, and the confirmation at least 8 hours ahead; how many records."""
        cut = self.office.derfe.client.post(f"/v1/audiencias/{self.id}/corte")
        self.town.clock.move_to(self.town.plan.audiencia - timedelta(hours=24))
        self.office.enlace.client.post(f"/v1/audiencias/{self.id}/confirmacion")
        return len(cut)

    def hold(self, advance: Advance) -> None:
        """Each operator goes through the assigned records with the promovente."""
        self.town.clock.move_to(self.town.plan.audiencia)
        for operator in self.office.operators[:2]:
            assigned = operator.client.get(f"/v1/audiencias/{self.id}/registros")
            for number, record in enumerate(assigned, 1):
                self._review(operator, record, number)
                advance(number, len(assigned))

    def _review(self, operator: Staff, record: dict[str, Any], number: int) -> None:
        change = record["cambio_permitido"] if number % _EVERY == 0 else None
        form: dict[str, Any] = {"cambio": change or "sin-modificacion"}
        if change is not None:
            form |= {"manifestacion": _SAID, "documentos": sorted(record["documentos"])}
        if change == "modificar-datos":
            form["datos"] = self._corrected(operator, record["folio"])
        operator.client.post(f"/v1/audiencias/{self.id}/registros/{record['folio']}", form)
        self.did[form["cambio"]] += 1

    def _corrected(self, operator: Staff, folio: str) -> dict[str, str]:
        """The data that the promovente brings: those of the person, as the credential has them."""
        number = operator.client.get(f"/v1/registros/{folio}")["numero"]
        return {"clave_elector": self.citizens[number].person.values["clave_elector"]}

    def conclude(self) -> bytes:
        """The acta circunstanciada, once the audiencia is over and its results are told within 24 hours."""
        self.office.enlace.client.post(f"/v1/audiencias/{self.id}/conclusion")
        acta = self.office.enlace.client.ask("GET", f"/v1/audiencias/{self.id}/acta.pdf").content
        self.town.clock.wait(3600)
        self.office.enlace.client.post(f"/v1/audiencias/{self.id}/notificacion")
        self.concluded = self.town.clock()
        return acta
