"""`python -m tools.bench`: run everything that this machine can, write docs/benchmarks.md.

--rapido           small sizes only (a minute or two)
--solo NOMBRES     only these sections, the others stay as they are: boleta, crecimiento, bitacora, apoyo,
                   recepcion, opinion, ciudad (separated by commas)
--mayor N          largest archive of the growth table (default 10000; 100000 needs a quarter of an hour)
--ciudad           the whole city too, when the real catalogue is in $CERTEZA_SHARED
--bitacora N       entries of the log that is verified (default 1000000)
--padron N         persons of the padrón (default 1000000; INE's has some hundred million)
--registros N      records of the process whose figures are asked (default 1400000)
--captura N        seconds of captures, 50 a second of 1 MB (default 20; 120 is what was asked for)
--opinion N        seconds of ballots and of entries at a steady pace (default 20)
--votantes N       voters of the opening day (default 2222, in a minute; asked were 22227, in ten)
--semilla TEXTO    default «banco»
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tools.bench import ballots, page
from tools.bench.sections import TITLES, Sizes, measure

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
_QUICK = Sizes(300, 1_000, 5_000, 10_000, 20_000, 20_000, 5, 5, 200)


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rapido", action="store_true")
    parser.add_argument("--solo", default="")
    parser.add_argument("--ciudad", action="store_true")
    parser.add_argument("--mayor", type=int, default=10_000)
    parser.add_argument("--bitacora", type=int, default=1_000_000)
    parser.add_argument("--padron", type=int, default=1_000_000)
    parser.add_argument("--registros", type=int, default=1_400_000)
    parser.add_argument("--captura", type=int, default=20)
    parser.add_argument("--opinion", type=int, default=20)
    parser.add_argument("--votantes", type=int, default=2_222)
    parser.add_argument("--semilla", default="banco")
    options = parser.parse_args()
    sizes = Sizes(
        ballots=2_000,
        largest=options.mayor,
        appended=50_000,
        verified=options.bitacora,
        people=options.padron,
        records=options.registros,
        seconds=options.captura,
        steady=options.opinion,
        voters=options.votantes,
    )
    chosen = _chosen(parser.error, options.solo, options.ciudad)
    folder, sizes = ballots.temporary(), _QUICK if options.rapido else sizes
    for name in chosen:
        lines = measure(name, folder, options.semilla, sizes)
        lines[1:1] = ["", _where(options.semilla)]
        present = PAGE.read_text("utf-8") if PAGE.exists() else ""
        PAGE.write_text(page.merged(present, _HEAD, {TITLES[name]: lines}, TITLES.values()), "utf-8")
    print(f"\n{PAGE}")


def _chosen(refuse: Callable[[str], object], only: str, city: bool) -> list[str]:
    names = [name.strip() for name in only.split(",") if name.strip()]
    if unknown := set(names) - set(TITLES):
        refuse(f"--solo: {', '.join(sorted(unknown))}; hay {', '.join(TITLES)}")
    return names or [name for name in TITLES if name != "ciudad" or city]


_HEAD = [
    "# Benchmarks",
    "",
    "Written by `make bench`; every figure of a section comes from one run on one machine. Absolute times",
    "depend on the machine: the ratios are what to look at. Times of programs are wall clock of whole",
    "processes, less the time of the same program on an archive of one ballot; medians where short.",
]


def _where(seed: str) -> str:
    cores = len(os.sched_getaffinity(0))
    moment = datetime.now(UTC).date().isoformat()
    machine = f"{_processor()}, {cores} cores, {platform.system()} {platform.machine()}"
    return f"{moment}; seed `{seed}`; Python {platform.python_version()}; {machine}."


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(":", 1)[1].strip() for line in text.splitlines() if "model name" in line), "?")


if __name__ == "__main__":
    main()
