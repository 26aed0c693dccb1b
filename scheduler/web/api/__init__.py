"""The JSON API: every noun's table of endpoints, served under one prefix."""

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from flask import Blueprint, Response, jsonify

from scheduler.web.api import (
    absences,
    appointments,
    audit,
    bookings,
    busy,
    calls,
    changes,
    clearances,
    clinics,
    closures,
    days,
    decisions,
    delays,
    hold_actions,
    holds,
    links,
    move_requests,
    override_requests,
    patients,
    plans,
    protocols,
    replans,
    replies,
    resources,
    rosters,
    series,
    tasks,
    visits,
    waitlist,
)
from scheduler.web.api.answers import PREFIX, serve
from scheduler.web.api.openapi import describe
from scheduler.web.api.reference import reference_page
from scheduler.web.api.registry import Endpoint
from scheduler.web.service import this_service

TABLES = (
    patients.routes,
    series.routes,
    plans.routes,
    replans.routes,
    bookings.routes,
    changes.routes,
    decisions.routes,
    override_requests.routes,
    visits.routes,
    links.routes,
    appointments.routes,
    holds.routes,
    hold_actions.routes,
    clearances.routes,
    days.routes,
    delays.routes,
    tasks.routes,
    waitlist.routes,
    replies.routes,
    move_requests.routes,
    calls.routes,
    clinics.routes,
    closures.routes,
    resources.routes,
    rosters.routes,
    absences.routes,
    busy.routes,
    protocols.routes,
    audit.routes,
)
ENDPOINTS: Sequence[Endpoint] = tuple(endpoint for table in TABLES for endpoint in table.endpoints)


def blueprint() -> Blueprint:
    """All endpoints, their description for programs, and the page for people."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    for endpoint in ENDPOINTS:
        view = partial(serve, endpoint)
        api.add_url_rule(endpoint.rule, endpoint.name, view, methods=[endpoint.method], provide_automatic_options=False)
    api.add_url_rule("/openapi.json", "openapi", _openapi)
    api.add_url_rule("/docs", "docs", _docs)
    return api


@cache
def description(address: str) -> dict[str, Any]:
    """The OpenAPI description of the API at this address."""
    return describe(ENDPOINTS, address)


def _openapi() -> Response:
    return jsonify(description(this_service().public_url))


def _docs() -> str:
    service = this_service()
    return reference_page(ENDPOINTS, description(service.public_url), service.url(PREFIX))
