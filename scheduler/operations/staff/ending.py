"""Ending log-ins and the trust in devices: one's own, everybody's by a manager, and all of a user's at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from scheduler.domain.access import Action, allowance
from scheduler.domain.logins import IDLE_END, Stage
from scheduler.domain.refusals import NotFound
from scheduler.operations.context import Context, record
from scheduler.operations.staff.devices import TrustedDevice, distrust, trusted_devices
from scheduler.storage.rows import DeviceRow, DeviceTrustRow, LoginRow, UserRow


@dataclass(frozen=True, slots=True)
class ListedLogin:
    """Where somebody is in. ``device`` is what its browser calls itself; instants are in UTC."""

    id: UUID
    device: str
    made_at: datetime
    seen_at: datetime


def list_logins(context: Context, *, user_id: UUID) -> tuple[ListedLogin, ...]:
    """Where a user is in, last used first: one's own, or as a manager anybody's. Raises ``NotFound``."""
    _expect_reach(context, user_id)
    query = (
        select(LoginRow.id, DeviceRow.name, LoginRow.made_at, LoginRow.seen_at)
        .join(DeviceRow, DeviceRow.id == LoginRow.device_id)
        .where(LoginRow.user_id == user_id)
        .where(LoginRow.ended_at.is_(None), LoginRow.ends_at > context.now, LoginRow.stage == Stage.OPEN)
        .where(LoginRow.seen_at > context.now - IDLE_END)
        .order_by(LoginRow.seen_at.desc(), LoginRow.id.desc())
    )
    return tuple(ListedLogin(*row) for row in context.tx.execute(query))


def end_login(context: Context, *, login_id: UUID) -> None:
    """End one at once, one's own or as a manager anybody's. A second time does nothing. Raises ``NotFound``."""
    row = context.tx.get(LoginRow, login_id)
    if row is None or row.organisation_id != context.organisation_id:
        raise _unknown(login_id)
    _expect_reach(context, row.user_id)
    if row.ended_at is None:
        row.ended_at = context.now
        context.tx.flush()
        record(context, "login_ended", "user", row.user_id, login_id=str(login_id))


def end_everywhere(context: Context, *, user_id: UUID, but: UUID | None = None) -> int:
    """End all of a user's but one, and trust no device until everything was shown again. Raises ``NotFound``."""
    _expect_reach(context, user_id)
    ended = end_logins(context.tx, user_id, context.now, but=but)
    distrust(context.tx, user_id, context.now)
    record(context, "logins_ended", "user", user_id, number=ended)
    return ended


def list_devices(context: Context, *, user_id: UUID) -> tuple[TrustedDevice, ...]:
    """The devices that ask a user for no second factor today. Raises ``NotFound``."""
    _expect_reach(context, user_id)
    return trusted_devices(context.tx, user_id, context.now)


def forget_device(context: Context, *, user_id: UUID, device_id: UUID) -> None:
    """Let a device ask a user for everything again. Raises ``NotFound`` also for one that the user was never in on."""
    _expect_reach(context, user_id)
    theirs = (DeviceTrustRow.user_id == user_id, DeviceTrustRow.device_id == device_id)
    if not context.tx.execute(delete(DeviceTrustRow).where(*theirs).returning(DeviceTrustRow.device_id)).all():
        raise NotFound("There is no such device.", id=str(device_id))
    record(context, "device_forgotten", "user", user_id, device_id=str(device_id))


def end_logins(tx: Session, user_id: UUID, now: datetime, *, but: UUID | None = None) -> int:
    """End a user's log-ins but one, and say how many there were."""
    theirs = [LoginRow.user_id == user_id, LoginRow.ended_at.is_(None), *([LoginRow.id != but] if but else [])]
    return len(tx.scalars(update(LoginRow).where(*theirs).values(ended_at=now).returning(LoginRow.id)).all())


def _expect_reach(context: Context, user_id: UUID) -> None:
    """Raise ``NotFound`` unless the user is the actor, or a manager's colleague."""
    if user_id == context.actor.user_id:
        return
    user = context.tx.get(UserRow, user_id) if allowance(context.actor.roles, Action.MANAGE_STAFF) else None
    if user is None or user.organisation_id != context.organisation_id:
        raise _unknown(user_id)


def _unknown(id_: UUID) -> NotFound:
    return NotFound("There is no such log-in.", id=str(id_))
