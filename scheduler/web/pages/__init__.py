"""The pages for people: every noun's table, served at the root."""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, Flask

from scheduler.web.pages import (
    appointments,
    audit,
    booking,
    day,
    day_column,
    day_moves,
    entrance,
    errors,
    hold_decisions,
    hold_placing,
    own,
    people,
    people_words,
    place_tables,
    preferences,
    protocol_edit,
    protocols,
    reports,
    series,
    series_deeds,
    series_versions,
    telling,
    week,
    words,
)
from scheduler.web.pages.answers import serve
from scheduler.web.pages.days_in_paths import DayConverter
from scheduler.web.pages.registry import PageEndpoint

TABLES = (
    *entrance.TABLES,
    day.pages,
    day_column.pages,
    day_moves.pages,
    week.pages,
    appointments.pages,
    booking.pages,
    preferences.pages,
    series.pages,
    series_deeds.pages,
    hold_placing.pages,
    hold_decisions.pages,
    series_versions.pages,
    *people.TABLES,
    *place_tables.TABLES,
    reports.pages,
    audit.pages,
    protocols.pages,
    protocol_edit.pages,
    *own.TABLES,
)
ENDPOINTS: Sequence[PageEndpoint] = tuple(endpoint for table in TABLES for endpoint in table.endpoints)


def install(app: Flask) -> None:
    """All pages, their words, and how refusals look to people."""
    app.url_map.converters["day"] = DayConverter
    words.install(app)
    telling.install(app)
    people_words.install(app)
    errors.install(app)
    app.register_blueprint(blueprint())


def blueprint() -> Blueprint:
    """One rule for each row of the tables."""
    pages = Blueprint("pages", __name__)
    for endpoint in ENDPOINTS:
        view = partial(serve, endpoint)
        pages.add_url_rule(
            endpoint.rule, endpoint.name, view, methods=[endpoint.method], provide_automatic_options=False
        )
    return pages
