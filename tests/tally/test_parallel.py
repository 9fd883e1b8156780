"""The same act over many urns: results in order, refusals as they are, whatever the number of processes."""

from __future__ import annotations

import pickle

import pytest

from keys.errors import FormatRefusal, Refusal
from tally.errors import StoreBusy, StoreError
from tally.parallel import FEW, over_urns

MANY = list(range(3 * FEW))


def prepared(value: int) -> int:
    if value < 0:
        raise FormatRefusal("prueba.preparar", "trustees.json", "un número", value)
    return value


def added(value: int, urn: int) -> int:
    if urn == value:
        raise Refusal("prueba.urna", f"urna {urn}", "otra", urn).by(3)
    return value + urn


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_urns(processes: int) -> None:
    assert list(over_urns(added, MANY, prepared, (1000,), processes)) == [1000 + i for i in MANY]


@pytest.mark.parametrize("processes", [1, 2])
def test_refusal_of_an_urn_reaches_the_caller_whole(processes: int) -> None:
    with pytest.raises(Refusal) as caught:
        list(over_urns(added, MANY, prepared, (7,), processes))
    assert (caught.value.rule, caught.value.place, caught.value.culprit) == ("prueba.urna", "urna 7", 3)


@pytest.mark.parametrize("processes", [1, 2])
def test_refusal_while_preparing_reaches_the_caller_whole(processes: int) -> None:
    with pytest.raises(FormatRefusal) as caught:
        list(over_urns(added, MANY, prepared, (-1,), processes))
    assert caught.value.rule == "prueba.preparar"


@pytest.mark.parametrize(
    "error", [FormatRefusal("r", "p", "x", "y").by(2), StoreError("a", "b"), StoreBusy("a", "b")]
)
def test_errors_travel_between_processes(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
