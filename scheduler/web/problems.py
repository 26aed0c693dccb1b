"""Refusals as problem documents (RFC 9457). One table turns the class of a refusal into a status."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from scheduler.domain.refusals import Conflict, Invalid, NotAllowed, NotFound, Refusal, RuleBroken, Stale
from scheduler.domain.throttling import TooSoon
from scheduler.storage.database import Unavailable
from scheduler.web.service import this_service

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2


class Malformed(Refusal):
    """What was sent cannot even be read."""

    code = "malformed"


class Unauthenticated(Refusal):
    """No token, or none that is known here and still valid."""

    code = "token_missing"


class TooLarge(Refusal):
    """The body is larger than anything that is asked for here."""

    code = "too_large"


class WrongMediaType(Refusal):
    """The body is announced as something other than what is taken here."""

    code = "wrong_media_type"


class NotJson(WrongMediaType):
    """The body is announced as something other than JSON."""

    code = "not_json"


class RevisionMissing(Refusal):
    """A change needs the revision that its author saw."""

    code = "revision_missing"


STATUSES: Mapping[type[Refusal], HTTPStatus] = {
    Malformed: HTTPStatus.BAD_REQUEST,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    RuleBroken: HTTPStatus.CONFLICT,
    Refusal: HTTPStatus.CONFLICT,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    WrongMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    RevisionMissing: HTTPStatus.PRECONDITION_REQUIRED,
    TooSoon: HTTPStatus.TOO_MANY_REQUESTS,
}
"""The status of each class of refusal; a subclass has its nearest ancestor's."""

FRAMEWORK: Mapping[int, tuple[str, str]] = {
    404: ("no_such_address", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    413: ("too_large", "The request is larger than this service takes."),
}
"""Code and detail where the framework, not an operation, says no."""


def status_of(refusal: Refusal) -> HTTPStatus:
    """The status that answers a refusal."""
    return next(STATUSES[kind] for kind in type(refusal).__mro__ if kind in STATUSES)


def title_of(code: str) -> str:
    """The title of every problem with this code."""
    return code.replace("_", " ").capitalize()


def problem(status: int, code: str, detail: str, facts: Mapping[str, Any] | None = None, remedy: str = "") -> Response:
    """A problem document; ``facts`` stand beside its fixed members and never replace them."""
    fixed = {"type": this_service().url(f"/problems/{code}"), "title": title_of(code), "status": status}
    told = {"detail": detail, "code": code} | ({"remedy": remedy} if remedy else {})
    body = json.dumps({**(facts or {}), **fixed, **told}, default=str)
    return Response(body, status=status, content_type=MEDIA_TYPE)


def refused(refusal: Refusal) -> Response:
    """The answer to a refusal, with every conflict that was found."""
    conflicts = {"conflicts": [_conflict(found) for found in refusal.conflicts]} if refusal.conflicts else {}
    answer = problem(status_of(refusal), refusal.code, refusal.detail, {**refusal.facts, **conflicts}, refusal.remedy)
    if isinstance(refusal, Unauthenticated):
        known = "" if refusal.code == "token_missing" else ', error="invalid_token"'
        answer.headers["WWW-Authenticate"] = f'Bearer realm="Interval"{known}'
    answer.headers.update(headers_of(refusal))
    return answer


def headers_of(refusal: Refusal) -> dict[str, str]:
    """What a program has to know of a refusal before it reads on."""
    return {"Retry-After": str(refusal.facts["retry_after_seconds"])} if isinstance(refusal, TooSoon) else {}


def _conflict(conflict: Conflict) -> dict[str, Any]:
    told = {"code": conflict.code, "detail": conflict.detail}
    return {**conflict.facts, **told} | ({"remedy": conflict.remedy} if conflict.remedy else {})


def _framework_says_no(error: HTTPException) -> Response:
    status = error.code or 500
    code, detail = FRAMEWORK.get(status, (error.name.lower().replace(" ", "_"), error.description or error.name))
    answer = problem(status, code, detail)
    answer.headers.update((name, value) for name, value in error.get_headers() if name != "Content-Type")
    return answer


def _unavailable(error: Unavailable) -> Response:
    structlog.get_logger().warning("database unavailable", reason=str(error))
    answer = problem(503, "unavailable", "The database cannot be reached at this moment.", remedy="Try again shortly.")
    answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def _failed(error: Exception) -> Response:
    rule = request.url_rule.rule if request.url_rule else None
    structlog.get_logger().error("failed", route=rule, method=request.method, exc_info=error)
    return problem(500, "failed", "Something went wrong on our side. It has been written down.")


def install(app: Flask) -> None:
    """Answer every refusal and every error of this application with a problem document."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(HTTPException, _framework_says_no)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(Exception, _failed)
