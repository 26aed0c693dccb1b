"""A chain allows exactly the dates that the rules accept, so a planner that keeps to it breaks none."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from hypothesis import assume, event, given
from hypothesis import strategies as st

from scheduler.domain.blocked import blocking
from scheduler.domain.chain import Chain, Step, chain_of
from scheduler.domain.dating import date_conflicts
from scheduler.domain.refusals import RuleBroken
from scheduler.domain.series import Series
from tests.domain.courses import booking, number_of, on
from tests.domain.plain_courses import as_series, as_surroundings, plain_courses
from tests.domain.plain_rules import PlainCourse


def allowed(chain: Chain, dates: dict[int, date]) -> bool:
    before: date | None = chain.reference
    before_is_fixed = True
    for index, step in enumerate(chain.steps):
        day = step.fixed_on or dates[step.number]
        if not (before_is_fixed and step.fixed_on) and not _allowed(step, day, before if before or index else None):
            return False
        before, before_is_fixed = day, step.fixed_on is not None
    return True


def _allowed(step: Step, day: date, before: date | None) -> bool:
    overridden = step.override is not None and step.override.on == day
    if not step.fixed_on and blocking(step.blocked, day):
        return False
    if not step.earliest <= day <= step.latest and not overridden:
        return False
    return step.gap is None or before is None or _gap_allowed(step, (day - before).days, overridden)


def _gap_allowed(step: Step, days: int, overridden: bool) -> bool:
    assert step.gap is not None
    if step.gap.min_days <= days <= step.gap.max_days:
        return True
    if not overridden or step.override_gap is None:
        return False
    return days >= step.override_gap if days < step.gap.min_days else days <= step.override_gap


def with_dates(series: Series, dates: dict[int, date]) -> Series:
    sessions = {}
    for number, day in dates.items():
        session = series.session(number)
        override = session.booking.override if session.booking else None
        sessions[number] = replace(session, booking=replace(booking(number_of(day)), override=override))
    return series.with_sessions(sessions)


@given(plain_courses(), st.data())
def test_a_chain_allows_exactly_what_the_rules_accept(plain: PlainCourse, data: st.DataObject) -> None:
    plain.running = True
    series, surroundings = as_series(plain), as_surroundings(plain)
    undated = {s.number for s in series.sessions if s.open and s.booking is None}
    movable = {s.number for s in series.sessions if s.booking}
    numbers = undated | {number for number in movable if data.draw(st.booleans())}
    assume(numbers)
    try:
        chain = chain_of(series, surroundings, numbers)
    except RuleBroken:
        assume(False)
    dates, before = {}, chain.reference
    for step in chain.steps:
        if step.fixed_on is None:
            dates[step.number] = data.draw(some_day(step, before))
        before = dates.get(step.number, step.fixed_on)
    accepted = not date_conflicts(with_dates(series, dates), surroundings, numbers)
    event("accepted" if accepted else "refused")
    assert allowed(chain, dates) == accepted or (accepted and gives_up_an_override(plain))


def gives_up_an_override(plain: PlainCourse) -> bool:
    """After an omission that had been continued, a chain does not offer an overridden date any more."""
    pairs = pairwise(plain.sessions)
    return any(before.omitted and before.continued for before, _ in pairs)


def some_day(step: Step, before: date | None) -> st.SearchStrategy[date]:
    """A day near the step's edges, or the overridden one."""
    near = [step.earliest, min(step.latest, on(200))]
    if step.override:
        near.append(step.override.on)
    if before is not None and step.gap is not None:
        low, high = step.gap.min_days, min(step.gap.max_days, step.gap.min_days + 20)
        near.extend(on(number_of(before) + days) for days in range(low - 1, high + 2))
    return st.sampled_from(near)
