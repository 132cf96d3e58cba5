"""Figures for Prometheus, one set per worker; they need `prometheus_client`, the extra `metrics`."""

from __future__ import annotations

from typing import Any

try:
    import prometheus_client
except ImportError:  # the extra is not installed: /metrics says so
    prometheus_client = None  # type: ignore[assignment]

# Seconds; a search takes a millisecond, a page ten, and a second means trouble.
LATENCY_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of one worker."""

    def __init__(self) -> None:
        """Begin at zero, in a registry of its own."""
        self.registry = prometheus_client.CollectorRegistry()
        family: dict[str, Any] = {"registry": self.registry}
        self._requests = prometheus_client.Counter(
            "search_requests_total", "Requests answered", ["route", "status"], **family
        )
        self._latency = prometheus_client.Histogram(
            "search_request_seconds", "Time to answer", ["route"], buckets=LATENCY_BUCKETS, **family
        )
        self._rejected = prometheus_client.Counter(
            "search_rejected_total", "Requests whose parameters were not valid", **family
        )
        self._documents = prometheus_client.Gauge(
            "search_index_documents", "Projects in the generation that serves", ["generation"], **family
        )
        self._refused = prometheus_client.Gauge(
            "search_refused_generations", "Generations that could not be opened", **family
        )

        self._seen: dict[tuple[str, int], tuple[Any, Any]] = {}

    def observe(self, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        counted = self._seen.get((route, status))
        if counted is None:
            # Looking up a label costs more than counting; routes and statuses are few.
            counted = self._seen[route, status] = (
                self._requests.labels(route, status),
                self._latency.labels(route),
            )
        counted[0].inc()
        counted[1].observe(seconds)
        if status in (400, 413):
            self._rejected.inc()

    def text(self, generation: str | None, documents: int, refused: int) -> bytes:
        """Return all figures in the format that Prometheus reads."""
        self._documents.clear()
        if generation is not None:
            self._documents.labels(generation).set(documents)
        self._refused.set(refused)
        text: bytes = prometheus_client.generate_latest(self.registry)
        return text


def new_metrics() -> Metrics | None:
    """Return metrics at zero; None where `prometheus_client` is not installed."""
    return Metrics() if prometheus_client is not None else None
