"""Where sealed records wait on the device, and their acuses stay (APO-11, APO-13, APO-16).

keep     1. the body, durable. 2. the envelope, durable: from here on the record is captured. A crash before
         leaves a body without envelope, which nobody was told of; opening the folder deletes it.
settle   1. the acuse, durable, after it was verified. 2. the envelope is deleted. 3. the body is. A crash
         between them is mended when the folder is opened: what has an acuse does not wait any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from capture.device.acuses import require_own
from capture.device.capturing import Sealed
from capture.device.errors import DeviceRefused
from capture.packet.envelope import Envelope, parse_envelope
from keys import atomic_file
from ledger.acuse import SUFFIX, AcuseFile
from ledger.policy import Policy

_BODY, _ENVELOPE = ".age", ".sobre"


class Outbox:
    """The records of one device. One program at a time uses the folder."""

    def __init__(self, folder: Path) -> None:
        self._waiting = folder / "pendientes"
        self._settled = folder / "acuses"
        for made in (self._waiting, self._settled):
            made.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._mend()

    def _mend(self) -> None:
        for path in self._waiting.iterdir():
            settled = (self._settled / f"{path.stem}{SUFFIX}").exists()
            alone = path.suffix == _BODY and not path.with_suffix(_ENVELOPE).exists()
            if settled or alone or path.suffix == ".tmp":
                path.unlink()

    def keep(self, sealed: Sealed) -> None:
        """Durable when this returns."""
        folio = sealed.envelope.folio
        atomic_file.replace(self._waiting / f"{folio}{_BODY}", sealed.body, atomic_file.PRIVATE)
        envelope = sealed.envelope.encode()
        atomic_file.replace(self._waiting / f"{folio}{_ENVELOPE}", envelope, atomic_file.PRIVATE)

    def waiting(self) -> Iterator[Envelope]:
        """The envelopes of what was not acknowledged, oldest first (a folio begins with its instant)."""
        for path in sorted(self._waiting.glob(f"*{_ENVELOPE}")):
            yield parse_envelope(path.read_bytes(), path.name)

    def body(self, envelope: Envelope) -> bytes:
        """The sealed body of a record that waits. Raises OSError."""
        return (self._waiting / f"{envelope.folio}{_BODY}").read_bytes()

    def settle(self, envelope: Envelope, acuse: bytes, policy: Policy) -> AcuseFile:
        """Verify an acuse, keep it, and only then delete the record. Raises Refusal; then nothing changed."""
        file = require_own(envelope, acuse, policy)
        target = self._settled / f"{envelope.folio}{SUFFIX}"
        atomic_file.replace(target, acuse, atomic_file.PRIVATE)
        for suffix in (_ENVELOPE, _BODY):
            (self._waiting / f"{envelope.folio}{suffix}").unlink(missing_ok=True)
        return file

    def acuse(self, folio: str) -> bytes:
        """The acuse of a record that was sent. Raises DeviceRefused (acuse.falta)."""
        try:
            return (self._settled / f"{folio}{SUFFIX}").read_bytes()
        except FileNotFoundError:
            raise DeviceRefused("acuse.falta", f"registro {folio}", "un acuse", "ninguno") from None
