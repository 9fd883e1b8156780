"""The key of the credential authority: made for a rehearsal, demanded in production, or not there."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest

from api.accounts.errors import SettingsRefusal
from api.accounts.service_key import ServiceKey
from api.entrada.authority import Authority, read_identity, recipient_of
from api.entrada.settings import SeiSettings
from api.outbox.outbox import Outbox
from keys.group import Group
from ledger.database import Database
from tally.claves.errors import ClaveRefusal
from tally.claves.store_sql import Personas
from tally.consulta.form import read_form
from tally.consulta.store_sql import Consultas
from tests.tally.consulta.making import asked
from tests.tally.entrada.test_tokens import NOW
from tests.tally.opinion.polling import ID, person_data, person_id

KEY = ServiceKey(bytes(range(32)))
PUBLIC = str(pyrage.x25519.Identity.generate().to_public())


@pytest.mark.req("SEI-09")
def test_a_service_without_the_identity_issues_and_does_not_replace(database: Database, fast: Group) -> None:
    given, outbox = SeiSettings(authority_recipient=PUBLIC), Outbox(lambda: NOW, lambda n: bytes(range(n)))
    authority = Authority(fast, KEY, outbox, given, PUBLIC, None, "https://ejemplo.mx")
    with database.writing() as db:
        Consultas(db).add(read_form(asked(), "consulta"), "nadie", NOW)
        person = Personas(db, KEY).add(person_id(0), ID, "0102", person_data(0), NOW)
        uuids = authority.urns_of(db, person)
    assert len(uuids) == 2
    prepared = authority.prepare(person, person_data(0), uuids)
    with database.writing() as db:
        Personas(db, KEY).issued(person, prepared.made, NOW)  # type: ignore[arg-type]
    with pytest.raises(ClaveRefusal, match=r"clave\.autoridad"), database.reading() as db:
        authority.prepare_replacement(db, Personas(db, KEY).get(person.id))


def test_a_key_is_made_for_a_rehearsal_and_demanded_in_production(tmp_path: Path) -> None:
    file = tmp_path / "secretos" / "autoridad.age"
    with pytest.raises(SettingsRefusal, match=r"sei\.autoridad"):
        recipient_of(SeiSettings(), file, production=True)
    made = recipient_of(SeiSettings(), file, production=False)
    assert recipient_of(SeiSettings(), file, production=True) == made == str(read_identity(file).to_public())
    assert file.stat().st_mode & 0o077 == 0
    file.write_text("otra cosa")
    with pytest.raises(SettingsRefusal) as caught:
        read_identity(file)
    assert "otra cosa" in str(caught.value)
    assert recipient_of(SeiSettings(authority_recipient=PUBLIC), file, production=True) == PUBLIC
