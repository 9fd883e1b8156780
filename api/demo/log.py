"""The public log of the consultation: every event of every urn and every act, as soon as it happened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from api.demo.plan import Plan
from api.demo.public_log import PublicLog
from api.demo.screen import Advance
from api.demo.witnesses import RehearsalWitnesses
from ledger.limits import Pace
from tally.consultation import Consultation, Urn
from tally.journal import act_entry, events_of, urn_entry
from tally.public_folder import PublicFolder


class ConsultationLog(PublicLog):
    """The log's only writer while the rehearsal lasts."""

    def __init__(self, plan: Plan, witnesses: RehearsalWitnesses) -> None:
        super().__init__(plan, witnesses, plan.id)
        self._public = PublicFolder(plan.public)
        self._heights: dict[str, int] = {}

    def act(self, kind: str, instant: datetime, document: bytes) -> None:
        """Add one administrative act with the hash of its document."""
        self.append([act_entry(kind, instant, hashlib.sha256(document).hexdigest())])

    def acts(self, kinds: Sequence[tuple[str, str]], instant: datetime) -> None:
        """Add several acts of one instant: (kind, hash)."""
        self.append([act_entry(kind, instant, digest) for kind, digest in kinds])

    def follow(self, consultation: Consultation, progress: Advance) -> None:
        """Add what the urns' archives hold and the log does not yet."""
        urns = consultation.urns
        waiting: list[tuple[bytes, bytes]] = []
        for done, urn in enumerate(urns, start=1):
            waiting += self._new_events(urn)
            if len(waiting) >= Pace().batch_entries:
                self.append(waiting)
                waiting = []
            progress(done, len(urns))
        self.append(waiting)

    def _new_events(self, urn: Urn) -> Iterator[tuple[bytes, bytes]]:
        known = self._heights.get(urn.uuid, 0)
        with self._public.open_urn(urn) as stream:
            for event in events_of(stream, urn.file, known):
                self._heights[urn.uuid] = event.height + 1
                yield urn_entry(urn.uuid, event)
