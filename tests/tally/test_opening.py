"""Closing and opening: once, not before their time, with enough right shares and nothing else."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from keys.ceremony import CeremonyRefusal
from keys.errors import FormatRefusal, ProofRefusal, Refusal
from keys.group import Group
from keys.randomness import SeededRandomness
from tally import decryption, shares
from tally.closing import close
from tally.errors import OpeningRefusal
from tally.opening import check_share, open_urn, read_closed, share_of
from tally.shares import ShareHeading, UrnShare
from tests.tally.making import (
    AFTER,
    CALENDAR,
    FOUR,
    OPENING,
    Made,
    MemoryStore,
    four_voters,
    make_election,
    two_questions,
)
from tests.tally.rewriting import take_apart

pytestmark = pytest.mark.req("SEI-22")


def until(made: Made, kind: str) -> MemoryStore:
    """The urn just after the last event of a kind."""
    plan = take_apart(made.archive)
    index = max(i for i, p in enumerate(plan.pieces) if p.type == kind)
    return MemoryStore(plan.until(index).write())


def share(made: Made, owner: int, *, shift: int = 0, key_of: int | None = None) -> UrnShare:
    """The share of a trustee; wrong by `shift`, or with another's key."""
    board = made.board
    source = owner if key_of is None else key_of
    audit = made.audit(until(made, "EncryptedTally").data)
    random = SeededRandomness(f"parte {owner}")
    return share_of(audit, made.group, board.secrets[source] + shift, board.public(source), random)


def opened(made: Made, owners: tuple[int, ...]) -> MemoryStore:
    store = until(made, "EncryptedTally")
    open_urn(made.group, made.board.trustees, store, {o: share(made, o).partial for o in owners}, "urna")
    return store


# --- closing ---


def test_closing_adds_the_end_and_the_tally_once(fast: Group) -> None:
    made = four_voters(fast)
    store = until(made, "Ballot")
    close(fast, store, "urna")
    assert store.data == until(made, "EncryptedTally").data
    for _ in range(2):
        close(fast, store, "urna")
    assert store.data == until(made, "EncryptedTally").data


def test_closing_an_open_or_decided_urn_again_changes_nothing(fast: Group) -> None:
    made = four_voters(fast)
    for kind in ("PartialDecryption", "Result"):
        store = until(made, kind)
        before = store.data
        close(fast, store, "urna")
        assert store.data == before


def test_an_urn_without_ballots_closes_and_opens_with_zeros(group: Group) -> None:
    made = make_election(group, [], voters=2, uuid="CertezaTest4444", seed="vacía")
    assert made.votes == [[0, 0, 0]]
    assert made.audit().votes == [[0, 0, 0]]
    assert made.audit().ballots == 0


def test_an_urn_without_credentials_closes_and_opens(fast: Group) -> None:
    made = make_election(fast, [], voters=0, uuid="CertezaTest5555", seed="nadie")
    assert made.audit().votes == [[0, 0, 0]]


def test_closing_what_is_no_urn_is_refused(fast: Group) -> None:
    made = four_voters(fast)
    for data in (b"", made.archive[:1000], made.archive[:-1]):
        with pytest.raises(Refusal):
            close(fast, MemoryStore(data), "urna")


@pytest.mark.req("SEI-01")
def test_neither_closing_nor_opening_come_before_their_time() -> None:
    with pytest.raises(OpeningRefusal, match="28/04/2023 20:00:00"):
        CALENDAR.require_voting_over(AFTER - timedelta(microseconds=1))
    CALENDAR.require_voting_over(AFTER)
    with pytest.raises(OpeningRefusal, match="29/04/2023 20:00:00"):
        CALENDAR.require_opening(OPENING - timedelta(microseconds=1))
    CALENDAR.require_opening(OPENING)


# --- opening ---


@pytest.mark.parametrize("size", [2, 3])
def test_any_trustees_that_are_enough_give_the_same_result(fast: Group, size: int) -> None:
    made = four_voters(fast)
    for owners in itertools.permutations((1, 2, 3), size):
        store = opened(made, owners)
        audit = made.audit(store.data)
        assert audit.votes == [[1, 2, 1]]
        assert set(audit.partials) == set(owners)


