"""The feeds that phones poll: a small WSGI application in front of the rest, because polling is most of the traffic.

A fresh feed answers 304 or its kept bytes before anything is rendered. An unknown link and a revoked one get the same
answer, and no address of a feed is ever logged.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import Accept
from werkzeug.http import http_date, parse_accept_header, parse_date, parse_etags

from scheduler.operations.feeds import refresh_feed
from scheduler.storage.database import Unavailable
from scheduler.storage.feeds import FeedTags, KeptFeed, find_feed, hash_of, read_feed
from scheduler.web.headers import ONE_YEAR
from scheduler.web.measures import count
from scheduler.web.service import Service

PREFIX, SUFFIX = "/feeds/", ".ics"
ROUTE = "/feeds/<token>.ics"
LONGEST_TOKEN = 64
StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Environ = Mapping[str, Any]
Wsgi = Callable[[Any, Any], Iterable[bytes]]

ALWAYS = [
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Robots-Tag", "noindex"),
]
TYPE = ("Content-Type", "text/calendar; charset=utf-8")
DISPOSITION = ("Content-Disposition", 'inline; filename="appointments.ics"')
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is not yet written out."""

    status: HTTPStatus
    headers: list[tuple[str, str]]
    body: bytes = b""


class Feeds:
    """Answers ``/feeds/<token>.ics`` and hands everything else on."""

    def __init__(self, service: Service, rest: Wsgi) -> None:
        self._service, self._rest = service, rest
        self._always = list(ALWAYS)
        if service.is_https:
            self._always.append(("Strict-Transport-Security", f"max-age={ONE_YEAR}"))

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not (path.startswith(PREFIX) and path.endswith(SUFFIX)):
            return self._rest(environ, start_response)
        began, method = time.perf_counter(), environ["REQUEST_METHOD"]
        reply = self._reply(method, path[len(PREFIX) : -len(SUFFIX)], environ)
        count(method, ROUTE, reply.status, time.perf_counter() - began)
        length = [] if reply.status is HTTPStatus.NOT_MODIFIED else [("Content-Length", str(len(reply.body)))]
        start_response(f"{reply.status.value} {reply.status.phrase}", self._always + reply.headers + length)
        return [] if method == "HEAD" else [reply.body]

    def _reply(self, method: str, token: str, environ: Environ) -> Reply:
        if method not in ("GET", "HEAD"):
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED, "A feed can only be read.", ("Allow", "GET, HEAD"))
        try:
            return self._read(token, environ)
        except Unavailable:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE, "Try again in a moment.", ("Retry-After", "60"))

    def _read(self, token: str, environ: Environ) -> Reply:
        now, database = self._service.clock(), self._service.database
        token_hash, zipped = hash_of(token[: LONGEST_TOKEN + 1]), _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        with database.read() as tx:
            tags = find_feed(tx, token_hash)
            if tags is None:
                return MISSING
            if tags.fresh(now):
                if _unchanged(environ, tags):
                    return _not_modified(tags, zipped)
                if kept := read_feed(tx, tags.patient_id, tags.privacy, zipped=zipped):
                    return _found(kept, zipped)
        return database.write(lambda tx: _anew(tx, token_hash, now, zipped, environ))


def _anew(tx: Session, token_hash: str, now: datetime, zipped: bool, environ: Environ) -> Reply:
    """Render, keep, and answer from what was kept."""
    tags = refresh_feed(tx, token_hash, now)
    if tags is None:
        return MISSING
    if _unchanged(environ, tags):
        return _not_modified(tags, zipped)
    kept = read_feed(tx, tags.patient_id, tags.privacy, zipped=zipped)
    return MISSING if kept is None else _found(kept, zipped)


def _found(kept: KeptFeed, zipped: bool) -> Reply:
    return Reply(HTTPStatus.OK, [TYPE, DISPOSITION, *_validators(kept.etag, kept.changed_at, zipped)], kept.body)


def _not_modified(tags: FeedTags, zipped: bool) -> Reply:
    etag = tags.zipped_etag if zipped else tags.etag
    return Reply(HTTPStatus.NOT_MODIFIED, _validators(etag or "", tags.changed_at or EPOCH, zipped))


def _validators(etag: str, changed_at: datetime, zipped: bool) -> list[tuple[str, str]]:
    found = [
        ("ETag", etag),
        ("Last-Modified", http_date(changed_at)),
        ("Cache-Control", "private, max-age=300, must-revalidate"),
        ("Vary", "Accept-Encoding"),
    ]
    return [*found, ("Content-Encoding", "gzip")] if zipped else found


@lru_cache(maxsize=64)
def _takes_gzip(accepted: str) -> bool:
    """Whether the zipped bytes will do. Plain ones always will, so nobody is refused."""
    return parse_accept_header(accepted, Accept)["gzip"] > 0


def _unchanged(environ: Environ, tags: FeedTags) -> bool:
    """Whether the reader has these bytes already. A tag, also a weak one, counts for more than a date."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None:
        own = [tag.strip('"') for tag in (tags.etag, tags.zipped_etag) if tag]
        given = parse_etags(known)
        return any(given.contains_weak(tag) for tag in own)
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    return since is not None and tags.changed_at is not None and tags.changed_at.replace(microsecond=0) <= since


def _plain(status: HTTPStatus, words: str, *headers: tuple[str, str]) -> Reply:
    plain = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), *headers]
    return Reply(status, plain, words.encode() + b"\n")


MISSING = _plain(HTTPStatus.NOT_FOUND, "There is no such calendar. Ask your clinic for a new link.")
