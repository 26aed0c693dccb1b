"""Housekeeping: what has served its time is removed, a little at a time so that nobody has to wait for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from scheduler.operations.messages.closing_messages import end_late_calls
from scheduler.operations.staff.old_logins import forget_logins
from scheduler.storage.kept_answers import forget_answers
from scheduler.storage.rows import ClaimRow, KeepKind, KeepRow
from scheduler.storage.unmeant import forget_unmeant

MOST_KEEPS = 500
REQUEST_STAYS = timedelta(days=1)
"""So long an expired override request is left, so that whoever still looks at it is told that it has expired."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """How much was removed: keeps that had run out, and answers kept by an Idempotency-Key for a day."""

    keeps: int
    answers: int


def tidy(tx: Session, now: datetime) -> Tidied:
    """Remove keeps that have run out, with what they claim, and answers older than a day. No more keeps than fit.

    A series that was stored for such a keep only goes with it. Calls that are of no use any more leave their list,
    and old log-ins are forgotten.
    """
    run_out = select(KeepRow.id, KeepRow.series_id).where(_run_out(now)).order_by(KeepRow.id).limit(MOST_KEEPS)
    found = tx.execute(run_out).all()
    gone = [row.id for row in found]
    tx.execute(delete(ClaimRow).where(ClaimRow.keep_id.in_(gone)))
    tx.execute(delete(KeepRow).where(KeepRow.id.in_(gone)))
    forget_unmeant(tx, {row.series_id for row in found})
    end_late_calls(tx, now)
    forget_logins(tx, now)
    return Tidied(len(gone), forget_answers(tx, now))


def _run_out(now: datetime) -> ColumnElement[bool]:
    keeps = and_(KeepRow.kind == KeepKind.KEEP, KeepRow.kept_until <= now)
    requests = and_(KeepRow.kind == KeepKind.OVERRIDE_REQUEST, KeepRow.kept_until <= now - REQUEST_STAYS)
    return or_(keeps, requests)
