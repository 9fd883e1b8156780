"""«Mi Apoyo»: one e-mail, one device, one person, and a code that is worth what it should be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from capture.devices.errors import Refusal
from capture.identity.errors import FormRefusal
from capture.intake.sender_sql import sender_of
from capture.mi_apoyo.activation import (
    MAX_ATTEMPTS,
    MAX_REQUESTS,
    ActivationForm,
    ActivationRequest,
    read_activation,
)
from capture.mi_apoyo.code import ALPHABET, LENGTH, derive, new_code, read_code, spoken
from capture.mi_apoyo.errors import ActivationRefusal
from capture.mi_apoyo.store_sql import ActivationStore, GivenCode
from capture.processes.store_sql import PeriodStore
from keys.randomness import SeededRandomness
from ledger.database import Database
from tests.capture import registration_samples as samples
from tests.capture.devices.test_devices import signed, uuid
from tests.capture.registration_samples import NOW, PERIOD

NOTHING = bytes(32)
SALT = bytes(16)
CODE = "ABCDE23456"
FORM = ActivationForm(
    qr="http://qr.ine.mx/180112345678902123456789/20190101/V/123456",
    modelo="g",
    entidad="32",
    correo="Ciudadana@Ejemplo.mx",
    autenticacion="google",
)


class Citizen:
    """Somebody with a credential, an e-mail and a device."""

    def __init__(self, database: Database, number: int = 0, **changes: str) -> None:
        self.database = database
        self.key = Ed25519PrivateKey.generate()
        self.number = 1000 * (number + 1)
        form = replace(FORM, qr=FORM.qr.replace("123456789/", f"{123456789 + number}/"))
        form = replace(form, correo=f"ciudadana{number}@ejemplo.mx")
        self.data = read_activation(replace(form, **changes))

    def next(self) -> int:
        self.number += 1
        return self.number

    def ask(self, code: str = CODE, now_hours: float = 0) -> str:
        number = self.next()
        now = NOW + timedelta(hours=now_hours)
        proof = signed(self.database, self.key, "mi-apoyo", NOTHING, number)
        with self.database.writing() as db:
            asked = ActivationRequest(self.data, proof)
            ActivationStore(db).request(uuid(number), asked, SALT, derive(code, SALT), now)
        return uuid(number)

    def give(self, identifier: str, code: str = CODE, now_hours: float = 0) -> str:
        number = self.next()
        now = NOW + timedelta(hours=now_hours)
        proof = signed(self.database, self.key, identifier, NOTHING, number)
        with self.database.writing() as db:
            ActivationStore(db).count_attempt(identifier, now)
        with self.database.writing() as db:
            given = GivenCode(read_code(code), derive(read_code(code), SALT), proof)
            return ActivationStore(db).activate(identifier, given, uuid(number), "Mi teléfono", now)


@pytest.fixture(autouse=True)
def challenges_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests look at other times than ten minutes."""
    monkeypatch.setattr("capture.devices.challenges_sql.VALID", timedelta(days=9))


@pytest.fixture
def database_with_process(database: Database) -> Database:
    with database.writing() as db:
        samples.register_process(db)
    return database


def refused(rule: str) -> object:
    return pytest.raises(Refusal, match=rule.replace(".", r"\."))


@pytest.mark.req("APO-15")
def test_a_citizen_activates_with_the_code_on_the_device_that_asked(database_with_process: Database) -> None:
    database = database_with_process
    citizen = Citizen(database)
    identifier = citizen.ask()
    device = citizen.give(identifier, "abcde 23456", now_hours=23.9)
    with database.reading() as db:
        made = ActivationStore(db).get(identifier)
        assert (made.cic, made.entidad, made.modelo, made.codigo) == ("123456789", "32", "G", CODE)
        sender = sender_of(db, device)
    assert (sender.emisor, sender.correo, sender.modalidad) == (identifier, made.correo, "mi-apoyo")
    assert citizen.give(identifier) == device


@pytest.mark.req("APO-15")
def test_a_code_holds_24_hours(database_with_process: Database) -> None:
    citizen = Citizen(database_with_process)
    identifier = citizen.ask()
    with pytest.raises(ActivationRefusal, match="vencido"):
        citizen.give(identifier, now_hours=24)
    citizen.give(citizen.ask(now_hours=25), now_hours=26)


@pytest.mark.req("APO-15")
def test_another_device_cannot_use_the_code(database_with_process: Database) -> None:
    citizen, thief = Citizen(database_with_process), Citizen(database_with_process, 1)
    identifier = citizen.ask()
    with pytest.raises(ActivationRefusal, match=r"codigo\.dispositivo"):
        thief.give(identifier)
    citizen.give(identifier)