def test_two_questions_open_with_every_choice(ed25519: Group) -> None:
    made = two_questions(ed25519)
    assert made.votes == [[1, 1, 1], [1, 1, 1]]
    assert made.audit().votes == made.votes


def test_five_of_seven_open_while_two_are_absent(fast: Group) -> None:
    made = make_election(fast, FOUR, board=(7, 5), present=(1, 2, 4, 6, 7), uuid="CertezaTest7777")
    assert made.audit().votes == [[1, 2, 1]]


@pytest.mark.parametrize("owners", [(), (1,), (3,)])
def test_too_few_shares_are_refused_and_nothing_changes(fast: Group, owners: tuple[int, ...]) -> None:
    made = four_voters(fast)
    store = until(made, "EncryptedTally")
    before = store.data
    given = {o: share(made, o).partial for o in owners}
    with pytest.raises(CeremonyRefusal) as refused:
        open_urn(fast, made.board.trustees, store, given, "urna")
    assert refused.value.rule == "descifrado.umbral"
    assert store.data == before


def test_opening_again_changes_nothing_and_tells_the_result(fast: Group) -> None:
    made = four_voters(fast)
    store = opened(made, (1, 2))
    before = store.data
    again = open_urn(fast, made.board.trustees, store, {3: b"sin leer"}, "urna")
    assert again.votes == [[1, 2, 1]]
    assert store.data == before


@pytest.mark.parametrize("kind", ["Setup", "Ballot"])
def test_an_urn_that_is_not_closed_is_not_opened(fast: Group, kind: str) -> None:
    made = four_voters(fast)
    store = until(made, kind)
    for act in (
        lambda: open_urn(fast, made.board.trustees, store, {}, "urna"),
        lambda: read_closed(store, "urna"),
        lambda: share_of(made.audit(store.data), fast, 1, "", SeededRandomness("x")),
    ):
        with pytest.raises(OpeningRefusal) as refused:
            act()
        assert refused.value.rule == "urna.cerrada"


def test_wrong_shares_that_were_not_checked_never_become_a_result(fast: Group) -> None:
    made = four_voters(fast)
    store = until(made, "EncryptedTally")
    before = store.data
    wrong = {1: share(made, 1, shift=1).partial, 2: share(made, 2).partial}
    with pytest.raises(FormatRefusal) as refused:
        open_urn(fast, made.board.trustees, store, wrong, "urna")
    assert refused.value.rule == "resultado.logaritmo"
    assert store.data == before


# --- checking what a trustee hands in ---


def checked(made: Made, owner: int, given: UrnShare) -> None:
    urn = read_closed(until(made, "EncryptedTally"), "urna")
    check_share(made.group, made.board.trustees, urn, owner, given, "aportación")


def test_a_right_share_is_accepted(group: Group) -> None:
    made = four_voters(group)
    for owner in (1, 2, 3):
        checked(made, owner, share(made, owner))


def test_wrong_shares_are_refused(fast: Group) -> None:
    made = four_voters(fast)
    cases = {
        "otra llave": (1, share(made, 1, shift=1)),
        "la de otro": (1, share(made, 2)),
        "la llave de otro": (2, share(made, 2, key_of=3)),
    }
    for name, (owner, given) in cases.items():
        with pytest.raises(ProofRefusal) as refused:
            checked(made, owner, given)
        assert refused.value.rule == "descifrado.prueba", name


@pytest.mark.parametrize("owner", [0, -1, 4, 99])
def test_a_share_of_no_trustee_is_refused(fast: Group, owner: int) -> None:
    made = four_voters(fast)
    with pytest.raises(OpeningRefusal) as refused:
        checked(made, owner, share(made, 3))
    assert refused.value.rule == "descifrado.custodio"


