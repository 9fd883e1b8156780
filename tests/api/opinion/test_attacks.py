"""Attacks on the voting hour over HTTP, one test each; docs/threat-model.md has the table of all of them.

The attackers here know every ballot that is public, hold Claves of their own, and compute everything as well
as the service does.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from api.accounts.permissions import ROLES_OF, Actor, Role
from api.accounts.permissions_sei import ROWS
from api.acts.tables import actos
from api.http.guard import Gate
from api.routers import ROUTERS
from api.tables import ALL_METADATA
from keys import clave, credentials
from keys.clave import Wrapped
from keys.group import Group
from keys.proofs import schnorr
from keys.randomness import SystemRandomness
from ledger.database import Database, open_engine
from tally.ballot import Ballot
from tally.consulta.form import read_form
from tally.consulta.store_sql import Consultas
from tally.consulta.tables import consultas
from tally.election import Election, base64_digest
from tally.encryption import BallotMaker
from tally.setup import uuid_of
from tests.api.consultas.town import Town, opened_town
from tests.api.entrada.voting import Device, Sei, derived, sei_over
from tests.api.opinion.test_casting import counted
from tests.tally.consulta.making import asked
from tests.tally.opinion.polling import BOTH, ID, person_data

OTHER = "otra-2027"


@pytest.fixture
def sei(database: Database, tmp_path: Path) -> Iterator[Sei]:
    with sei_over(database, tmp_path, (BOTH, BOTH)) as made:
        yield made


def private_of(device: Device) -> str:
    """The private credential, opened with the Clave as the page does."""
    keys, given = (
        derived(device.clave, person_data(device.number).clave_elector),
        device.session["credencial"],
    )
    auth = hashlib.sha256(keys.auth_key).digest()
    return clave.unwrap(keys, Wrapped(auth, bytes.fromhex(given["nonce"]), bytes.fromhex(given["sellada"])))


def signed(group: Group, device: Device, fields: dict[str, Any]) -> bytes:
    """A ballot of these fields, with the hash and the signature that the device's owner gives it."""
    body = json.dumps({k: v for k, v in fields.items() if k != "signature"}, separators=(",", ":")).encode()
    digest = base64_digest(body)
    secret = credentials.exponent(group.order, fields["election_uuid"], private_of(device))
    (commitment,) = group.encoded_powers(group.tables([group.generator]), [[77]])
    proof = schnorr.answer(group, schnorr.ballot_prefix(digest), secret, 77, commitment)
    signature = {"hash": digest, "proof": proof.to_json()}
    made = body[:-1] + b',"signature":' + json.dumps(signature, separators=(",", ":")).encode() + b"}"
    assert Ballot.from_bytes(made, "boleta", group.order).data == made, "the form of an honest ballot"
    return made


async def refused(sei: Sei, device: Device, ballot: bytes) -> str:
    """The rule; nothing may have been recorded."""
    before = counted(sei)
    answer = await sei.cast(device, ballot)
    assert 400 <= answer.status_code < 500, answer.text
    assert counted(sei) == before
    return str(answer.json()["codigo"])


@pytest.mark.anyio
@pytest.mark.req("SEI-20")
async def test_attack_a_public_ballot_is_replayed_by_somebody_else(sei: Sei) -> None:
    """The answer is the public receipt that it has; the attacker's own opinion is still to be given."""
    victim, attacker = await sei.begin(sei.devices[0]), await sei.begin(sei.devices[1])
    ballot = victim.ballot(sei.group)
    told = (await sei.cast(victim, ballot)).json()
    assert (await sei.cast(attacker, ballot)).json() == told
    assert counted(sei) == (1, 1, 1)
    assert (await sei.cast(attacker, attacker.ballot(sei.group))).status_code == 200
    assert counted(sei) == (2, 2, 2)


@pytest.mark.anyio
@pytest.mark.req("SEI-28")
async def test_attack_anothers_ciphertexts_are_copied_and_signed_as_ones_own(sei: Sei) -> None:
    """To vote as somebody else did without knowing how: the proofs are bound to the first credential."""
    victim, attacker = await sei.begin(sei.devices[0]), await sei.begin(sei.devices[1])
    theirs, own = json.loads(victim.ballot(sei.group)), json.loads(attacker.ballot(sei.group))
    copied = signed(sei.group, attacker, own | {"answers": theirs["answers"]})
    assert (await refused(sei, attacker, copied)).startswith("boleta.prueba")


