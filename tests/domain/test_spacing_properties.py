"""What holds for every course: windows, forecasts, verdicts and dates agree with the plainly written rules."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, event, given
from hypothesis import strategies as st

from scheduler.domain.applied import applied
from scheduler.domain.blocked import blocking
from scheduler.domain.changes import AppointmentCancelled
from scheduler.domain.dating import date_conflicts, risk_changes, risks
from scheduler.domain.evaluation import evaluate
from scheduler.domain.hold_effects import HoldChoice, hold_effects
from scheduler.domain.series import Series, Session
from scheduler.domain.spacing import ReferenceKind, Window, windows
from tests.domain import plain_rules
from tests.domain.courses import DAY_0, booking, number_of, on, slot, with_date
from tests.domain.plain_courses import FAR, as_series, as_surroundings, plain_courses
from tests.domain.plain_rules import PlainCourse, PlainWindow


def as_plain(window: Window | None) -> PlainWindow | None:
    if window is None:
        return None
    return PlainWindow(
        first=number_of(window.earliest.on),
        last=number_of(window.latest.on),
        reference=number_of(window.reference),
        floor=None if window.floor is None else number_of(window.floor),
        forecast=None if window.recommended is None else number_of(window.recommended),
        decided=window.reference_kind is ReferenceKind.DECISION,
    )


@given(plain_courses())
def test_every_window_is_what_the_rules_say(plain: PlainCourse) -> None:
    found = windows(as_series(plain), as_surroundings(plain))
    assert [as_plain(window) for window in found.values()] == plain_rules.windows(plain)


@given(plain_courses())
def test_a_forecast_lies_in_its_window_is_free_and_is_not_past(plain: PlainCourse) -> None:
    for window in windows(as_series(plain), as_surroundings(plain)).values():
        if window is not None and window.recommended is not None:
            assert window.contains(window.recommended)
            assert window.recommended >= on(plain.today)
            assert blocking(window.blocked, window.recommended) == ()


@given(plain_courses(), st.integers(0, 5), st.booleans())
def test_a_date_is_accepted_exactly_when_the_rules_allow_it(plain: PlainCourse, index: int, reason: bool) -> None:
    index %= len(plain.sessions)
    number, session = index + 1, plain.sessions[index]
    session.override = None
    series, surroundings = as_series(plain), as_surroundings(plain)
    reasons = {number: "Why."} if reason else {}
    accepted, allowed = set(), set()
    for day in range(FAR):
        session.date = day
        if not date_conflicts(with_date(series, number, booking(day)), surroundings, {number}, reasons):
            accepted.add(day)
        if plain_rules.may_take(plain, number, reason):
            allowed.add(day)
    assert accepted == allowed
    event("some day is accepted" if accepted else "no day is accepted")


@given(plain_courses())
def test_the_dates_that_sessions_have_are_judged_with_their_overrides(plain: PlainCourse) -> None:
    series, surroundings = as_series(plain), as_surroundings(plain)
    dated = {number for number, session in enumerate(plain.sessions, 1) if session.date is not None}
    accepted = {number for number in dated if not date_conflicts(series, surroundings, {number})}
    assert accepted == {number for number in dated if plain_rules.may_take(plain, number)}
    event("some date is accepted" if accepted else "no date is accepted")


@given(plain_courses())
def test_what_is_at_risk_is_what_the_rules_say(plain: PlainCourse) -> None:
    found = risks(as_series(plain), as_surroundings(plain))
    assert {number: reason is not None for number, reason in found.items()} == plain_rules.at_risk(plain)


@given(plain_courses())
def test_risk_changes_leave_every_flag_right_and_nothing_more_to_change(plain: PlainCourse) -> None:
    surroundings = as_surroundings(plain)
    after = applied(as_series(plain), risk_changes(as_series(plain), surroundings))
    flags = {s.number: s.booking.at_risk for s in after.sessions if s.booking and s.booking.on >= on(plain.today)}
    assert (flags, risk_changes(after, surroundings)) == (plain_rules.at_risk(plain), ())


@given(plain_courses(), st.integers(1, 30))
def test_time_alone_changes_a_risk_only_after_a_session_that_is_due_without_a_date(
    plain: PlainCourse, days: int
) -> None:
    series, today = as_series(plain), as_surroundings(plain)
    later = replace(today, today=today.today + timedelta(days))
    before, after = risks(series, today), risks(series, later)
    undated = [session.number for session in series.sessions if session.open and session.booking is None]
    changed = [number for number in after if (before[number] is None) != (after[number] is None)]
    assert [number for number in changed if not any(one < number for one in undated)] == []
    event("time changes a risk" if changed else "time changes nothing")


@given(plain_courses(), st.integers(0, 40))
def test_verdicts_do_not_depend_on_decisions_bookings_or_the_day(plain: PlainCourse, start: int) -> None:
    def bare(session: Session) -> Session:
        return replace(session, continued=None, booking=None)

    series = as_series(plain)
    stripped = replace(series, sessions=tuple(map(bare, series.sessions)), start_on=on(start))
    assert evaluate(series) == evaluate(stripped)


def performed_first(plain: PlainCourse, day: int) -> Series:
    plain.sessions[0].done, plain.sessions[0].date = day, None
    plain.sessions[0].omitted = False
    return as_series(plain)


@given(plain_courses(), st.integers(0, 30), st.integers(1, 20))
def test_a_later_fact_never_moves_the_next_window_earlier(plain: PlainCourse, day: int, later: int) -> None:
    surroundings = as_surroundings(plain)
    before = windows(performed_first(plain, day), surroundings)[2]
    after = windows(performed_first(plain, day + later), surroundings)[2]
    assert before is not None
    assert after is not None
    assert after.earliest.on >= before.earliest.on
    assert after.latest.on >= before.latest.on


@given(plain_courses(), st.integers(0, 30), st.integers(0, 6))
def test_a_longer_maximum_or_a_shorter_minimum_never_makes_a_window_smaller(
    plain: PlainCourse, day: int, more: int
) -> None:
    series, surroundings = performed_first(plain, day), as_surroundings(plain)
    rule = series.protocol.spacing_before(2)
    wider = replace(rule, absolute_min_days=0, min_days=max(rule.min_days - more, 0), max_days=rule.max_days + more)
    relaxed = replace(series, protocol=replace(series.protocol, spacing=wider, step_spacing={}))
    narrow, wide = windows(series, surroundings)[2], windows(relaxed, surroundings)[2]
    assert narrow is not None
    assert wide is not None
    assert wide.earliest.on <= narrow.earliest.on
    assert wide.latest.on >= narrow.latest.on


@given(plain_courses(), st.integers(0, FAR), st.integers(0, 12))
def test_a_further_closure_never_opens_a_day(plain: PlainCourse, first: int, length: int) -> None:
    series, before = as_series(plain), as_surroundings(plain)
    after = replace(before, closures=(*before.closures, (on(first), on(first + length), "more")))
    opening, narrower = windows(series, before)[1], windows(series, after)[1]
    assert opening is not None
    assert narrower is not None
    days = [DAY_0 + timedelta(n) for n in range(FAR)]
    assert {d for d in days if not blocking(narrower.blocked, d)} <= {
        d for d in days if not blocking(opening.blocked, d)
    }
    assert opening.recommended is not None or narrower.recommended is None


@given(plain_courses(), st.integers(0, 20))
def test_waiting_never_opens_a_window_that_has_lapsed(plain: PlainCourse, days: int) -> None:
    plain.holds = [hold for hold in plain.holds if hold.ends_by_date or hold.forever]
    series, before = as_series(plain), as_surroundings(plain)
    after = replace(before, today=before.today + timedelta(days))
    first, later = windows(series, before)[1], windows(series, after)[1]
    assert first is not None
    assert later is not None
    assert first.recommended is not None or later.recommended is None


@given(plain_courses())
def test_a_hold_releases_what_it_covers_ahead_and_nothing_else(plain: PlainCourse) -> None:
    assume(plain.holds)
    plain.holds[0].active = True
    series, surroundings = as_series(plain), as_surroundings(plain)
    now = slot(plain.today, 0).starts_at
    changes = hold_effects(series, surroundings, surroundings.holds[0], HoldChoice.DEFER, now)
    released = {change.session for change in changes if isinstance(change, AppointmentCancelled)}
    covered = {
        number
        for number, session in enumerate(plain.sessions, 1)
        if session.date is not None
        and session.date >= plain.today
        and plain_rules.held(plain.holds[0], session.date, plain.today)
    }
    assert released == covered
    assert risk_changes(applied(series, changes), surroundings) == ()
