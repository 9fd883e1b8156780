"""Bodies as devices seal them, opened with the real bóveda: sources of values, and what is not a body."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import x25519

from capture.blobs import FolderBlobs
from capture.packet.body import Body, seal
from capture.packet.record import CapturedRecord, Code, Location
from capture.processing.bodies import BlobBodies
from capture.processing.datos import Datos, Fuente, Valor, parse_datos
from capture.processing.errors import BodyMissing
from capture.vault.boveda import LocalBoveda
from capture.vault.chamber_folder import FolderChamber
from keys.errors import FormatRefusal, Refusal
from tests.capture.records.making import PROCESO, START, folio

PHOTO = b"\xff\xd8foto"


def captured() -> Body:
    """As the app captures it."""
    record = CapturedRecord(
        folio=folio(1),
        proceso=PROCESO,
        modalidad="auxiliar",
        model="G",
        credencial="cic",
        numero="000000001",
        captured=START,
        original=True,
        notice=2,
        application="1.0",
        fields={"clave_elector": "LPZXAN80010132M100", "nombre": "ANA", "seccion": "0123"},
        files={"foto.jpg": sha256(PHOTO).digest()},
        codes=(Code("qr", "http://qr.ine.mx/000000001"), Code("ocr", "NOMBRE ANA CLAVE lpzxan 80010132M100")),
        location=Location(22_775_000, -102_572_000, 12),
    )
    return Body(record, {"foto.jpg": PHOTO})


@pytest.fixture
def chamber(tmp_path: Path) -> FolderChamber:
    """A bóveda with the key of one process."""
    chamber = FolderChamber(tmp_path / "boveda", x25519.Identity.generate())
    chamber.new_process_key(PROCESO)
    return chamber


def test_each_value_has_its_source_and_how_sure_it_is(chamber: FolderChamber) -> None:
    sealed = seal(captured().encode(), chamber.new_process_key(PROCESO))
    opened = LocalBoveda(chamber).open(PROCESO, sealed)
    sources = {name: (v.fuente, v.certeza) for name, v in opened.read.campos.items()}
    assert sources == {
        "cic": (Fuente.QR, 1.0),
        "clave_elector": (Fuente.OCR, 0.7),
        "nombre": (Fuente.OCR, 0.7),
        "seccion": (Fuente.DISPOSITIVO, 0.5),
    }
    assert opened.read.contexto["latitud"] == 22.775
    assert opened.files == {"foto.jpg": PHOTO}


def test_what_is_sealed_opens_only_with_its_process(chamber: FolderChamber) -> None:
    boveda = LocalBoveda(chamber)
    sealed = boveda.seal(PROCESO, b"datos")
    assert boveda.unseal(PROCESO, sealed) == b"datos"
    chamber.new_process_key("F220617000000099")
    with pytest.raises(Refusal, match=r"boveda\.sobre"):
        boveda.unseal("F220617000000099", sealed)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_body_are_refused(data: bytes) -> None:
    identity = x25519.Identity.generate()

    class OneKey:
        """A chamber of one key."""

        def open(self, proceso: str, sealed: bytes) -> bytes:
            """What was sealed."""
            return data

    with pytest.raises(Refusal):
        LocalBoveda(OneKey()).open(PROCESO, seal(data, str(identity.to_public())))  # type: ignore[arg-type]


def test_a_body_that_is_not_stored_is_said_as_such(tmp_path: Path) -> None:
    with pytest.raises(BodyMissing):
        BlobBodies(FolderBlobs(tmp_path)).get("cuerpos/x")


@given(st.dictionaries(st.sampled_from(["nombre", "cic", "seccion"]), st.text(max_size=20)))
def test_data_survive_their_own_text(values: dict[str, str]) -> None:
    datos = Datos({n: Valor(v, Fuente.QR, 0.5) for n, v in values.items()}, {"modelo": "G", "metros": 3})
    assert parse_datos(datos.encode()) == datos


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"campos": {"a": 1}, "contexto": {}}', b"[" * 100_000])
def test_text_that_is_no_data_is_refused(data: bytes) -> None:
    with pytest.raises(FormatRefusal, match=r"datos\.formato"):
        parse_datos(data)
