"""`python -m tools.bench`: run everything that this machine can, write docs/benchmarks.md.

--rapido           small sizes only (a minute or two)
--mayor N          largest archive of the growth table (default 10000; 100000 needs a quarter of an hour)
--ciudad           the whole city too, when the real catalogue is in $CERTEZA_SHARED
--padron N         persons of the padrón (default 1000000; INE's has some hundred million)
--registros N      records of the process whose figures are asked (default 1400000)
--captura N        seconds of captures, 50 a second of 1 MB (default 20; 120 is what was asked for)
--semilla TEXTO    default «banco»
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from tools.bench import ballots, captura, figures, log, padron, scale

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rapido", action="store_true")
    parser.add_argument("--mayor", type=int, default=10_000)
    parser.add_argument("--ciudad", action="store_true")
    parser.add_argument("--bitacora", type=int, default=1_000_000)
    parser.add_argument("--padron", type=int, default=1_000_000)
    parser.add_argument("--registros", type=int, default=1_400_000)
    parser.add_argument("--captura", type=int, default=20)
    parser.add_argument("--semilla", default="banco")
    options = parser.parse_args()
    folder = ballots.temporary()
    large = 300 if options.rapido else 2_000
    lines = [*_head(options.semilla), "", "## One ballot", "", "| what | ms | |", "|---|---:|---|"]
    lines += _rows(ballots.verification(folder, options.semilla, large))
    lines += _rows(ballots.acceptance())
    lines += _rows(ballots.belenios(folder, options.semilla))
    lines += _rows(ballots.peers())
    lines += _PUBLISHED
    lines += _growth(folder, options.semilla, 1_000 if options.rapido else options.mayor)
    lines += _log(folder, 5_000 if options.rapido else 50_000, 10_000 if options.rapido else options.bitacora)
    lines += _apoyo(
        padron.rows(folder, 20_000 if options.rapido else options.padron, options.semilla),
        figures.rows(20_000 if options.rapido else options.registros),
    )
    lines += _captura(captura.rows(folder, 5 if options.rapido else options.captura, options.semilla))
    catalogue = scale.shared()
    if options.ciudad and catalogue is not None:
        lines += _city(folder, options.semilla, catalogue)
    elif options.ciudad:
        print("AVISO: sin el catálogo real en $CERTEZA_SHARED no se mide la ciudad")
    PAGE.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"\n{PAGE}")


_PUBLISHED = [
    "",
    "Published by others, on their machines, for orientation:",
    "",
    "| who | figure |",
    "|---|---|",
    "| belenios-tool 2.5.1 | 20 ms a ballot for ed25519-100-ballots, one core of a machine like this |",
    "| electionguard (Python), pull request 752 of its repository | tally of 10 ballots in 15.5 s,"
    " before that 20.8 s: over 1 s a ballot, most of it verifying (4096-bit group) |",
    "",
]


def _head(seed: str) -> list[str]:
    cores = len(os.sched_getaffinity(0))
    moment = datetime.now(UTC).date().isoformat()
    return [
        "# Benchmarks",
        "",
        "Written by `make bench`; every figure of a table comes from one run on one machine. Absolute times",
        "depend on the machine: the ratios are what to look at. Times of programs are wall clock of whole",
        "processes, less the time of the same program on an archive of one ballot; medians where short.",
        "",
        f"* Date: {moment}; seed `{seed}`; Python {platform.python_version()}",
        f"* Machine: {_processor()}, {cores} cores, {platform.system()} {platform.machine()}",
    ]


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in text.splitlines() if "model name" in line), "?")


def _rows(rows: Iterable[ballots.Row]) -> list[str]:
    lines = []
    for what, milliseconds, remark in rows:
        print(f"{what:70} {milliseconds:9.2f} ms  {remark}", flush=True)
        lines.append(f"| {what} | {milliseconds:.2f} | {remark} |")
    return lines


def _growth(folder: Path, seed: str, largest: int) -> list[str]:
    lines = ["## Growth", "", "Verification of one archive, all cores.", ""]
    lines += ["| ballots | seconds | ms a ballot | peak memory, MiB |", "|---:|---:|---:|---:|"]
    for size, run in scale.growth(folder, seed, largest):
        each = 1000 * run.wall / size
        print(f"{size:>8} ballots {run.wall:9.2f} s {each:9.2f} ms a ballot {run.peak:8.0f} MiB", flush=True)
        lines.append(f"| {size:,} | {run.wall:.2f} | {each:.2f} | {run.peak:.0f} |")
    return [*lines, ""]


def _log(folder: Path, entries: int, verified: int) -> list[str]:
    lines = ["## The log", "", "| what | figure | |", "|---|---:|---|"]
    for what, figure, remark in chain(log.rows(folder, entries), (log.verified(folder, verified),)):
        print(f"{what:70} {figure:>28}  {remark}", flush=True)
        lines.append(f"| {what} | {figure} | {remark} |")
    published = "about 2,900 a second; with deduplication about 1,600"
    lines.append(
        f"| Tessera, POSIX, published (12 cores, mirrored SAS disks) | {published} | docs/performance.md |"
    )
    return [*lines, ""]


def _apoyo(*parts: Iterable[log.Row]) -> list[str]:
    lines = ["## Padrón and figures of apoyo ciudadano", "", "| what | figure | |", "|---|---:|---|"]
    for what, figure, remark in chain(*parts):
        print(f"{what:70} {figure:>28}  {remark}", flush=True)
        lines.append(f"| {what} | {figure} | {remark} |")
    return [*lines, ""]


def _captura(rows: Iterable[log.Row]) -> list[str]:
    lines = [
        "## Reception",
        "",
        "Service, PostgreSQL, mailbox and devices share the cores of this machine.",
        "",
    ]
    lines += ["| what | figure | |", "|---|---:|---|"]
    for what, figure, remark in rows:
        print(f"{what:70} {figure:>28}  {remark}", flush=True)
        lines.append(f"| {what} | {figure} | {remark} |")
    return [*lines, ""]


def _city(folder: Path, seed: str, catalogue: Path) -> list[str]:
    lines = ["## The whole city", "", "1,816 Unidades Territoriales, 22,227 ballots, 5 of 7 trustees.", ""]
    lines += ["| what | seconds | peak memory of the largest process, MiB |", "|---|---:|---:|"]
    for what, seconds, peak in scale.city(folder, seed, catalogue):
        print(f"{what:70} {seconds:9.1f} s {peak:8.0f} MiB", flush=True)
        lines.append(f"| {what} | {seconds:.1f} | {f'{peak:.0f}' if peak else 'not measured'} |")
    return [*lines, ""]


if __name__ == "__main__":
    main()
