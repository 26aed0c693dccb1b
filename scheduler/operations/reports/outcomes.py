"""Outcomes: what has become of the series that were worked on in a period.

A series counts when at least one of its sessions was performed on a date of the period, and counts once, by how it
stands now: *finished* when it was completed, *stopped* when it was revoked, *lapsed* when it runs but the window of its
next session has no free day left, and else *running*. What was entered in error does not count.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from scheduler.domain.series import SeriesState
from scheduler.domain.spacing import windows
from scheduler.operations.context import Context
from scheduler.operations.reports.scope import Scope
from scheduler.storage.lapsing import may_have_lapsed
from scheduler.storage.rows import ClinicRow, SeriesRow, SessionRow, table
from scheduler.storage.snapshots import Snapshot, load_snapshots

SERIES, SESSIONS = table(SeriesRow), table(SessionRow)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Numbers of series; each stands in one of the four."""

    finished: int
    running: int
    lapsed: int
    stopped: int

    @property
    def all(self) -> int:
        return self.finished + self.running + self.lapsed + self.stopped


def outcomes_of(context: Context, scope: Scope) -> Outcomes:
    """How the series stand that were worked on."""
    wanted = SERIES.c.id.in_(_worked_on(scope)), scope.theirs(SERIES.c.patient_id)
    counted = select(SERIES.c.state, func.count().label("series")).where(*wanted).group_by(SERIES.c.state)
    found = {row.state: row.series for row in context.tx.execute(counted)}
    lapsed = _lapsed(context, scope)
    active = found.get(SeriesState.ACTIVE, 0) + found.get(SeriesState.DRAFT, 0)
    return Outcomes(found.get(SeriesState.COMPLETED, 0), active - lapsed, lapsed, found.get(SeriesState.REVOKED, 0))


def _worked_on(scope: Scope) -> Select[Any]:
    performed = SESSIONS.c.performed_on.between(scope.period.first, scope.period.last)
    return select(SESSIONS.c.series_id).where(SESSIONS.c.clinic_id == scope.clinic_id, performed)


def _lapsed(context: Context, scope: Scope) -> int:
    """Only the windows tell; the database names the few series in which they may have lapsed."""
    clinics = context.tx.execute(select(ClinicRow.id, ClinicRow.zone).where(ClinicRow.id == scope.clinic_id)).all()
    suspects = may_have_lapsed(context.tx, context.organisation_id, clinics, context.now).where(
        SeriesRow.id.in_(_worked_on(scope)), scope.theirs(SERIES.c.patient_id)
    )
    ids = context.tx.scalars(suspects).all()
    if not ids:
        return 0
    snapshots = load_snapshots(context.tx, context.organisation_id, ids, context.now)
    return sum(_has_lapsed(snapshot) for snapshot in snapshots)


def _has_lapsed(snapshot: Snapshot) -> bool:
    found = windows(snapshot.series, snapshot.around)
    open_ones = (one for one in snapshot.series.sessions if one.open and one.booking is None)
    return any(window.lapsed for one in open_ones if (window := found[one.number]) is not None)
