"""The feeds that phones poll: a small WSGI application in front of the rest, because polling is most of the traffic.

A fresh feed answers 304 or its kept bytes before anything is rendered. An unknown link and a revoked one get the same
answer, and no address of a feed is ever logged.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from werkzeug.datastructures import Accept
from werkzeug.http import http_date, parse_accept_header, parse_date, parse_etags

from scheduler.operations.calendars.feeds import draw_feed, event_of_link, refresh_feed
from scheduler.storage.database import Database, Unavailable
from scheduler.storage.feed_lookup import FeedLookup, StoredFeed
from scheduler.storage.feeds import OwnerKind, find_owner, hash_of
from scheduler.web.headers import ONE_YEAR
from scheduler.web.measures import count
from scheduler.web.service import Service

PREFIX, SUFFIX = "/feeds/", ".ics"
ROUTE, ROUTE_OF_EVENT = "/feeds/<token>.ics", "/feeds/<token>/<uid>.ics"
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
FILE = ("Content-Disposition", 'attachment; filename="appointment.ics"')
CACHE = ("Cache-Control", "private, max-age=300, must-revalidate")
VARY = ("Vary", "Accept-Encoding")
KNOWN_TAG, KNOWN_DATE = "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is not yet written out."""

    status: HTTPStatus
    headers: list[tuple[str, str]]
    body: bytes = b""


class Feeds:
    """Answers ``/feeds/<token>.ics`` and ``/feeds/<token>/<uid>.ics``, and hands everything else on."""

    def __init__(self, service: Service, rest: Wsgi) -> None:
        self._service, self._rest = service, rest
        self._lookup = FeedLookup(service.database)
        self._always = list(ALWAYS)
        if service.is_https:
            self._always.append(("Strict-Transport-Security", f"max-age={ONE_YEAR}"))

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not (path.startswith(PREFIX) and path.endswith(SUFFIX)):
            return self._rest(environ, start_response)
        began, method = time.perf_counter(), environ["REQUEST_METHOD"]
        token, is_event, uid = path[len(PREFIX) : -len(SUFFIX)].partition("/")
        answer = partial(self._event, uid) if is_event else partial(self._feed, environ)
        reply = self._reply(method, partial(answer, hash_of(token[: LONGEST_TOKEN + 1])))
        count(method, ROUTE_OF_EVENT if is_event else ROUTE, reply.status, time.perf_counter() - began)
        length = [] if reply.status is HTTPStatus.NOT_MODIFIED else [("Content-Length", str(len(reply.body)))]
        start_response(f"{reply.status.value} {reply.status.phrase}", self._always + reply.headers + length)
        return [] if method == "HEAD" else [reply.body]

    def _reply(self, method: str, answer: Callable[[], Reply]) -> Reply:
        if method not in ("GET", "HEAD"):
            return _plain(HTTPStatus.METHOD_NOT_ALLOWED, "A feed can only be read.", ("Allow", "GET, HEAD"))
        try:
            return answer()
        except Unavailable:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE, "Try again in a moment.", ("Retry-After", "60"))

    def _feed(self, environ: Environ, token_hash: str) -> Reply:
        """From the tags alone when the reader has something already, else with the bytes at once."""
        zipped = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if KNOWN_TAG in environ or KNOWN_DATE in environ:
            tags = self._found(lambda: self._lookup.tags(token_hash), token_hash)
            if tags is None or _unchanged(environ, tags):
                return _not_modified(tags, zipped) if tags else MISSING
        kept = self._found(lambda: self._lookup.whole(token_hash, zipped=zipped), token_hash)
        return _found(kept, zipped) if kept else MISSING

    def _found(self, look: Callable[[], StoredFeed | None], token_hash: str) -> StoredFeed | None:
        """What the look-up gives, rendered anew before if need be."""
        found = look()
        if found is None or found.fresh(self._service.clock()):
            return found
        _render(self._service.database, token_hash, self._service.clock())
        return look()

    def _event(self, uid: str, token_hash: str) -> Reply:
        with self._service.database.read() as tx:
            body = event_of_link(tx, token_hash, UUID(uid), self._service.clock()) if UID.fullmatch(uid) else None
        return Reply(HTTPStatus.OK, [TYPE, FILE, ("Cache-Control", "no-store")], body) if body else MISSING


def _render(database: Database, token_hash: str, now: datetime) -> None:
    """Render a feed and keep it. A long one is drawn outside of any lock before: its events need no second drawing."""
    with database.read() as tx:
        owner = find_owner(tx, token_hash)
        if owner is None:
            return
        if owner.kind is not OwnerKind.PATIENT:
            draw_feed(tx, owner, now)
    done = False
    while not done:  # what was never rendered is only given its row at first
        done = database.write(lambda tx: refresh_feed(tx, owner, now))


def _found(kept: StoredFeed, zipped: bool) -> Reply:
    return Reply(HTTPStatus.OK, [TYPE, DISPOSITION, *_validators(kept, zipped)], kept.body)


def _not_modified(tags: StoredFeed, zipped: bool) -> Reply:
    return Reply(HTTPStatus.NOT_MODIFIED, _validators(tags, zipped))


def _validators(feed: StoredFeed, zipped: bool) -> list[tuple[str, str]]:
    found = [
        ("ETag", (feed.zipped_etag if zipped else feed.etag) or ""),
        ("Last-Modified", _http_date(feed.changed_at or EPOCH)),
        CACHE,
        VARY,
    ]
    return [*found, ("Content-Encoding", "gzip")] if zipped else found


_http_date = lru_cache(maxsize=4096)(http_date)


@lru_cache(maxsize=64)
def _takes_gzip(accepted: str) -> bool:
    """Whether the zipped bytes will do. Plain ones always will, so nobody is refused."""
    return parse_accept_header(accepted, Accept)["gzip"] > 0


def _unchanged(environ: Environ, tags: StoredFeed) -> bool:
    """Whether the reader has these bytes already. A tag, also a weak one, counts for more than a date."""
    known = environ.get(KNOWN_TAG)
    if known is not None:
        own = [tag for tag in (tags.etag, tags.zipped_etag) if tag]
        if known in own:  # nearly always, and much quicker than to take a list of tags apart
            return True
        given = parse_etags(known)
        return any(given.contains_weak(tag.strip('"')) for tag in own)
    since = parse_date(environ.get(KNOWN_DATE))
    return since is not None and tags.changed_at is not None and tags.changed_at.replace(microsecond=0) <= since


def _plain(status: HTTPStatus, words: str, *headers: tuple[str, str]) -> Reply:
    plain = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), *headers]
    return Reply(status, plain, words.encode() + b"\n")


MISSING = _plain(HTTPStatus.NOT_FOUND, "There is no such calendar. Ask your clinic for a new link.")
