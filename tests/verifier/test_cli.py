"""The command: exit codes, one JSON document, Spanish text, and never a traceback on any input."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from bel import dump, edited, write
from certeza_verifier import rules
from certeza_verifier.cli import main
from certeza_verifier.errors import NotJudged
from checking import check
from forge import Maker, Urn, keys_of, question, small_urn
from hypothesis import given, settings
from hypothesis import strategies as st
from publico import Publico

Captured = pytest.CaptureFixture[bytes]


@pytest.fixture(scope="module")
def urn() -> Urn:
    return small_urn()


@pytest.fixture
def path(urn: Urn, tmp_path: Path) -> Path:
    file = tmp_path / "urna.bel"
    file.write_bytes(write(urn.parts).render())
    return file


def run(capfdbinary: Captured, *words: object) -> tuple[int, str, str]:
    try:
        code = main([str(word) for word in words])
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    out, err = capfdbinary.readouterr()
    return code, out.decode(), err.decode()


@pytest.mark.req("VER-03")
def test_accepted(path: Path, capfdbinary: Captured) -> None:
    code, out, err = run(capfdbinary, "urna", path, "--procesos", 1)
    assert (code, err) == (0, "")
    assert "Veredicto: ACEPTADO" in out
    assert "voto nulo" in out


@pytest.mark.req("VER-03")
def test_rejected_names_the_ballot(tmp_path: Path, capfdbinary: Captured) -> None:
    parts = small_urn().parts
    parts.ballots[1] = edited(parts.ballots[1], lambda b: b["signature"]["proof"].update(response="7"))
    file = tmp_path / "mala.bel"
    file.write_bytes(write(parts).render())
    code, out, _ = run(capfdbinary, "urna", file, "--json", "--procesos", 1)
    document = json.loads(out)
    assert (code, document["veredicto"]) == (1, "rechazado")
    (failure,) = document["fallas"]
    assert (failure["regla"], failure["evento"], failure["archivo"]) == ("boleta-firma", 2, "mala.bel")
    assert failure["mensaje"].startswith(rules.text("boleta-firma"))
    names = {"regla", "archivo", "ut", "evento", "boleta", "lugar", "esperado", "obtenido", "mensaje"}
    assert set(failure) == names
    code, found, _ = run(capfdbinary, "boleta", failure["boleta"], file, "--procesos", 1)
    assert code == 1
    assert f"comprobante {failure['boleta']}" in found


@pytest.mark.req("SEI-28")
def test_a_citizen_finds_the_own_ballot(path: Path, capfdbinary: Captured) -> None:
    code, out, _ = run(capfdbinary, "urna", path, "--boletas", "--json", "--procesos", 1)
    lines = json.loads(out)["archivos"][0]["lista"]
    assert (code, [line["evento"] for line in lines]) == (0, [1, 2, 3])
    public = path.parent.parent / "consulta"
    (public / "urna").mkdir(parents=True)
    (public / "urna" / path.name).write_bytes(path.read_bytes())
    for where in (path, path.parent, public):
        code, out, _ = run(capfdbinary, "boleta", lines[1]["comprobante"], where, "--procesos", 1)
        assert code == 0
        assert f"boleta 2: comprobante {lines[1]['comprobante']} · credencial {lines[1]['credencial']}" in out
    assert run(capfdbinary, "boleta", "A" * 43, path, "--procesos", 1)[0] == 2


def test_what_cannot_be_judged(urn: Urn, tmp_path: Path, capfdbinary: Captured) -> None:
    value = {"type": "NonHomomorphic", "value": {"answers": ["a"], "question": "q"}}
    parts = small_urn().parts
    parts.election = edited(parts.election, lambda e: e.update(questions=[value]))
    (tmp_path / "x.bel").write_bytes(write(parts).render())
    (tmp_path / "vacía").mkdir()
    for words in (
        ["urna", tmp_path / "x.bel"],
        ["urna", tmp_path / "no-existe.bel"],
        ["urna", tmp_path / "vacía"],
        ["consulta", tmp_path],
        ["consulta", tmp_path / "x.bel"],
        ["diferencia", tmp_path, tmp_path / "x.bel"],
        ["diferencia", tmp_path / "nada", tmp_path / "nada"],
        ["urna", tmp_path / "x.bel", "--estado", tmp_path],
        ["urna"],
        ["otra"],
        [],
        ["urna", tmp_path / "x.bel", "--procesos", 0],
        ["urna", tmp_path / "x.bel", "--aritmetica", "otra"],
    ):
        code, out, err = run(capfdbinary, *words)
        assert code == 2, words
        assert "Traceback" not in out + err


def test_json_has_one_document_in_every_case(tmp_path: Path, capfdbinary: Captured) -> None:
    for words in (["consulta", tmp_path], ["urna", tmp_path], ["diferencia", tmp_path, tmp_path]):
        code, out, _ = run(capfdbinary, *words, "--json")
        assert (code, json.loads(out)["veredicto"]) == (2, "no-juzgado")


def test_processes_give_the_same_report(path: Path, capfdbinary: Captured) -> None:
    for words in (["urna", path], ["urna", path.parent]):
        one = run(capfdbinary, *words, "--json", "--procesos", 1)
        assert run(capfdbinary, *words, "--json", "--procesos", 2) == one


def test_a_whole_consultation(tmp_path: Path, capfdbinary: Captured) -> None:
    public = Publico(tmp_path / "presupuesto-2023")
    public.open(2, 3)
    code, out, _ = run(capfdbinary, "consulta", public.root, "--procesos", 2, "--estado", tmp_path / "e.json")
    assert (code, "Veredicto: ACEPTADO" in out) == (0, True)
    code, out, _ = run(capfdbinary, "consulta", public.root, "--json", "--estado", tmp_path / "e.json")
    assert json.loads(out)["comprobado"].get("pruebas-de-boletas", 0) == 0
    assert code == 0
    assert run(capfdbinary, "diferencia", public.root, public.root)[0] == 0


def test_every_rule_has_its_sentence() -> None:
    source = Path(rules.__file__).parent
    text = "\n".join(p.read_text() for p in source.rglob("*.py") if p.name != "rules.py")
    for rule, sentence in rules.RULES.items():
        assert f'"{rule}"' in text, rule
        assert sentence.endswith(".")


# --- any bytes at all ---


def judged(data: bytes, folder: Path) -> None:
    try:
        report = check(data, folder)
    except NotJudged:
        return
    assert all(finding.rule in rules.RULES and finding.message for finding in report.findings)
    json.dumps(report.as_json()).encode()


@given(data=st.binary(max_size=2000))
def test_any_bytes(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    judged(data, tmp_path_factory.getbasetemp())


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_mutated_archives(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    rng = random.Random(seed)
    data = bytearray(_archive())
    for _ in range(rng.randrange(1, 4)):
        at, size = rng.randrange(len(data)), rng.choice((0, 1, 1, 2, 512))
        data[at : at + size] = rng.randbytes(rng.choice((0, 1, 1, size)))
    judged(bytes(data), tmp_path_factory.getbasetemp())


VALUES = [None, True, 0, -1, 2**70, 1.5, "", "0", "é\ud800", [], {}, [[]], "0" * 64, {"a": []}]


@settings(max_examples=80)
@given(seed=st.integers(0, 2**32))
def test_mutated_messages(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A value anywhere in a message becomes something else, and all hashes are made to fit."""
    rng = random.Random(seed)
    parts = small_urn().parts
    name = rng.choice(["election", "trustees", "credentials", "ballots", "tally", "shares", "result"])
    if name == "ballots":
        parts.ballots[0] = mutated(parts.ballots[0], rng)
    elif name == "shares":
        parts.shares[0] = (1, mutated(parts.shares[0][1], rng))
    else:
        setattr(parts, name, mutated(getattr(parts, name), rng))
    judged(write(parts).render(), tmp_path_factory.getbasetemp())


