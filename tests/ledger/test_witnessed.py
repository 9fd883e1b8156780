"""Cosignatures, policies, proofs and bundles."""

from __future__ import annotations

from base64 import b64encode

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from hypothesis import given
from hypothesis import strategies as st

from ledger.bundles import decode_bundle, encode_bundle, verify_bundle
from ledger.checkpoint import Checkpoint
from ledger.cosignature import Cosigner, MlDsa44Cosigner, Subtree, cosigned_at, parse_verifier
from ledger.errors import FormatRefusal, QuorumRefusal, SignatureRefusal, StorageRefusal, TreeRefusal
from ledger.note import Note, Signature, sign_note, verify_note
from ledger.policy import Policy
from ledger.policy_text import encode_policy, parse_policy
from ledger.proof import LogProof, parse_proof
from ledger.tree import leaf_hash

from .signing import LOG, ORIGIN, TIME, WITNESSES, cosigned, signed_log
from .textbook import Textbook

ENTRIES = [f"entrada {i}".encode() for i in range(7)]
SIGNED = signed_log(ENTRIES, witnesses=3)
TEXT = SIGNED.note.text


def test_cosignatures_verify_and_carry_their_time() -> None:
    valid = verify_note(SIGNED.note, [Cosigner(w.key) for w in WITNESSES])
    assert [cosigned_at(s.value, "")[0] for s in valid] == [TIME] * 3
    assert len(next(iter(valid)).encode().split()[2]) == 104


def test_cosignature_covers_time_and_extension_lines() -> None:
    extended = Checkpoint(ORIGIN, 7, SIGNED.head.root, ("extensión",)).encode()
    value = WITNESSES[0].cosign(extended, TIME)
    verifier = parse_verifier(WITNESSES[0].key.encode())
    verifier.verify(extended, value)
    later = (TIME + 1).to_bytes(8, "big") + value[8:]
    for text, bad in ((TEXT, value), (extended, later), (extended, value[:-1]), (extended, value + b"x")):
        with pytest.raises(SignatureRefusal):
            verifier.verify(text, bad)


@pytest.mark.parametrize("time", [-1, 2**63])
def test_times_out_of_range_are_refused(time: int) -> None:
    with pytest.raises(FormatRefusal, match=r"cosignatura\.hora"):
        WITNESSES[0].cosign(TEXT, time)
    late = (2**63).to_bytes(8, "big") + bytes(64)
    with pytest.raises(FormatRefusal, match=r"cosignatura\.hora"):
        Cosigner(WITNESSES[0].key).verify(TEXT, late)
    with pytest.raises(FormatRefusal, match=r"cosignatura\.longitud"):
        Cosigner(WITNESSES[0].key).verify(TEXT, late[:8])


def test_only_checkpoints_are_cosigned() -> None:
    with pytest.raises(FormatRefusal):
        WITNESSES[0].cosign("hola\n", TIME)


@pytest.fixture(scope="module")
def quantum() -> MlDsa44Cosigner:
    try:
        return MlDsa44Cosigner("testigo.cuántico.mx", b"q" * 32)
    except UnsupportedAlgorithm:
        pytest.skip("AVISO: cryptography no ofrece ML-DSA-44 aquí: NO se probó")


def test_ml_dsa_cosignature(quantum: MlDsa44Cosigner) -> None:
    note = SIGNED.note.with_signatures([cosigned(TEXT, quantum)])
    verifier = parse_verifier(quantum.key.encode())
    valid = verify_note(note, [verifier, LOG.verifier])
    assert len(valid) == 2
    bad = Note(TEXT, (Signature(verifier.name, verifier.key_id, bytes(8 + 2420)),))
    with pytest.raises(SignatureRefusal, match=r"firma\.invalida"):
        verify_note(bad, [verifier])
    with pytest.raises(SignatureRefusal, match=r"firma\.longitud"):
        verifier.verify(TEXT, bytes(8 + 2419))


def test_ml_dsa_message_is_the_structure_of_the_specification() -> None:
    message = Subtree("log", 0, 5, b"h" * 32).message("cosigner", 7)
    assert message == (
        b"subtree/v1\n\0"
        + b"\x08cosigner"
        + bytes(7)
        + b"\x07"
        + b"\x03log"
        + bytes(15)
        + b"\x05"
        + b"h" * 32
    )


