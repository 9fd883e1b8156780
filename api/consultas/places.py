"""Where the files of a consultation lie: what is public, and what the service works with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings
from keys.ceremony.folder import CeremonyFolder
from tally.consultation import require_id
from tally.public_folder import PublicFolder


@dataclass(frozen=True, slots=True)
class Places:
    """Of one consultation."""

    public: PublicFolder
    work: Path

    @property
    def ceremony(self) -> CeremonyFolder:
        """The folder of the key ceremony (docs/ceremony.md). The rehearsal's secret number is in it."""
        return CeremonyFolder(self.work / "ceremonia")

    @property
    def shares(self) -> Path:
        """Files of partial decryptions, by their SHA-256."""
        return self.work / "aportaciones"

    @property
    def log(self) -> Path:
        """What is published of its log."""
        return self.public.root / "log"


def places_of(settings: Settings, consulta: str) -> Places:
    """The places of a consultation, which need not exist. Raises FormatRefusal for what is no id."""
    require_id(consulta, "consulta")
    public = settings.logs.public_folder or settings.data / "publico"
    return Places(PublicFolder(public / consulta), settings.data / "consultas" / consulta)
