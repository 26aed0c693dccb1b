"""Bearer tokens for the API: named, scoped to one role, kept as hashes, revocable, expiring."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scheduler.domain.access import Action, Actor, Role, require_fully
from scheduler.domain.phrases import Phrase
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.operations.context import Context, record
from scheduler.storage.rows import TokenRow, UserRoleRow, UserRow

SECRET_BYTES = 32
PREFIX = "interval_"
"""Lets scanners of leaked secrets recognise one."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token as its owner sees it once; ``secret`` is kept nowhere."""

    id: UUID
    name: str
    role: Role
    expires_at: datetime | None
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListedToken:
    """A token that works: whose it is and since when. ``expires_at`` is ``None`` for one without an end."""

    id: UUID
    name: str
    user: str
    role: Role
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who calls, and with which token."""

    token_id: UUID
    actor: Actor


def create_token(
    context: Context, *, user_id: UUID, role: Role, name: str, expires_at: datetime | None = None
) -> NewToken:
    """Make a token for a user of the actor's organisation, with one of the roles that the user has.

    Raises ``NotFound``, and ``Invalid`` for a role that the user has not or an expiry in the past.
    """
    require_fully(context.actor, Action.MANAGE_STAFF)
    _expect_role(context, user_id, role)
    if expires_at is not None and expires_at <= context.now:
        raise Invalid("A token must expire in the future.", code="expiry_passed", expires_at=expires_at.isoformat())
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    row = TokenRow(
        organisation_id=context.organisation_id,
        user_id=user_id,
        name=name,
        role=role,
        token_hash=_hash(secret),
        created_at=context.now,
        expires_at=expires_at,
    )
    context.tx.add(row)
    context.tx.flush()
    record(context, "token_created", "token", row.id, user_id=str(user_id), role=role.value)
    return NewToken(row.id, name, role, expires_at, secret)


def list_tokens(context: Context) -> tuple[ListedToken, ...]:
    """The organisation's tokens that work, the newest first."""
    require_fully(context.actor, Action.MANAGE_STAFF)
    query = (
        select(TokenRow.id, TokenRow.name, UserRow.name, TokenRow.role, TokenRow.created_at, TokenRow.expires_at)
        .join(UserRow, UserRow.id == TokenRow.user_id)
        .where(TokenRow.organisation_id == context.organisation_id, TokenRow.revoked_at.is_(None))
        .where(or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > context.now))
        .order_by(TokenRow.created_at.desc(), TokenRow.id.desc())
    )
    return tuple(ListedToken(*row) for row in context.tx.execute(query))


def revoke_token(context: Context, *, token_id: UUID) -> None:
    """End a token now. Revoking it again changes nothing. Raises ``NotFound``."""
    require_fully(context.actor, Action.MANAGE_STAFF)
    row = context.tx.get(TokenRow, token_id)
    if row is None or row.organisation_id != context.organisation_id:
        raise NotFound("There is no such token.", token_id=str(token_id))
    if row.revoked_at is None:
        row.revoked_at = context.now
        record(context, "token_revoked", "token", row.id, user_id=str(row.user_id))


def bearer_of_secret(tx: Session, secret: str, now: datetime) -> Bearer | None:
    """Whose secret this is: of a token neither revoked nor expired, of an active user who still has its role."""
    found = tx.execute(
        select(TokenRow.id, TokenRow.role, UserRow.id, UserRow.organisation_id, UserRow.name, UserRow.resource_id)
        .join(UserRow, UserRow.id == TokenRow.user_id)
        .join(UserRoleRow, (UserRoleRow.user_id == TokenRow.user_id) & (UserRoleRow.role == TokenRow.role))
        .where(TokenRow.token_hash == _hash(secret), TokenRow.revoked_at.is_(None), UserRow.active)
        .where(or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now))
    ).first()
    if found is None:
        return None
    token_id, role, user_id, organisation_id, name, resource_id = found
    return Bearer(token_id, Actor(user_id, organisation_id, name, frozenset({role}), resource_id))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _expect_role(context: Context, user_id: UUID, role: Role) -> None:
    roles = context.tx.scalars(
        select(UserRoleRow.role)
        .join(UserRow, UserRow.id == UserRoleRow.user_id)
        .where(UserRow.id == user_id, UserRow.organisation_id == context.organisation_id, UserRow.active)
    ).all()
    if not roles:
        raise NotFound("There is no such user.", user_id=str(user_id))
    if role not in roles:
        raise Invalid(
            Phrase("This user is not %(role)s.", role=role.value),
            code="role_not_held",
            roles=sorted(held.value for held in roles),
        )
