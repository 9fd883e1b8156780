"""The rows of a result in two files at once: CSV for people and spreadsheets, Parquet for programs."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from capture.results.rows import COLUMNS, csv_header, csv_line
from capture.results.spool import Spool

ROWS = 10_000
"""Rows of a group in the Parquet file; what is in memory at a time."""
_TYPES = {
    "fecha_captura": pa.timestamp("us", tz="UTC"),
    "fecha_recepcion": pa.timestamp("us", tz="UTC"),
    "valido": pa.bool_(),
    "hoja": pa.int64(),
}
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in COLUMNS])


class Table:
    """Takes rows one by one; `close` ends both files."""

    def __init__(self) -> None:
        self.csv, self.parquet = Spool(), Spool()
        self._rows: list[dict[str, Any]] = []
        self._writer = pq.ParquetWriter(_Sink(self.parquet), SCHEMA, compression="zstd")
        self.csv.write(csv_header())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        for spool in (self.csv, self.parquet):
            spool.close()

    def add(self, row: dict[str, Any]) -> None:
        """One more row of `capture.results.rows`."""
        self.csv.write(csv_line(row))
        self._rows.append(row)
        if len(self._rows) >= ROWS:
            self._flush()

    def close(self) -> None:
        """No more rows."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        self._writer.write_table(pa.Table.from_pylist(self._rows, SCHEMA))
        self._rows = []


class _Sink:
    """A spool as pyarrow writes to a file."""

    closed = False
    mode = "wb"

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def write(self, data: bytes) -> int:
        return self._spool.write(data)

    def tell(self) -> int:
        return self._spool.size

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False
