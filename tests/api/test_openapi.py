"""What the OpenAPI document admits, and what it does not, is answered without an error of the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from starlette.requests import Request

from api import wiring
from api.accounts.permissions import INSTITUTIONAL, OF_AN_OPL, ROLES_OF, Actor, Permission, Role
from api.database_version import migrate
from api.services import Services
from api.settings import Settings
from capture.processes.institute import read_institute
from capture.processes.store_sql import InstituteStore
from tests.api.accounts.people import active, application

EXAMPLES = 8
ORDER = (
    Role.DERFE_ADMIN,
    Role.DERFE_OPERADOR,
    Role.OPL_ENLACE,
    Role.OPL_OPERADOR,
    Role.PROMOVENTE,
    Role.AUXILIAR,
)


def actor_for(permission: Permission) -> Actor | None:
    """Somebody who may: what a route does is what is tried, not whether it lets in."""
    roles = ROLES_OF[permission]
    role = next((role for role in ORDER if role in roles), None) or next(iter(roles))
    if role is Role.ANONIMO:
        return None
    return Actor("cuenta", role, opl="ople", proceso="F261101320000011", auxiliar="A000000001", verified=NOW)


NOW = datetime.now(UTC)


ASKED = "x-permiso-de-prueba"


def by_header(request: Request, _now: datetime) -> Actor | None:
    given = request.headers.get(ASKED)
    return actor_for(Permission(given)) if given else None


def staff_tokens(services: Services) -> dict[Role, str]:
    """Sessions of staff who really signed in: what is done with the own session finds one."""
    made = {}
    for number, role in enumerate(role for role in ORDER if role in INSTITUTIONAL):
        opl = "ople" if role in OF_AN_OPL else None
        asked = application(role, f"persona{number}@ine.mx", opl)
        made[role] = active(services.accounts, asked, services.clock()).opened.token
    return made


@dataclass
class Tried:
    """The service, and what each request carries."""

    services: Services
    tokens: dict[Role, str]

    def headers(self, permission: Permission) -> dict[str, str]:
        """A session where staff may; otherwise an actor that the header names."""
        staff = next((role for role in ORDER if role in self.tokens and role in ROLES_OF[permission]), None)
        if staff is not None:
            return {"authorization": f"Bearer {self.tokens[staff]}"}
        # Whose session the token is does not matter to the gate, which believes the header.
        token = self.tokens[Role.DERFE_ADMIN]
        return {ASKED: permission.value, "authorization": f"Bearer {token}"}


@pytest.fixture(scope="session")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    folder: Path = tmp_path_factory.mktemp("openapi")
    configuration = Settings(
        data=folder,
        rates=dict.fromkeys(("reading", "writing", "packets", "secrets"), "1000000 per 1 second"),  # type: ignore[arg-type]
    )
    database = wiring.open_database(configuration)
    migrate(database)
    database.engine.dispose()
    built = wiring.build_services(configuration)
    with built.database.writing() as db:
        InstituteStore(db).add(read_institute("ople", "Instituto de Prueba", "IDP", "32"), built.clock())

    def authenticate(request: Request, now: datetime) -> Actor | None:
        return by_header(request, now) or built.authenticate(request, now)

    made = replace(built, authenticate=authenticate)
    made.logs.start()
    yield Tried(made, staff_tokens(made))
    made.logs.close()
    made.database.engine.dispose()


def test_the_document_is_fit_for_generated_clients(tried: Tried) -> None:
    document = wiring.application_of(tried.services, runs=wiring.nothing_runs).openapi()
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    for operation in operations:
        assert operation["summary"]
        assert operation["tags"]
        assert operation["x-permiso"] in set(Permission)
    ambiguous = [name for name in document["components"]["schemas"] if "__" in name or "-" in name]
    assert ambiguous == [], "two models of one name cannot be generated"


def attempt(tried: Tried, operation: Any, mode: GenerationMode) -> None:
    """Ask one operation with EXAMPLES requests that its document admits, or does not."""
    headers = tried.headers(Permission(operation.definition.raw["x-permiso"]))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: schemathesis.Case) -> None:
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=[not_a_server_error])

    asked()


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_is_answered_with_an_error_of_the_server(tried: Tried, mode: GenerationMode) -> None:
    app = wiring.application_of(tried.services, runs=wiring.nothing_runs)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in operations:
        with suppress(Unsatisfiable):  # a request without anything that could be wrong
            attempt(tried, operation, mode)
    assert len(operations) > 5
