"""A record as patterns see it, and how many of them rest in one sealed segment. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from capture.patterns.views import BYTES, EXACT, EXACT_BYTES, FILES, VIEWS, View, exact_hash
from capture.reading.results import RecordReading
from keys.errors import FormatRefusal

DIMENSIONS = 128
VERSION = 1
_FACE, _PLACE = len(VIEWS) + len(FILES), len(VIEWS) + len(FILES) + 1
_MILLION = 1_000_000
Rows = NDArray[np.void]

ROW = np.dtype(
    [
        ("folio", "u1", 16),
        ("clave", "<u8"),
        ("has", "<u4"),
        ("prints", "u1", (len(VIEWS), BYTES)),
        ("exact", "u1", (len(FILES), EXACT_BYTES)),
        ("face", "i1", DIMENSIONS),
        ("latitud", "<i4"),
        ("longitud", "<i4"),
        ("exactitud", "<i4"),
    ]
)
"""One record. `clave`: the first 8 bytes of its HMAC, 0 when it was not read. `has`: one bit for each of
VIEWS, each of FILES, the face and the place. Millionths of a degree, metres."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was captured: degrees, and the radius in metres in which the device is."""

    latitud: float
    longitud: float
    exactitud: float = 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What patterns need of one record. Nothing of it is told to anybody but as a pattern."""

    folio: str
    prints: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """By the names of `View`, and EXACT before the names of FILES."""
    embedding: bytes | None = field(default=None, repr=False)
    """Of the live face, as in `FaceReading`."""
    clave: bytes | None = field(default=None, repr=False)
    """HMAC of the clave de elector."""
    place: Place | None = field(default=None, repr=False)


def seen_of(
    folio: str,
    files: Mapping[str, bytes],
    reading: RecordReading | None,
    clave: bytes | None,
    context: Mapping[str, object],
) -> Seen:
    """From the files of a body, what was read in them (None: nothing yet) and the context of its `Datos`."""
    exact = dict(exact_hash(name, data) for name, data in files.items())
    if reading is None:
        return Seen(folio, exact, None, clave, place_of(context))
    prints = {**exact, **reading.prints}
    if reading.signature.defects:
        # A dot is like every other dot: the mesa judges it by itself (002 §6.1 j).
        for name in (View.FIRMA.value, EXACT + View.FIRMA.value):
            prints.pop(name, None)
    return Seen(folio, prints, reading.face.embedding, clave, place_of(context))


def place_of(context: Mapping[str, object]) -> Place | None:
    """The coordinates that the device sent, if it did."""
    latitude, longitude, metres = (context.get(name) for name in ("latitud", "longitud", "exactitud"))
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    return Place(float(latitude), float(longitude), float(metres) if isinstance(metres, int | float) else 0.0)


def row_of(seen: Seen) -> Rows:
    """One row. What is not of its form (a print of another length) counts as not there."""
    row = np.zeros(1, ROW)
    row["folio"][0] = np.frombuffer(UUID(seen.folio).bytes, np.uint8)
    row["clave"][0] = int.from_bytes(seen.clave[:8], "little") if seen.clave else 0
    for at, view in enumerate(VIEWS):
        _put(row, "prints", at, at, seen.prints.get(view.value), BYTES)
    for at, name in enumerate(FILES):
        _put(row, "exact", at, len(VIEWS) + at, seen.prints.get(EXACT + name), EXACT_BYTES)
    if seen.embedding is not None and len(seen.embedding) == 4 * DIMENSIONS:
        vector = np.frombuffer(seen.embedding, "<f4")
        if np.isfinite(vector).all() and np.abs(vector).max() > 0:
            row["face"][0] = np.rint(vector / np.abs(vector).max() * 127)
            row["has"][0] |= 1 << _FACE
    if seen.place is not None:
        row["latitud"][0] = round(seen.place.latitud * _MILLION)
        row["longitud"][0] = round(seen.place.longitud * _MILLION)
        row["exactitud"][0] = min(round(seen.place.exactitud), 2**31 - 1)
        row["has"][0] |= 1 << _PLACE
    return row


def _put(row: Rows, name: str, at: int, bit: int, value: bytes | None, length: int) -> None:
    if value is not None and len(value) == length:
        row[name][0, at] = np.frombuffer(value, np.uint8)
        row["has"][0] |= 1 << bit


def encode(rows: Rows) -> bytes:
    """Before it is sealed."""
    return bytes([VERSION]) + rows.tobytes()


def decode(data: bytes, place: str) -> Rows:
    """What `encode` wrote. Raises FormatRefusal."""
    if data[:1] != bytes([VERSION]) or (len(data) - 1) % ROW.itemsize:
        expected = f"huellas, versión {VERSION}"
        raise FormatRefusal("patrones.formato", place, expected, f"{len(data)} bytes")
    return np.frombuffer(data, ROW, offset=1)


def has_view(rows: Rows, view: View) -> NDArray[np.bool_]:
    """Which of the rows have that print."""
    return _has(rows, VIEWS.index(view))


def has_file(rows: Rows, name: str) -> NDArray[np.bool_]:
    """Which have the exact hash of that file."""
    return _has(rows, len(VIEWS) + FILES.index(name))


def has_face(rows: Rows) -> NDArray[np.bool_]:
    """Which have a face."""
    return _has(rows, _FACE)


def folio_of(row: NDArray[np.uint8]) -> str:
    """As it is written."""
    return str(UUID(bytes=row.tobytes()))


def place_in(row: np.void) -> Place | None:
    """The place in one row."""
    if not row["has"] >> _PLACE & 1:
        return None
    return Place(row["latitud"] / _MILLION, row["longitud"] / _MILLION, float(row["exactitud"]))


def _has(rows: Rows, bit: int) -> NDArray[np.bool_]:
    return np.asarray(rows["has"] >> np.uint32(bit) & np.uint32(1), np.bool_)
