"""What each section of the page measures, and how it is shown: on the screen meanwhile, and as a table."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

from tools.bench import ballots, captura, figures, log, opinion, padron, reading_sections, scale
from tools.bench.sizes import Sizes
from tools.bench.tables import table

TITLES = {
    "boleta": "One ballot",
    "crecimiento": "Growth",
    "bitacora": "The log",
    "apoyo": "Padrón and figures of apoyo ciudadano",
    "recepcion": "Reception",
    "opinion": "The voting hour",
    **reading_sections.TITLES,
    "ciudad": "The whole city",
}
"""Name on the command line -> title on the page, in the order of the page."""
_PUBLISHED = [
    "",
    "Published by others, on their machines, for orientation:",
    "",
    "| who | figure |",
    "|---|---|",
    "| belenios-tool 2.5.1 | 20 ms a ballot for ed25519-100-ballots, one core of a machine like this |",
    "| electionguard (Python), pull request 752 of its repository | tally of 10 ballots in 15.5 s,"
    " before that 20.8 s: over 1 s a ballot, most of it verifying (4096-bit group) |",
]


def measure(name: str, folder: Path, seed: str, sizes: Sizes) -> list[str]:
    """The lines of one section of TITLES, its title first."""
    return [f"## {TITLES[name]}", "", *_MEASURES[name](folder, seed, sizes)]


def _ballot(folder: Path, seed: str, sizes: Sizes) -> list[str]:
    lines = ["| what | ms | |", "|---|---:|---|"]
    parts = (ballots.verification(folder, seed, sizes.ballots), ballots.acceptance())
    for what, milliseconds, remark in chain(*parts, ballots.belenios(folder, seed), ballots.peers()):
        print(f"{what:70} {milliseconds:9.2f} ms  {remark}", flush=True)
        lines.append(f"| {what} | {milliseconds:.2f} | {remark} |")
    return [*lines, *_PUBLISHED]


def _growth(folder: Path, seed: str, sizes: Sizes) -> list[str]:
    lines = ["Verification of one archive, all cores.", ""]
    lines += ["| ballots | seconds | ms a ballot | peak memory, MiB |", "|---:|---:|---:|---:|"]
    for size, run in scale.growth(folder, seed, sizes.largest):
        each = 1000 * run.wall / size
        print(f"{size:>8} ballots {run.wall:9.2f} s {each:9.2f} ms a ballot {run.peak:8.0f} MiB", flush=True)
        lines.append(f"| {size:,} | {run.wall:.2f} | {each:.2f} | {run.peak:.0f} |")
    return lines


def _log(folder: Path, _seed: str, sizes: Sizes) -> list[str]:
    published = "about 2,900 a second; with deduplication about 1,600"
    tessera = ("Tessera, POSIX, published (12 cores, mirrored SAS disks)", published, "docs/performance.md")
    measured = chain(log.rows(folder, sizes.appended), (log.verified(folder, sizes.verified),))
    return table(chain(measured, (tessera,)))


def _apoyo(folder: Path, seed: str, sizes: Sizes) -> list[str]:
    return table(chain(padron.rows(folder, sizes.people, seed), figures.rows(sizes.records)))


def _reception(folder: Path, seed: str, sizes: Sizes) -> list[str]:
    said = "Service, PostgreSQL, mailbox and devices share the cores of this machine."
    return [said, "", *table(captura.rows(folder, sizes.seconds, seed))]


def _opinion(folder: Path, seed: str, sizes: Sizes) -> list[str]:
    said = "Service, worker, PostgreSQL and voters' devices share the cores of this machine."
    return [said, "", *table(opinion.rows(folder, sizes.steady, sizes.voters, seed))]


def _city(folder: Path, seed: str, _sizes: Sizes) -> list[str]:
    catalogue = scale.shared()
    if catalogue is None:
        print("AVISO: sin el catálogo real en $CERTEZA_SHARED no se mide la ciudad")
        return ["Not measured: the real catalogue was not there."]
    lines = ["1,816 Unidades Territoriales, 22,227 ballots, 5 of 7 trustees.", ""]
    lines += ["| what | seconds | peak memory of the largest process, MiB |", "|---|---:|---:|"]
    for what, seconds, peak in scale.city(folder, seed, catalogue):
        print(f"{what:70} {seconds:9.1f} s {peak:8.0f} MiB", flush=True)
        lines.append(f"| {what} | {seconds:.1f} | {f'{peak:.0f}' if peak else 'not measured'} |")
    return lines


_MEASURES: dict[str, Callable[[Path, str, Sizes], list[str]]] = {
    "boleta": _ballot,
    "crecimiento": _growth,
    "bitacora": _log,
    "apoyo": _apoyo,
    "recepcion": _reception,
    "opinion": _opinion,
    **reading_sections.MEASURES,
    "ciudad": _city,
}
