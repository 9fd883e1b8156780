"""The port of processing over the engines: what they read beside the device, and what they advise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from capture.packet.record import IMAGES, READ
from capture.processing.datos import Datos
from capture.processing.ports import Opened, Read
from capture.reading.document import Document
from capture.reading.merging import merge
from capture.reading.sandbox.reading import Answer
from capture.reading.store_sql import SqlReadings
from capture.reading.suggestion import Strength
from capture.reading.suggestions import suggest
from capture.reading.suggestions_person import DEFAULT, Advice
from capture.records.record import Record


class Answers(Protocol):
    """See `capture.reading.sandbox.reading.ReaderPool`."""

    def read(self, files: Mapping[str, bytes], model: str | None) -> Answer:
        """What was read, or why nothing was. Raises NoReader where no reader can be started."""


class EnginesReading:
    """See `capture.processing.ports.Reading`. `clock` gives aware instants."""

    def __init__(self, pool: Answers, clock: Callable[[], datetime], advice: Advice = DEFAULT) -> None:
        self._pool, self._clock, self._advice = pool, clock, advice

    def read(self, opened: Opened) -> Read:
        """See Reading. Waits for a free reader; raises NoReader (an OSError) where none can be started."""
        if opened.files.keys().isdisjoint(IMAGES):  # a cédula on paper
            return Read(opened.read)
        files = {name: opened.files[name] for name in READ if name in opened.files}
        model = opened.read.contexto.get("modelo")
        answer = self._pool.read(files, model if isinstance(model, str) else None)
        merged = merge(opened.read, answer.reading, opened.credencial)
        found = () if answer.unread else suggest(answer.reading, merged.differences, self._advice)
        document = Document(answer.reading, answer.unread, merged.differences, found)
        return self._kept(merged.datos, document)

    def _kept(self, datos: Datos, document: Document) -> Read:
        incisos = {one.inciso for one in document.suggestions if one.strength is Strength.SEEMS}

        def keep(connection: Connection, record: Record, sealed: bytes) -> None:
            SqlReadings(connection).keep(record.folio, sealed, document.unread, incisos, self._clock())

        detail = None if document.unread is None else f"lectura.{document.unread.value}"
        reading = None if document.unread else document.reading
        return Read(datos, reading, document.encode(), keep, detail)
