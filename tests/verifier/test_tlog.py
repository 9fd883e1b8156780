"""Merkle proofs, notes, checkpoints, policies and proofs: vectors of others, codecs, refusals, any bytes."""

from __future__ import annotations

import base64
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from certeza_verifier.errors import Failure
from certeza_verifier.limits import LIMITS
from certeza_verifier.tlog import merkle, tiles
from certeza_verifier.tlog.acuse import parse_acuse, parse_code
from certeza_verifier.tlog.attest import Trust, attest
from certeza_verifier.tlog.checkpoint import parse_checkpoint
from certeza_verifier.tlog.note import parse_key, parse_note
from certeza_verifier.tlog.policy import parse_policy
from certeza_verifier.tlog.proof import parse_proof
from certeza_verifier.tlog.reader import Reader
from certeza_verifier.tlog.source import Folder
from hypothesis import given, settings
from hypothesis import strategies as st
from tlogs import ACUSE, SHARED, Log, Signer, audit, b64, h, mth, path_of, quantum, subproof

pytestmark = pytest.mark.req("VER-02")
VECTORS = SHARED / "vectors" / "tlog"
HERE = Path("/nonexistent")


def small(size: int = 7, witnesses: int = 2) -> Log:
    log = Log(HERE, [f"e{i}".encode() for i in range(size)])
    log.witnesses = [Signer(f"testigo{i}.example", 4) for i in range(witnesses)]
    return log


def refusal(action: Callable[[], object]) -> Failure:
    with pytest.raises(Failure) as caught:
        action()
    return caught.value


# --- other people's vectors ---


def vectors(kind: str) -> list[dict[str, Any]]:
    folder = VECTORS / "rfc6962-proofs" / kind
    if not folder.is_dir():
        pytest.skip("AVISO: faltan los vectores tlog/rfc6962-proofs: las pruebas de Merkle NO se compararon")
    found = [json.loads(path.read_text()) for path in sorted(folder.rglob("*.json"))]
    return [{k: _bytes(k, v) for k, v in value.items()} for value in found]


def _bytes(key: str, value: Any) -> Any:
    if key == "proof":
        return [base64.b64decode(item) for item in value or []]
    return base64.b64decode(value) if key in ("root", "root1", "root2", "leafHash") and value else value


def test_inclusion_vectors() -> None:
    found = vectors("inclusion")
    assert len(found) > 90
    for v in found:
        arguments = v["leafIdx"], v["treeSize"], v["leafHash"] or b"", v["root"] or b"", v["proof"]
        if v["wantErr"]:
            assert refusal(lambda a=arguments: merkle.verify_inclusion(*a)).rule == "prueba-inclusion", v
        else:
            merkle.verify_inclusion(*arguments)


def test_consistency_vectors() -> None:
    """One exception: from size 0 the vectors refuse what tlog-witness asks to accept."""
    found, exceptions = vectors("consistency"), 0
    assert len(found) > 90
    for v in found:
        arguments = v["size1"], v["size2"], v["root1"] or b"", v["root2"] or b"", v["proof"]
        exception = v["desc"] == "size1 is zero and size2 is not zero"
        exceptions += exception
        if v["wantErr"] and not exception:
            assert refusal(lambda a=arguments: merkle.verify_consistency(*a)).rule == "prueba-consistencia", v
        else:
            merkle.verify_consistency(*arguments)
    assert exceptions == 1


def test_every_tree_begins_with_the_empty_one() -> None:
    root = h(b"\x00uno")
    merkle.verify_consistency(0, 1, merkle.EMPTY, root, [])
    for old_root, proof in ((root, []), (merkle.EMPTY, [root])):
        failure = refusal(lambda o=old_root, p=proof: merkle.verify_consistency(0, 1, o, root, p))
        assert failure.rule == "prueba-consistencia"


# --- trees ---


