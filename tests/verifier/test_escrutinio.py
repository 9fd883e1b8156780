"""Actas de escrutinio y cómputo and results with the Mesas: what does not follow is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from certeza_verifier.commands import Settings, consulta
from certeza_verifier.report import Report
from publico import Publico, canonical

pytestmark = [pytest.mark.req("VER-03"), pytest.mark.req("VER-06"), pytest.mark.req("SEI-25")]
ONE = Settings(processes=1)
LARGE, SMALL = "escrutinio/05-001.json", "escrutinio/07-010.json"
Change = Callable[[Any], Any]


def found(report: Report) -> set[str]:
    return {finding.rule for finding in report.all_findings}


@pytest.fixture(scope="module")
def scrutinised(tmp_path_factory: pytest.TempPathFactory) -> Publico:
    public = Publico(tmp_path_factory.mktemp("base") / "presupuesto-2023")
    public.scrutinise(1, 3)
    return public


@pytest.fixture
def root(scrutinised: Publico, tmp_path: Path) -> Path:
    return Path(shutil.copytree(scrutinised.root, tmp_path / "presupuesto-2023"))


def alter(root: Path, name: str, change: Change) -> None:
    value = json.loads((root / name).read_bytes())
    change(value)
    (root / name).write_bytes(canonical(value))


def test_a_whole_consultation_with_its_mesas_is_accepted(root: Path) -> None:
    report = consulta(root, ONE)
    assert [finding.message for finding in report.all_findings] == []
    assert report.counts["escrutinios"] == 3


ALTERED: list[tuple[str, Change]] = [
    (LARGE, lambda a: a.update(modo="conjunto")),
    (LARGE, lambda a: a.update(suma="0" * 64)),
    (LARGE, lambda a: a.update(acta_internet="0" * 64)),
    (LARGE, lambda a: a["resultados"][0].update(internet=3)),
    (LARGE, lambda a: a["resultados"][0].update(mesa=4)),
    (LARGE, lambda a: a["resultados"][0].update(mesa=4, total=6)),
    (LARGE, lambda a: a["resultados"][0].update(total=6)),
    (LARGE, lambda a: a["resultados"][0].update(proyecto="Otro")),
    (LARGE, lambda a: a["votos_nulos"].update(total=2)),
    (LARGE, lambda a: a["total"].update(mesa=6, total=9)),
    (LARGE, lambda a: a["boletas"].update(recibidas=9)),
    (LARGE, lambda a: a["unidad"].update(nombre="Otra")),
    (SMALL, lambda a: a.update(modo="separado")),
    (SMALL, lambda a: a["votos_nulos"].update(mesa=1)),
    (SMALL, lambda a: a["resultados"][1].update(internet=1, mesa=4)),
    (SMALL, lambda a: a["resultados"][1].update(total=4)),
    (SMALL, lambda a: a["boletas"].update(sobrantes=4)),
    (SMALL, lambda a: a["total"].update(mesa=6, total=7)),
    (SMALL, lambda a: a.update(suma=None)),
    ("computo.json", lambda c: c["total"].update(total=0)),
    ("computo.json", lambda c: c["total"].update(reservadas=1)),
    ("computo.json", lambda c: c["unidades"].pop()),
    ("computo.json", lambda c: c["unidades"][0].update(escrutinio="0" * 64)),
]


@pytest.mark.parametrize(("name", "change"), ALTERED)
def test_each_altered_value_is_refused(root: Path, name: str, change: Change) -> None:
    alter(root, name, change)
    assert {"escrutinio-valor", "acto-hash"} <= found(consulta(root, ONE))


@pytest.mark.parametrize("name", [LARGE, "computo.json"])
def test_what_came_before_the_opening_is_refused(root: Path, name: str) -> None:
    alter(root, name, lambda a: a.update(instante="2023-04-28T20:00:00-06:00"))
    assert "instante-orden" in found(consulta(root, ONE))


@pytest.mark.parametrize("name", [LARGE, SMALL, "computo.json"])
def test_a_missing_document_is_told(root: Path, name: str) -> None:
    (root / name).unlink()
    assert found(consulta(root, ONE)) == {"carpeta-falta", "acto-sobra"}


def test_a_document_of_no_unit_is_told(root: Path) -> None:
    shutil.copy(root / LARGE, root / "escrutinio/99-999.json")
    assert found(consulta(root, ONE)) == {"carpeta-sobra"}


def test_the_escrutinio_of_a_small_urn_whose_sum_is_not_there_is_refused(root: Path) -> None:
    (root / "sumas-abiertas/07-010.json").unlink()
    assert {"escrutinio-valor", "carpeta-falta"} <= found(consulta(root, ONE)) | {"carpeta-falta"}
