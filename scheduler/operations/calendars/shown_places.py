"""Shown places: what calendars say about where a visit is, once a clinic has another name or address."""

from uuid import UUID

from sqlalchemy import select, update

from scheduler.domain.series import LIVE
from scheduler.operations.context import Context
from scheduler.operations.messages.announcing import announce
from scheduler.storage.feeds import mark_all_feeds
from scheduler.storage.rows import AppointmentRow, table

APPOINTMENTS = table(AppointmentRow)


def show_new_place(context: Context, clinic_id: UUID) -> None:
    """Revise the live appointments to come at a clinic, as a move does, and have the organisation's feeds rendered.

    A feed that comes out the same keeps its tag.
    """
    to_come = (
        update(APPOINTMENTS)
        .where(
            APPOINTMENTS.c.clinic_id == clinic_id,
            APPOINTMENTS.c.status.in_(LIVE),
            APPOINTMENTS.c.ends_at > context.now,
        )
        .values(sequence=APPOINTMENTS.c.sequence + 1, changed_at=context.now)
    )
    context.tx.execute(to_come)
    mark_all_feeds(context.tx, context.organisation_id)


def tell_new_place(context: Context, clinic_id: UUID, revision: int) -> None:
    """Have everybody told who is expected at the clinic, which has moved and has this ``revision`` now."""
    expected = select(APPOINTMENTS.c.patient_id).where(
        APPOINTMENTS.c.clinic_id == clinic_id,
        APPOINTMENTS.c.status.in_(LIVE),
        APPOINTMENTS.c.starts_at > context.now,
    )
    patients = context.tx.scalars(expected.distinct().order_by(APPOINTMENTS.c.patient_id)).all()
    announce(context, clinic_id, patients, f"place:{clinic_id}:{revision}")
