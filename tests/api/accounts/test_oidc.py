"""Entering with a provider, over HTTP with the provider for rehearsals, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey
from sqlalchemy import delete, func, select, update

from api import wiring
from api.accounts.authenticate import actor_of
from api.accounts.desk import AccountsDesk
from api.accounts.errors import ProviderRefusal, SignInRefusal, UnknownAccount
from api.accounts.oidc.provider_client import ProviderClient
from api.accounts.permissions import Actor, Role
from api.accounts.session import Grant
from api.accounts.settings import AccountsSettings, Provider
from api.accounts.states import State
from api.accounts.tables import cuentas, identidades
from api.http.app import build_app
from api.settings import Settings
from api.tables import ALL_METADATA
from api.trial.oidc_provider import TrialProvider, trial_provider
from capture.auxiliares.tables import auxiliares
from capture.processes.tables import procesos
from ledger.database import Database
from tests.api.accounts.conftest import doors_over
from tests.api.accounts.people import (
    AUXILIAR,
    HERE,
    NOW,
    OPL,
    PROCESS,
    URL,
    active,
    add_process,
    application,
    register_process,
)

CARLA, BETO = "carla@ejemplo.mx", "beto@ejemplo.mx"
SOON = NOW + timedelta(minutes=1)


@dataclass
class World:
    """The service and the provider."""

    doors: AccountsDesk
    provider: TrialProvider

    def code(self, address: str, email: str) -> tuple[str, str]:
        """What the provider's page sends the browser back with: state and code."""
        answer = httpx.get(f"{address}&correo={email}")
        assert answer.status_code == 303
        query = parse_qs(urlsplit(answer.headers["location"]).query)
        return query["state"][0], query["code"][0]

    def enter(self, email: str) -> Actor:
        """The whole way."""
        begun = self.doors.oidc.start("ensayo", NOW)
        state, code = self.code(begun.address, email)
        entered = self.doors.oidc.come_back(state, begun.state, code, HERE, NOW)
        actor = actor_of(self.doors.means, entered.opened.token, NOW)
        assert actor is not None
        return actor


@pytest.fixture(scope="module")
def provider() -> Iterator[TrialProvider]:
    with trial_provider({"web": (f"{URL}/v1/sesion/oidc/regreso",)}, NOW.timestamp) as running:
        yield running


@pytest.fixture
def world(database: Database, provider: TrialProvider) -> World:
    known = Provider(
        name="ensayo",
        title="Ensayo",
        issuer=provider.issuer,
        client_id="web",
        app_client_ids=("app",),
        trial=True,
    )
    with database.writing() as db:
        register_process(db, CARLA, BETO)
    return World(doors_over(database, AccountsSettings(providers=(known,))), provider)


@pytest.mark.req("APO-03")
def test_a_promovente_enters_with_the_e_mail_of_the_process(world: World) -> None:
    actor = world.enter("CARLA@ejemplo.mx")
    assert (actor.role, actor.opl, actor.proceso, actor.auxiliar) == (Role.PROMOVENTE, OPL, PROCESS, None)
    assert world.enter(CARLA).account == actor.account


@pytest.mark.req("APO-05")
def test_an_auxiliar_enters_and_is_out_from_the_baja_on(world: World) -> None:
    begun = world.doors.oidc.start("ensayo", NOW)
    entered = world.doors.oidc.come_back(*_back(world, begun.address, begun.state, BETO), HERE, NOW)
    actor = actor_of(world.doors.means, entered.opened.token, NOW)
    assert actor is not None
    assert (actor.role, actor.auxiliar) == (Role.AUXILIAR, AUXILIAR)
    with world.doors.means.database.writing() as db:
        db.execute(update(auxiliares).values(baja=NOW))
    assert actor_of(world.doors.means, entered.opened.token, NOW) is None


def _back(world: World, address: str, own: str, email: str) -> tuple[str, str, str]:
    state, code = world.code(address, email)
    return state, own, code


def test_whoever_nobody_registered_does_not_enter_and_has_no_account(world: World) -> None:
    begun = world.doors.oidc.start("ensayo", NOW)
    with pytest.raises(SignInRefusal) as refused:
        world.doors.oidc.come_back(*_back(world, begun.address, begun.state, "x@ejemplo.mx"), HERE, NOW)
    assert refused.value.rule == "oidc.sin-registro"
    with world.doors.means.database.reading() as db:
        assert db.execute(select(func.count()).select_from(identidades)).scalar_one() == 0


