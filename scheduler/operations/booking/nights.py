"""Nights: what time alone puts at risk or mends, looked at once on every date of a clinic.

A session that is due without a date is expected on some day. As days pass that day moves on or is lost, and with it the
window of what is booked after it. Nothing else depends on the day; every deed sees to its own consequences.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select, text, update
from sqlalchemy.orm import Session, aliased

from scheduler.domain.clinic_days import clinic_date
from scheduler.domain.dating import risk_changes
from scheduler.domain.refusals import NotFound
from scheduler.domain.series import SeriesState, SessionState
from scheduler.operations.booking.deeds import locked_snapshot, target_of
from scheduler.operations.context import Context, record
from scheduler.storage.applying import apply_changes
from scheduler.storage.rows import AppointmentRow, ClinicRow, SeriesRow, SessionRow
from scheduler.storage.rows.appointments import LIVE_SQL
from scheduler.storage.snapshots import Snapshot, load_snapshots
from scheduler.storage.steps import steps_of


@dataclass(frozen=True, slots=True)
class Night:
    """A clinic that has reached another date, ``today``, than the one on which its risks were last looked at."""

    clinic_id: UUID
    organisation_id: UUID
    today: date


def nights(tx: Session, now: datetime) -> tuple[Night, ...]:
    """The clinics whose risks have not been looked at on today's date."""
    columns = (ClinicRow.id, ClinicRow.organisation_id, ClinicRow.zone, ClinicRow.risks_seen_on)
    rows = tx.execute(select(*columns).order_by(ClinicRow.id))
    found = ((row, clinic_date(now, row.zone)) for row in rows)
    return tuple(Night(row.id, row.organisation_id, today) for row, today in found if row.risks_seen_on != today)


def moved_by_time(tx: Session, night: Night) -> Sequence[UUID]:
    """The clinic's running series with an appointment to come after a session that is due without a date, by id.

    Indexes hold just the live appointments, past ones are not looked at.
    """
    coming, live = aliased(AppointmentRow, name="coming"), aliased(AppointmentRow, name="live")
    session, before = SessionRow, aliased(SessionRow)
    booked = exists().where(live.session_id == before.id, text(f"live.{LIVE_SQL}"))
    undated = exists().where(
        before.series_id == session.series_id,
        before.number < session.number,
        before.state == SessionState.DUE,
        ~booked,
    )
    query = (
        select(session.series_id)
        .join(coming, coming.session_id == session.id)
        .join(SeriesRow, SeriesRow.id == session.series_id)
        .where(coming.clinic_id == night.clinic_id, coming.on_date >= night.today, text(f"coming.{LIVE_SQL}"))
        .where(SeriesRow.state == SeriesState.ACTIVE, undated)
        .distinct()
        .order_by(session.series_id)
    )
    return tx.scalars(query).all()


def wrongly_flagged(tx: Session, night: Night, series_ids: Sequence[UUID], now: datetime) -> list[UUID]:
    """Those of these series in which something is at risk, or safe again, and not marked so."""
    found = load_snapshots(tx, night.organisation_id, series_ids, now)
    return [one.series.id for one in found if risk_changes(one.series, one.around)]


def mark_risks(context: Context, series_id: UUID) -> int:
    """Set or clear *at risk* in one series, under its patient's lock; how many flags that were.

    None when somebody has seen to it meanwhile, or has removed the series.
    """
    with suppress(NotFound):
        return _mark(context, locked_snapshot(context, series_id))
    return 0


def _mark(context: Context, snapshot: Snapshot) -> int:
    series = snapshot.series
    changes = risk_changes(series, snapshot.around)
    if changes:
        apply_changes(context.tx, target_of(context, snapshot), changes)
        record(
            context,
            "risks_changed",
            "series",
            series.id,
            clinic_id=series.clinic_id,
            patient_id=series.patient_id,
            rule_version=f"{series.protocol.code}@{series.protocol.version}",
            changes=steps_of(changes),
        )
    return len(changes)


def end_night(tx: Session, night: Night) -> None:
    """Everything of this clinic has been looked at on its date."""
    tx.execute(update(ClinicRow).where(ClinicRow.id == night.clinic_id).values(risks_seen_on=night.today))
