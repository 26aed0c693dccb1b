"""Who is there: the user whose session this browser has, looked up at each request."""

import re
from dataclasses import dataclass
from uuid import UUID

from flask import g, session
from sqlalchemy import bindparam, select

from scheduler.domain.access import Actor, Role
from scheduler.storage.rows import UserRoleRow, UserRow
from scheduler.web.service import this_service

OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
"""A path of ours: one slash first, so that no browser takes what follows for another host."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of the staff. ``clinic_id`` is the clinic that this browser shows, if one was chosen."""

    user_id: UUID
    organisation_id: UUID
    name: str
    roles: frozenset[Role]
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
    """Who is there, or ``None``: nobody has logged in, or the user is no longer active or has no role left."""
    if "visitor" not in g:
        g.visitor = _looked_up(identifier(session.get("user")))
    found: Visitor | None = g.visitor
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


_USER = (
    select(UserRow.id, UserRow.organisation_id, UserRow.name, UserRow.resource_id, UserRoleRow.role)
    .join(UserRoleRow, UserRoleRow.user_id == UserRow.id)
    .where(UserRow.id == bindparam("user"), UserRow.active)
)


def _looked_up(user_id: UUID | None) -> Visitor | None:
    if user_id is None:
        return None
    with this_service().database.read() as tx:
        rows = tx.connection().execute(_USER, {"user": user_id}).all()
    if not rows:
        return None
    found = rows[0]
    return Visitor(
        user_id=found.id,
        organisation_id=found.organisation_id,
        name=found.name,
        roles=frozenset(row.role for row in rows),
        resource_id=found.resource_id,
        clinic_id=identifier(session.get("clinic")),
    )
