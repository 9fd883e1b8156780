"""What `certeza-verify`, run as the program that anybody has, says of a rehearsal."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from api.demo.acuses import Reception
from api.demo.errors import UnexpectedOutcome
from keys.errors import Refusal
from ledger.acuse import parse_acuse_file
from tally.public_folder import PublicFolder

ALTERED = "alterado.acuse"
"""An acuse that the verifier must refuse, left beside the right ones."""
CREDENTIAL_LINE = 4
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


def verify_reception(reception: Reception) -> list[str]:
    """Hold every acuse and the log to it, and an altered acuse too. Returns what to tell of it.

    Raises UnexpectedOutcome when a right one is refused or the altered one is not.
    """
    trust = ("--politica", str(reception.policy))
    for file in reception.files:
        _require(0, "acuse", str(file), *trust)
    found = _require(0, "codigo", _code(reception.files[0]), "--log", str(reception.log), *trust)
    _require(0, "bitacora", str(reception.log), *trust)
    refused = _require(1, "acuse", str(_altered(reception.files[0])), *trust)
    return [
        f"{len(reception.files)} acuses verificados sin conexión, cada uno con su propia prueba",
        f"Sólo con el código de integridad: es la entrada {found['detalle']['indice']} de la bitácora",
        f"La bitácora entera, {reception.entries:,} entradas: correcta",
        f"El mismo acuse con una cifra cambiada: rechazado [{_rule(refused)}]",
    ]


def _require(code: int, *arguments: str) -> dict[str, Any]:
    document, got = verify(*arguments)
    if got != code:
        raise UnexpectedOutcome(f"certeza-verify {arguments[0]} terminó con {got}: {document}")
    return document


def _code(file: Path) -> str:
    return parse_acuse_file(file.read_bytes(), file.name).acuse.code


def _altered(file: Path) -> Path:
    """A copy beside it, in which the last digit of the credential's number is another."""
    lines = file.read_bytes().split(b"\n")
    digit = lines[CREDENTIAL_LINE][-1:]
    lines[CREDENTIAL_LINE] = lines[CREDENTIAL_LINE][:-1] + (b"0" if digit != b"0" else b"1")
    copy = file.with_name(ALTERED)
    PublicFolder(file.parent).write(copy, b"\n".join(lines))
    return copy


def _rule(document: dict[str, Any]) -> str:
    return str(document["fallas"][0]["regla"])
