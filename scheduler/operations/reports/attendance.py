"""Attendance: how many came, how many did not, and what was cancelled, by week.

An appointment counts in the week of its clinic date. *Came* is what was fulfilled, *no-shows* those whom somebody
marked as such; the share of no-shows is of these two together, so that what is still booked or was cancelled does not
make it look better. A cancellation counts in the week for which the appointment was booked.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from scheduler.domain.changes import CancelReason
from scheduler.domain.series import AppointmentStatus
from scheduler.operations.context import Context
from scheduler.operations.reports.periods import monday_of
from scheduler.operations.reports.scope import APPOINTMENTS, Scope


@dataclass(frozen=True, slots=True)
class WeekOfVisits:
    """The appointments of the week that begins on ``monday``. ``cancelled`` is by reason."""

    monday: date
    came: int
    noshows: int
    cancelled: Mapping[CancelReason, int]

    @property
    def share(self) -> float | None:
        """The share of no-shows; ``None`` when nobody was expected."""
        expected = self.came + self.noshows
        return self.noshows / expected if expected else None


def attendance_of(context: Context, scope: Scope) -> tuple[WeekOfVisits, ...]:
    """Every week of the period, in order, whether or not anything was booked."""
    a = APPOINTMENTS.c
    keys = (a.on_date, a.status, a.cancel_reason)
    query = select(*keys, func.count()).where(
        a.clinic_id == scope.clinic_id,
        a.on_date.between(scope.period.first, scope.period.last),
        scope.theirs(a.patient_id),
    )
    found = Counter[tuple[date, AppointmentStatus, CancelReason | None]]()
    for on, status, reason, number in context.tx.execute(query.group_by(*keys)):
        found[monday_of(on), status, reason if status is AppointmentStatus.CANCELLED else None] += number
    return tuple(_week(monday, found) for monday in scope.period.mondays)


def _week(monday: date, found: Mapping[tuple[date, AppointmentStatus, CancelReason | None], int]) -> WeekOfVisits:
    return WeekOfVisits(
        monday,
        found.get((monday, AppointmentStatus.FULFILLED, None), 0),
        found.get((monday, AppointmentStatus.NOSHOW, None), 0),
        {reason: found.get((monday, AppointmentStatus.CANCELLED, reason), 0) for reason in CancelReason},
    )
