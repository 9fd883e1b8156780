"""Timings of reading records in confined processes (APO-10, 15): seconds a record, memory, throughput.

`python -m tools.bench.reading_throughput [registros] [semilla]` prints the rows. The records are drawn, each
different, then read again and again: the reader does not know. A record is front, back, codes, face,
signature and prints, through the pipes of the sandbox, on one thread.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from statistics import median, quantiles

from capture.reading.sandbox.limits import SandboxLimits
from capture.reading.sandbox.pool import Pool, Program
from capture.reading.sandbox.process import Confined
from capture.reading.sandbox.reading import ReaderPool, question
from capture.reading.thresholds import Thresholds
from capture.specimens.records import draw_record
from keys.randomness import SeededRandomness
from tools.bench.processes import cpu_seconds, peak, resident
from tools.bench.tables import Row

Files = Mapping[str, bytes]
MODULE, TOLD = "capture.reading.sandbox", (Thresholds().encode(),)
LIMITS = SandboxLimits(seconds=600, cpu_seconds=120, start_seconds=600, questions=1_000_000)
DRAWN, WARM = 12, 6
MARKS = (50, 250, 500, 1000)
WORKERS = (1, 2)


def rows(records: int = 60, marks: Sequence[int] = MARKS, seed: str = "banco") -> Iterator[Row]:
    """What, figure, remark. `marks`: after how many records memory is looked at, up to `records`."""
    files = drawn(DRAWN, seed)
    yield from one_reader(files, records, [mark for mark in marks if mark <= records] or [records])
    for workers in WORKERS:
        yield throughput(files, max(records // 4, 2 * workers), workers)


def drawn(count: int, seed: str) -> list[Files]:
    """The images of different records."""
    source = SeededRandomness(seed)
    return [draw_record(source.child(str(number))).images for number in range(count)]


def one_reader(files: Sequence[Files], records: int, marks: Sequence[int]) -> Iterator[Row]:
    """Seconds of the clock and of the processor for a record, after WARM of them; memory at the marks."""
    begun = time.perf_counter()
    reader = Confined(MODULE, TOLD, LIMITS)
    try:
        yield "load the engines and try them", f"{time.perf_counter() - begun:.1f} s", reader.confinement
        yield "memory of a reader, loaded", f"{resident(reader.pid):.0f} MiB", ""
        clock, processor, memory = _read_all(reader, files, records, marks)
        for what, taken in (("clock", clock[WARM:]), ("processor", processor[WARM:])):
            at = quantiles(taken, n=20) if len(taken) > 1 else [taken[0]] * 19
            yield f"seconds of the {what} a record", f"p50 {median(taken):.2f}", f"p95 {at[18]:.2f}"
        for mark, size in memory.items():
            yield f"memory of a reader after {mark:,} records", f"{size:.0f} MiB", ""
        yield "peak memory of a reader", f"{peak(reader.pid):.0f} MiB", f"{records:,} records"
    finally:
        reader.kill()


def throughput(files: Sequence[Files], records: int, workers: int) -> Row:
    """Records a minute with so many processes, engines loaded beforehand."""
    pool = Pool(Program(MODULE, TOLD, LIMITS), workers, lambda _what, _why: None)
    reader = ReaderPool(pool)
    try:
        with ThreadPoolExecutor(workers) as threads:
            list(threads.map(lambda one: reader.read(one, None), files[:workers]))
            begun = time.perf_counter()
            answers = list(threads.map(lambda one: reader.read(one, None), islice(cycle(files), records)))
            lasted = time.perf_counter() - begun
    finally:
        pool.close()
    unread = sum(answer.unread is not None for answer in answers)
    remark = f"{records} records, {unread} unread"
    return f"throughput with {workers} workers", f"{60 * records / lasted:.1f} a minute", remark


def _read_all(
    reader: Confined, files: Sequence[Files], records: int, marks: Sequence[int]
) -> tuple[list[float], list[float], dict[int, float]]:
    clock, processor, memory = list[float](), list[float](), dict[int, float]()
    for number, one in enumerate(islice(cycle(files), WARM + records), 1):
        begun, spent = time.perf_counter(), cpu_seconds(reader.pid)
        reader.ask(question(one, None))
        clock.append(time.perf_counter() - begun)
        processor.append(cpu_seconds(reader.pid) - spent)
        if number - WARM in marks:
            memory[number - WARM] = resident(reader.pid)
    return clock, processor, memory


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("registros", type=int, nargs="?", default=60)
    parser.add_argument("semilla", nargs="?", default="banco")
    asked = parser.parse_args()
    for row in rows(asked.registros, seed=asked.semilla):
        print(" | ".join(row), flush=True)


if __name__ == "__main__":
    main()
