"""Old log-ins: what is left of them, of devices and of attempts is forgotten once it helps nobody any more."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, or_
from sqlalchemy.orm import Session

from scheduler.operations.staff.guessing import forget_guesses
from scheduler.storage.rows import DeviceRow, DeviceTrustRow, LinkConfirmationRow, LoginRow, PasswordLinkRow

KEPT = timedelta(days=90)
UNUSED = timedelta(days=180)
"""A device that nobody was in with for so long is a strange one again; its cookie has expired by then."""


def forget_logins(tx: Session, now: datetime) -> None:
    """Delete what ended three months ago, and devices unused for half a year. The audit trail stays."""
    tx.execute(delete(LinkConfirmationRow).where(LinkConfirmationRow.ends_at <= now))
    tx.execute(delete(LoginRow).where(LoginRow.ends_at <= now - KEPT))
    tx.execute(delete(PasswordLinkRow).where(PasswordLinkRow.expires_at <= now - KEPT))
    tx.execute(delete(DeviceTrustRow).where(DeviceTrustRow.last_in_at <= now - UNUSED))
    needed = or_(
        exists().where(DeviceTrustRow.device_id == DeviceRow.id), exists().where(LoginRow.device_id == DeviceRow.id)
    )
    tx.execute(delete(DeviceRow).where(and_(DeviceRow.made_at <= now - UNUSED, ~needed)))
    forget_guesses(tx, now)
