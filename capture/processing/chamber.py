"""The bóveda of processing: the keys of `capture.vault`, and bodies as `capture.packet` writes them."""

from __future__ import annotations

from collections.abc import Mapping

from capture.blobs import BlobRefusal, Blobs
from capture.packet.body import Body, parse_body, seal
from capture.packet.record import CapturedRecord, Code
from capture.processing.datos import Datos, Fuente, Valor
from capture.processing.errors import BodyMissing
from capture.processing.ports import Opened
from capture.vault.ports import KeyChamber

SOURCES: Mapping[str, tuple[Fuente, float]] = {
    "qr": (Fuente.QR, 1.0),
    "pdf417": (Fuente.BARRAS, 1.0),
    "code128": (Fuente.BARRAS, 1.0),
    "mrz": (Fuente.MRZ, 0.95),
    "ocr": (Fuente.OCR, 0.7),
    "manual": (Fuente.MANUAL, 1.0),
}
"""Of each symbology: where a value that is in its text comes from, and how sure it is. Codes check
themselves, lines of a machine-readable zone have check digits, recognised characters are a guess."""
TYPED = "manual"
"""The modalidad whose values somebody typed from paper."""
UNSUPPORTED = (Fuente.DISPOSITIVO, 0.5)
"""A value that no code of the credential has."""


class ChamberBoveda:
    """Opens and seals with a `KeyChamber`. See `capture.processing.ports.Boveda`."""

    def __init__(self, chamber: KeyChamber) -> None:
        self._chamber = chamber

    def open(self, proceso: str, body: bytes) -> Opened:
        """Raises VaultRefusal, PacketRefusal, FormatRefusal, and OSError when it is out of reach."""
        return opened(parse_body(self._chamber.open(proceso, body)))

    def seal(self, proceso: str, data: bytes) -> bytes:
        """To the recipient of the process. Raises VaultRefusal for a key that was destroyed."""
        return seal(data, self._chamber.new_process_key(proceso))

    def unseal(self, proceso: str, data: bytes) -> bytes:
        """Raises VaultRefusal."""
        return self._chamber.open(proceso, data)

    def hmac(self, periodo: str, data: bytes) -> bytes:
        """32 bytes."""
        return self._chamber.hmac(periodo, data)


class BlobBodies:
    """Bodies in the blob store."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def get(self, path: str) -> bytes:
        """Raises BodyMissing, and OSError when it cannot be known."""
        try:
            return self._blobs.get(path)
        except BlobRefusal as refusal:
            raise BodyMissing(refusal.rule, "cuerpo", refusal.expected, refusal.got) from None


def opened(body: Body) -> Opened:
    """What processing looks at."""
    record = body.record
    campos = {name: _valor(value, record) for name, value in record.fields.items()}
    campos.setdefault(record.credencial, _valor(record.numero, record))
    return Opened(
        record.folio,
        record.proceso,
        record.modalidad,
        record.credencial,
        record.numero,
        Datos(campos, _context(record)),
        body.files,
    )


def _valor(value: str, record: CapturedRecord) -> Valor:
    if record.modalidad == TYPED:
        return Valor(value, *SOURCES[TYPED])
    found = [SOURCES[code.symbology] for code in record.codes if _holds(code, value)]
    fuente, certeza = max(found, key=lambda source: source[1], default=UNSUPPORTED)
    return Valor(value, fuente, certeza)


def _holds(code: Code, value: str) -> bool:
    return bool(value) and "".join(value.split()).upper() in "".join(code.text.split()).upper()


def _context(record: CapturedRecord) -> dict[str, str | float | int | bool | None]:
    where = record.location
    return {
        "modelo": record.model,
        "original": record.original,
        "aviso": record.notice,
        "aplicacion": record.application,
        "latitud_microgrados": where.latitude if where else None,
        "longitud_microgrados": where.longitude if where else None,
        "exactitud_metros": where.accuracy if where else None,
    }
