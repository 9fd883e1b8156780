"""What the engines read beside what the device said: which value counts, how sure it is, what differs. Pure.

* The number of the envelope (CIC or OCR) never changes: the acuse names it (002 §4.10).
* What the device took from a code, or what a person typed from paper, stays: codes are not editable
  (002 §4.3). If the image says otherwise, the value is less sure and the difference goes to the mesa: an
  operator decides, nobody edits (APO-10, APO-18).
* What the device only guessed gives way to what is sure in the image: a check digit, a code, or two sources.
* Two sources that agree make a value surer; one source twice does not.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace

from capture.packet.record import FIELDS
from capture.processing.datos import Datos, Fuente, Valor
from capture.reading.results import SURE, Found, RecordReading

_STANDS = frozenset({Fuente.QR, Fuente.BARRAS, Fuente.MRZ, Fuente.MANUAL, Fuente.AUDIENCIA})
"""Sources of a device's value that the engines do not overrule."""
_DIGITS = 4
"""Decimals of a certainty."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that device and image do not say alike. Both values are kept."""

    name: str
    device: Valor = field(repr=False)
    read: Found = field(repr=False)
    device_stays: bool = True


@dataclass(frozen=True, slots=True)
class Merged:
    """The data that count, and what was found otherwise."""

    datos: Datos
    differences: tuple[Difference, ...] = ()


def merge(device: Datos, reading: RecordReading, numbered: str) -> Merged:
    """`numbered`: the field whose value the envelope names, `cic` or `ocr`."""
    campos, differences = dict(device.campos), list[Difference]()
    for name in FIELDS:
        found = reading.card.values.get(name)
        if found is None or found.value is None:
            continue
        said = device.campos.get(name)
        if said is None:
            campos[name] = _read(found)
        elif alike(said.valor, found.value):
            campos[name] = _agreed(said, found)
        else:
            stays = name == numbered or said.fuente in _STANDS or found.sure < SURE
            differences.append(Difference(name, said, found, stays))
            campos[name] = _doubted(said, found) if stays else _read(found)
    return Merged(replace(device, campos=campos), tuple(differences))


def alike(one: str, other: str) -> bool:
    """Whether two spellings are of one value: spaces, capitals and accents do not count, Ñ does."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.upper().replace("Ñ", "\0"))
    return "".join(c for c in letters if not unicodedata.combining(c) and not c.isspace())


def _read(found: Found) -> Valor:
    return Valor(found.value or "", found.source or Fuente.OCR, round(found.sure, _DIGITS))


def _agreed(said: Valor, found: Found) -> Valor:
    source = found.source or Fuente.OCR
    both = 1 - (1 - said.certeza) * (1 - found.sure)
    certeza = max(said.certeza, found.sure) if source is said.fuente else both
    fuente = source if found.sure > said.certeza else said.fuente
    return Valor(said.valor, fuente, round(certeza, _DIGITS))


def _doubted(said: Valor, found: Found) -> Valor:
    return replace(said, certeza=round(said.certeza * (1 - found.sure), _DIGITS))
