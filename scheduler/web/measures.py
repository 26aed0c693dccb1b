"""Measures of the service for Prometheus. Labels are route patterns, never paths: a path may hold a secret."""

import os
import time

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


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in METHODS else "other"
    seconds = time.perf_counter() - g.began
    REQUESTS.labels(method, route, str(response.status_code)).inc()
    SECONDS.labels(method, route).observe(seconds)
    structlog.get_logger().info(
        "answered", method=method, route=route, status=response.status_code, milliseconds=round(seconds * 1000, 1)
    )
    return response
