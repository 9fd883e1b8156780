"""docs/requirements.md says what the marks of the tests say."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load() -> ModuleType:
    path = ROOT / "tools" / "requirements_table.py"
    spec = importlib.util.spec_from_file_location("requirements_table", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


table = load()


def test_the_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert table.main(["--check"]) == 0, capsys.readouterr().err


def test_every_row_has_its_own_id_and_a_text() -> None:
    rows = table.read_rows(table.ROWS)
    assert rows
    for identifier, text in rows.items():
        assert re.fullmatch(r"(SEI|APO|VER)-\d\d", identifier)
        assert text.strip() == text
        assert text


SOURCE = """
import pytest
pytestmark = [pytest.mark.req("SEI-01"), pytest.mark.slow]

@pytest.mark.req("SEI-02", "SEI-03")
def test_function(): ...

@pytest.mark.req("SEI-04")
class TestClass:
    @pytest.mark.req("SEI-05")
    async def test_method(self): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.req("SEI-06")), 2])
def test_parameters(x): ...
"""


def test_marks_are_found_wherever_pytest_takes_them() -> None:
    assert dict(table.marks(SOURCE, "tests/test_x.py")) == {
        "SEI-01": "tests/test_x.py",
        "SEI-02": "tests/test_x.py::test_function",
        "SEI-03": "tests/test_x.py::test_function",
        "SEI-04": "tests/test_x.py::TestClass",
        "SEI-05": "tests/test_x.py::TestClass::test_method",
        "SEI-06": "tests/test_x.py::test_parameters",
    }


def test_a_mark_of_no_row_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text(SOURCE, encoding="utf-8")
    with pytest.raises(table.UnknownRowError, match="SEI-02"):
        table.proofs(tmp_path, {"SEI-01": "one"})


def test_a_mark_that_is_not_a_literal_is_an_error() -> None:
    with pytest.raises(table.UnknownRowError, match="literal"):
        list(table.marks("import pytest\n@pytest.mark.req(ROW)\ndef test_x(): ...\n", "test_x.py"))


def test_a_row_without_tests_is_shown_as_such() -> None:
    page = table.render({"VER-01": "a | b", "VER-02": "c"}, {"VER-02": ["tests/a.py::test_1", "tests/b.py"]})
    assert r"| VER-01 | a \| b | – |" in page
    assert "| VER-02 | c | [a.py](../tests/a.py): `test_1`<br>[b.py](../tests/b.py) |" in page
    assert "1 of 2" in page
