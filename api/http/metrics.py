"""Figures of the service in Prometheus' text format. Labels are templates of routes, not what was asked."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """One registry. Domains add their own figures with `registry`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "certeza_solicitudes", "Solicitudes", ["metodo", "ruta", "estado"], registry=self.registry
        )
        self._seconds = Histogram(
            "certeza_solicitud_segundos",
            "Lo que tarda una solicitud",
            ["metodo", "ruta"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._limited = Counter(
            "certeza_solicitudes_limitadas",
            "Solicitudes rechazadas por frecuentes",
            ["clase"],
            registry=self.registry,
        )
        self._limiter_failures = Counter(
            "certeza_limitador_fallas",
            "Veces que no se pudo contar una solicitud",
            ["clase"],
            registry=self.registry,
        )
        self.running = Gauge(
            "certeza_solicitudes_en_curso", "Solicitudes que se atienden", registry=self.registry
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def limited(self, rate: str) -> None:
        """Count a request that came too soon."""
        self._limited.labels(rate).inc()

    def limiter_failed(self, rate: str) -> None:
        """Count a request that could not be counted."""
        self._limiter_failures.labels(rate).inc()

    def text(self) -> bytes:
        """All figures."""
        return generate_latest(self.registry)
