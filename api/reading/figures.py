"""How far the mesa agrees with the suggestions, and what could not be read, without any person."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from capture.reading.agreement_sql import SqlAgreement
from capture.reading.store_sql import SqlReadings
from ledger.database import Database

_OUTCOMES = {"ambos": "both", "solo_sugerida": "only_suggested", "solo_aplicada": "only_applied"}


class ReadingFigures(Collector):
    """`certeza_sugerencias` and `certeza_registros_sin_lectura`, read when they are collected."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterable[Metric]:
        """None: they are not read before somebody asks."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Nothing when the database does not answer: /listo says that."""
        suggested = GaugeMetricFamily(
            "certeza_sugerencias",
            "Primeras revisiones por inciso: sugerido y aplicado, solo sugerido, solo aplicado",
            labels=["inciso", "resultado"],
        )
        unread = GaugeMetricFamily(
            "certeza_registros_sin_lectura", "Registros que los motores no pudieron leer", labels=["motivo"]
        )
        try:
            with self._database.reading() as db:
                agreement, reasons = SqlAgreement(db).of(), SqlReadings(db).unread()
        except Exception:  # noqa: BLE001 - the other figures are given all the same
            return []
        for one in agreement:
            for outcome, name in _OUTCOMES.items():
                suggested.add_metric([one.inciso, outcome], getattr(one, name))
        for reason, count in reasons.items():
            unread.add_metric([reason], count)
        return [suggested, unread]
