"""Documents that the service issues: kept, listed to who may see them, and checked by anybody to the end."""

from __future__ import annotations

import hashlib
import stat
import subprocess
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from os import urandom
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from anyio import to_thread
from certeza_verifier.cli import main as verify
from sqlalchemy import func, select
from starlette.requests import Request

from api import wiring
from api.accounts.permissions import Actor, Role
from api.acts.acts import LogName
from api.acts.tables import actos, hojas
from api.documents.issued import PAGE, IssuedDocument, Owner, Wanted, add, page
from api.documents.keyring import Keyring, NoSigner
from api.documents.service import By, entry_of
from api.documents.settings import DocumentSettings, KeyFile
from api.documents.tables import documentos
from api.public_log.open_logs import log_folder
from api.services import Services
from api.settings import Settings
from keys.documents.errors import DocumentRefusal
from keys.documents.key_file import write_pem
from ledger.database import Database
from tests.document_authority import DOCUMENT, Authority, now
from tests.document_judges import pdfsig

pytestmark = pytest.mark.req("APO-29")
OWNER = Owner("ieez", "0190a000-0000-7000-8000-000000000001", "F220617000000021", "A000000001")
OPERATOR = Actor("cuenta-1", Role.OPL_OPERADOR, opl="ieez")


@dataclass
class Standing:
    """Whose session the requests carry."""

    actor: Actor | None = None

    def authenticate(self, _request: Request, _now: datetime) -> Actor | None:
        return self.actor


@pytest.fixture
def standing() -> Standing:
    return Standing(OPERATOR)


