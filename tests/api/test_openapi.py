"""What the OpenAPI document admits, and what it does not, is answered without an error of the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
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
from api.accounts.permissions import ROLES_OF, Actor, Permission, Role
from api.database_version import migrate
from api.services import Services
from api.settings import Settings

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


def by_header(request: Request, _now: datetime) -> Actor | None:
    given = request.headers.get("x-permiso-de-prueba")
    return actor_for(Permission(given)) if given else None


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    folder: Path = tmp_path_factory.mktemp("openapi")
    configuration = Settings(
        data=folder,
        rates=dict.fromkeys(("reading", "writing", "packets", "secrets"), "1000000 per 1 second"),  # type: ignore[arg-type]
    )
    database = wiring.open_database(configuration)
    migrate(database)
    database.engine.dispose()
    made = replace(wiring.build_services(configuration), authenticate=by_header)
    made.logs.start()
    yield made
    made.logs.close()
    made.database.engine.dispose()


def attempt(operation: Any, mode: GenerationMode) -> None:
    """Ask one operation with EXAMPLES requests that its document admits, or does not."""
    needed = operation.definition.raw["x-permiso"]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: schemathesis.Case) -> None:
        answer = case.call(headers={"x-permiso-de-prueba": needed})
        case.validate_response(answer, checks=[not_a_server_error])

    asked()


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_is_answered_with_an_error_of_the_server(services: Services, mode: GenerationMode) -> None:
    app = wiring.application_of(services, runs=wiring.nothing_runs)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in operations:
        with suppress(Unsatisfiable):  # a request without anything that could be wrong
            attempt(operation, mode)
    assert len(operations) > 5
