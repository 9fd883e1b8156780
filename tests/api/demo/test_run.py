"""The rehearsal inside one process, as big ones are run: one command, judged by the independent verifier."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli.apertura import apertura
from api.cli.demo import demo
from api.demo.verdicts import verify
from keys import trustee_file
from keys.ceremony import trustee_side
from keys.errors import Refusal

CATALOGUE = """clave,demarcacion,nombre,poblacion,proyecto_1,proyecto_2,proyecto_3
01-001,"UNO [/a]",Barrio [/b] Alto,900,Parque,Luminarias,Biblioteca
01-002,UNO [/a],Barrio Bajo,700,Cancha,Banquetas,
01-003,UNO [/a],Barrio Nuevo,100,Huerto,Cisterna,
02-001,DOS,Pueblo Deshabitado,0,,,
02-002,DOS,Pueblo Viejo,400,,,
"""
UNO = "uno-a-" + hashlib.sha256(b"UNO [/a]").hexdigest()[:8]


def _run(folder: Path, name: str, *more: str) -> Path:
    catalogue = folder / "catalogo.csv"
    catalogue.write_text(CATALOGUE, "utf-8")
    output = folder / name
    arguments = [
        "--catalogo",
        str(catalogue),
        "--ciudad",
        "--personas",
        "40",
        "--salida",
        str(output),
        "--registros",
        "0",
        "--sin-servicio",
    ]
    result = CliRunner().invoke(demo, [*arguments, "--semilla", "prueba", *more], standalone_mode=False)
    assert result.exception is None, result.output
    assert result.return_value == 0, result.output
    return output


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _run(tmp_path_factory.mktemp("ensayo"), "a")


def _public(output: Path) -> Path:
    return output / "publico" / "ensayo-2023"


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.mark.req("SEI-22")
@pytest.mark.req("SEI-28")
@pytest.mark.req("VER-03")
def test_whole_consultation_is_accepted_by_the_verifier(rehearsed: Path) -> None:
    verdict, code = verify("consulta", str(_public(rehearsed)))
    assert code == 0
    assert verdict["veredicto"] == "aceptado"
    results = json.loads((_public(rehearsed) / "resultados.json").read_bytes())
    assert results["total"]["boletas"] == 40


@pytest.mark.req("SEI-17")
def test_unit_without_projects_has_no_urn(rehearsed: Path) -> None:
    consultation = json.loads((_public(rehearsed) / "consulta.json").read_bytes())
    empty = next(u for u in consultation["unidades"] if u["clave"] == "02-001")
    assert empty["proyectos"] == [] and "archivo" not in empty
    assert sorted(p.name for p in (_public(rehearsed) / "urna").iterdir()) == [
        "01-001.bel",
        "01-002.bel",
        "01-003.bel",
        "02-002.bel",
    ]


@pytest.mark.req("SEI-23")
def test_every_urn_has_acta_and_listado_sealed_for_its_district(rehearsed: Path) -> None:
    for clave in ("01-001", "01-002", "01-003"):
        assert (_public(rehearsed) / "actas" / f"{clave}.pdf").read_bytes().startswith(b"%PDF")
        sealed = rehearsed / "direcciones-distritales" / UNO / f"listado-{clave}.json.age"
        assert sealed.read_bytes().startswith(b"age-encryption.org/v1\n")


@pytest.mark.req("SEI-25")
@pytest.mark.req("SEI-28")
def test_small_urn_is_opened_only_in_its_sum_with_the_mesa(rehearsed: Path) -> None:
    public = _public(rehearsed)
    acta = json.loads((public / "actas" / "01-003.json").read_bytes())
    assert (acta["acta"], acta["total"], acta["votos_nulos"]) == ("reserva", 2, None)
    opened = json.loads((public / "sumas-abiertas" / "01-003.json").read_bytes())
    total = json.loads((public / "sumas" / "01-003.json").read_bytes())
    assert sum(opened["resultado"]) == total["boletas"] == 2 + total["boletas_mesa"] >= 5
    escrutinio = json.loads((public / "escrutinio" / "01-003.json").read_bytes())
    assert escrutinio["modo"] == "conjunto" and escrutinio["resultados"][0]["mesa"] is None
    assert [p.name for p in (public / "sumas").iterdir()] == ["01-003.json"]


@pytest.mark.req("SEI-25")
def test_every_unit_has_escrutinio_and_cartel_and_the_results_are_theirs(rehearsed: Path) -> None:
    public = _public(rehearsed)
    computo = json.loads((public / "computo.json").read_bytes())
    claves = [line["clave"] for line in computo["unidades"]]
    assert claves == ["01-001", "01-002", "01-003", "02-002"]
    assert computo["total"]["internet"] == 40 and computo["total"]["reservadas"] == 0
    for clave in claves:
        assert (public / "escrutinio" / f"{clave}.pdf").read_bytes().startswith(b"%PDF")
    carteles = rehearsed / "direcciones-distritales" / UNO
    assert (carteles / "cartel-01-001.pdf").read_bytes().startswith(b"%PDF")


def test_wrong_share_is_on_record_and_blocks_nothing(rehearsed: Path) -> None:
    acta = json.loads((_public(rehearsed) / "actas" / "apertura.json").read_bytes())
    states = {a["custodio"]: a["estado"] for a in acta["aportaciones"]}
    assert states == {
        1: "aceptada",
        2: "aceptada",
        3: "rechazada",
        4: "aceptada",
        5: "aceptada",
        7: "aceptada",
    }
    assert acta["ausentes"] == [3, 6]


def test_same_seed_gives_the_same_public_folder_byte_for_byte(rehearsed: Path, tmp_path: Path) -> None:
    """With one process and the other arithmetic, which ignores what the first decoded."""
    again = _run(tmp_path, "b", "--procesos", "1", "--aritmetica", "libsodium")
    assert _hashes(_public(again)) == _hashes(_public(rehearsed))


def test_public_folder_names_nobody(rehearsed: Path) -> None:
    private = (rehearsed / "custodios" / "1" / "frase.txt").read_text("utf-8").strip()
    for path in _public(rehearsed).rglob("*"):
        if path.is_file():
            assert private.encode() not in path.read_bytes()


def test_folder_that_is_not_of_a_rehearsal_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "tesis.txt").write_text("años de trabajo", "utf-8")
    result = CliRunner().invoke(demo, ["--salida", str(tmp_path)], standalone_mode=False)
    assert "carpeta vacía o de otro ensayo" in str(result.exception)
    assert (tmp_path / "tesis.txt").read_text("utf-8") == "años de trabajo"


@pytest.mark.req("SEI-22")
def test_trustee_who_comes_too_late_learns_that_urns_are_open(rehearsed: Path, tmp_path: Path) -> None:
    seat = rehearsed / "custodios" / "6"
    arguments = [str(_public(rehearsed)), "--llave", str(seat / "llave.age")]
    arguments += ["--frase-archivo", str(seat / "frase.txt"), "--salida", str(tmp_path / "mia.jsonl")]
    result = CliRunner().invoke(apertura, arguments, standalone_mode=False)
    assert "urna.abierta" in str(result.exception)
    assert not (tmp_path / "mia.jsonl").exists()


@pytest.mark.req("SEI-28")
def test_key_opens_one_set_of_tallies_ever(rehearsed: Path, tmp_path: Path) -> None:
    """A server that first had a part opened and then the whole would learn the difference."""
    seat = rehearsed / "custodios" / "1"
    content = trustee_file.load(seat / "llave.age", (seat / "frase.txt").read_text("utf-8").strip()).content
    assert content.apertura is not None
    assert trustee_side.remember_opening(content, content.apertura) == content
    with pytest.raises(Refusal) as caught:
        trustee_side.remember_opening(content, "0" * 64)
    assert caught.value.rule == "custodio.apertura.otra"
