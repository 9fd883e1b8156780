"""Devices: the proof of their key, at most two, also when requests come together, and the cédula."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from capture.auxiliares.causes import By, read_baja
from capture.auxiliares.store_sql import AuxiliarStore
from capture.devices.cedulas_sql import CedulaStore
from capture.devices.challenges_sql import Challenges, Proof
from capture.devices.errors import DeviceRefusal, Refusal
from capture.devices.key import possession_message, read_key
from capture.devices.registration import MAX_BODY_BYTES, Registration, register
from capture.devices.store_sql import DeviceStore
from capture.intake.sender_sql import sender_of
from capture.packet import device_key
from capture.processes.store_sql import PeriodStore
from keys.errors import FormatRefusal
from ledger.database import Database
from tests.capture import registration_samples as samples
from tests.capture.registration_samples import FOLIO, NOW, PERIOD

BODY = b"age-encryption.org/v1\n" + bytes(100)


def uuid(number: int) -> str:
    return f"0193bbbb-0000-7000-8000-{number:012d}"


def signed(
    database: Database, private: device_key.PrivateKey, holder: str, body: bytes, number: int
) -> Proof:
    """A challenge that the device answered."""
    value = number.to_bytes(32, "big")
    with database.writing() as db:
        Challenges(db).issue(uuid(number), value, NOW)
    key = read_key(device_key.encode_key(private.public_key()))
    message = possession_message(uuid(number), value, holder, key, body)
    return Proof(uuid(number), key, device_key.sign(private, message))


def registration(database: Database, holder: str, number: int, **changes: object) -> Registration:
    private: device_key.PrivateKey = (
        Ed25519PrivateKey.generate() if number % 2 else generate_private_key(SECP256R1())
    )
    made = Registration(
        proceso=FOLIO,
        auxiliar=holder,
        correo="auxiliar0@ejemplo.mx",
        name=f"Teléfono {number}",
        credencial="cic",
        numero="123456789",
        proof=signed(database, private, holder, b"", number),
        body=BODY,
    )
    proof = signed(database, private, holder, made.sha256, number + 10_000)
    return replace(made, proof=proof, **changes)  # type: ignore[arg-type]


def try_to_register(database: Database, asked: Registration, number: int) -> str:
    """The device's id, or the rule that refused it."""
    try:
        with database.writing() as db:
            return register(db, asked, uuid(number + 20_000), uuid(number + 30_000), NOW).device
    except Refusal as refusal:
        return refusal.rule


@pytest.fixture
def auxiliar(database: Database) -> str:
    with database.writing() as db:
        samples.register_process(db)
        return samples.register_auxiliar(db)


@pytest.mark.req("APO-05")
def test_a_device_is_registered_with_its_cedula(database: Database, auxiliar: str) -> None:
    device = try_to_register(database, registration(database, auxiliar, 1), 1)
    with database.writing() as db:
        sender = sender_of(db, device)
        assert (sender.emisor, sender.proceso, sender.correo) == (auxiliar, FOLIO, "auxiliar0@ejemplo.mx")
        cedulas = CedulaStore(db)
        (cedula,) = cedulas.of_process(FOLIO, pending=True)
        assert (cedula.dispositivo, cedula.numero, cedula.proceso) == (device, "123456789", FOLIO)
        cedulas.review(cedula.id, False, "opl", NOW)
        assert cedulas.get(cedula.id).corresponde is False
        assert cedulas.of_process(FOLIO, pending=True) == []
        with pytest.raises(DeviceRefusal, match=r"cedula\.revisada"):
            cedulas.review(cedula.id, True, "opl", NOW)


@pytest.mark.req("APO-07")
def test_a_third_device_is_refused_until_one_is_removed(database: Database, auxiliar: str) -> None:
    first, second = (try_to_register(database, registration(database, auxiliar, n), n) for n in (1, 2))
    third = registration(database, auxiliar, 3)
    with pytest.raises(DeviceRefusal, match="Baja de dispositivo"), database.writing() as db:
        register(db, third, uuid(20_003), uuid(30_003), NOW)
    with database.writing() as db:
        DeviceStore(db).remove(first, NOW + timedelta(hours=1))
        with pytest.raises(DeviceRefusal, match=r"dispositivo\.baja"):
            DeviceStore(db).remove(first, NOW)
    made = try_to_register(database, registration(database, auxiliar, 4), 4)
    with database.reading() as db:
        devices = DeviceStore(db).of_auxiliar(auxiliar)
        assert {d.id for d in devices if d.active} == {second, made}
        assert DeviceStore(db).get(first).baja == NOW + timedelta(hours=1)