@pytest.fixture
async def services(database: Database, standing: Standing, tmp_path: Path) -> AsyncIterator[Services]:
    url = database.engine.url.render_as_string(hide_password=False)
    made = wiring.build_services(Settings(data=tmp_path / "datos", database=url))
    made = replace(made, authenticate=standing.authenticate)
    made.logs.actos.start()
    yield made
    made.logs.actos.close()
    made.database.engine.dispose()


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(wiring.application_of(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://prueba") as client:
        yield client


@pytest.fixture
def issued(services: Services) -> IssuedDocument:
    return services.documents.issue(DOCUMENT, OWNER, By("cuenta-1", "opl_operador"))


@pytest.mark.anyio
async def test_an_issued_document_is_checked_to_the_end_by_other_programs(
    services: Services, http: httpx.AsyncClient, issued: IssuedDocument, standing: Standing, tmp_path: Path
) -> None:
    pdf = (await http.get(f"/v1/documentos/{issued.id}")).content
    content = (await http.get(f"/v1/documentos/{issued.id}.json")).content
    standing.actor = None
    checked = (await http.get(f"/v1/documentos/huella/{hashlib.sha256(content).hexdigest()}")).json()
    assert hashlib.sha256(pdf).hexdigest() == checked["sha256_pdf"] == issued.sha256_pdf
    for name, data in (("d.pdf", pdf), ("d.json", content), ("p", checked["prueba"].encode())):
        (tmp_path / name).write_bytes(data)
    assert "Signature is Valid" in pdfsig("d.pdf", tmp_path)
    policy, anchor = log_folder(services.settings, LogName.ACTOS) / "politica.txt", tmp_path / "ancla.pem"
    anchor.write_bytes((await http.get("/v1/documentos/autoridad.pem")).content)
    ask = ["documento", tmp_path / "d.pdf", "--ancla", anchor, "--contenido", tmp_path / "d.json"]
    ask += ["--prueba", tmp_path / "p", "--politica", policy]
    assert await to_thread.run_sync(verify, [str(word) for word in ask]) == 0


@pytest.mark.anyio
async def test_row_act_and_leaf_are_written_together(services: Services, issued: IssuedDocument) -> None:
    assert UUID(issued.id).version == 7
    with services.database.reading() as db:
        leaf = db.execute(select(hojas.c.entrada).where(hojas.c.llave == f"documento/{issued.id}".encode()))
        assert bytes(leaf.scalar_one()) == entry_of(issued.sha256_json)
        act = db.execute(select(actos).where(actos.c.objeto == issued.id)).one()
    assert (act.tipo, act.quien, act.rol) == ("documento.emitir", "cuenta-1", "opl_operador")
    assert DOCUMENT.title not in act.texto


@pytest.mark.anyio
async def test_what_a_failed_transaction_prepared_does_not_exist(
    services: Services, http: httpx.AsyncClient
) -> None:
    made = services.documents.prepare(DOCUMENT, OWNER)
    with pytest.raises(RuntimeError), services.database.writing() as db:
        services.documents.keep(db, made)
        raise RuntimeError
    with services.database.reading() as db:
        for table in (documentos, hojas, actos):
            assert db.execute(select(func.count()).select_from(table)).scalar_one() == 0
    assert (await http.get(f"/v1/documentos/{made.id}")).status_code == 404
    assert (await http.get(f"/v1/documentos/huella/{made.sha256_json}")).status_code == 404


@pytest.mark.anyio
async def test_the_same_words_twice_are_two_documents_and_no_hash_can_be_guessed(services: Services) -> None:
    made = [services.documents.issue(DOCUMENT, OWNER) for _ in range(2)]
    assert made[0].sha256_json != made[1].sha256_json != DOCUMENT.sha256
    assert made[0].id < made[1].id or made[0].emitido == made[1].emitido


SEEN = [
    (Actor("a", Role.OPL_OPERADOR, opl="ieez"), 200),
    (Actor("a", Role.DERFE_OPERADOR), 200),
    (Actor("a", Role.PROMOVENTE, proceso=OWNER.proceso), 200),
    (Actor("a", Role.AUXILIAR, proceso=OWNER.proceso, auxiliar=OWNER.auxiliar), 200),
    (Actor("a", Role.OPL_OPERADOR, opl="iecm"), 404),
    (Actor("a", Role.PROMOVENTE, proceso="F220617000000022"), 404),
    (Actor("a", Role.AUXILIAR, proceso=OWNER.proceso, auxiliar="A000000002"), 404),
    (Actor("a", Role.CIUDADANO), 403),
    (Actor("a", Role.CONTRALORIA), 403),
    (None, 401),
]


@pytest.mark.anyio
@pytest.mark.req("APO-01")
@pytest.mark.parametrize(("actor", "status"), SEEN)
async def test_documents_are_seen_by_whose_they_are(
    http: httpx.AsyncClient, issued: IssuedDocument, standing: Standing, actor: Actor | None, status: int
) -> None:
    standing.actor = actor
    for path in (issued.id, f"{issued.id}.json"):
        assert (await http.get(f"/v1/documentos/{path}")).status_code == status
    listed = await http.get("/v1/documentos")
    if status in (401, 403):
        assert listed.status_code == status
    else:
        assert [one["id"] for one in listed.json()["documentos"]] == ([issued.id] if status == 200 else [])


@pytest.mark.anyio
async def test_a_list_is_narrowed(
    http: httpx.AsyncClient, services: Services, issued: IssuedDocument
) -> None:
    other = services.documents.issue(replace(DOCUMENT, kind="otra"), replace(OWNER, proceso="F2"))
    for query, expected in [
        ("tipo=otra", [other.id]),
        ("proceso=F220617000000021", [issued.id]),
        (f"periodo={OWNER.periodo}", sorted([other.id, issued.id], reverse=True)),
        (f"despues={max(issued.id, other.id)}", [min(issued.id, other.id)]),
    ]:
        answer = (await http.get(f"/v1/documentos?{query}")).json()
        assert [one["id"] for one in answer["documentos"]] == expected
        assert answer["siguiente"] is None
    first = answer["documentos"][0]
    assert first["firmas"][0]["nombre"] == "FIRMA DE ENSAYO"
    assert (await http.get("/v1/documentos?despues=x")).status_code == 422
    assert (await http.get("/v1/documentos/huella/00")).status_code == 422


def test_pages_follow_each_other(database: Database) -> None:
    moment = datetime(2024, 5, 1, tzinfo=UTC)
    with database.writing() as db:
        for n in range(PAGE + 5):
            hashed = f"{n:064x}"
            row = ("t", "T", "I", OWNER, moment, moment, (("P", "1"),), hashed, hashed, "p", "j")
            add(db, IssuedDocument(f"{n:036d}", *row))
    with database.reading() as db:
        first = page(db, OPERATOR.scope, Wanted())
        second = page(db, OPERATOR.scope, Wanted(after=first[-1].id))
    assert len(first) == PAGE
    assert [one.id for one in second] == [f"{n:036d}" for n in range(4, -1, -1)]


# --- with which keys ---


def keyring(folder: Path, settings: DocumentSettings, *, production: bool = True) -> Keyring:
    return Keyring(settings, folder, now, urandom, production=production)


def files(folder: Path, authority: Authority) -> tuple[KeyFile, KeyFile]:
    """A person's key and that of the stamps, in PEM with a passphrase."""
    made = []
    for name, signer in (("firma", authority.person("TITULAR")), ("sellos", authority.stamper())):
        pem = subprocess.run(
            ["openssl", "x509", "-inform", "DER"], input=signer.certificate, capture_output=True, check=True
        ).stdout
        (folder / f"{name}.pem").write_bytes(write_pem(signer._key, "frase"))
        (folder / f"{name}.crt").write_bytes(pem)
        made.append(signer)
    (folder / "frase").write_text("frase\n")
    named = ("firma", "sellos")
    return tuple(  # type: ignore[return-value]
        KeyFile(key=folder / f"{n}.pem", passphrase=folder / "frase", certificates=folder / f"{n}.crt")
        for n in named
    )


def test_an_institute_brings_its_own_keys(tmp_path: Path) -> None:
    person, stamps = files(tmp_path, Authority())
    ring = keyring(tmp_path / "x", DocumentSettings(signers=(person, person), stamps_key=stamps))
    assert len(ring.open().signers) == 2
    assert ring.open() is ring.open()
    assert not (tmp_path / "x").exists()


def test_without_keys_nothing_is_signed_in_production(tmp_path: Path) -> None:
    with pytest.raises(NoSigner, match="sin-llaves"):
        keyring(tmp_path / "x", DocumentSettings()).open()
    person, _ = files(tmp_path, Authority())
    with pytest.raises(NoSigner, match="sin-sellos"):
        keyring(tmp_path / "x", DocumentSettings(signers=(person,))).open()
    (tmp_path / "otra").write_text("otra")
    wrong = person.model_copy(update={"passphrase": tmp_path / "otra"})
    with pytest.raises(DocumentRefusal, match="otra frase"):
        keyring(tmp_path / "x", DocumentSettings(signers=(wrong,))).open()


def test_a_trial_makes_its_authority_once(tmp_path: Path) -> None:
    folder = tmp_path / "ensayo"
    first = keyring(folder, DocumentSettings(), production=False).open()
    again = keyring(folder, DocumentSettings(), production=False).open()
    assert first.signers[0].certificate == again.signers[0].certificate
    assert [path.name for path in tmp_path.iterdir()] == ["ensayo"]
    assert stat.S_IMODE((folder / "frase").stat().st_mode) == 0o600


@pytest.mark.anyio
async def test_a_document_goes_with_a_mail(services: Services, issued: IssuedDocument) -> None:
    file = services.documents.attachment(issued.id)
    assert (file.name, file.media_type, file.data[:5]) == ("prueba.pdf", "application/pdf", b"%PDF-")
    services.blobs.delete(issued.pdf)
    for identifier in (issued.id, "otro"):
        with pytest.raises(OSError, match="sin-documento"):
            services.documents.attachment(identifier)


def test_processes_that_start_together_end_with_the_same_authority(tmp_path: Path) -> None:
    rings = [keyring(tmp_path / "ensayo", DocumentSettings(), production=False) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda ring: ring.open(), rings))
    assert len({one.signers[0].certificate for one in opened}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["ensayo"]
