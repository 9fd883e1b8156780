"""The settings of the service of a rehearsal, and how its processes are given them."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from api.accounts.settings import AccountsSettings
from api.demo.patience import PATIENCE_SECONDS, database_in
from api.demo.sei.plan import SeiPlan
from api.entrada.settings import SeiSettings
from api.http.settings import HttpSettings, RateSettings
from api.outbox.settings import OutboxSettings, SmsSettings, SmtpSettings
from api.padron.settings import PadronSettings
from api.public_log.settings import LogSettings
from api.reading.settings import ReadingSettings
from api.settings import Settings
from api.vault.settings import VaultSettings
from api.worker.settings import WorkerSettings

DOMAIN = "iecm.mx"
ORIGIN = "certeza.example"
_LOTS = "1000000 per 1 second"
"""Everybody here has the same address."""
_LOOK_SECONDS = 0.3


def settings_of(plan: SeiPlan, url: str, mail_port: int, sms: str, socket: Path, witnesses: Path) -> Settings:
    """`socket`: of the bóveda. `witnesses`: the folder with their policy."""
    output = plan.base.output
    data = output.absolute() / "servicio"
    smtp = SmtpSettings(
        host="127.0.0.1",
        port=mail_port,
        security="ninguna",
        sender="no-responder@ensayo.example",
        timeout_seconds=PATIENCE_SECONDS,
    )
    texts = SmsSettings(url=sms, timeout_seconds=PATIENCE_SECONDS)
    return Settings(
        data=data,
        database=plan.database or database_in(data),
        http=HttpSettings(public_url=url),
        rates=RateSettings(reading=_LOTS, writing=_LOTS, packets=_LOTS, secrets=_LOTS, entries=_LOTS),
        accounts=AccountsSettings(institutional_domains=(DOMAIN,)),
        outbox=OutboxSettings(smtp=smtp, sms=texts, seconds=_LOOK_SECONDS, group_seconds=0),
        reading=ReadingSettings(engine="dispositivo"),
        worker=WorkerSettings(look_seconds=2.0, niceness=0),
        logs=LogSettings(
            origin=ORIGIN,
            public_folder=plan.base.public_root.absolute(),
            policy_folder=witnesses.absolute(),
            seal_seconds=0.05,
            pump_seconds=0.3,
        ),
        sei=SeiSettings(group=plan.base.group, preregistro_seconds=0.5),
        padron=PadronSettings(key_file=data / "secretos" / "padron.llave"),
        vault=VaultSettings(socket=socket, timeout_seconds=PATIENCE_SECONDS),
    )


def environment_of(settings: Settings, file: Path) -> dict[str, str]:
    """The same for a process: each group as JSON. `file`: one that says nothing, in place of any other."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("# Los ajustes de este ensayo se dan al iniciar sus procesos.\n", "utf-8")
    given = {
        f"CERTEZA_{name.upper()}": _value(getattr(settings, name))
        for name in type(settings).model_fields
        if getattr(settings, name) != type(settings).model_fields[name].default
    }
    return {**given, "CERTEZA_SETTINGS": str(file)}


def _value(value: object) -> str:
    return json.dumps(value.model_dump(mode="json")) if isinstance(value, BaseModel) else str(value)