@pytest.mark.anyio
@pytest.mark.req("SEI-20")
async def test_attack_the_own_ballot_is_signed_anew_to_count_twice(sei: Sei) -> None:
    device = await sei.begin(sei.devices[0])
    ballot = device.ballot(sei.group)
    again = signed(sei.group, device, json.loads(ballot))
    assert again != ballot
    assert (await sei.cast(device, ballot)).status_code == 200
    assert await refused(sei, device, again) == "urna.credencial_usada"


@pytest.mark.anyio
@pytest.mark.req("SEI-20")
async def test_attack_a_ballot_of_another_ut_is_addressed_and_signed_anew(sei: Sei) -> None:
    """Not only the uuid: election, credential, hash and signature are those of the other urn."""
    device = await sei.begin(sei.devices[0])
    here, there = json.loads(device.ballot(sei.group)), json.loads(device.ballot(sei.group, ut=1))
    moved = signed(sei.group, device, here | {"answers": there["answers"]})
    assert (await refused(sei, device, moved)).startswith(("boleta.prueba", "boleta.forma"))


@pytest.mark.anyio
@pytest.mark.req("SEI-20")
async def test_attack_a_ballot_of_another_consultation_with_the_same_keys(sei: Sei) -> None:
    """The same projects, the same trustees and the same credential: another uuid, so another election."""
    device = await sei.begin(sei.devices[0])
    own = Election.from_bytes(device.session["boletas"][0]["eleccion"].encode(), "eleccion")
    uuid = uuid_of(OTHER, "09-001")
    elsewhere = replace(own, uuid=uuid)
    maker = BallotMaker(sei.group, elsewhere, SystemRandomness())
    foreign = maker.make(private_of(device), [[0, 1, 0]]).data
    assert await refused(sei, device, foreign) == "boleta.eleccion"
    renamed = json.loads(foreign) | {
        name: json.loads(device.ballot(sei.group))[name]
        for name in ("election_uuid", "election_hash", "credential")
    }
    assert (await refused(sei, device, signed(sei.group, device, renamed))).startswith("boleta.prueba")


@pytest.mark.anyio
@pytest.mark.req("SEI-20")
async def test_attack_a_session_and_an_entry_of_one_consultation_are_used_in_another(sei: Sei) -> None:
    with sei.database.writing() as db:
        Consultas(db).add(read_form(asked(id=OTHER), "consulta"), "nadie", sei.clock[0])
        db.execute(consultas.update().values(estado="abierta"))
    device = sei.devices[0]
    token = await sei.enter(device)
    form = {"entrada": device.secret, "token": token}
    answer = await sei.ask("POST", "/entradas/sesion", consulta=OTHER, json=form)
    assert answer.status_code == 401
    await sei.begin(device)
    ballot = device.ballot(sei.group)
    answer = await sei.ask("POST", "/opiniones", consulta=OTHER, content=ballot, headers=device.headers)
    assert answer.json()["codigo"] == "boleta.eleccion"
    assert (await sei.ask("POST", "/entradas", consulta=OTHER, json=device.data)).status_code == 422
    assert counted(sei) == (0, 0, 0)


@pytest.mark.anyio
@pytest.mark.req("SEI-14")
@pytest.mark.req("SEI-15")
async def test_attack_tokens_are_guessed_with_every_new_token_until_it_is_blocked(sei: Sei) -> None:
    """Who has the three data and not the telephone: fifteen guesses of a million, then the CAT."""
    device, guesses = sei.devices[0], 0
    while True:
        answer = await sei.ask("POST", "/entradas", json=device.data)
        if answer.status_code != 201:
            break
        secret, right = answer.json()["entrada"], int(sei.token(device))
        for n in range(1, 7):
            form = {"entrada": secret, "token": f"{(right + n) % 10**6:06}"}
            wrong = await sei.ask("POST", "/entradas/sesion", json=form)
            guesses += wrong.json()["codigo"] == "token.valor"
    assert (answer.status_code, guesses) == (403, 15)


