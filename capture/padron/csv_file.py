"""Reading a padrón's CSV in one pass, whatever its size: rows, refusals, and the SHA-256 of it all."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from capture.padron.errors import PadronRefusal
from capture.padron.keyed import PadronKey
from capture.padron.line import COLUMNS, MAX_LINE, Refused, Row, keyed_row, outline

_BOM = b"\xef\xbb\xbf"


class PadronCsv:
    """An open file of which every line is read once; `sha256()` is right after the last one."""

    def __init__(self, file: BinaryIO, key: PadronKey) -> None:
        self._file = file
        self._key = key
        self._hash = hashlib.sha256()
        self.read = 0
        """Bytes so far, for a progress bar."""

    def sha256(self) -> bytes:
        """Of what was read."""
        return self._hash.digest()

    def rows(self) -> Iterator[tuple[int, Row | Refused]]:
        """Each line after the header with its number, from 2 on. Raises PadronRefusal for the header."""
        self._header()
        for number, line in enumerate(self._lines(), 2):
            yield number, self._row(line, number)

    def _lines(self) -> Iterator[bytes]:
        for line in self._file:
            self._hash.update(line)
            self.read += len(line)
            yield line

    def _header(self) -> None:
        line = next(self._lines(), b"")
        found = _fields(line.removeprefix(_BOM))
        if found is None or tuple(found) != COLUMNS:
            shown = "otra cosa" if found is None else ",".join(map(outline, found))
            raise PadronRefusal("padron.encabezado", "renglón 1", ",".join(COLUMNS), shown)

    def _row(self, line: bytes, number: int) -> Row | Refused:
        fields = _fields(line)
        if fields is None:
            return Refused(number, "(renglón)", f"CSV en UTF-8, a lo más {MAX_LINE} caracteres", "otra cosa")
        return keyed_row(fields, number, self._key)


def _fields(line: bytes) -> Sequence[str] | None:
    """The fields of one line, None when it is not CSV. No value of a padrón needs a line feed."""
    if len(line) > MAX_LINE:
        return None
    try:
        text = line.decode("utf-8").rstrip("\r\n")
        if '"' not in text:  # as most files are: several times faster
            return text.split(",")
        return next(csv.reader([text], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return None
