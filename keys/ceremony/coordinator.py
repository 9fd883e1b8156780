"""`certeza ceremonia avanzar`: take what arrived, keep what is right, publish what follows.

Order of a step: check in memory, keep the message under `aceptados/`, then publish. A crash in between is
repaired by running it again: the kept messages are read by the same checks, and files are written whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from keys.ceremony.announcement import Announcement
from keys.ceremony.folder import CeremonyFolder, accepted_name, inbox_name, open_ceremony, publish
from keys.ceremony.states import Ceremony, Kind, Outcome, State
from keys.errors import Refusal


@dataclass(frozen=True, slots=True)
class Progress:
    """What one run of `advance` found and did."""

    announcement: Announcement
    ceremony: Ceremony
    before: State
    accepted: list[tuple[Kind, int]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


def advance(folder: CeremonyFolder) -> Progress:
    """One run. Refused messages stay in the inbox and are reported; the others still count."""
    announcement, ceremony = open_ceremony(folder)
    progress = Progress(announcement, ceremony, ceremony.state)
    for kind in Kind:
        for index in announcement.terms.indices():
            _take(folder, progress, kind, index)
    progress.written.extend(publish(folder, ceremony))
    progress.strangers.extend(folder.strangers())
    return progress


def _take(folder: CeremonyFolder, progress: Progress, kind: Kind, index: int) -> None:
    name = inbox_name(kind, index)
    try:
        data = folder.received(kind, index)
        if data is None:
            return
        outcome = progress.ceremony.receive(kind, index, data, name)
    except Refusal as refusal:
        progress.refused.append(refusal.by(index))
        return
    if outcome is Outcome.NEW:
        folder.write(accepted_name(kind, index), data)
        progress.accepted.append((kind, index))