@pytest.mark.req("APO-07")
def test_of_many_devices_at_the_same_time_two_are_registered(database: Database, auxiliar: str) -> None:
    asked = [registration(database, auxiliar, n) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: try_to_register(database, asked[n], n), range(8)))
    assert answers.count("dispositivo.maximo") == 6
    with database.reading() as db:
        assert len([d for d in DeviceStore(db).of_auxiliar(auxiliar) if d.active]) == 2


def test_an_answer_that_was_lost_is_given_again(database: Database, auxiliar: str) -> None:
    private = Ed25519PrivateKey.generate()
    asked = registration(database, auxiliar, 1)
    answers = set()
    for number in (40, 41):
        again = replace(asked, proof=signed(database, private, auxiliar, asked.sha256, number))
        answers.add(try_to_register(database, again, number))
    assert answers == {uuid(20_040)}


def test_a_key_is_registered_once_for_ever(database: Database, auxiliar: str) -> None:
    private = Ed25519PrivateKey.generate()
    asked = registration(database, auxiliar, 1)
    with database.writing() as db:
        other = samples.register_auxiliar(db, 1)
    first = replace(asked, proof=signed(database, private, auxiliar, asked.sha256, 50))
    device = try_to_register(database, first, 1)
    theirs = replace(
        asked,
        auxiliar=other,
        correo="auxiliar1@ejemplo.mx",
        proof=signed(database, private, other, asked.sha256, 51),
    )
    assert try_to_register(database, theirs, 2) == "dispositivo.repetido"
    with database.writing() as db:
        DeviceStore(db).remove(device, NOW)
    back = replace(asked, proof=signed(database, private, auxiliar, asked.sha256, 52))
    assert try_to_register(database, back, 3) == "dispositivo.repetido"


@pytest.mark.req("APO-05")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"proceso": "F261127320000009"}, "auxiliar.identificado"),
        ({"auxiliar": "A999999999"}, "auxiliar.identificado"),
        ({"correo": "otra@ejemplo.mx"}, "auxiliar.identificado"),
        ({"body": BODY + b"x"}, "paquete.firma"),
        ({"body": b"sin cifrar"}, "cedula.cifrado"),
        ({"body": BODY + bytes(MAX_BODY_BYTES)}, "cedula.tamano"),
        ({"name": ""}, "texto.largo"),
    ],
)
def test_data_that_are_not_those_of_the_alta_are_refused(
    database: Database, auxiliar: str, changes: dict[str, object], rule: str
) -> None:
    assert try_to_register(database, registration(database, auxiliar, 1, **changes), 1) == rule


def test_a_removed_auxiliar_registers_nothing(database: Database, auxiliar: str) -> None:
    asked = registration(database, auxiliar, 1)
    with database.writing() as db:
        AuxiliarStore(db).remove(auxiliar, read_baja("datos-incorrectos", "", By.PROMOVENTE), "c", NOW)
    assert try_to_register(database, asked, 1) == "auxiliar.identificado"


def test_after_the_period_nothing_is_registered(database: Database, auxiliar: str) -> None:
    asked = registration(database, auxiliar, 1)
    with database.writing() as db:
        PeriodStore(db).set_active(PERIOD, False)
    assert try_to_register(database, asked, 1) == "dispositivo.periodo"


def test_a_challenge_is_used_once_and_for_ten_minutes(database: Database, auxiliar: str) -> None:
    proof = signed(database, Ed25519PrivateKey.generate(), auxiliar, bytes(32), 60)
    late = NOW + timedelta(minutes=10)
    for now, ruled in ((late, True), (NOW, False), (NOW, True)):
        with database.writing() as db:
            if not ruled:
                Challenges(db).require(proof, auxiliar, bytes(32), now)
                continue
            with pytest.raises(DeviceRefusal, match=r"dispositivo\.reto"):
                Challenges(db).require(proof, auxiliar, bytes(32), now)


def test_a_proof_holds_for_its_holder_only(database: Database, auxiliar: str) -> None:
    proof = signed(database, Ed25519PrivateKey.generate(), "otro", bytes(32), 61)
    with pytest.raises(Refusal, match=r"paquete\.firma"), database.writing() as db:
        Challenges(db).require(proof, auxiliar, bytes(32), NOW)


def test_another_kind_of_key_is_refused() -> None:
    with pytest.raises(FormatRefusal):
        read_key(b"nada")
