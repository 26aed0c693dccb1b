"""Whether somebody has a second factor: an app on the phone, a passkey, or both."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from scheduler.storage.rows import AccountRow, PasskeyRow


def second_factor() -> ColumnElement[bool]:
    """Whether the account of a row has one, for queries over accounts."""
    return or_(AccountRow.totp_since.is_not(None), exists().where(PasskeyRow.user_id == AccountRow.user_id))


def has_second_factor(tx: Session, user_id: UUID) -> bool:
    """Whether this user has one."""
    return bool(tx.scalar(select(second_factor()).where(AccountRow.user_id == user_id)))
