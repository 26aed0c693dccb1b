"""Refusals and errors for people: the same problems as programs get, as a page that says what would work."""

import json
from typing import Any

from flask import Flask, Response, render_template, request

from scheduler.web.api.answers import PREFIX
from scheduler.web.pages.frame import theme
from scheduler.web.pages.words import say
from scheduler.web.problems import MEDIA_TYPE

HTML = "text/html; charset=utf-8"


def install(app: Flask) -> None:
    """Turn problem documents into pages for whoever asks with a browser, outside the API."""
    app.after_request(_for_people)


def _for_people(response: Response) -> Response:
    if response.mimetype == MEDIA_TYPE and _is_a_browser():
        told: dict[str, Any] = json.loads(response.get_data())
        values = {"titles": _titles(), "told": _told(), "again": _again(response.status_code), "theme": theme()}
        response.set_data(render_template("error.html", problem=told, **values))
        response.content_type = HTML
    return response


def _is_a_browser() -> bool:
    """Browsers name HTML when they look at a page; programs name something else, or nothing."""
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith(PREFIX)


def _titles() -> dict[int, str]:
    """What a status means to people."""
    return {
        400: say("That did not work"),
        403: say("This is not for your role"),
        404: say("There is nothing here"),
        409: say("That cannot be done as things stand"),
        412: say("Something has changed meanwhile"),
        422: say("Something is not right yet"),
        500: say("Something went wrong on our side"),
        503: say("Not available at this moment"),
    }


def _told() -> dict[str, str]:
    """What to do, for the codes that every page may meet. The rules explain themselves."""
    return {
        "no_such_address": say("The address may be mistyped, or what was here has gone."),
        "not_found": say("It may have been removed, or it belongs to another clinic."),
        "failed": say("It has been written down. Please try again; if it happens again, tell whoever runs Interval."),
        "unavailable": say("The database cannot be reached. Nothing was lost; please try again in a minute."),
        "page_too_old": say("This page has been open for too long. Load it again and repeat what you did."),
    }


def _again(status: int) -> str:
    """Where the button leads: to the same page when it may be there in a minute, else to the start."""
    return request.full_path.removesuffix("?") if status >= 500 and request.method == "GET" else "/"
