"""The reports of a clinic and a period, all together, in a number of queries that never grows."""

from dataclasses import dataclass
from uuid import UUID

from scheduler.operations.context import Context
from scheduler.operations.reports.attendance import WeekOfVisits, attendance_of
from scheduler.operations.reports.gaps import Gaps, gaps_of
from scheduler.operations.reports.outcomes import Outcomes, outcomes_of
from scheduler.operations.reports.periods import Period
from scheduler.operations.reports.scope import scope_of
from scheduler.operations.reports.use import Use, use_of


@dataclass(frozen=True, slots=True)
class Reports:
    """``is_own`` says that they speak of a practitioner's own patients only."""

    period: Period
    is_own: bool
    outcomes: Outcomes
    gaps: Gaps
    weeks: tuple[WeekOfVisits, ...]
    use: tuple[Use, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened at all."""
        claimed = any(one.all.claimed for one in self.use)
        visits = any(week.came or week.noshows or any(week.cancelled.values()) for week in self.weeks)
        return not (self.outcomes.all or self.gaps.all or visits or claimed)


def show_reports(context: Context, *, clinic_id: UUID, period: Period) -> Reports:
    """A manager sees a clinic, a practitioner their own patients of it. Raises ``NotAllowed``, ``NotFound``."""
    scope = scope_of(context, clinic_id, period)
    return Reports(
        period,
        scope.is_own,
        outcomes_of(context, scope),
        gaps_of(context, scope),
        attendance_of(context, scope),
        use_of(context, scope),
    )