def test_staff_does_not_enter_with_a_provider(world: World) -> None:
    active(world.doors, application(email="ana@ine.mx"))
    begun = world.doors.oidc.start("ensayo", NOW)
    with pytest.raises(SignInRefusal):
        world.doors.oidc.come_back(*_back(world, begun.address, begun.state, "ana@ine.mx"), HERE, NOW)


def test_state_nonce_and_code_are_used_once(world: World) -> None:
    oidc = world.doors.oidc
    begun = oidc.start("ensayo", NOW)
    state, code = world.code(begun.address, CARLA)
    oidc.come_back(state, begun.state, code, HERE, NOW)
    with pytest.raises(SignInRefusal):
        oidc.come_back(state, begun.state, code, HERE, NOW)
    again = oidc.start("ensayo", NOW)
    with pytest.raises(ProviderRefusal):  # the same code with a new state: used, and bound to another PKCE
        oidc.come_back(again.state, again.state, code, HERE, NOW)


def test_a_state_ends_with_the_first_attempt_even_if_it_fails(world: World) -> None:
    oidc = world.doors.oidc
    begun = oidc.start("ensayo", NOW)
    state, code = world.code(begun.address, CARLA)
    with pytest.raises(ProviderRefusal):
        oidc.come_back(state, begun.state, "inventado", HERE, NOW)
    with pytest.raises(SignInRefusal):
        oidc.come_back(state, begun.state, code, HERE, NOW)


def test_an_entry_that_the_person_cancelled_is_over(world: World) -> None:
    begun = world.doors.oidc.start("ensayo", NOW)
    with pytest.raises(SignInRefusal) as refused:
        world.doors.oidc.come_back(begun.state, begun.state, "", HERE, NOW)
    assert refused.value.rule == "oidc.cancelada"


def test_an_entry_begun_by_somebody_else_is_refused(world: World) -> None:
    attacker, victim = world.doors.oidc.start("ensayo", NOW), world.doors.oidc.start("ensayo", NOW)
    state, code = world.code(attacker.address, CARLA)
    for own in (None, victim.state, ""):
        with pytest.raises(SignInRefusal) as refused:
            world.doors.oidc.come_back(state, own, code, HERE, NOW)
        assert refused.value.rule == "oidc.state"


def test_a_code_that_was_stolen_is_worth_nothing_without_the_verifier(world: World) -> None:
    mine, theirs = world.doors.oidc.start("ensayo", NOW), world.doors.oidc.start("ensayo", NOW)
    _, stolen = world.code(theirs.address, CARLA)
    with pytest.raises(ProviderRefusal):
        world.doors.oidc.come_back(mine.state, mine.state, stolen, HERE, NOW)


def test_an_entry_is_open_for_some_minutes(world: World) -> None:
    begun = world.doors.oidc.start("ensayo", NOW)
    state, code = world.code(begun.address, CARLA)
    with pytest.raises(SignInRefusal):
        world.doors.oidc.come_back(state, begun.state, code, HERE, NOW + timedelta(minutes=10))


def test_the_app_exchanges_its_token_once_and_with_our_nonce(world: World) -> None:
    oidc, provider = world.doors.oidc, world.provider
    nonce = oidc.nonce_for_app("ensayo", NOW)
    token = provider.sign(provider.claims("app", BETO, nonce))
    entered = oidc.exchange(token, nonce, HERE, NOW)
    assert entered.grants == (Grant(Role.AUXILIAR, OPL, PROCESS, AUXILIAR),)
    with pytest.raises(SignInRefusal):
        oidc.exchange(token, nonce, HERE, NOW)
    with pytest.raises(SignInRefusal):
        oidc.exchange(token, oidc.nonce_for_app("ensayo", NOW), HERE, NOW)
    foreign = oidc.nonce_for_app("ensayo", NOW)
    with pytest.raises(SignInRefusal):
        oidc.exchange(provider.sign(provider.claims("otra-app", BETO, foreign)), foreign, HERE, NOW)


def test_a_nonce_of_the_app_is_no_state_of_a_browser(world: World) -> None:
    nonce = world.doors.oidc.nonce_for_app("ensayo", NOW)
    with pytest.raises(SignInRefusal):
        world.doors.oidc.come_back(nonce, nonce, "x", HERE, NOW)
    state = world.doors.oidc.start("ensayo", NOW).state
    with pytest.raises(SignInRefusal):
        world.doors.oidc.exchange("x", state, HERE, NOW)