@given(size=st.integers(1, 70), data=st.data())
def test_proofs_against_the_definition(size: int, data: st.DataObject) -> None:
    leaves = [h(bytes([i])) for i in range(size)]
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    proof = audit(index, leaves)
    merkle.verify_inclusion(index, size, leaves[index], mth(leaves), proof)
    older = subproof(old, leaves) if old else []
    merkle.verify_consistency(old, size, mth(leaves[:old]), mth(leaves), older)
    for broken in (proof[:-1], [*proof, h(b"")], proof[::-1]):
        if broken != proof:
            refusal(lambda b=broken: merkle.verify_inclusion(index, size, leaves[index], mth(leaves), b))
    if 0 < old < size:
        for broken in (older[:-1], [*older, h(b"")], []):
            refusal(lambda b=broken: merkle.verify_consistency(old, size, mth(leaves[:old]), mth(leaves), b))


@given(size=st.integers(0, 300), at=st.integers(0, 300))
def test_compact_range(size: int, at: int) -> None:
    leaves = [h(b"\x00" + bytes([i % 256])) for i in range(size)]
    edge = merkle.CompactRange()
    for i in range(size):
        edge.append(bytes([i % 256]))
        if i == at:
            edge = merkle.CompactRange(edge.size, edge.hashes)
    assert edge.root() == mth(leaves)
    assert len(edge.hashes) == size.bit_count()
    with pytest.raises(ValueError, match="argument"):
        merkle.CompactRange(size, [*edge.hashes, b""])


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513, 700])
def test_proofs_from_tiles(tmp_path: Path, size: int) -> None:
    log = Log(tmp_path, [str(i).encode() for i in range(size)])
    reader = Reader(Folder(log.save()), size)
    for index in {0, 1, size // 2, size - 1, min(256, size - 1)} & set(range(size)):
        assert reader.inclusion(index) == audit(index, log.leaves)
    for old in {1, size // 3 or 1, size // 2 or 1, min(256, size), size}:
        assert reader.consistency(old) == subproof(old, log.leaves)


@given(index=st.integers(0, 2**40))
def test_tile_names(index: int) -> None:
    assert tiles.number(index) == path_of(index)


def test_tile_names_of_the_specification() -> None:
    assert [tiles.number(n) for n in (0, 255, 1000, 1234067)] == ["000", "255", "x001/000", "x001/x234/067"]
    assert tiles.name(0, 273, 112) == "tile/0/273.p/112"
    assert tiles.name(tiles.ENTRIES, 1000) == "tile/entries/x001/000"
    widths = [tiles.width_of(70000, *at) for at in ((0, 272), (0, 273), (1, 0), (1, 1), (2, 0), (2, 1))]
    assert widths == [256, 112, 256, 17, 1, 0]
    assert [tiles.width_of(256, level, 0) for level in (0, 1, 2)] == [256, 1, 0]


# --- codecs ---


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_bundles(entries: list[bytes]) -> None:
    assert tiles.parse_bundle(tiles.render_bundle(entries), len(entries), "x") == entries


def test_bundle_refusals() -> None:
    entries = [b"a", b"", b"c" * 65535]
    data = tiles.render_bundle(entries)
    assert tiles.parse_bundle(data, 3, "x") == entries
    for bad, width in ((data, 2), (data, 4), (data[:-1], 3), (data + b"\0", 3), (b"", 1), (data, 0)):
        assert refusal(lambda b=bad, w=width: tiles.parse_bundle(b, w, "x")).rule == "paquete-forma"
    assert refusal(lambda: tiles.render_bundle([b"c" * 65536])).rule == "paquete-forma"
    assert refusal(lambda: tiles.parse_tile(bytes(63), 2, "x")).rule == "tesela-forma"


NAMES = st.text(st.characters(blacklist_categories=["Cs", "Z", "C"], blacklist_characters="+"), min_size=1)


@given(
    lines=st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"])), min_size=1),
    signers=st.lists(st.tuples(NAMES, st.binary(min_size=5, max_size=80)), min_size=1, max_size=20),
)
def test_notes_have_one_spelling(lines: list[str], signers: list[tuple[str, bytes]]) -> None:
    text = "\n".join(lines) + "\n"
    good = [(name, data) for name, data in signers if not any(c.isspace() for c in name)]
    if not good:
        return
    data = text + "\n" + "".join(f"— {name} {b64(value)}\n" for name, value in good)
    note = parse_note(data.encode(), "nota")
    assert note.text == text.encode()
    assert note.render() == data.encode()
    assert [(s.name, s.id + s.value) for s in note.signatures] == good


@given(size=st.integers(1, 40), data=st.data())
def test_proof_files_have_one_spelling(size: int, data: st.DataObject) -> None:
    log = small(size)
    index = data.draw(st.integers(0, size - 1))
    extra = data.draw(st.none() | st.binary(min_size=1))
    file = log.proof(index)
    if extra:
        file = file.replace(b"\nindex", f"\nextra {b64(extra)}\nindex".encode(), 1)
    proof = parse_proof(file, "prueba")
    assert (proof.render(), proof.extra, proof.index) == (file, extra, index)
    assert proof.verify(log.entries[index])[-1] == mth(log.leaves)


@given(names=st.lists(NAMES, min_size=1, max_size=6, unique=True), data=st.data())
def test_policies_say_the_same_when_written_again(names: list[str], data: st.DataObject) -> None:
    names = [f"w{name}" for name in names]
    keys = [Signer(f"k{i}", 4) for i in range(len(names))]
    lines = [f"witness {n} {k.vkey}  https://x" for n, k in zip(names, keys, strict=True)]
    needed = data.draw(st.sampled_from(["all", "any", *map(str, range(1, len(names) + 1))]))
    text = (
        "\n".join(["# comentario", "", *lines, f"\tgroup g {needed} {' '.join(names)} ", "quorum g"]) + "\n"
    )
    policy = parse_policy(text.encode(), "p")
    again = parse_policy(policy.render().encode(), "p")
    assert again == policy
    chosen = data.draw(st.sets(st.sampled_from(names)))
    least = {"all": len(names), "any": 1}.get(needed) or int(needed)
    assert policy.met(chosen) == (len(chosen) >= least)


def test_keys() -> None:
    text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"  # of the specification
    key = parse_key(text, "k")
    assert key.text == text
    note = (
        "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7"
        "Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    assert parse_note(note.encode(), "n").of(key)
    for bad in (
        "",
        "a",
        "a+b+c",
        text[:-1],
        text + "=",
        text.replace("530d903a", "530D903A"),
        text.replace("530d903a", "530d903b"),
        text.replace("+Ae", "+Ag"),
        text.replace("foo", "fo o"),
        "+" + text,
        text.replace("AekyeRrm56hA", "Aeky\nrm56hA"),
        text.replace("foo", "fo\ud800"),
    ):
        assert refusal(lambda b=bad: parse_key(b, "k")).rule in ("llave-forma", "llave-tipo"), bad


NOTE = b"a\n\n\xe2\x80\x94 b AAAAAAA=\n"


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b"", "nota-forma", "línea 1"),
        (b"a\n", "nota-forma", "última línea"),
        (NOTE[:-1], "nota-forma", "línea 3"),
        (b"a\n\n", "nota-forma", "línea 3"),
        (NOTE + b"\n", "nota-forma", "línea 5"),
        (NOTE.replace(b"a\n", b"a\r\n"), "nota-forma", "línea 1"),
        (NOTE.replace(b"a", b"\xff"), "nota-forma", "línea 1"),
        (NOTE.replace(b"\xe2\x80\x94", b"-"), "nota-forma", "línea 3"),
        (NOTE.replace(b" b ", b" "), "nota-forma", "línea 3"),
        (NOTE.replace(b" b ", b" b+c "), "nota-forma", "línea 3"),
        (NOTE.replace(b" b ", b"  "), "nota-forma", "línea 3"),
        (NOTE.replace(b" b ", " b\u00a0c ".encode()), "nota-forma", "línea 3"),
        (NOTE.replace(b"AAAAAAA=", b"AAAAAAB="), "nota-forma", "línea 3"),
        (NOTE.replace(b"AAAAAAA=", b"AAAAAAA"), "nota-forma", "línea 3"),
        (NOTE.replace(b"AAAAAAA=", b"AAAAAA=="), "nota-forma", "línea 3"),
        (NOTE.replace(b"AAAAAAA=", b"AAAAAAA= "), "nota-forma", "línea 3"),
        (NOTE + b"x\n", "nota-forma", "línea 4"),
        (NOTE + NOTE[3:] * 64, "bitacora-tamano", "nota"),
        (b"a" * 2**18 + NOTE, "bitacora-tamano", "nota"),
    ],
)
def test_note_refusals(data: bytes, rule: str, line: str) -> None:
    failure = refusal(lambda: parse_note(data, "nota"))
    assert failure.rule == rule
    assert line in failure.place


