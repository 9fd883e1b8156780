"""What the own machine of a custodio does, each in a process: it has the private file, and it alone.

Encrypting that file takes seconds of one processor, as it must: a passphrase is all that guards it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from api.demo.ceremony import TrusteeSeat
from keys.ceremony import trustee_side
from keys.ceremony.trustees import Trustees, verify_trustees
from keys.group import group_named
from keys.randomness import SystemRandomness
from keys.trustee_file import TrusteeFile
from tally.small_urns_step import SumAct, make_sums_share
from tally.trustee_step import TrusteeAct, make_share


@dataclass(frozen=True)
class Machine:
    """Picklable. `content`: of the private file."""

    seat: TrusteeSeat
    content: TrusteeFile = field(repr=False)


@dataclass(frozen=True)
class Contribution:
    """What a custodio hands in, and the machine that remembers what it opened."""

    machine: Machine
    data: bytes = field(repr=False)


Step = Callable[[Machine, Path, datetime], Contribution]


def seal(machine: Machine) -> None:
    """Write the private file."""
    machine.seat.begin(machine.content)


def open_urns(machine: Machine, public: Path, now: datetime) -> Contribution:
    """Verify the copied record, and the partial decryptions of all urns. The key remembers it."""
    act = TrusteeAct(public, *trustee_side.decryption_key(_trustees(machine, public), machine.content))
    made = make_share(act, now, SystemRandomness(), processes=1)
    return _kept(machine, trustee_side.remember_opening(machine.content, made.fingerprint), made.data)


def open_sums(machine: Machine, public: Path, now: datetime) -> Contribution:
    """The same of the sums of small urns with their Mesas."""
    act = SumAct(public, *trustee_side.decryption_key(_trustees(machine, public), machine.content))
    made = make_sums_share(act, now, SystemRandomness(), processes=1)
    content = trustee_side.remember_sums(machine.content, made.opening, made.fingerprint)
    return _kept(machine, content, made.data)


def _kept(machine: Machine, content: TrusteeFile, data: bytes) -> Contribution:
    machine.seat.keep(machine.content, content)
    return Contribution(replace(machine, content=content), data)


def _trustees(machine: Machine, public: Path) -> Trustees:
    group = group_named(machine.content.grupo)
    return verify_trustees(group, (public / "trustees.json").read_bytes())
