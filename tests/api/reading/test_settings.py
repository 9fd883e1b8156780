"""What may be set of the reading of images, within which bounds, and what reaches the confined process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from annotated_types import Ge, Le
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from api.reading.settings import ReadingSettings
from api.reading.signature_settings import SignatureReadingSettings
from api.settings import Settings
from capture.reading.sandbox.limits import SandboxLimits, parse_limits
from capture.reading.thresholds import Thresholds, parse_thresholds


def test_nothing_set_is_what_the_engines_have_by_themselves() -> None:
    assert ReadingSettings().limits == SandboxLimits()
    assert ReadingSettings().thresholds == Thresholds()


def test_limits_reach_the_process_that_they_hold() -> None:
    given = ReadingSettings(seconds=90, cpu_seconds=30, mib=1024, start_seconds=80, records=7)
    assert parse_limits(given.limits.encode()) == SandboxLimits(
        seconds=90, cpu_seconds=30, mib=1024, start_seconds=80, questions=7
    )


@pytest.mark.parametrize("given", [{"seconds": 10, "cpu_seconds": 11}, {"start_seconds": 30}])
def test_a_clock_that_ends_a_reader_before_the_processor_would_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="no puede ser menor que"):
        ReadingSettings(**given)


@pytest.mark.req("APO-18")
def test_every_threshold_of_the_signature_reaches_its_engine() -> None:
    fields = SignatureReadingSettings.model_fields
    inside = {name: _between(field) for name, field in fields.items()}
    given = ReadingSettings.model_validate({"signature": inside, "face_same": 0.5})
    reached = parse_thresholds(given.thresholds.encode())
    assert reached == given.thresholds
    told = {*map(repr, _leaves(asdict(reached.signature)))}
    assert {repr(value) for value in inside.values()} <= told
    assert reached.signature.card_ink.share == inside["share"]


def _between(field: FieldInfo) -> Any:
    """A value within the bounds that is not the default."""
    least: Any = next(one.ge for one in field.metadata if isinstance(one, Ge))
    most: Any = next(one.le for one in field.metadata if isinstance(one, Le))
    assert least <= field.default <= most
    if field.annotation is int:
        return field.default + 1
    return round(
        field.default + 0.013 * (field.default if field.default < most * 0.98 else -field.default), 6
    )


def _leaves(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            for one in value.values():
                yield from _leaves(one)
        case tuple():
            for one in value:
                yield from _leaves(one)
        case _:
            yield value


@pytest.mark.parametrize(
    "given",
    [
        {"contrast": 5},
        {"contrast": 201},
        {"share": 1.0},
        {"tiny": 0.5},
        {"straight_detour": 0.9},
        {"tick_least": 95},
        {"tick_most": 181},
        {"letters": 9},
        {"same_mark": 1.1},
        {"strangers": 0.98},
        {"strangers": 0.9, "same": 0.5},
        {"aspect": 0},
        {"flat": [[0.1, 2]]},
        {"dot": "nan"},
    ],
)
def test_a_threshold_that_makes_no_sense_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ReadingSettings.model_validate({"signature": given})


def test_a_threshold_of_the_signature_can_be_set_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CERTEZA_READING__SIGNATURE__LETTERS", "3")
    assert Settings().reading.thresholds.signature.marks.letters == 3
