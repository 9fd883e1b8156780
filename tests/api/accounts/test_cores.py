"""What decides without clock or database: others' vectors first, then properties."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from api.accounts import one_time_codes, password, states
from api.accounts.attempts import FORGOTTEN_AFTER, OF_AN_ACCOUNT, Count
from api.accounts.declaration import IN_FORCE, PDF_BYTES, require_in_force, require_pdf
from api.accounts.errors import (
    AccountRefusal,
    ApplicationRefusal,
    Busy,
    CredentialRefusal,
    SettingsRefusal,
    SignInRefusal,
)
from api.accounts.permissions import Role
from api.accounts.service_key import ServiceKey, key_for, make_key, read_key
from api.accounts.session import Grant, Lifetimes, Session, require_open, token_hash, token_text
from api.accounts.settings import AccountsSettings, Provider
from api.accounts.staff import checked
from api.accounts.states import Event, State
from tests.api.accounts.people import GOOD_PASSWORD, NOW, application

RFC_6238_SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    # RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert one_time_codes.verify(RFC_6238_SECRET, code, now, -1) == seconds // 30


@pytest.mark.parametrize(("late", "taken"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_code_is_taken_one_step_early_or_late(late: int, taken: bool) -> None:
    code = one_time_codes.pyotp.TOTP(one_time_codes.spoken_secret(RFC_6238_SECRET)).at(NOW)
    then = NOW + timedelta(seconds=late)
    if taken:
        assert one_time_codes.verify(RFC_6238_SECRET, code, then, 0) == int(NOW.timestamp()) // 30
    else:
        with pytest.raises(SignInRefusal):
            one_time_codes.verify(RFC_6238_SECRET, code, then, 0)


def test_a_code_is_not_taken_after_itself() -> None:
    code = one_time_codes.pyotp.TOTP(one_time_codes.spoken_secret(RFC_6238_SECRET)).at(NOW)
    step = one_time_codes.verify(RFC_6238_SECRET, code, NOW, 0)
    with pytest.raises(SignInRefusal):
        one_time_codes.verify(RFC_6238_SECRET, code, NOW, step)


@given(st.binary(min_size=10, max_size=10))
def test_a_recovery_code_is_known_however_it_is_typed(random: bytes) -> None:
    code = one_time_codes.recovery_code(random)
    stored = one_time_codes.fingerprint(code)
    typed = f" {code.lower().replace('-', ' ')} "
    assert one_time_codes.chosen([bytes(32), stored], typed) == stored
    with pytest.raises(SignInRefusal):
        one_time_codes.chosen([bytes(32)], code)


def test_passwords_are_kept_as_rfc_9106_says_and_others_verify_them() -> None:
    stored = password.hashed(GOOD_PASSWORD, os.urandom(16))
    parameters = extract_parameters(stored)
    assert (parameters.type.name, parameters.version) == ("ID", 19)
    assert (parameters.time_cost, parameters.memory_cost, parameters.parallelism) == (3, 65_536, 4)
    assert (parameters.salt_len, parameters.hash_len) == (16, 32)
    assert PasswordHasher().verify(stored, GOOD_PASSWORD)
    password.verify(stored, GOOD_PASSWORD)
    with pytest.raises(SignInRefusal):
        password.verify(stored, GOOD_PASSWORD + "x")


def test_nobodys_hash_costs_the_same_work() -> None:
    assert extract_parameters(password.NOBODYS) == extract_parameters(password.hashed("x", bytes(16)))
    with pytest.raises(SignInRefusal):
        password.verify(None, GOOD_PASSWORD)


def test_a_flood_of_sign_ins_does_not_take_every_thread() -> None:
    with ThreadPoolExecutor(30) as pool:
        asked = [pool.submit(password.verify, None, GOOD_PASSWORD) for _ in range(30)]
        found = [type(one.exception()) for one in asked]
    assert set(found) == {SignInRefusal, Busy}
    assert found.count(SignInRefusal) >= password.AT_ONCE


def test_one_character_has_one_spelling() -> None:
    stored = password.hashed("an\u0303o de la sequía", bytes(16))
    password.verify(stored, "a\u00f1o de la sequi\u0301a")


@pytest.mark.parametrize(
    "bad",
    ["corta", "x" * 257, "contraseña2026", "PASSWORD123456", "aaaaaaaaaaaaaa", "ana.perez", "anaperez2026"],
)
def test_passwords_that_everybody_tries_are_refused_without_being_repeated(bad: str) -> None:
    with pytest.raises(CredentialRefusal) as refused:
        password.require_good(bad, "ana.perez@ine.mx")
    assert bad not in str(refused.value)


@pytest.mark.parametrize("good", [GOOD_PASSWORD, "ñandú y ñandú y", "solominusculasenlargo"])
def test_no_kinds_of_characters_are_asked_for(good: str) -> None:
    password.require_good(good, "ana@ine.mx")


@pytest.mark.req("APO-01")
def test_no_account_is_active_without_the_declaration() -> None:
    into_active = [
        (s, e) for (s, e), after in states._TABLE.items() if after is State.ACTIVA and s is not after
    ]
    assert into_active == [(State.DECLARACION_PENDIENTE, Event.DECLARATORIA)]


def test_what_the_table_does_not_have_is_refused() -> None:
    for state in State:
        for event in Event:
            if (state, event) not in states._TABLE:
                with pytest.raises(AccountRefusal):
                    states.after(state, event)
    assert not [event for state, event in states._TABLE if state is State.BAJA]


@pytest.mark.req("APO-01")
@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"email": "ana@gmail.com"}, "cuenta.correo"),
        ({"email": "ana@ine.mx.ejemplo.com"}, "cuenta.correo"),
        ({"email": "ana ine.mx"}, "cuenta.correo"),
        ({"role": Role.PROMOVENTE}, "cuenta.rol"),
        ({"role": Role.PENDIENTE}, "cuenta.rol"),
        ({"role": Role.OPL_ENLACE}, "cuenta.opl"),
        ({"role": Role.DERFE_OPERADOR, "opl": "uno"}, "cuenta.opl"),
    ],
)
def test_an_application_that_is_not_in_order_is_refused(changes: dict[str, object], rule: str) -> None:
    with pytest.raises(ApplicationRefusal) as refused:
        checked(application(**changes), ("ine.mx",))  # type: ignore[arg-type]
    assert refused.value.rule == rule


def test_an_application_is_kept_in_one_spelling() -> None:
    assert checked(application(email="  Ana@INE.mx "), ("ine.mx",)).correo == "ana@ine.mx"


def test_waits_grow_and_have_an_end() -> None:
    waits = [OF_AN_ACCOUNT.wait(n) for n in range(60)]
    assert waits[:5] == [timedelta(0)] * 5
    assert all(a <= b for a, b in pairwise(waits))
    assert waits[5] > timedelta(0)
    assert waits[-1] == OF_AN_ACCOUNT.longest


def test_attempts_are_forgotten_after_a_day() -> None:
    assert Count(50, NOW).one_more(NOW + timedelta(minutes=1)).attempts == 51
    assert Count(50, NOW).one_more(NOW + FORGOTTEN_AFTER + timedelta(seconds=1)).attempts == 1


@given(st.binary(min_size=32, max_size=32))
def test_a_token_has_one_spelling(random: bytes) -> None:
    text = token_text(random)
    assert len(token_hash(text)) == 32
    for other in (text + "=", text[:-1], " " + text, text + "A", "ñ"):
        with pytest.raises(SignInRefusal):
            token_hash(other)


@pytest.mark.parametrize(
    ("rested", "lived", "over"),
    [(29, 29, False), (31, 31, True), (0, 599, False), (0, 600, True)],
)
def test_a_session_rests_and_lives_only_so_long(rested: int, lived: int, over: bool) -> None:
    seen = NOW + timedelta(minutes=lived - rested)
    session = Session(
        "s", "c", Grant(Role.DERFE_ADMIN), NOW, seen, NOW + timedelta(minutes=600), "cookie", ""
    )
    now = NOW + timedelta(minutes=lived)
    if over:
        with pytest.raises(SignInRefusal):
            require_open(session, Lifetimes(), now)
    else:
        require_open(session, Lifetimes(), now)


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place_only(plain: bytes, place: str) -> None:
    key = ServiceKey(bytes(32))
    sealed = key.seal(place, plain)
    assert key.open(place, sealed) == plain
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for where, what in ((place + "x", sealed), (place, changed), (place, sealed[:20]), (place, b"")):
        with pytest.raises(SettingsRefusal):
            key.open(where, what)
    with pytest.raises(SettingsRefusal):
        ServiceKey(bytes([1]) * 32).open(place, sealed)


def test_the_key_of_the_service_is_only_its_owners_and_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "llave"
    with pytest.raises(SettingsRefusal, match="certeza admin iniciar"):
        key_for(path, production=True)
    key = key_for(path, production=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path) == key == key_for(path, production=True)
    with pytest.raises(FileExistsError):
        make_key(path)
    path.write_text("no")
    with pytest.raises(SettingsRefusal):
        read_key(path)


def test_only_the_declaration_in_force_can_be_signed() -> None:
    require_in_force(IN_FORCE.version, IN_FORCE.sha256)
    for version, digest in (("2025-1", IN_FORCE.sha256), (IN_FORCE.version, bytes(32))):
        with pytest.raises(AccountRefusal):
            require_in_force(version, digest)


@pytest.mark.parametrize("document", [b"", b"GIF89a", b"%PDF-1.7 cortado", b"%PDF-" + bytes(PDF_BYTES)])
def test_only_a_whole_pdf_is_taken_for_a_signed_declaration(document: bytes) -> None:
    with pytest.raises(AccountRefusal):
        require_pdf(document)


def provider(**changes: object) -> Provider:
    values = {"name": "google", "title": "Google", "issuer": "https://accounts.google.com", "client_id": "c"}
    return Provider.model_validate({**values, **changes})


@pytest.mark.parametrize(
    ("providers", "url", "rule"),
    [
        ((provider(trial=True),), "https://a.mx", "cuentas.proveedor-de-ensayo"),
        ((provider(issuer="http://a.mx"),), "https://a.mx", "cuentas.proveedor-de-ensayo"),
        ((provider(),), "http://a.mx", "cuentas.tls"),
        ((provider(), provider()), "https://a.mx", "cuentas.proveedores"),
    ],
)
def test_production_refuses_what_is_for_trials(providers: tuple[Provider, ...], url: str, rule: str) -> None:
    settings = AccountsSettings(providers=providers)
    with pytest.raises(SettingsRefusal) as refused:
        settings.require_fit(production=True, public_url=url)
    assert refused.value.rule == rule
    AccountsSettings(providers=(provider(),)).require_fit(production=True, public_url="https://a.mx")
