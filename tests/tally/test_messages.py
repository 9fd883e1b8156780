"""The smaller messages of an urn: one spelling, the bounds, and which event may follow which."""

from __future__ import annotations

import io
import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.errors import FormatRefusal
from keys.group import Group
from tally import archive
from tally.decryption import OwnedPartialDecryption, read_result, result_data
from tally.election import Election, SetupData, require_uuid
from tally.encrypted_tally import Aggregator, EncryptedTally, SizedTally, require_recomputed
from tally.events import FOLLOWERS, Event, EventType, following, require_follows
from tally.public_credentials import PublicCredentials, listing
from tally.questions import MAX_ANSWERS, Question
from tests.tally.making import four_voters
from tests.tally.rewriting import compact, sha256

HASH = sha256(b"algo")
HASHES = st.binary(max_size=4).map(sha256)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
UUIDS = st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", min_size=14, max_size=64)


@given(st.builds(SetupData, HASHES, HASHES, HASHES))
def test_setup_data_is_read_as_written(setup: SetupData) -> None:
    assert SetupData.from_bytes(setup.data, "x") == setup


@given(st.builds(SizedTally, st.integers(0, 2**30 - 1), st.integers(0, 2**30 - 1), HASHES))
def test_sized_tallies_are_read_as_written(sized: SizedTally) -> None:
    assert SizedTally.from_bytes(sized.data, "x") == sized


@given(st.builds(OwnedPartialDecryption, st.integers(0, 2**30 - 1), HASHES))
def test_owned_shares_are_read_as_written(owned: OwnedPartialDecryption) -> None:
    assert OwnedPartialDecryption.from_bytes(owned.data, "x") == owned


@given(st.lists(st.lists(st.integers(0, 2**30 - 1))))
def test_results_are_read_as_written(votes: list[list[int]]) -> None:
    assert read_result(result_data(votes), "x") == votes


@given(
    st.builds(
        Election,
        *(TEXTS,) * 4,
        st.lists(
            st.builds(
                Question,
                st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
                st.booleans(),
                st.just(0),
                st.just(1),
                TEXTS,
            ),
            min_size=1,
            max_size=3,
        ).map(tuple),
        UUIDS,
        st.none() | TEXTS,
        st.none() | TEXTS,
    )
)
def test_elections_are_read_as_written(election: Election) -> None:
    again = Election.from_bytes(election.data, "x")
    assert again == election
    assert again.fingerprint == election.fingerprint
    assert len(election.fingerprint) == 43


@pytest.mark.parametrize(
    "uuid", ["", "1" * 13, "1" * 65, "0" * 14, "l" * 14, "1" * 13 + "ñ", "1" * 14 + "\n"]
)
def test_other_uuids_are_refused(uuid: str) -> None:
    with pytest.raises(FormatRefusal):
        require_uuid(uuid, "x")


BAD_QUESTIONS: dict[str, dict[str, object]] = {
    "sin opciones": {"answers": []},
    "demasiadas": {"answers": ["x"] * (MAX_ANSWERS + 1)},
    "mínimo mayor": {"min": 2},
    "máximo mayor": {"max": 3},
    "negativo": {"min": -1},
    "opción vacía de tipo": {"answers": [1]},
    "otro tipo": {"type": "NonHomomorphic"},
    "nulo falso": {"blank": None},
}


@pytest.mark.parametrize("name", BAD_QUESTIONS)
def test_other_questions_are_refused(name: str) -> None:
    right = {"answers": ["A", "B"], "blank": True, "min": 1, "max": 1, "question": "q"}
    assert Question.from_json(right, "x").size == 3
    with pytest.raises(FormatRefusal):
        Question.from_json(right | BAD_QUESTIONS[name], "x")


def test_an_election_without_questions_is_refused(fast: Group) -> None:
    from dataclasses import replace

    with pytest.raises(FormatRefusal) as refused:
        Election.from_bytes(replace(four_voters(fast).election, questions=()).data, "x")
    assert refused.value.rule == "eleccion.pregunta"


def test_blank_false_is_the_absence_of_the_field(fast: Group) -> None:
    data = four_voters(fast).election.data.replace(b'"blank":true', b'"blank":false')
    with pytest.raises(FormatRefusal) as refused:
        Election.from_bytes(data, "x")
    assert refused.value.rule == "formato.canonico"


# --- events ---

TYPES = get_args(EventType)


def event(kind: EventType, last: Event | None) -> Event:
    payload = None if kind == "EndBallots" else HASH
    return Event(0 if last is None else last.height + 1, kind, None if last is None else last.hash, payload)


@pytest.mark.parametrize(("before", "after"), [*itertools.product([None, *TYPES], TYPES)])
def test_only_the_table_says_what_may_follow(before: EventType | None, after: EventType) -> None:
    last = None if before is None else Event(4, before, HASH, None if before == "EndBallots" else HASH)
    made = event(after, last)
    if after in FOLLOWERS[before]:
        require_follows(last, made, "x")
        assert following(last, after, made.payload) == made
    else:
        with pytest.raises(FormatRefusal) as refused:
            require_follows(last, made, "x")
        assert refused.value.rule == "cadena.orden"


def test_every_sequence_that_the_table_allows_is_the_one_of_the_specification() -> None:
    import re

    form = re.compile(r"S(B*(E(T(P*R?)?)?)?)?")
    letters = {
        "Setup": "S",
        "Ballot": "B",
        "EndBallots": "E",
        "EncryptedTally": "T",
        "PartialDecryption": "P",
        "Result": "R",
    }
    for length in range(1, 6):
        for kinds in itertools.product(TYPES, repeat=length):
            allowed = all(b in FOLLOWERS[a] for a, b in zip([None, *kinds], kinds, strict=False))
            assert allowed == bool(form.fullmatch("".join(letters[k] for k in kinds)))