def test_a_share_of_another_tally_is_refused(fast: Group) -> None:
    made = four_voters(fast)
    other = make_election(fast, FOUR[:3], uuid="CertezaTest6666", seed="otra")
    with pytest.raises(OpeningRefusal) as refused:
        checked(made, 1, share(other, 1))
    assert refused.value.rule == "aportacion.computo"
    renamed = UrnShare(made.election.uuid, share(made, 1).tally, share(other, 1).partial)
    with pytest.raises(ProofRefusal):
        checked(made, 1, renamed)


def test_a_share_of_another_shape_is_refused(fast: Group) -> None:
    made, other = four_voters(fast), two_questions(fast)
    given = UrnShare(made.election.uuid, share(made, 1).tally, share(other, 1).partial)
    with pytest.raises(FormatRefusal) as refused:
        checked(made, 1, given)
    assert refused.value.rule == "descifrado.forma"


# --- the file of shares ---

ORDER = 2**252 + 27742317777372353535851937790883648493


def share_file(made: Made, owner: int = 1, urns: int = 1) -> list[bytes]:
    return [ShareHeading("consulta", owner, urns).line, share(made, owner).line]


def read_all(lines: list[bytes]) -> list[UrnShare]:
    _, urns = shares.read(lines, "aportación", ORDER)
    return list(urns)


def test_a_file_of_shares_is_read_as_it_was_written(fast: Group) -> None:
    made = four_voters(fast)
    lines = share_file(made)
    heading, urns = shares.read(lines, "x", ORDER)
    assert heading == ShareHeading("consulta", 1, 1)
    assert list(urns) == [share(made, 1)]
    assert [heading.line, share(made, 1).line] == lines


def test_files_of_shares_that_are_altered_are_refused(fast: Group) -> None:
    made = four_voters(fast)
    first, line = share_file(made)
    surrogate = line.replace(b'{"challenge":"', b'{"challenge":"\\ud800', 1)
    deep = line.replace(
        b'"decryption_factors":[', b'"decryption_factors":[' + b"[" * 900 + b"]" * 900 + b",", 1
    )
    cases = {
        "vacío": [],
        "sin encabezado": [line],
        "sin urnas": [first],
        "de más": [first, line, line],
        "sin salto": [first, line[:-1]],
        "con espacio": [first, line.replace(b":", b": ", 1)],
        "otra versión": [first.replace(b'"version":1', b'"version":2'), line],
        "otro acto": [first.replace(b"descifrado", b"cifrado"), line],
        "versión verdadera": [first.replace(b'"version":1', b'"version":true'), line],
        "custodio con signo": [first.replace(b'"custodio":1', b'"custodio":-1'), line],
        "medio sustituto": [first, surrogate],
        "hondo": [first, deep],
        "muy hondo": [first, b"[" * 100_000],
        "binario": [first, b"\xff\xfe\n"],
        "más q": [first, line.replace(b'"challenge":"', b'"challenge":"9', 1)],
        "enorme": [first, line + b" " * shares.MAX_LINE_BYTES],
    }
    for name, lines in cases.items():
        with pytest.raises(FormatRefusal):
            read_all(lines)
            pytest.fail(name)


def test_nesting_of_any_depth_is_a_refusal_and_no_crash(fast: Group) -> None:
    made = four_voters(fast)
    first, line = share_file(made)
    for depth in range(50, 2000, 50):
        nested = (
            b'{"uuid":"x","encrypted_tally":"y","partial_decryption":' + b"[" * depth + b"]" * depth + b"}\n"
        )
        with pytest.raises(FormatRefusal):
            read_all([first, nested])
    assert len(read_all([first, line])) == 1


def test_results_beyond_the_ballots_are_not_found(fast: Group) -> None:
    made = four_voters(fast)
    urn = read_closed(until(made, "EncryptedTally"), "urna")
    trustees = made.board.trustees
    partials = {
        o: decryption.PartialDecryption.from_bytes(share(made, o).partial, "x", fast.order) for o in (1, 2)
    }
    factors = decryption.combine(fast, partials, trustees.combination(fast, partials))
    assert decryption.result(fast, urn.tally, factors, 2) == [[1, 2, 1]]
    with pytest.raises(FormatRefusal):
        decryption.result(fast, urn.tally, factors, 1)
