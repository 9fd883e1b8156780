"""After the opening: actas of every urn, listados for the Direcciones Distritales, results."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyrage

from api.demo.plan import Plan
from api.demo.screen import Advance
from tally import receiving
from tally.acta import Acta, Opening
from tally.acta_issuing import acta_of_urn
from tally.acta_opening import KIND, Contribution, OpeningActa, opening_acta_of
from tally.acta_pdf import ActaPrinter, Imprint
from tally.acta_results import Results, results_of
from tally.consultation import Consultation, Urn
from tally.listado import SALT_BYTES, commitment, listado_data, sealed
from tally.parallel import over_urns
from tally.public_folder import PublicFolder

LONGEST = 48
"""Characters of a folder's name: four bytes each still fit in any file system."""
_NOT_WORD = re.compile(r"[^\w.]+")


@dataclass(frozen=True)
class IssueWork:
    """What a process needs to issue actas. Picklable. `recipients`: age keys by demarcación."""

    plan: Plan
    opening: Opening
    imprint: Imprint
    recipients: dict[str, str]


class _Issuer:
    def __init__(self, work: IssueWork) -> None:
        self._work = work
        self._folder = PublicFolder(work.plan.public)
        self._printer = ActaPrinter(work.imprint)

    def issue(self, task: tuple[Urn, Sequence[str]]) -> Acta:
        """Write acta (JSON, PDF) and sealed listado of one urn."""
        urn, names = task
        unidad = urn.unidad
        closed = receiving.read_closed_file(self._folder, urn)
        listado = self._listado(urn, names)
        acta = acta_of_urn(self._work.opening, unidad, closed, len(names), listado)
        self._folder.write(self._folder.acta_file(unidad), acta.data)
        self._folder.write(self._folder.acta_file(unidad, ".pdf"), self._printer.print(acta))
        return acta

    def _listado(self, urn: Urn, names: Sequence[str]) -> str:
        plan, unidad = self._work.plan, urn.unidad
        salt = plan.randomness(f"listado/{unidad.clave}").below(2 ** (8 * SALT_BYTES))
        data = listado_data(plan.id, unidad.clave, names, salt.to_bytes(SALT_BYTES, "big"))
        name = f"listado-{unidad.clave}.json.age"
        file = district_folder(plan, unidad.demarcacion) / name
        self._folder.write(file, sealed(data, self._work.recipients[unidad.demarcacion]))
        return commitment(data)


def issue(
    plan: Plan,
    consultation: Consultation,
    opened: receiving.Opening,
    listados: Mapping[str, Sequence[str]],
    progress: Advance,
) -> Results:
    """Everything that is handed over after the opening. Raises ActaRefusal when anything does not add up.

    `listados`: claves de elector of who opined, by clave of the UT.
    """
    opening = Opening.of(consultation, plan.opened_at)
    recipients = _district_keys(plan, sorted({u.demarcacion for u in consultation.unidades}))
    urns = consultation.urns
    tasks = [(urn, listados[urn.unidad.clave]) for urn in urns]
    work = IssueWork(plan, opening, Imprint.of(consultation), recipients)
    actas: list[Acta] = []
    for acta in over_urns(_Issuer.issue, tasks, _Issuer, (work,), plan.processes):
        actas.append(acta)
        progress(len(actas), len(urns))
    folder = PublicFolder(plan.public)
    folder.write(folder.root / "actas" / "apertura.json", contributions_acta(opening, opened).data)
    ballots = sum(len(names) for names in listados.values())
    results = results_of(opening, consultation.unidades, actas, ballots)
    folder.write(folder.root / "resultados.json", results.data)
    return results


def contributions_acta(opening: Opening, opened: receiving.Opening, kind: str = KIND) -> OpeningActa:
    """Which shares arrived. A file that names no trustee is nobody's contribution."""
    known = range(1, opening.trustees + 1)
    given = [Contribution(v.trustee, v.sha256, v.reason) for v in opened.verdicts if v.trustee in known]
    return opening_acta_of(opening, given, kind)


def district_folder(plan: Plan, demarcacion: str) -> Path:
    """The folder of one Dirección Distrital: inside `direcciones` and nobody else's, whatever the name."""
    plain = demarcacion.lower().replace(" ", "-")
    name = _NOT_WORD.sub("-", plain).strip("-.")
    if name != plain or len(name) > LONGEST:
        name = f"{name[:LONGEST]}-{hashlib.sha256(demarcacion.encode()).hexdigest()[:8]}"
    return plan.direcciones / name


def _district_keys(plan: Plan, names: Sequence[str]) -> dict[str, str]:
    """A fresh age key for each; the private part stays in the district's own folder."""
    folder = PublicFolder(plan.direcciones)
    recipients = {}
    for name in names:
        identity = pyrage.x25519.Identity.generate()
        folder.write(district_folder(plan, name) / "llave-privada.txt", f"{identity}\n".encode())
        recipients[name] = str(identity.to_public())
    return recipients
