"""Many callers, one sequencer: a thread seals a batch when it is due and tells each caller how it went."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from threading import Condition, Thread
from typing import Self

from ledger.errors import AnotherSequencer, LogStopped, NotPublished
from ledger.limits import Pace
from ledger.pool import Pool, Waiting
from ledger.ports import TileStorage
from ledger.proof import LogProof
from ledger.reading import Prover
from ledger.sequencer import Placed, Sequencer, Submission


class Appender:
    """Takes entries from any thread. Use as a context manager, or `start` and `close` it.

    `clock` gives monotonic seconds. From asyncio: `await asyncio.wrap_future(appender.add(key, entry))`.
    """

    def __init__(
        self,
        sequencer: Sequencer,
        storage: TileStorage,
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sequencer = sequencer
        self._prover = Prover(storage)
        self._pace = pace or Pace()
        self._clock = clock
        self._pool = Pool(self._pace)
        self._changed = Condition()
        self._stopped: str | None = None
        self._thread = Thread(target=self._run, name="secuenciador", daemon=True)

    def start(self) -> Self:
        """Begin to sequence."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Seal what waits, then let the log go. Entries that come later are refused."""
        self._stop("cerrada")
        self._thread.join()
        self._sequencer.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, key: bytes, entry: bytes) -> Future[Placed]:
        """Queue an entry under its idempotency key. The future is done once its checkpoint is published.

        The future raises NotPublished (try again with the same key), KeyReused or AnotherSequencer.
        Raises FormatRefusal, Overloaded or LogStopped at once.
        """
        waiting = Waiting(Submission(key, entry), self._clock())
        with self._changed:
            if self._stopped is not None:
                raise LogStopped("secuenciador.detenido", "bitácora", "abierta", self._stopped)
            self._pool.put(waiting)
            self._changed.notify()
        return waiting.future

    def require_open(self) -> None:
        """Raises LogStopped once it stopped for good."""
        with self._changed:
            if self._stopped is not None:
                raise LogStopped("secuenciador.detenido", "bitácora", "abierta", self._stopped)

    def add_and_wait(self, key: bytes, entry: bytes, timeout: float = 20.0) -> LogProof:
        """Add an entry and wait, at most `timeout` seconds, for its proof under a published checkpoint.

        Raises what `add` and its future do, and NotPublished when the time is over.
        """
        try:
            return self.prove(self.add(key, entry).result(timeout))
        except FutureTimeout:
            expected = f"publicar en {timeout} s"
            raise NotPublished("secuenciador.tiempo", "bitácora", expected, "sigue en espera") from None

    def prove(self, placed: Placed) -> LogProof:
        """The proof of an entry for the very size that its checkpoint signs."""
        return self._prover.inclusion(placed.index, placed.leaf, placed.checkpoint)

    def _stop(self, reason: str) -> None:
        with self._changed:
            self._stopped = self._stopped or reason
            self._changed.notify()

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            self._seal(batch)

    def _next_batch(self) -> list[Waiting] | None:
        """Wait until a batch is due; empty to finish publishing an earlier one, None at the end."""
        with self._changed:
            while True:
                due = self._pool.due_in(self._clock())
                if due is not None and (due <= 0 or self._stopped is not None):
                    return [w for w in self._pool.take() if w.future.set_running_or_notify_cancel()]
                if self._stopped is not None:
                    return None
                if due is None and not self._sequencer.is_settled:
                    if not self._changed.wait(self._pace.interval):
                        return []
                else:
                    self._changed.wait(due)

    def _seal(self, batch: list[Waiting]) -> None:
        try:
            outcomes = self._sequencer.append([waiting.submission for waiting in batch])
        except Exception as error:  # noqa: BLE001 - whatever it was, those who wait must hear of it
            self._fail(batch, error)
            return
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Placed):
                waiting.future.set_result(outcome)
            else:
                waiting.future.set_exception(outcome)

    def _fail(self, batch: list[Waiting], error: Exception) -> None:
        if isinstance(error, AnotherSequencer | LogStopped):
            self._stop(str(error))
        else:
            refusal = NotPublished("secuenciador.publicar", "bitácora", "publicar el lote", f"{error!r}")
            refusal.__cause__ = error
            error = refusal
        for waiting in batch:
            waiting.future.set_exception(error)
