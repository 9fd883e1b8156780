"""Tokens by SMS: their table of states, their tries, and what a machine of random acts may never reach."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import insert

from api.tables import ALL_METADATA
from keys.errors import Refusal
from keys.randomness import SeededRandomness
from ledger.database import Database, open_engine
from tally.claves.tables import personas
from tally.entrada.errors import TokenBlocked, TokenRefusal
from tally.entrada.states import SENT, TRIES, VALID, Event, State, after
from tally.entrada.tokens_sql import Tokens, fingerprint, new_code
from tests.tally.opinion.polling import ID, KEEPER

NOW = datetime(2027, 4, 23, 18, tzinfo=UTC)
WHO = "00000000-0000-0000-0000-000000000001"


def add_person(database: Database) -> None:
    row = {"id": WHO, "consulta": ID, "seccion": "0101", "estado": "con_clave", "creada": NOW}
    blind = {"clave_elector_hmac": bytes(32), "ocr_hmac": bytes(32), "datos_sellados": b""}
    with database.writing() as db:
        db.execute(insert(personas).values(**row, **blind))


def huella(code: str) -> bytes:
    return fingerprint(KEEPER, WHO, code)


def request(database: Database, code: str, now: datetime = NOW) -> State:
    with database.writing() as db:
        return Tokens(db).request(WHO, huella(code), now)


def attempt(database: Database, code: str, now: datetime = NOW) -> Refusal | None:
    with database.writing() as db:
        return Tokens(db).attempt(WHO, huella(code), now)


@pytest.fixture
def there(database: Database) -> Database:
    add_person(database)
    return database


@pytest.mark.req("SEI-14")
def test_a_code_is_six_digits_and_all_are_reached() -> None:
    codes = [new_code(SeededRandomness(str(i))) for i in range(300)]
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)
    assert {code[0] for code in codes} == set("0123456789")


@pytest.mark.req("SEI-14")
def test_the_right_code_serves_once(there: Database) -> None:
    request(there, "123456")
    assert attempt(there, "123456", NOW + VALID - timedelta(seconds=1)) is None
    again = attempt(there, "123456")
    assert again is not None
    assert again.rule == "token.vigencia"


@pytest.mark.req("SEI-14")
def test_after_ten_minutes_it_is_worth_nothing(there: Database) -> None:
    request(there, "123456")
    late = attempt(there, "123456", NOW + timedelta(minutes=10))
    assert late is not None
    assert late.rule == "token.vigencia"


@pytest.mark.req("SEI-14")
def test_five_wrong_tries_end_it(there: Database) -> None:
    request(there, "123456")
    rules = [attempt(there, f"00000{n}") for n in range(TRIES)]
    assert [found.rule for found in rules if found] == ["token.valor"] * TRIES
    found = attempt(there, "123456")
    assert found is not None
    assert found.rule == "token.vigencia"
    assert request(there, "654321") is State.SEGUNDO
    assert attempt(there, "654321") is None


@pytest.mark.req("SEI-14")
def test_tries_at_once_are_not_more_than_tries_in_a_row(there: Database) -> None:
    request(there, "123456")
    found: list[Refusal | None] = []
    barrier = threading.Barrier(8)

    def guess(n: int) -> None:
        barrier.wait()
        found.append(attempt(there, f"00000{n}"))

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [f.rule for f in found if f].count("token.valor") == TRIES


@pytest.mark.req("SEI-15")
def test_two_more_requests_and_a_third_blocks_until_the_cat_unblocks(there: Database) -> None:
    states = [request(there, f"11111{n}") for n in range(4)]
    assert states == [State.PRIMERO, State.SEGUNDO, State.TERCERO, State.BLOQUEADO]
    assert isinstance(attempt(there, "111112"), TokenBlocked), "the one that was sent last is over too"
    with there.writing() as db:
        Tokens(db).unblock(WHO)
    assert request(there, "222222") is State.PRIMERO
    assert attempt(there, "222222") is None


@pytest.mark.req("SEI-15")
def test_only_the_last_token_serves(there: Database) -> None:
    request(there, "111111")
    request(there, "222222")
    found = attempt(there, "111111")
    assert found is not None
    assert found.rule == "token.valor"
    assert attempt(there, "222222") is None


@pytest.mark.req("SEI-15")
def test_the_cat_unblocks_nobody_whose_token_was_used(there: Database) -> None:
    request(there, "111111")
    assert attempt(there, "111111") is None
    for _ in range(4):
        request(there, "222222")
    with pytest.raises(TokenRefusal, match=r"token\.usado"), there.writing() as db:
        Tokens(db).unblock(WHO)
    with there.reading() as db:
        assert Tokens(db).of(WHO).estado is State.BLOQUEADO


def test_what_is_not_in_the_table_is_refused() -> None:
    for state, happening in ((State.NINGUNO, Event.USO), (State.USADO, Event.DESBLOQUEO)):
        with pytest.raises(TokenRefusal):
            after(state, happening)


class Machine(RuleBasedStateMachine):
    """Any acts in any order, against a model that knows only the sentences of 7.4."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        engine = open_engine(f"sqlite:///{Path(self.folder.name) / 'c.db'}")
        for metadata in ALL_METADATA:
            metadata.create_all(engine)
        self.database = Database(engine)
        self.now, self.sent, self.sent_at = NOW, "", NOW
        self.requests = self.tries = 0
        self.blocked = self.used = False

    @initialize()
    def somebody(self) -> None:
        add_person(self.database)

    @rule(code=st.integers(0, 999_999))
    def ask(self, code: int) -> None:
        self.requests += 1
        state = request(self.database, f"{code:06}", self.now)
        self.blocked = self.blocked or self.requests > 3
        self.sent, self.sent_at = "" if self.blocked else f"{code:06}", self.now
        self.tries = 0
        assert (state is State.BLOQUEADO) == self.blocked
        assert (state in SENT) != self.blocked

    @rule(wait=st.integers(0, 700))
    def wait(self, wait: int) -> None:
        self.now += timedelta(seconds=wait)

    @rule(right=st.booleans(), code=st.integers(0, 999_999))
    def guess(self, right: bool, code: int) -> None:
        text = self.sent if right and self.sent else f"{code:06}"
        alive = bool(self.sent) and self.now < self.sent_at + VALID and self.tries < TRIES
        let_in = attempt(self.database, text, self.now) is None
        assert let_in == (alive and text == self.sent)
        self.tries += 1
        if let_in:
            self.sent, self.requests, self.used = "", 0, True

    @precondition(lambda self: self.blocked)
    @rule()
    def unblock(self) -> None:
        try:
            with self.database.writing() as db:
                Tokens(db).unblock(WHO)
        except TokenRefusal:
            assert self.used
        else:
            assert not self.used
            self.blocked, self.requests = False, 0

    @invariant()
    def a_code_that_cannot_be_used_is_not_kept(self) -> None:
        with self.database.reading() as db:
            token = Tokens(db).of(WHO)
        assert (token.huella is None) == (token.estado not in SENT)

    def teardown(self) -> None:
        self.database.engine.dispose()
        self.folder.cleanup()


Machine.TestCase.settings = settings(max_examples=15, stateful_step_count=25, deadline=None)
TestTokens = pytest.mark.req("SEI-15")(Machine.TestCase)