def test_ml_dsa_subtrees(quantum: MlDsa44Cosigner) -> None:
    subtree = Subtree(ORIGIN, 4, 8, bytes(32))
    value = quantum.cosign_subtree(subtree, 0)
    Cosigner(quantum.key).verify_subtree(subtree, value)
    with pytest.raises(SignatureRefusal):
        Cosigner(quantum.key).verify_subtree(Subtree(ORIGIN, 0, 8, bytes(32)), value)
    with pytest.raises(FormatRefusal, match=r"cosignatura\.hora"):
        quantum.cosign_subtree(subtree, TIME)
    with pytest.raises(FormatRefusal, match=r"cosignatura\.subarbol"):
        quantum.cosign_subtree(Subtree(ORIGIN, 9, 8, bytes(32)), 0)


# Policies

KEYS = [w.key.encode() for w in WITNESSES]
POLICY = f"""# política de ejemplo
log {LOG.key.encode()} https://{ORIGIN}/
\twitness contraloría {KEYS[0]} https://testigo1.ejemplo.mx
witness universidad   {KEYS[1]}
witness partido {KEYS[2]}\x20
group   académicos any universidad
group todos 2 contraloría académicos partido

quorum todos
"""


def policy(quorum: str = POLICY) -> Policy:
    return parse_policy(quorum.encode("utf-8", "surrogateescape"))


def test_policy_reads_back() -> None:
    assert parse_policy(encode_policy(policy())) == policy()
    assert policy().witnesses[0].url == "https://testigo1.ejemplo.mx"
    assert [g.threshold for g in policy().groups] == [1, 2]


@pytest.mark.req("VER-02")
@pytest.mark.parametrize(("count", "met"), [(0, False), (1, False), (2, True), (3, True)])
def test_quorum(count: int, met: bool) -> None:
    signed = signed_log(ENTRIES, witnesses=count)
    if met:
        attested = policy().verify(signed)
        assert attested.cosigned == dict.fromkeys(["contraloría", "universidad", "partido"][:count], TIME)
    else:
        with pytest.raises(QuorumRefusal, match=r"2 de contraloría, académicos, partido.*testigos\.quorum"):
            policy().verify(signed)


def test_a_quorum_may_be_a_witness_or_none() -> None:
    alone = POLICY.replace("quorum todos", "quorum partido")
    policy(alone).verify(signed_log(ENTRIES, 3))
    with pytest.raises(QuorumRefusal, match="cosignatura de partido"):
        policy(alone).verify(signed_log(ENTRIES, 2))
    policy(POLICY.replace("quorum todos", "quorum none")).verify(signed_log(ENTRIES))


def test_a_policy_refuses_other_logs_and_false_signatures() -> None:
    foreign = sign_note(Checkpoint("otra.mx", 7, SIGNED.head.root).encode(), [LOG])
    with pytest.raises(SignatureRefusal, match=r"bitacora\.origen"):
        policy().verify(type(SIGNED)(foreign, Checkpoint("otra.mx", 7, SIGNED.head.root)))
    unsigned = type(SIGNED)(Note(TEXT, SIGNED.note.signatures[1:]), SIGNED.head)
    with pytest.raises(SignatureRefusal, match=r"nota\.desconocida"):
        policy().verify(unsigned)
    false = Signature(WITNESSES[2].key.name, WITNESSES[2].key.key_id, bytes(72))
    spoiled = type(SIGNED)(Note(TEXT, (*SIGNED.note.signatures[:3], false)), SIGNED.head)
    with pytest.raises(SignatureRefusal, match=r"firma\.invalida"):
        policy().verify(spoiled)


