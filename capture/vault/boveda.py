"""What the bóveda does with its keys: opens bodies, seals and unseals data, computes keyed hashes.

See `capture.processing.ports.Boveda`.
"""

from __future__ import annotations

from capture.packet.body import Body, parse_body, seal
from capture.packet.record import CapturedRecord
from capture.processing.datos import NAMES, Datos, Fuente, Valor
from capture.processing.ports import Opened
from capture.vault.ports import KeyChamber

_SOURCES = {
    "qr": (Fuente.QR, 1.0),
    "pdf417": (Fuente.BARRAS, 1.0),
    "code128": (Fuente.BARRAS, 1.0),
    "mrz": (Fuente.MRZ, 0.95),
    "ocr": (Fuente.OCR, 0.7),
    "manual": (Fuente.MANUAL, 1.0),
}
"""Of each symbology: where a value that is in its text comes from, and how sure it is. Codes check
themselves, lines of a machine-readable zone have check digits, recognised characters are a guess."""
_TYPED = "manual"
_UNSUPPORTED = (Fuente.DISPOSITIVO, 0.5)
"""A value that no code of the credential has."""
_MICRO = 1_000_000


class LocalBoveda:
    """The bóveda in the process that has the keys."""

    def __init__(self, chamber: KeyChamber) -> None:
        self._chamber = chamber

    def open(self, proceso: str, body: bytes) -> Opened:
        """See `Boveda`. Raises VaultRefusal, FormatRefusal, PacketRefusal."""
        return opened(parse_body(self._chamber.open(proceso, body)))

    def seal(self, proceso: str, data: bytes) -> bytes:
        """See `Boveda`."""
        return seal(data, self._chamber.new_process_key(proceso))

    def unseal(self, proceso: str, data: bytes) -> bytes:
        """See `Boveda`."""
        return self._chamber.open(proceso, data)

    def hmac(self, periodo: str, data: bytes) -> bytes:
        """See `Boveda`."""
        return self._chamber.hmac(periodo, data)


def opened(body: Body) -> Opened:
    """A checked body as processing wants it."""
    record = body.record
    return Opened(
        folio=record.folio,
        proceso=record.proceso,
        modalidad=record.modalidad,
        credencial=record.credencial,
        numero=record.numero,
        read=read_of(record),
        files=body.files,
    )


def read_of(record: CapturedRecord) -> Datos:
    """What the device read, each value with its source: a code that holds it, or the device's word."""
    values = {name: value for name, value in record.fields.items() if name in NAMES}
    values[record.credencial] = record.numero
    return Datos({name: _value(record, value) for name, value in values.items()}, _context(record))


def _value(record: CapturedRecord, value: str) -> Valor:
    if record.modalidad == _TYPED:
        return Valor(value, *_SOURCES[_TYPED])
    found = [_SOURCES[code.symbology] for code in record.codes if _joined(value) in _joined(code.text)]
    fuente, certeza = max(found, key=lambda source: source[1], default=_UNSUPPORTED)
    return Valor(value, fuente, certeza)


def _joined(text: str) -> str:
    return "".join(text.split()).upper()


def _context(record: CapturedRecord) -> dict[str, str | float | int | bool | None]:
    context: dict[str, str | float | int | bool | None] = {
        "aplicacion": record.application,
        "aviso": record.notice,
        "modelo": record.model,
        "original": record.original,
    }
    if record.location is not None:
        context["latitud"] = record.location.latitude / _MICRO
        context["longitud"] = record.location.longitude / _MICRO
        context["exactitud"] = record.location.accuracy
    return context
