"""The log of a consultation: every event and act once and in its place, and what follows when one is not."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bel import sha
from certeza_verifier.cli import main
from certeza_verifier.commands import Settings, consulta
from certeza_verifier.errors import Failure
from certeza_verifier.log_entries import parse_entry
from certeza_verifier.report import Report
from hypothesis import given, settings
from hypothesis import strategies as st
from publico import OPENING, Publico, uuid_of
from tlogs import Log, Signer, b64

pytestmark = pytest.mark.req("VER-02")
ONE = Settings(processes=1)
Entries = list[bytes]


def found(report: Report) -> set[str]:
    return {finding.rule for finding in report.all_findings}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Publico:
    public = Publico(tmp_path_factory.mktemp("base") / "presupuesto-2023")
    public.open(1, 3)
    return public


@pytest.fixture
def public(opened: Publico, tmp_path: Path) -> Publico:
    """A copy whose log may be written again."""
    root = Path(shutil.copytree(opened.root, tmp_path / "presupuesto-2023"))
    copy = Publico.__new__(Publico)
    copy.__dict__.update(opened.__dict__)
    copy.root, copy.log = root, Log(root / "log", opened.log.entries[:], opened.log.origin)
    copy.log.witnesses = list(opened.log.witnesses)
    return copy


def rewritten(public: Publico, change: Callable[[Entries], object]) -> Report:
    entries = public.log.entries[:]
    change(entries)
    public.save_log(entries)
    return consulta(public.root, ONE)


def test_everything_is_registered(public: Publico) -> None:
    report = consulta(public.root, ONE)
    assert (report.verdict, report.all_findings) == ("aceptado", [])
    counts = report.counts
    assert (counts["actos"], counts["eventos-registrados"]) == (7, sum(urn.events for urn in report.urns))
    assert counts["entradas"] == counts["actos"] + counts["eventos-registrados"]
    assert any("Atestiguado" in note for note in report.notes)
    assert report.as_json()["detalle"]["bitacora"]["atestiguado"] is True


def where(entries: Entries, kind: str) -> int:
    """Index of an act, or of the event `<height>` of the first urn."""
    uuid = uuid_of("presupuesto-2023", "05-001")
    heads = (f"certeza/acto/v1\n{kind}\n".encode(), f"certeza/urna/v1\n{uuid}\n{kind}\n".encode())
    return next(i for i, entry in enumerate(entries) if entry.startswith(heads))


def drop(kind: str) -> Callable[[Entries], object]:
    return lambda e: e.pop(where(e, kind))


def twice(kind: str) -> Callable[[Entries], object]:
    return lambda e: e.append(e[where(e, kind)])


def swap(one: str, other: str) -> Callable[[Entries], object]:
    def change(e: Entries) -> None:
        i, j = where(e, one), where(e, other)
        e[i], e[j] = e[j], e[i]

    return change


def instead(kind: str, *pair: bytes) -> Callable[[Entries], object]:
    def change(e: Entries) -> None:
        i = where(e, kind)
        assert pair[0] in e[i]
        e[i] = e[i].replace(pair[0], pair[1], 1)

    return change


def other_hash(kind: str) -> Callable[[Entries], object]:
    def change(e: Entries) -> None:
        i = where(e, kind)
        e[i] = e[i][:-64] + b"0" * 64

    return change


def adding(entry: bytes) -> Callable[[Entries], object]:
    return lambda e: e.append(entry)


HASH = b"0" * 64
UUID = uuid_of("presupuesto-2023", "05-001").encode()
CHANGES: list[tuple[Callable[[Entries], object], set[str]]] = [
    (drop("ceremonia"), {"acto-falta"}),
    (drop("consulta"), {"acto-falta"}),
    (drop("apertura"), {"acto-falta"}),
    (drop("acta/05-002"), {"acto-falta"}),
    (drop("resultados"), {"acto-falta"}),
    (twice("consulta"), {"acto-repetido"}),
    (twice("acta/05-002"), {"acto-repetido"}),
    (other_hash("ceremonia"), {"acto-hash"}),
    (other_hash("consulta"), {"acto-hash"}),
    (other_hash("acta/05-001"), {"acto-hash"}),
    (other_hash("resultados"), {"acto-hash"}),
    (swap("consulta", "1"), {"acto-orden", "registro-orden"}),
    (swap("consulta", "resultados"), {"acto-orden"}),
    (instead("resultados", b"\nresultados\n", b"\notro\n"), {"acto-desconocido", "acto-falta"}),
    (instead("acta/05-001", b"/05-001\n", b"/06-003\n"), {"acto-desconocido", "acto-falta"}),
    (drop("0"), {"registro-orden"}),
    (drop("2"), {"registro-orden"}),
    (lambda e: e.pop(max(i for i, x in enumerate(e) if UUID in x)), {"registro-falta"}),
    (twice("2"), {"registro-orden"}),
    (swap("1", "2"), {"registro-orden"}),
    (other_hash("2"), {"registro-hash"}),
    (adding(b"certeza/urna/v1\n" + UUID + b"\n99\n" + HASH), {"registro-orden", "registro-sobra"}),
    (adding(b"certeza/urna/v1\n" + b"1" * 14 + b"\n0\n" + HASH), {"registro-urna"}),
    (adding(b""), {"registro-entrada"}),
    (adding(b"certeza/urna/v2\n" + UUID + b"\n0\n" + HASH), {"registro-entrada"}),
    (adding(b"certeza/urna/v1\n" + UUID + b"\n00\n" + HASH), {"registro-entrada"}),
    (adding(b"certeza/urna/v1\n" + UUID + b"\n0\n" + HASH + b"\n"), {"registro-entrada"}),
    (adding(b"certeza/urna/v1\n" + UUID + b"\n0\n" + b"A" * 64), {"registro-entrada"}),
    (adding(b"certeza/acto/v1\nx\nayer\n" + HASH), {"consulta-valor"}),
    (adding(b"certeza/apoyo/v1\n\xff"), {"registro-entrada"}),
    (adding(b"certeza/apoyo/v1\n" + HASH), set()),
]


@pytest.mark.parametrize(("change", "wanted"), CHANGES)
def test_entries_that_are_not_as_they_should(
    public: Publico, change: Callable[[Entries], object], wanted: set[str]
) -> None:
    assert found(rewritten(public, change)) == wanted


def test_the_place_is_told(public: Publico) -> None:
    (finding,) = rewritten(public, other_hash("2")).all_findings
    assert (finding.ut, finding.height, finding.file) == ("05-001", 2, "log")
    assert "urna/05-001.bel" in finding.place


def test_a_ballot_taken_from_urn_and_documents(opened: Publico, public: Publico) -> None:
    """Everything else may be made again; the log remembers."""
    cheat = Publico(public.root.parent / "otra" / "presupuesto-2023", m=opened.m.__class__(seed=41))
    cheat.urns["05-001"].parts.ballots.pop()
    cheat.urns["05-001"].plain.pop()
    cheat.open(1, 3)
    assert consulta(cheat.root, ONE).verdict == "aceptado"
    shutil.rmtree(cheat.root / "log")
    shutil.copytree(public.root / "log", cheat.root / "log")
    assert {"registro-hash", "registro-sobra", "acto-hash"} <= found(consulta(cheat.root, ONE))


def test_the_opening_taken_away(public: Publico) -> None:
    shutil.rmtree(public.root / "actas")
    (public.root / "resultados.json").unlink()
    assert found(consulta(public.root, ONE)) == {"acto-sobra"}


def test_earlier_stages(tmp_path: Path) -> None:
    early = Publico(tmp_path / "c", votes={"05-001": [], "05-002": [], "07-010": []})
    report = consulta(early.save(), ONE)
    assert (report.verdict, report.counts["actos"], report.counts["eventos-registrados"]) == (
        "aceptado",
        2,
        3,
    )
    early.urns["07-010"].vote(1, [0, 1, 0])
    assert consulta(early.save(), ONE).counts["eventos-registrados"] == 4
    early.save_log(
        [e for e in early.entries() if b"\nconsulta\n" not in e]
        + [early.act("consulta", "consulta.json").encode()]
    )
    assert found(consulta(early.root, ONE)) == {"acto-orden"}


def test_a_broken_archive_speaks_for_itself(public: Publico) -> None:
    path = public.root / "urna/05-001.bel"
    path.write_bytes(path.read_bytes()[:-100])
    assert not {rule for rule in found(consulta(public.root, ONE)) if rule.startswith("registro")}
    path.unlink()
    assert found(consulta(public.root, ONE)) == {"carpeta-falta"}


def test_without_quorum_it_is_a_note(public: Publico) -> None:
    public.log.witnesses = public.log.witnesses[:1]
    public.save_log(public.log.entries)
    report = consulta(public.root, ONE)
    assert report.verdict == "aceptado"
    assert any("No atestiguado" in note for note in report.notes)
    assert report.as_json()["detalle"]["bitacora"]["atestiguado"] is False


@pytest.mark.parametrize(
    ("name", "change", "wanted"),
    [
        ("checkpoint", lambda d: d[:-1], {"nota-forma"}),
        ("checkpoint", lambda d: d.replace(b"/presupuesto", b"/otra"), {"nota-sin-firma"}),
        ("checkpoint", lambda d: d.replace(b"testigo1.example ", b"testigo9.example "), set()),
        ("politica.txt", lambda d: d + b"\n", {"politica-hash"}),
        ("tile/0/000.p/22", lambda d: bytes(32) + d[32:], {"paquete-entrada", "bitacora-raiz"}),
        (
            "tile/entries/000.p/22",
            lambda d: d[:-1] + b"x",
            {"paquete-entrada", "registro-entrada", "acto-falta"},
        ),
        ("tile/entries/000.p/22", lambda d: d[:-1], {"paquete-forma"}),
    ],
)
def test_files_of_the_log(
    public: Publico, name: str, change: Callable[[bytes], bytes], wanted: set[str]
) -> None:
    path = public.root / "log" / name.replace("22", str(len(public.log.entries)))
    path.write_bytes(change(path.read_bytes()))
    assert found(consulta(public.root, ONE)) - {"acto-falta", "registro-falta"} == wanted - {"acto-falta"}


def test_without_tiles(public: Publico) -> None:
    shutil.rmtree(public.root / "log/tile")
    assert found(consulta(public.root, ONE)) == {"tesela-falta"}
    shutil.rmtree(public.root / "log")
    assert found(consulta(public.root, ONE)) == {"carpeta-falta"}


def test_a_policy_must_list_the_log(public: Publico, opened: Publico) -> None:
    public.policy = Log(public.root, origin="otra.example").policy()
    document = public.get("consulta.json")
    document["bitacora"]["politica"] = sha(public.policy)
    public.put("consulta.json", document)
    public.log.put("politica.txt", public.policy)
    assert "politica-bitacora" in found(consulta(public.root, ONE))


def test_a_log_that_signs_what_cannot_be_checked(public: Publico) -> None:
    material = b"\x06" + bytes(1312)
    name = public.log.origin
    import hashlib

    key_id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    vkey = f"{name}+{key_id.hex()}+{b64(material)}"
    public.policy = f"log {vkey}\nquorum none\n".encode()
    document = public.get("consulta.json")
    document["bitacora"] = {"llave": vkey, "politica": sha(public.policy)}
    public.put("consulta.json", document)
    public.save_log()
    line = f"— {name} {b64(key_id + bytes(2428))}\n".encode()
    text = public.log.text()
    public.log.put("checkpoint", text + b"\n" + line)
    report = consulta(public.root, ONE)
    assert (report.verdict, found(report)) == ("no-juzgado", set())
    assert "ML-DSA" in str(report.not_judged)


@given(data=st.binary() | st.text().map(str.encode))
def test_any_entry(data: bytes) -> None:
    for head in (b"", b"certeza/urna/v1\n", b"certeza/acto/v1\nx\n" + OPENING.encode() + b"\n"):
        try:
            parse_entry(head + data, "entrada 0")
        except Failure as failure:
            assert failure.rule in ("registro-entrada", "consulta-valor")


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_mutated_files(seed: int, opened: Publico, tmp_path_factory: pytest.TempPathFactory) -> None:
    rng = random.Random(seed)
    root = Path(shutil.copytree(opened.root, tmp_path_factory.mktemp("mutado") / "presupuesto-2023"))
    path = rng.choice(sorted(path for path in (root / "log").rglob("*") if path.is_file()))
    data = bytearray(path.read_bytes())
    at, size = rng.randrange(len(data)), rng.choice((0, 1, 2, 40))
    data[at : at + size] = rng.randbytes(rng.choice((0, 1, size)))
    path.write_bytes(data)
    assert main(["consulta", str(root), "--procesos", "1", "--json"]) in (0, 1)


def test_the_report_for_machines(public: Publico, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["consulta", str(public.root), "--procesos", "1", "--json"]) == 0
    said = json.loads(capfdbinary.readouterr().out)
    assert said["detalle"]["bitacora"]["tamano"] == len(public.log.entries)
    assert Signer(public.log.origin).vkey == said["detalle"]["bitacora"]["bitacora"]