MALFORMED_POLICIES = {
    "word": ("loga x\n", r"línea 1.*politica\.linea"),
    "control": ("# a\r\nquorum none\n", r"línea 1.*politica\.control"),
    "no quorum": (f"log {LOG.key.encode()}\n", r"politica\.quorum"),
    "two quorums": ("quorum none\nquorum none\n", r"línea 2.*politica\.quorum"),
    "unknown quorum": ("\n\nquorum x\n", r"línea 3.*definido antes"),
    "later member": (f"group g any a\nwitness a {KEYS[0]}\nquorum g\n", r"línea 1.*definido antes"),
    "twice a member": (
        f"witness a {KEYS[0]}\ngroup g any a\ngroup h any a\nquorum h\n",
        r"línea 3.*un solo grupo",
    ),
    "twice in a group": (f"witness a {KEYS[0]}\ngroup g any a a\nquorum g\n", r"línea 2.*un solo grupo"),
    "same name": (f"witness a {KEYS[0]}\nwitness a {KEYS[1]}\nquorum a\n", r"línea 2.*un nombre libre"),
    "none": (f"witness none {KEYS[0]}\nquorum none\n", r"línea 1.*un nombre libre"),
    "same key": (f"witness a {KEYS[0]}\nwitness b {KEYS[0]}\nquorum a\n", r"línea 2.*cada llave una vez"),
    "zero": (f"witness a {KEYS[0]}\ngroup g 0 a\nquorum g\n", r"línea 2.*formato\.decimal"),
    "above": (f"witness a {KEYS[0]}\ngroup g 2 a\nquorum g\n", r"línea 2.*formato\.decimal"),
    "no members": ("group g all\nquorum g\n", r"línea 1.*politica\.palabras"),
    "witness as log": (f"log {KEYS[0]}\nquorum none\n", r"línea 1.*politica\.tipo"),
    "log as witness": (f"witness a {LOG.key.encode()}\nquorum a\n", r"línea 1.*politica\.tipo"),
    "key": ("log a+b+c\nquorum none\n", r"línea 1.*vkey\.forma"),
    "extra word": ("quorum none none\n", r"línea 1.*politica\.palabras"),
    "no end": ("quorum none", r"línea 1.*politica\.final"),
    "key name not in UTF-8": ("log a\udcff+00000000+AQ==\nquorum none\n", r"línea 1.*nota\.nombre"),
    "size": ("#" * (1024 * 1024 + 1), r"limite\.tamano"),
}


@pytest.mark.parametrize("name", MALFORMED_POLICIES)
def test_a_malformed_policy_is_refused_with_line_and_reason(name: str) -> None:
    text, message = MALFORMED_POLICIES[name]
    with pytest.raises(FormatRefusal, match=message):
        policy(text)


def test_policy_names_are_octets() -> None:
    kelvin = f"witness K {KEYS[0]}\nwitness \u212a {KEYS[1]}\n".encode() + b"witness \xff " + KEYS[2].encode()
    held = parse_policy(kelvin + b"\ngroup g all K \xff\nquorum g\n")
    assert parse_policy(encode_policy(held)) == held
    assert len({w.name for w in held.witnesses}) == 3


def test_a_policy_may_hold_many() -> None:
    lines = "".join(f"witness w{i} {witness_key(i)}\ngroup g{i} any w{i}\n" for i in range(64))
    held = policy(lines + "quorum g63\n")
    assert (len(held.witnesses), len(held.groups)) == (64, 64)


def witness_key(i: int) -> str:
    return type(WITNESSES[0])(f"w{i}.mx", bytes([i, 1] * 16)).key.encode()


# Proofs

BOOK = Textbook(ENTRIES)
PROOF = LogProof(3, tuple(BOOK.inclusion(3, 7)), SIGNED)


@pytest.mark.req("VER-01")
def test_a_proof_verifies_offline_and_reads_back() -> None:
    for index, entry in enumerate(ENTRIES):
        proof = LogProof(index, tuple(BOOK.inclusion(index, 7)), SIGNED)
        assert parse_proof(proof.encode()) == proof
        parse_proof(proof.encode()).verify_leaf(leaf_hash(entry))
        policy().verify(proof.checkpoint)
        with pytest.raises(TreeRefusal, match=r"inclusion\.raiz"):
            proof.verify_leaf(leaf_hash(b"otra"))


def test_a_proof_of_a_tree_of_one_has_no_hashes() -> None:
    proof = LogProof(0, (), signed_log(ENTRIES[:1]))
    assert parse_proof(proof.encode()) == proof
    proof.verify_leaf(leaf_hash(ENTRIES[0]))


def test_a_proof_for_another_size_than_the_signed_one_is_refused() -> None:
    proof = LogProof(3, tuple(BOOK.inclusion(3, 4)), SIGNED)
    with pytest.raises(TreeRefusal, match=r"3 hashes.*2 hashes.*inclusion\.longitud"):
        proof.verify_leaf(leaf_hash(ENTRIES[3]))


@given(
    st.none() | st.binary(max_size=40),
    st.integers(0, 2**63 - 2),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
)
def test_any_proof_reads_back(extra: bytes | None, index: int, hashes: list[bytes]) -> None:
    proof = LogProof(index, tuple(hashes), SIGNED, extra)
    assert parse_proof(proof.encode()) == proof


@given(st.integers(0, 700), st.binary(max_size=3))
def test_what_is_read_as_a_proof_is_written_the_same(at: int, inserted: bytes) -> None:
    good = LogProof(3, PROOF.hashes, SIGNED, b"extra").encode()
    changed = good[:at] + inserted + good[at + 1 :]
    try:
        proof = parse_proof(changed)
    except FormatRefusal:
        return
    assert proof.encode() == changed


