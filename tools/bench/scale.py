"""Cost and memory as the number of ballots grows, and the whole city."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from api.demo.run import TIMES, TRUSTEES
from tools.bench.archives import make_archive, sizes
from tools.bench.measure import Program, program

CATALOGUE = "data/unidades_territoriales.csv"


def growth(folder: Path, seed: str, largest: int) -> Iterator[tuple[int, Program]]:
    """The verifier over archives of 1, 10, … `largest` ballots, all cores."""
    for size in sizes(largest):
        archive = make_archive(folder / f"{size}.bel", size, 10, seed)
        yield size, program(["certeza-verify", "urna", archive, "--sin-progreso"])


def shared() -> Path | None:
    """The real catalogue, when it is beside the project."""
    root = Path(os.environ.get("CERTEZA_SHARED", Path(__file__).parents[3] / "shared"))
    return root / CATALOGUE if (root / CATALOGUE).is_file() else None


def city(folder: Path, seed: str, catalogue: Path) -> Iterator[tuple[str, float, float]]:
    """(what, seconds, MiB): the rehearsal of the whole city, its verification, one trustee's step."""
    output = folder / "ciudad"
    whole = program(
        [
            *("certeza", "demo", "--sin-servicio", "--catalogo", catalogue, "--ciudad"),
            *("--semilla", seed, "--salida", output),
        ]
    )
    yield "rehearse the whole city, from the ceremony to the verdict", whole.wall, whole.peak
    public = output / "publico" / "ensayo-2023"
    verified = program(["certeza-verify", "consulta", public, "--sin-progreso"])
    yield "verify the whole city", verified.wall, verified.peak
    seconds = json.loads((output / TIMES).read_bytes())
    yield (
        "one trustee's step: verify everything, decrypt all urns (slowest of six)",
        max(seconds[TRUSTEES]),
        0,
    )
