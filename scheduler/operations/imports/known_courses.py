"""Known courses: what a second import of the same file must not make again."""

from sqlalchemy import select

from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import SeriesState
from scheduler.operations.booking.series import SeriesRequest
from scheduler.operations.context import Context
from scheduler.storage.locking import lock_patients
from scheduler.storage.rows import CatalogueEntryRow, SeriesRow
from scheduler.storage.treatments import RUNNING


def refuse_known_course(context: Context, wanted: SeriesRequest) -> None:
    """Raise ``RuleBroken`` (``already_imported``) when the patient has this course; locks the patient before it looks.

    The same course is one of the same treatment on the same body sites that began on the same date. One without any
    date is the same as any that still runs.
    """
    lock_patients(context.tx, [wanted.patient_id])
    same = (
        select(SeriesRow.id, SeriesRow.start_on, SeriesRow.sites)
        .join(CatalogueEntryRow, CatalogueEntryRow.id == SeriesRow.protocol_id)
        .where(SeriesRow.patient_id == wanted.patient_id, CatalogueEntryRow.code == wanted.protocol)
        .where(SeriesRow.start_on == wanted.start_on if wanted.start_on else SeriesRow.state.in_(RUNNING))
        .where(SeriesRow.state != SeriesState.ENTERED_IN_ERROR)
    )
    for row in context.tx.execute(same):
        if set(row.sites) == set(wanted.sites):
            raise RuleBroken(
                f"Already imported: the patient has this course, begun on {row.start_on.isoformat()}.",
                code="already_imported",
                remedy="Change it there if it is not as it should be.",
                series_id=str(row.id),
                start_on=row.start_on.isoformat(),
            )
