"""A whole apoyo process with few records: everybody acts over HTTP, and every figure adds up."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from rich.console import Console

from api.cli.demo_results import show_apoyo
from api.demo.apoyo import checking, judging
from api.demo.apoyo.campaign import LATE, LOST
from api.demo.apoyo.checking import Figures
from api.demo.apoyo.clock import CENTRO
from api.demo.apoyo.plan import AUXILIARES, CANDIDATES, ApoyoPlan
from api.demo.apoyo.rehearsal import ApoyoSummary
from api.demo.apoyo.run import rehearse_apoyo
from api.demo.errors import UnexpectedOutcome
from api.demo.screen import Screen
from keys.randomness import SystemRandomness

pytestmark = pytest.mark.slow
RECORDS = 120


@dataclass(frozen=True)
class Ended:
    """A rehearsal that is over."""

    plan: ApoyoPlan
    summary: ApoyoSummary
    told: str


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    start = (datetime.now(CENTRO) - timedelta(days=80)).replace(hour=10, minute=0, second=0, microsecond=0)
    plan = ApoyoPlan(tmp_path_factory.mktemp("apoyo") / "apoyo", RECORDS, start)
    out = io.StringIO()
    summary = rehearse_apoyo(plan, Screen(Console(file=out)), SystemRandomness())
    return Ended(plan, summary, out.getvalue())


@pytest.mark.req("VER-06")
@pytest.mark.req("APO-21")
def test_what_was_received_is_what_every_report_adds_up_to(ended: Ended) -> None:
    summary = ended.summary
    assert [row.candidate.name for row in summary.rows] == list(CANDIDATES)
    assert all(sum(row.columns.values()) == row.sent for row in summary.rows)
    files = list((ended.plan.output / "dispositivos").rglob("*.acuse"))
    assert sum(row.sent for row in summary.rows) == summary.acuses == len(files) > RECORDS
    assert summary.leaves > summary.acuses  # and an entry for each change of state
    pending = sum(row.columns["en-mesa"] + row.columns["en-procesamiento"] for row in summary.rows)
    assert pending == 0


@pytest.mark.req("APO-05")
@pytest.mark.req("APO-07")
@pytest.mark.req("APO-12")
@pytest.mark.req("APO-13")
@pytest.mark.req("APO-16")
def test_each_device_keeps_acuses_and_no_record_that_waits(ended: Ended) -> None:
    devices = ended.plan.output / "dispositivos"
    first = [path for path in devices.iterdir() if path.name.startswith("A") and "-" not in path.name]
    assert len(first) == AUXILIARES
    assert list(devices.rglob("pendientes/*")) == []
    assert "[dispositivo.maximo]" in ended.told
    assert "[paquete.sha256]" in ended.told and "[paquete.firma]" in ended.told
    assert "[paquete.folio]" in ended.told and "[paquete.fuera-de-plazo]" in ended.told


@pytest.mark.req("APO-20")
def test_what_does_not_count_is_received_and_said_to_be_so(ended: Ended) -> None:
    def total(code: str) -> int:
        return sum(row.columns[code] for row in ended.summary.rows)

    assert (total("fuera-de-periodo"), total("dispositivo-no-autorizado")) == (LATE, LOST)
    assert total("baja-de-auxiliar") > 0
    assert total("duplicados") > 0


@pytest.mark.req("APO-18")
@pytest.mark.req("APO-28")
@pytest.mark.req("APO-30")
def test_nota_of_the_cut_is_issued_for_each_aspirante_and_says_the_same_later(ended: Ended) -> None:
    for row in ended.summary.rows:
        for folder in ("notas", "notas-del-mismo-corte"):
            pdf = ended.plan.output / folder / f"{row.candidate.proceso}.pdf"
            assert pdf.read_bytes().startswith(b"%PDF")
            assert pdf.with_suffix(".xlsx").read_bytes().startswith(b"PK")
    assert "en mesa de control" in ended.told
    assert "Solicitud USO-" in ended.told


@pytest.mark.req("APO-22")
def test_audiencia_leaves_an_acta_and_changes_only_its_aspirante(ended: Ended) -> None:
    assert (ended.plan.output / "acta-circunstanciada.pdf").read_bytes().startswith(b"%PDF")
    first, last = ended.summary.delivered[: len(CANDIDATES)], ended.summary.delivered[len(CANDIDATES) :]
    for before, after in zip(first[1:], last[1:], strict=True):
        assert before.figures["cifras"] == after.figures["cifras"]
    assert first[0].figures["enviados"] == last[0].figures["enviados"]
    assert first[0].figures["validos"] <= last[0].figures["validos"]


@pytest.mark.req("APO-23")
def test_opl_alone_opens_its_packages_and_finds_valid_supports_in_them(ended: Ended) -> None:
    assert [one.corte for one in ended.summary.delivered] == ["preliminar"] * 3 + ["definitivo"] * 3
    for one in ended.summary.delivered:
        assert one.sealed.read_bytes().startswith(b"age-encryption.org/v1\n")
        assert (one.folder / "registros.csv").is_file()
    for row, last in zip(ended.summary.rows, ended.summary.delivered[3:], strict=True):
        assert 0 < row.valid == last.figures["validos"] <= row.sent


@pytest.mark.req("APO-23")
@pytest.mark.skipif(not judging.has_age(), reason="sin el programa age")
def test_what_age_opens_is_what_the_opl_opened(ended: Ended, tmp_path: Path) -> None:
    delivered, passphrase = ended.summary.delivered[0], "tres sauces frente a la plaza"
    key = ended.plan.output / "opl" / "ieez.llave"
    judging.open_with_age(key, passphrase, delivered, tmp_path / "uno")
    changed = tmp_path / delivered.folder.name
    copytree(delivered.folder, changed)
    (changed / "resultado.json").write_bytes(b"{}")
    with pytest.raises(UnexpectedOutcome, match="dieron otra cosa"):
        judging.open_with_age(key, passphrase, replace(delivered, folder=changed), tmp_path / "otro")


@pytest.mark.req("VER-06")
def test_a_figure_that_differs_by_one_ends_the_rehearsal(ended: Ended) -> None:
    row, delivered = ended.summary.rows[1], ended.summary.delivered[4]
    files = list((ended.plan.output / "dispositivos").rglob("*.acuse"))
    codes = judging.codes_of(files)
    shown = Figures(row.sent, row.columns, delivered.figures["modalidades"])
    assert checking.require_package(shown, delivered, codes) == row.valid
    other = {**row.columns, "duplicados": row.columns["duplicados"] + 1}
    with pytest.raises(UnexpectedOutcome, match="cifras"):
        checking.require_package(replace(shown, columns=other), delivered, codes)
    with pytest.raises(UnexpectedOutcome, match="renglones con acuse"):
        checking.require_package(shown, delivered, frozenset())
    with pytest.raises(UnexpectedOutcome, match="distintos"):
        judging.codes_of([files[0], files[0]])


@pytest.mark.req("APO-12")
@pytest.mark.req("VER-01")
def test_altered_acuse_is_refused_and_nothing_of_an_acuse_but_its_code_is_public(ended: Ended) -> None:
    assert "Un acuse con una cifra cambiada: rechazado [prueba-inclusion]" in ended.told
    public = b"".join(p.read_bytes() for p in (ended.plan.output / "publico").rglob("*") if p.is_file())
    for path in sorted((ended.plan.output / "dispositivos").rglob("*.acuse"))[:5]:
        acuse = judging.read(path).acuse
        assert acuse.code.encode() in public
        for secret in (acuse.folio.encode(), acuse.number.encode(), acuse.nonce):
            assert secret not in public


def test_folder_says_what_each_thing_in_it_is(ended: Ended) -> None:
    text = (ended.plan.output / "LEEME.txt").read_text("utf-8")
    unsaid = [path.name for path in ended.plan.output.iterdir() if path.name not in text]
    assert unsaid == ["LEEME.txt"]


def test_table_of_results_fits_a_narrow_screen(ended: Ended) -> None:
    out = io.StringIO()
    show_apoyo(Screen(Console(file=out, width=80)), ended.summary)
    lines = out.getvalue().splitlines()
    assert max(len(line) for line in lines) <= 80
    for row in ended.summary.rows:
        (line,) = (one for one in lines if row.candidate.name in one and "│" in one)
        assert f" {row.sent} " in line and f" {row.valid} " in line
        assert any(row.candidate.name in one and "% válidos" in one for one in lines)
