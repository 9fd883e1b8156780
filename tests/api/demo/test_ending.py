"""Being told to end is as being interrupted, and afterwards everything is as it was."""

from __future__ import annotations

import os
import signal

import pytest

from api.demo.ending import interruptible


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_who_is_told_to_end_puts_things_away(told: signal.Signals) -> None:
    before = signal.getsignal(told)
    with pytest.raises(KeyboardInterrupt), interruptible():
        os.kill(os.getpid(), told)
    assert signal.getsignal(told) is before


def test_what_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptible():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
