"""The opening of a rehearsal: who comes, who does not, and who hands in a wrong share."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from api.demo.ceremony import TrusteeSeat
from api.demo.plan import ABSENT, OFFICES, WRONG, Plan
from api.demo.screen import Advance
from keys import canonical
from keys.ceremony import trustee_side
from keys.ceremony.trustees import Trustees
from keys.group import Group, group_named
from tally.consultation import Consultation
from tally.public_folder import PublicFolder
from tally.receiving import Opening, Verdict
from tally.small_urns_receiving import SumOpening
from tally.small_urns_step import SumAct, make_sums_share
from tally.trustee_step import TrusteeAct, make_share


def hold_opening(
    plan: Plan,
    consultation: Consultation,
    trustees: Trustees,
    progress: Advance,
    arrived: Callable[[Verdict, float], None],
) -> Opening:
    """Every trustee who comes checks the whole record and hands in a file; with enough, all urns open.

    `arrived` is told each verdict and the seconds that the trustee's step took.
    """
    opening = Opening(PublicFolder(plan.public), consultation, plan.arithmetic)
    present = [i for i in range(1, len(OFFICES) + 1) if i != ABSENT]
    for index in present:
        begun = time.perf_counter()
        file = _share(plan, trustees, index, progress)
        seconds = time.perf_counter() - begun
        arrived(opening.receive(file, plan.opened_at), seconds)
    opening.open_all(plan.processes, progress)
    return opening


def hold_sums(
    plan: Plan,
    consultation: Consultation,
    trustees: Trustees,
    progress: Advance,
    arrived: Callable[[Verdict, float], None],
) -> SumOpening:
    """The same trustees, once the Mesas were counted: the sums of the small urns. Nobody alters anything."""
    opening = SumOpening(PublicFolder(plan.public), consultation, plan.arithmetic)
    for index in [i for i in range(1, len(OFFICES) + 1) if i not in (ABSENT, WRONG)]:
        begun = time.perf_counter()
        file = _sums_share(plan, trustees, index, progress)
        seconds = time.perf_counter() - begun
        arrived(opening.receive(file, plan.sums_at), seconds)
    opening.open_all(plan.processes, progress)
    return opening


def _sums_share(plan: Plan, trustees: Trustees, index: int, progress: Advance) -> Path:
    seat = TrusteeSeat(plan, index)
    content = seat.open()
    owner, secret = trustee_side.decryption_key(trustees, content)
    act = SumAct(plan.public, owner, secret, plan.arithmetic)
    random = plan.randomness(f"custodio/{index}/sumas")
    made = make_sums_share(act, plan.sums_at, random, processes=plan.processes, progress=progress)
    seat.keep(content, trustee_side.remember_sums(content, made.opening, made.fingerprint))
    destination = seat.folder / f"sumas-{index}.jsonl"
    PublicFolder(seat.folder).write(destination, made.data)
    return destination


def _share(plan: Plan, trustees: Trustees, index: int, progress: Advance) -> Path:
    seat = TrusteeSeat(plan, index)
    content = seat.open()
    owner, secret = trustee_side.decryption_key(trustees, content)
    act = TrusteeAct(plan.public, owner, secret, plan.arithmetic)
    random = plan.randomness(f"custodio/{index}/apertura")
    made = make_share(act, plan.opened_at, random, processes=plan.processes, progress=progress)
    seat.keep(content, trustee_side.remember_opening(content, made.fingerprint))
    destination = seat.folder / f"aportacion-{index}.jsonl"
    data = spoiled(group_named(plan.group, plan.arithmetic), made.data) if index == WRONG else made.data
    PublicFolder(seat.folder).write(destination, data)
    return destination


def spoiled(group: Group, share: bytes) -> bytes:
    """A share with one factor of its last urn exchanged for another element: well formed, and wrong."""
    lines = share.splitlines(keepends=True)
    if len(lines) == 1:
        return share  # every urn is small: there is nothing to spoil
    last = json.loads(lines[-1])
    (other,) = group.encode([group.generator])
    last["partial_decryption"]["decryption_factors"][0][0] = other
    lines[-1] = canonical.encode_bytes(last) + b"\n"
    return b"".join(lines)