def test_an_e_mail_may_be_of_several_processes_and_the_person_chooses(world: World) -> None:
    with world.doors.means.database.writing() as db:
        add_process(db, "F261127000000002", BETO)
    nonce = world.doors.oidc.nonce_for_app("ensayo", NOW)
    token = world.provider.sign(world.provider.claims("app", BETO, nonce))
    entered = world.doors.oidc.exchange(token, nonce, HERE, NOW)
    assert [grant.role for grant in entered.grants] == [Role.PROMOVENTE, Role.AUXILIAR]
    wanted = Grant(Role.AUXILIAR, None, PROCESS, AUXILIAR)
    chosen = world.doors.oidc.choose(entered.opened.token, wanted, SOON)
    assert actor_of(world.doors.means, entered.opened.token, SOON) is None
    actor = actor_of(world.doors.means, chosen.token, SOON)
    assert actor is not None
    assert (actor.role, actor.auxiliar) == (Role.AUXILIAR, AUXILIAR)
    for other in (Grant(Role.PROMOVENTE, None, PROCESS), Grant(Role.DERFE_ADMIN), Grant(Role.AUXILIAR)):
        with pytest.raises(SignInRefusal):
            world.doors.oidc.choose(chosen.token, other, SOON)


def test_a_process_that_ended_ends_its_sessions(world: World) -> None:
    nonce = world.doors.oidc.nonce_for_app("ensayo", NOW)
    entered = world.doors.oidc.exchange(
        world.provider.sign(world.provider.claims("web", CARLA, nonce)), nonce, HERE, NOW
    )
    with world.doors.means.database.writing() as db:
        db.execute(update(procesos).values(activo=False))
    assert actor_of(world.doors.means, entered.opened.token, NOW) is None


def test_a_suspended_person_does_not_enter_and_an_e_mail_that_changed_is_the_new_one(world: World) -> None:
    account = world.enter(CARLA).account
    with world.doors.means.database.writing() as db:
        db.execute(update(cuentas).where(cuentas.c.id == account).values(correo="antes@ejemplo.mx"))
    assert world.enter(CARLA).account == account
    with world.doors.means.database.writing() as db:
        db.execute(update(cuentas).values(estado=State.SUSPENDIDA.value))
    begun = world.doors.oidc.start("ensayo", NOW)
    with pytest.raises(SignInRefusal):
        world.doors.oidc.come_back(*_back(world, begun.address, begun.state, CARLA), HERE, NOW)


def test_a_provider_that_is_not_in_the_settings_is_not_asked(world: World) -> None:
    with pytest.raises(UnknownAccount):
        world.doors.oidc.start("otro", NOW)


def test_keys_are_asked_for_again_when_the_provider_changed_them(world: World) -> None:
    oidc, provider = world.doors.oidc, world.provider
    seconds = iter([0.0, 30.0, 30.0, 90.0, 90.0, 90.0, 90.0])
    client = ProviderClient(oidc._clients["ensayo"].provider, monotonic=lambda: next(seconds))
    first = provider.sign(provider.claims("web", CARLA, "n"))
    assert len(client.keys(first).keys) == 1
    old, provider.key = provider.key, ECKey.generate_key("P-256", auto_kid=True)
    second = provider.sign(provider.claims("web", CARLA, "n"))
    assert {key.kid for key in client.keys(second)} == {old.kid}  # not more often than once a minute
    assert {key.kid for key in client.keys(second)} == {provider.key.kid}
    with world.doors.means.database.writing() as db:
        db.execute(delete(identidades))


