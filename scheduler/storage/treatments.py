"""Treatments: everything of a patient that a hold can touch, in every clinic of the organisation."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from scheduler.domain.hold_effects import NOT_BEGUN
from scheduler.domain.holds import Hold, applies
from scheduler.domain.series import SeriesState
from scheduler.storage import entries
from scheduler.storage.rows import AppointmentRow, SeriesRow
from scheduler.storage.snapshots import Snapshot, load_snapshot
from scheduler.storage.visits import load_visit

RUNNING = (SeriesState.DRAFT, SeriesState.ACTIVE)


def running_treatments(tx: Transaction, organisation_id: UUID, patient_id: UUID, now: datetime) -> tuple[Snapshot, ...]:
    """The patient's running series, then the visits still to come that treat, each by age."""
    series = select(SeriesRow.id).where(SeriesRow.patient_id == patient_id, SeriesRow.state.in_(RUNNING))
    visits = select(AppointmentRow.id).where(
        AppointmentRow.patient_id == patient_id,
        AppointmentRow.visit_type_id.is_not(None),
        AppointmentRow.status.in_(NOT_BEGUN),
        AppointmentRow.starts_at > now,
    )
    courses = [load_snapshot(tx, organisation_id, id_, now) for id_ in tx.scalars(series.order_by(SeriesRow.id)).all()]
    single = [load_visit(tx, organisation_id, id_, now) for id_ in tx.scalars(visits.order_by(AppointmentRow.id)).all()]
    return (*courses, *(visit for visit in single if _treats(tx, visit)))


def _treats(tx: Transaction, visit: Snapshot) -> bool:
    return visit.visit_type_id is not None and entries.visit_type(tx, visit.visit_type_id).treats


def loaded_anew(tx: Transaction, snapshot: Snapshot, now: datetime) -> Snapshot:
    """The same series or visit as it is by now."""
    load = load_visit if snapshot.visit_type_id else load_snapshot
    return load(tx, snapshot.organisation_id, snapshot.series.id, now)


def under_hold(snapshot: Snapshot, hold: Hold) -> Snapshot:
    """The snapshot as it would be with this hold as it is here: made, changed or ended."""
    series, around = snapshot.series, snapshot.around
    others = tuple(other for other in around.holds if other.id != hold.id)
    mine = (hold,) if applies(hold, series.protocol, series.sites, entries.shipped().sites) else ()
    return replace(snapshot, around=replace(around, holds=(*others, *mine)))
