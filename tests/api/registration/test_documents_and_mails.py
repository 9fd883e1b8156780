"""What people receive: the cédulas word by word, and e-mails that say what they must."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from api.messages import auxiliares, mi_apoyo, processes
from api.outbox.message import Channel
from capture.auxiliares.causes import By, read_baja
from capture.auxiliares.store_sql import AuxiliarStore
from capture.devices.cedula import auxiliar_cedula
from capture.devices.cedulas_sql import CedulaStore
from capture.devices.store_sql import DeviceStore
from capture.mi_apoyo.acuse import acuse_of
from capture.mi_apoyo.store_sql import ActivationStore
from capture.processes.cedula import confirmation_cedula
from capture.processes.process_store_sql import ProcessStore
from ledger.acuse import Acuse, Credential
from ledger.database import Database
from ledger.document import Document
from ledger.document_pdf import render
from tests.capture import registration_samples as samples
from tests.capture.devices.test_devices import registration, try_to_register
from tests.capture.mi_apoyo.test_activation import CODE, Citizen
from tests.capture.registration_samples import FOLIO, NOW

PORTAL = "https://ejemplo.mx/portal"
CONTACT = "https://ejemplo.mx/atencion"


def printed(document: Document, folder: Path) -> str:
    """The words of the PDF, as another program reads them."""
    file = folder / "documento.pdf"
    file.write_bytes(render(document))
    run = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


@pytest.mark.req("APO-03")
@pytest.mark.parametrize("tipo", ["candidatura-independiente", "consulta-ciudadana"])
def test_the_cedula_de_confirmacion_shows_every_datum(database: Database, tmp_path: Path, tipo: str) -> None:
    with database.writing() as db:
        samples.register_process(db)
        stored = ProcessStore(db).get(FOLIO)
    words = printed(confirmation_cedula(stored, samples.period(tipo), "Instituto de Prueba", NOW), tmp_path)
    for shown in (
        "Cédula de confirmación de datos",
        FOLIO,
        "Juana",
        "Pérez",
        "01/01/1980",
        "4921234567",
        samples.clave(sexo="M"),
        "123456789",
        "Zacatecas",
        "1801",
        "promovente@ejemplo.mx",
        "OF/12/2026",
        "01/11/2026 00:00 horas (hora centro)",
    ):
        assert shown in words, shown
    assert ("Aspirante" in words) == (tipo == "candidatura-independiente")


@pytest.mark.req("APO-05")
def test_the_cedula_de_registro_de_auxiliar_names_its_captures(database: Database, tmp_path: Path) -> None:
    with database.writing() as db:
        samples.register_process(db)
        auxiliar = samples.register_auxiliar(db)
    asked = registration(database, auxiliar, 1)
    device = try_to_register(database, asked, 1)
    with database.reading() as db:
        (cedula,) = CedulaStore(db).of_auxiliar(auxiliar)
        stored, process = AuxiliarStore(db).get(auxiliar), ProcessStore(db).get(FOLIO)
        document = auxiliar_cedula(cedula, stored, DeviceStore(db).get(device), process, "Instituto", NOW)
    words = printed(document, tmp_path)
    for shown in (
        "Cédula de Registro de Auxiliar",
        auxiliar,
        FOLIO,
        "Juan Pérez López",
        samples.clave(),
        "123456789",
    ):
        assert shown in words
    assert asked.sha256.hex() in words.replace(" ", "").replace("\u200b", "")


@pytest.mark.req("APO-15")
def test_the_acuse_of_mi_apoyo_has_the_fields_of_002_5_21(database: Database, tmp_path: Path) -> None:
    with database.writing() as db:
        samples.register_process(db)
    citizen = Citizen(database)
    identifier = citizen.ask()
    device = citizen.give(identifier)
    folio = "0193cccc-0000-7000-8000-000000000001"
    acuse = Acuse(
        proceso=FOLIO,
        folio=folio,
        modalidad="mi-apoyo",
        credential=Credential.CIC,
        number="123456789",
        recibido=NOW,
        registro=bytes(32),
        nonce=bytes(32),
    )
    with database.reading() as db:
        activation, known = ActivationStore(db).get(identifier), DeviceStore(db).get(device)
        made = acuse_of(acuse, ProcessStore(db).get(FOLIO).data, activation, known)
    message = mi_apoyo.mi_apoyo_acuse(made, "https://ejemplo.mx/acuses", CONTACT)
    for words in (printed(made.document("Instituto"), tmp_path), message.body):
        for shown in (
            "Iniciativa para probar el sistema",
            folio,
            "27/11/2026 12:00",
            f"{CODE[:5]}-{CODE[5:]}",
            device,
            "ciudadana0@ejemplo.mx",
            "123456789",
        ):
            assert shown in words
        assert acuse.code in words.replace(" ", "").replace("\u200b", "")
    assert message.to == "ciudadana0@ejemplo.mx"


def test_every_mail_greets_says_why_and_where_to_ask(database: Database) -> None:
    with database.writing() as db:
        samples.register_process(db)
        identifier = samples.register_auxiliar(db)
        stored, process = AuxiliarStore(db).get(identifier), ProcessStore(db).get(FOLIO)
    period, baja = samples.period(), read_baja("otra", "Cambió de entidad", By.OPL)
    name = stored.data.full_name
    mails = [
        processes.process_registered(FOLIO, process.data, period, "Instituto", PORTAL, CONTACT),
        auxiliares.auxiliar_registered(identifier, stored.data, process, period, PORTAL, CONTACT),
        auxiliares.auxiliar_removed(identifier, stored.data, FOLIO, baja, NOW, CONTACT),
        auxiliares.auxiliar_removed_by_authority(identifier, name, process, baja, NOW, CONTACT),
        mi_apoyo.activation_code("c@ejemplo.mx", CODE, NOW + timedelta(hours=24), CONTACT),
    ]
    for mail in mails:
        assert mail.channel is Channel.CORREO
        assert mail.body.startswith("Estimad")
        assert CONTACT in mail.body
        assert "{" not in mail.body
        assert all(word not in mail.body for word in (samples.clave(), samples.clave(sexo="M"), "4921234567"))
    assert all("Otra: Cambió de entidad" in mail.body for mail in mails[2:4])
    assert "ABCDE-23456" in mails[4].body
    assert "28/11/2026 12:00" in mails[4].body