def test_sixteen_signatures_are_not_too_many() -> None:
    assert LIMITS.signatures >= 16
    log = small(3)
    log.extra = [quantum(f"pq{i}.example")[1] for i in range(16)]
    assert attest(log.checkpoint(), Trust((parse_key(log.signer.vkey, "k"),)), "c").strangers == 18


@pytest.mark.parametrize(
    "lines",
    [
        "o\n1\n",
        "\n1\nR\n",
        "o\n01\nR\n",
        "o\n-1\nR\n",
        "o\n+1\nR\n",
        "o\n1_0\nR\n",
        "o\n\u0661\nR\n",
        "o\n9223372036854775808\nR\n",
        "o\n1\nAAAA\n",
        "o\n1\nR\n\nx\n",
        "o\n1\nR \n",
    ],
)
def test_checkpoint_refusals(lines: str) -> None:
    text = lines.replace("R", b64(bytes(32)))
    assert parse_checkpoint(f"o\n1\n{b64(bytes(32))}\n".encode() + NOTE[2:], "c").size == 1
    assert refusal(lambda: parse_checkpoint(text.encode() + NOTE[2:] if lines else b"", "c")).rule in (
        "checkpoint-forma",
        "nota-forma",
    )


W = [Signer(f"t{i}.example", 4).vkey for i in range(3)]
POLICY = f"witness a {W[0]}\nwitness b {W[1]}\nwitness c {W[2]}\ngroup g 2 a b\ngroup h any g c\nquorum h\n"


