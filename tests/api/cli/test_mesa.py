"""The command line of the Mesa: the key, the encrypted totals of a small urn, and the listado."""

from __future__ import annotations

import stat
from pathlib import Path

import pyrage
import pytest

from keys.group import Group
from tally.consultation import Consultation
from tally.listado import listado_data, sealed
from tally.public_folder import PublicFolder
from tally.small_urns_mesa import MesaKeys
from tally.small_urns_receiving import MesaDesk, publish_sums
from tests.tally.small_consultation import make_closed

from .test_ceremonia import PHRASE, Person, run  # noqa: F401 - the fixture


@pytest.fixture
def consultation(fast: Group, tmp_path: Path) -> Consultation:
    return make_closed(fast, tmp_path / "publico", k=3)[1]


def arguments(root: Path, clave: str, *opiniones: int, total: int) -> list[object]:
    phrase = root / "frase.txt"
    phrase.write_text(PHRASE, "utf-8")
    phrase.chmod(0o600)
    given: list[object] = ["mesa", "cifrar", root / "publico", clave, "--llave", root / "mesa.age"]
    given += ["--frase-archivo", phrase, "--recibidas", 40, "--sobrantes", 40 - total, "--total", total]
    for number in opiniones:
        given += ["--opiniones", number]
    return [*given, "--nulas", 1, "--salida", root / "entrega.json"]


def make_key(run: Person, root: Path) -> str:  # noqa: F811
    phrase = root / "frase.txt"
    phrase.write_text(PHRASE, "utf-8")
    phrase.chmod(0o600)
    said = run("mesa", "llave", root / "mesa.age", "--frase-archivo", phrase)
    assert stat.S_IMODE((root / "mesa.age").stat().st_mode) == 0o600
    return said.split()[-1]


@pytest.mark.req("SEI-25")
@pytest.mark.req("SEI-28")
def test_what_is_sealed_at_the_mesa_is_taken_by_who_publishes(
    run: Person,  # noqa: F811
    consultation: Consultation,
    tmp_path: Path,
) -> None:
    public = PublicFolder(tmp_path / "publico")
    keys = MesaKeys(consultation.id, (("UNO", make_key(run, tmp_path)),))
    public.write(public.mesa_keys_file, keys.data)
    said = run(*arguments(tmp_path, "01-002", 3, 0, 5, total=9))
    assert "Totales cifrados y firmados" in said and "No publique" in said
    MesaDesk(public.root).receive(consultation.urns[1], (tmp_path / "entrega.json").read_bytes())
    (total,) = publish_sums(public, consultation)
    assert (total.remote, total.paper, total.to_open) == (2, 9, True)


@pytest.mark.req("SEI-25")
def test_what_does_not_add_up_or_is_not_small_writes_nothing(
    run: Person,  # noqa: F811
    consultation: Consultation,
    tmp_path: Path,
) -> None:
    make_key(run, tmp_path)
    assert "mesa.suma" in run(*arguments(tmp_path, "01-002", 3, 0, 5, total=8), code=1)
    assert "mesa.proyectos" in run(*arguments(tmp_path, "01-002", 3, 5, total=9), code=1)
    assert "no es pequeña (3 boletas; el mínimo es 3)" in run(
        *arguments(tmp_path, "01-001", 3, 5, total=9), code=1
    )
    assert "mesa.unidad" in run(*arguments(tmp_path, "99-999", 3, 5, total=9), code=1)
    assert "custodio.archivo.existe" in run("mesa", "llave", tmp_path / "mesa.age", code=1)
    assert not (tmp_path / "entrega.json").exists()


@pytest.mark.req("SEI-24")
def test_a_person_who_opined_by_internet_is_told_at_the_mesa(
    run: Person,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = pyrage.x25519.Identity.generate()
    data = listado_data("prueba", "01-001", ["BCDFGH90010109H100"], bytes(32))
    (tmp_path / "l.age").write_bytes(sealed(data, str(own.to_public())))
    (tmp_path / "llave.txt").write_text(f"{own}\n", "utf-8")
    typed = iter(["bcdfgh90010109h100", "GMVLMR80070501M100", "no es", ""])
    monkeypatch.setattr("click.prompt", lambda *_, **__: next(typed))
    said = run("mesa", "buscar", tmp_path / "l.age", "--identidad", tmp_path / "llave.txt")
    assert said.count("YA OPINÓ") == 1 and said.count("puede opinar en la Mesa") == 1
    assert "listado.clave" in said and "BCDFGH" not in said
