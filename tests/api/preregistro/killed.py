"""`python -m tests.api.preregistro.killed <folder> <database>`: a worker that somebody ends in the middle.

Its engines read what the front says: the tests write the clave de elector and the OCR there.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from api.preregistro.adapters import terms_of
from api.preregistro.looking import tools_of
from api.settings import Settings
from api.worker.wiring import build_worker
from capture.face.challenge import Turn
from capture.preregistro.processing import Processing
from capture.preregistro.verdict import Biometrics
from tally.consulta.store_sql import Consultas
from tests.api.preregistro.house import DURING, ID
from tests.capture.preregistro.asking import biometrics


def front_of(clave: str, ocr: str) -> bytes:
    """What `FrontEngines` read."""
    return f"{clave}|{ocr}".encode()


class FrontEngines:
    """See `capture.preregistro.ports.Engines`."""

    def read(self, files: Mapping[str, bytes], model: str, turns: tuple[Turn, ...]) -> Biometrics:
        """See `Engines`."""
        clave, ocr = files["anverso.jpg"].decode().split("|")
        return biometrics({"clave_elector": clave, "ocr": ocr})


def main(folder: Path, url: str) -> None:
    """Everything that waits; says so when it begins."""
    given = {"padron": {"key_file": folder / "padron.llave"}}
    settings = Settings(data=folder / "datos", database=url, **given)  # type: ignore[arg-type]
    worker = build_worker(settings, clock=lambda: DURING)
    with worker.database.reading() as db:
        terms = terms_of(db, Consultas(db).get(ID), settings.sei)
    sys.stdout.write("empieza\n")
    sys.stdout.flush()
    Processing(replace(tools_of(worker), engines=FrontEngines()), terms).run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
