"""What is checked at the end, by the rehearsal that knows every vote and by programs that know none."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.demo.acting import Client
from api.demo.errors import UnexpectedOutcome
from api.demo.sei.town import SeiTown
from api.demo.sei.voting import Opined
from ledger.proof import parse_proof
from ledger.tree import leaf_hash
from tally.acta_results import Results
from tally.consultation import Consultation, Urn
from tally.opinion.receipt import verify_receipt

FEW = 5
"""Receipts whose proof is asked for: each is a request and a file."""
FOLDER = "ciudadania"
_TOOL = "CERTEZA_BELENIOS_TOOL"


def check_receipts(town: SeiTown, opined: Opined) -> int:
    """Every receipt is signed by the log's key; some are shown to be in the log, under its witnesses."""
    folder = town.plan.base.output / FOLDER
    folder.mkdir(exist_ok=True)
    public = Client(town, "ciudadanía")
    for number, (_, receipt) in enumerate(opined.receipts):
        data = receipt["comprobante"].encode()
        consulta, found = verify_receipt(data, town.log.verifier)
        if (consulta, found.tracker) != (town.plan.base.id, receipt["rastreador"]):
            raise UnexpectedOutcome("un comprobante es de otra boleta")
        if number < FEW:
            (folder / f"{number + 1}.comprobante").write_bytes(data)
            (folder / f"{number + 1}.prueba").write_bytes(_proved(town, public, receipt))
    public.close()
    return len(opined.receipts)


def _proved(town: SeiTown, public: Client, receipt: Mapping[str, Any]) -> bytes:
    """The proof that the ballot is in the log."""
    path = f"{town.consulta}/opiniones/{receipt['uuid']}/{receipt['altura']}/prueba"
    data = public.ask("GET", path).content
    proof = parse_proof(data, "prueba")
    entry = f"certeza/urna/v1\n{receipt['uuid']}\n{receipt['altura']}\n{receipt['evento']}"
    proof.verify_leaf(leaf_hash(entry.encode()))
    town.policy.verify(proof.checkpoint, "prueba")
    return data


def check_votes(
    public: Client, town: SeiTown, opined: Opined, claves: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """Each acta says what people's devices encrypted; the actas by UT. Raises UnexpectedOutcome."""
    actas, made = {}, marks_of(opined)
    for clave in claves:
        marks = made.get(clave, Counter[int]())
        acta = public.get(f"{town.consulta}/actas/{clave}.json")
        actas[clave] = acta
        if acta["acta"] == "reserva":
            continue
        counted = [acta["votos_nulos"], *(one["opiniones"] for one in acta["resultados"])]
        if counted != [marks[n] for n in range(len(counted))]:
            raise UnexpectedOutcome(f"UT {clave}: se contó {counted}, y se opinó {dict(marks)}")
    return actas


def check_total(results: Results, opined: Opined) -> None:
    """The ballots of all urns are those that people got a receipt for. Raises UnexpectedOutcome."""
    if results.total.ballots != len(opined.receipts):
        raise UnexpectedOutcome(f"los resultados dicen {results.total.ballots} boletas")


def marks_of(opined: Opined) -> dict[str, Counter[int]]:
    """By UT, how often each mark was made on the ballots that count."""
    found: dict[str, Counter[int]] = {}
    for one in opined.ended:
        if one.receipt is not None and one.mark is not None:
            found.setdefault(one.who.unidad, Counter())[one.mark] += 1
    return dict(sorted(found.items()))


def check_listados(opined: Opined, listados: Mapping[str, set[str]]) -> None:
    """Names on the listado of each UT = people whose ballot is in its urn. Raises UnexpectedOutcome."""
    expected: dict[str, set[str]] = {clave: set() for clave in listados}
    for who, _ in opined.receipts:
        expected.setdefault(who.unidad, set()).add(who.clave_elector)
    if expected != dict(listados):
        raise UnexpectedOutcome("los listados no son de quienes opinaron")


@dataclass(frozen=True)
class Belenios:
    """What belenios-tool said: UTs whose urn it accepted; why it was not asked, where it was not."""

    accepted: frozenset[str] = frozenset()
    reason: str | None = None


def ask_belenios(consultation: Consultation, public: Path) -> Belenios:
    """The program of other people judges each urn by itself."""
    tool = os.environ.get(_TOOL) or shutil.which("belenios-tool")
    if tool is None:
        return Belenios(reason="belenios-tool no está instalado")
    version = _said(tool, "--version").stdout.split()[0]
    if consultation.grupo == "Ed25519" and tuple(map(int, version.split(".")[:2])) < (2, 1):
        return Belenios(
            reason=f"belenios-tool {version} no conoce el grupo {consultation.grupo}; 2.1 o posterior, sí"
        )
    return Belenios(
        frozenset(urn.unidad.clave for urn in consultation.urns if _accepted(tool, urn, public / urn.file))
    )


def _accepted(tool: str, urn: Urn, file: Path) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(file, Path(folder) / f"{urn.uuid}.bel")
        return _said(tool, "election", "verify", "--dir", folder).returncode == 0


def require_agreement(consultation: Consultation, verdict: Mapping[str, Any], belenios: Belenios) -> None:
    """Both programs say the same of each urn. Raises UnexpectedOutcome.

    `verdict`: the document of certeza-verify, which has one of each archive.
    """
    own = {one["clave"] for one in verdict["archivos"] if one["veredicto"] == "aceptado"}
    for clave in (urn.unidad.clave for urn in consultation.urns):
        if (clave in own) != (clave in belenios.accepted):
            told = f"certeza-verify {_verb(clave in own)}, belenios-tool {_verb(clave in belenios.accepted)}"
            raise UnexpectedOutcome(f"la urna de la UT {clave}: {told}")


def _verb(accepted: bool) -> str:
    return "la acepta" if accepted else "la rechaza"


def _said(*order: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(order, capture_output=True, text=True, check=False)
