"""Whom the user trusts, and what all commands on the public log share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from certeza_verifier.errors import Failure, NotJudged
from certeza_verifier.limits import LIMITS
from certeza_verifier.report import Finding, Report
from certeza_verifier.system import read_whole
from certeza_verifier.tlog.attest import Attested, Trust
from certeza_verifier.tlog.note import ED25519, ML_DSA, Key, parse_key
from certeza_verifier.tlog.policy import parse_policy

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trusting:
    """Whom the user trusts: a vkey, a policy file, or both (the key must then be one of the policy's)."""

    key: str | None = None
    policy: Path | None = None
    origin: str | None = None

    def trust(self) -> Trust | None:
        """None when nothing was given. Raises NotJudged: these are the user's own data."""
        if self.key is None and self.policy is None:
            return None
        logs: tuple[Key, ...] = ()
        policy = None
        if self.key is not None:
            text = self.key
            key = _own("la llave", lambda: parse_key(text, "--llave"))
            if key.kind not in (ED25519, ML_DSA):
                raise NotJudged("La llave de --llave no es de bitácora (tipo 01 o 06).")
            logs = (key,)
        if self.policy is not None:
            data, name = read_whole(self.policy, LIMITS.policy), self.policy.name
            policy = _own("la política", lambda: parse_policy(data, name))
            if not logs:
                logs = tuple(policy.logs)
            elif policy.logs and logs[0] not in policy.logs:
                raise NotJudged("La política no lista la llave de --llave.")
            if not logs:
                raise NotJudged("La política no lista ninguna bitácora: falta --llave.")
        return Trust(logs, policy, self.origin)


def _own(what: str, action: Callable[[], T]) -> T:
    """What the user brought must be right before anything is judged with it."""
    try:
        return action()
    except Failure as failure:
        raise NotJudged(f"No sirve {what}: {Finding.of(failure, '').message}") from None


def judge(report: Report, file: str, action: Callable[[], None]) -> Report:
    """Runs the action; what breaks a rule or cannot be judged goes to the report."""
    try:
        action()
    except Failure as failure:
        report.findings.append(Finding.of(failure, file))
    except NotJudged as error:
        report.not_judged = str(error).rstrip(".")
    return report


def tell(report: Report, attested: Attested, trust: Trust) -> None:
    """Adds who signed; a policy that was asked for must be met."""
    report.notes += attested.lines(trust.policy)
    report.details["checkpoint"] = attested.as_json()
    report.done["firmas-de-bitacora"] += 1
    if trust.policy is not None:
        report.done["cofirmas"] += len(attested.witnesses)
    attested.require_quorum()
