"""The figures of a result: each record counted once, by column, situación and inciso. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from capture.padron.situacion import Situacion
from capture.records.record import Record
from capture.records.states import Columna, Estado, columna

_SETTLED = (Estado.COMPULSADO, Estado.FINAL)
KEYS = {
    Columna.PARA_COMPULSA: "para_envio_a_compulsa",
    Columna.DUPLICADOS: "duplicados",
    Columna.CON_INCONSISTENCIA: "con_inconsistencia",
    Columna.EN_MESA: "en_mesa_de_control",
    Columna.EN_PROCESAMIENTO: "en_procesamiento",
    Columna.BAJA_DE_AUXILIAR: "baja_de_auxiliar",
    Columna.FUERA_DE_PERIODO: "fuera_de_periodo",
    Columna.DISPOSITIVO_NO_AUTORIZADO: "dispositivo_no_autorizado",
}
"""The columns as programs read them."""


def is_nominative(record: Record) -> bool:
    """Whether 002 §8.1 gives the OPL who it is: in lista nominal, and without inconsistency."""
    in_list = record.situacion == Situacion.LISTA_NOMINAL
    return in_list and record.inciso is None and record.estado in _SETTLED


def counts(record: Record) -> bool:
    """Whether it is a valid support: in lista nominal, or shown to be valid in an audiencia (002 §7.3)."""
    settled = record.estado in _SETTLED and record.inciso is None
    return settled and (is_nominative(record) or record.acreditado is not None)


@dataclass(slots=True)
class Tally:
    """Adds records one by one."""

    columns: Counter[Columna] = field(default_factory=Counter)
    situaciones: Counter[str] = field(default_factory=Counter)
    incisos: Counter[str] = field(default_factory=Counter)
    modalidades: Counter[str] = field(default_factory=Counter)
    valid: int = 0
    nominative: int = 0

    def add(self, record: Record) -> None:
        """Count one more."""
        self.columns[columna(record.estado, record.inciso)] += 1
        self.modalidades[record.modalidad] += 1
        if record.situacion is not None:
            self.situaciones[record.situacion] += 1
        if record.inciso is not None:
            self.incisos[record.inciso] += 1
        self.valid += counts(record)
        self.nominative += is_nominative(record)

    @property
    def total(self) -> int:
        """Registros enviados."""
        return self.columns.total()

    def to_json(self) -> dict[str, Any]:
        """The fields of docs/formats.md."""
        return {
            "enviados": self.total,
            "cifras": {key: self.columns[column] for column, key in KEYS.items()},
            "validos": self.valid,
            "en_lista_nominal_sin_inconsistencia": self.nominative,
            "situacion_registral": {one.value: self.situaciones[one.value] for one in Situacion},
            "inconsistencias": dict(sorted(self.incisos.items())),
            "modalidades": dict(sorted(self.modalidades.items())),
        }
