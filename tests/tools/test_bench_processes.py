"""What processes used is not less when one of them has ended."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.bench.processes import cpu_seconds, peak, resident, used

_BURN = "import time\nwhile time.process_time() < 0.5: pass\n"
_FAMILY = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {_BURN!r}])
print("ya", flush=True)
input()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="AVISO: sin /proc no se mide a los procesos")
def test_a_child_that_ended_still_counts() -> None:
    command = [sys.executable, "-c", _FAMILY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as family:
        assert family.stdout is not None
        assert family.stdout.readline() == "ya\n"
        assert used(family.pid).cpu >= 0.4
        assert cpu_seconds(family.pid) >= 0.4
        assert 0 < resident(family.pid) <= peak(family.pid)
        family.communicate("\n")
