"""Measures of the service for Prometheus. Labels are route patterns, never paths: a path may hold a secret."""

import os
import time
from functools import cache

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("interval_requests", "Answers given.", ("method", "route", "status"))
SECONDS = Histogram("interval_request_seconds", "How long an answer took.", ("method", "route"))

METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


def install(app: Flask) -> None:
    """Count and time every request, and write one line about it."""
    app.before_request(_begin)
    app.after_request(_end)


def page() -> Response:
    """All measures as text; of all worker processes when they share a folder for them."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer under the pattern of its route."""
    answers, times = _measured(method if method in METHODS else "other", route, int(status))
    answers.inc()
    times.observe(seconds)


@cache
def _measured(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The two measures with these labels, looked up once: the look-up costs more than the counting."""
    return REQUESTS.labels(method, route, str(status)), SECONDS.labels(method, route)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "none"
    seconds = time.perf_counter() - g.began
    count(request.method, route, response.status_code, seconds)
    structlog.get_logger().info(
        "answered",
        method=request.method,
        route=route,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
    )
    return response
