"""What is in the package of a process: figures, tables, proofs, and the cédulas that 002 §8.1 allows.

The records are read twice: first tables, figures and proofs go to spools, then the body of each nominative
record is opened. Both readings must find the same records; a package of another number is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import BinaryIO, TypeVar

from capture.records.record import Record
from capture.results import cedula, proofs_file
from capture.results.errors import ResultsRefusal
from capture.results.figures import Tally, is_nominative
from capture.results.layout import CEDULAS, CSV, PARQUET, RESULT
from capture.results.package import Made, Packing, seal, spooled
from capture.results.ports import Leaves, Source
from capture.results.rows import row
from capture.results.spool import Spool
from capture.results.table import Table
from capture.results.tar import Part, whole
from keys.canonical import encode_sorted
from keys.recipients.recipient import Recipient

T = TypeVar("T")
BATCH = 500
"""Records whose proofs are asked for at once."""
RESULT_SCHEMA = "certeza/resultado/v1"


def seal_process(
    packing: Packing, source: Source, leaves: Leaves, recipient: Recipient, target: BinaryIO
) -> tuple[Made, Tally]:
    """Make, sign and encrypt the package of `packing.head.proceso`; what it counted comes with it.

    Raises ResultsRefusal when the records are not as many as `packing.head` says, or one has no leaf.
    """
    proceso = packing.head.proceso or ""
    with ExitStack() as stack:
        table = stack.enter_context(Table())
        proofs, tally = stack.enter_context(Spool()), Tally()
        for record, leaf in _proved(source.records(proceso), leaves, proofs):
            tally.add(record)
            table.add(row(record, leaf, source.data(record) if is_nominative(record) else None))
        table.close()
        if tally.total != packing.head.registros:
            raise ResultsRefusal("resultados.cambio", proceso, packing.head.registros, tally.total)
        parts = _parts(packing, source, leaves, table, proofs, tally)
        return seal(packing, parts, recipient, target), tally


def _proved(records: Iterator[Record], leaves: Leaves, proofs: Spool) -> Iterator[tuple[Record, int]]:
    for batch in _batches(records):
        for record, proof in zip(batch, leaves.prove(batch), strict=True):
            proofs.write(proofs_file.line(record.folio, record.codigo, proof))
            yield record, proof.index


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _parts(
    packing: Packing, source: Source, leaves: Leaves, table: Table, proofs: Spool, tally: Tally
) -> Iterator[Part]:
    """In order of their paths."""
    head = packing.head
    yield whole(proofs_file.CHECKPOINT, leaves.checkpoint.encode())
    yield spooled(proofs_file.PROOFS, proofs)
    yield from _cedulas(source, head.proceso or "")
    yield spooled(CSV, table.csv)
    yield spooled(PARQUET, table.parquet)
    origin = {"esquema": RESULT_SCHEMA, "tipo": head.tipo, "opl": head.opl, "periodo": head.periodo}
    whole_result = {**origin, "proceso": head.proceso, "instante": head.instante, **tally.to_json()}
    yield whole(RESULT, encode_sorted(whole_result))


def _cedulas(source: Source, proceso: str) -> Iterator[Part]:
    for record in filter(is_nominative, source.records(proceso)):
        content = cedula.files(record, source.data(record), source.images(record), source.acuse(record))
        for name, data in content:
            yield whole(f"{CEDULAS}/{record.folio}/{name}", data)
