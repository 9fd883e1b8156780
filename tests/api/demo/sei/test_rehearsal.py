"""A whole consultation through the service in processes of its own, with few people."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli.demo import demo
from api.demo.errors import UnexpectedOutcome
from api.demo.output_folder import MARK
from api.demo.sei.judging import ask_belenios, require_agreement
from api.demo.sei.people import Conduct
from api.demo.verdicts import verify
from tally.public_folder import PublicFolder

pytestmark = pytest.mark.slow
PEOPLE = 14
ID = "ensayo-2023"


@dataclass(frozen=True)
class Ended:
    """A rehearsal that is over."""

    output: Path
    told: str

    @property
    def public(self) -> Path:
        return self.output / "publico" / ID

    def read(self, name: str) -> dict[str, object]:
        return dict(json.loads((self.public / name).read_bytes()))


def invoked(output: Path, *more: str) -> Result:
    sizes = ["--personas", str(PEOPLE), "--registros", "0"]
    return CliRunner().invoke(demo, ["--salida", str(output), *sizes, *more], standalone_mode=False)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    output = tmp_path_factory.mktemp("sei") / "ensayo"
    result = invoked(output)
    assert result.exception is None, result.output
    assert result.return_value == 0, result.output
    return Ended(output, result.output)


@pytest.mark.req("SEI-22", "SEI-28", "VER-03")
def test_the_verifier_accepts_what_the_service_published(ended: Ended) -> None:
    verdict, code = verify("consulta", str(ended.public))
    assert (code, verdict["veredicto"]) == (0, "aceptado")
    assert ended.read("resultados.json")["total"]["boletas"] == PEOPLE  # type: ignore[index]
    assert "Veredicto de certeza-verify: ACEPTADA" in ended.told


@pytest.mark.req("SEI-22", "VER-03")
def test_every_urn_by_itself_is_what_its_acta_says(ended: Ended) -> None:
    """Each judged by a process that sees this one file."""
    actas = {
        file.stem: json.loads(file.read_bytes()) for file in (ended.public / "escrutinio").glob("*.json")
    }
    urns = {urn.unidad.clave: urn.file for urn in PublicFolder(ended.public).consultation().urns}
    assert actas.keys() == urns.keys()
    for clave, acta in actas.items():
        verdict, code = verify("urna", str(ended.public / urns[clave]))
        (urn,) = verdict["archivos"]
        assert (code, urn["veredicto"], urn["boletas"]) == (0, "aceptado", acta["total"]["internet"])


@pytest.mark.req("SEI-22", "VER-03")
def test_other_people_s_program_says_the_same_of_each_urn_where_it_is_installed(ended: Ended) -> None:
    consultation = PublicFolder(ended.public).consultation()
    found = ask_belenios(consultation, ended.public)
    if found.reason is not None:
        pytest.skip(f"AVISO: {found.reason}: NADIE más juzgó las urnas")
    assert found.accepted == {urn.unidad.clave for urn in consultation.urns}
    verdict, _ = verify("consulta", str(ended.public))
    require_agreement(consultation, verdict, found)
    verdict["archivos"][0]["veredicto"] = "rechazado"
    with pytest.raises(UnexpectedOutcome, match="certeza-verify la rechaza, belenios-tool la acepta"):
        require_agreement(consultation, verdict, found)


@pytest.mark.req("SEI-06", "SEI-13", "SEI-15", "SEI-20")
def test_what_must_not_pass_did_not(ended: Ended) -> None:
    assert ended.told.count("[calendario.opinion]") == 2  # before the opening, after the closing
    assert "8 solicitudes rechazadas" in ended.told and "causa 1: 1" in ended.told
    assert "no se da otra [preregistro.duplicada]" in ended.told
    for conduct, code in (
        (Conduct.RACES, "urna.credencial_usada"),
        (Conduct.EXHAUSTS, "token.bloqueo"),
        (Conduct.LOSES_CLAVE, "entrada.datos"),
        (Conduct.DENIES, "entrada.datos"),
    ):
        assert any(conduct.value in line and f"[{code}]" in line for line in ended.told.splitlines()), conduct


@pytest.mark.req("SEI-17")
def test_a_unit_without_projects_shows_its_legend_and_has_no_urn(ended: Ended) -> None:
    assert "UT sin proyectos: «" in ended.told
    units = ended.read("consulta.json")["unidades"]
    without = [u["clave"] for u in units if not u["proyectos"]]  # type: ignore[attr-defined]
    assert without and not any((ended.public / "urna" / f"{clave}.bel").exists() for clave in without)


@pytest.mark.req("SEI-23", "SEI-25")
def test_the_district_has_its_package_and_the_results_are_those_of_both(ended: Ended) -> None:
    (district,) = (ended.output / "direcciones-distritales").iterdir()
    assert all(file.read_bytes().startswith(b"age-") for file in (district / "listados").iterdir())
    assert all(file.read_bytes().startswith(b"%PDF") for file in district.glob("cartel-*.pdf"))
    total = ended.read("computo.json")["total"]
    assert total["internet"] == PEOPLE and total["total"] == PEOPLE + total["mesa"]  # type: ignore[index]


@pytest.mark.req("SEI-28")
def test_people_can_look_their_ballot_up_and_those_audited_do_not_count(ended: Ended) -> None:
    folder = ended.output / "ciudadania"
    with (folder / "comprobantes.csv").open(encoding="utf-8") as file:
        first = next(csv.DictReader(file))
    assert verify("boleta", first["comprobante"], str(ended.public / "urna"))[1] == 0
    for audited in json.loads((folder / "boletas-auditadas.json").read_bytes()):
        assert verify("boleta", audited["rastreador"], str(ended.public / "urna"))[1] != 0


def test_the_state_of_the_ceremony_and_of_the_opening_is_drawn(ended: Ended) -> None:
    (row,) = (line for line in ended.told.splitlines() if "Consejería Electoral 5 " in line and "│" in line)
    assert row.count("✓") == 4
    assert "Custodios: 1 ✓  2 ✓  3 ✗  4 ✓  5 ✓  6 –  7 ✓" in ended.told


def test_the_folder_says_what_each_thing_in_it_is_and_what_to_type(ended: Ended) -> None:
    text = (ended.output / "LEEME.txt").read_text("utf-8")
    hidden = {MARK, "LEEME.txt"}
    assert not [
        file.name
        for file in ended.output.iterdir()
        if file.name not in {*text.split(), *hidden} and f"{file.name}/" not in text.split()
    ]
    orders = [line.split()[1:] for line in text.splitlines() if line.startswith("certeza-verify ")]
    assert len(orders) == 3
    for kind, *words in orders[:2]:
        assert verify(kind, str(ended.output / words[0]))[1] == 0


def test_nothing_public_and_no_line_of_the_service_names_anybody(ended: Ended) -> None:
    mails = [file.read_text("utf-8") for file in (ended.output / "correo" / "new").iterdir()]
    people = {
        line.split()[1] for mail in mails for line in mail.splitlines() if line.startswith("To: persona")
    }
    assert len(people) >= PEOPLE
    said = (ended.output / "servicio.log").read_bytes()
    files = [file.read_bytes() for file in ended.public.rglob("*") if file.is_file()]
    for address in people:
        assert not any(address.encode() in data for data in [said, *files])


def test_what_only_works_inside_one_process_is_said_to(tmp_path: Path) -> None:
    result = invoked(tmp_path / "nada", "--semilla", "x")
    assert "--sin-servicio" in str(result.exception)
    assert not (tmp_path / "nada").exists()
