"""Passkeys, with an authenticator in software that makes what browsers send."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.accounts import passkeys
from api.accounts.authenticate import actor_of
from api.accounts.desk import AccountsDesk
from api.accounts.errors import CredentialRefusal, SignInRefusal
from api.accounts.store_credentials import Credentials, Passkey
from tests.api.accounts.people import (
    HERE,
    NOW,
    UP,
    URL,
    Person,
    SoftPasskey,
    active,
    application,
    challenge_of,
)

LATER = NOW + timedelta(minutes=5)


def registered(doors: AccountsDesk, person: Person, key: SoftPasskey) -> None:
    account = person.account
    options = passkeys.registration_options(bytes(32), URL, account.id, account.correo, [])
    new = passkeys.verify_registration(key.create(options), challenge_of(options), URL)
    with doors.means.database.writing() as db:
        store = Credentials(db, doors.means.key)
        store.add_passkey(Passkey(new.id, account.id, new.public, new.count, "USB", NOW, None))


@pytest.fixture
def ana(doors: AccountsDesk) -> Person:
    return active(doors, application())


@pytest.fixture
def key(doors: AccountsDesk, ana: Person) -> SoftPasskey:
    made = SoftPasskey()
    registered(doors, ana, made)
    return made


@pytest.mark.req("APO-01")
def test_a_passkey_alone_lets_in(doors: AccountsDesk, ana: Person, key: SoftPasskey) -> None:
    name, options = doors.staff.passkey_options(LATER)
    opened = doors.staff.with_passkey(name, key.get(options), HERE, LATER)
    actor = actor_of(doors.means, opened.token, LATER)
    assert actor is not None
    assert (actor.account, actor.verified) == (ana.account.id, LATER)
    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials")  # nobody's passkeys are told by asking


def test_an_answer_lets_in_once(doors: AccountsDesk, key: SoftPasskey) -> None:
    name, options = doors.staff.passkey_options(LATER)
    answer = key.get(options)
    doors.staff.with_passkey(name, answer, HERE, LATER)
    with pytest.raises(SignInRefusal):
        doors.staff.with_passkey(name, answer, HERE, LATER)
    other, _ = doors.staff.passkey_options(LATER)
    with pytest.raises(SignInRefusal):
        doors.staff.with_passkey(other, answer, HERE, LATER)


def test_a_challenge_that_failed_is_gone(doors: AccountsDesk, key: SoftPasskey) -> None:
    name, options = doors.staff.passkey_options(LATER)
    with pytest.raises(SignInRefusal):
        doors.staff.with_passkey(name, SoftPasskey().get(options), HERE, LATER)
    with pytest.raises(SignInRefusal):
        doors.staff.with_passkey(name, key.get(options), HERE, LATER)


@pytest.mark.parametrize(
    "fault",
    [{"flags": UP}, {"origin": "https://apoyo.ejemplo.mx.otro.mx"}, {"rp_id": "otro.mx"}, {"count": -1}],
)
def test_what_is_not_for_this_service_or_not_by_this_person_is_refused(
    doors: AccountsDesk, key: SoftPasskey, fault: dict[str, object]
) -> None:
    first, options = doors.staff.passkey_options(LATER)
    doors.staff.with_passkey(first, key.get(options), HERE, LATER)
    for name, value in fault.items():
        setattr(key, name, value)
    again, options = doors.staff.passkey_options(LATER)
    with pytest.raises(SignInRefusal):
        doors.staff.with_passkey(again, key.get(options), HERE, LATER)


@pytest.mark.parametrize("fault", [{"flags": UP}, {"origin": "https://otro.mx"}, {"rp_id": "otro.mx"}])
def test_a_registration_must_verify_the_person_for_this_service(fault: dict[str, object]) -> None:
    key = SoftPasskey(**fault)  # type: ignore[arg-type]
    options = passkeys.registration_options(bytes(32), URL, "1", "ana@ine.mx", [])
    with pytest.raises(CredentialRefusal):
        passkeys.verify_registration(key.create(options), challenge_of(options), URL)


def test_one_passkey_is_of_one_account(doors: AccountsDesk, key: SoftPasskey) -> None:
    beto = active(doors, application(email="beto@ine.mx"))
    with pytest.raises(CredentialRefusal):
        registered(doors, beto, key)


def test_a_passkey_given_again_must_be_of_the_same_person(
    doors: AccountsDesk, ana: Person, key: SoftPasskey
) -> None:
    beto = active(doors, application(email="beto@ine.mx"))
    own = SoftPasskey()
    registered(doors, beto, own)
    name, options = doors.staff.reinforce_options(ana.account.id, LATER)
    with pytest.raises(SignInRefusal):
        doors.staff.reinforce_with_passkey(ana.opened.token, name, own.get(options), LATER)
    name, options = doors.staff.reinforce_options(ana.account.id, LATER)
    renewed = doors.staff.reinforce_with_passkey(ana.opened.token, name, key.get(options), LATER)
    actor = actor_of(doors.means, renewed.token, LATER)
    assert actor is not None
    assert actor.verified == LATER


@pytest.mark.parametrize("answer", [{}, {"rawId": "ñ"}, {"rawId": "AAAA", "id": "AAAA", "response": 3}])
def test_an_answer_that_is_none_is_refused(doors: AccountsDesk, answer: dict[str, object]) -> None:
    name, _ = doors.staff.passkey_options(LATER)
    with pytest.raises(SignInRefusal):
        doors.staff.with_passkey(name, answer, HERE, LATER)
