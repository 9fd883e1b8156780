"""What is admitted is listed whole, however long the list."""

from __future__ import annotations

import pytest

from capture.processes.errors import ProcessRefusal
from capture.processes.kinds import Tipo, tipo


def test_every_kind_of_process_is_in_the_refusal() -> None:
    with pytest.raises(ProcessRefusal) as caught:
        tipo("otro" * 100)
    assert all(kind.value in caught.value.expected for kind in Tipo)
    assert len(caught.value.got) <= 120
