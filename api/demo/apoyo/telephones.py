"""What a telephone does by itself: capture offline, then send. In processes of their own: the service, which
shares this one with the rehearsal, is not slower for it."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from api.demo.apoyo.clock import MovedClock
from api.demo.apoyo.population import Citizen
from api.demo.apoyo.taking import taken_of
from api.demo.errors import UnexpectedOutcome
from api.demo.screen import Advance
from api.demo.several import processes
from capture.device.capturing import capture
from capture.device.courier import Courier, Patience
from capture.device.day import Sending
from capture.device.folder import DeviceFolder
from capture.device.service import Service
from capture.limits import CaptureLimits

AT_ONCE = 8
"""Records that a telephone sends at the same time."""
TOGETHER = 5
"""Telephones that send at the same time from one process."""
_PATIENCE = Patience(attempts=60)
"""A machine that has much to do is slow, and slow is not dead."""


@dataclass(frozen=True)
class Stretch:
    """What one telephone does between two connections. `start`: when; `url`: where it sends then."""

    folder: Path
    citizens: tuple[Citizen, ...]
    start: datetime
    url: str


def capture_into(folder: DeviceFolder, citizens: Iterable[Citizen], clock: MovedClock) -> None:
    """Records of these people into a device's encrypted outbox, without any connection."""
    outbox, key, holder = folder.outbox(), folder.key(), folder.holder()
    if holder is None:
        raise UnexpectedOutcome(f"el dispositivo {folder.path.name} no está registrado")
    for citizen in citizens:
        outbox.keep(capture(taken_of(citizen), holder, key, clock(), os.urandom, CaptureLimits()))


def send_from(folders: Sequence[DeviceFolder], url: str) -> int:
    """All that wait on these devices; how many acuses were verified. Raises UnexpectedOutcome."""
    return sum(asyncio.run(_send_all(folders, url)))


async def _send_all(folders: Sequence[DeviceFolder], url: str) -> list[int]:
    async with httpx.AsyncClient(base_url=url) as http:
        courier = Courier(Service(http), _PATIENCE)
        return list(await asyncio.gather(*(_send(folder, courier) for folder in folders)))


async def _send(folder: DeviceFolder, courier: Courier) -> int:
    sent = await Sending(folder.outbox(), folder.policy(), courier, AT_ONCE).all(lambda _done, _all: None)
    if sent.refused or sent.unreachable:
        raise UnexpectedOutcome(f"no todo se recibió: {dict(sent.refused)}, {sent.unreachable}")
    return len(sent.seconds)


def run_all(stretches: Iterable[Stretch], advance: Advance) -> int:
    """Several telephones at a time, each one in one stretch at a time; how many acuses were verified."""
    merged = _merged(stretches)
    groups = [merged[at : at + TOGETHER] for at in range(0, len(merged), TOGETHER)]
    total, done = sum(len(one.citizens) for one in merged), 0
    with processes(len(groups)) as pool:
        for finished in as_completed([pool.submit(_run_group, group) for group in groups]):
            done += finished.result()
            advance(done, total)
    return done


def _run_group(stretches: Sequence[Stretch]) -> int:
    folders = [DeviceFolder(one.folder) for one in stretches]
    for one, folder in zip(stretches, folders, strict=True):
        capture_into(folder, one.citizens, MovedClock(one.start))
    return send_from(folders, stretches[0].url)


def _merged(stretches: Iterable[Stretch]) -> Sequence[Stretch]:
    """One program at a time uses the folder of a telephone."""
    by_folder: dict[Path, list[Stretch]] = defaultdict(list)
    for one in stretches:
        by_folder[one.folder].append(one)
    return [
        Stretch(folder, tuple(c for one in found for c in one.citizens), found[0].start, found[0].url)
        for folder, found in by_folder.items()
    ]