def test_policy() -> None:
    policy = parse_policy(POLICY.encode(), "p")
    cases = {"": False, "a": False, "ab": True, "c": True, "ac": True, "bc": True}
    assert {who: policy.met(who) for who in cases} == cases
    assert parse_policy(b"quorum none\n", "p").met([])


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("quorum h\n", ""), "p"),
        (("quorum h\n", "quorum h"), "línea 6"),
        (("quorum h", "quorum h\nquorum h"), "línea 7"),
        (("quorum h", "quorum x"), "línea 6"),
        (("quorum h", "quorum"), "línea 6"),
        (("any g c", "any g a"), "línea 5"),
        (("any g c", "any g g"), "línea 5"),
        (("any g c", "any none"), "línea 5"),
        (("any g c", "3 g c"), "línea 5"),
        (("any g c", "0 g c"), "línea 5"),
        (("any g c", "02 g c"), "línea 5"),
        (("any g c", "any"), "línea 5"),
        (("group h", "group g"), "línea 5"),
        (("group h", "group none"), "línea 5"),
        (("group g 2 a b\n", "group g 2 a h\n"), "línea 4"),
        (("witness b", "witness a"), "línea 2"),
        (("witness b", "testigo b"), "línea 2"),
        (("witness b", "witness\tb x"), "línea 2"),
        ((W[1], W[0]), "línea 2"),
        ((W[1], Signer("l").vkey), "línea 2"),
        ((W[1], W[1][:-1]), "línea 2"),
        (("witness b", "log"), "línea 2"),
        (("witness b", "witness b\x0b"), "línea 2"),
        (("witness b", "witness b\x7f"), "línea 2"),
        (("quorum h", "quorum h\r"), "línea 6"),
    ],
)
def test_policy_refusals(change: tuple[str, str], line: str) -> None:
    failure = refusal(lambda: parse_policy(POLICY.replace(*change).encode(), "p"))
    assert failure.rule in ("politica-forma", "llave-forma", "llave-tipo")
    assert line in failure.place


