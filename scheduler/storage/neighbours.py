"""Other procedures of a patient on overlapping sites: what a series must keep its distance from."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.series import LIVE, AppointmentStatus, OtherProcedure, Series, SeriesState
from scheduler.storage import entries
from scheduler.storage.keyed import Keyed
from scheduler.storage.rows import AppointmentRow, SeriesRow, SessionRow, table

A = table(AppointmentRow)
SERIES = table(SeriesRow)
S = table(SessionRow)

TAKING_PLACE = (*LIVE, AppointmentStatus.FULFILLED)
ENDED = (SeriesState.ENTERED_IN_ERROR,)

_SESSIONS = Keyed.by(
    SERIES.c.patient_id,
    select(S.c.id, S.c.series_id, S.c.performed_on, A.c.on_date, SERIES.c.sites, SERIES.c.protocol_id)
    .join(SERIES, SERIES.c.id == S.c.series_id)
    .outerjoin(A, and_(A.c.session_id == S.c.id, A.c.status.in_(LIVE)))
    .where(SERIES.c.state.not_in(ENDED))
    .where(or_(S.c.performed_on.is_not(None), A.c.id.is_not(None))),
)
_VISITS = Keyed.by(
    A.c.patient_id,
    select(A.c.id, A.c.on_date, A.c.visit_type_id, A.c.sites).where(
        A.c.visit_type_id.is_not(None), A.c.status.in_(TAKING_PLACE)
    ),
)

Placed = tuple[OtherProcedure, list[str]]
"""A procedure and its sites."""


def other_procedures(tx: Transaction, courses: Sequence[Series]) -> dict[UUID, tuple[OtherProcedure, ...]]:
    """By series: performed and booked treatments of its patient outside it, on overlapping sites, by date."""
    patients = {one.patient_id for one in courses}
    sessions, visits = _SESSIONS.rows(tx, patients), _VISITS.rows(tx, patients)
    return {one.id: _near(tx, one, sessions[one.patient_id], visits[one.patient_id]) for one in courses}


def _near(
    tx: Transaction, series: Series, sessions: Sequence[Any], visits: Sequence[Any]
) -> tuple[OtherProcedure, ...]:
    tree = entries.shipped().sites
    found = (*_of_series(tx, (row for row in sessions if row.series_id != series.id)), *_of_visits(tx, visits))
    near = (other for other, where in found if tree.any_overlap(where, series.sites))
    return tuple(sorted(near, key=lambda other: (other.on, other.source_id)))


def _of_series(tx: Transaction, rows: Iterable[Any]) -> Iterator[Placed]:
    for row in rows:
        protocol = entries.protocol(tx, row.protocol_id)
        on = row.performed_on or row.on_date
        yield OtherProcedure(on, protocol.spacing.after_other_min_days, protocol.name, row.id), row.sites


def _of_visits(tx: Transaction, rows: Iterable[Any]) -> Iterator[Placed]:
    for row in rows:
        kind: Any = entries.visit_type(tx, row.visit_type_id)
        if kind.treats:
            yield OtherProcedure(row.on_date, kind.after_other_min_days, kind.name, row.id), row.sites
