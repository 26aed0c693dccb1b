"""The overlap scan: looks through every claim for two that overlap, whatever the constraints should have refused."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.storage.rows import ClaimRow

SHOWN = 10


def overlapping_subjects(tx: Session) -> tuple[UUID, ...]:
    """Resources and patients that are claimed twice at one moment, at most ten of them.

    Where any two claims overlap, two that follow one another by start do.
    """
    following = func.lead(ClaimRow.starts_at).over(partition_by=ClaimRow.subject_id, order_by=ClaimRow.starts_at)
    claims = select(ClaimRow.subject_id, ClaimRow.ends_at, following.label("following")).subquery()
    taken_twice = select(claims.c.subject_id).where(claims.c.following < claims.c.ends_at).distinct()
    return tuple(tx.scalars(taken_twice.order_by(claims.c.subject_id).limit(SHOWN)))
