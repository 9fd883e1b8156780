"""What `certeza-verify`, run as the program that anybody has, says of a rehearsal."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from keys.errors import Refusal

MANY = 10
"""Failures told before the rest are only counted."""


def verify(*arguments: str) -> tuple[dict[str, Any], int]:
    """Run one order of the verifier. Returns its document and its exit code."""
    program = shutil.which("certeza-verify", path=str(Path(sys.executable).parent)) or "certeza-verify"
    done = subprocess.run([program, *arguments, "--json"], capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout), done.returncode
    except json.JSONDecodeError:
        raise Refusal("verificador", program, "un documento JSON", done.stderr or done.stdout) from None


def reasons(document: dict[str, Any]) -> list[str]:
    """Why a verdict is not «aceptado», in the verifier's words; empty when it is."""
    found = [f"{one['archivo']}: {one['mensaje']} [{one['regla']}]" for one in document.get("fallas", [])]
    more = [f"y {len(found) - MANY} fallas más"] if len(found) > MANY else []
    unjudged = [str(document["motivo"])] if document.get("motivo") else []
    return unjudged + found[:MANY] + more
