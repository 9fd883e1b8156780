"""`python -m tools.bench`: run everything that this machine can, write docs/benchmarks.md.

--rapido           small sizes only (a minute or two)
--solo NOMBRES     only these sections, the others stay as they are: boleta, crecimiento, bitacora, apoyo,
                   recepcion, opinion, credenciales, imagenes, texto, rostros, firmas, patrones, lectura,
                   ciudad (separated by commas)
--mayor N          largest archive of the growth table (default 10000; 100000 needs a quarter of an hour)
--ciudad           the whole city too, when the real catalogue is in $CERTEZA_SHARED
--bitacora N       entries of the log that is verified (default 1000000)
--padron N         persons of the padrón (default 1000000; INE's has some hundred million)
--registros N      records of the process whose figures are asked (default 1400000)
--captura N        seconds of captures, 50 a second of 1 MB (default 20; 120 is what was asked for)
--opinion N        seconds of ballots and of entries at a steady pace (default 20)
--votantes N       voters of the opening day (default 2222, in a minute; asked were 22227, in ten)
--tarjetas N       drawn cards that are read, each photographed in three ways (default 300: half an hour)
--textos N         drawn cards whose text each engine reads (default 24)
--imagenes N       drawn cards, each photographed in every way, for the verdict and codes (default 24)
--rostros N        drawn people whose faces are compared (default 40)
--firmas N         drawn signatures (default 1000)
--lecturas N       records that one process reads (default 60; 1000 shows whether memory grows, 40 minutes)
--patrones N       records of the process whose irregular patterns are looked for (default 1400000)
--guardado DIR     where readings of cards are kept: a run that was stopped goes on there
--semilla TEXTO    default «banco»
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tools.bench import ballots, page
from tools.bench.sections import TITLES, measure
from tools.bench.sizes import QUICK, Sizes

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
_NUMBERS: Mapping[str, tuple[str, int]] = {
    "mayor": ("largest", 10_000),
    "bitacora": ("verified", 1_000_000),
    "padron": ("people", 1_000_000),
    "registros": ("records", 1_400_000),
    "captura": ("seconds", 20),
    "opinion": ("steady", 20),
    "votantes": ("voters", 2_222),
    "tarjetas": ("cards", 300),
    "textos": ("texts", 24),
    "imagenes": ("images", 24),
    "rostros": ("faces", 40),
    "firmas": ("signatures", 1_000),
    "lecturas": ("readings", 60),
    "patrones": ("patterns", 1_400_000),
}
"""Option -> field of Sizes, and how much without it."""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rapido", action="store_true")
    parser.add_argument("--solo", default="")
    parser.add_argument("--ciudad", action="store_true")
    for name, (_, default) in _NUMBERS.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--guardado", type=Path)
    parser.add_argument("--semilla", default="banco")
    options = parser.parse_args()
    chosen = _chosen(parser.error, options.solo, options.ciudad)
    numbers = {field: getattr(options, name) for name, (field, _) in _NUMBERS.items()}
    whole = Sizes(ballots=2_000, appended=50_000, kept=options.guardado, **numbers)
    folder, sizes = ballots.temporary(), QUICK if options.rapido else whole
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
