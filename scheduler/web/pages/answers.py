"""How one page is answered: who is there, what they may, what they sent, then one operation, then a template."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import Response, make_response, redirect, render_template, request
from flask_wtf.csrf import validate_csrf
from sqlalchemy.orm import Session
from wtforms.validators import ValidationError

from scheduler.domain.access import require
from scheduler.domain.refusals import NotAllowed, NotFound, Refusal
from scheduler.web.pages.frame import Frame
from scheduler.web.pages.reading import asked
from scheduler.web.pages.registry import (
    ANYBODY,
    Answer,
    Before,
    Download,
    Page,
    PageCall,
    PageEndpoint,
    See,
    Unchanged,
    wanted_by,
)
from scheduler.web.pages.telling import told
from scheduler.web.pages.visitor import Visitor, current_visitor
from scheduler.web.problems import Malformed, headers_of
from scheduler.web.service import this_service

LOOK_AGAIN_SECONDS = 4


class PageTooOld(Malformed):
    """The form was not made by a page of this session."""

    code = "page_too_old"


def serve(endpoint: PageEndpoint, **path: Any) -> Response:
    """Answer the current request with this page. Whatever is refused speaks the visitor's language from here on."""
    try:
        return _served(endpoint, path)
    except Refusal as refusal:
        refusal.reword(told)
        raise


def _served(endpoint: PageEndpoint, path: dict[str, Any]) -> Response:
    visitor = current_visitor()
    if endpoint.action is not ANYBODY:
        if visitor is None:
            return _to_the_login()
        require(visitor.actor, endpoint.action)
    if endpoint.method == "GET":
        with this_service().database.read() as tx:
            return _answered(endpoint, _call(tx, visitor), path)
    _expect_own_form()
    return _done(endpoint, visitor, path)


def _done(endpoint: PageEndpoint, visitor: Visitor | None, path: dict[str, Any]) -> Response:
    """Do what a form asks for; what is refused is told by the page itself where it can."""
    database = this_service().database
    try:
        ready = _prepared(endpoint, visitor, path)
        return database.write(lambda tx: _answered(endpoint, _call(tx, visitor), path | ready))
    except Refusal as refusal:
        if endpoint.on_refusal is None or isinstance(refusal, NotFound | NotAllowed):
            raise
        refusal.reword(told)
        with database.read() as tx:
            call = _call(tx, visitor)
            answer = _rendered(call, endpoint.on_refusal(call, refusal, **path))
        answer.headers.update(headers_of(refusal))
        return answer


def _prepared(endpoint: PageEndpoint, visitor: Visitor | None, path: dict[str, Any]) -> dict[str, Any]:
    if endpoint.prepare is None:
        return {}
    service = this_service()
    before = Before(visitor, service.clock(), service)
    return {"ready": endpoint.prepare(before, **path, **wanted_by(endpoint.prepare, asked(endpoint)))}


def _call(tx: Session, visitor: Visitor | None) -> PageCall:
    service = this_service()
    tag = request.headers.get("If-None-Match", "").removeprefix("W/").strip('"')
    return PageCall(tx, visitor, service.clock(), service, tag or None, request.form.to_dict())


def _answered(endpoint: PageEndpoint, call: PageCall, path: dict[str, Any]) -> Response:
    return _rendered(call, endpoint.handler(call, **path, **wanted_by(endpoint.handler, asked(endpoint))))


def _rendered(call: PageCall, answer: Answer) -> Response:
    match answer:
        case See():
            return _see(answer.path)
        case Unchanged():
            response = Response(status=HTTPStatus.NOT_MODIFIED)
            response.set_etag(answer.tag, weak=True)
            return response
        case Download():
            return _file(answer)
    return _page(call, answer)


def _file(saved: Download) -> Response:
    response = Response(saved.content, content_type=saved.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{saved.name}"'
    return response


def _page(call: PageCall, page: Page) -> Response:
    response = make_response(render_template(page.template, frame=Frame(call), **page.values), page.status)
    if page.tag:
        response.set_etag(page.tag, weak=True)
    if page.then:
        response.headers["Refresh"] = f"{LOOK_AGAIN_SECONDS}; url={page.then}"
    return response


def _see(path: str) -> Response:
    response: Any = redirect(path, HTTPStatus.SEE_OTHER)
    return response  # type: ignore[no-any-return]  # the library speaks of another class of answers


def _to_the_login() -> Response:
    """Ask who is there, and come back to what was to be looked at; a form that was sent is not sent again."""
    wanted = request.full_path.removesuffix("?") if request.method == "GET" else "/"
    return _see(f"/login?next={quote(wanted)}")


def _expect_own_form() -> None:
    """Raise ``PageTooOld`` unless a page of this session made the form."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        detail = "This page has been open for too long, or was opened before you logged in."
        raise PageTooOld(detail, remedy="Go back, load the page again, and repeat what you did.") from None
