"""The whole public folder: accepted as it should be, each altered value refused by its rule."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bel import sha
from certeza_verifier.commands import Settings, consulta
from certeza_verifier.consulta import derive_uuid
from certeza_verifier.report import Report
from publico import Publico, canonical, uuid_of
from tlogs import Signer

pytestmark = pytest.mark.req("VER-03")
ONE = Settings(processes=1)
Change = Callable[[Any], Any]


def found(report: Report) -> set[str]:
    return {finding.rule for finding in report.all_findings}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Publico:
    public = Publico(tmp_path_factory.mktemp("base") / "presupuesto-2023")
    public.open(1, 3)
    return public


@pytest.fixture
def root(opened: Publico, tmp_path: Path) -> Path:
    return Path(shutil.copytree(opened.root, tmp_path / "presupuesto-2023"))


def alter(root: Path, name: str, change: Change) -> None:
    import json

    value = json.loads((root / name).read_bytes())
    change(value)
    (root / name).write_bytes(canonical(value))


@pytest.mark.req("VER-06")
@pytest.mark.req("SEI-22")
@pytest.mark.req("SEI-23")
def test_a_whole_consultation_is_accepted(root: Path) -> None:
    report = consulta(root, ONE)
    assert [finding.message for finding in report.all_findings] == []
    assert report.verdict == "aceptado"
    assert report.stage == "abierta, con actas"
    assert report.counts["boletas"] == 4
    assert (report.counts["urnas"], report.counts["actas"], report.counts["resultados"]) == (3, 3, 2)


def test_two_processes_say_the_same(root: Path) -> None:
    assert consulta(root, Settings(processes=2)).as_json() == consulta(root, ONE).as_json()


def test_stages_before_the_opening(tmp_path: Path) -> None:
    public = Publico(tmp_path / "c", k=1, votes={"05-001": [], "05-002": [], "07-010": []})
    assert consulta(public.save(), ONE).stage == "urnas instaladas, sin boletas"
    public.urns["07-010"].vote(1, [0, 1, 0])
    report = consulta(public.save(), ONE)
    assert (report.verdict, report.stage) == ("aceptado", "opinión en curso")
    for urn in public.urns.values():
        urn.parts.closed = True
    assert consulta(public.save(), ONE).stage == "opinión cerrada, sin sumas cifradas"
    public.close()
    assert consulta(public.save(), ONE).stage == "sumas cifradas publicadas, en espera de la apertura"
    public.close(2)
    for urn in public.urns.values():
        urn.parts.result = None
    assert consulta(public.save(), ONE).stage == "apertura en curso"
    public.close(2, 3)
    report = consulta(public.save(), ONE)
    assert (report.verdict, report.stage) == ("aceptado", "urnas abiertas, sin actas")


CONSULTA: list[tuple[Change, str]] = [
    (lambda c: c.update(version=2), "consulta-valor"),
    (lambda c: c.update(version="1"), "json-tipo"),
    (lambda c: c.update(id="Mayúsculas"), "consulta-valor"),
    (lambda c: c.update(id="otra"), "consulta-uuid"),
    (lambda c: c.update(nombre="Otra"), "urna-eleccion"),
    (lambda c: c.update(grupo="RFC-3526-2048"), "consulta-valor"),
    (lambda c: c.update(llave_publica=c["trustees"]), "consulta-llave"),
    (lambda c: c.update(trustees="0" * 64), "consulta-custodios"),
    (lambda c: c.update(trustees="A" * 64), "json-hash"),
    (lambda c: c.update(umbral=3), "consulta-umbral"),
    (lambda c: c.update(umbral=0), "json-rango"),
    (lambda c: c.update(k=-1), "json-rango"),
    (lambda c: c.update(k=0), "urna-etapa"),
    (lambda c: c.update(k=4), "urna-pequena"),
    (lambda c: c.pop("k"), "json-campos"),
    (lambda c: c.update(otro=1), "json-campos"),
    (lambda c: c.pop("bitacora"), "json-campos"),
    (lambda c: c.update(bitacora=None), "json-tipo"),
    (lambda c: c["bitacora"].pop("politica"), "json-campos"),
    (lambda c: c["bitacora"].update(llave="x"), "llave-forma"),
    (lambda c: c["bitacora"].update(llave=1), "json-tipo"),
    (lambda c: c["bitacora"].update(llave=Signer("w", 4).vkey), "llave-tipo"),
    (lambda c: c["bitacora"].update(llave=Signer("otra").vkey), "politica-bitacora"),
    (lambda c: c["bitacora"].update(politica="0" * 64), "politica-hash"),
    (lambda c: c["bitacora"].update(politica="x"), "json-hash"),
    (lambda c: c["custodios"].pop(), "consulta-custodios"),
    (lambda c: c["custodios"][1].update(huella="0" * 64), "consulta-custodios"),
    (lambda c: c["custodios"][1].update(indice=3), "consulta-orden"),
    (lambda c: c["custodios"].reverse(), "consulta-orden"),
    (lambda c: c["custodios"][0].update(nombre=1), "json-tipo"),
    (lambda c: c["calendario"].update(opinion_fin="2023-04-20T20:00:00-06:00"), "consulta-calendario"),
    (lambda c: c["calendario"].update(apertura_urna="2023-04-28T19:59:59-06:00"), "consulta-calendario"),
    (lambda c: c["calendario"].update(apertura_urna="2023-04-29T08:00:01-06:00"), "instante-orden"),
    (lambda c: c["calendario"].update(opinion_fin="2023-04-28T20:00:00Z"), "consulta-valor"),
    (lambda c: c["calendario"].update(opinion_fin="2023-04-28T20:00:00.5-06:00"), "consulta-valor"),
    (lambda c: c["calendario"].update(opinion_fin="2023-04-31T20:00:00-06:00"), "consulta-valor"),
    (lambda c: c["unidades"].reverse(), "consulta-orden"),
    (lambda c: c["unidades"].append(c["unidades"][-1]), "consulta-orden"),
    (lambda c: c["unidades"].pop(), "carpeta-sobra"),
    (lambda c: c["unidades"][0].update(uuid="1" * 14), "consulta-uuid"),
    (lambda c: c["unidades"][0].update(archivo="urna/../x.bel"), "consulta-valor"),
    (lambda c: c["unidades"][0].update(clave="../x"), "consulta-valor"),
    (lambda c: c["unidades"][0].update(setup="0" * 64), "urna-setup"),
    (lambda c: c["unidades"][0].update(nombre="Otra"), "urna-eleccion"),
    (lambda c: c["unidades"][0].update(demarcacion="Otra"), "acta-valor"),
    (lambda c: c["unidades"][0]["proyectos"].reverse(), "urna-eleccion"),
    (lambda c: c["unidades"][0]["proyectos"].append("Más"), "urna-eleccion"),
    (lambda c: c["unidades"][2].update(uuid="1" * 14), "json-campos"),
]


@pytest.mark.parametrize(("change", "rule"), CONSULTA)
def test_consulta_json(root: Path, change: Change, rule: str) -> None:
    alter(root, "consulta.json", change)
    assert rule in found(consulta(root, ONE))


ACTA: list[tuple[Change, str]] = [
    (lambda a: a.update(acta="otro"), "acta-valor"),
    (lambda a: a.update(version=2), "acta-valor"),
    (lambda a: a.update(consulta="otra"), "acta-valor"),
    (lambda a: a["unidad"].update(nombre="Otra"), "acta-valor"),
    (lambda a: a.update(uuid="1" * 14), "acta-valor"),
    (lambda a: a["urna"].update(boletas=4), "acta-valor"),
    (lambda a: a["urna"].update(cierre="0" * 64), "acta-valor"),
    (lambda a: a["urna"].update(ultimo_evento="0" * 64), "acta-valor"),
    (lambda a: a["resultados"][0].update(opiniones=3), "acta-valor"),
    (lambda a: a["resultados"][0].update(proyecto="Otro"), "acta-valor"),
    (lambda a: a["resultados"].reverse(), "acta-valor"),
    (lambda a: a["resultados"].pop(), "acta-valor"),
    (lambda a: a.update(votos_nulos=0), "acta-valor"),
    (lambda a: a.update(votos_nulos=True), "acta-valor"),
    (lambda a: a.update(total=4), "acta-valor"),
    (lambda a: a.update(personas_en_listado=2), "acta-valor"),
    (lambda a: a.update(custodios=[1, 2]), "acta-valor"),
    (lambda a: a.update(custodios=[3, 1]), "acta-valor"),
    (lambda a: a.update(umbral=1), "acta-valor"),
    (lambda a: a.update(listado="x"), "json-hash"),
    (lambda a: a.update(instante="2023-04-29T07:59:59-06:00"), "instante-orden"),
    (lambda a: a.update(instante="ayer"), "consulta-valor"),
    (lambda a: a.update(advertencia="Pocas."), "acta-advertencia"),
    (lambda a: a.pop("total"), "json-campos"),
]


@pytest.mark.req("VER-06")
@pytest.mark.parametrize(("change", "rule"), ACTA)
def test_acta(root: Path, change: Change, rule: str) -> None:
    alter(root, "actas/05-001.json", change)
    assert rule in found(consulta(root, ONE))


@pytest.mark.parametrize("value", [None, "", 1, True, "Urna pequeña."])
def test_the_notice_of_a_small_urn_is_due(root: Path, value: Any) -> None:
    alter(root, "actas/07-010.json", lambda a: a.update(advertencia=value))
    assert found(consulta(root, ONE)) == {"acta-advertencia", "resultados-valor", "acto-hash"}


def test_an_empty_urn_has_no_notice(root: Path) -> None:
    alter(root, "actas/05-002.json", lambda a: a.update(advertencia="Urna pequeña."))
    assert "acta-advertencia" in found(consulta(root, ONE))


OPENING: list[tuple[Change, str]] = [
    (lambda a: a.update(acta="computo"), "apertura-valor"),
    (lambda a: a.update(umbral=1), "apertura-valor"),
    (lambda a: a.update(consulta="otra"), "apertura-valor"),
    (lambda a: a.update(instante="2023-04-28T20:00:00-06:00"), "instante-orden"),
    (lambda a: a.update(ausentes=[]), "apertura-valor"),
    (lambda a: a["aportaciones"].pop(), "apertura-valor"),
    (lambda a: a["aportaciones"][1].update(estado="quizá"), "apertura-valor"),
    (lambda a: a["aportaciones"][1].update(custodio=3), "apertura-valor"),
    (lambda a: a["aportaciones"][1].update(custodio=4), "json-rango"),
    (lambda a: a["aportaciones"][1].update(motivo="x"), "apertura-valor"),
    (lambda a: a["aportaciones"][0].update(motivo=None), "apertura-valor"),
    (lambda a: a["aportaciones"][0].update(sha256="x"), "json-hash"),
    (lambda a: a["aportaciones"][0].pop("sha256"), "json-campos"),
]


@pytest.mark.req("SEI-22")
@pytest.mark.parametrize(("change", "rule"), OPENING)
def test_opening(root: Path, change: Change, rule: str) -> None:
    alter(root, "actas/apertura.json", change)
    assert rule in found(consulta(root, ONE))


TOTALS: list[tuple[Change, str]] = [
    (lambda r: r["total"].update(boletas=5), "resultados-valor"),
    (lambda r: r["total"].update(unidades=4), "resultados-valor"),
    (lambda r: r["demarcaciones"][0].update(votos_nulos=0), "resultados-valor"),
    (lambda r: r["demarcaciones"].reverse(), "resultados-valor"),
    (lambda r: r["unidades"][0].update(acta="0" * 64), "resultados-valor"),
    (lambda r: r["unidades"].pop(), "resultados-valor"),
    (lambda r: r.update(version=0), "resultados-valor"),
    (lambda r: r.update(instante="2023-04-28T20:00:00-06:00"), "instante-orden"),
    (lambda r: r.pop("total"), "json-campos"),
]


@pytest.mark.req("VER-06")
@pytest.mark.parametrize(("change", "rule"), TOTALS)
def test_totals(root: Path, change: Change, rule: str) -> None:
    alter(root, "resultados.json", change)
    assert found(consulta(root, ONE)) == {rule, "acto-hash"}


@pytest.mark.parametrize(
    "name", ["consulta.json", "actas/05-001.json", "actas/apertura.json", "resultados.json"]
)
@pytest.mark.parametrize(
    "change", [lambda b: b + b"\n", lambda b: b" " + b, lambda b: b[:-1], lambda b: b"\xff"]
)
def test_documents_are_canonical(root: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    path = root / name
    path.write_bytes(change(path.read_bytes()))
    assert found(consulta(root, ONE)) & {"json-canonico", "json-sintaxis", "json-utf8"}


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("trustees.json", "carpeta-falta"),
        ("resultados.json", "carpeta-falta"),
        ("urna/05-002.bel", "carpeta-falta"),
        ("actas/05-002.json", "carpeta-falta"),
        ("actas/apertura.json", "carpeta-falta"),
        ("log/checkpoint", "carpeta-falta"),
        ("log/politica.txt", "carpeta-falta"),
    ],
)
def test_missing_files(root: Path, name: str, rule: str) -> None:
    (root / name).unlink()
    assert found(consulta(root, ONE)) == {rule}
    (root / name).mkdir()  # a folder in its place is no file either
    assert found(consulta(root, ONE)) == {rule}


@pytest.mark.parametrize(
    "name",
    [
        "urna/99-999.bel",
        "urna/06-003.bel",
        "actas/99-999.json",
        "actas/06-003.pdf",
        "urna/x",
        "log/x",
        "log/.tmp",
    ],
)
def test_extra_files(root: Path, name: str) -> None:
    (root / name).write_bytes(b"")
    assert found(consulta(root, ONE)) == {"carpeta-sobra"}


def test_trustees_of_another_ceremony(root: Path) -> None:
    path = root / "trustees.json"
    path.write_bytes(path.read_bytes().replace(b'"threshold":2', b'"threshold":1', 1))
    assert "consulta-custodios" in found(consulta(root, ONE))
    alter(root, "consulta.json", lambda c: c.update(trustees=sha(path.read_bytes())))
    assert {"custodios-contexto", "urna-custodios"} <= found(consulta(root, ONE))


def test_an_urn_in_the_place_of_another(root: Path) -> None:
    shutil.copy(root / "urna/05-001.bel", root / "urna/05-002.bel")
    report = consulta(root, ONE)
    assert {"urna-eleccion", "urna-setup"} <= found(report)
    assert {finding.ut for finding in report.all_findings if finding.rule == "urna-setup"} == {"05-002"}


def test_a_ballot_removed_and_everything_remade(opened: Publico, root: Path, tmp_path: Path) -> None:
    """No archive shows this by itself (point 9); the acta does, and so does an earlier copy."""
    cheat = Publico(tmp_path / "presupuesto-2023-b", m=opened.m.__class__(seed=41))
    cheat.urns["05-001"].parts.ballots.pop()
    cheat.urns["05-001"].plain.pop()
    cheat.close(1, 3)
    cheat.save()
    shutil.copy(cheat.root / "urna/05-001.bel", root / "urna/05-001.bel")
    assert "acta-valor" in found(consulta(root, ONE))


def test_uuids() -> None:
    for clave in ("05-001", "17-999", ""):
        assert derive_uuid("x", clave) == uuid_of("x", clave)
        assert len(derive_uuid("x", clave)) == 14
