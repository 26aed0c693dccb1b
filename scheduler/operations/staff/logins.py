"""Log-ins: the password first, then what else is asked for, then somebody is in, on one device."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from scheduler.domain.access import Actor, Role
from scheduler.domain.logins import Demand, Proof, Stage, ends_at, is_alive, stage_after_password
from scheduler.domain.refusals import RuleBroken
from scheduler.operations.context import Context, record
from scheduler.operations.staff.devices import Device, trust, trust_of
from scheduler.operations.staff.hashes import digest, new_secret
from scheduler.operations.staff.proofs import has_second_factor
from scheduler.storage.rows import AccountRow, LoginRow, UserRoleRow, UserRow, table
from scheduler.storage.types import new_id

SEEN_EVERY = timedelta(minutes=1)


L, U = table(LoginRow), table(UserRow)
_WHO = (
    select(L.c.id, L.c.user_id, L.c.organisation_id, L.c.stage, L.c.device_id, L.c.seen_at, L.c.ends_at)
    .add_columns(U.c.name, U.c.resource_id, table(AccountRow).c.login, table(UserRoleRow).c.role)
    .join(U, U.c.id == L.c.user_id)
    .join(table(AccountRow), table(AccountRow).c.user_id == L.c.user_id)
    .outerjoin(table(UserRoleRow), table(UserRoleRow).c.user_id == L.c.user_id)
    .where(L.c.token_hash == bindparam("token"), L.c.ended_at.is_(None), U.c.active)
)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Somebody who is in, or on the way: only ``Stage.OPEN`` may see anything. ``actor`` has every role of the user."""

    id: UUID
    actor: Actor
    login: str
    stage: Stage
    device_id: UUID
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class NewLogin:
    """A log-in as its cookie has to hold it, and what is still asked for."""

    id: UUID
    stage: Stage
    device: Device
    secret: str = field(repr=False)


def open_login(
    tx: Session, user_id: UUID, device: Device, demand: Demand, now: datetime, *, shown: bool = False
) -> NewLogin:
    """The password was right. Without anything left to ask for, the device is trusted for the day.

    ``shown``: the second factor was shown a moment ago. Where one must be set up first, what its app needs is drawn.
    """
    account, user = tx.get_one(AccountRow, user_id), tx.get_one(UserRow, user_id)
    roles = roles_of(tx, user_id)
    known = trust_of(tx, device.id, user_id)
    proof = Proof(has_second_factor(tx, user_id), shown or (known is not None and known.trusted_until > now))
    stage = stage_after_password(roles, proof, demand)
    if stage is Stage.ENROLMENT:
        account.totp_nonce = new_secret()  # whoever saw an earlier one, with no more than the password, has nothing
    secret = new_secret()
    row = LoginRow(
        id=new_id(),
        organisation_id=user.organisation_id,
        user_id=user_id,
        device_id=device.id,
        token_hash=digest(secret),
        stage=stage,
        made_at=now,
        seen_at=now,
        ends_at=ends_at(stage, now),
    )
    tx.add(row)
    tx.flush()
    if stage is Stage.OPEN:
        _let_in(tx, row, _actor(user, roles), now)
    return NewLogin(row.id, stage, device, secret)


def complete_login(tx: Session, who: LoggedIn, device_secret: str, now: datetime) -> NewLogin:
    """The second factor was shown: the log-in is open, under a new secret. Raises ``RuleBroken`` for one that ended."""
    row = tx.get(LoginRow, who.id, with_for_update=True, populate_existing=True)
    if row is None or row.ended_at is not None or row.stage is Stage.OPEN:
        raise RuleBroken("This log-in has ended.", code="login_ended", remedy="Log in again.")
    secret = new_secret()
    row.token_hash, row.stage, row.seen_at = digest(secret), Stage.OPEN, now
    row.ends_at = ends_at(Stage.OPEN, now)
    tx.flush()
    _let_in(tx, row, who.actor, now)
    return NewLogin(row.id, Stage.OPEN, Device(row.device_id, device_secret), secret)


def who_is_in(tx: Session, secret: str, now: datetime) -> LoggedIn | None:
    """Whose log-in a cookie holds: neither ended nor idle for too long, of an active user. One query."""
    rows = tx.connection().execute(_WHO, {"token": digest(secret)}).all()
    if not rows or not is_alive(rows[0].seen_at, rows[0].ends_at, now):
        return None
    found, roles = rows[0], frozenset(row.role for row in rows if row.role)
    actor = Actor(found.user_id, found.organisation_id, found.name, roles, found.resource_id)
    return LoggedIn(found.id, actor, found.login, found.stage, found.device_id, found.seen_at)


def keep_alive(tx: Session, login_id: UUID, now: datetime) -> None:
    """Somebody has used the log-in just now. Once a minute is enough."""
    due = (LoginRow.id == login_id, LoginRow.seen_at <= now - SEEN_EVERY)
    tx.execute(update(LoginRow).where(*due).values(seen_at=now))


def log_out(tx: Session, who: LoggedIn, now: datetime) -> None:
    """End a log-in. Its device stays trusted for the day, so that the next one on a shared desk is quickly in."""
    ended = update(LoginRow).where(LoginRow.id == who.id, LoginRow.ended_at.is_(None)).values(ended_at=now)
    if tx.scalar(ended.returning(LoginRow.id)) and who.stage is Stage.OPEN:
        record(Context(tx, who.actor, now), "logged_out", "user", who.actor.user_id)


def roles_of(tx: Session, user_id: UUID) -> frozenset[Role]:
    """All roles of a user."""
    return frozenset(tx.scalars(select(UserRoleRow.role).where(UserRoleRow.user_id == user_id)))


def _let_in(tx: Session, row: LoginRow, actor: Actor, now: datetime) -> None:
    trust(tx, row.device_id, row.user_id, now)
    record(Context(tx, actor, now), "logged_in", "user", row.user_id, device_id=str(row.device_id))


def _actor(user: UserRow, roles: Collection[Role]) -> Actor:
    return Actor(user.id, user.organisation_id, user.name, frozenset(roles), user.resource_id)
