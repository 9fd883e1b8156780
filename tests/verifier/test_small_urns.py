"""Small urns in a public folder: what is accepted, and each way of opening one that must be refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sums
from bel import dump, sha, write
from certeza_verifier.commands import Settings, consulta
from certeza_verifier.report import Report
from nacl.signing import SigningKey
from publico import MESA, Publico, canonical

pytestmark = [pytest.mark.req("VER-03"), pytest.mark.req("SEI-25"), pytest.mark.req("SEI-28")]
ONE = Settings(processes=1)
SMALL = "07-010"
Change = Callable[[Any], Any]


def found(report: Report) -> set[str]:
    return {finding.rule for finding in report.all_findings}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Publico:
    public = Publico(tmp_path_factory.mktemp("base") / "presupuesto-2023")
    public.open_sums(1, 3)
    return public


@pytest.fixture
def root(opened: Publico, tmp_path: Path) -> Path:
    return Path(shutil.copytree(opened.root, tmp_path / "presupuesto-2023"))


def alter(root: Path, name: str, change: Change) -> None:
    value = json.loads((root / name).read_bytes())
    change(value)
    (root / name).write_bytes(canonical(value))


def remade(opened: Publico, root: Path, handed: dict[str, Any], counts: list[int]) -> Publico:
    """The folder with another Mesa, and everything that follows from it made anew."""
    public = Publico.__new__(Publico)
    public.__dict__ |= opened.__dict__ | {"root": root}
    urn = public.urns[SMALL]
    total = sums.sum_of(public.id, SMALL, urn, handed, public.k)
    public.put(f"mesas/{SMALL}.json", handed)
    public.put(f"sumas/{SMALL}.json", total)
    public.put(f"sumas-abiertas/{SMALL}.json", sums.opened(urn, total, counts, [1, 3]))
    return public


def test_a_whole_consultation_with_a_small_urn_is_accepted(root: Path) -> None:
    report = consulta(root, ONE)
    assert [finding.message for finding in report.all_findings] == []
    assert report.verdict == "aceptado"
    counts = report.counts
    assert (counts["mesas"], counts["sumas-con-mesa"], counts["sumas-abiertas"]) == (1, 1, 1)
    assert any("no se abren solas" in note and SMALL in note for note in report.notes)
    assert report.as_json()["detalle"]["urnas_pequenas"] == [SMALL]


def test_each_stage_before_the_sum_is_open_is_accepted(root: Path) -> None:
    """Mesas not counted yet, counted, added: an archive of the folder at any of these times is right."""
    acts: dict[str, list[str]] = {
        "sumas-abiertas": ["suma-abierta", "apertura-sumas"],
        "sumas": ["suma"],
        "mesas": ["mesa"],
    }
    for folder in acts:
        shutil.rmtree(root / folder)
        (root / "actas/apertura-sumas.json").unlink(missing_ok=True)
        assert found(consulta(root, ONE)) == {"acto-sobra"}


ALTERED: list[tuple[str, Change, str]] = [
    (f"mesas/{SMALL}.json", lambda m: m.update(recibidas=11), "mesa-firma"),
    (f"mesas/{SMALL}.json", lambda m: m.update(firma="0" * 128), "mesa-firma"),
    (f"mesas/{SMALL}.json", lambda m: m.update(firma="0" * 127), "mesa-forma"),
    (f"mesas/{SMALL}.json", lambda m: m.update(llave="1" * 64), "mesa-valor"),
    (f"mesas/{SMALL}.json", lambda m: m.update(consulta="otra"), "mesa-valor"),
    (f"mesas/{SMALL}.json", lambda m: m.update(clave="05-001"), "mesa-valor"),
    (f"mesas/{SMALL}.json", lambda m: m.update(uuid="1" * 14), "mesa-valor"),
    (f"mesas/{SMALL}.json", lambda m: m.update(version=True), "mesa-valor"),
    (f"mesas/{SMALL}.json", lambda m: m.update(total=-1), "json-rango"),
    (f"mesas/{SMALL}.json", lambda m: m.update(instante="hoy"), "consulta-valor"),
    (f"mesas/{SMALL}.json", lambda m: m.pop("sobrantes"), "json-campos"),
    (f"mesas/{SMALL}.json", lambda m: m["totales"].pop("prueba_total"), "json-campos"),
    ("mesas/llaves.json", lambda m: m["llaves"].pop(), "mesa-llaves"),
    ("mesas/llaves.json", lambda m: m["llaves"].reverse(), "consulta-orden"),
    ("mesas/llaves.json", lambda m: m.update(consulta="otra"), "mesa-llaves"),
    ("mesas/llaves.json", lambda m: m["llaves"][1].update(llave="2" * 64), "mesa-valor"),
    (f"sumas/{SMALL}.json", lambda s: s["cifrada"].reverse(), "suma-producto"),
    (f"sumas/{SMALL}.json", lambda s: s["cifrada"].pop(), "suma-producto"),
    (f"sumas/{SMALL}.json", lambda s: s.update(boletas=7), "suma-producto"),
    (f"sumas/{SMALL}.json", lambda s: s.update(suma="reservada"), "suma-producto"),
    (f"sumas/{SMALL}.json", lambda s: s.update(computo="0" * 64), "suma-producto"),
    (f"sumas/{SMALL}.json", lambda s: s.update(mesa="0" * 64), "suma-producto"),
    (f"sumas-abiertas/{SMALL}.json", lambda a: a["resultado"].reverse(), "resultado-valor"),
    (f"sumas-abiertas/{SMALL}.json", lambda a: a["resultado"].pop(), "resultado-forma"),
    (f"sumas-abiertas/{SMALL}.json", lambda a: a.update(suma="0" * 64), "suma-abierta-valor"),
    (f"sumas-abiertas/{SMALL}.json", lambda a: a["aportaciones"].pop(), "resultado-insuficiente"),
    (f"sumas-abiertas/{SMALL}.json", lambda a: a["aportaciones"].reverse(), "suma-abierta-valor"),
    (f"sumas-abiertas/{SMALL}.json", lambda a: a["aportaciones"][0].update(custodio=2), "parcial-prueba"),
    (f"sumas-abiertas/{SMALL}.json", lambda a: a["aportaciones"][0].update(custodio=0), "suma-abierta-valor"),
    ("actas/apertura-sumas.json", lambda a: a.update(acta="apertura"), "apertura-valor"),
    ("actas/apertura-sumas.json", lambda a: a["aportaciones"].pop(), "apertura-valor"),
]


@pytest.mark.parametrize(("name", "change", "rule"), ALTERED)
def test_each_altered_value_is_refused_by_its_rule(root: Path, name: str, change: Change, rule: str) -> None:
    alter(root, name, change)
    assert rule in found(consulta(root, ONE))


@pytest.mark.req("SEI-22")
def test_a_small_urn_opened_alone_is_refused(tmp_path: Path) -> None:
    """Everything else is as it should be: shares, result, acta."""
    public = Publico(tmp_path / "presupuesto-2023")
    public.k = 1
    public.open(1, 3)
    public.k = 3
    public.put("consulta.json", public.consulta)
    assert public.consulta["k"] == 3
    assert {"urna-pequena", "urna-etapa"} <= found(consulta(public.root, ONE))


def test_a_share_of_a_small_urn_alone_is_refused_before_it_is_open(opened: Publico, root: Path) -> None:
    urn = opened.urns[SMALL]
    urn.parts.shares = [(1, urn.share(1))]
    (root / f"urna/{SMALL}.bel").write_bytes(write(urn.parts).render())
    urn.parts.shares = []
    shutil.rmtree(root / "actas")
    (root / "resultados.json").unlink()
    assert "urna-pequena" in found(consulta(root, ONE))


def test_another_k_than_the_one_of_the_consultation_is_refused(root: Path) -> None:
    """The hash of consulta.json is in the log, and with another k other urns are small."""
    alter(root, "consulta.json", lambda c: c.update(k=2))
    assert {"acto-hash"} <= found(consulta(root, ONE))
    alter(root, "consulta.json", lambda c: c.update(k=1))
    assert {"acto-hash", "urna-etapa", "carpeta-sobra"} <= found(consulta(root, ONE))
    alter(root, "consulta.json", lambda c: c.update(k=4))
    assert {"acto-hash", "urna-pequena", "carpeta-falta"} <= found(consulta(root, ONE))


@pytest.mark.parametrize("folder", ["mesas", "sumas", "sumas-abiertas"])
def test_a_unit_that_is_left_out_is_missed(root: Path, folder: str) -> None:
    (root / f"{folder}/{SMALL}.json").rename(root / f"{folder}/05-001.json")
    assert {"carpeta-falta", "carpeta-sobra"} <= found(consulta(root, ONE))


def test_a_mesa_whose_numbers_do_not_add_up_is_refused(opened: Publico, root: Path) -> None:
    """Signed and all: ballots that nobody counted, or one that is left out."""
    urn = opened.urns[SMALL]
    for stated in (4, 6):
        handed = sums.mesa(opened.id, SMALL, urn, MESA[SMALL], stated=stated)
        remade(opened, root, handed, MESA[SMALL])
        assert "mesa-prueba-total" in found(consulta(root, ONE))


def test_a_bit_that_is_no_bit_is_refused(opened: Publico, root: Path) -> None:
    """The whole urn in the place of a bit, so that the sum would be twice the urn."""
    urn = opened.urns[SMALL]
    handed = sums.mesa(opened.id, SMALL, urn, MESA[SMALL])
    handed["totales"]["opciones"][0][0] |= json.loads(urn.parts.tally or b"")[0][0]
    remade(opened, root, sums.signed(handed), MESA[SMALL])
    assert "mesa-prueba-bit" in found(consulta(root, ONE))


def test_totals_of_another_author_are_refused_also_with_their_own_signature(
    opened: Publico, root: Path
) -> None:
    urn = opened.urns[SMALL]
    other = SigningKey(b"\1" * 32)
    handed = sums.mesa(opened.id, SMALL, urn, MESA[SMALL], other)
    remade(opened, root, handed, MESA[SMALL])
    assert "mesa-valor" in found(consulta(root, ONE))
    # The same totals, signed by who may: the proofs say who made them.
    remade(opened, root, sums.signed(handed | {"llave": sums.key_of(sums.SIGNER)}), MESA[SMALL])
    assert "mesa-prueba-bit" in found(consulta(root, ONE))


def test_a_sum_below_k_that_was_opened_is_refused(opened: Publico, root: Path) -> None:
    """One ballot of internet and none of paper: the sum is the urn."""
    urn = opened.urns[SMALL]
    handed = sums.mesa(opened.id, SMALL, urn, [0, 0, 0])
    remade(opened, root, handed, [0, 0, 0])
    assert json.loads((root / f"sumas/{SMALL}.json").read_bytes())["suma"] == "reservada"
    assert "urna-pequena" in found(consulta(root, ONE))
    (root / f"sumas-abiertas/{SMALL}.json").unlink()
    assert "urna-pequena" not in found(consulta(root, ONE))


def test_where_every_sum_stays_closed_the_second_opening_may_have_been_held(
    opened: Publico, root: Path
) -> None:
    handed = sums.mesa(opened.id, SMALL, opened.urns[SMALL], [0, 1, 0])
    remade(opened, root, handed, [0, 1, 0])
    shutil.rmtree(root / "sumas-abiertas")
    assert found(consulta(root, ONE)) == {"acto-hash", "acto-sobra"}  # the log tells of the other Mesa
    alter(root, "actas/apertura-sumas.json", lambda a: a.update(umbral=1))
    assert "apertura-valor" in found(consulta(root, ONE))
    (root / "actas/apertura-sumas.json").unlink()
    assert "carpeta-falta" not in found(consulta(root, ONE))


def test_a_sum_of_exactly_k_is_opened(opened: Publico, root: Path) -> None:
    handed = sums.mesa(opened.id, SMALL, opened.urns[SMALL], [0, 2, 0])
    public = remade(opened, root, handed, [0, 2, 0])
    public.log = opened.log
    assert found(consulta(root, ONE)) == {"acto-hash"}


def test_a_decryption_of_the_urn_in_the_place_of_its_sum_is_refused(opened: Publico, root: Path) -> None:
    urn = opened.urns[SMALL]
    alone = json.loads(urn.share(1))

    def exchange(value: Any) -> None:
        value["aportaciones"][0]["descifrado"] = alone

    alter(root, f"sumas-abiertas/{SMALL}.json", exchange)
    assert "parcial-prueba" in found(consulta(root, ONE))


def test_keys_of_the_mesas_that_came_after_the_opening_are_refused(opened: Publico, root: Path) -> None:
    entries = opened.entries()
    keys = next(e for e in entries if b"\nmesas\n" in e)
    late = [e for e in entries if e != keys] + [keys]
    public = Publico.__new__(Publico)
    public.__dict__ |= opened.__dict__
    log_root, public.log.root = public.log.root, root / "log"
    public.save_log(late)
    public.log.root = log_root
    assert found(consulta(root, ONE)) == {"acto-orden"}


def test_the_document_of_a_sum_is_canonical(root: Path) -> None:
    for folder in ("mesas", "sumas", "sumas-abiertas"):
        path = root / f"{folder}/{SMALL}.json"
        before = path.read_bytes()
        path.write_bytes(dump(json.loads(before)) + b"\n")
        assert found(consulta(root, ONE)) & {"json-canonico", "json-campos"}
        path.write_bytes(before)
    assert sha(path.read_bytes())
