"""What is true about drawn records, for whoever measures a reader: one JSON beside the images."""

from __future__ import annotations

from typing import Any

from capture.reading.results import Side
from capture.specimens.records import DrawnRecord, SideTaken


def truth_of(record: DrawnRecord, files: dict[str, str]) -> dict[str, Any]:
    """`files`: where each image of the packet was written, by its name in it."""
    person = record.specimen.person
    return {
        "modelo": person.model,
        "archivos": files,
        "valores": person.values,
        "impreso": person.shown,
        "mrz": list(person.mrz),
        "codigos": dict(person.codes),
        "lados": {side.value: _side(record.sides[side]) for side in Side},
        "foto_de_otra_persona": record.asked.stranger,
        "falla": record.asked.flaw.value if record.asked.flaw else None,
    }


def _side(taken: SideTaken) -> dict[str, Any]:
    made = taken.degradation
    return {
        "degradacion": made.name,
        "debe_pasar": made.passes,
        "defecto": made.defect.value if made.defect else None,
        "esquinas": [[round(x, 1), round(y, 1)] for x, y in taken.photograph.corners.tolist()],
    }