@pytest.mark.req("APO-15")
def test_after_five_wrong_codes_the_right_one_is_refused(database_with_process: Database) -> None:
    citizen = Citizen(database_with_process)
    identifier = citizen.ask()
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(ActivationRefusal, match=r"codigo\.valor"):
            citizen.give(identifier, "ZZZZZZZZZZ")
    with pytest.raises(ActivationRefusal, match="intentos fallidos"):
        citizen.give(identifier)
    citizen.give(citizen.ask())


@pytest.mark.req("APO-15")
@pytest.mark.parametrize("shared", ["correo", "cic", "dispositivo"])
def test_one_email_one_device_one_person(database_with_process: Database, shared: str) -> None:
    first, second = Citizen(database_with_process), Citizen(database_with_process, 1)
    waiting = second.ask() if shared != "dispositivo" else None
    if shared == "correo":
        second.data = replace(second.data, correo=first.data.correo)
        waiting = second.ask()
    elif shared == "cic":
        second.data = replace(second.data, cic=first.data.cic)
        waiting = None
    else:
        second.key = first.key
    activated = first.ask()
    first.give(activated)
    with pytest.raises(ActivationRefusal, match="una persona"):
        second.give(waiting or second.ask())
    with database_with_process.writing() as db:
        ActivationStore(db).remove(activated, "derfe", NOW)
    second.key = Ed25519PrivateKey.generate()
    second.give(second.ask())


@pytest.mark.req("APO-15")
def test_a_device_serves_the_first_person_who_got_a_code_on_it(database_with_process: Database) -> None:
    first, second = Citizen(database_with_process), Citizen(database_with_process, 1)
    second.key = first.key
    first.ask()
    with pytest.raises(ActivationRefusal, match="una persona"):
        second.ask(now_hours=23)
    second.ask(now_hours=25)


def test_who_does_not_complete_an_activation_stands_in_nobodys_way(database_with_process: Database) -> None:
    stranger, citizen = Citizen(database_with_process), Citizen(database_with_process)
    stranger.data = replace(stranger.data, correo="intrusa@ejemplo.mx")
    stranger.number += 500
    stranger.ask()
    citizen.give(citizen.ask())


def test_a_newer_code_of_the_device_replaces_the_one_before(database_with_process: Database) -> None:
    citizen = Citizen(database_with_process)
    old, new = citizen.ask(), citizen.ask("ZZZZZ22222")
    with pytest.raises(ActivationRefusal, match="reemplazado"):
        citizen.give(old)
    citizen.give(new, "ZZZZZ-22222")


def test_a_mailbox_is_not_flooded(database_with_process: Database) -> None:
    citizen = Citizen(database_with_process)
    for _ in range(MAX_REQUESTS):
        citizen.ask()
    with pytest.raises(ActivationRefusal, match=r"codigo\.solicitudes"):
        citizen.ask()
    citizen.ask(now_hours=24)


@pytest.mark.req("APO-15")
def test_the_entidad_is_checked(database_with_process: Database) -> None:
    with pytest.raises(ActivationRefusal, match=r"mi-apoyo\.entidad"):
        Citizen(database_with_process, entidad="10").ask()
    with database_with_process.writing() as db:
        PeriodStore(db).set_active(PERIOD, False)
    with pytest.raises(ActivationRefusal, match=r"mi-apoyo\.entidad"):
        Citizen(database_with_process, 1).ask()


@pytest.mark.req("APO-15")
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"modelo": "C"}, "credencial.modelo"),
        ({"modelo": ""}, "credencial.modelo"),
        ({"qr": "123456789"}, "qr.reverso"),
        ({"correo": "x"}, "correo.forma"),
        ({"entidad": ""}, "entidad"),
    ],
)
def test_only_models_d_to_h_with_their_qr(change: dict[str, str], rule: str) -> None:
    with pytest.raises(FormRefusal) as refusal:
        read_activation(replace(FORM, **change))
    assert refusal.value.rule == rule


@given(st.text(max_size=20))
def test_codes_are_read_as_they_are_spoken(seed: str) -> None:
    code = new_code(SeededRandomness(seed))
    assert len(code) == LENGTH >= 8
    assert set(code) <= set(ALPHABET)
    assert read_code(spoken(code).lower()) == code


@pytest.mark.parametrize("text", ["", "ABCDE", "ABCDE-2345O", "ABCDE234567", "ＡBCDE23456"])
def test_what_cannot_be_a_code_is_refused_before_any_work(text: str) -> None:
    with pytest.raises(ActivationRefusal, match=r"codigo\.forma"):
        read_code(text)