@pytest.mark.anyio
@pytest.mark.req("APO-03")
async def test_the_whole_way_of_a_browser(provider: TrialProvider, tmp_path: Path) -> None:
    known = {
        "name": "ensayo",
        "title": "Ensayo",
        "issuer": provider.issuer,
        "client_id": "web",
        "trial": True,
    }
    settings = Settings.model_validate(
        {"data": tmp_path, "http": {"public_url": URL}, "accounts": {"providers": [known]}}
    )
    services = wiring.build_services(settings, clock=lambda: NOW)
    for metadata in ALL_METADATA:
        metadata.create_all(services.database.engine)
    with services.database.writing() as db:
        register_process(db, CARLA, BETO)
    app = build_app(services, wiring.ROUTERS, wiring.nothing_runs)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as browser:
        begun = await browser.post("/v1/sesion/oidc/ensayo/inicio")
        assert "SameSite=lax" in begun.headers["set-cookie"]
        async with httpx.AsyncClient() as outside:
            sent = await outside.get(f"{begun.json()['direccion']}&correo={CARLA}")
        back = await browser.get(sent.headers["location"])
        assert (back.status_code, back.headers["location"]) == (303, f"{URL}/")
        me = (await browser.get("/v1/sesion")).json()
        again = await browser.get(sent.headers["location"])
    services.database.engine.dispose()
    assert (me["correo"], me["papel"]["proceso"]) == (CARLA, PROCESS)
    assert again.headers["location"] == f"{URL}/#entrada=oidc.state"  # the state's cookie is gone


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"redirect_uri": "https://malo.mx"}, 400),
        ({"code_challenge_method": "plain"}, 400),
        ({"state": None}, 400),
    ],
)
def test_the_provider_for_rehearsals_is_strict_too(
    world: World, changes: dict[str, str | None], status: int
) -> None:
    query = {
        k: v[0] for k, v in parse_qs(urlsplit(world.doors.oidc.start("ensayo", NOW).address).query).items()
    }
    asked = {k: v for k, v in {**query, **changes, "correo": CARLA}.items() if v is not None}
    assert httpx.get(f"{world.provider.issuer}/autorizar", params=asked).status_code == status


def test_the_provider_for_rehearsals_says_what_it_is(world: World) -> None:
    page = httpx.get(world.doors.oidc.start("ensayo", NOW).address).text
    assert "No comprueba nada" in page


def answering(**bodies: object) -> ProviderClient:
    """A client whose provider answers these by path."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = bodies[request.url.path.rpartition("/")[2].replace("-", "_")]
        return body if isinstance(body, httpx.Response) else httpx.Response(200, json=body)

    known = Provider(name="x", title="X", issuer="https://id.mx", client_id="web")
    return ProviderClient(known, httpx.Client(transport=httpx.MockTransport(answer)))


DISCOVERY = {
    "issuer": "https://id.mx",
    "authorization_endpoint": "https://id.mx/a",
    "token_endpoint": "https://id.mx/token",
    "jwks_uri": "https://id.mx/keys",
}
KEYS = {"keys": [ECKey.generate_key("P-256", auto_kid=True).as_dict(private=False)]}


@pytest.mark.parametrize(
    "bodies",
    [
        {"openid_configuration": {**DISCOVERY, "issuer": "https://otro.mx"}, "keys": KEYS},
        {"openid_configuration": {**DISCOVERY, "token_endpoint": "http://id.mx/token"}, "keys": KEYS},
        {"openid_configuration": {**DISCOVERY, "jwks_uri": "file:///etc/passwd"}, "keys": KEYS},
        {"openid_configuration": DISCOVERY, "keys": {"keys": [{"kty": "oct", "k": "AAAA", "kid": "1"}]}},
        {"openid_configuration": DISCOVERY, "keys": {"keys": []}},
        {"openid_configuration": DISCOVERY, "keys": {"keys": "x"}},
        {"openid_configuration": DISCOVERY, "keys": ["x"]},
        {"openid_configuration": httpx.Response(302, headers={"location": "https://otro.mx"})},
        {"openid_configuration": httpx.Response(500)},
        {"openid_configuration": httpx.Response(200, content=b"{")},
        {"openid_configuration": httpx.Response(200, content=b" " * 300_000)},
    ],
)
def test_a_provider_that_does_not_answer_as_it_should_is_refused(bodies: dict[str, object]) -> None:
    with pytest.raises(ProviderRefusal):
        answering(**bodies).endpoints()


def test_a_symmetric_key_among_the_public_ones_is_left_out() -> None:
    keys = {"keys": [*KEYS["keys"], {"kty": "oct", "k": "AAAA", "kid": "1"}]}
    client = answering(openid_configuration=DISCOVERY, keys=keys)
    assert [key.key_type for key in client.keys("a.b.c")] == ["EC"]


@pytest.mark.parametrize(
    "answer", [{}, {"id_token": 7}, httpx.Response(400, json={"error": "invalid_grant"})]
)
def test_a_code_that_gets_no_token_is_refused(answer: object) -> None:
    client = answering(openid_configuration=DISCOVERY, keys=KEYS, token=answer)
    with pytest.raises(ProviderRefusal):
        client.id_token("code", "verifier", "https://a.mx")
