"""Courses: the series of a patient, as whoever books wants to know them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, bindparam, case, exists, func, select

from scheduler.domain.access import Action, require
from scheduler.domain.series import LIVE, SeriesState, SessionState
from scheduler.operations.context import Context
from scheduler.storage import entries
from scheduler.storage.rows import AppointmentRow, SeriesRow, SessionRow

S, N = SeriesRow, SessionRow

MOST = 20


@dataclass(frozen=True, slots=True)
class Course:
    """A series: what it is, how many sessions it has, and how many of them are ``waiting`` for an appointment.

    ``next_session`` is the first of these.
    """

    id: UUID
    clinic_id: UUID
    protocol: str
    name: str
    sites: tuple[str, ...]
    addons: tuple[str, ...]
    state: SeriesState
    sessions: int
    waiting: int
    next_session: int | None

    @property
    def goes_on(self) -> bool:
        """Whether more of it can be booked."""
        return self.state in (SeriesState.DRAFT, SeriesState.ACTIVE) and self.waiting > 0


_booked = exists().where(AppointmentRow.session_id == N.id, AppointmentRow.status.in_(LIVE))
_waits = and_(N.state == SessionState.DUE, ~_booked)
_COURSES = (
    select(
        S.id,
        S.clinic_id,
        S.protocol_id,
        S.sites,
        S.addons,
        S.state,
        func.count(N.id).label("sessions"),
        func.sum(case((_waits, 1), else_=0)).label("waiting"),
        func.min(case((_waits, N.number))).label("next_session"),
    )
    .join(N, N.series_id == S.id)
    .where(S.patient_id == bindparam("patient"), S.organisation_id == bindparam("organisation"))
    .where(S.state != SeriesState.ENTERED_IN_ERROR)
    .group_by(S.id)
    .order_by(S.created_at.desc(), S.id.desc())
    .limit(MOST)
)


def courses_of(context: Context, *, patient_id: UUID) -> tuple[Course, ...]:
    """The patient's latest series, the newest first; errors are left out."""
    require(context.actor, Action.BOOK)
    asked = {"patient": patient_id, "organisation": context.organisation_id}
    rows = context.tx.execute(_COURSES, asked).all()
    protocols = {row.protocol_id: entries.protocol(context.tx, row.protocol_id) for row in rows}
    return tuple(
        Course(
            id=row.id,
            clinic_id=row.clinic_id,
            protocol=protocols[row.protocol_id].code,
            name=protocols[row.protocol_id].name,
            sites=tuple(row.sites),
            addons=tuple(row.addons),
            state=row.state,
            sessions=row.sessions,
            waiting=int(row.waiting),
            next_session=row.next_session,
        )
        for row in rows
    )