def mutated(data: bytes, rng: random.Random) -> bytes:
    value = json.loads(data)
    if rng.random() < 0.05:
        return dump_any(rng.choice(VALUES))
    spot = value
    while True:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        key = rng.choice(keys)
        if isinstance(spot[key], dict | list) and spot[key] and rng.random() < 0.8:
            spot = spot[key]
            continue
        spot[key] = rng.choice(VALUES)
        return dump_any(value)


def dump_any(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


DOCUMENTS = ["consulta.json", "actas/apertura.json", "actas/05-001.json", "resultados.json"]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_of_any_shape(tmp_path: Path, capfdbinary: Captured, name: str, value: object) -> None:
    root = _public(tmp_path)
    (root / name).write_bytes(dump_any(value))
    code, out, err = run(capfdbinary, "consulta", root, "--procesos", 1, "--json")
    assert code == 1
    assert "Traceback" not in err
    assert json.loads(out)["fallas"]


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_mutated_documents(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    rng = random.Random(seed)
    root = _public(tmp_path_factory.mktemp("mutado"))
    name = rng.choice([*DOCUMENTS, "trustees.json"])
    (root / name).write_bytes(mutated((root / name).read_bytes(), rng))
    assert main(["consulta", str(root), "--procesos", "1", "--json"]) in (0, 1)


_kept: dict[str, bytes] = {}


def _archive() -> bytes:
    if "urn" not in _kept:
        _kept["urn"] = write(small_urn().parts).render()
    return _kept["urn"]


def _public(folder: Path) -> Path:
    root = folder / "presupuesto-2023"
    if not _kept.get("consulta.json"):
        made = Publico(root).open(1, 2)
        _kept.update({p.relative_to(made).as_posix(): p.read_bytes() for p in made.rglob("*") if p.is_file()})
    for name, data in _kept.items():
        if name != "urn":
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)
    return root


def test_dump_is_compact() -> None:
    assert dump({"a": [1, "ñ"]}) == '{"a":[1,"ñ"]}'.encode()


def test_names_cannot_steer_the_terminal(tmp_path: Path, capfdbinary: Captured) -> None:
    m = Maker(seed=51)
    names = {"name": "Urna \x1b[2J\u202e", "description": "\x9b"}
    urn = Urn(m, keys_of(m, (3, 2)), [question()], names=names)
    (tmp_path / "x.bel").write_bytes(write(urn.parts).render())
    code, out, _ = run(capfdbinary, "urna", tmp_path / "x.bel", "--procesos", 1)
    assert code == 0
    assert not {"\x1b", "\u202e", "\x9b"} & set(out)


def test_a_fault_of_the_verifier_is_no_verdict(
    path: Path, capfdbinary: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("prueba")

    monkeypatch.setattr("certeza_verifier.commands.urna", broken)
    code, out, err = run(capfdbinary, "urna", path, "--json")
    assert (code, err, json.loads(out)["veredicto"]) == (2, "", "no-juzgado")
    assert "RuntimeError" in json.loads(out)["motivo"]
