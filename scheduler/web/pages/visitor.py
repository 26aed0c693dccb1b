"""Who is there: the user whose log-in this browser has, looked up at each request."""

import re
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from flask import g, request, session

from scheduler.domain.access import Actor, Role
from scheduler.domain.logins import Stage
from scheduler.operations.staff.logins import SEEN_EVERY, LoggedIn, keep_alive, who_is_in
from scheduler.storage.database import Unavailable
from scheduler.web.service import this_service

OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
"""A path of ours: one slash first, so that no browser takes what follows for another host."""

LOGIN = "login"
"""Where the session keeps the secret of the log-in."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of the staff. ``clinic_id`` is the clinic that this browser shows, if one was chosen.

    ``login_id`` is the log-in that the browser has, ``login`` the name that was typed for it.
    """

    user_id: UUID
    organisation_id: UUID
    name: str
    roles: frozenset[Role]
    login_id: UUID
    login: str
    resource_id: UUID | None = None
    clinic_id: UUID | None = None

    @property
    def actor(self) -> Actor:
        """The same as operations know them."""
        return Actor(self.user_id, self.organisation_id, self.name, self.roles, self.resource_id)

    @property
    def initials(self) -> str:
        """The first letters of the first and the last name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper() if words else "?"


def current_visitor() -> Visitor | None:
    """Who is there, or ``None``: nobody is in, more is asked for, or the user is not active or has no role left."""
    if "visitor" not in g:
        g.visitor = _visitor(current_login())
    found: Visitor | None = g.visitor
    return found


def current_login() -> LoggedIn | None:
    """The log-in that this browser has, also one that still waits for its second factor."""
    if "log_in" not in g:
        g.log_in = _looked_up(session.get(LOGIN))
    found: LoggedIn | None = g.log_in
    return found


def own_path(path: str | None, otherwise: str = "/") -> str:
    """The path if it is one of ours, so that a link cannot send anybody elsewhere."""
    return path if path and OWN_PATH.fullmatch(path) else otherwise


def identifier(value: object) -> UUID | None:
    """An id from a session, or ``None`` for anything else."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _looked_up(secret: object) -> LoggedIn | None:
    if not isinstance(secret, str):
        return None
    service = this_service()
    now = service.clock()
    with service.database.read() as tx:
        found = who_is_in(tx, secret, now)
    if found and found.seen_at <= now - SEEN_EVERY and not _is_polling():
        with suppress(Unavailable):  # where nothing can be stored, looking goes on
            service.database.write(lambda tx: keep_alive(tx, found.id, now))
    return found


def _is_polling() -> bool:
    """Whether nobody did anything: the page only asks whether it is still up to date."""
    return bool(request.headers.get("If-None-Match"))


def _visitor(login: LoggedIn | None) -> Visitor | None:
    if login is None or login.stage is not Stage.OPEN or not login.actor.roles:
        return None
    actor = login.actor
    return Visitor(
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
        name=actor.name,
        roles=actor.roles,
        login_id=login.id,
        login=login.login,
        resource_id=actor.resource_id,
        clinic_id=identifier(session.get("clinic")),
    )
