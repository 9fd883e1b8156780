"""Results to the OPL: steps A to E, the package, and what the OPL does with it (001 §13)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from api.acts.acts import LogName
from api.demo.apoyo.registering import Candidate, Office
from api.demo.apoyo.town import Town
from api.demo.errors import UnexpectedOutcome
from api.demo.orders import order, verifier
from api.demo.patience import wait_until
from api.public_log.open_logs import log_folder

_STEPS = "ABCDE"


@dataclass(frozen=True)
class Delivered:
    """A package as the OPL has it, as it came and decrypted. `figures`: the content of resultado.json."""

    candidate: Candidate
    corte: str
    sealed: Path
    folder: Path
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Results:
    """DERFE makes packages and the enlace receives them. `key`: the OPL's private key, on its machine."""

    town: Town
    office: Office
    key: Path

    def deliver(self, candidate: Candidate, corte: str, told: datetime | None = None) -> Delivered:
        """From step A to the receipt. `told`: when the end of the audiencias was notified."""
        client = self.office.derfe.client
        notice = {} if told is None else {"notificada": told.isoformat(), "oficio": "IEE/9/2026"}
        form = {"proceso": candidate.proceso, "corte": corte, **notice}
        delivery = client.post("/v1/resultados/entregas", form)["id"]
        for step in _STEPS:
            self._step(delivery, step)
        package = self._package(candidate, corte)
        return self._open(candidate, corte, package)

    def crossing(self) -> None:
        """The report of duplicates between the aspirantes of the periodo."""
        form = {"periodo": self.office.periodo}
        self._wait(self.office.derfe.client.post("/v1/resultados/cruces", form)["id"])

    def _step(self, delivery: str, step: str) -> None:
        cut = self.town.plan.opens.date().isoformat()
        form = {"B": {"oficio": "IEE/8/2026"}, "C": {"corte_padron": cut}}.get(step, {})
        path = f"/v1/resultados/entregas/{delivery}/pasos/{step}"
        made = self.office.derfe.client.post(path, form)["id"]
        if step in "DE":
            self._wait(made)

    def _wait(self, job: str) -> None:
        wait_until(lambda: self._is_done(job), "un trabajo de resultados")

    def _is_done(self, job: str) -> bool:
        told = self.office.derfe.client.get(f"/v1/resultados/trabajos/{job}")
        if told["estado"] == "rechazado":
            raise UnexpectedOutcome(f"un trabajo de resultados se rechazó: {told['motivo']}")
        return bool(told["estado"] == "hecho")

    def _package(self, candidate: Candidate, corte: str) -> Mapping[str, Any]:
        client = self.office.enlace.client
        for one in client.get(f"/v1/resultados/paquetes?periodo={self.office.periodo}"):
            if (one["proceso"], one["tipo"]) == (candidate.proceso, corte):
                found: Mapping[str, Any] = one
                return found
        raise UnexpectedOutcome(f"no hay paquete {corte} de {candidate.proceso}")

    def _open(self, candidate: Candidate, corte: str, package: Mapping[str, Any]) -> Delivered:
        folder = self.town.plan.output / "opl" / corte
        folder.mkdir(parents=True, exist_ok=True)
        sealed = folder / f"{candidate.proceso}.tar.age"
        identifier = package["id"]
        path = f"/v1/resultados/paquetes/{identifier}/archivo"
        sealed.write_bytes(self.office.enlace.client.ask("GET", path).content)
        opened = self._decrypt(sealed, folder)
        receipt = self._verify(opened, package["autoridad"])
        self.office.enlace.client.post(f"/v1/resultados/paquetes/{identifier}/acuse", {"manifiesto": receipt})
        figures = json.loads((opened / "resultado.json").read_bytes())
        return Delivered(candidate, corte, sealed, opened, figures)

    def _decrypt(self, sealed: Path, folder: Path) -> Path:
        """With the OPL's own command."""
        phrase = str(self.key.with_name("frase.txt"))
        words = ("--llave", str(self.key), "--frase-archivo", phrase, "--carpeta", str(folder))
        before = set(folder.iterdir())
        order("opl", "descifrar", str(sealed), *words)
        (made,) = (path for path in set(folder.iterdir()) - before if path.is_dir())
        return made

    def _verify(self, opened: Path, authority: str) -> str:
        """The SHA-256 of the manifest, once two programs have found everything right."""
        policy = str(log_folder(self.town.settings, LogName.APOYO) / "politica.txt")
        told = order("opl", "verificar", str(opened), "--autoridad", authority, "--politica", policy)
        verifier("paquete", str(opened), "--autoridad", authority, "--politica", policy)
        return told.split()[-1]