@pytest.mark.anyio
@pytest.mark.req("SEI-14")
async def test_attack_a_stolen_session_ends_when_its_owner_enters_or_leaves(sei: Sei) -> None:
    thief = replace(await sei.begin(sei.devices[0]))
    stolen, ballot = dict(thief.headers), thief.ballot(sei.group)
    await sei.begin(sei.devices[0])
    assert (await sei.ask("POST", "/opiniones", content=ballot, headers=stolen)).status_code == 401
    owner = sei.devices[0]
    await sei.ask("POST", "/sesion/salida", headers=owner.headers)
    assert (await sei.cast(owner, ballot)).status_code == 401
    assert counted(sei) == (0, 0, 0)


@pytest.mark.anyio
@pytest.mark.req("SEI-28")
async def test_attack_a_stolen_session_casts_nothing_without_the_private_credential(sei: Sei) -> None:
    """The thief has a Clave of their own, and sees everything that the session shows."""
    victim, thief = await sei.begin(sei.devices[0]), await sei.begin(sei.devices[1])
    own = thief.ballot(sei.group)
    assert await refused(sei, victim, own) == "urna.sesion"
    theirs = json.loads(victim.ballot(sei.group))
    forged = signed(sei.group, thief, json.loads(own) | {"credential": theirs["credential"]})
    assert (await refused(sei, victim, forged)).startswith("boleta.")


def acts_of_the_sei() -> list[tuple[str, str, str]]:
    """(method, path, permission) of every route whose permission is one of the SEI's."""
    found = []
    for guarded in ROUTERS:
        for route in guarded.router.routes:
            (gate,) = [d.dependency for d in route.dependencies if isinstance(d.dependency, Gate)]  # type: ignore[attr-defined]
            if gate.permission in ROWS:
                path = route.path  # type: ignore[attr-defined]
                method = min(route.methods)  # type: ignore[attr-defined]
                found.append((method, path, gate.permission))
    return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("ataques")
    engine = open_engine(f"sqlite:///{folder / 'certeza.db'}")
    for metadata in ALL_METADATA:
        metadata.create_all(engine)
    with opened_town(Database(engine), folder) as made:
        made.create()
        yield made
    engine.dispose()


@pytest.mark.req("SEI-27")
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANONIMO])
def test_attack_a_clerk_tries_each_forbidden_act(town: Town, role: Role) -> None:
    """With a second factor given this minute: only the table stands in the way, and nothing is written."""
    before, tried = told(town), 0
    for method, path, permission in acts_of_the_sei():
        if {role, Role.ANONIMO} & ROLES_OF[permission]:  # type: ignore[index]
            continue
        where = re.sub(r"\{[^}]*\}", "1", path.replace("{consulta}", ID))
        answer = town.ask(Actor("empleada", role, verified=town.now), method, where)
        assert answer.status_code in (401, 403), (method, where)
        tried += 1
    assert tried >= 10
    assert told(town) == before


def told(town: Town) -> int:
    """How many acts there are."""
    with town.services.database.reading() as db:
        return int(db.execute(select(func.count()).select_from(actos)).scalar_one())


@pytest.mark.anyio
@pytest.mark.req("SEI-09")
@pytest.mark.req("SEI-15")
async def test_attack_the_cat_helps_somebody_who_has_the_credential_and_not_the_right(sei: Sei) -> None:
    """Out of its hours, a second time, for a wrong OCR, and to see the Clave: none of it."""
    cat, who = Actor("cat", Role.CAT), person_data(0)
    form = {"clave_elector": who.clave_elector, "ocr": who.ocr, "verificacion": "nombre y domicilio"}
    assert (await sei.ask("POST", "/cat/reposiciones", cat, json=form)).status_code == 409
    sei.clock[0] += timedelta(hours=16)
    wrong = await sei.ask("POST", "/cat/reposiciones", cat, json={**form, "ocr": "1"})
    assert wrong.status_code == 404
    given = await sei.ask("POST", "/cat/reposiciones", cat, json=form)
    assert given.status_code == 200
    assert sei.clave(0) not in given.text, "it goes to the registered address and nowhere else"
    more = {**form, "correo": "otra@ejemplo.mx"}
    assert (await sei.ask("POST", "/cat/reposiciones", cat, json=more)).status_code == 422
    assert (await sei.ask("POST", "/cat/reposiciones", cat, json=form)).status_code == 409
