"""Series that were stored only so that slots could be kept for them: they go with their keep."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.series import SeriesState
from scheduler.storage.rows import AppointmentRow, KeepRow, SeriesRow, SessionRow

A, K, S = AppointmentRow, KeepRow, SeriesRow


def forget_unmeant(tx: Transaction, series_ids: Collection[UUID]) -> None:
    """Delete those of these series that are errors and for which nothing was ever booked or is still kept."""
    untouched = (~exists().where(A.series_id == S.id), ~exists().where(K.series_id == S.id))
    unmeant = select(S.id).where(S.id.in_(series_ids), S.state == SeriesState.ENTERED_IN_ERROR, *untouched)
    ids = list(tx.scalars(unmeant))
    if ids:
        tx.execute(delete(SessionRow).where(SessionRow.series_id.in_(ids)))
        tx.execute(delete(S).where(S.id.in_(ids)))
