"""Orders that somebody of the rehearsal gives on the own machine: the programs that anybody runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

from api.demo.errors import UnexpectedOutcome


def order(*words: str, environment: Mapping[str, str] | None = None, module: str = "api.cli.main") -> str:
    """Run `certeza …` and give what it said. Raises UnexpectedOutcome with its words when it refuses."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        env={**os.environ, **(environment or {}), "NO_COLOR": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        program = "certeza-verify" if module == "certeza_verifier" else "certeza"
        raise UnexpectedOutcome(f"{program} {' '.join(words[:2])}: {done.stdout}{done.stderr}")
    return done.stdout


def verifier(*words: str) -> str:
    """Run `certeza-verify …`."""
    return order(*words, module="certeza_verifier")
