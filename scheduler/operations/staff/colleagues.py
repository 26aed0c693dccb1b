"""Colleagues: who works here, how each logs in, and what becomes of roles, names and accounts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update

from scheduler.domain.access import Action, Role, require_fully
from scheduler.domain.logins import Stage
from scheduler.domain.refusals import NotFound, RuleBroken
from scheduler.operations.context import Context, record
from scheduler.operations.staff.devices import forget_devices
from scheduler.operations.staff.ending import end_logins
from scheduler.operations.staff.proofs import second_factor
from scheduler.operations.staff.staff import check_user
from scheduler.storage.rows import (
    AccountRow,
    LoginRow,
    OrganisationRow,
    PasskeyRow,
    PasswordLinkRow,
    RecoveryCodeRow,
    ResourceRow,
    TokenRow,
    UserRoleRow,
    UserRow,
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the staff. ``resource`` is the practitioner that they are in the day plan; ``last_in`` is in UTC.

    Without ``login`` they cannot log in at all, without ``password_at`` not yet.
    """

    id: UUID
    name: str
    active: bool
    roles: frozenset[Role]
    resource_id: UUID | None
    resource: str | None
    login: str | None
    password_at: datetime | None
    has_second_factor: bool
    last_in: datetime | None


def list_colleagues(context: Context) -> tuple[Colleague, ...]:
    """Everybody who has or had an account here, by name: who works here first."""
    require_fully(context.actor, Action.MANAGE_STAFF)
    return _found(context)


def get_colleague(context: Context, *, user_id: UUID) -> Colleague:
    """One of them. Raises ``NotFound``, ``NotAllowed``."""
    require_fully(context.actor, Action.MANAGE_STAFF)
    found = _found(context, user_id)
    if not found:
        raise NotFound("There is no such user.", user_id=str(user_id))
    return found[0]


def edit_colleague(
    context: Context, *, user_id: UUID, name: str, roles: Collection[Role], resource_id: UUID | None
) -> None:
    """Another name, other roles, or another practitioner of the day plan.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid`` as for a new user, and ``RuleBroken`` when no manager would be
    left, or when managers would take away their own right to be here.
    """
    row = _locked(context, user_id)
    check_user(context, name, roles, resource_id)
    if Role.MANAGER not in roles:
        _expect_another_manager(context, user_id)
    row.name, row.resource_id = name.strip(), resource_id
    context.tx.execute(delete(UserRoleRow).where(UserRoleRow.user_id == user_id))
    context.tx.add_all(UserRoleRow(user_id=user_id, role=role) for role in set(roles))
    context.tx.flush()
    record(context, "user_changed", "user", user_id, roles=sorted(role.value for role in roles))


def end_account(context: Context, *, user_id: UUID) -> None:
    """Let somebody in no more: log-ins, tokens, password, PIN and second factor are gone at once, the name stays.

    A second time does nothing. Raises ``NotFound``, ``NotAllowed`` and ``RuleBroken`` as for roles.
    """
    row = _locked(context, user_id)
    if not row.active:
        return
    _expect_another_manager(context, user_id, ends=True)
    row.active = False
    end_logins(context.tx, user_id, context.now)
    forget_devices(context.tx, user_id)
    tx, theirs = context.tx, TokenRow.user_id == user_id
    tx.execute(update(TokenRow).where(theirs, TokenRow.revoked_at.is_(None)).values(revoked_at=context.now))
    tx.execute(delete(PasswordLinkRow).where(PasswordLinkRow.user_id == user_id))
    tx.execute(delete(PasskeyRow).where(PasskeyRow.user_id == user_id))
    tx.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))
    nothing = {"password_hash": None, "password_at": None, "pin_hash": None, "totp_since": None, "totp_nonce": None}
    tx.execute(update(AccountRow).where(AccountRow.user_id == user_id).values(nothing))
    tx.flush()
    record(context, "user_ended", "user", user_id)


def take_back(context: Context, *, user_id: UUID) -> None:
    """Let somebody work here again, with the roles of before; a new link sets a password. Raises ``NotFound``."""
    row = _locked(context, user_id)
    if not row.active:
        row.active = True
        context.tx.flush()
        record(context, "user_taken_back", "user", user_id)


def _locked(context: Context, user_id: UUID) -> UserRow:
    """The user, while nobody else changes who manages. Who never had a role is none of the staff."""
    require_fully(context.actor, Action.MANAGE_STAFF)
    context.tx.get(OrganisationRow, context.organisation_id, with_for_update=True, populate_existing=True)
    row = context.tx.get(UserRow, user_id, populate_existing=True)
    if row is None or row.organisation_id != context.organisation_id or not _roles(context, [user_id]):
        raise NotFound("There is no such user.", user_id=str(user_id))
    return row


def _expect_another_manager(context: Context, user_id: UUID, *, ends: bool = False) -> None:
    """Raise ``RuleBroken`` when this takes the actor's own way in, or that of the last manager who can log in."""
    if user_id == context.actor.user_id:
        remedy = "Another manager can do that for you."
        if ends:
            raise RuleBroken("You would lock yourself out.", code="own_account", remedy=remedy)
        raise RuleBroken("You would no longer be a manager yourself.", code="own_account", remedy=remedy)
    managers = (
        select(UserRow.id)
        .join(UserRoleRow, UserRoleRow.user_id == UserRow.id)
        .join(AccountRow, AccountRow.user_id == UserRow.id)
        .where(UserRow.organisation_id == context.organisation_id, UserRow.active, UserRoleRow.role == Role.MANAGER)
        .where(AccountRow.password_hash.is_not(None))
    )
    if set(context.tx.scalars(managers)) == {user_id}:
        raise RuleBroken(
            "This is the last manager who can log in.",
            code="last_manager",
            remedy="Make somebody else a manager first.",
        )


def _found(context: Context, user_id: UUID | None = None) -> tuple[Colleague, ...]:
    query = (
        select(UserRow, ResourceRow.name, AccountRow.login, AccountRow.password_at, second_factor())
        .outerjoin(ResourceRow, ResourceRow.id == UserRow.resource_id)
        .outerjoin(AccountRow, AccountRow.user_id == UserRow.id)
        .where(UserRow.organisation_id == context.organisation_id)
        .order_by(UserRow.active.desc(), UserRow.name, UserRow.id)
    )
    rows = context.tx.execute(query if user_id is None else query.where(UserRow.id == user_id)).all()
    ids = [row.UserRow.id for row in rows]
    roles, seen = _roles(context, ids), _last_in(context, ids)
    return tuple(
        Colleague(
            user.id,
            user.name,
            user.active,
            roles[user.id],
            user.resource_id,
            resource,
            login,
            password_at,
            has_second,
            seen.get(user.id),
        )
        for user, resource, login, password_at, has_second in rows
        if user.id in roles
    )


def _roles(context: Context, ids: Collection[UUID]) -> dict[UUID, frozenset[Role]]:
    held: dict[UUID, frozenset[Role]] = {}
    for row in context.tx.scalars(select(UserRoleRow).where(UserRoleRow.user_id.in_(ids))):
        held[row.user_id] = held.get(row.user_id, frozenset()) | {row.role}
    return held


def _last_in(context: Context, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each was seen last, as far as log-ins are kept."""
    latest = select(LoginRow.user_id, func.max(LoginRow.seen_at).label("seen_at")).group_by(LoginRow.user_id)
    rows = context.tx.execute(latest.where(LoginRow.user_id.in_(ids), LoginRow.stage == Stage.OPEN))
    return {row.user_id: row.seen_at for row in rows}