LINE = b64encode(bytes(32)).decode()
NOTE = SIGNED.encode().decode()
HEAD = "c2sp.org/tlog-proof@v1\n"
MALFORMED_PROOFS = {
    "header": (f"c2sp.org/tlog-proof@v2\nindex 0\n\n{NOTE}", r"línea 1.*prueba\.encabezado"),
    "no index": (f"{HEAD}{LINE}\n\n{NOTE}", r"línea 2.*prueba\.indice"),
    "nothing": (f"{HEAD}\n{NOTE}", r"línea 2.*prueba\.indice"),
    "extra after index": (f"{HEAD}index 0\nextra AA==\n\n{NOTE}", r"línea 3.*formato\.base64"),
    "two extras": (f"{HEAD}extra AA==\nextra AA==\nindex 0\n\n{NOTE}", r"línea 3.*prueba\.indice"),
    "extra": (f"{HEAD}extra A\nindex 0\n\n{NOTE}", r"línea 2.*formato\.base64"),
    "leading zero": (f"{HEAD}index 01\n\n{NOTE}", r"línea 2.*formato\.decimal"),
    "sign": (f"{HEAD}index -1\n\n{NOTE}", r"línea 2.*formato\.decimal"),
    "huge": (f"{HEAD}index {2**63 - 1}\n\n{NOTE}", r"línea 2.*formato\.decimal"),
    "hash": (f"{HEAD}index 0\n{LINE}\n{LINE[:-4]}\n\n{NOTE}", r"línea 4.*formato\.hash"),
    "carriage return": (f"{HEAD}index 0\r\n\n{NOTE}", r"línea 2.*formato\.decimal"),
    "hashes": (f"{HEAD}index 0\n{(LINE + chr(10)) * 64}\n{NOTE}", r"limite\.hashes"),
    "no note": (f"{HEAD}index 0\n", r"prueba\.separador"),
    "empty note": (f"{HEAD}index 0\n\n", r"checkpoint.*nota\.final"),
    "note": (f"{HEAD}index 0\n\n{NOTE[:-1]}", r"checkpoint.*nota\.final"),
    "utf-8": (HEAD.encode() + b"index \xff\n\n" + NOTE.encode(), r"línea 2.*formato\.utf8"),
    "size": ("x" * 2_000_000, r"limite\.tamano"),
    "extra size": (f"{HEAD}extra {b64encode(bytes(65537)).decode()}\nindex 0\n\n{NOTE}", r"línea 2.*tamano"),
}


@pytest.mark.parametrize("name", MALFORMED_PROOFS)
def test_a_malformed_proof_is_refused_with_line_and_reason(name: str) -> None:
    data, message = MALFORMED_PROOFS[name]
    with pytest.raises(FormatRefusal, match=message):
        parse_proof(data if isinstance(data, bytes) else data.encode())


# Bundles


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_bundles_read_back(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries), "paquete") == entries


@given(st.binary(max_size=100))
def test_what_is_read_as_a_bundle_is_written_the_same(data: bytes) -> None:
    try:
        entries = decode_bundle(data, "paquete")
    except FormatRefusal:
        return
    assert encode_bundle(entries) == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\0", r"entrada 0.*paquete\.cortado"),
        (b"\0\1", r"entrada 0.*3 bytes.*2 bytes"),
        (b"\0\1a\0\2b", r"entrada 1.*paquete\.cortado"),
        (b"\0\0" * 257, r"entrada 256.*paquete\.entradas"),
    ],
)
def test_a_malformed_bundle_is_refused_with_the_entry(data: bytes, message: str) -> None:
    with pytest.raises(FormatRefusal, match=message):
        decode_bundle(data, "paquete")


def test_entries_have_a_limit() -> None:
    assert decode_bundle(encode_bundle([bytes(65_535)]), "paquete") == [bytes(65_535)]
    with pytest.raises(FormatRefusal, match=r"entrada 1.*65536 bytes.*entrada\.longitud"):
        encode_bundle([b"", bytes(65_536)])


def test_a_bundle_must_hash_to_its_tile() -> None:
    hashes = [leaf_hash(e) for e in ENTRIES]
    verify_bundle(ENTRIES, hashes, "paquete")
    with pytest.raises(StorageRefusal, match=r"paquete, entrada 2.*paquete\.hash"):
        verify_bundle([*ENTRIES[:2], b"x", *ENTRIES[3:]], hashes, "paquete")
    with pytest.raises(StorageRefusal, match=r"7 entradas.*6 entradas"):
        verify_bundle(ENTRIES[:6], hashes, "paquete")
