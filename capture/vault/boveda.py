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
    "qr": Fuente.QR,
    "pdf417": Fuente.BARRAS,
    "code128": Fuente.BARRAS,
    "ocr": Fuente.OCR,
    "mrz": Fuente.OCR,
}
_FROM_CODE, _FROM_DEVICE = 1.0, 0.9
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
    if record.modalidad == "manual":
        return Valor(value, Fuente.MANUAL, _FROM_CODE)
    for code in record.codes:
        if code.symbology in _SOURCES and value in code.text:
            return Valor(value, _SOURCES[code.symbology], _FROM_CODE)
    return Valor(value, Fuente.DISPOSITIVO, _FROM_DEVICE)


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
