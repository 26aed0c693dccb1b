"""Gaps: whether sessions were performed inside their windows, and how far from the target.

A session counts when it was performed on a date of the period and another session of its series was performed before
it. Its gap is the number of clinic-local calendar days since that one. The gap is *valid* from the minimum to the
maximum of the series' own protocol version, both days included, *early* below and *late* above; a session that was
omitted in between adds its own maximum. What a practitioner decided when a window lapsed changes nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from scheduler.domain.evaluation import Verdict, verdict_on
from scheduler.domain.series import SeriesState, SessionState
from scheduler.operations.context import Context
from scheduler.operations.reports.scope import Scope
from scheduler.storage import entries
from scheduler.storage.rows import SeriesRow, SessionRow, table

SERIES, DONE = table(SeriesRow), table(SessionRow)
BEFORE, BETWEEN, LAST = DONE.alias("before"), DONE.alias("between_them"), DONE.alias("last_before")


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many gaps have each verdict, and how many lie so many days from their target (negative: sooner)."""

    verdicts: Mapping[Verdict, int]
    from_target: Mapping[int, int]

    @property
    def all(self) -> int:
        return sum(self.verdicts.values())


def gaps_of(context: Context, scope: Scope) -> Gaps:
    """The verdicts on what was performed. The database counts equal gaps, so that few of them are judged."""
    verdicts, distances = Counter[Verdict](), Counter[int]()
    for verdict, distance, number in _judged(context, scope):
        verdicts[verdict] += number
        distances[distance] += number
    return Gaps({verdict: verdicts[verdict] for verdict in Verdict}, dict(sorted(distances.items())))


def _judged(context: Context, scope: Scope) -> Iterator[tuple[Verdict, int, int]]:
    for row in context.tx.execute(_equal_gaps(scope)):
        protocol, gap = entries.protocol(context.tx, row.protocol_id), (row.performed_on - row.reference).days
        omitted = [row.number - back for back in range(1, row.number - row.before) if row.omitted >> back & 1]
        target = protocol.spacing_before(row.number).target_days
        yield verdict_on(protocol, row.number, gap, omitted), gap - target, row.gaps


def _equal_gaps(scope: Scope) -> Select[Any]:
    """One row for all gaps between the same dates, of the same step and version; ``omitted`` has a bit for each step
    in between, counted backwards, that was omitted.
    """
    omitted = _omitted()
    same = (SERIES.c.protocol_id, DONE.c.number, DONE.c.performed_on, BEFORE.c.number.label("before"))
    keys = (*same, BEFORE.c.performed_on.label("reference"), omitted.label("omitted"))
    performed = DONE.c.performed_on.between(scope.period.first, scope.period.last)
    return (
        select(*keys, func.count().label("gaps"))
        .join(SERIES, SERIES.c.id == DONE.c.series_id)
        .join(BEFORE, (BEFORE.c.series_id == DONE.c.series_id) & (BEFORE.c.number == _number_before()))
        .where(DONE.c.clinic_id == scope.clinic_id, performed, scope.theirs(SERIES.c.patient_id))
        .where(SERIES.c.state != SeriesState.ENTERED_IN_ERROR)
        .group_by(*(column.element if hasattr(column, "element") else column for column in keys))
    )


def _number_before() -> ColumnElement[int]:
    earlier = (LAST.c.series_id == DONE.c.series_id, LAST.c.number < DONE.c.number, LAST.c.performed_on.is_not(None))
    return select(func.max(LAST.c.number)).where(*earlier).correlate(DONE).scalar_subquery()


def _omitted() -> ColumnElement[int]:
    bits = func.sum(literal(1).bitwise_lshift(DONE.c.number - BETWEEN.c.number))
    between = (BETWEEN.c.number > BEFORE.c.number, BETWEEN.c.number < DONE.c.number)
    of_it = (BETWEEN.c.series_id == DONE.c.series_id, BETWEEN.c.state == SessionState.OMITTED)
    return select(func.coalesce(bits, 0)).where(*of_it, *between).correlate(DONE, BEFORE).scalar_subquery()