def test_policy_limits() -> None:
    many = "".join(f"witness w{i} {Signer(f't{i}', 4).vkey}\n" for i in range(257)) + "quorum none\n"
    for data in (b"#\n" * 4097 + b"quorum none\n", b"#" + b"x" * 2**20 + b"\nquorum none\n", many.encode()):
        assert refusal(lambda d=data: parse_policy(d, "p")).rule == "bitacora-tamano"
    for many in (b"witness K\xff " + W[0].encode() + b"\nquorum K\xff\n",):
        assert parse_policy(many, "p").quorum == "K\udcff"


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ((b"proof@v1", b"proof@v2"), "línea 1"),
        ((b"\nindex 2", b"\nextra\nindex 2"), "línea 2"),
        ((b"\nindex 2", b"\nextra AAA\nindex 2"), "línea 2"),
        ((b"\nindex 2", b"\nindex 02"), "línea 2"),
        ((b"\nindex 2", b"\nindex 2\nindex 2"), "línea 3"),
        ((b"\nindex 2\n", b"\n"), "línea 2"),
        ((b"\nindex 2\n", b"\nindex 2\nAAAA\n"), "línea 3"),
        ((b"\n\nbitacora", b"\nbitacora"), "línea 6"),
    ],
)
def test_proof_refusals(change: tuple[bytes, bytes], line: str) -> None:
    data = small().proof(2)
    assert change[0] in data
    failure = refusal(lambda: parse_proof(data.replace(*change, 1), "p"))
    assert failure.rule == "prueba-forma"
    assert line in failure.place


def test_proof_limits() -> None:
    data = small().proof(2)
    long = data.replace(b"\nindex 2\n", b"\nindex 2\n" + (b64(bytes(32)).encode() + b"\n") * 61, 1)
    assert refusal(lambda: parse_proof(long, "p")).rule == "bitacora-tamano"
    huge = data.replace(b"\nindex", b"\nextra " + b64(bytes(2**19)).encode() + b"\nindex")
    assert refusal(lambda: parse_proof(huge, "p")).rule == "bitacora-tamano"


def test_codes_as_people_write_them() -> None:
    code = "0123456789abcdef" * 4
    grouped = " ".join(code[i : i + 4] for i in range(0, 64, 4))
    assert {parse_code(t) for t in (code, grouped, code.upper(), grouped.replace(" ", "-"))} == {code}
    assert {parse_code(t) for t in ("", code[:-1], code + "0", "g" * 64)} == {None}


# --- who signed ---


def trust_of(log: Log, quorum: str) -> Trust:
    policy = parse_policy(log.policy(quorum), "p")
    return Trust(tuple(policy.logs), policy)


GROUP = "group g 2 w0 w1\nquorum g"


def test_witnesses_and_quorum() -> None:
    log = small()
    attested = attest(log.checkpoint(), trust_of(log, GROUP), "c")
    assert (list(attested.witnesses), attested.quorum, attested.strangers) == (["w0", "w1"], True, 0)
    assert attested.witnesses["w0"].time == 1_700_000_000
    alone = small(witnesses=0).checkpoint()
    attested = attest(alone, trust_of(log, GROUP), "c")
    assert (attested.quorum, attested.possible) == (False, False)
    assert refusal(attested.require_quorum).rule == "cofirma-quorum"


def test_ml_dsa_is_not_checked() -> None:
    log = small(witnesses=1)
    vkey, line = quantum("pq.example")
    log.extra = [line]
    attested = attest(log.checkpoint(), trust_of(log, f"witness pq {vkey}\ngroup g all w0 pq\nquorum g"), "c")
    assert (attested.unchecked, attested.quorum, attested.possible) == (["pq"], False, True)
    assert any("no comprobada" in line for line in attested.lines(None))


@pytest.mark.parametrize("who", [0, 1, 2])
def test_a_known_key_that_fails_spoils_the_note(who: int) -> None:
    log = small()
    lines = log.checkpoint().split(b"\n")
    value = bytearray(base64.b64decode(lines[4 + who].split(b" ")[2]))
    value[-1] ^= 1
    lines[4 + who] = b" ".join([*lines[4 + who].split(b" ")[:2], b64(bytes(value)).encode()])
    failure = refusal(lambda: attest(b"\n".join(lines), trust_of(log, "none"), "c"))
    assert failure.rule == "nota-firma"
    assert f"línea {5 + who}" in failure.place


