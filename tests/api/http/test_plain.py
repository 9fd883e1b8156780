"""Text that cannot be kept is refused at the door, wherever it is in a request."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import wiring
from api.http.plain import is_plain
from tests.api.populated import Populated, populated

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Populated]:
    with populated(tmp_path_factory.mktemp("texto")) as made:
        yield made


BAD = ("\x00", "a\x1b[31m", "\x7f", "\ud800", "\uffff")


@given(st.recursive(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))), st.lists))
def test_what_people_write_is_plain(value: object) -> None:
    assert is_plain(value)


@pytest.mark.parametrize("text", BAD)
def test_text_is_looked_for_everywhere(text: str) -> None:
    deep: object = text
    for _ in range(50_000):
        deep = [deep]
    for value in (text, {"a": text}, {text: 1}, [1, {"b": [text]}], deep):
        assert not is_plain(value)
    assert is_plain("Año\tuno\r\ndos: ñandú 🌵")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/procesos/a%00b", None, 422),
        ("GET", "/v1/procesos?periodo=%00", None, 422),
        ("GET", "/v1/procesos?%00=a", None, 422),
        ("GET", "/v1/procesos/%ff%fe", None, 404),
        ("GET", "/v1/procesos/%zz", None, 404),
        ("POST", "/v1/opls", b'{"id": "a\\u0000"}', 422),
        ("POST", "/v1/opls", b'{"\\ud800": "a"}', 422),
        ("POST", "/v1/opls", b"[" * 30_000, 400),
        ("POST", "/v1/opls", b'{"id": ' + b"9" * 5_000 + b"}", 400),
        ("POST", "/v1/opls", b'{"id": NaN}', 422),
        ("POST", "/v1/opls", b"\xff\xfe", 422),
        ("POST", "/v1/opls", b"{" + b" " * 70_000 + b"}", 413),
    ],
)
async def test_it_is_refused_before_anything_is_done(
    town: Populated, method: str, path: str, body: bytes | None, status: int
) -> None:
    headers = {"authorization": f"Bearer {town.token('derfe_admin')}", "content-type": "application/json"}
    app = wiring.application_of(town.services, runs=wiring.nothing_runs)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as http:
        answer = await http.request(method, path, content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
