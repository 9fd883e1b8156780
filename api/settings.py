"""Every setting of the service, from a TOML file and the environment. None of them weakens a check.

The file is `certeza.toml`, or what CERTEZA_SETTINGS names; CERTEZA_HTTP__BODY_BYTES=131072 overrides it.
Secrets are never values: settings name the files that hold them.
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from api.accounts.settings import AccountsSettings
from api.blobs.settings import BlobSettings
from api.documents.settings import DocumentSettings
from api.entrada.settings import SeiSettings
from api.http.settings import HttpSettings, RateSettings
from api.intake.settings import IntakeSettings
from api.mesa.settings import MesaSettings
from api.outbox.settings import OutboxSettings
from api.padron.settings import PadronSettings
from api.patterns.settings import PatternSettings
from api.public_log.settings import LogSettings
from api.reading.settings import ReadingSettings
from api.reports.settings import ReportSettings
from api.results.settings import ResultsSettings
from api.vault.settings import VaultSettings
from api.worker.settings import WorkerSettings

FILE = "certeza.toml"


class Settings(BaseSettings):
    """One object, made once and passed in. Each group lives beside what it governs."""

    model_config = SettingsConfigDict(
        env_prefix="CERTEZA_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    data: Path = Path("certeza-datos")
    """The folder of what the service keeps, unless a setting puts it elsewhere."""
    database: str = ""
    """`postgresql://…` or `sqlite:///…`; empty: `certeza.db` in the data folder."""
    database_connections: int = Field(default=20, ge=1)
    """Connections of one process to the database."""
    production: bool = False
    """Refuses what is only for trials: file gateways, invented identity providers, addresses without TLS."""
    http: HttpSettings = HttpSettings()
    rates: RateSettings = RateSettings()
    logs: LogSettings = LogSettings()
    blobs: BlobSettings = BlobSettings()
    documents: DocumentSettings = DocumentSettings()
    intake: IntakeSettings = IntakeSettings()
    outbox: OutboxSettings = OutboxSettings()
    mesa: MesaSettings = MesaSettings()
    vault: VaultSettings = VaultSettings()
    worker: WorkerSettings = WorkerSettings()
    padron: PadronSettings = PadronSettings()
    patterns: PatternSettings = PatternSettings()
    reports: ReportSettings = ReportSettings()
    accounts: AccountsSettings = AccountsSettings()
    sei: SeiSettings = SeiSettings()

    reading: ReadingSettings = ReadingSettings()
    results: ResultsSettings = ResultsSettings()

    @property
    def database_url(self) -> str:
        """Where the database is."""
        return self.database or f"sqlite:///{(self.data / 'certeza.db').absolute()}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code first, then the environment, then the file."""
        file = Path(os.environ.get("CERTEZA_SETTINGS", FILE))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)
