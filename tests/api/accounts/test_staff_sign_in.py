"""How staff enters, and what attackers of it find, on each database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import select

from api.accounts import password
from api.accounts.authenticate import actor_of
from api.accounts.desk import AccountsDesk
from api.accounts.errors import SignInRefusal, TooSoon
from api.accounts.means import Visitor
from api.accounts.permissions import Role
from api.accounts.staff_sign_in import Entry
from api.accounts.tables import codigos_totp, contrasenas, intentos, sesiones
from api.acts.tables import actos
from tests.api.accounts.people import GOOD_PASSWORD, HERE, NOW, Person, active, application

LATER = NOW + timedelta(minutes=5)


def enter(
    doors: AccountsDesk, now: datetime, code: str, email: str = "ana@ine.mx", secret: str = GOOD_PASSWORD
) -> str:
    return doors.staff.with_password(Entry(email, secret, code), HERE, now).token


def refusal(doors: AccountsDesk, now: datetime, code: str, email: str, secret: str) -> str:
    with pytest.raises(SignInRefusal) as refused:
        enter(doors, now, code, email, secret)
    return str(refused.value)


@pytest.fixture
def ana(doors: AccountsDesk) -> Person:
    return active(doors, application())


@pytest.mark.req("APO-01")
def test_password_and_code_together_let_in(doors: AccountsDesk, ana: Person) -> None:
    token = enter(doors, LATER, ana.app.code(LATER), email=" ANA@ine.mx")
    actor = actor_of(doors.means, token, LATER)
    assert actor is not None
    assert (actor.account, actor.role, actor.verified) == (ana.account.id, Role.DERFE_ADMIN, LATER)
    with doors.means.database.reading() as db:
        kinds = set(db.execute(select(actos.c.tipo)).scalars())
    assert kinds == {"cuenta.alta", "credencial.establecida", "declaratoria.firma", "sesion.inicio"}


def test_a_code_lets_in_once(doors: AccountsDesk, ana: Person) -> None:
    code = ana.app.code(LATER)
    enter(doors, LATER, code)
    with pytest.raises(SignInRefusal):
        enter(doors, LATER + timedelta(seconds=1), code)


def test_of_two_with_the_same_code_at_the_same_time_one_is_let_in(doors: AccountsDesk, ana: Person) -> None:
    code = ana.app.code(LATER)

    def try_it(_: int) -> bool:
        try:
            enter(doors, LATER, code)
        except (SignInRefusal, TooSoon):
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(try_it, range(4))) == 1


def test_nothing_says_whether_an_account_exists(doors: AccountsDesk, ana: Person) -> None:
    code = ana.app.code(LATER)
    with patch.object(password, "_HASHER", wraps=password._HASHER) as hasher:
        told = {
            refusal(doors, LATER, "000000", "ana@ine.mx", GOOD_PASSWORD),
            refusal(doors, LATER, code, "ana@ine.mx", "otra contraseña larga"),
            refusal(doors, LATER, code, "nadie@ine.mx", GOOD_PASSWORD),
            refusal(doors, LATER, code, "esto no es un correo", GOOD_PASSWORD),
            refusal(doors, LATER, "ABCD-ABCD-ABCD-ABCD", "ana@ine.mx", GOOD_PASSWORD),
        }
    assert len(told) == 1
    assert hasher.verify.call_count == 5


def test_many_failures_have_to_wait_and_the_owner_gets_in_after_it(doors: AccountsDesk, ana: Person) -> None:
    for _ in range(5):
        refusal(doors, LATER, "000000", "ana@ine.mx", "una contraseña que no es")
    with pytest.raises(TooSoon) as early:
        enter(doors, LATER, ana.app.code(LATER))
    then = LATER + timedelta(seconds=early.value.seconds)
    assert enter(doors, then, ana.app.code(then))
    with doors.means.database.reading() as db:
        address = doors.means.key.blind("direccion", HERE.address)
        rows = db.execute(select(intentos.c.clave, intentos.c.fallidos)).all()
    assert [(bytes(row.clave), row.fallidos) for row in rows] == [(address, 5)]  # those were failures


def test_waits_are_the_same_for_accounts_that_do_not_exist(doors: AccountsDesk) -> None:
    for _ in range(5):
        refusal(doors, LATER, "000000", "nadie@ine.mx", "una contraseña que no es")
    with pytest.raises(TooSoon):
        enter(doors, LATER, "000000", "nadie@ine.mx")


def test_an_address_that_tries_many_accounts_has_to_wait(doors: AccountsDesk) -> None:
    with patch.object(password, "verify", side_effect=SignInRefusal("x", "x", "x", "x")):
        for n in range(30):
            refusal(doors, LATER, "000000", f"persona{n}@ine.mx", GOOD_PASSWORD)
    with pytest.raises(TooSoon):
        enter(doors, LATER, "000000", "otra@ine.mx")
    elsewhere = Visitor("192.0.2.8", "", "cookie")
    with pytest.raises(SignInRefusal):
        doors.staff.with_password(Entry("otra@ine.mx", GOOD_PASSWORD, "000000"), elsewhere, LATER)


def test_many_attempts_at_the_same_time_are_not_more_than_many_in_a_row(doors: AccountsDesk) -> None:
    def try_it(_: int) -> bool:
        try:
            enter(doors, LATER, "000000", "nadie@ine.mx")
        except TooSoon:
            return False
        except SignInRefusal:
            return True
        raise AssertionError

    with (
        patch.object(password, "verify", side_effect=SignInRefusal("x", "x", "x", "x")),
        ThreadPoolExecutor(6) as pool,
    ):
        assert sum(pool.map(try_it, range(20))) == 5


def test_a_recovery_code_lets_in_once(doors: AccountsDesk, ana: Person) -> None:
    assert enter(doors, LATER, ana.recovery[3].lower())
    with pytest.raises(SignInRefusal):
        enter(doors, LATER, ana.recovery[3])


def test_a_second_factor_given_again_changes_the_token(doors: AccountsDesk, ana: Person) -> None:
    then = NOW + timedelta(minutes=20)
    before = ana.opened.token
    after = doors.staff.reinforce(before, ana.app.code(then), then).token
    assert actor_of(doors.means, before, then) is None
    actor = actor_of(doors.means, after, then)
    assert actor is not None
    assert actor.verified == then
    with pytest.raises(SignInRefusal):
        doors.staff.reinforce(after, ana.app.code(then), then)


def test_the_database_holds_no_secret_in_clear(doors: AccountsDesk, ana: Person) -> None:
    with doors.means.database.reading() as db:
        sealed = db.execute(select(codigos_totp.c.secreto)).scalar_one()
        hashed = db.execute(select(contrasenas.c.hash)).scalar_one()
        tokens = db.execute(select(sesiones.c.huella)).scalars().all()
    assert ana.app.secret.encode() not in sealed
    assert doors.means.key.open(f"codigos_totp/{ana.account.id}", sealed) not in sealed
    assert hashed.startswith("$argon2id$")
    assert all(ana.opened.token.encode() not in token for token in tokens)
