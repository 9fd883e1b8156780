"""A simulacro as it is typed: a ceremony by hand, invented votes, opened with the keys of the ceremony."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from api.demo.simulacro import STATE, State
from keys import canonical

from .test_ceremonia import Person, Stick, run  # noqa: F401 - the fixture

pytestmark = pytest.mark.req("SEI-22")
CATALOGUE = """clave,demarcacion,nombre,poblacion,proyecto_1,proyecto_2,proyecto_3
01-001,UNO,Barrio Alto,900,Parque,Luminarias,Biblioteca
01-002,UNO,Barrio Bajo,700,Cancha,Banquetas,
"""


class Drill:
    """The folder of a simulacro, prepared with the key of a ceremony of three with threshold two."""

    def __init__(self, person: Person, root: Path, people: int = 12) -> None:
        self.run, self.root, self.stick = person, root, Stick(person, root).complete()
        self.output = root / "simulacro"
        catalogue = root / "catalogo.csv"
        catalogue.write_text(CATALOGUE, "utf-8")
        options = ("--catalogo", catalogue, "--personas", people, "--procesos", 1)
        self.said = person("simulacro", "preparar", self.stick.folder, self.output, *options)
        self.public = self.output / "publico" / "ensayo-2023"

    def share(self, index: int, *more: str) -> Path:
        path = self.root / f"aportacion-{index}{''.join(more)}.jsonl"
        given = ("--llave", self.stick.key(index), "--frase-archivo", self.stick.phrase, "--procesos", 1)
        self.said = self.run("custodio", "apertura", self.public, *given, *more, "--salida", path)
        return path

    def open(self, *files: Path, code: int = 0) -> str:
        return self.run("simulacro", "abrir", self.output, *files, "--procesos", 1, code=code)

    @property
    def opened(self) -> bool:
        return (self.public / "resultados.json").exists()


@pytest.fixture
def drill(run: Person, tmp_path: Path) -> Drill:  # noqa: F811
    return Drill(run, tmp_path)


def test_the_trustees_open_what_only_they_can(drill: Drill) -> None:
    assert "12 opiniones, inventadas" in drill.said and "Con 2 aportaciones o más" in drill.said
    assert stat.S_IMODE((drill.output / STATE).stat().st_mode) == 0o600
    files = [drill.share(3), drill.share(1)]
    assert "se esperaba 2 aportaciones; se encontró 1" in drill.open(files[0], code=1)
    assert not drill.opened
    said = drill.open(*files)
    assert "3. Custodio 3: su aportación es correcta" in said
    assert "Veredicto de certeza-verify: ACEPTADA" in said
    assert json.loads((drill.public / "resultados.json").read_bytes())["total"]["boletas"] == 12
    assert json.loads((drill.public / "actas" / "01-001.json").read_bytes())["custodios"] == [1, 3]


@pytest.mark.req("SEI-25")
@pytest.mark.req("SEI-28")
def test_small_urns_wait_for_their_mesas_and_the_trustees_come_again(
    run: Person,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What the Mesas count follows from the seed: here both count enough for their sums to be opened.
    monkeypatch.setattr("api.demo.simulacro._fresh_seed", lambda: "ensayo")
    drill = Drill(run, tmp_path, people=6)
    first = [drill.share(1), drill.share(2)]
    assert "2 pequeñas siguen cerradas hasta sumarse con su Mesa" in drill.said
    said = drill.open(*first)
    assert "certeza simulacro sumas" in said and "ACEPTADA" in said
    assert json.loads((drill.public / "actas" / "01-001.json").read_bytes())["acta"] == "reserva"
    assert not (drill.public / "computo.json").exists()
    second = [drill.share(1, "--sumas"), drill.share(3, "--sumas")]
    assert "2 sumas de urnas pequeñas con sus Mesas; ninguna urna sola" in drill.said
    said = drill.run("simulacro", "sumas", drill.output, first[0], second[0], "--procesos", 1, code=1)
    assert "aportacion.tipo" in said
    assert "ACEPTADA" in drill.run("simulacro", "sumas", drill.output, *second, "--procesos", 1)
    before = {p: p.read_bytes() for p in drill.public.rglob("*.json")}
    assert "ACEPTADA" in drill.open(*first)
    assert "ACEPTADA" in drill.run("simulacro", "sumas", drill.output, *second, "--procesos", 1)
    assert {p: p.read_bytes() for p in drill.public.rglob("*.json")} == before
    acta = json.loads((drill.public / "escrutinio" / "01-001.json").read_bytes())
    assert acta["modo"] == "conjunto" and acta["votos_nulos"]["internet"] is None


def test_trustees_compare_what_would_be_opened_before_a_key_is_bound_to_it(drill: Drill) -> None:
    key = drill.stick.key(1)
    before = key.read_bytes()
    given = ("--llave", key, "--frase-archivo", drill.stick.phrase, "--procesos", 1)
    said = drill.run("custodio", "apertura", drill.public, *given)
    assert "Sin --salida no se escribió nada" in said
    heard = " ".join(re.findall(r"\b[0-9a-f]{4}\b", said.split("lo que se abre:")[1])[:16])
    other = drill.root / "otra.jsonl"
    wrong = (*given, "--salida", other, "--huella", heard.replace(heard[:4], "0000", 1))
    assert "No se escribió nada" in drill.run("custodio", "apertura", drill.public, *wrong, code=1)
    assert key.read_bytes() == before and not other.exists()
    right = (*given, "--salida", other, "--huella", heard)
    assert "Coincide con la que se leyó" in drill.run("custodio", "apertura", drill.public, *right)
    assert key.read_bytes() != before and other.exists()


def test_opening_again_changes_nothing_and_with_others_is_refused(drill: Drill) -> None:
    first, second, third = (drill.share(i) for i in (1, 2, 3))
    drill.open(first, second)
    before = {p: p.read_bytes() for p in drill.public.rglob("*.bel")}
    assert "ACEPTADA" in drill.open(first, second)
    said = drill.open(first, third, code=1)
    assert "las aportaciones con que se abrió: 1, 2; se encontró las de 1, 3 [apertura.custodios]" in said
    said = drill.open(first, second, third, code=1)
    assert "se encontró las de 1, 2, 3 [apertura.custodios]" in said
    assert {p: p.read_bytes() for p in drill.public.rglob("*.bel")} == before


def test_a_strange_file_among_the_shares_is_told_and_stops_nothing(drill: Drill) -> None:
    strange = drill.root / "foto.jpg"
    strange.write_bytes(b"\xff\xd8\xff")
    said = drill.open(drill.share(1), strange, drill.share(2))
    assert "Archivo que no es de nadie: aportación rechazada" in said
    assert "ACEPTADA" in said


def test_a_simulacro_that_waits_is_never_replaced(drill: Drill) -> None:
    before = (drill.output / STATE).read_bytes()
    said = drill.run("simulacro", "preparar", drill.stick.folder, drill.output, code=1)
    assert "una carpeta nueva o vacía" in said
    assert "una carpeta vacía o de otro ensayo" in drill.run("demo", "--salida", drill.output, code=1)
    assert (drill.output / STATE).read_bytes() == before


def test_what_lacks_a_ceremony_or_its_first_part_is_told(run: Person, tmp_path: Path) -> None:  # noqa: F811
    stick = Stick(run, tmp_path)
    stick.certificates()
    said = run("simulacro", "preparar", stick.folder, tmp_path / "s", code=1)
    assert "trustees.json" in said and "certeza ceremonia avanzar" in said
    assert not (tmp_path / "s").exists()
    (tmp_path / "s").mkdir()
    assert "no existe" in run("simulacro", "abrir", tmp_path / "s", tmp_path / "x.jsonl", code=1)


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"semilla": 7}, {"listados": []}, {"listados": {"a": [1]}}]
)
def test_a_damaged_state_is_refused_with_its_place(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / STATE
    path.write_bytes(State("Ed25519", "semilla", {"01-001": ["CLAVE"]}).encode())
    assert State.read(path).listados == {"01-001": ["CLAVE"]}
    path.write_bytes(canonical.encode_sorted(json.loads(path.read_bytes()) | change))
    with pytest.raises(Exception, match=str(path)):
        State.read(path)
