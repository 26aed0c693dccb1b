"""Accounts: the name and password with which somebody of the staff logs in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from scheduler.domain.access import Action, require_fully
from scheduler.domain.passwords import login_name
from scheduler.domain.refusals import Invalid, NotFound
from scheduler.operations.context import Context, record
from scheduler.operations.staff.devices import forget_devices
from scheduler.operations.staff.ending import end_logins
from scheduler.operations.staff.hashes import digest, new_secret
from scheduler.operations.staff.proofs import has_second_factor
from scheduler.storage.rows import AccountRow, PasswordLinkRow, RecoveryCodeRow, UserRow

LINK_LASTS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class PasswordLink:
    """A link that lets its user set a password. ``secret`` is shown once and kept nowhere."""

    login: str
    expires_at: datetime
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What an account is kept by, as its owner sees it. An app is a second factor; passkeys are others."""

    login: str
    password_at: datetime | None
    has_pin: bool
    has_app: bool
    has_second_factor: bool
    recovery_codes: int


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Who may set a password with a link."""

    user_id: UUID
    organisation_id: UUID
    name: str
    login: str


def give_login(context: Context, *, user_id: UUID, login: str) -> PasswordLink:
    """Give a user a log-in name, or another one, and a link to set the password.

    Raises ``NotFound``, ``NotAllowed``, ``Invalid``, and ``RuleBroken`` for a name that somebody has.
    """
    require_fully(context.actor, Action.MANAGE_STAFF)
    user = _user(context, user_id)
    row, name = context.tx.get(AccountRow, user_id), login_name(login)
    if row is None:
        row = AccountRow(user_id=user.id, organisation_id=user.organisation_id, made_at=context.now)
        context.tx.add(row)
    row.login = name
    context.tx.flush()
    record(context, "login_given", "user", user_id)
    return password_link(context, user_id=user_id)


def password_link(context: Context, *, user_id: UUID) -> PasswordLink:
    """A fresh link for a user who has a log-in name; earlier ones end. Raises ``NotFound``, ``NotAllowed``."""
    require_fully(context.actor, Action.MANAGE_STAFF)
    _user(context, user_id)
    account = account_of(context.tx, user_id)
    context.tx.execute(delete(PasswordLinkRow).where(PasswordLinkRow.user_id == user_id))
    secret, expires_at = new_secret(), context.now + LINK_LASTS
    context.tx.add(
        PasswordLinkRow(user_id=user_id, token_hash=digest(secret), made_at=context.now, expires_at=expires_at)
    )
    context.tx.flush()
    record(context, "password_link_made", "user", user_id, expires_at=expires_at.isoformat())
    return PasswordLink(account.login, expires_at, secret)


def holder_of(tx: Session, secret: str, now: datetime) -> LinkHolder:
    """Whose password a link sets. Raises ``NotFound`` for one that is unknown, used or expired, all alike."""
    return _holder(tx, secret, now)[1]


def use_password_link(tx: Session, *, secret: str, password_hash: str, now: datetime) -> LinkHolder:
    """Set the password behind a link, once. Every log-in of the user ends. Raises ``NotFound``."""
    row, holder = _holder(tx, secret, now)
    row.used_at = now
    tx.flush()
    _set(tx, account_of(tx, holder.user_id), password_hash, now)
    return holder


def change_password(context: Context, *, password_hash: str) -> None:
    """Another password for the actor, who has just given the old one. Every log-in ends, this one too."""
    _set(context.tx, account_of(context.tx, context.actor.user_id), password_hash, context.now)
    record(context, "password_changed", "user", context.actor.user_id)


def set_pin(context: Context, *, pin_hash: str | None) -> None:
    """A PIN with which the actor switches in on a shared desk, or none any more."""
    account_of(context.tx, context.actor.user_id).pin_hash = pin_hash
    context.tx.flush()
    record(context, "pin_set" if pin_hash else "pin_removed", "user", context.actor.user_id)


def secrets_of(context: Context) -> Secrets:
    """What the actor's own account is kept by. Raises ``NotFound`` for somebody who cannot log in."""
    row = context.tx.get(AccountRow, context.actor.user_id)
    if row is None:
        raise NotFound("You have no log-in name.", code="no_login")
    left = select(func.count()).where(RecoveryCodeRow.user_id == row.user_id, RecoveryCodeRow.used_at.is_(None))
    has_pin, has_app = row.pin_hash is not None, row.totp_since is not None
    has_second = has_second_factor(context.tx, row.user_id)
    return Secrets(row.login, row.password_at, has_pin, has_app, has_second, context.tx.scalar(left) or 0)


def account_of(tx: Session, user_id: UUID) -> AccountRow:
    """The account of a user, held until the transaction ends. Raises ``Invalid`` without one."""
    row = tx.get(AccountRow, user_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Invalid("This user has no log-in name yet.", code="no_login", user_id=str(user_id))
    return row


def _user(context: Context, user_id: UUID) -> UserRow:
    row = context.tx.get(UserRow, user_id)
    if row is None or row.organisation_id != context.organisation_id or not row.active:
        raise NotFound("There is no such user.", user_id=str(user_id))
    return row


def _holder(tx: Session, secret: str, now: datetime) -> tuple[PasswordLinkRow, LinkHolder]:
    query = select(PasswordLinkRow).where(PasswordLinkRow.token_hash == digest(secret)).with_for_update()
    row = tx.scalar(query)
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise NotFound(
            "This link has been used or has expired.", code="link_spent", remedy="Ask a manager for another one."
        )
    user, account = tx.get_one(UserRow, row.user_id), tx.get_one(AccountRow, row.user_id)
    return row, LinkHolder(user.id, user.organisation_id, user.name, account.login)


def _set(tx: Session, account: AccountRow, password_hash: str, now: datetime) -> None:
    """Whoever had the old password is out, on every device."""
    account.password_hash, account.password_at = password_hash, now
    tx.execute(
        delete(PasswordLinkRow).where(PasswordLinkRow.user_id == account.user_id, PasswordLinkRow.used_at.is_(None))
    )
    end_logins(tx, account.user_id, now)
    forget_devices(tx, account.user_id)
    tx.flush()
