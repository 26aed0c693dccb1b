"""Other procedures of a patient on overlapping sites: what a series must keep its distance from."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.series import LIVE, AppointmentStatus, OtherProcedure, SeriesState
from scheduler.storage import entries
from scheduler.storage.rows import AppointmentRow, SeriesRow, SessionRow, table

A = table(AppointmentRow)
SERIES = table(SeriesRow)
S = table(SessionRow)

TAKING_PLACE = (*LIVE, AppointmentStatus.FULFILLED)
ENDED = (SeriesState.ENTERED_IN_ERROR,)

_SESSIONS = (
    select(S.c.id, S.c.series_id, S.c.performed_on, A.c.on_date, SERIES.c.sites, SERIES.c.protocol_id)
    .join(SERIES, SERIES.c.id == S.c.series_id)
    .outerjoin(A, and_(A.c.session_id == S.c.id, A.c.status.in_(LIVE)))
    .where(SERIES.c.patient_id == bindparam("patient"), SERIES.c.state.not_in(ENDED))
    .where(or_(S.c.performed_on.is_not(None), A.c.id.is_not(None)))
)
_VISITS = select(A.c.id, A.c.on_date, A.c.visit_type_id, A.c.sites).where(
    A.c.patient_id == bindparam("patient"), A.c.visit_type_id.is_not(None), A.c.status.in_(TAKING_PLACE)
)


def other_procedures(
    tx: Transaction, patient_id: UUID, sites: Sequence[str], leave_out: UUID | None
) -> tuple[OtherProcedure, ...]:
    """Performed and booked treatments of the patient outside ``leave_out``, on overlapping sites, by date."""
    tree = entries.shipped().sites
    found = [(o, where) for o, where in (*_of_series(tx, patient_id, leave_out), *_of_visits(tx, patient_id))]
    return tuple(sorted((o for o, where in found if tree.any_overlap(where, sites)), key=lambda o: (o.on, o.source_id)))


def _of_series(tx: Transaction, patient_id: UUID, leave_out: UUID | None) -> Iterator[tuple[OtherProcedure, list[str]]]:
    for row in tx.execute(_SESSIONS, {"patient": patient_id}):
        if row.series_id == leave_out:
            continue
        protocol = entries.protocol(tx, row.protocol_id)
        on = row.performed_on or row.on_date
        yield OtherProcedure(on, protocol.spacing.after_other_min_days, protocol.name, row.id), row.sites


def _of_visits(tx: Transaction, patient_id: UUID) -> Iterator[tuple[OtherProcedure, list[str]]]:
    for row in tx.execute(_VISITS, {"patient": patient_id}):
        kind: Any = entries.visit_type(tx, row.visit_type_id)
        if kind.treats:
            yield OtherProcedure(row.on_date, kind.after_other_min_days, kind.name, row.id), row.sites
