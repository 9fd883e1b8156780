"""The same act over many urns: results in order, refusals as they are, whatever the number of processes."""

from __future__ import annotations

import operator
import pickle

import pytest

from keys.errors import FormatRefusal
from tally.election import require_uuid
from tally.errors import StoreBusy, StoreError
from tally.parallel import FEW, over_urns
from tally.public_folder import require_clave

MANY = list(range(3 * FEW))


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_urns(processes: int) -> None:
    assert list(over_urns(operator.add, MANY, int, (1000,), processes)) == [1000 + i for i in MANY]


@pytest.mark.parametrize("processes", [1, 2])
def test_refusal_of_an_urn_reaches_the_caller_whole(processes: int) -> None:
    places = [f"urna {i}" for i in MANY]
    with pytest.raises(FormatRefusal) as caught:
        list(over_urns(require_uuid, places, str, ("corto",), processes))
    assert (caught.value.rule, caught.value.place, caught.value.got) == ("eleccion.uuid", "urna 0", "corto")


@pytest.mark.parametrize("processes", [1, 2])
def test_refusal_while_preparing_reaches_the_caller_whole(processes: int) -> None:
    with pytest.raises(FormatRefusal) as caught:
        list(over_urns(operator.add, MANY, require_clave, ("../x", "clave"), processes))
    assert caught.value.rule == "consulta.clave"


@pytest.mark.parametrize(
    "error", [FormatRefusal("r", "p", "x", "y").by(2), StoreError("a", "b"), StoreBusy("a", "b")]
)
def test_errors_travel_between_processes(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - what we have just pickled ourselves
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