@given(st.integers(0, 2**30 - 1), st.sampled_from(TYPES), st.none() | HASHES, st.none() | HASHES)
def test_events_are_read_as_written(
    height: int, kind: EventType, parent: str | None, payload: str | None
) -> None:
    made = Event(height, kind, parent, payload)
    assert Event.from_bytes(made.data, "x") == made


@pytest.mark.parametrize("kind", ["Shuffle", "EndShuffles", "setup", "", "Setup ", None, 1, [], {}])
def test_events_of_other_types_are_refused(kind: object) -> None:
    with pytest.raises(FormatRefusal):
        Event.from_bytes(compact({"height": 0, "type": kind, "payload": HASH}), "x")


# --- container ---


@given(st.lists(st.binary(max_size=2000), max_size=4), st.integers(0, 8**11 - 1))
def test_members_are_read_as_packed(contents: list[bytes], timestamp: int) -> None:
    blob = archive.header(timestamp) + b"".join(archive.pack("data", c, timestamp) for c in contents)
    found = list(archive.members(io.BytesIO(blob), "x"))
    assert [m.content for m in found[1:]] == contents
    assert [m.hash for m in found[1:]] == [sha256(c) for c in contents]
    assert found[-1].end == len(blob)
    assert len(blob) % 512 == 0


@given(st.integers(0, 8**11 - 1), st.integers(0, 8**11 - 1))
def test_a_member_of_another_time_is_refused(first: int, second: int) -> None:
    blob = archive.header(first) + archive.pack("data", b"x", second)
    if first == second:
        assert len(list(archive.members(io.BytesIO(blob), "x"))) == 2
    else:
        with pytest.raises(FormatRefusal):
            list(archive.members(io.BytesIO(blob), "x"))


@given(st.binary(max_size=1600))
def test_any_bytes_are_refused_or_read_and_nothing_else(blob: bytes) -> None:
    start = archive.header(1682000000)
    for data in (blob, start + blob):
        try:
            found = list(archive.members(io.BytesIO(data), "x"))
        except FormatRefusal:
            continue
        assert b"".join(archive.pack(m.kind, m.content, m.timestamp) for m in found) == data


def test_a_member_too_large_is_refused_before_it_is_read() -> None:
    header = archive.tar_header("0" * 64 + ".data.json", archive.MAX_MEMBER_BYTES + 1, 5)
    with pytest.raises(FormatRefusal) as refused:
        list(archive.members(io.BytesIO(archive.header(5) + header), "x"))
    assert refused.value.rule == "archivo.tamano"


@pytest.mark.parametrize(
    "size", [b"-0000000005", b"00000000_05", b"+0000000005", b" 0000000005", b"0000000000x"]
)
def test_sizes_that_python_reads_and_tar_does_not_are_refused(size: bytes) -> None:
    block = bytearray(archive.tar_header("0" * 64 + ".data.json", 5, 5))
    block[124:135] = size
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    with pytest.raises(FormatRefusal):
        list(archive.members(io.BytesIO(archive.header(5) + bytes(block) + b"12345".ljust(512, b"\0")), "x"))


# --- credentials and tally ---


def test_credentials_are_sorted_and_distinct(group: Group) -> None:
    texts = group.encoded_powers(group.tables([group.generator]), [[n] for n in range(1, 30)])
    listed = listing(group, texts)
    assert set(listed.texts) == set(texts) == listed.listed
    assert PublicCredentials.from_bytes(group, listed.data, "x") == listed
    assert listing(group, reversed(texts)) == listed
    with pytest.raises(FormatRefusal):
        listing(group, [*texts, texts[3]])
    for wrong in ([*listed.texts[::-1]], [listed.texts[0], *listed.texts], [f"{t},1" for t in listed.texts]):
        with pytest.raises(FormatRefusal):
            PublicCredentials.from_bytes(group, compact(wrong), "x")
    assert PublicCredentials.from_bytes(group, b"[]", "x").texts == ()


def test_the_tally_does_not_depend_on_the_order_of_ballots(group: Group) -> None:
    question = Question(("A", "B"), True, 1, 1, "q")
    powers = group.powers(group.tables([group.generator]), [[n] for n in range(1, 19)])
    ballots = [[[(powers[6 * b + 2 * i], powers[6 * b + 2 * i + 1]) for i in range(3)]] for b in range(3)]
    found = set()
    for order in itertools.permutations(ballots):
        aggregator = Aggregator(group, [question])
        for ballot in order:
            aggregator.add(ballot)
        found.add(aggregator.tally().data)
        assert aggregator.count == 3
    assert len(found) == 1
    (data,) = found
    assert EncryptedTally.from_bytes(data, "x").data == data
    require_recomputed(aggregator, data, SizedTally(3, 3, sha256(data)), "x")
    for sized in (SizedTally(2, 3, HASH), SizedTally(3, 2, HASH), SizedTally(3, 4, HASH)):
        with pytest.raises(FormatRefusal):
            require_recomputed(aggregator, data, sized, "x")


def test_the_tally_of_nobody_is_the_identity(group: Group) -> None:
    aggregator = Aggregator(group, [Question(("A",), False, 0, 1, "q")])
    (neutral,) = group.encode([group.identity])
    assert aggregator.tally().data == compact([[{"alpha": neutral, "beta": neutral}]])
