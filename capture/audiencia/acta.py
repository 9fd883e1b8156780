"""The Acta Circunstanciada of an audiencia (002 §7.2): its data, then the official document. Pure.

«… a la que se adjuntará un reporte con los datos de los registros revisados, su estatus, y en su caso, si de
la revisión y las manifestaciones formuladas por las y los Promoventes implicaron alguna modificación.»
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from capture.audiencia.rules import LABELS, Cambio
from capture.audiencia.session import Reviewed
from capture.audiencia.store_sql import Assigned, Audiencia

CAMBIOS = {
    Cambio.SIN_MODIFICACION: "Sin modificación",
    Cambio.RETIRAR_INCONSISTENCIA: "Se retira la inconsistencia",
    Cambio.MODIFICAR_DATOS: "Se modifican los datos para una nueva búsqueda en el padrón electoral",
    Cambio.ACREDITAR: "Se acredita con los documentos presentados",
}
NOT_REVIEWED = "No revisado en la audiencia"


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the report. `modificacion`: whether the review changed it, and how."""

    numero: int
    folio: str
    estatus_antes: str
    estatus_despues: str
    modificacion: str
    documentos: tuple[str, ...]
    manifestacion: str
    operador: str


@dataclass(frozen=True, slots=True)
class Acta:
    """What the acta says: the audiencia, who reviewed, and each record of the cut."""

    audiencia: Audiencia
    operadores: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def totals(self) -> dict[str, int]:
        """How many of each outcome, zeros included, and not reviewed; they add up to the cut."""
        found = Counter(line.modificacion for line in self.lines)
        return {name: found[name] for name in (*CAMBIOS.values(), NOT_REVIEWED)}


def make_acta(
    audiencia: Audiencia,
    operadores: Sequence[str],
    assigned: Sequence[Assigned],
    reviewed: Sequence[Reviewed],
) -> Acta:
    """The data of the acta: every record of the cut has a line, in the order of the cut."""
    done = {one.folio: one for one in reviewed}
    lines = tuple(_line(one, done.get(one.folio)) for one in assigned)
    return Acta(audiencia, tuple(operadores), lines)


def _line(one: Assigned, review: Reviewed | None) -> Line:
    before = one.situacion or one.estado.value
    if review is None:
        return Line(one.numero, one.folio, before, before, NOT_REVIEWED, (), "", one.operador)
    changed = review.cambio is not Cambio.SIN_MODIFICACION
    return Line(
        one.numero,
        one.folio,
        before,
        review.estado_despues.value if changed else before,
        CAMBIOS[review.cambio],
        tuple(LABELS[document] for document in review.documentos),
        review.manifestacion,
        review.operador,
    )
