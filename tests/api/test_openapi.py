"""What the OpenAPI document admits, and what it does not, is answered as the document says, without an error
of the server; and the document is fit for generated clients."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from api import wiring
from api.accounts.permissions import Permission
from api.urna.routes import MAX_FOLLOW_SECONDS
from tests.api.populated import NAMED, Populated, id_at, populated

EXAMPLES = int(os.environ.get("CERTEZA_EJEMPLOS", "4"))
"""Requests of each kind to each operation."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@schemathesis.serializer(
    "application/pdf",
    "application/offset+octet-stream",
    "application/age",
    "application/jsonl",
    "application/toml",
)
def as_it_is(_context: Any, value: Any) -> bytes:
    """Bodies that are bytes."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="session")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Populated]:
    with populated(tmp_path_factory.mktemp("openapi")) as made:
        yield made


def test_the_document_is_fit_for_generated_clients(tried: Populated) -> None:
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


def test_every_answer_with_content_says_what_it_is(tried: Populated) -> None:
    document = wiring.application_of(tried.services, runs=wiring.nothing_runs).openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if status in {"200", "201", "202"} and not (method == "head" or "headers" in answer):
                    schemas = [content["schema"] for content in answer.get("content", {}).values()]
                    assert schemas and all(schemas), (method, path, status)


def known(case: schemathesis.Case, tried: Populated) -> None:
    """Name what exists, where the request names something."""
    path = case.operation.path
    for name in list(case.path_parameters or {}):
        kind = id_at(path, name)
        if kind is not None:
            case.path_parameters[name] = tried.one.ids[kind]
    for part in (case.query, case.body):
        if isinstance(part, dict):
            for name in NAMED.keys() & part.keys():
                of = tried.one.ids[NAMED[name]]
                part[name] = [of] if isinstance(part[name], list) else of


def at_once(case: schemathesis.Case) -> None:
    """Not follow for minutes what can be followed for so long; what the document does not admit stays."""
    if any(one.name == "segundos" for one in case.operation.query):
        asked = (case.query or {}).get("segundos", 60)
        if isinstance(asked, int | float) and 0 <= asked <= MAX_FOLLOW_SECONDS:
            case.query = {**(case.query or {}), "segundos": 0}


def attempt(tried: Populated, operation: Any, mode: GenerationMode) -> None:
    """Ask one operation with EXAMPLES requests that its document admits, or does not."""
    who = tried.who_may(Permission(operation.definition.raw["x-permiso"]))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize="CERTEZA_EJEMPLOS" not in os.environ,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), exists=st.booleans())
    def asked(case: schemathesis.Case, exists: bool) -> None:
        if exists:
            known(case, tried)
        at_once(case)
        headers = {"authorization": f"Bearer {tried.token(who)}"} if who else {}
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)

    asked()


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_request_is_answered_with_an_error_of_the_server(tried: Populated, mode: GenerationMode) -> None:
    app = wiring.application_of(tried.services, runs=wiring.nothing_runs)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in operations:
        with suppress(Unsatisfiable):  # a request without anything that could be wrong
            attempt(tried, operation, mode)
    assert len(operations) > 5