def test_signatures_of_others_do_not_count() -> None:
    log, other = small(), Log(HERE, origin="otra.example")
    assert refusal(lambda: attest(other.checkpoint(), trust_of(log, "none"), "c")).rule == "nota-sin-firma"
    text = other.text()
    forged = text + b"\n" + log.signer.line(text)
    assert refusal(lambda: attest(forged, trust_of(log, "none"), "c")).rule == "checkpoint-origen"
    trust = Trust((parse_key(log.signer.vkey, "k"),), origin="otra.example")
    assert attest(forged, trust, "c").checkpoint.origin == "otra.example"
    same = Signer(log.origin, seed=b"x")  # same name, other key: a stranger
    log.extra = [same.line(log.text())]
    assert attest(log.checkpoint(), trust_of(log, "none"), "c").strangers == 1


def test_the_time_and_the_extension_lines_are_signed() -> None:
    witness, log = Signer("w.example", 4), small(witnesses=0)
    log.witnesses = [witness]
    text = log.text() + b"extension\n"
    good = text + b"\n" + log.signer.line(text) + witness.line(text, 7)
    assert attest(good, trust_of(log, "w0"), "c").witnesses["w0"].time == 7
    without = text + b"\n" + log.signer.line(text) + witness.line(log.text(), 7)
    assert refusal(lambda: attest(without, trust_of(log, "w0"), "c")).rule == "nota-firma"
    for value in (bytes(4), bytes(71), b"\xff" * 8 + bytes(64), (8).to_bytes(8, "little") + bytes(64)):
        line = f"— {witness.name} {b64(witness.id + value)}\n".encode()
        bad = text + b"\n" + log.signer.line(text) + line
        assert refusal(lambda b=bad: attest(b, trust_of(log, "w0"), "c")).rule == "nota-firma"


# --- any bytes at all ---

PARSERS: list[Callable[[bytes], object]] = [
    lambda d: parse_note(d, "x").render(),
    lambda d: parse_checkpoint(d, "x").note.render(),
    lambda d: parse_proof(d, "x").render(),
    lambda d: parse_acuse(d).render(),
    lambda d: tiles.render_bundle(tiles.parse_bundle(d, 3, "x")),
]
SEEDS = [
    small().checkpoint(),
    small().checkpoint(),
    small().proof(3),
    ACUSE + b"\n" + small().proof(3),
    tiles.render_bundle([b"uno", b"dos", b""]),
]


@pytest.mark.parametrize("which", range(len(PARSERS)))
@settings(max_examples=200)
@given(data=st.data())
def test_mutations_are_refused_or_have_one_spelling(which: int, data: st.DataObject) -> None:
    rng = random.Random(data.draw(st.integers(0, 2**32)))
    file = bytearray(SEEDS[which])
    for _ in range(rng.randrange(0, 4)):
        at, size = rng.randrange(len(file) + 1), rng.choice((0, 1, 1, 4))
        file[at : at + size] = rng.choice(
            [rng.randbytes(size), b"\n", b" ", b"=", b"+", b"\xe2\x80\x94 ", b""]
        )
    try:
        again = PARSERS[which](bytes(file))
    except Failure as failure:
        assert failure.place
    else:
        assert again == bytes(file)


@settings(max_examples=200)
@given(data=st.binary() | st.text().map(str.encode))
def test_any_bytes(data: bytes) -> None:
    for parser in (*PARSERS, lambda d: parse_policy(d, "x"), lambda d: parse_key(d.decode("latin-1"), "x")):
        try:
            parser(data)
        except Failure as failure:
            assert failure.rule


def test_speed_of_proofs() -> None:
    """2,000 a second is the aim; a busy machine gets a quarter of it before this complains."""
    log = small(2**11)
    data, trust = log.proof(1234), trust_of(log, "none")
    entry, times = log.entries[1234], 200
    start = time.perf_counter()
    for _ in range(times):
        proof = parse_proof(data, "p")
        proof.verify(entry)
        attest(proof.checkpoint.note.render(), trust, "c")
    assert times / (time.perf_counter() - start) > 500
