"""The log's side: witnesses that are down, slow, ahead or lying; nothing is called attested below quorum."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatRefusal, SignatureRefusal, StorageRefusal
from ledger.lock_sqlite import SqliteLock
from ledger.note import Note, Signature
from ledger.policy import Policy
from ledger.policy_text import parse_policy
from ledger.reading import read_checkpoint
from ledger.sequencer import Sequencer, create_log
from ledger.tiles import CHECKPOINT
from ledger.witness import SIZE_TYPE, Witness
from ledger.witness_client import MAX_TRIES, Attester, Reply, Result, Unreachable, parse_size, standing
from ledger.witness_store import SqliteWitnessStore

from .faults import MemoryStorage, submissions
from .signing import IDENTITY, LOG, ORIGIN, TIME, WITNESSES, cosigned

pytestmark = pytest.mark.req("VER-02")
KEYS = [w.key.encode() for w in WITNESSES]
POLICY = f"log {LOG.key.encode()}\n" + "".join(f"witness w{i} {KEYS[i]} http://w{i}/x\n" for i in range(3))


def policy(rest: str = "group g 2 w0 w1 w2\nquorum g\n") -> Policy:
    return parse_policy((POLICY + rest).encode())


class Network:
    """Witnesses by host name; `faults` answer in their place. Counts what is asked."""

    def __init__(self, folder: Path) -> None:
        self.stores = [SqliteWitnessStore(folder / f"w{i}.db") for i in range(3)]
        for store in self.stores:
            store.add_log(ORIGIN, LOG.key)
        pairs = zip(WITNESSES, self.stores, strict=True)
        self.witnesses = [Witness([key], store, lambda: TIME) for key, store in pairs]
        self.faults: dict[int, Callable[[bytes], Reply]] = {}
        self.asked: list[int] = []
        self.slow = -1

    async def post(self, url: str, body: bytes) -> Reply:
        number = int(url.removeprefix("http://w").removesuffix("/x/add-checkpoint"))
        self.asked.append(number)
        if number == self.slow:
            await asyncio.sleep(60)
        if number in self.faults:
            return self.faults[number](body)
        answer = self.witnesses[number].add_checkpoint(body)
        return Reply(answer.status, answer.content_type, answer.body)


def down(_: bytes) -> Reply:
    raise Unreachable("testigo.conexion", "w", "una respuesta", "no se pudo conectar")


class Log:
    """A log in memory."""

    def __init__(self, folder: Path) -> None:
        self.storage = MemoryStorage()
        self.lock = SqliteLock(folder / "lock.db")
        create_log(self.storage, self.lock, IDENTITY)
        self.sequencer = Sequencer(self.storage, self.lock, IDENTITY)
        self.batches = iter(submissions(*[5] * 100))

    def grow(self, batches: int = 1) -> None:
        for _ in range(batches):
            self.sequencer.append(next(self.batches))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    log = Log(tmp_path)
    log.grow()
    yield log
    log.sequencer.close()


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    network = Network(tmp_path)
    yield network
    for store in network.stores:
        store.close()


@pytest.fixture
def attester(log: Log, network: Network) -> Attester:
    return Attester(log.storage, policy(), network.post, seconds=0.3)


def results(attester: Attester) -> list[Result]:
    return [outcome.result for outcome in attester.attest().outcomes]


def test_all_cosign_and_the_published_checkpoint_carries_it(
    attester: Attester, log: Log, network: Network
) -> None:
    before = log.storage.files[CHECKPOINT]
    made = attester.attest()
    assert made.attested is not None
    assert made.attested.cosigned == {"w0": TIME, "w1": TIME, "w2": TIME}
    assert made.published
    after = log.storage.files[CHECKPOINT]
    assert after.startswith(before), "la firma de la bitácora se queda, y las demás van después"
    assert policy().verify(read_checkpoint(log.storage)).cosigned.keys() == {"w0", "w1", "w2"}
    assert str(standing(policy(), read_checkpoint(log.storage))) == "atestiguado por 3 de 3"


def test_an_unchanged_checkpoint_is_neither_sent_nor_published(
    attester: Attester, log: Log, network: Network
) -> None:
    attester.attest()
    network.asked.clear()
    log.storage.put_checkpoint = lambda *_: pytest.fail("se publicó")  # type: ignore[method-assign,assignment]
    made = attester.attest()
    assert [o.result for o in made.outcomes] == [Result.ALREADY] * 3
    assert (made.attested is not None, made.published, network.asked) == (True, False, [])


def test_each_witness_is_brought_up_to_date_from_where_it_is(
    attester: Attester, log: Log, network: Network
) -> None:
    network.faults[2] = down
    for _ in range(3):
        assert attester.attest().attested is not None
        log.grow(3)
    del network.faults[2]
    network.asked.clear()
    assert results(attester) == [Result.COSIGNED] * 3
    assert sorted(network.asked) == [0, 1, 2], "los tamaños se recuerdan"
    log.grow()
    forgetful = Attester(log.storage, policy(), network.post)
    network.asked.clear()
    assert results(forgetful) == [Result.COSIGNED] * 3
    assert sorted(network.asked) == [0, 0, 1, 1, 2, 2], "quien no recuerda pregunta con un 409"


def test_the_empty_log_is_cosigned_too(tmp_path: Path, network: Network) -> None:
    (tmp_path / "nueva").mkdir()
    log = Log(tmp_path / "nueva")
    assert results(Attester(log.storage, policy(), network.post)) == [Result.COSIGNED] * 3
    log.grow()
    assert results(Attester(log.storage, policy(), network.post)) == [Result.COSIGNED] * 3


OTHER = f"{ORIGIN}\n5\n{'A' * 43}=\n"
LINES = b"".join(cosigned(OTHER, witness).encode().encode() for witness in WITNESSES)
NO_TIME = Signature(WITNESSES[0].key.name, WITNESSES[0].key.key_id, bytes(72)).encode().encode()
FAULTS: dict[str, tuple[Callable[[bytes], Reply], Result]] = {
    "down": (down, Result.DOWN),
    "500": (lambda _: Reply(500, "text/html", b"<h1>\x00"), Result.DOWN),
    "403": (lambda _: Reply(403, "", b"no"), Result.REFUSED),
    "404": (lambda _: Reply(404, "", b""), Result.REFUSED),
    "422": (lambda _: Reply(422, "", b"\xff" * 9000), Result.REFUSED),
    "redirection": (lambda _: Reply(302, "", b""), Result.REFUSED),
    "empty": (lambda _: Reply(200, "", b""), Result.GARBAGE),
    "bytes": (lambda _: Reply(200, "", b"\xff\x00"), Result.GARBAGE),
    "of another checkpoint": (lambda _: Reply(200, "", LINES), Result.GARBAGE),
    "zeros": (lambda _: Reply(200, "", NO_TIME), Result.GARBAGE),
    "another text": (lambda _: Reply(200, "", b"otra\n\n" + LINES), Result.GARBAGE),
    "409 without type": (lambda _: Reply(409, "text/plain", b"3\n"), Result.GARBAGE),
    "409 without size": (lambda _: Reply(409, SIZE_TYPE, b"x\n"), Result.GARBAGE),
    "409 without line feed": (lambda _: Reply(409, SIZE_TYPE, b"3"), Result.GARBAGE),
    "409 with the size asked": (lambda _: Reply(409, SIZE_TYPE, b"0\n"), Result.GARBAGE),
    "ahead": (lambda _: Reply(409, SIZE_TYPE, b"6\n"), Result.AHEAD),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_bad_witness_changes_nothing_for_the_others(
    attester: Attester, network: Network, name: str
) -> None:
    network.faults[0], expected = FAULTS[name]
    made = attester.attest()
    assert [o.result for o in made.outcomes] == [expected, Result.COSIGNED, Result.COSIGNED]
    assert made.outcomes[0].detail.isprintable()
    assert made.attested is not None
    assert made.attested.cosigned.keys() == {"w1", "w2"}


def test_a_slow_witness_costs_no_more_than_its_deadline(attester: Attester, network: Network) -> None:
    network.slow = 1
    start = time.monotonic()
    made = attester.attest()
    assert time.monotonic() - start < 5
    assert [o.result for o in made.outcomes] == [Result.COSIGNED, Result.DOWN, Result.COSIGNED]
    assert made.attested is not None


def test_tries_are_bounded(attester: Attester, network: Network) -> None:
    sizes = iter([1, 2, 3, 4, 5, 1])
    network.faults[0] = lambda _: Reply(409, SIZE_TYPE, b"%d\n" % next(sizes))
    assert results(attester)[0] is Result.GARBAGE
    assert network.asked.count(0) == MAX_TRIES


def test_below_quorum_nothing_is_called_attested(attester: Attester, log: Log, network: Network) -> None:
    network.faults = {0: down, 2: down}
    made = attester.attest()
    assert (made.attested, made.published) == (None, True)
    signed = read_checkpoint(log.storage)
    assert str(standing(policy(), signed)) == "aún no atestiguado (1 de 3 testigos)"
    network.faults = {2: down}
    assert results(attester) == [Result.COSIGNED, Result.ALREADY, Result.DOWN]
    assert str(standing(policy(), read_checkpoint(log.storage))) == "atestiguado por 2 de 3"


def test_a_quorum_of_groups_is_the_policy_s(attester: Attester, log: Log, network: Network) -> None:
    network.faults = {0: down}
    attester.attest()
    signed = read_checkpoint(log.storage)
    for rest, met in (
        ("group a any w1 w2\ngroup g all w0 a\nquorum g\n", False),
        ("group a any w0 w1\ngroup g all a w2\nquorum g\n", True),
        ("quorum w0\n", False),
        ("quorum w2\n", True),
    ):
        assert (standing(policy(rest), signed).attested is not None) is met


def test_a_policy_without_quorum_attests_nothing(attester: Attester, log: Log) -> None:
    attester.attest()
    found = standing(policy("quorum none\n"), read_checkpoint(log.storage))
    assert (found.attested, str(found)) == (None, "la política no pide testigos")


def test_a_witness_without_address_is_not_asked(log: Log, network: Network) -> None:
    text = (POLICY + "quorum w1\n").replace(" http://w0/x", "")
    made = Attester(log.storage, parse_policy(text.encode()), network.post).attest()
    assert [o.result for o in made.outcomes] == [Result.NO_URL, Result.COSIGNED, Result.COSIGNED]


def test_false_lines_in_storage_neither_count_nor_stop_anything(
    attester: Attester, log: Log, network: Network
) -> None:
    note = read_checkpoint(log.storage).note
    false = Signature(WITNESSES[0].key.name, WITNESSES[0].key.key_id, TIME.to_bytes(8, "big") + bytes(64))
    stranger = Signature("x", b"abcd", b"x")
    log.storage.files[CHECKPOINT] = Note(note.text, (false, *note.signatures, stranger)).encode()
    assert standing(policy(), read_checkpoint(log.storage)).cosigned == {}
    assert results(attester) == [Result.COSIGNED] * 3
    policy().verify(read_checkpoint(log.storage))
    assert b"x YWJj" not in log.storage.files[CHECKPOINT]


def test_what_the_log_did_not_sign_is_not_attested(attester: Attester, log: Log, network: Network) -> None:
    note = read_checkpoint(log.storage).note
    log.storage.files[CHECKPOINT] = Note(note.text.replace("\n5\n", "\n6\n"), note.signatures).encode()
    with pytest.raises(SignatureRefusal):
        attester.attest()
    with pytest.raises(SignatureRefusal):
        standing(policy(), read_checkpoint(log.storage))
    assert not network.asked
    del log.storage.files[CHECKPOINT]
    with pytest.raises(StorageRefusal):
        attester.attest()


def test_a_log_that_lost_its_tiles_is_told_so(attester: Attester, log: Log) -> None:
    attester.attest()
    log.grow()
    for path in [path for path in log.storage.files if path != CHECKPOINT]:
        del log.storage.files[path]
    assert set(results(Attester(log.storage, policy(), attester._post))) == {Result.UNPROVEN}


def test_a_checkpoint_that_changed_meanwhile_is_left_alone(log: Log, network: Network) -> None:
    class Growing(Network):
        async def post(self, url: str, body: bytes) -> Reply:
            reply = await network.post(url, body)
            if "w2" in url:
                log.grow()
            return reply

    growing = object.__new__(Growing)
    made = Attester(log.storage, policy(), growing.post).attest()
    assert (made.attested is not None, made.published) == (True, False)
    assert read_checkpoint(log.storage).head.size == 10


def test_a_fork_is_refused_and_kept_by_those_who_saw_the_other_side(
    attester: Attester, log: Log, network: Network, tmp_path: Path
) -> None:
    attester.attest()
    (tmp_path / "falsa").mkdir()
    fork = Log(tmp_path / "falsa")
    next(fork.batches)
    fork.grow()
    made = Attester(fork.storage, policy(), network.post).attest()
    assert [o.result for o in made.outcomes] == [Result.REFUSED] * 3
    assert all("422" in o.detail for o in made.outcomes)
    assert [len(store.notes(ORIGIN)) for store in network.stores] == [2, 2, 2]


@given(st.binary(max_size=60), st.sampled_from([SIZE_TYPE, f"{SIZE_TYPE}; charset=x", "", "text/plain"]))
def test_sizes_have_one_spelling(body: bytes, kind: str) -> None:
    try:
        size = parse_size(Reply(409, kind, body))
    except FormatRefusal:
        return
    assert kind.startswith(SIZE_TYPE)
    assert body == f"{size}\n".encode()
